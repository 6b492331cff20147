// SPDX-License-Identifier: MIT
// Square.
#ifndef WEBHOOKPP_SCHEMES_SQUARE_HPP
#define WEBHOOKPP_SCHEMES_SQUARE_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the URL that is registered with Square, byte by byte, and the body. The URL comes
/// from `verifier_options::url`, never from the request. Not signed: any header. No timestamp
/// is signed, so a recorded delivery can be replayed at any time: remember `event_id` of the
/// body, which is signed. The key is the text of the signature key.
///
/// Source: https://developer.squareup.com/docs/webhooks/step3validate
inline constexpr scheme square{
    .name = "square",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {url, body},
    .signature = {.header = "x-square-hmacsha256-signature", .encoding = base64},
};

}  // namespace webhookpp::schemes

#endif
