// SPDX-License-Identifier: MIT
// Calendly.
#ifndef WEBHOOKPP_SCHEMES_CALENDLY_HPP
#define WEBHOOKPP_SCHEMES_CALENDLY_HPP

#include <webhookpp/scheme.hpp>
#include <webhookpp/tolerance.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed for 180 s. The key is the text of the signing key.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developer.calendly.com/api-docs (webhook signatures)
inline constexpr scheme calendly{
    .name = "calendly",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ".", body},
    .signature = {.header = "Calendly-Webhook-Signature", .pairs = pairs("v1"), .encoding = hex},
    .timestamp = {.element = "t"},
    .tolerance = {.past = seconds(180), .future = seconds(180)},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
