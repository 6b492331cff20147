// SPDX-License-Identifier: MIT
// Paddle Billing.
#ifndef WEBHOOKPP_SCHEMES_PADDLE_HPP
#define WEBHOOKPP_SCHEMES_PADDLE_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The key is the text of the secret. Paddle's
/// own libraries allow 5 s, this scheme 300 s.
///
/// Source: https://developer.paddle.com/webhooks/signature-verification
inline constexpr scheme paddle{
    .name = "paddle",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ":", body},
    .signature = {.header = "Paddle-Signature", .pairs = pairs("h1", ';'), .encoding = hex},
    .timestamp = {.element = "ts"},
};

}  // namespace webhookpp::schemes

#endif
