// SPDX-License-Identifier: MIT
// Lets one call fail: the n-th of OpenSSL's functions that the library calls, or the n-th
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

/// To be called before anything of OpenSSL or SQLite. False if their allocations cannot be counted.
[[nodiscard]] bool count_allocations() noexcept;

}  // namespace fault_injection

#endif
