// SPDX-License-Identifier: MIT
// Samsara.
#ifndef WEBHOOKPP_SCHEMES_SAMSARA_HPP
#define WEBHOOKPP_SCHEMES_SAMSARA_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The key is the secret, in base64.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developers.samsara.com/docs/webhooks
inline constexpr scheme samsara{
    .name = "samsara",
    .algorithm = hmac_sha256,
    .key = key_form::base64,
    .content = {"v1:", timestamp, ":", body},
    .signature = {.header = "X-Samsara-Signature", .prefix = "v1=", .encoding = hex},
    .timestamp = {.header = "X-Samsara-Timestamp"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
