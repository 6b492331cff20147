// SPDX-License-Identifier: MIT
// Strict base64: RFC 4648 section 4, with padding, one spelling for each value.
#ifndef WEBHOOKPP_CRYPTO_BASE64_HPP
#define WEBHOOKPP_CRYPTO_BASE64_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace webhookpp::crypto {

/// How many characters encode `size` bytes.
[[nodiscard]] constexpr std::size_t base64_encoded_size(std::size_t size) noexcept {
    return (size + 2) / 3 * 4;
}

/// The most bytes that `size` characters can stand for.
[[nodiscard]] constexpr std::size_t base64_decoded_size_limit(std::size_t size) noexcept {
    return size / 4 * 3;
}

namespace detail {

// The value of each character of the standard alphabet, 0xff for every other byte. Text that is
// decoded by table is public (a received signature) or decoded once at set-up (a key).
struct base64_values {
    unsigned char of[256] = {};
    constexpr base64_values() noexcept {
        for (auto& value : of) value = 0xff;
        unsigned char next = 0;
        for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                             "0123456789+/")) {
            of[static_cast<unsigned char>(c)] = next++;
        }
    }
};
inline constexpr base64_values base64_table{};

}  // namespace detail

/// Decodes `text` into the front of `out`.
///
/// Returns how many bytes were written, or nothing when `text` is not canonical (length not a
/// multiple of four, a character outside the alphabet, padding missing or misplaced, unused bits
/// set) or does not fit. `out` may have been written to in part.
[[nodiscard]] constexpr std::optional<std::size_t> base64_decode(
    std::string_view text, std::span<unsigned char> out) noexcept {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    if (text.ends_with("==")) {
        padding = 2;
    } else if (text.ends_with('=')) {
        padding = 1;
    }
    const std::size_t size = base64_decoded_size_limit(text.size()) - padding;
    if (size > out.size()) return std::nullopt;

    const auto value = [&text](std::size_t position) -> std::uint32_t {
        return detail::base64_table.of[static_cast<unsigned char>(text[position])];
    };
    std::uint32_t invalid = 0;
    std::size_t written = 0;
    const std::size_t whole = text.size() - (padding == 0 ? 0 : 4);
    for (std::size_t i = 0; i < whole; i += 4) {
        const std::uint32_t a = value(i);
        const std::uint32_t b = value(i + 1);
        const std::uint32_t c = value(i + 2);
        const std::uint32_t d = value(i + 3);
        invalid |= a | b | c | d;
        out[written++] = static_cast<unsigned char>(a << 2 | b >> 4);
        out[written++] = static_cast<unsigned char>(b << 4 | c >> 2);
        out[written++] = static_cast<unsigned char>(c << 6 | d);
    }
    if (padding != 0) {
        const std::uint32_t a = value(whole);
        const std::uint32_t b = value(whole + 1);
        const std::uint32_t c = padding == 1 ? value(whole + 2) : 0;
        invalid |= a | b | c;
        out[written++] = static_cast<unsigned char>(a << 2 | b >> 4);
        if (padding == 1) out[written++] = static_cast<unsigned char>(b << 4 | c >> 2);
        const std::uint32_t unused = padding == 1 ? c & 0x03U : b & 0x0fU;
        if (unused != 0) return std::nullopt;
    }
    // Values are below 64; the mark of a foreign character has the two upper bits set.
    if ((invalid & 0xc0U) != 0) return std::nullopt;
    return written;
}

/// Whether `text` is the base64 of any bytes: what `base64_decode` takes, without room for them.
[[nodiscard]] constexpr bool is_base64(std::string_view text) noexcept {
    if (text.size() % 4 != 0) return false;
    unsigned char group[3] = {};
    for (; !text.empty(); text.remove_prefix(4)) {
        const auto size = base64_decode(text.substr(0, 4), group);
        const bool last = text.size() == 4;
        if (!size || (*size < sizeof group && !last)) return false;
    }
    return true;
}

/// Writes `base64_encoded_size(data.size())` characters to the front of `out`, which must have room
/// for them. Uses no table and no branch on the data, so it is fit for a freshly made signature.
constexpr void base64_encode(std::span<const unsigned char> data, std::span<char> out) noexcept {
    const auto character = [](std::uint32_t value) -> char {
        const auto below = [&](std::uint32_t limit) { return (value - limit) >> 8 & 0xffU; };
        std::uint32_t c = 0;
        c |= below(26) & (value + 'A');
        c |= ~below(26) & below(52) & (value - 26 + 'a');
        c |= ~below(52) & below(62) & (value - 52 + '0');
        c |= ~below(62) & below(63) & static_cast<std::uint32_t>('+');
        c |= ~below(63) & static_cast<std::uint32_t>('/');
        return static_cast<char>(c & 0xffU);
    };
    std::size_t written = 0;
    for (std::size_t i = 0; i < data.size(); i += 3) {
        const std::size_t left = data.size() - i;
        const std::uint32_t group = static_cast<std::uint32_t>(data[i]) << 16 |
                                    (left > 1 ? static_cast<std::uint32_t>(data[i + 1]) << 8 : 0) |
                                    (left > 2 ? static_cast<std::uint32_t>(data[i + 2]) : 0);
        out[written++] = character(group >> 18);
        out[written++] = character(group >> 12 & 63);
        out[written++] = left > 1 ? character(group >> 6 & 63) : '=';
        out[written++] = left > 2 ? character(group & 63) : '=';
    }
}

}  // namespace webhookpp::crypto

#endif
