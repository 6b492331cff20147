// SPDX-License-Identifier: MIT
// Vercel.
#ifndef WEBHOOKPP_SCHEMES_VERCEL_HPP
#define WEBHOOKPP_SCHEMES_VERCEL_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember the `id` in the body, which is signed. The key is the text
/// of the secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://vercel.com/docs/webhooks/webhooks-api
inline constexpr scheme vercel{
    .name = "vercel",
    .algorithm = hmac_sha1,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "x-vercel-signature", .encoding = hex},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
