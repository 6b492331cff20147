// SPDX-License-Identifier: MIT
// Mux.
#ifndef WEBHOOKPP_SCHEMES_MUX_HPP
#define WEBHOOKPP_SCHEMES_MUX_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The key is the text of the secret.
///
/// Source: https://www.mux.com/docs/core/verify-webhook-signatures
inline constexpr scheme mux{
    .name = "mux",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ".", body},
    .signature = {.header = "Mux-Signature", .pairs = pairs("v1"), .encoding = hex},
    .timestamp = {.element = "t"},
};

}  // namespace webhookpp::schemes

#endif
