// SPDX-License-Identifier: MIT
// Text as programs on its way change it, and as people write numbers.
#ifndef WEBHOOKPP_DETAIL_REWRITTEN_TEXT_HPP
#define WEBHOOKPP_DETAIL_REWRITTEN_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/characters.hpp>

namespace webhookpp::detail {

/// `text` with `to` in place of each `from`, which is not empty; nothing if there is none, also not
/// as a part of `to`.
[[nodiscard]] inline std::optional<std::string> replaced(std::string_view text,
                                                         std::string_view from,
                                                         std::string_view to) {
    std::string changed;
    std::size_t done = 0;
    for (std::size_t at = text.find(from); at != std::string_view::npos;
         at = text.find(from, done)) {
        changed.append(text.substr(done, at - done)).append(to);
        done = at + from.size();
    }
    if (done == 0) return std::nullopt;
    return changed.append(text.substr(done));
}

/// `text`, which may be a token, with `%41` decoded, and `+` where `plus_is_space`.
[[nodiscard]] inline crypto::secret_bytes percent_decoded(std::string_view text,
                                                          bool plus_is_space) {
    crypto::secret_bytes decoded(text.size());
    std::size_t size = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned char byte[1] = {
            static_cast<unsigned char>(plus_is_space && text[i] == '+' ? ' ' : text[i])};
        if (text[i] == '%' && i + 2 < text.size() &&
            crypto::hex_decode(text.substr(i + 1, 2), byte, crypto::hex_case::either)) {
            i += 2;
        }
        decoded.writable()[size++] = byte[0];
    }
    decoded.truncate(size);
    return decoded;
}

/// `text` as browsers write it in a form.
[[nodiscard]] inline std::string form_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == ' ') {
            encoded += '+';
        } else if (c == '*' || (c != '~' && is_unreserved({&c, 1}))) {
            encoded += c;
        } else {
            encoded.append(1, '%').append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
        }
    }
    return encoded;
}

/// `text`, which is Latin-1, in UTF-8; nothing if it is ASCII.
[[nodiscard]] inline std::optional<std::string> utf8_from_latin1(std::string_view text) {
    std::string utf8;
    bool changed = false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        changed = changed || byte >= 0x80;
        if (byte >= 0x80) utf8 += static_cast<char>(0xc0U | byte >> 6U);
        utf8 += static_cast<char>(byte >= 0x80 ? 0x80U | (byte & 0x3fU) : byte);
    }
    return changed ? std::optional(utf8) : std::nullopt;
}

/// `text`, which is UTF-8, in Latin-1; nothing if it is ASCII or has other characters.
[[nodiscard]] inline std::optional<std::string> latin1_from_utf8(std::string_view text) {
    std::string latin1;
    bool changed = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80) {
            latin1 += text[i];
            continue;
        }
        if ((lead != 0xc2 && lead != 0xc3) || i + 1 == text.size()) return std::nullopt;
        const auto next = static_cast<unsigned char>(text[++i]);
        latin1 += static_cast<char>((lead & 0x03U) << 6U | (next & 0x3fU));
        changed = true;
    }
    return changed ? std::optional(latin1) : std::nullopt;
}

/// `number` as people read it: 1,048,576.
[[nodiscard]] inline std::string with_commas(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
    return text;
}

}  // namespace webhookpp::detail

#endif
