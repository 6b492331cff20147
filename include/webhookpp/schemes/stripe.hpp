// SPDX-License-Identifier: MIT
// Stripe.
#ifndef WEBHOOKPP_SCHEMES_STRIPE_HPP
#define WEBHOOKPP_SCHEMES_STRIPE_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The key is the whole text of the signing
/// secret, `whsec_` included: it is not decoded. Signatures of other versions, `v0` among them,
/// do not count.
///
/// Source: https://docs.stripe.com/webhooks/signature
inline constexpr scheme stripe{
    .name = "stripe",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ".", body},
    .signature = {.header = "Stripe-Signature", .pairs = pairs("v1"), .encoding = hex},
    .timestamp = {.element = "t"},
    .retention = seconds(3'024'000),  // 35 days
};

}  // namespace webhookpp::schemes

#endif
