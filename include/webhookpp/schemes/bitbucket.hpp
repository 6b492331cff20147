// SPDX-License-Identifier: MIT
// Bitbucket Cloud and Data Center.
#ifndef WEBHOOKPP_SCHEMES_BITBUCKET_HPP
#define WEBHOOKPP_SCHEMES_BITBUCKET_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither the event type nor the request id. No
/// timestamp is signed, so a recorded delivery can be replayed at any time: remember a digest
/// of the body. The key is the text of the secret. The header is called as that of others with
/// SHA-1; here it is SHA-256.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://bitbucket.org/blog/enhanced-webhook-security
inline constexpr scheme bitbucket{
    .name = "bitbucket",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Hub-Signature", .prefix = "sha256=", .encoding = hex},
    .id = {.header = "X-Request-UUID"},
    .event_type = {.header = "X-Event-Key"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
