// SPDX-License-Identifier: MIT
// Reads the text of secrets in steps that do not depend on it: no branch, and no table.
#ifndef WEBHOOKPP_CRYPTO_SECRET_TEXT_HPP
#define WEBHOOKPP_CRYPTO_SECRET_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/crypto/memory.hpp>

// What is public of a secret: its length, the padding of its base64, and whether it is one at all.
// Each verdict is one call of `equal`, which no compiler looks into to leave a loop earlier.
namespace webhookpp::crypto {

/// Whether `secret` begins with `prefix`.
[[nodiscard]] inline bool starts_with(std::string_view secret, std::string_view prefix) noexcept {
    return equal(as_bytes(secret.substr(0, prefix.size())), as_bytes(prefix));
}

/// Whether `secret` ends with `suffix`.
[[nodiscard]] inline bool ends_with(std::string_view secret, std::string_view suffix) noexcept {
    return secret.size() >= suffix.size() &&
           starts_with(secret.substr(secret.size() - suffix.size()), suffix);
}

namespace detail {

// All bits set if `c` lies between the two characters, none otherwise.
[[nodiscard]] constexpr std::uint32_t within(std::uint32_t c, char first, char last) noexcept {
    const std::uint32_t below = c - static_cast<unsigned char>(first);
    const std::uint32_t above = static_cast<unsigned char>(last) - c;
    return ((below | above) >> 31) - 1;  // either is negative for a character outside
}

// The value of a digit of base64 or hex; all bits set for other characters.
[[nodiscard]] constexpr std::uint32_t base64_digit(char digit) noexcept {
    const std::uint32_t c = static_cast<unsigned char>(digit);
    const std::uint32_t upper = within(c, 'A', 'Z');
    const std::uint32_t lower = within(c, 'a', 'z');
    const std::uint32_t number = within(c, '0', '9');
    const std::uint32_t plus = within(c, '+', '+');
    const std::uint32_t slash = within(c, '/', '/');
    return (upper & (c - 'A')) | (lower & (c - 'a' + 26)) | (number & (c - '0' + 52)) |
           (plus & 62U) | (slash & 63U) | ~(upper | lower | number | plus | slash);
}
[[nodiscard]] constexpr std::uint32_t hex_digit(char digit) noexcept {
    const std::uint32_t c = static_cast<unsigned char>(digit);
    const std::uint32_t upper = within(c, 'A', 'F');
    const std::uint32_t lower = within(c, 'a', 'f');
    const std::uint32_t number = within(c, '0', '9');
    return (upper & (c - 'A' + 10)) | (lower & (c - 'a' + 10)) | (number & (c - '0')) |
           ~(upper | lower | number);
}

// Whether no bit of `flaws` is set.
[[nodiscard]] inline bool is_flawless(std::uint32_t flaws) noexcept {
    const unsigned char all[] = {
        static_cast<unsigned char>(flaws), static_cast<unsigned char>(flaws >> 8),
        static_cast<unsigned char>(flaws >> 16), static_cast<unsigned char>(flaws >> 24)};
    constexpr unsigned char none[sizeof all] = {};
    return equal(all, none);
}

}  // namespace detail

/// Whether all of `secret` is visible ASCII: no space, no control character.
[[nodiscard]] inline bool is_visible_ascii_secret(std::string_view secret) noexcept {
    std::uint32_t flaws = 0;
    for (const char c : secret) flaws |= ~detail::within(static_cast<unsigned char>(c), '!', '~');
    return detail::is_flawless(flaws);
}

/// Whether `secret` has only characters that are never percent-encoded: RFC 3986, section 2.3.
[[nodiscard]] inline bool is_unreserved_secret(std::string_view secret) noexcept {
    std::uint32_t flaws = 0;
    for (const char each : secret) {
        const std::uint32_t c = static_cast<unsigned char>(each);
        flaws |= ~(detail::within(c, 'a', 'z') | detail::within(c, 'A', 'Z') |
                   detail::within(c, '0', '9') | detail::within(c, '-', '.') |
                   detail::within(c, '_', '_') | detail::within(c, '~', '~'));
    }
    return detail::is_flawless(flaws);
}

/// Decodes base64 into the front of `out`: the same texts as `base64_decode`, to the same bytes.
[[nodiscard]] inline std::optional<std::size_t> base64_decode_secret(
    std::string_view text, std::span<unsigned char> out) noexcept {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    if (ends_with(text, "==")) {
        padding = 2;
    } else if (ends_with(text, "=")) {
        padding = 1;
    }
    const std::size_t size = base64_decoded_size_limit(text.size()) - padding;
    if (size > out.size()) return std::nullopt;

    std::uint32_t flaws = 0;
    std::uint32_t pending = 0;  // bits that have been read and not written, at its lower end
    unsigned bits = 0;
    std::size_t written = 0;
    for (const char c : text.substr(0, text.size() - padding)) {
        const std::uint32_t digit = detail::base64_digit(c);
        flaws |= digit & ~std::uint32_t{63};
        pending = pending << 6 | (digit & 63U);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out[written++] = static_cast<unsigned char>(pending >> bits);
    }
    flaws |= pending & ((1U << bits) - 1);
    if (!detail::is_flawless(flaws)) return std::nullopt;
    return written;
}

/// Decodes hex, in upper or lower case, into the front of `out`: the same texts as `hex_decode`, to
/// the same bytes.
[[nodiscard]] inline std::optional<std::size_t> hex_decode_secret(
    std::string_view text, std::span<unsigned char> out) noexcept {
    if (text.size() % 2 != 0 || text.size() / 2 > out.size()) return std::nullopt;
    std::uint32_t flaws = 0;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const std::uint32_t high = detail::hex_digit(text[i]);
        const std::uint32_t low = detail::hex_digit(text[i + 1]);
        flaws |= (high | low) & ~std::uint32_t{15};
        out[i / 2] = static_cast<unsigned char>(high << 4 | low);
    }
    if (!detail::is_flawless(flaws)) return std::nullopt;
    return text.size() / 2;
}

}  // namespace webhookpp::crypto

#endif
