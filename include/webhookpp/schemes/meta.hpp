// SPDX-License-Identifier: MIT
// Meta: Facebook, Instagram, Messenger, WhatsApp.
#ifndef WEBHOOKPP_SCHEMES_META_HPP
#define WEBHOOKPP_SCHEMES_META_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember a digest of the body. The key is the app secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developers.facebook.com/docs/graph-api/webhooks/getting-started
inline constexpr scheme meta{
    .name = "meta",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Hub-Signature-256", .prefix = "sha256=", .encoding = hex},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
