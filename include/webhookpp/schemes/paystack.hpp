// SPDX-License-Identifier: MIT
// Paystack.
#ifndef WEBHOOKPP_SCHEMES_PAYSTACK_HPP
#define WEBHOOKPP_SCHEMES_PAYSTACK_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember a digest of the body. The key is the secret key of the
/// account.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://paystack.com/docs/payments/webhooks
inline constexpr scheme paystack{
    .name = "paystack",
    .algorithm = hmac_sha512,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "x-paystack-signature", .encoding = hex},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
