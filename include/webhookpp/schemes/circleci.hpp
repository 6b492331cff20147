// SPDX-License-Identifier: MIT
// CircleCI.
#ifndef WEBHOOKPP_SCHEMES_CIRCLECI_HPP
#define WEBHOOKPP_SCHEMES_CIRCLECI_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember the `id` in the body, which is signed. The key is the text
/// of the secret. The header lists `version=signature`; only `v1` is known.
///
/// Source: https://circleci.com/docs/guides/integration/outbound-webhooks
inline constexpr scheme circleci{
    .name = "circleci",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "circleci-signature", .pairs = pairs("v1"), .encoding = hex},
};

}  // namespace webhookpp::schemes

#endif
