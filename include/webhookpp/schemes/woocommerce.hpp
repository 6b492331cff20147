// SPDX-License-Identifier: MIT
// WooCommerce.
#ifndef WEBHOOKPP_SCHEMES_WOOCOMMERCE_HPP
#define WEBHOOKPP_SCHEMES_WOOCOMMERCE_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither the topic nor the delivery id. No
/// timestamp is signed, so a recorded delivery can be replayed at any time: remember a digest
/// of the body. The key is the text of the secret. The ping when a webhook is saved is not
/// signed.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developer.woocommerce.com/docs/apis/rest-api/v3/webhooks
inline constexpr scheme woocommerce{
    .name = "woocommerce",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-WC-Webhook-Signature", .encoding = base64},
    .id = {.header = "X-WC-Webhook-Delivery-ID"},
    .event_type = {.header = "X-WC-Webhook-Topic"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
