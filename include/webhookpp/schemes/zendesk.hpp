// SPDX-License-Identifier: MIT
// Zendesk.
#ifndef WEBHOOKPP_SCHEMES_ZENDESK_HPP
#define WEBHOOKPP_SCHEMES_ZENDESK_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header, so not the
/// invocation id. A delivery can be replayed within the tolerance, and no longer. The key is
/// the text of the secret, which looks like base64 but is not decoded. The body may be empty.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developer.zendesk.com/documentation/webhooks/verifying
inline constexpr scheme zendesk{
    .name = "zendesk",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, body},
    .signature = {.header = "X-Zendesk-Webhook-Signature", .encoding = base64},
    .id = {.header = "X-Zendesk-Webhook-Invocation-Id"},
    .timestamp = {.header = "X-Zendesk-Webhook-Signature-Timestamp", .format = rfc3339},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
