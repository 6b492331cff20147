// SPDX-License-Identifier: MIT
// Base64 for URLs: RFC 4648 section 5, without padding, one spelling for each value.
#ifndef WEBHOOKPP_CRYPTO_BASE64URL_HPP
#define WEBHOOKPP_CRYPTO_BASE64URL_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <webhookpp/crypto/base64.hpp>

namespace webhookpp::crypto {

/// Decodes `text` into the front of `out`.
///
/// Returns how many bytes were written, or nothing when `text` is not canonical (a character
/// outside the alphabet, padding, a length that no bytes have, unused bits set) or does not fit.
/// `out` may have been written to in part.
[[nodiscard]] constexpr std::optional<std::size_t> base64url_decode(
    std::string_view text, std::span<unsigned char> out) noexcept {
    std::size_t written = 0;
    for (; !text.empty(); text.remove_prefix(text.size() < 4 ? text.size() : 4)) {
        char group[4] = {'=', '=', '=', '='};
        for (std::size_t i = 0; i < 4 && i < text.size(); ++i) {
            const char c = text[i];
            if (c == '+' || c == '/' || c == '=') return std::nullopt;
            group[i] = c == '-' ? '+' : (c == '_' ? '/' : c);
        }
        const auto size = base64_decode({group, 4}, out.subspan(written));
        if (!size) return std::nullopt;
        written += *size;
    }
    return written;
}

/// Writes `data` to the front of `out`, which must have room for `base64_encoded_size(data.size())`
/// characters. Returns how many were written. Like `base64_encode` fit for a fresh signature.
constexpr std::size_t base64url_encode(std::span<const unsigned char> data,
                                       std::span<char> out) noexcept {
    base64_encode(data, out);
    const std::size_t size = (data.size() * 4 + 2) / 3;
    for (char& each : out.first(size)) {
        const std::uint32_t c = static_cast<unsigned char>(each);
        const auto is = [c](char wanted) {
            return ((c ^ static_cast<unsigned char>(wanted)) - 1) >> 31;
        };
        each = static_cast<char>(c + is('+') * ('-' - '+') + is('/') * ('_' - '/'));
    }
    return size;
}

}  // namespace webhookpp::crypto

#endif
