// SPDX-License-Identifier: MIT
// Slack.
#ifndef WEBHOOKPP_SCHEMES_SLACK_HPP
#define WEBHOOKPP_SCHEMES_SLACK_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The key is the text of the signing secret.
///
/// Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
inline constexpr scheme slack{
    .name = "slack",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {"v0:", timestamp, ":", body},
    .signature = {.header = "X-Slack-Signature", .prefix = "v0=", .encoding = hex},
    .timestamp = {.header = "X-Slack-Request-Timestamp"},
    .retention = seconds(86'400),
};

}  // namespace webhookpp::schemes

#endif
