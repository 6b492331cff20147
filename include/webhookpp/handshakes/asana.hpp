// SPDX-License-Identifier: MIT
// The handshake of Asana.
#ifndef WEBHOOKPP_HANDSHAKES_ASANA_HPP
#define WEBHOOKPP_HANDSHAKES_ASANA_HPP

#include <webhookpp/handshake.hpp>

namespace webhookpp::handshakes {

/// The first request to an endpoint brings the secret, the key of all that follow, in a header
/// that the answer repeats. It proves nothing, so it is only taken while a registration is open:
/// open it right before the call that creates the webhook, and compare with the secret in the
/// answer to that call.
///
/// Source: https://developers.asana.com/docs/webhooks-guide
inline constexpr handshake asana{
    .name = "asana",
    .proof = handshake_proof::registration,
    .marker = {.field = in_header("X-Hook-Secret")},
    .challenge = in_header("X-Hook-Secret"),
    .answer = {.header = "X-Hook-Secret"},
};

}  // namespace webhookpp::handshakes

#endif
