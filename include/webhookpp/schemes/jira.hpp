// SPDX-License-Identifier: MIT
// Jira Cloud: webhooks of an administrator, with a secret.
#ifndef WEBHOOKPP_SCHEMES_JIRA_HPP
#define WEBHOOKPP_SCHEMES_JIRA_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so not the webhook id. No timestamp is signed, so
/// a recorded delivery can be replayed at any time: remember the webhook id in
/// `X-Atlassian-Webhook-Identifier`, which stays the same when a delivery is tried again, or a
/// digest of the body. The key is the text of the secret. Webhooks that apps register are not
/// signed in this way.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks
inline constexpr scheme jira{
    .name = "jira",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Hub-Signature", .prefix = "sha256=", .encoding = hex},
    .id = {.header = "X-Atlassian-Webhook-Identifier"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
