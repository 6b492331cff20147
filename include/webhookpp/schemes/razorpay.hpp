// SPDX-License-Identifier: MIT
// Razorpay.
#ifndef WEBHOOKPP_SCHEMES_RAZORPAY_HPP
#define WEBHOOKPP_SCHEMES_RAZORPAY_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so not `x-razorpay-event-id`. No timestamp is
/// signed, so a recorded delivery can be replayed at any time: remember a digest of the body,
/// or the event id against Razorpay's own retries. The key is the webhook secret, not the API
/// secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://razorpay.com/docs/webhooks/validate-test
inline constexpr scheme razorpay{
    .name = "razorpay",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Razorpay-Signature", .encoding = hex},
    .id = {.header = "x-razorpay-event-id"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
