// SPDX-License-Identifier: MIT
// Hex and base64 once more, slowly and with none of the library's code: what decoders are held to.
#ifndef WEBHOOKPP_TESTS_REFERENCE_ENCODINGS_HPP
#define WEBHOOKPP_TESTS_REFERENCE_ENCODINGS_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace reference {

inline constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
inline constexpr std::string_view hex_alphabet = "0123456789abcdef";

/// Writes `bytes` with `alphabet`, `bits` bits a character, the last one filled up with zeros.
inline std::string in_characters(std::string_view bytes, std::string_view alphabet,
                                 std::size_t bits) {
    std::string zeros_and_ones;
    for (const char byte : bytes) {
        for (int bit = 7; bit >= 0; --bit) zeros_and_ones += (byte >> bit & 1) != 0 ? '1' : '0';
    }
    while (zeros_and_ones.size() % bits != 0) zeros_and_ones += '0';
    std::string text;
    for (std::size_t at = 0; at < zeros_and_ones.size(); at += bits) {
        std::size_t value = 0;
        for (std::size_t i = 0; i < bits; ++i) {
            value = 2 * value + (zeros_and_ones[at + i] == '1' ? 1 : 0);
        }
        text += alphabet[value];
    }
    return text;
}

/// The bytes that `text` stands for with `alphabet`, whatever is left over at the end ignored.
inline std::optional<std::string> from_characters(std::string_view text, std::string_view alphabet,
                                                  std::size_t bits) {
    std::string zeros_and_ones;
    for (const char c : text) {
        const std::size_t value = alphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        for (std::size_t bit = bits; bit-- > 0;) {
            zeros_and_ones += (value >> bit & 1) != 0 ? '1' : '0';
        }
    }
    std::string bytes;
    for (std::size_t at = 0; at + 8 <= zeros_and_ones.size(); at += 8) {
        unsigned value = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            value = 2 * value + (zeros_and_ones[at + i] == '1' ? 1 : 0);
        }
        bytes += static_cast<char>(value);
    }
    return bytes;
}

inline std::string to_hex(std::string_view bytes) {
    return in_characters(bytes, hex_alphabet, 4);
}

inline std::string to_base64url(std::string_view bytes) {
    return in_characters(bytes, base64url_alphabet, 6);
}

inline std::string to_base64(std::string_view bytes) {
    std::string text = in_characters(bytes, base64_alphabet, 6);
    while (text.size() % 4 != 0) text += '=';
    return text;
}

// Canonical is what encoding gives: of all texts that could stand for some bytes, that one.

inline std::optional<std::string> from_hex(std::string_view text) {
    const auto bytes = from_characters(text, hex_alphabet, 4);
    return bytes && to_hex(*bytes) == text ? bytes : std::nullopt;
}

inline std::optional<std::string> from_base64url(std::string_view text) {
    const auto bytes = from_characters(text, base64url_alphabet, 6);
    return bytes && to_base64url(*bytes) == text ? bytes : std::nullopt;
}

inline std::optional<std::string> from_base64(std::string_view text) {
    std::string_view digits = text;
    while (digits.ends_with('=')) digits.remove_suffix(1);
    const auto bytes = from_characters(digits, base64_alphabet, 6);
    return bytes && to_base64(*bytes) == text ? bytes : std::nullopt;
}

}  // namespace reference

#endif
