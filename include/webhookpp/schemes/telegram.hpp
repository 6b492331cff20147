// SPDX-License-Identifier: MIT
// Telegram bots.
#ifndef WEBHOOKPP_SCHEMES_TELEGRAM_HPP
#define WEBHOOKPP_SCHEMES_TELEGRAM_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// The header equals the `secret_token` that `setWebhook` was called with. Proves only that the
/// sender knows the token. Nothing is signed, not even the body: whoever sees one delivery can
/// send others, at any time.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://core.telegram.org/bots/api#setwebhook
inline constexpr scheme telegram{
    .name = "telegram",
    .algorithm = token,
    .key = key_form::token,
    .signature = {.header = "X-Telegram-Bot-Api-Secret-Token", .encoding = plain},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
