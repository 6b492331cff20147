// SPDX-License-Identifier: MIT
// The handshake of Meta: Facebook, Instagram, Messenger, WhatsApp.
#ifndef WEBHOOKPP_HANDSHAKES_META_HPP
#define WEBHOOKPP_HANDSHAKES_META_HPP

#include <webhookpp/handshake.hpp>

namespace webhookpp::handshakes {

/// A GET that shows the verify token which was entered in the App Dashboard: its challenge comes
/// back as text. Needs that token, which is another secret than the app secret, and
/// `delivery::method` and `target`.
///
/// Source: https://developers.facebook.com/docs/graph-api/webhooks/getting-started
inline constexpr handshake meta{
    .name = "meta",
    .method = "GET",
    .proof = handshake_proof::token,
    .marker = {.field = in_query("hub.mode"), .text = "subscribe"},
    .token = in_query("hub.verify_token"),
    .challenge = in_query("hub.challenge"),
    .answer = {.body = {challenge}},
};

}  // namespace webhookpp::handshakes

#endif
