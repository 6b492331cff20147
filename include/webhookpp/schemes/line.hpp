// SPDX-License-Identifier: MIT
// LINE.
#ifndef WEBHOOKPP_SCHEMES_LINE_HPP
#define WEBHOOKPP_SCHEMES_LINE_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember `webhookEventId` of each event in the body, which is
/// signed. The key is the channel secret.
///
/// Source: https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature
inline constexpr scheme line{
    .name = "line",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "x-line-signature", .encoding = base64},
};

}  // namespace webhookpp::schemes

#endif
