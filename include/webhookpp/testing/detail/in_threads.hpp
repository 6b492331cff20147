// SPDX-License-Identifier: MIT
// Several threads at the same work, for rules about what happens at the same time.
#ifndef WEBHOOKPP_TESTING_DETAIL_IN_THREADS_HPP
#define WEBHOOKPP_TESTING_DETAIL_IN_THREADS_HPP

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <webhookpp/testing/detail/broken_rule.hpp>

namespace webhookpp::testing::detail {

/// A time after which waiting has no sense any more.
class patience {
public:
    explicit patience(std::chrono::seconds length)
        : end_(std::chrono::steady_clock::now() + length) {}

    /// Breaks the rule when the time is over; else lets other threads go on.
    void wait() const {
        require(std::chrono::steady_clock::now() < end_, "threads do not get done with their work");
        std::this_thread::yield();
    }

private:
    std::chrono::steady_clock::time_point end_;
};

/// Threads that begin together, and that are waited for.
class thread_team {
public:
    thread_team() = default;
    thread_team(const thread_team&) = delete;
    thread_team& operator=(const thread_team&) = delete;
    ~thread_team() { finish(); }

    template <class F>
    void add(F work) {
        threads_.emplace_back([this, work = std::move(work)] {
            while (!begun_.load(std::memory_order_acquire)) std::this_thread::yield();
            std::vector<std::string> failures;
            collect(failures, "at the same time", work);
            if (failures.empty()) return;
            const std::lock_guard lock(mutex_);
            if (failure_.empty()) failure_ = failures.front();
        });
    }

    /// Lets all begin, and waits for all. Breaks the rule if one of them does.
    void run() {
        finish();
        if (!failure_.empty()) broken(failure_);
    }

private:
    void finish() noexcept {
        begun_.store(true, std::memory_order_release);
        for (std::thread& each : threads_) each.join();
        threads_.clear();
    }

    std::atomic<bool> begun_ = false;
    std::mutex mutex_;
    std::string failure_;
    std::vector<std::thread> threads_;
};

/// Calls `work(0)` to `work(count - 1)` at the same time.
template <class F>
void in_threads(std::size_t count, const F& work) {
    thread_team team;
    for (std::size_t i = 0; i < count; ++i) team.add([&work, i] { work(i); });
    team.run();
}

}  // namespace webhookpp::testing::detail

#endif
