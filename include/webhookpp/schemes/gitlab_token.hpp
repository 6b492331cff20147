// SPDX-License-Identifier: MIT
// GitLab: secret tokens.
#ifndef WEBHOOKPP_SCHEMES_GITLAB_TOKEN_HPP
#define WEBHOOKPP_SCHEMES_GITLAB_TOKEN_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// The header equals one of the keys. Proves only that the sender knows the token. Nothing is
/// signed, not even the body: whoever sees one delivery can send others, at any time. Newer
/// versions of GitLab can also sign, as Standard Webhooks prescribe: use `standard_webhooks`
/// then.
///
/// Source: https://docs.gitlab.com/user/project/integrations/webhooks
inline constexpr scheme gitlab_token{
    .name = "gitlab_token",
    .algorithm = token,
    .key = key_form::token,
    .signature = {.header = "X-Gitlab-Token", .encoding = plain},
    .id = {.header = "X-Gitlab-Event-UUID"},
    .event_type = {.header = "X-Gitlab-Event"},
};

}  // namespace webhookpp::schemes

#endif
