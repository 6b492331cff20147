// SPDX-License-Identifier: MIT
// Threads that work an inbox off.
#ifndef WEBHOOKPP_WORKERS_HPP
#define WEBHOOKPP_WORKERS_HPP

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <webhookpp/result.hpp>
#include <webhookpp/tolerance.hpp>
#include <webhookpp/worker.hpp>

namespace webhookpp {

/// How workers are set up.
struct workers_options {
    /// How many handlers run at the same time: 1 to 1,000.
    std::size_t threads = 2;

    /// How long, in milliseconds, an idle thread waits before it looks again for what other
    /// processes have accepted and what is to be tried again: 1 to 60,000. What this process
    /// accepts wakes a thread at once.
    std::int64_t poll = 500;

    /// How often what need not be kept any more is removed: 1 second to 1 day.
    seconds purge{60};
};

/// Threads that run a worker until they are stopped: they claim and handle entries, renew leases,
/// and purge. All functions may be called from any thread but those of handlers.
template <class Inbox>
class workers {
public:
    /// Starts the threads. Throws `exception` with `invalid_option`; `std::system_error` when the
    /// system has no more threads.
    explicit workers(worker<Inbox> one, const workers_options& options = {})
        : worker_(std::move(one)), options_(options) {
        if (options.threads < 1 || options.threads > 1000 || options.poll < 1 ||
            options.poll > 60'000 || options.purge.count() < 1 ||
            options.purge.count() > detail::one_day) {
            detail::raise(
                {errc::invalid_option,
                 "1 to 1,000 threads look every 1 to 60,000 milliseconds, and purge every "
                 "1 second to 1 day"});
        }
#if defined(__cpp_exceptions)
        try {
            start();
        } catch (...) {
            end(seconds(0));
            throw;
        }
#else
        start();
#endif
    }

    workers(const workers&) = delete;
    workers& operator=(const workers&) = delete;

    /// As `stop` without a time for handlers to finish.
    ~workers() {
        stop(seconds(0));
    }

    /// Ends the work in order: the inbox accepts nothing more, nothing more is claimed, handlers
    /// that run have `grace` to finish, and what is not finished then is handed back without
    /// counting the attempt. Returns when all handlers have returned, so they have to, at last.
    /// Whoever calls it again waits for the first call.
    void stop(seconds grace) noexcept {
        const std::lock_guard lock(stop_mutex_);
        worker_.inbox().close();
        end(grace);
    }

private:
    void start() {
        keeper_ = std::thread([this] { keep(); });
        for (std::size_t i = 0; i < options_.threads; ++i) {
            threads_.emplace_back([this] { work_off(); });
        }
    }

    void end(seconds grace) noexcept {
        {
            const std::lock_guard lock(mutex_);
            stopping_.store(true, std::memory_order_relaxed);
        }
        worker_.inbox().wake();
        const auto limit =
            std::chrono::seconds(std::clamp<std::int64_t>(grace.count(), 0, detail::one_day));
        // Again and again: the store may fail, or an entry may be on its way from it to a thread.
        for (bool ended = wait_for_handlers(limit); !ended;) {
            worker_.hand_back();
            ended = wait_for_handlers(std::chrono::milliseconds(100));
        }
        for (std::thread& each : threads_) each.join();
        threads_.clear();
        {
            const std::lock_guard lock(mutex_);
            finished_ = true;
            ended_ = 0;
        }
        changed_.notify_all();
        if (keeper_.joinable()) keeper_.join();
    }

    [[nodiscard]] bool stopping() const noexcept {
        return stopping_.load(std::memory_order_relaxed);
    }

    void work_off() noexcept {
        for (;;) {
            // Before the flag, which is set before the news of it: whoever does not see the flag
            // yet does not miss the news.
            const std::uint64_t seen = worker_.inbox().news();
            if (stopping()) break;
            const auto ran = worker_.run_one();
            if (ran && *ran) continue;
            // Nothing to do, or the store has to recover.
            worker_.inbox().wait(seen, options_.poll);
        }
        {
            const std::lock_guard lock(mutex_);
            ++ended_;
        }
        changed_.notify_all();
    }

    // Returns whether all threads have ended.
    template <class Duration>
    [[nodiscard]] bool wait_for_handlers(Duration limit) noexcept {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, limit, [&] { return ended_ == threads_.size(); });
    }

    // Renews and purges, until all handlers have returned.
    void keep() noexcept {
        using clock = std::chrono::steady_clock;
        const auto between_renewals =
            std::chrono::milliseconds(worker_.options().lease.count() * 1000 / 3);
        auto renew_at = clock::now();
        auto purge_at = renew_at;
        std::unique_lock lock(mutex_);
        while (!finished_) {
            lock.unlock();
            if (clock::now() >= renew_at) {
                renew_at = clock::now() + between_renewals;
                worker_.renew_leases();
            }
            if (clock::now() >= purge_at && !stopping()) {
                // A part at a time, since leases have to be renewed in between.
                const auto purged = worker_.inbox().purge();
                const bool is_more = purged && *purged > 0;
                if (!is_more)
                    purge_at = clock::now() + std::chrono::seconds(options_.purge.count());
            }
            lock.lock();
            const auto next = stopping() ? renew_at : (std::min)(renew_at, purge_at);
            changed_.wait_until(lock, next, [&] { return finished_; });
        }
    }

    worker<Inbox> worker_;
    workers_options options_;
    std::mutex stop_mutex_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<bool> stopping_ = false;
    bool finished_ = false;
    std::size_t ended_ = 0;
    std::vector<std::thread> threads_;
    std::thread keeper_;
};

}  // namespace webhookpp

#endif
