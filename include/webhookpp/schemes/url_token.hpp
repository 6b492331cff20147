// SPDX-License-Identifier: MIT
// A token in the URL: as a member of the query, or at the end of the path.
#ifndef WEBHOOKPP_SCHEMES_URL_TOKEN_HPP
#define WEBHOOKPP_SCHEMES_URL_TOKEN_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// The member `member` of the query of `delivery::target` equals one of the keys:
/// `/hooks?token=...`. `member` is a literal.
///
/// Proves only that the sender knows the URL. Nothing is signed, not even the body: whoever sees
/// one delivery can send others, at any time. And URLs are seen: servers and proxies in between
/// write them to their access logs. Keep tokens out of those logs, and change them often.
///
/// Compared byte by byte, without percent-decoding; so keys have only characters that nobody
/// percent-encodes.
[[nodiscard]] constexpr scheme url_token_in(const char* member) {
    return scheme{
        .name = "url_token",
        .algorithm = token,
        .key = key_form::url_token,
        .signature = {.query = member, .encoding = plain},
    };
}

/// The member `token` of the query equals one of the keys: `url_token_in`.
inline constexpr scheme url_token = url_token_in("token");

/// The last segment of the path of `delivery::target` equals one of the keys: `/hooks/<token>`.
/// What `url_token_in` says about tokens in URLs holds here too.
inline constexpr scheme path_token{
    .name = "path_token",
    .algorithm = token,
    .key = key_form::url_token,
    .signature = {.end_of_path = true, .encoding = plain},
};

}  // namespace webhookpp::schemes

#endif
