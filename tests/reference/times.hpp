// SPDX-License-Identifier: MIT
// Times once more, slowly: years and months are counted one by one.
#ifndef WEBHOOKPP_TESTS_REFERENCE_TIMES_HPP
#define WEBHOOKPP_TESTS_REFERENCE_TIMES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reference {

/// Seconds since 1970 and the nanoseconds after them.
struct instant {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;

    friend bool operator==(const instant&, const instant&) = default;
};

inline bool is_leap_year(std::int64_t year) {
    if (year % 400 == 0) return true;
    return year % 100 != 0 && year % 4 == 0;
}

inline std::int64_t days_of_month(std::int64_t year, std::int64_t month) {
    if (month == 2) return is_leap_year(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// The days from 0000-01-01 to the beginning of `year`.
inline std::int64_t days_before_year(std::int64_t year) {
    static const auto table = [] {
        std::array<std::int64_t, 10'001> days{};
        for (std::size_t i = 1; i < days.size(); ++i) {
            days[i] = days[i - 1] + (is_leap_year(static_cast<std::int64_t>(i) - 1) ? 366 : 365);
        }
        return days;
    }();
    return table[static_cast<std::size_t>(year)];
}

/// Whether `text` looks like `pattern`, where 9 stands for any digit, and T and Z are either case.
inline bool looks_like(std::string_view text, std::string_view pattern) {
    if (text.size() != pattern.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool good = pattern[i] == '9'   ? c >= '0' && c <= '9'
                          : pattern[i] == 'T' ? c == 'T' || c == 't'
                          : pattern[i] == 'Z' ? c == 'Z' || c == 'z'
                          : pattern[i] == '+' ? c == '+' || c == '-'
                                              : c == pattern[i];
        if (!good) return false;
    }
    return true;
}

inline std::int64_t number_at(std::string_view text, std::size_t at, std::size_t digits) {
    return std::stoll(std::string(text.substr(at, digits)));
}

/// RFC 3339, without leap seconds, in the years 0000 to 9999 of UTC.
inline std::optional<instant> from_rfc3339(std::string_view text) {
    const std::size_t zone_size = text.ends_with('Z') || text.ends_with('z') ? 1 : 6;
    if (text.size() < 19 + zone_size) return std::nullopt;
    const std::string_view zone = text.substr(text.size() - zone_size);
    text.remove_suffix(zone_size);
    std::string fraction;
    if (text.size() > 19) {
        fraction = text.substr(19);
        text = text.substr(0, 19);
        if (fraction.size() < 2 || fraction.size() > 10) return std::nullopt;
        if (!looks_like(fraction, "." + std::string(fraction.size() - 1, '9'))) return std::nullopt;
        fraction.erase(0, 1);
    }
    if (!looks_like(text, "9999-99-99T99:99:99")) return std::nullopt;
    if (!looks_like(zone, "Z") && !looks_like(zone, "+99:99")) return std::nullopt;

    const std::int64_t year = number_at(text, 0, 4);
    const std::int64_t month = number_at(text, 5, 2);
    const std::int64_t day = number_at(text, 8, 2);
    const std::int64_t hour = number_at(text, 11, 2);
    const std::int64_t minute = number_at(text, 14, 2);
    const std::int64_t second = number_at(text, 17, 2);
    if (month < 1 || month > 12 || day < 1 || day > days_of_month(year, month)) return std::nullopt;
    if (hour > 23 || minute > 59 || second > 59) return std::nullopt;

    std::int64_t days = days_before_year(year) - days_before_year(1970) + day - 1;
    for (std::int64_t each = 1; each < month; ++each) days += days_of_month(year, each);
    instant read;
    read.seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    if (zone.size() == 6) {
        const std::int64_t hours = number_at(zone, 1, 2);
        const std::int64_t minutes = number_at(zone, 4, 2);
        if (hours > 23 || minutes > 59) return std::nullopt;
        // East of Greenwich clocks show more than UTC.
        read.seconds -= (zone[0] == '+' ? 1 : -1) * (hours * 60 + minutes) * 60;
    }
    const std::int64_t first = -days_before_year(1970) * 86'400;
    const std::int64_t behind = (days_before_year(10'000) - days_before_year(1970)) * 86'400;
    if (read.seconds < first || read.seconds >= behind) return std::nullopt;
    fraction.resize(9, '0');
    read.nanoseconds = std::stoll(fraction);
    return read;
}

/// A number of 1 to `most` digits without leading zero.
inline std::optional<std::int64_t> from_digits(std::string_view text, std::size_t most) {
    if (text.empty() || text.size() > most) return std::nullopt;
    if (!looks_like(text, std::string(text.size(), '9'))) return std::nullopt;
    const std::int64_t number = std::stoll(std::string(text));
    return std::to_string(number) == text ? std::optional(number) : std::nullopt;
}

}  // namespace reference

#endif
