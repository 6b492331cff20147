// SPDX-License-Identifier: MIT
// A header that equals a token.
#ifndef WEBHOOKPP_SCHEMES_SHARED_TOKEN_HPP
#define WEBHOOKPP_SCHEMES_SHARED_TOKEN_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// The header `header` equals one of the keys. `header` is a literal.
///
///     inline constexpr wh::scheme mine = wh::schemes::shared_token_in("X-Gitlab-Token");
///
/// Proves only that the sender knows the token. Nothing is signed, not even the body: whoever sees
/// one delivery can send others, at any time.
[[nodiscard]] constexpr scheme shared_token_in(const char* header) {
    return scheme{
        .name = "shared_token",
        .algorithm = token,
        .key = key_form::token,
        .signature = {.header = header, .encoding = plain},
    };
}

/// The header `X-Webhook-Token` equals one of the keys: `shared_token_in`.
inline constexpr scheme shared_token = shared_token_in("X-Webhook-Token");

}  // namespace webhookpp::schemes

#endif
