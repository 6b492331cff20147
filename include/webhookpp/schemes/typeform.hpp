// SPDX-License-Identifier: MIT
// Typeform.
#ifndef WEBHOOKPP_SCHEMES_TYPEFORM_HPP
#define WEBHOOKPP_SCHEMES_TYPEFORM_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember `event_id` in the body, which is signed. The key is the
/// text of the secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://www.typeform.com/developers/webhooks/secure-your-webhooks
inline constexpr scheme typeform{
    .name = "typeform",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "Typeform-Signature", .prefix = "sha256=", .encoding = base64},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
