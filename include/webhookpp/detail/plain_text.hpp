// SPDX-License-Identifier: MIT
// Makes text fit for any database and any terminal.
#ifndef WEBHOOKPP_DETAIL_PLAIN_TEXT_HPP
#define WEBHOOKPP_DETAIL_PLAIN_TEXT_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace webhookpp::detail {

/// The first bytes of `text`, at most `most`, without the beginning of a character at the end.
[[nodiscard]] constexpr std::string_view cut_text(std::string_view text,
                                                  std::size_t most) noexcept {
    if (text.size() <= most) return text;
    std::size_t end = most;
    // What goes on behind the cut began up to three bytes before it.
    for (int i = 0; i < 3 && end > 0 && (text[end] & 0xC0) == 0x80; ++i) --end;
    return text.substr(0, end);
}

/// How many bytes the character has that `text`, which is not empty, begins with; 0 if that is no
/// character, or a control character. RFC 3629, section 4.
[[nodiscard]] constexpr std::size_t plain_character(std::string_view text) noexcept {
    const auto byte = [text](std::size_t i) -> unsigned {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
    const std::size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    unsigned least = 0x80;
    unsigned most = 0xBF;
    switch (first) {
        case 0xC2:                       // before that, control characters
        case 0xE0: least = 0xA0; break;  // before that, fewer bytes would do
        case 0xED: most = 0x9F; break;   // behind that, surrogates
        case 0xF0: least = 0x90; break;  // as for E0
        case 0xF4: most = 0x8F; break;   // behind that, no characters
        default: break;
    }
    if (first < 0xC2 || first > 0xF4 || byte(1) < least || byte(1) > most) return 0;
    for (std::size_t i = 2; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
    }
    return size;
}

/// `text`, with a question mark for each byte that is no part of a character of UTF-8, or is a
/// control character.
[[nodiscard]] inline std::string plain_text(std::string_view text) {
    std::string made(text);
    for (std::size_t at = 0; at < made.size();) {
        const std::size_t size = plain_character(text.substr(at));
        if (size == 0) made[at] = '?';
        at += size == 0 ? 1 : size;
    }
    return made;
}

}  // namespace webhookpp::detail

#endif
