// SPDX-License-Identifier: MIT
// The handshake of Slack.
#ifndef WEBHOOKPP_HANDSHAKES_SLACK_HPP
#define WEBHOOKPP_HANDSHAKES_SLACK_HPP

#include <webhookpp/handshake.hpp>

namespace webhookpp::handshakes {

/// `url_verification`, signed as every event: its challenge comes back as text.
///
/// Source: https://docs.slack.dev/reference/events/url_verification
inline constexpr handshake slack{
    .name = "slack",
    .marker = {.field = in_body("type"), .text = "url_verification"},
    .challenge = in_body("challenge"),
    .answer = {.body = {challenge}},
};

}  // namespace webhookpp::handshakes

#endif
