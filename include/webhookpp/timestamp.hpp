// SPDX-License-Identifier: MIT
// An instant in time, as events carry them.
#ifndef WEBHOOKPP_TIMESTAMP_HPP
#define WEBHOOKPP_TIMESTAMP_HPP

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <webhookpp/detail/date_time.hpp>

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

    /// Whole seconds since 1970, rounded down.
    [[nodiscard]] constexpr std::int64_t unix_seconds() const noexcept { return seconds_; }
    /// What is beyond these: 0 to 999,999,999.
    [[nodiscard]] constexpr std::uint32_t nanoseconds() const noexcept { return nanoseconds_; }

    /// This instant as a `std::chrono` time point such as `std::chrono::sys_seconds`, recognised by
    /// its shape. Fractions that it cannot hold are cut off; beyond its range it is the first or
    /// last that it can hold.
    template <class TimePoint>
    [[nodiscard]] constexpr TimePoint as() const {
        return detail::time_point_from<TimePoint>(seconds_, nanoseconds_);
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

// The seconds that "Z" or "+hh:mm" stands for.
[[nodiscard]] constexpr std::optional<int> parse_offset(std::string_view text) noexcept {
    if (text == "Z" || text == "z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') {
        return std::nullopt;
    }
    const int hours = two_digits_at(text, 1);
    const int minutes = two_digits_at(text, 4);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    return (text[0] == '-' ? -60 : 60) * (hours * 60 + minutes);
}

}  // namespace detail

constexpr std::optional<timestamp> timestamp::parse(std::string_view text) noexcept {
    auto read = detail::take_date_and_minute(text);
    if (!read || !detail::take_second(text, *read)) return std::nullopt;
    const auto offset = detail::parse_offset(text);
    if (!offset) return std::nullopt;
    const std::int64_t seconds = detail::seconds_from_1970(*read) - *offset;
    if (seconds < detail::first_second || seconds > detail::last_second) return std::nullopt;
    return timestamp(seconds, read->nanosecond);
}

inline std::string timestamp::to_string() const {
    const std::int64_t seconds = seconds_ < detail::first_second  ? detail::first_second
                                 : seconds_ > detail::last_second ? detail::last_second
                                                                  : seconds_;
    const auto of_day = static_cast<int>(((seconds % 86'400) + 86'400) % 86'400);
    const std::int64_t days = (seconds - of_day) / 86'400;
    detail::date_time parts;
    // Inverse of days_from_date. A year begins at most 1.5 days after, and 0.8 days before, what
    // the average of 400 years (146,097 days) says: a day less gives the year or the one before it.
    parts.year = static_cast<int>((days + 719'527) * 400 / 146'097);
    if (detail::days_from_date(parts.year + 1, 1, 1) <= days) ++parts.year;
    parts.month = 12;
    while (detail::days_from_date(parts.year, parts.month, 1) > days) --parts.month;
    parts.day = static_cast<int>(days - detail::days_from_date(parts.year, parts.month, 1) + 1);
    parts.hour = of_day / 3600;
    parts.minute = of_day / 60 % 60;
    parts.second = of_day % 60;
    parts.nanosecond = nanoseconds_;
    return detail::date_and_minute_text(parts) + detail::second_text(parts) + 'Z';
}

}  // namespace webhookpp

#endif
