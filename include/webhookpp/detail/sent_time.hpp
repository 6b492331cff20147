// SPDX-License-Identifier: MIT
// The time of sending, as schemes write it.
#ifndef WEBHOOKPP_DETAIL_SENT_TIME_HPP
#define WEBHOOKPP_DETAIL_SENT_TIME_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <webhookpp/scheme.hpp>
#include <webhookpp/timestamp.hpp>

namespace webhookpp::detail {

/// A number of 1 to `digits` digits (at most 18). No leading zero: then the text that was signed
/// and the number that is compared mean the same in every implementation.
[[nodiscard]] constexpr std::optional<std::int64_t> parse_digits(std::string_view text,
                                                                 std::size_t digits) noexcept {
    if (text.empty() || text.size() > digits || (text.size() > 1 && text[0] == '0')) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') return std::nullopt;
        value = value * 10 + (digit - '0');
    }
    return value;
}

/// Whether the timestamp stands in the content beside a part that is no literal, so that digits
/// could change sides.
[[nodiscard]] constexpr bool has_open_timestamp(const signed_content& content) noexcept {
    using part = content_part::kind;
    const auto open = [&content](std::size_t i) {
        return i < content.count && content.parts[i].which != part::literal;
    };
    for (std::size_t i = 0; i < content.count; ++i) {
        if (content.parts[i].which == part::timestamp && (open(i + 1) || (i > 0 && open(i - 1)))) {
            return true;
        }
    }
    return false;
}

/// The Unix seconds that `text` stands for in the form of `described`; nothing if it has another.
[[nodiscard]] constexpr std::optional<std::int64_t> parse_sent_time(
    const scheme& described, std::string_view text) noexcept {
    if (described.timestamp.format == time_format::rfc3339) {
        const auto instant = timestamp::parse(text);
        return instant ? std::optional(instant->unix_seconds()) : std::nullopt;
    }
    const bool milliseconds = described.timestamp.format == time_format::milliseconds;
    if (has_open_timestamp(described.content) && text.size() != (milliseconds ? 13U : 10U)) {
        return std::nullopt;
    }
    const auto number = parse_digits(text, milliseconds ? 15 : 12);
    return number && milliseconds ? std::optional(*number / 1000) : number;
}

/// `unix_seconds` in the form of `described`.
[[nodiscard]] inline std::string sent_time_text(const scheme& described,
                                                std::int64_t unix_seconds) {
    switch (described.timestamp.format) {
        case time_format::rfc3339: return timestamp(unix_seconds, 0).to_string();
        case time_format::milliseconds:
            return unix_seconds == 0 ? "0" : std::to_string(unix_seconds).append("000");
        case time_format::seconds: break;
    }
    return std::to_string(unix_seconds);
}

}  // namespace webhookpp::detail

#endif
