// SPDX-License-Identifier: MIT
// Dates and times of day in the form of ISO 8601, which instants and local times share.
#ifndef WEBHOOKPP_DETAIL_DATE_TIME_HPP
#define WEBHOOKPP_DETAIL_DATE_TIME_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace webhookpp::detail {

/// A date of the proleptic Gregorian calendar and a time of day, without zone.
struct date_time {
    int year = 1970;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    std::uint32_t nanosecond = 0;
};

/// Days from 1970-01-01 to a date, with years that begin in March so that the leap day comes last.
[[nodiscard]] constexpr std::int64_t days_from_date(int year, int month, int day) noexcept {
    const int from_march = (month + 9) % 12;
    const std::int64_t shifted = std::int64_t{year} + 400 - (month < 3 ? 1 : 0);
    const std::int64_t day_of_year = (153 * from_march + 2) / 5 + day - 1;
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + day_of_year - 865'565;
}

[[nodiscard]] constexpr int days_in_month(int year, int month) noexcept {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// The number in the two digits at `position`, which `text` must reach beyond; -1 if others stand
/// there.
[[nodiscard]] constexpr int two_digits_at(std::string_view text, std::size_t position) noexcept {
    const int tens = text[position] - '0';
    const int ones = text[position + 1] - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

/// Takes `2024-01-10T10:03` from the front of `text`; nothing if no date that exists stands there.
[[nodiscard]] constexpr std::optional<date_time> take_date_and_minute(
    std::string_view& text) noexcept {
    constexpr std::size_t size = 16;
    if (text.size() < size || text[4] != '-' || text[7] != '-' ||
        (text[10] != 'T' && text[10] != 't') || text[13] != ':') {
        return std::nullopt;
    }
    const int century = two_digits_at(text, 0);
    const int year = two_digits_at(text, 2);
    date_time read;
    read.year = century * 100 + year;
    read.month = two_digits_at(text, 5);
    read.day = two_digits_at(text, 8);
    read.hour = two_digits_at(text, 11);
    read.minute = two_digits_at(text, 14);
    if (century < 0 || year < 0 || read.month < 1 || read.month > 12 || read.day < 1 ||
        read.day > days_in_month(read.year, read.month) || read.hour < 0 || read.hour > 23 ||
        read.minute < 0 || read.minute > 59) {
        return std::nullopt;
    }
    text.remove_prefix(size);
    return read;
}

/// Takes `:02` and a fraction of 1 to 9 digits, if there is one, from the front of `text`. Returns
/// whether that stood there. Leap seconds are not known.
[[nodiscard]] constexpr bool take_second(std::string_view& text, date_time& read) noexcept {
    if (text.size() < 3 || text[0] != ':') return false;
    read.second = two_digits_at(text, 1);
    if (read.second < 0 || read.second > 59) return false;
    text.remove_prefix(3);
    if (text.empty() || text[0] != '.') return true;
    std::size_t digits = 1;
    std::uint32_t unit = 100'000'000;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        if (digits > 9) return false;
        read.nanosecond += static_cast<std::uint32_t>(text[digits] - '0') * unit;
        unit /= 10;
    }
    text.remove_prefix(digits);
    return digits > 1;
}

[[nodiscard]] constexpr std::int64_t seconds_from_1970(const date_time& from) noexcept {
    return days_from_date(from.year, from.month, from.day) * 86'400 +
           std::int64_t{from.hour} * 3600 + std::int64_t{from.minute} * 60 + from.second;
}

/// A `std::chrono` time point, recognised by its shape; fractions that it cannot hold are cut off,
/// and a time beyond its range becomes its first or last.
template <class TimePoint>
[[nodiscard]] constexpr TimePoint time_point_from(std::int64_t seconds, std::uint32_t nanosecond) {
    using duration = typename TimePoint::duration;
    using period = typename duration::period;
    using rep = typename duration::rep;
    static_assert(period::num == 1, "ask for a time point of seconds or finer");
    if constexpr (std::is_integral_v<rep>) {
        // One second of room for the fraction.
        constexpr std::int64_t last =
            (TimePoint::max)().time_since_epoch().count() / period::den - 1;
        if (seconds > last) return (TimePoint::max)();
        if (seconds < -last) return (TimePoint::min)();
    }
    return TimePoint(duration(static_cast<rep>(seconds) * static_cast<rep>(period::den) +
                              static_cast<rep>(nanosecond * period::den / 1'000'000'000)));
}

inline void append_digits(std::string& text, std::int64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    if (digits.size() < width) text.append(width - digits.size(), '0');
    text.append(digits);
}

/// `2024-01-10T10:03`
[[nodiscard]] inline std::string date_and_minute_text(const date_time& from) {
    std::string text;
    append_digits(text, from.year, 4);
    for (const auto& [mark, number] : {std::pair{'-', from.month}, std::pair{'-', from.day},
                                       std::pair{'T', from.hour}, std::pair{':', from.minute}}) {
        append_digits(text += mark, number, 2);
    }
    return text;
}

/// `:02`, and 3, 6 or 9 digits of a fraction if there is one, as few as hold all of it.
[[nodiscard]] inline std::string second_text(const date_time& from) {
    std::string text = ":";
    append_digits(text, from.second, 2);
    if (from.nanosecond == 0) return text;
    text += '.';
    if (from.nanosecond % 1'000'000 == 0) {
        append_digits(text, from.nanosecond / 1'000'000, 3);
    } else if (from.nanosecond % 1000 == 0) {
        append_digits(text, from.nanosecond / 1000, 6);
    } else {
        append_digits(text, from.nanosecond, 9);
    }
    return text;
}

}  // namespace webhookpp::detail

#endif
