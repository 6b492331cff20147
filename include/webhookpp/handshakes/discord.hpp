// SPDX-License-Identifier: MIT
// The handshakes of Discord.
#ifndef WEBHOOKPP_HANDSHAKES_DISCORD_HPP
#define WEBHOOKPP_HANDSHAKES_DISCORD_HPP

#include <webhookpp/handshake.hpp>

namespace webhookpp::handshakes {

/// The ping to an endpoint for interactions: `type` 1, signed as every interaction. Discord also
/// sends wrong signatures on purpose, and wants 401 for them.
///
/// Source: https://discord.com/developers/docs/interactions/overview
inline constexpr handshake discord{
    .name = "discord",
    .marker = {.field = in_body("type"), .number = 1},
    .answer = {.content_type = json_text, .body = {R"({"type":1})"}},
};

/// The ping to an endpoint for webhook events: `type` 0, and there `type` 1 is an event.
///
/// Source: https://discord.com/developers/docs/events/webhook-events
inline constexpr handshake discord_events{
    .name = "discord_events",
    .marker = {.field = in_body("type"), .number = 0},
    .answer = {.status = 204},
};

}  // namespace webhookpp::handshakes

#endif
