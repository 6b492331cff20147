// SPDX-License-Identifier: MIT
// Writes JSON text in other ways, as parsers and writers on the way of a body do.
#ifndef WEBHOOKPP_DETAIL_JSON_SPELLING_HPP
#define WEBHOOKPP_DETAIL_JSON_SPELLING_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <webhookpp/crypto/hex.hpp>

namespace webhookpp::detail {

/// How the white space between the tokens is written.
struct json_layout {
    std::string_view comma = ",";
    std::string_view colon = ":";
    std::string_view indent = {};  ///< for each level, on lines of their own; empty: on one line
    bool as_it_is = false;
};

/// How the characters of texts are written.
struct json_texts {
    enum class other_characters : std::uint8_t { as_they_are, plain, escaped };

    other_characters beyond_ascii = other_characters::as_they_are;
    bool escapes_slashes = false;  ///< `\/`; otherwise `/`, unless texts are left as they are
    bool escapes_html = false;     ///< `<`, `>` and `&` as `\u003c`

    /// Whether texts are copied.
    [[nodiscard]] constexpr bool as_they_are() const noexcept {
        return beyond_ascii == other_characters::as_they_are && !escapes_slashes && !escapes_html;
    }
};

/// Rewrites JSON text token by token: numbers, and the order of members, stay as they are.
class json_rewriter {
public:
    /// The deepest nesting that is written on lines of its own.
    static constexpr std::size_t max_depth = 64;

    json_rewriter(const json_layout& layout, const json_texts& texts, std::size_t most_bytes)
        : layout_(layout), texts_(texts), most_bytes_(most_bytes) {}

    /// `text` written anew; nothing if it is no JSON object or array at the first glance, or would
    /// have too many bytes.
    [[nodiscard]] std::optional<std::string> rewrite(std::string_view text) {
        constexpr std::string_view blanks = " \t\r\n";
        const std::size_t begin = text.find_first_not_of(blanks);
        if (begin == std::string_view::npos || (text[begin] != '{' && text[begin] != '['))
            return std::nullopt;
        out_.clear();
        out_.reserve(text.size());
        for (std::size_t i = 0; i < text.size();) {
            if (out_.size() > most_bytes_) return std::nullopt;
            if (text[i] == '"') {
                const std::size_t end = end_of_text(text, i);
                if (end == std::string_view::npos) return std::nullopt;
                write_text(text.substr(i, end - i));
                i = end;
            } else if (layout_.as_it_is) {
                out_ += text[i++];
            } else if (blanks.find(text[i]) != std::string_view::npos) {
                ++i;
            } else if (!write_punctuation(text, i)) {
                return std::nullopt;
            }
        }
        if (depth_ != 0) return std::nullopt;
        return std::move(out_);
    }

private:
    // Behind the closing quotation mark.
    static std::size_t end_of_text(std::string_view text, std::size_t begin) noexcept {
        for (std::size_t i = begin + 1; i < text.size(); ++i) {
            if (text[i] == '\\') {
                ++i;
            } else if (text[i] == '"') {
                return i + 1;
            }
        }
        return std::string_view::npos;
    }

    void write_line_break() {
        if (layout_.indent.empty()) return;
        out_ += '\n';
        for (std::size_t i = 0; i < depth_; ++i) out_ += layout_.indent;
    }

    // Writes the token at `i`, and goes behind it.
    [[nodiscard]] bool write_punctuation(std::string_view text, std::size_t& i) {
        const char c = text[i++];
        if (c == '{' || c == '[') {
            out_ += c;
            const std::size_t next = text.find_first_not_of(" \t\r\n", i);
            if (next != std::string_view::npos && (text[next] == '}' || text[next] == ']')) {
                out_ += text[next];
                i = next + 1;
            } else {
                if (++depth_ > max_depth && !layout_.indent.empty()) return false;
                write_line_break();
            }
        } else if (c == '}' || c == ']') {
            if (depth_ == 0) return false;
            --depth_;
            write_line_break();
            out_ += c;
        } else if (c == ',') {
            out_ += layout_.comma;
            write_line_break();
        } else if (c == ':') {
            out_ += layout_.colon;
        } else {
            out_ += c;
        }
        return true;
    }

