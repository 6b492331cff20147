// SPDX-License-Identifier: MIT
// PagerDuty, webhooks v3.
#ifndef WEBHOOKPP_SCHEMES_PAGERDUTY_HPP
#define WEBHOOKPP_SCHEMES_PAGERDUTY_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember `event.id` in the body, which is signed. The key is the
/// text of the secret. The header has a `v1` signature for each active secret.
///
/// Source: https://developer.pagerduty.com/docs/verifying-signatures
inline constexpr scheme pagerduty{
    .name = "pagerduty",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-PagerDuty-Signature", .pairs = pairs("v1"), .encoding = hex},
};

}  // namespace webhookpp::schemes

#endif
