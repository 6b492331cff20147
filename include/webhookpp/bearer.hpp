// SPDX-License-Identifier: MIT
// Takes a bearer token out of a delivery, for hosts that have it checked elsewhere.
#ifndef WEBHOOKPP_BEARER_HPP
#define WEBHOOKPP_BEARER_HPP

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/detail/scheme_headers.hpp>
#include <webhookpp/detail/sent_token.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/schemes/bearer_token.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp {

/// The token of `Authorization: Bearer <token>`, NOT YET CHECKED: for tokens that an OAuth server
/// issues, so that no list of valid ones exists. Two steps are left to the host:
///
/// 1. Ask the server that issued it whether it is active, and meant for this endpoint (RFC 7662).
/// 2. Only then make a message, which everything else takes:
///    `assume_verified(request.body, "the token server says that the token is active")`.
///
/// Where the valid tokens are known, use a verifier of `schemes::bearer_token` instead.
///
/// The headers and limits are those of such a verifier. Errors: `body_too_large`, `missing_header`,
/// `header_too_large`, `duplicate_header`, `no_supported_signature` for another word than `Bearer`
/// or a character that is not visible ASCII; `internal_error` when memory runs out. No error holds
/// the token, and what was copied of it on the way is wiped. Throws `std::bad_alloc` only, when
/// there is no memory for the token.
[[nodiscard]] inline result<std::string> bearer_token_of(const delivery& request,
                                                         const limits& allowed = {}) {
    if (request.body.bytes().size() > allowed.body) return unexpected(errc::body_too_large, "body");
    verifier_options options;
    options.limits = allowed;
    detail::wiped_headers collected;
    detail::scheme_headers headers;
    constexpr detail::header_plan plan(schemes::bearer_token);
    const auto read = detail::scheme_header_reader(plan, options, collected.collected)
                          .read(request.headers, headers);
    if (!read) return unexpected(read.error());
    const auto token = detail::shown_token(schemes::bearer_token.signature, headers.signature);
    if (!token) return unexpected(errc::no_supported_signature, headers.signature_name);
    // In place, since moving a short text leaves its bytes where it was.
    return result<std::string>(std::in_place, *token);
}

}  // namespace webhookpp

#endif
