// SPDX-License-Identifier: MIT
// Lets one call fail: the n-th of OpenSSL's functions that the library calls, the n-th of those of
// the store's library (SQLite, libpq or hiredis, whichever the program has), or the n-th
// allocation, of ours, of OpenSSL or of SQLite.
#ifndef WEBHOOKPP_TESTS_FAULT_INJECTION_FAILING_CALLS_HPP
#define WEBHOOKPP_TESTS_FAULT_INJECTION_FAILING_CALLS_HPP

#include <cstdint>

namespace fault_injection {

/// What fails.
enum class kind : std::uint8_t {
    openssl_call,
    openssl_error,  ///< the same, with -1 in place of 0, where a function returns a number
    allocation,
    store_call,    ///< a call of the store's library is not made, and fails
    store_memory,  ///< the same, as when memory has run out: of SQLite only
    store_busy,    ///< the same, as when others are in the way: of SQLite only
    store_answer,  ///< such a call is made, but what it returns is lost: it looks like a failure
};

/// Counts the calls of one kind while it lives, and lets the one at `place` fail, counted from 1.
/// There is one at a time.
class failing_call {
public:
    failing_call(kind of, long place) noexcept;
    failing_call(const failing_call&) = delete;
    failing_call& operator=(const failing_call&) = delete;
    ~failing_call();

    /// Whether there have been so many.
    [[nodiscard]] bool has_failed() const noexcept;
    /// Which call failed: the name of the function.
    [[nodiscard]] const char* name() const noexcept;
};

/// Nothing fails and nothing is counted while it lives: for what a test looks at in between.
class unwatched {
public:
    unwatched() noexcept;
    unwatched(const unwatched&) = delete;
    unwatched& operator=(const unwatched&) = delete;
    ~unwatched();

private:
    bool was_armed_;
};

/// To be called before anything of OpenSSL. False if its allocations cannot be counted.
[[nodiscard]] bool count_allocations() noexcept;

/// The same for SQLite, of programs that have it.
[[nodiscard]] bool count_sqlite_allocations() noexcept;

/// How many connections to a server the library has, in programs with libpq or hiredis.
[[nodiscard]] long open_connections() noexcept;

}  // namespace fault_injection

#endif
