// SPDX-License-Identifier: MIT
// Coinbase Commerce.
#ifndef WEBHOOKPP_SCHEMES_COINBASE_COMMERCE_HPP
#define WEBHOOKPP_SCHEMES_COINBASE_COMMERCE_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember `event.id` in the body, which is signed. The key is the
/// text of the secret.
///
/// Source: https://github.com/coinbase/coinbase-commerce-python webhook.py
inline constexpr scheme coinbase_commerce{
    .name = "coinbase_commerce",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-CC-Webhook-Signature", .encoding = hex},
};

}  // namespace webhookpp::schemes

#endif
