// SPDX-License-Identifier: MIT
// Challenges that a key may sign: texts that no scheme takes for a message.
#ifndef WEBHOOKPP_DETAIL_CHALLENGE_HPP
#define WEBHOOKPP_DETAIL_CHALLENGE_HPP

#include <cstddef>
#include <string_view>

#include <webhookpp/detail/characters.hpp>
#include <webhookpp/scheme.hpp>

namespace webhookpp::detail {

/// Whether all of `text` may stand in a challenge that is signed.
[[nodiscard]] constexpr bool has_challenge_characters(std::string_view text) noexcept {
    return is_unreserved(text) && text.find_first_of(".~") == std::string_view::npos;
}

/// Whether `text` may be signed: 1 to 128 letters, digits, `-` and `_`.
[[nodiscard]] constexpr bool is_challenge(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 128 && has_challenge_characters(text);
}

/// Whether a secret of `described` may sign challenges: each of its messages has a literal that
/// cannot stand in one, so none can pass for a message.
[[nodiscard]] constexpr bool signs_challenges(const scheme& described) noexcept {
    if (described.algorithm != algorithm::hmac_sha256) return false;
    for (std::size_t i = 0; i < described.content.count; ++i) {
        const content_part& part = described.content.parts[i];
        if (part.which == content_part::kind::literal && !has_challenge_characters(part.text)) {
            return true;
        }
    }
    return false;
}

}  // namespace webhookpp::detail

#endif
