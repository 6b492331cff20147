// SPDX-License-Identifier: MIT
// Providers that sign as others do.
#ifndef WEBHOOKPP_SCHEMES_ALIASES_HPP
#define WEBHOOKPP_SCHEMES_ALIASES_HPP

#include <webhookpp/schemes/standard_webhooks.hpp>

namespace webhookpp::schemes {

/// Svix, and all who send with it: https://docs.svix.com/receiving/verifying-payloads/how-manual
inline constexpr const scheme& svix = standard_webhooks;

/// https://github.com/openai/openai-python resources/webhooks
inline constexpr const scheme& openai = standard_webhooks;

/// https://github.com/anthropics/anthropic-sdk-python resources/beta/webhooks.py
inline constexpr const scheme& anthropic = standard_webhooks;

/// https://clerk.com/docs/reference/backend/verify-webhook
inline constexpr const scheme& clerk = standard_webhooks;

/// https://resend.com/docs/dashboard/webhooks
inline constexpr const scheme& resend = standard_webhooks;

/// https://github.com/replicate/replicate-javascript lib/util.js
inline constexpr const scheme& replicate = standard_webhooks;

/// Polar, with a secret that begins with `whsec_`.
inline constexpr const scheme& polar = standard_webhooks;

/// Polar, with a secret of its older form (`polar_whs_...`), whose text is the key.
///
/// Not confirmed by the provider's own code or by a delivery of known origin. Source: the
/// documentation of Polar (https://polar.sh/docs), by way of a catalogue of webhooks.
inline constexpr scheme polar_legacy{
    .name = "polar_legacy",
    .key = key_form::text,
    .content = {id, ".", timestamp, ".", body},
    .signature = {.header = "webhook-signature", .versions = {{"v1", hmac_sha256}}},
    .id = {.header = "webhook-id"},
    .timestamp = {.header = "webhook-timestamp"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
