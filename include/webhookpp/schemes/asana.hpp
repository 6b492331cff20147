// SPDX-License-Identifier: MIT
// Asana.
#ifndef WEBHOOKPP_SCHEMES_ASANA_HPP
#define WEBHOOKPP_SCHEMES_ASANA_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember a digest of the body. The key is the text of
/// `X-Hook-Secret` that Asana sends when the webhook is created.
///
/// Source: https://developers.asana.com/docs/webhooks-guide
inline constexpr scheme asana{
    .name = "asana",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Hook-Signature", .encoding = hex},
};

}  // namespace webhookpp::schemes

#endif
