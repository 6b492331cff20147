// SPDX-License-Identifier: MIT
// How a SQLite store is set up.
#ifndef WEBHOOKPP_STORES_SQLITE_OPTIONS_HPP
#define WEBHOOKPP_STORES_SQLITE_OPTIONS_HPP

#include <chrono>
#include <cstdint>

namespace webhookpp::stores {

/// What a SQLite store survives.
enum class sqlite_durability : std::uint8_t {
    /// The end of the process, of the operating system, and of the power.
    power_loss,

    /// Only the end of the process: nothing is synced to the disk. After the end of the operating
    /// system or of the power the file may be unusable. For tests.
    process,
};

/// How a SQLite store is set up.
struct sqlite_options {
    sqlite_durability durability = sqlite_durability::power_loss;  ///< what the file survives

    /// How long a call waits for other threads and processes that use the file, before it answers
    /// `store_unavailable`. 1 millisecond to 1 hour.
    std::chrono::milliseconds busy_timeout{5'000};
};

}  // namespace webhookpp::stores

#endif
