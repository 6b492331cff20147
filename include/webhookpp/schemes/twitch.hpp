// SPDX-License-Identifier: MIT
// Twitch EventSub.
#ifndef WEBHOOKPP_SCHEMES_TWITCH_HPP
#define WEBHOOKPP_SCHEMES_TWITCH_HPP

#include <webhookpp/scheme.hpp>
#include <webhookpp/tolerance.hpp>

namespace webhookpp::schemes {

/// Signed: message id, time of sending and body. Not signed: the subscription type in the
/// header, which stands in the body too. A delivery can be replayed for 600 s. The key is the
/// text of the secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://dev.twitch.tv/docs/eventsub/handling-webhook-events
inline constexpr scheme twitch{
    .name = "twitch",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {id, timestamp, body},
    .signature = {.header = "Twitch-Eventsub-Message-Signature",
                  .prefix = "sha256=",
                  .encoding = hex},
    .id = {.header = "Twitch-Eventsub-Message-Id"},
    .timestamp = {.header = "Twitch-Eventsub-Message-Timestamp", .format = rfc3339},
    .event_type = {.header = "Twitch-Eventsub-Subscription-Type"},
    .tolerance = {.past = seconds(600), .future = seconds(600)},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
