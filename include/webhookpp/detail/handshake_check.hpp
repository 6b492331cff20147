// SPDX-License-Identifier: MIT
// Finds the mistakes in the description of a handshake: while it is compiled, or at run time.
#ifndef WEBHOOKPP_DETAIL_HANDSHAKE_CHECK_HPP
#define WEBHOOKPP_DETAIL_HANDSHAKE_CHECK_HPP

#include <webhookpp/detail/scheme_check.hpp>
#include <webhookpp/handshake.hpp>

namespace webhookpp::detail {

constexpr void check_proof(const handshake& described) {
    using place = handshake_field::place;
    const place marker = described.marker.field.where;
    const place challenge = described.challenge.where;
    switch (described.proof) {
        case handshake_proof::signature:
            if (marker == place::query) mistake("a signed handshake is no query: none is signed");
            if (challenge == place::query || challenge == place::header) {
                mistake("the .challenge of a signed handshake stands in the body, which is signed");
            }
            break;
        case handshake_proof::token:
        case handshake_proof::nothing:
            if (marker != place::query || challenge != place::query) {
                mistake("a handshake that is not signed stands in the query");
            }
            break;
        case handshake_proof::registration:
            if (marker == place::query) mistake("secrets in a query end up in access logs");
            if (marker != challenge || described.marker.field.name != described.challenge.name) {
                mistake("the .challenge of a registration is the secret that is its .marker");
            }
            break;
    }
    if ((described.proof == handshake_proof::token) != (described.token.where == place::query)) {
        mistake("a .token in the query is the .proof, or there is none");
    }
    if (described.proof != handshake_proof::registration && described.signed_with_secret) {
        mistake("only a registration brings a secret to be .signed_with_secret");
    }
}

constexpr handshake_check::handshake_check(const handshake& described) {
    using place = handshake_field::place;
    if (described.name.empty()) mistake("the handshake has no .name");
    if (described.marker.field.where == place::nowhere) {
        mistake("no .marker tells the handshake from an event");
    }
    if (described.marker.number && described.marker.field.where != place::body) {
        mistake("the .marker is a number only in the body");
    }
    if (described.answer.has_mac() && described.proof != handshake_proof::signature) {
        mistake("a MAC is made for handshakes that are signed: others could ask for any signature");
    }
    const bool echoes = described.answer.has_challenge() || !described.answer.header.empty();
    if (echoes && described.challenge.where == place::nowhere) {
        mistake("the .answer has a challenge, but .challenge does not say where it stands");
    }
    check_proof(described);
}

}  // namespace webhookpp::detail

#endif
