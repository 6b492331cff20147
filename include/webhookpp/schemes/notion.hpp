// SPDX-License-Identifier: MIT
// Notion.
#ifndef WEBHOOKPP_SCHEMES_NOTION_HPP
#define WEBHOOKPP_SCHEMES_NOTION_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember the `id` of the event in the body, which is signed. The
/// key is the text of the verification token that Notion sends when the endpoint is set up.
///
/// Source: https://developers.notion.com/reference/webhooks
inline constexpr scheme notion{
    .name = "notion",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Notion-Signature", .prefix = "sha256=", .encoding = hex},
};

}  // namespace webhookpp::schemes

#endif
