// SPDX-License-Identifier: MIT
// Tito.
#ifndef WEBHOOKPP_SCHEMES_TITO_HPP
#define WEBHOOKPP_SCHEMES_TITO_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so not the event type. No timestamp is signed, so
/// a recorded delivery can be replayed at any time: remember a digest of the body. The key is
/// the security token of the endpoint.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://ti.to/docs/api/admin
inline constexpr scheme tito{
    .name = "tito",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "Tito-Signature", .encoding = base64},
    .event_type = {.header = "X-Webhook-Name"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
