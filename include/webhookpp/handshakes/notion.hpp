// SPDX-License-Identifier: MIT
// The handshake of Notion.
#ifndef WEBHOOKPP_HANDSHAKES_NOTION_HPP
#define WEBHOOKPP_HANDSHAKES_NOTION_HPP

#include <webhookpp/handshake.hpp>
#include <webhookpp/schemes/notion.hpp>

namespace webhookpp::handshakes {

/// The first request to an endpoint brings the verification token, which is the key of all that
/// follow: unsigned, or signed with that very token. It proves nothing, so it is only taken while
/// a registration is open. Enter the token in Notion's form by hand: only if Notion knows it, it
/// came from there.
///
/// Source: https://developers.notion.com/reference/webhooks
inline constexpr handshake notion{
    .name = "notion",
    .proof = handshake_proof::registration,
    .marker = {.field = in_body("verification_token")},
    .challenge = in_body("verification_token"),
    .signed_with_secret = &schemes::notion,
};

}  // namespace webhookpp::handshakes

#endif
