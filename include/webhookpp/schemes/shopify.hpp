// SPDX-License-Identifier: MIT
// Shopify.
#ifndef WEBHOOKPP_SCHEMES_SHOPIFY_HPP
#define WEBHOOKPP_SCHEMES_SHOPIFY_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither the topic, `X-Shopify-Triggered-At` nor
/// the webhook id. No timestamp is signed, so a recorded delivery can be replayed at any time:
/// remember a digest of the body, or the webhook id against Shopify's own retries. The key is
/// the client secret of the app.
///
/// Source: https://shopify.dev/docs/apps/build/webhooks
inline constexpr scheme shopify{
    .name = "shopify",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Shopify-Hmac-Sha256", .encoding = base64},
    .id = {.header = "X-Shopify-Webhook-Id"},
    .event_type = {.header = "X-Shopify-Topic"},
};

}  // namespace webhookpp::schemes

#endif
