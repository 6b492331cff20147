// An instant in time, as events carry them.
#ifndef WEBHOOKPP_TIMESTAMP_HPP
#define WEBHOOKPP_TIMESTAMP_HPP

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace webhookpp {

/// An instant in UTC with nanoseconds, in the years 0000 to 9999. Compares as an instant, whatever
/// offset it was written with.
class timestamp {
public:
    /// 1970-01-01T00:00:00Z.
    constexpr timestamp() noexcept = default;

    /// `unix_seconds` and `nanoseconds` (0 to 999,999,999) after that.
    constexpr timestamp(std::int64_t unix_seconds, std::uint32_t nanoseconds) noexcept
        : seconds_(unix_seconds), nanoseconds_(nanoseconds) {}

    /// Reads RFC 3339 date and time: `2024-01-10T10:03:02.147433Z`, with 0 to 9 digits of a
    /// fraction and `Z` or an offset such as `+02:00`.
    ///
    /// Nothing is returned for text without an offset (that is a local time, not an instant), for
    /// dates that do not exist, for leap seconds, and beyond the years 0000 to 9999.
    [[nodiscard]] static constexpr std::optional<timestamp> parse(std::string_view text) noexcept;

    /// RFC 3339 with `Z` and 0, 3, 6 or 9 digits of a fraction, as few as hold all of it.
    [[nodiscard]] std::string to_string() const;

    [[nodiscard]] constexpr std::int64_t unix_seconds() const noexcept { return seconds_; }
    [[nodiscard]] constexpr std::uint32_t nanoseconds() const noexcept { return nanoseconds_; }

    /// This instant as a `std::chrono` time point such as `std::chrono::sys_seconds`, recognised by
    /// its shape; what it cannot hold is cut off. The time point must be able to hold the year.
    template <class TimePoint>
    [[nodiscard]] constexpr TimePoint as() const {
        using duration = typename TimePoint::duration;
        using period = typename duration::period;
        static_assert(period::num == 1, "ask for a time point of seconds or finer");
        using rep = typename duration::rep;
        return TimePoint(duration(static_cast<rep>(seconds_) * static_cast<rep>(period::den) +
                                  static_cast<rep>(nanoseconds_ * period::den / 1'000'000'000)));
    }

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the default for a null pointer
    friend constexpr auto operator<=>(const timestamp&, const timestamp&) noexcept = default;

private:
    std::int64_t seconds_ = 0;
    std::uint32_t nanoseconds_ = 0;
};

namespace detail {

inline constexpr std::int64_t first_second = -62'167'219'200;  // 0000-01-01T00:00:00Z
inline constexpr std::int64_t last_second = 253'402'300'799;   // 9999-12-31T23:59:59Z

// Days from 1970-01-01 to a date of the proleptic Gregorian calendar, with years that begin in
// March so that the leap day comes last.
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

// The number in exactly `count` digits at `position`; -1 if others stand there.
[[nodiscard]] constexpr int digits_at(std::string_view text, std::size_t position,
                                      std::size_t count) noexcept {
    if (position > text.size() || count > text.size() - position) return -1;
    int value = 0;
    for (const char c : text.substr(position, count)) {
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

// The seconds that "Z" or "+hh:mm" stands for.
[[nodiscard]] constexpr std::optional<int> parse_offset(std::string_view text) noexcept {
    if (text == "Z" || text == "z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') {
        return std::nullopt;
    }
    const int hours = digits_at(text, 1, 2);
    const int minutes = digits_at(text, 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    return (text[0] == '-' ? -60 : 60) * (hours * 60 + minutes);
}

}  // namespace detail

constexpr std::optional<timestamp> timestamp::parse(std::string_view text) noexcept {
    // 2024-01-10T10:03:02 has 19 characters.
    const auto is = [&text](std::size_t position, char upper, char lower) {
        return text[position] == upper || text[position] == lower;
    };
    if (text.size() < 20 || !is(4, '-', '-') || !is(7, '-', '-') || !is(10, 'T', 't') ||
        !is(13, ':', ':') || !is(16, ':', ':')) {
        return std::nullopt;
    }
    const int year = detail::digits_at(text, 0, 4);
    const int month = detail::digits_at(text, 5, 2);
    const int day = detail::digits_at(text, 8, 2);
    const int hour = detail::digits_at(text, 11, 2);
    const int minute = detail::digits_at(text, 14, 2);
    const int second = detail::digits_at(text, 17, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 ||
        day > detail::days_in_month(year, month) || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 59) {
        return std::nullopt;
    }

    std::string_view rest = text.substr(19);
    std::uint32_t nanoseconds = 0;
    if (rest[0] == '.') {
        std::size_t digits = 1;
        std::uint32_t unit = 100'000'000;
        for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits) {
            if (digits > 9) return std::nullopt;
            nanoseconds += static_cast<std::uint32_t>(rest[digits] - '0') * unit;
            unit /= 10;
        }
        if (digits == 1) return std::nullopt;
        rest.remove_prefix(digits);
    }
    const auto offset = detail::parse_offset(rest);
    if (!offset) return std::nullopt;
    const std::int64_t of_day = std::int64_t{hour} * 3600 + std::int64_t{minute} * 60 + second;
    const std::int64_t seconds =
        detail::days_from_date(year, month, day) * 86'400 + of_day - *offset;
    if (seconds < detail::first_second || seconds > detail::last_second) return std::nullopt;
    return timestamp(seconds, nanoseconds);
}

inline std::string timestamp::to_string() const {
    const std::int64_t seconds = seconds_ < detail::first_second  ? detail::first_second
                                 : seconds_ > detail::last_second ? detail::last_second
                                                                  : seconds_;
    const std::int64_t of_day = ((seconds % 86'400) + 86'400) % 86'400;
    const std::int64_t days = (seconds - of_day) / 86'400;
    // Inverse of days_from_date: find the year, then the month, by narrowing down.
    auto year = static_cast<int>(1970 + days / 366);
    while (detail::days_from_date(year + 1, 1, 1) <= days) ++year;
    while (detail::days_from_date(year, 1, 1) > days) --year;
    int month = 12;
    while (detail::days_from_date(year, month, 1) > days) --month;
    const auto day = static_cast<int>(days - detail::days_from_date(year, month, 1) + 1);

    std::string text;
    const auto add = [&text](std::int64_t number, std::size_t width, const char* after) {
        const std::string digits = std::to_string(number);
        if (digits.size() < width) text.append(width - digits.size(), '0');
        text.append(digits).append(after);
    };
    add(year, 4, "-");
    add(month, 2, "-");
    add(day, 2, "T");
    add(of_day / 3600, 2, ":");
    add(of_day / 60 % 60, 2, ":");
    add(of_day % 60, 2, "");
    if (nanoseconds_ != 0) {
        text += '.';
        if (nanoseconds_ % 1'000'000 == 0) {
            add(nanoseconds_ / 1'000'000, 3, "");
        } else if (nanoseconds_ % 1000 == 0) {
            add(nanoseconds_ / 1000, 6, "");
        } else {
            add(nanoseconds_, 9, "");
        }
    }
    text += 'Z';
    return text;
}

}  // namespace webhookpp

#endif
