// SPDX-License-Identifier: MIT
// Adyen: platforms, management and banking.
#ifndef WEBHOOKPP_SCHEMES_ADYEN_BODY_HPP
#define WEBHOOKPP_SCHEMES_ADYEN_BODY_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember a digest of the body. The key is the HMAC key, in hex.
/// Payments notifications of Adyen are signed item by item, in the body, which this is not for.
///
/// Source:
/// https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures
inline constexpr scheme adyen_body{
    .name = "adyen_body",
    .algorithm = hmac_sha256,
    .key = key_form::hex,
    .content = {body},
    .signature = {.header = "HmacSignature", .encoding = base64},
    .retention = seconds(3'024'000),  // 35 days
};

}  // namespace webhookpp::schemes

#endif
