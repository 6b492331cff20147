// SPDX-License-Identifier: MIT
// Trello.
#ifndef WEBHOOKPP_SCHEMES_TRELLO_HPP
#define WEBHOOKPP_SCHEMES_TRELLO_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body, and the callback URL byte by byte. The URL comes from
/// `verifier_options::url`, never from the request. Not signed: any header. No timestamp is
/// signed, so a recorded delivery can be replayed at any time: remember `action.id` of the
/// body, which is signed. The key is the text of the app secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks
inline constexpr scheme trello{
    .name = "trello",
    .algorithm = hmac_sha1,
    .key = key_form::text,
    .content = {body, url},
    .signature = {.header = "X-Trello-Webhook", .encoding = base64},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
