// SPDX-License-Identifier: MIT
// Discord: interactions and webhook events.
#ifndef WEBHOOKPP_SCHEMES_DISCORD_HPP
#define WEBHOOKPP_SCHEMES_DISCORD_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body, by Ed25519. Nothing stands between the two, so the
/// time has to have all of its 10 digits. A delivery can be replayed within the tolerance, and
/// no longer. The key is the public key of the application, in hex. Discord sends wrong
/// signatures on purpose and wants 401 for them.
///
/// Source: https://discord.com/developers/docs/interactions/overview
inline constexpr scheme discord{
    .name = "discord",
    .algorithm = ed25519,
    .key = key_form::ed25519_hex,
    .content = {timestamp, body},
    .signature = {.header = "X-Signature-Ed25519", .encoding = hex},
    .timestamp = {.header = "X-Signature-Timestamp"},
};

}  // namespace webhookpp::schemes

#endif
