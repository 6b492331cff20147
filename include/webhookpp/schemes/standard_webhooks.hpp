// SPDX-License-Identifier: MIT
// Standard Webhooks 1.0.0 and Svix, which is the same under other header names.
#ifndef WEBHOOKPP_SCHEMES_STANDARD_WEBHOOKS_HPP
#define WEBHOOKPP_SCHEMES_STANDARD_WEBHOOKS_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: id, timestamp and body; the event type only as part of the body. A delivery can be
/// replayed within the tolerance, and no longer.
///
/// Sources: Standard Webhooks 1.0.0 (spec/standard-webhooks.md, "Webhook headers" and "Signature
/// scheme"); Svix documentation, "Verifying webhooks manually".
inline constexpr scheme standard_webhooks{
    .name = "standard_webhooks",
    .key = key_form::standard_webhooks,
    .content = {id, ".", timestamp, ".", body},
    .signature = {.header = {"webhook-signature", "svix-signature"},
                  .versions = {{"v1", hmac_sha256}, {"v1a", ed25519}}},
    .id = {.header = {"webhook-id", "svix-id"}},
    .timestamp = {.header = {"webhook-timestamp", "svix-timestamp"}},
};

}  // namespace webhookpp::schemes

#endif
