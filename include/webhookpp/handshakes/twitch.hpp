// SPDX-License-Identifier: MIT
// The handshake of Twitch EventSub.
#ifndef WEBHOOKPP_HANDSHAKES_TWITCH_HPP
#define WEBHOOKPP_HANDSHAKES_TWITCH_HPP

#include <webhookpp/handshake.hpp>

namespace webhookpp::handshakes {

/// A callback verification, signed as every notification: its challenge comes back as text. The
/// header that tells it from a notification is not signed; the challenge is.
///
/// Source: https://dev.twitch.tv/docs/eventsub/handling-webhook-events
inline constexpr handshake twitch{
    .name = "twitch",
    .marker = {.field = in_header("Twitch-Eventsub-Message-Type"),
               .text = "webhook_callback_verification"},
    .challenge = in_body("challenge"),
    .answer = {.body = {challenge}},
};

}  // namespace webhookpp::handshakes

#endif
