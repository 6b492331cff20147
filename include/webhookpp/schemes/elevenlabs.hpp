// SPDX-License-Identifier: MIT
// ElevenLabs.
#ifndef WEBHOOKPP_SCHEMES_ELEVENLABS_HPP
#define WEBHOOKPP_SCHEMES_ELEVENLABS_HPP

#include <webhookpp/scheme.hpp>
#include <webhookpp/tolerance.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed for 1,800 s. The key is the text of the secret.
///
/// Source: https://github.com/elevenlabs/elevenlabs-js src/wrapper/webhooks.ts
inline constexpr scheme elevenlabs{
    .name = "elevenlabs",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ".", body},
    .signature = {.header = "ElevenLabs-Signature", .pairs = pairs("v0"), .encoding = hex},
    .timestamp = {.element = "t"},
    .tolerance = {.past = seconds(1800), .future = seconds(1800)},
};

}  // namespace webhookpp::schemes

#endif
