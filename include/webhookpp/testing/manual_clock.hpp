// SPDX-License-Identifier: MIT
// A clock for tests that goes on only when it is told to.
#ifndef WEBHOOKPP_TESTING_MANUAL_CLOCK_HPP
#define WEBHOOKPP_TESTING_MANUAL_CLOCK_HPP

#include <atomic>
#include <cstdint>
#include <memory>

namespace webhookpp::testing {

/// A `fine_clock_source`. Copies show the same time; any number of threads may use them.
class manual_clock {
public:
    /// Shows `unix_milliseconds` until it goes on.
    explicit manual_clock(std::int64_t unix_milliseconds = 1'700'000'000'000)
        : time_(std::make_shared<std::atomic<std::int64_t>>(unix_milliseconds)) {}

    /// Unix seconds.
    [[nodiscard]] std::int64_t now() const noexcept { return milliseconds() / 1000; }
    /// Unix milliseconds.
    [[nodiscard]] std::int64_t milliseconds() const noexcept { return time_->load(); }

    /// Goes on, or back.
    void advance(std::int64_t by_milliseconds) const noexcept { *time_ += by_milliseconds; }

private:
    std::shared_ptr<std::atomic<std::int64_t>> time_;
};

}  // namespace webhookpp::testing

#endif
