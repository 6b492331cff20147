// SPDX-License-Identifier: MIT
// Headers once more, slowly: which values a request has under a name.
#ifndef WEBHOOKPP_TESTS_REFERENCE_HEADERS_HPP
#define WEBHOOKPP_TESTS_REFERENCE_HEADERS_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reference {

using header_list = std::vector<std::pair<std::string, std::string>>;

/// `text` with the letters A to Z in lower case.
inline std::string in_lower_case(std::string_view text) {
    std::string lower;
    for (const char c : text) {
        const std::size_t at = std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZ").find(c);
        lower += at == std::string_view::npos ? c : "abcdefghijklmnopqrstuvwxyz"[at];
    }
    return lower;
}

/// `text` without spaces and tabs at both ends.
inline std::string without_blanks(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

/// Cuts `text` at each `separator`.
inline std::vector<std::string> cut_at(std::string_view text, char separator) {
    std::vector<std::string> pieces(1);
    for (const char c : text) {
        if (c == separator) {
            pieces.emplace_back();
        } else {
            pieces.back() += c;
        }
    }
    return pieces;
}

/// What a request says under one name.
struct field {
    enum class state { missing, single, duplicate, too_large };

    state which = state::missing;
    std::string value = {};  ///< of a single one
};

inline field find_field(const header_list& headers, std::string_view name, std::size_t limit) {
    std::vector<std::string> values;
    bool too_large = false;
    for (const auto& [each, value] : headers) {
        if (in_lower_case(each) != in_lower_case(name)) continue;
        const std::string trimmed = without_blanks(value);
        if (trimmed.empty()) continue;
        too_large = too_large || trimmed.size() > limit;
        bool known = false;
        for (const std::string& other : values) known = known || other == trimmed;
        if (!known) values.push_back(trimmed);
    }
    if (too_large) return {field::state::too_large};
    if (values.empty()) return {field::state::missing};
    if (values.size() > 1) return {field::state::duplicate};
    return {field::state::single, values[0]};
}

}  // namespace reference

#endif
