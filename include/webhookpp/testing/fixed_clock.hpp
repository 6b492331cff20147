// SPDX-License-Identifier: MIT
// A clock for tests: it shows the time that it was set to.
#ifndef WEBHOOKPP_TESTING_FIXED_CLOCK_HPP
#define WEBHOOKPP_TESTING_FIXED_CLOCK_HPP

#include <cstdint>

namespace webhookpp::testing {

/// A `clock_source` that always shows `unix_seconds`.
struct fixed_clock {
    std::int64_t unix_seconds = 0;  ///< what it shows

    /// The time that it was set to.
    [[nodiscard]] std::int64_t now() const noexcept { return unix_seconds; }
};

}  // namespace webhookpp::testing

#endif
