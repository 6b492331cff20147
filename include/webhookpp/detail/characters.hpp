// SPDX-License-Identifier: MIT
// The classes of characters that tokens, ids and URLs are made of.
#ifndef WEBHOOKPP_DETAIL_CHARACTERS_HPP
#define WEBHOOKPP_DETAIL_CHARACTERS_HPP

#include <string_view>

namespace webhookpp::detail {

/// Whether all of `text` is visible ASCII: no space, no control character.
[[nodiscard]] constexpr bool is_visible_ascii(std::string_view text) noexcept {
    for (const char c : text) {
        if (c < '!' || c > '~') return false;
    }
    return true;
}

/// Whether `text` has only characters that are never percent-encoded: RFC 3986, section 2.3.
[[nodiscard]] constexpr bool is_unreserved(std::string_view text) noexcept {
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool digit = c >= '0' && c <= '9';
        if (!letter && !digit && c != '-' && c != '.' && c != '_' && c != '~') return false;
    }
    return true;
}

}  // namespace webhookpp::detail

#endif
