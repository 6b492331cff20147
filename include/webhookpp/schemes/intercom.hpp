// SPDX-License-Identifier: MIT
// Intercom.
#ifndef WEBHOOKPP_SCHEMES_INTERCOM_HPP
#define WEBHOOKPP_SCHEMES_INTERCOM_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember the `id` in the body, which is signed. The key is the
/// client secret of the app.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developers.intercom.com/docs/references/webhooks/webhook-models
inline constexpr scheme intercom{
    .name = "intercom",
    .algorithm = hmac_sha1,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Hub-Signature", .prefix = "sha1=", .encoding = hex},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
