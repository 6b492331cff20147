// SPDX-License-Identifier: MIT
// Waitwhile.
#ifndef WEBHOOKPP_SCHEMES_WAITWHILE_HPP
#define WEBHOOKPP_SCHEMES_WAITWHILE_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the URL that is registered with Waitwhile, byte by byte, and the body directly behind
/// it. The URL comes from `verifier_options::url`, never from the request. The key is the text of
/// the secret, which is not decoded.
///
/// Not signed: any header; there is no timestamp and no delivery id. So a recorded delivery can be
/// replayed at any later time. Events carry `id` and `created` in the body, which is signed:
/// remember the one, and give the other to `check_age`.
///
/// Source: https://developers.waitwhile.com/docs/authenticating-webhooks
inline constexpr scheme waitwhile{
    .name = "waitwhile",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {url, body},
    .signature = {.header = "X-Waitwhile-Signature", .encoding = base64},
};

}  // namespace webhookpp::schemes

#endif
