// SPDX-License-Identifier: MIT
// Forms and queries once more, slowly.
#ifndef WEBHOOKPP_TESTS_REFERENCE_FORMS_HPP
#define WEBHOOKPP_TESTS_REFERENCE_FORMS_HPP

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "encodings.hpp"
#include "headers.hpp"

namespace reference {

/// `text` with `%41` decoded where `wanted(byte)`.
template <class Wanted>
std::string percent_decoded(std::string_view text, Wanted wanted) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = text[i] == '%' && i + 3 <= text.size()
                              ? from_hex(in_lower_case(text.substr(i + 1, 2)))
                              : std::nullopt;
        if (byte && wanted((*byte)[0])) {
            decoded += *byte;
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

inline std::string form_decoded(std::string text) {
    for (char& c : text) {
        if (c == '+') c = ' ';
    }
    return percent_decoded(text, [](char) { return true; });
}

/// Names and values of a form as Twilio signs them: sorted, equal fields once. Nothing for more
/// than `limit` texts between ampersands.
inline std::optional<std::string> sorted_fields(std::string_view body, std::size_t limit) {
    auto texts = cut_at(body, '&');
    if (texts.back().empty()) texts.pop_back();
    if (texts.size() > limit) return std::nullopt;
    std::set<std::pair<std::string, std::string>> fields;
    for (const std::string& text : texts) {
        if (text.empty()) continue;
        const std::size_t equals = text.find('=');
        const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
        fields.emplace(form_decoded(text.substr(0, equals)), form_decoded(value));
    }
    std::string all;
    for (const auto& [name, value] : fields) all += name + value;
    return all;
}

/// The values, not empty, of the members called `name` in the query of `target`.
inline std::vector<std::string> query_values(std::string_view target, std::string_view name) {
    std::vector<std::string> values;
    const std::size_t question = target.find('?');
    if (question == std::string_view::npos) return values;
    for (const std::string& member : cut_at(target.substr(question + 1), '&')) {
        const std::size_t equals = member.find('=');
        if (equals == std::string::npos || member.substr(0, equals) != name) continue;
        if (equals + 1 < member.size()) values.push_back(member.substr(equals + 1));
    }
    return values;
}

}  // namespace reference

#endif
