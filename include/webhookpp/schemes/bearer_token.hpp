// SPDX-License-Identifier: MIT
// Tokens in the Authorization header: RFC 6750.
#ifndef WEBHOOKPP_SCHEMES_BEARER_TOKEN_HPP
#define WEBHOOKPP_SCHEMES_BEARER_TOKEN_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// `Authorization: Bearer <token>`; the keys are the valid tokens.
///
/// Proves only that the sender knows a token. Nothing is signed, not even the body: whoever sees
/// one delivery can send others, at any time. The word is read in any letter case and one or more
/// spaces follow it, as RFC 7235 (section 2.1) writes credentials; RFC 6750 has nothing stricter.
///
/// For tokens that an OAuth server issues, and that are not known beforehand: `bearer.hpp`.
inline constexpr scheme bearer_token{
    .name = "bearer_token",
    .algorithm = token,
    .key = key_form::token,
    .signature = {.header = "Authorization", .word = "Bearer", .encoding = plain},
};

}  // namespace webhookpp::schemes

#endif
