// SPDX-License-Identifier: MIT
// Sentry: the integration platform.
#ifndef WEBHOOKPP_SCHEMES_SENTRY_HPP
#define WEBHOOKPP_SCHEMES_SENTRY_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither `Sentry-Hook-Timestamp`, which proves
/// nothing, nor the event type. No timestamp is signed, so a recorded delivery can be replayed
/// at any time: remember a digest of the body. The key is the client secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://docs.sentry.io/organization/integrations/integration-platform/webhooks
inline constexpr scheme sentry{
    .name = "sentry",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "Sentry-Hook-Signature", .encoding = hex},
    .id = {.header = "Request-ID"},
    .event_type = {.header = "Sentry-Hook-Resource"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
