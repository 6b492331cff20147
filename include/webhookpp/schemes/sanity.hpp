// SPDX-License-Identifier: MIT
// Sanity.
#ifndef WEBHOOKPP_SCHEMES_SANITY_HPP
#define WEBHOOKPP_SCHEMES_SANITY_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header, so not
/// `idempotency-key`. A delivery can be replayed within the tolerance, and no longer. The time
/// is in milliseconds. The key is the text of the secret.
///
/// Source: https://github.com/sanity-io/webhook-toolkit src/signature.ts
inline constexpr scheme sanity{
    .name = "sanity",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ".", body},
    .signature = {.header = "sanity-webhook-signature",
                  .pairs = pairs("v1"),
                  .encoding = base64url},
    .id = {.header = "idempotency-key"},
    .timestamp = {.element = "t", .format = milliseconds},
};

}  // namespace webhookpp::schemes

#endif
