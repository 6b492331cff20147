// SPDX-License-Identifier: MIT
// Tokens as they are sent: in a header, perhaps behind a word, or in the target of the request.
#ifndef WEBHOOKPP_DETAIL_SENT_TOKEN_HPP
#define WEBHOOKPP_DETAIL_SENT_TOKEN_HPP

#include <cstddef>
#include <optional>
#include <string_view>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/characters.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>

namespace webhookpp::detail {

/// What stands in `value` behind `word` and one or more spaces; all of it where there is no word to
/// look for. Nothing if another word stands there. RFC 7235, section 2.1: the word's letter case
/// does not matter, and there is no other white space.
[[nodiscard]] constexpr std::optional<std::string_view> after_word(std::string_view value,
                                                                   std::string_view word) noexcept {
    if (word.empty()) return value;
    if (!equal_names(value.substr(0, word.size()), word)) return std::nullopt;
    value.remove_prefix(word.size());
    const std::size_t start = value.find_first_not_of(' ');
    if (start == 0 || start == std::string_view::npos) return std::nullopt;
    return value.substr(start);
}

/// The token in `value`, encoded as it is; nothing if none in the form of `source` stands there.
[[nodiscard]] constexpr std::optional<std::string_view> shown_token(
    const signature_source& source, std::string_view value) noexcept {
    const auto token = after_word(value, source.word);
    if (!token || !is_visible_ascii(*token)) return std::nullopt;
    if (source.encoding == encoding::base64 && !crypto::is_base64(*token)) return std::nullopt;
    return token;
}

/// The token that deliveries with `with` show. Since base64 has one spelling, texts are equal if
/// and only if what they stand for is: so the key is encoded once, and nothing that is received is
/// decoded.
[[nodiscard]] inline crypto::secret_bytes sent_token(const signature_source& source,
                                                     const key& with) {
    if (source.encoding == encoding::plain) return crypto::secret_bytes(with.bytes());
    crypto::secret_bytes text(crypto::base64_encoded_size(with.bytes().size()));
    const auto out = text.writable();
    crypto::base64_encode(with.bytes(), {reinterpret_cast<char*>(out.data()), out.size()});
    return text;
}

/// What stands for a header's name in errors about tokens in the target.
inline constexpr std::string_view token_in_target = "token in the target";

/// The token in `target`, which is neither decoded nor checked.
///
/// Errors: `missing_header` when the token is absent or empty, `duplicate_header` when it is there
/// twice with different values.
[[nodiscard]] inline result<std::string_view> token_in(const signature_source& source,
                                                       std::string_view target) noexcept {
    const std::size_t question = target.find('?');
    std::string_view found;
    if (source.end_of_path) {
        found = target.substr(0, question);
        found.remove_prefix(found.rfind('/') + 1);  // without any slash: + 1 makes it 0
    } else if (question != std::string_view::npos) {
        for (std::string_view rest = target.substr(question + 1); !rest.empty();) {
            const std::string_view member = rest.substr(0, rest.find('&'));
            rest.remove_prefix(member.size() < rest.size() ? member.size() + 1 : rest.size());
            const std::size_t equals = member.find('=');
            if (equals == std::string_view::npos || member.substr(0, equals) != source.query) {
                continue;
            }
            const std::string_view value = member.substr(equals + 1);
            if (value.empty()) continue;
            if (!found.empty() && value != found) {
                return unexpected(errc::duplicate_header, token_in_target);
            }
            found = value;
        }
    }
    if (found.empty()) return unexpected(errc::missing_header, token_in_target);
    return found;
}

}  // namespace webhookpp::detail

#endif
