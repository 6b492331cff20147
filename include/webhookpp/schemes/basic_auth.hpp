// SPDX-License-Identifier: MIT
// User and password in the Authorization header: RFC 7617.
#ifndef WEBHOOKPP_SCHEMES_BASIC_AUTH_HPP
#define WEBHOOKPP_SCHEMES_BASIC_AUTH_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// `Authorization: Basic base64(user:password)`; the keys are the valid `user:password` texts.
///
/// Proves only that the sender knows one of them. Nothing is signed, not even the body: whoever
/// sees one delivery can send others, at any time. The word is read in any letter case and one or
/// more spaces follow it (RFC 7235, section 2.1); the base64 has one spelling, with padding.
inline constexpr scheme basic_auth{
    .name = "basic_auth",
    .algorithm = token,
    .key = key_form::credentials,
    .signature = {.header = "Authorization", .word = "Basic", .encoding = base64},
};

}  // namespace webhookpp::schemes

#endif
