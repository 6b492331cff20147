// SPDX-License-Identifier: MIT
// The handshake of Dropbox.
#ifndef WEBHOOKPP_HANDSHAKES_DROPBOX_HPP
#define WEBHOOKPP_HANDSHAKES_DROPBOX_HPP

#include <webhookpp/handshake.hpp>

namespace webhookpp::handshakes {

/// A GET whose challenge comes back as text. It proves nothing, so anybody can ask; the answer is
/// their own word. Needs `delivery::method` and `target`.
///
/// Source: https://www.dropbox.com/developers/reference/webhooks
inline constexpr handshake dropbox{
    .name = "dropbox",
    .method = "GET",
    .proof = handshake_proof::nothing,
    .marker = {.field = in_query("challenge")},
    .challenge = in_query("challenge"),
    .answer = {.body = {challenge}},
};

}  // namespace webhookpp::handshakes

#endif
