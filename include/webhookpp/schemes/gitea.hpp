// SPDX-License-Identifier: MIT
// Gitea, Forgejo and Gogs.
#ifndef WEBHOOKPP_SCHEMES_GITEA_HPP
#define WEBHOOKPP_SCHEMES_GITEA_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither the event type nor the delivery id. No
/// timestamp is signed, so a recorded delivery can be replayed at any time: remember a digest
/// of the body. The key is the text of the secret. Choose JSON as the content type: of a form,
/// Gitea signs the decoded `payload` field and not the body. Without a secret Gitea sends an
/// empty signature, which is refused.
///
/// Source: https://github.com/go-gitea/gitea services/webhook/deliver.go
inline constexpr scheme gitea{
    .name = "gitea",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Gitea-Signature", .encoding = hex},
    .id = {.header = "X-Gitea-Delivery"},
    .event_type = {.header = "X-Gitea-Event"},
};

}  // namespace webhookpp::schemes

#endif
