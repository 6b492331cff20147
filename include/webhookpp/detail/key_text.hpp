// SPDX-License-Identifier: MIT
// The text of a key, and what else it may stand for than its scheme says.
#ifndef WEBHOOKPP_DETAIL_KEY_TEXT_HPP
#define WEBHOOKPP_DETAIL_KEY_TEXT_HPP

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/crypto/memory.hpp>

namespace webhookpp::detail {

/// `text` without white space, quotes, byte order marks and NULs around it, as they come from
/// files, environments and web pages. Views `text`.
[[nodiscard]] constexpr std::string_view without_surroundings(std::string_view text) noexcept {
    constexpr std::string_view blanks(" \t\r\n\v\f\0", 7);
    // A byte order mark, a no-break space, a space of no width, and an escape that nobody read.
    constexpr std::string_view others[] = {"\xef\xbb\xbf", "\xc2\xa0", "\xe2\x80\x8b", "\\n",
                                           "\\r"};
    constexpr std::string_view quotes = "\"'`";
    for (std::size_t size = text.size() + 1; text.size() < size;) {
        size = text.size();
        while (!text.empty() && blanks.find(text.front()) != std::string_view::npos)
            text.remove_prefix(1);
        while (!text.empty() && blanks.find(text.back()) != std::string_view::npos)
            text.remove_suffix(1);
        for (const std::string_view other : others) {
            if (text.starts_with(other) && other[0] != '\\') text.remove_prefix(other.size());
            if (text.ends_with(other)) text.remove_suffix(other.size());
        }
        if (text.size() > 1 && quotes.find(text.front()) != std::string_view::npos &&
            text.front() == text.back()) {
            text = text.substr(1, text.size() - 2);
        }
    }
    return text;
}

/// The bytes that `text` stands for in base64 of either alphabet, with padding or without; nothing
/// if it is none.
[[nodiscard]] inline std::optional<crypto::secret_bytes> any_base64(std::string_view text) {
    while (text.ends_with('=')) text.remove_suffix(1);
    if (text.empty() || text.size() % 4 == 1) return std::nullopt;
    crypto::secret_bytes padded((text.size() + 3) / 4 * 4);
    const auto standard = padded.writable();
    for (std::size_t i = 0; i < standard.size(); ++i) {
        const char c = i < text.size() ? text[i] : '=';
        standard[i] = static_cast<unsigned char>(c == '-' ? '+' : (c == '_' ? '/' : c));
    }
    crypto::secret_bytes decoded(standard.size());
    const auto size = crypto::base64_decode(padded.text(), decoded.writable());
    if (!size) return std::nullopt;
    decoded.truncate(*size);
    return decoded;
}

/// The bytes that `text` stands for in hex of upper or lower case; nothing if it is none.
[[nodiscard]] inline std::optional<crypto::secret_bytes> any_hex(std::string_view text) {
    crypto::secret_bytes decoded(text.size() / 2);
    const auto size = crypto::hex_decode(text, decoded.writable(), crypto::hex_case::either);
    if (!size || *size == 0) return std::nullopt;
    return decoded;
}

/// `start` and then `text`.
[[nodiscard]] inline crypto::secret_bytes joined(std::string_view start, std::string_view text) {
    crypto::secret_bytes both(start.size() + text.size());
    const auto out = both.writable();
    for (std::size_t i = 0; i < start.size(); ++i) out[i] = static_cast<unsigned char>(start[i]);
    for (std::size_t i = 0; i < text.size(); ++i) {
        out[start.size() + i] = static_cast<unsigned char>(text[i]);
    }
    return both;
}

/// `bytes` in base64.
[[nodiscard]] inline crypto::secret_bytes in_base64(std::string_view bytes) {
    crypto::secret_bytes text(crypto::base64_encoded_size(bytes.size()));
    const auto out = text.writable();
    crypto::base64_encode(crypto::as_bytes(bytes),
                          {reinterpret_cast<char*>(out.data()), out.size()});
    return text;
}

/// `bytes` in lower-case hex.
[[nodiscard]] inline crypto::secret_bytes in_hex(std::string_view bytes) {
    crypto::secret_bytes text(2 * bytes.size());
    const auto out = text.writable();
    crypto::hex_encode(crypto::as_bytes(bytes), {reinterpret_cast<char*>(out.data()), out.size()});
    return text;
}

/// `text` without the prefix of a shared secret of Standard Webhooks.
[[nodiscard]] constexpr std::string_view without_whsec(std::string_view text) noexcept {
    if (text.starts_with("v1,")) text.remove_prefix(3);
    if (text.starts_with("whsec_")) text.remove_prefix(6);
    return text;
}

/// What is between the first and the last line of a PEM file, without line breaks; empty if `text`
/// is none.
[[nodiscard]] inline crypto::secret_bytes without_pem(std::string_view text) {
    constexpr std::string_view dashes = "-----";
    if (!text.starts_with(dashes)) return {};
    const std::size_t begin = text.find(dashes, dashes.size());
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin + dashes.size());
    text = text.substr(0, text.find(dashes));
    crypto::secret_bytes inner(text.size());
    const auto out = inner.writable();
    std::size_t size = 0;
    for (const char c : text) {
        if (c != '\n' && c != '\r' && c != ' ') out[size++] = static_cast<unsigned char>(c);
    }
    inner.truncate(size);
    return inner;
}

}  // namespace webhookpp::detail

#endif
