// SPDX-License-Identifier: MIT
// Airtable.
#ifndef WEBHOOKPP_SCHEMES_AIRTABLE_HPP
#define WEBHOOKPP_SCHEMES_AIRTABLE_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember nothing: a body only says that something changed, and the
/// changes are fetched. The key is the `macSecretBase64` of the webhook, in base64.
///
/// Source: https://airtable.com/developers/web/api/webhooks-overview
inline constexpr scheme airtable{
    .name = "airtable",
    .algorithm = hmac_sha256,
    .key = key_form::base64,
    .content = {body},
    .signature = {.header = "X-Airtable-Content-MAC", .prefix = "hmac-sha256=", .encoding = hex},
    .repeats_bodies = true,
};

}  // namespace webhookpp::schemes

#endif
