// SPDX-License-Identifier: MIT
// A date and time of day in a zone that is not told.
#ifndef WEBHOOKPP_LOCAL_TIME_HPP
#define WEBHOOKPP_LOCAL_TIME_HPP

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <webhookpp/detail/date_time.hpp>

namespace webhookpp {

/// What a wall clock shows, in the years 0000 to 9999: no instant until a zone is added, so it
/// neither converts to nor compares with `timestamp`.
class local_time {
public:
    /// 1970-01-01T00:00.
    constexpr local_time() noexcept = default;

    /// Reads `2024-06-01T15:00`, also with seconds and 1 to 9 digits of a fraction.
    ///
    /// Nothing is returned for dates that do not exist, and for text with a zone or an offset: that
    /// is an instant.
    [[nodiscard]] static constexpr std::optional<local_time> parse(std::string_view text) noexcept {
        const auto read = detail::take_date_and_minute(text);
        if (!read) return std::nullopt;
        local_time made;
        made.parts_ = *read;
        if (!text.empty() && !detail::take_second(text, made.parts_)) return std::nullopt;
        if (!text.empty()) return std::nullopt;
        return made;
    }

    /// As `parse` reads it; with seconds only where they are not zero.
    [[nodiscard]] std::string to_string() const {
        std::string text = detail::date_and_minute_text(parts_);
        if (parts_.second != 0 || parts_.nanosecond != 0) text += detail::second_text(parts_);
        return text;
    }

    [[nodiscard]] constexpr int year() const noexcept { return parts_.year; }      ///< 0 to 9999
    [[nodiscard]] constexpr int month() const noexcept { return parts_.month; }    ///< 1 to 12
    [[nodiscard]] constexpr int day() const noexcept { return parts_.day; }        ///< 1 to 31
    [[nodiscard]] constexpr int hour() const noexcept { return parts_.hour; }      ///< 0 to 23
    [[nodiscard]] constexpr int minute() const noexcept { return parts_.minute; }  ///< 0 to 59
    [[nodiscard]] constexpr int second() const noexcept { return parts_.second; }  ///< 0 to 59

    /// 0 to 999,999,999.
    [[nodiscard]] constexpr std::uint32_t nanosecond() const noexcept { return parts_.nanosecond; }

    /// This time as a `std::chrono` time point such as `std::chrono::local_seconds`, recognised by
    /// its shape. Fractions that it cannot hold are cut off; beyond its range it is the first or
    /// last that it can hold.
    template <class TimePoint>
    [[nodiscard]] constexpr TimePoint as() const {
        return detail::time_point_from<TimePoint>(seconds_from_1970(), parts_.nanosecond);
    }

    friend constexpr bool operator==(const local_time& left, const local_time& right) noexcept {
        return left.seconds_from_1970() == right.seconds_from_1970() &&
               left.parts_.nanosecond == right.parts_.nanosecond;
    }
    friend constexpr std::strong_ordering operator<=>(const local_time& left,
                                                      const local_time& right) noexcept {
        const std::int64_t one = left.seconds_from_1970();
        const std::int64_t other = right.seconds_from_1970();
        return one == other ? left.parts_.nanosecond <=> right.parts_.nanosecond : one <=> other;
    }

private:
    [[nodiscard]] constexpr std::int64_t seconds_from_1970() const noexcept {
        return detail::seconds_from_1970(parts_);
    }

    detail::date_time parts_;
};

}  // namespace webhookpp

#endif