    void write_escape(std::uint32_t unit) {
        const unsigned char bytes[2] = {static_cast<unsigned char>(unit >> 8U),
                                        static_cast<unsigned char>(unit & 0xffU)};
        char digits[4];
        crypto::hex_encode(bytes, digits);
        out_.append("\\u").append(digits, sizeof digits);
    }

    void write_text(std::string_view text) {
        using other_characters = json_texts::other_characters;
        if (texts_.as_they_are()) {
            out_ += text;
            return;
        }
        for (std::size_t i = 0; i < text.size(); ++i) {
            const auto byte = static_cast<unsigned char>(text[i]);
            if (text[i] == '\\' && i + 1 < text.size()) {
                if (text[i + 1] == '/') continue;  // the slash is written next
                if (text[i + 1] == 'u' && texts_.beyond_ascii == other_characters::plain) {
                    i += write_plain(text.substr(i)) - 1;
                } else {
                    out_.append(text.substr(i++, 2));
                }
            } else if (text[i] == '/' && texts_.escapes_slashes) {
                out_ += "\\/";
            } else if (texts_.escapes_html &&
                       (text[i] == '<' || text[i] == '>' || text[i] == '&')) {
                write_escape(byte);
            } else if (byte >= 0x80 && texts_.beyond_ascii == other_characters::escaped) {
                i += write_escaped(text.substr(i)) - 1;
            } else {
                out_ += text[i];
            }
        }
    }

    // Writes the UTF-8 character that `text` begins with as escapes; returns how long it is.
    std::size_t write_escaped(std::string_view text) {
        const auto at = [&](std::size_t i) {
            return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
        };
        const std::size_t size = at(0) >= 0xf0 ? 4 : (at(0) >= 0xe0 ? 3 : 2);
        if (at(0) < 0xc0 || size > text.size()) {
            out_ += text[0];
            return 1;
        }
        std::uint32_t point = at(0) & (0xffU >> (size + 1));
        for (std::size_t i = 1; i < size; ++i) point = point << 6U | (at(i) & 0x3fU);
        if (point >= 0x10000) {
            write_escape(0xd800U + ((point - 0x10000U) >> 10U));
            write_escape(0xdc00U + ((point - 0x10000U) & 0x3ffU));
        } else {
            write_escape(point);
        }
        return size;
    }

    // Writes the escape or the pair of escapes that `text` begins with as UTF-8, unless it stands
    // for a control character, a quotation mark or a backslash; returns how long it is.
    std::size_t write_plain(std::string_view text) {
        const auto unit_at = [&](std::size_t i) -> std::optional<std::uint32_t> {
            unsigned char bytes[2];
            if (text.substr(i, 2) != "\\u" || text.size() < i + 6 ||
                !crypto::hex_decode(text.substr(i + 2, 4), bytes, crypto::hex_case::either)) {
                return std::nullopt;
            }
            return static_cast<std::uint32_t>(bytes[0]) << 8U | bytes[1];
        };
        const auto first = unit_at(0);
        if (!first || *first < 0x20 || *first == '"' || *first == '\\') {
            out_ += text.substr(0, 2);
            return 2;
        }
        std::size_t size = 6;
        std::uint32_t point = *first;
        if (const auto second = unit_at(6); point >= 0xd800 && point < 0xdc00 && second) {
            point = 0x10000U + ((point - 0xd800U) << 10U) + (*second & 0x3ffU);
            size = 12;
        }
        append_utf8(point);
        return size;
    }

    void append_utf8(std::uint32_t point) {
        const auto add = [&](std::uint32_t byte) { out_ += static_cast<char>(byte); };
        if (point < 0x80) return add(point);
        if (point < 0x800) {
            add(0xc0U | point >> 6U);
        } else if (point < 0x10000) {
            add(0xe0U | point >> 12U);
            add(0x80U | (point >> 6U & 0x3fU));
        } else {
            add(0xf0U | point >> 18U);
            add(0x80U | (point >> 12U & 0x3fU));
            add(0x80U | (point >> 6U & 0x3fU));
        }
        add(0x80U | (point & 0x3fU));
    }

    json_layout layout_;
    json_texts texts_;
    std::size_t most_bytes_;
    std::string out_;
    std::size_t depth_ = 0;
};

}  // namespace webhookpp::detail

#endif
