// SPDX-License-Identifier: MIT
// Which attempts to handle entries are being made.
#ifndef WEBHOOKPP_DETAIL_RUNNING_ATTEMPTS_HPP
#define WEBHOOKPP_DETAIL_RUNNING_ATTEMPTS_HPP

#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

#include <webhookpp/entry.hpp>

namespace webhookpp::detail {

/// The attempts that are being made: a list through the stacks of those who make them. Any number
/// of threads may use it.
class running_attempts {
public:
    /// One attempt, in the list as long as it lives.
    class attempt {
    public:
        attempt(running_attempts& all, const lease& mine) : all_(all), mine_(mine) {
            const std::lock_guard lock(all_.mutex_);
            // NOLINTNEXTLINE(cppcoreguidelines-prefer-member-initializer): not before the lock
            next_ = all_.first_;
            if (next_) next_->previous_ = this;
            all_.first_ = this;
        }
        attempt(const attempt&) = delete;
        attempt& operator=(const attempt&) = delete;
        ~attempt() {
            const std::lock_guard lock(all_.mutex_);
            (previous_ ? previous_->next_ : all_.first_) = next_;
            if (next_) next_->previous_ = previous_;
        }

        /// Whether its lease was found to be somebody else's.
        [[nodiscard]] const std::atomic<bool>& lost() const noexcept { return lost_; }

    private:
        friend class running_attempts;

        running_attempts& all_;
        const lease mine_;
        std::atomic<bool> lost_ = false;
        attempt* previous_ = nullptr;
        attempt* next_ = nullptr;
    };

    [[nodiscard]] std::size_t size() const noexcept {
        const std::lock_guard lock(mutex_);
        std::size_t count = 0;
        for (const attempt* each = first_; each; each = each->next_) ++count;
        return count;
    }

    /// The leases of all that are not lost. A copy, so that nobody who begins or ends an attempt
    /// waits for what is done with them.
    [[nodiscard]] std::vector<lease> leases() const {
        const std::lock_guard lock(mutex_);
        std::vector<lease> held;
        for (const attempt* each = first_; each; each = each->next_) {
            if (!each->lost_.load(std::memory_order_relaxed)) held.push_back(each->mine_);
        }
        return held;
    }

    /// Tells the attempt with this lease, if it is still being made, that it has lost it.
    void lose(const lease& gone) noexcept {
        const std::lock_guard lock(mutex_);
        for (attempt* each = first_; each; each = each->next_) {
            if (each->mine_.number == gone.number && each->mine_.fence == gone.fence) {
                each->lost_.store(true, std::memory_order_relaxed);
            }
        }
    }

private:
    mutable std::mutex mutex_;
    attempt* first_ = nullptr;
};

}  // namespace webhookpp::detail

#endif
