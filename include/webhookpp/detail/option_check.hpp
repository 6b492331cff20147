// SPDX-License-Identifier: MIT
// What options of guards and inboxes have to be like.
#ifndef WEBHOOKPP_DETAIL_OPTION_CHECK_HPP
#define WEBHOOKPP_DETAIL_OPTION_CHECK_HPP

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <webhookpp/detail/characters.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/tolerance.hpp>

namespace webhookpp::detail {

inline constexpr std::int64_t one_day = 86'400;  // in seconds

[[nodiscard]] inline result<void> check_endpoint(std::string_view name) noexcept {
    if (name.empty() || name.size() > 128 || !is_visible_ascii(name)) {
        return unexpected(errc::invalid_option,
                          "give the endpoint a name of 1 to 128 visible ASCII characters");
    }
    return {};
}

[[nodiscard]] inline result<void> check_lease(seconds lease) noexcept {
    if (lease.count() < 1 || lease.count() > one_day) {
        return unexpected(errc::invalid_option, "a lease lasts 1 second to 1 day");
    }
    return {};
}

// Forgotten messages must be too old to be accepted again.
[[nodiscard]] inline result<void> check_retention(seconds retention, const scheme& described,
                                                  const tolerance& accepted) noexcept {
    if (retention.count() < 1 || retention.count() > 3650 * one_day) {
        return unexpected(errc::invalid_option, "a retention lasts 1 second to 10 years");
    }
    // Either may be unlimited: their sum could not be told.
    const std::int64_t past = (std::max)(accepted.past.count(), std::int64_t{0});
    if (described.has_timestamp() && retention.count() - past < accepted.future.count()) {
        return unexpected(errc::invalid_option,
                          "the retention is shorter than the time in which a delivery is accepted: "
                          "remember longer, or lower the tolerance");
    }
    return {};
}

/// Unix milliseconds, for times of today; the end of time if `by` goes beyond.
[[nodiscard]] constexpr std::int64_t later(std::int64_t now, seconds by) noexcept {
    if (by.count() > (INT64_MAX - now) / 1000) return INT64_MAX;
    return now + by.count() * 1000;
}

}  // namespace webhookpp::detail

#endif
