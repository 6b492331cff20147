// SPDX-License-Identifier: MIT
// Hexadecimal digits.
#ifndef WEBHOOKPP_CRYPTO_HEX_HPP
#define WEBHOOKPP_CRYPTO_HEX_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace webhookpp::crypto {

/// Which letters stand for ten to fifteen.
enum class hex_case : std::uint8_t {
    lower,   ///< `a` to `f`: signatures have one spelling
    either,  ///< keys, which providers show in upper or lower case
};

/// Decodes `text` into the front of `out`.
///
/// Returns how many bytes were written, or nothing when there is an odd number of digits, a
/// character that is no digit, or no room. `out` may have been written to in part.
[[nodiscard]] constexpr std::optional<std::size_t> hex_decode(
    std::string_view text, std::span<unsigned char> out,
    hex_case letters = hex_case::lower) noexcept {
    const auto value = [letters](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (letters == hex_case::either && c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    if (text.size() % 2 != 0 || text.size() / 2 > out.size()) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = value(text[i]);
        const int low = value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out[i / 2] = static_cast<unsigned char>(high * 16 + low);
    }
    return text.size() / 2;
}

/// Writes two digits in lower case for each byte of `data` to the front of `out`, which must have
/// room for them. Uses no table and no branch on the data, so it is fit for a fresh signature.
constexpr void hex_encode(std::span<const unsigned char> data, std::span<char> out) noexcept {
    const auto digit = [](unsigned value) {
        // 39 lie between '9' and 'a'; above 9 the difference to 9 is negative as an unsigned.
        return static_cast<char>('0' + value + ((9U - value) >> 8 & 39U));
    };
    for (std::size_t i = 0; i < data.size(); ++i) {
        out[2 * i] = digit(data[i] >> 4U);
        out[2 * i + 1] = digit(data[i] & 15U);
    }
}

}  // namespace webhookpp::crypto

#endif
