// SPDX-License-Identifier: MIT
// Numbers that no double can hold: well-formed JSON that parsers refuse to convert.
#ifndef WEBHOOKPP_JSON_OVERSIZED_NUMBERS_HPP
#define WEBHOOKPP_JSON_OVERSIZED_NUMBERS_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace webhookpp::json {

/// A JSON text in which every number that a double cannot hold is replaced by 0, and which numbers
/// these are, counted from 0 in the order of the text. Such a number matters only where a described
/// member has it; elsewhere it must not make a whole body unreadable.
struct without_oversized_numbers {
    std::string text;                   ///< the text with the zeros in it
    std::vector<std::size_t> replaced;  ///< which numbers they replace
};

namespace detail {

// Takes one number of the JSON grammar from the front of `rest`; empty if none stands there.
[[nodiscard]] inline std::string_view take_number(std::string_view& rest) {
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t first = at;
        while (at < rest.size() && rest[at] >= '0' && rest[at] <= '9') ++at;
        return at > first;
    };
    const auto skip = [&](std::string_view any_of) {
        if (at == rest.size() || any_of.find(rest[at]) == std::string_view::npos) return false;
        ++at;
        return true;
    };
    skip("-");
    bool good = digits();
    if (skip(".")) good = digits() && good;
    if (skip("eE")) {
        skip("+-");
        good = digits() && good;
    }
    const auto number = rest.substr(0, at);
    rest.remove_prefix(at);
    return good ? number : std::string_view();
}

// Whether `number`, of the JSON grammar, rounds to infinity. Decided on the decimal digits: no
// conversion function does it without errno or the locale.
[[nodiscard]] inline bool is_oversized(std::string_view number) {
    std::string digits;
    std::int64_t magnitude = 0;  // the number is 0.digits times 10 to this power
    bool fraction = false;
    std::size_t at = 0;
    for (; at < number.size() && number[at] != 'e' && number[at] != 'E'; ++at) {
        if (number[at] == '-') continue;
        if (number[at] == '.') {
            fraction = true;
            continue;
        }
        if (number[at] == '0' && digits.empty()) {
            magnitude -= fraction ? 1 : 0;
            continue;
        }
        digits += number[at];
        magnitude += fraction ? 0 : 1;
    }
    if (digits.empty()) return false;
    if (at < number.size()) {
        const bool negative = number[++at] == '-';
        if (number[at] == '-' || number[at] == '+') ++at;
        std::int64_t exponent = 0;
        for (; at < number.size() && exponent < INT64_MAX / 100; ++at) {
            exponent = exponent * 10 + (number[at] - '0');
        }
        magnitude += negative ? -exponent : exponent;
    }
    // 2^1024 - 2^970, the smallest number that is nearer to 2^1024 than to the largest double.
    static constexpr std::string_view infinite =
        "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490"
        "1797758720709633028641669288791094655554785194040263065748867150582068190890200070838367"
        "6273854845817711531764475730270069855571366959622842914819860834936475292719074168444365"
        "510704342711559699508093042880177904174497792";
    if (magnitude != std::int64_t{infinite.size()}) {
        return magnitude > std::int64_t{infinite.size()};
    }
    return std::string_view(digits).substr(0, infinite.size()) >= infinite;
}

}  // namespace detail

/// Replaces the oversized numbers of `text`, in one pass and without changing its length. What is
/// not of the JSON grammar stays as it is.
[[nodiscard]] inline without_oversized_numbers replace_oversized_numbers(std::string_view text) {
    without_oversized_numbers out{std::string(text), {}};
    std::size_t numbers = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (in_string) {
            if (c == '\\') ++at;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            std::string_view rest = text.substr(at);
            const std::size_t before = rest.size();
            const auto number = detail::take_number(rest);
            if (detail::is_oversized(number)) {
                out.text.replace(at, number.size(), number.size(), ' ');
                out.text[at] = '0';
                out.replaced.push_back(numbers);
            }
            ++numbers;
            at += before - rest.size() - 1;
        }
    }
    return out;
}

}  // namespace webhookpp::json

#endif
