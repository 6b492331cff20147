// SPDX-License-Identifier: MIT
// GitHub.
#ifndef WEBHOOKPP_SCHEMES_GITHUB_HPP
#define WEBHOOKPP_SCHEMES_GITHUB_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither the event type nor the delivery id. No
/// timestamp is signed, so a recorded delivery can be replayed at any time: remember a digest
/// of the body, or the delivery id against GitHub's own redeliveries. The key is the text of
/// the secret.
///
/// Source: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
inline constexpr scheme github{
    .name = "github",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Hub-Signature-256", .prefix = "sha256=", .encoding = hex},
    .id = {.header = "X-GitHub-Delivery"},
    .event_type = {.header = "X-GitHub-Event"},
};

}  // namespace webhookpp::schemes

#endif
