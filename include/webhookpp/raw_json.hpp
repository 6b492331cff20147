// SPDX-License-Identifier: MIT
// A part of a body that is kept as JSON text.
#ifndef WEBHOOKPP_RAW_JSON_HPP
#define WEBHOOKPP_RAW_JSON_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace webhookpp {

/// The JSON text of one value of any kind, for what a provider leaves open. In a decoded event it
/// is well-formed and stands here byte for byte as it was sent, without white space around it; read
/// it with any JSON library.
class raw_json {
public:
    /// `null`.
    raw_json() = default;

    /// `text`, which has to be one JSON value. It is checked when it is encoded.
    explicit raw_json(std::string text) noexcept : text_(std::move(text)) {}

    /// The text. Valid as long as this lives unchanged.
    [[nodiscard]] std::string_view text() const noexcept {
        return text_.empty() ? std::string_view("null") : text_;
    }

    /// Whether it is `null`.
    [[nodiscard]] bool is_null() const noexcept { return text() == "null"; }
    /// Whether it is an object.
    [[nodiscard]] bool is_object() const noexcept { return first() == '{'; }
    /// Whether it is an array.
    [[nodiscard]] bool is_array() const noexcept { return first() == '['; }
    /// Whether it is a string.
    [[nodiscard]] bool is_text() const noexcept { return first() == '"'; }

    /// Compares the text.
    friend bool operator==(const raw_json& left, const raw_json& right) noexcept {
        return left.text() == right.text();
    }

private:
    [[nodiscard]] char first() const noexcept {
        const std::size_t at = text_.find_first_not_of(" \t\r\n");
        return at == std::string::npos ? 'n' : text_[at];
    }

    std::string text_;
};

}  // namespace webhookpp

#endif
