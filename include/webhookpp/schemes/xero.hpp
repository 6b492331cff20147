// SPDX-License-Identifier: MIT
// Xero.
#ifndef WEBHOOKPP_SCHEMES_XERO_HPP
#define WEBHOOKPP_SCHEMES_XERO_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember a digest of the body. The key is the text of the webhook
/// key, which looks like base64 but is not decoded. "Intent to receive" is signed rightly or
/// wrongly on purpose, and wants 200 or 401.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developer.xero.com/documentation/guides/webhooks/configuring-your-server
inline constexpr scheme xero{
    .name = "xero",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "x-xero-signature", .encoding = base64},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
