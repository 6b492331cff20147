// SPDX-License-Identifier: MIT
// Linear.
#ifndef WEBHOOKPP_SCHEMES_LINEAR_HPP
#define WEBHOOKPP_SCHEMES_LINEAR_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither `Linear-Timestamp`, the event type nor
/// the delivery id. No timestamp is signed, so a recorded delivery can be replayed at any time:
/// remember a digest of the body, or give `webhookTimestamp` of the body, which is signed and
/// in milliseconds, to `check_age` (Linear advises 60 s). The key is the text of the secret.
///
/// Source: https://linear.app/developers/webhooks
inline constexpr scheme linear{
    .name = "linear",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "Linear-Signature", .encoding = hex},
    .id = {.header = "Linear-Delivery"},
    .event_type = {.header = "Linear-Event"},
};

}  // namespace webhookpp::schemes

#endif
