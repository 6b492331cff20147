// SPDX-License-Identifier: MIT
// Where verifiers, guards and inboxes get the time from.
#ifndef WEBHOOKPP_CLOCK_HPP
#define WEBHOOKPP_CLOCK_HPP

#include <concepts>
#include <cstdint>
#include <ctime>

namespace webhookpp {

/// Something that tells the time: `now()` gives Unix seconds. It is called from every thread that
/// verifies, at the same time.
template <class T>
concept clock_source = requires(const T& clock) {
    { clock.now() }
    noexcept->std::same_as<std::int64_t>;
};

/// A `clock_source` that also tells `milliseconds()`, Unix time as well: for leases and retries.
template <class T>
concept fine_clock_source = clock_source<T> && requires(const T& clock) {
    { clock.milliseconds() }
    noexcept->std::same_as<std::int64_t>;
};

/// The system's clock.
struct system_clock {
    /// Unix seconds.
    [[nodiscard]] std::int64_t now() const noexcept {
        return static_cast<std::int64_t>(std::time(nullptr));
    }

    /// Unix milliseconds.
    [[nodiscard]] std::int64_t milliseconds() const noexcept {
        std::timespec time{};
        if (std::timespec_get(&time, TIME_UTC) != TIME_UTC) return now() * 1000;
        return static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
    }
};

}  // namespace webhookpp

#endif
