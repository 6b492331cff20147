// SPDX-License-Identifier: MIT
// Waits of tests, which all have an end.
#ifndef WEBHOOKPP_TESTS_INBOX_WAITING_HPP
#define WEBHOOKPP_TESTS_INBOX_WAITING_HPP

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace inbox_tests {

/// Far longer than anything takes, also on a busy machine with a sanitizer.
inline constexpr std::chrono::seconds limit{60};

/// Waits until `condition` holds. Returns whether it does.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

/// Closed until somebody opens it.
class gate {
public:
    void open() {
        {
            const std::lock_guard lock(mutex_);
            open_ = true;
        }
        changed_.notify_all();
    }
    /// Waits until it is open. Returns whether it is.
    bool pass() {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, limit, [&] { return open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

/// How long it has been there.
class stopwatch {
public:
    [[nodiscard]] std::chrono::milliseconds time() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - begin_);
    }

private:
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace inbox_tests

#endif
