// SPDX-License-Identifier: MIT
// Lets threads that accept at the same time share one transaction.
#ifndef WEBHOOKPP_DETAIL_GROUP_COMMIT_HPP
#define WEBHOOKPP_DETAIL_GROUP_COMMIT_HPP

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::detail {

/// The first thread that comes commits its entry at once. What others bring in the meantime waits,
/// and is committed together by one of them: nobody waits for company, and under load one
/// transaction, with the one sync that makes it slow, serves many.
class group_commit {
public:
    explicit group_commit(std::size_t most) noexcept
        : most_(std::clamp(most, std::size_t{1}, most_together)) {}

    template <class Store>
    result<acceptance> accept(Store& store, const new_entry& entry) noexcept {
#if defined(__cpp_exceptions)
        try {
            return accept_in_turn(store, entry);
        } catch (...) {
            return unexpected(errc::internal_error, "inbox");
        }
#else
        return accept_in_turn(store, entry);
#endif
    }

private:
    // One for each call, on its stack.
    struct waiting {
        const new_entry* entry = nullptr;
        acceptance outcome = acceptance::stored;
        error failure = {};
        bool failed = false;
        bool done = false;
        bool commits = false;  // the next transaction
        std::condition_variable changed = {};
    };

    // The bodies of one transaction together have not many more bytes than this.
    static constexpr std::size_t most_bytes = std::size_t{8} << 20;

    static constexpr std::size_t most_together = 256;

    template <class Store>
    result<acceptance> accept_in_turn(Store& store, const new_entry& entry) {
        waiting mine{.entry = &entry};
        std::unique_lock lock(mutex_);
        waiting_.push_back(&mine);
        mine.commits = !std::exchange(committing_, true);
        mine.changed.wait(lock, [&mine] { return mine.done || mine.commits; });
        if (mine.commits) {
            std::array<waiting*, most_together> list;
            const std::span batch(list.data(), take_batch(list));
            lock.unlock();
            commit(store, batch);
            lock.lock();
            committing_ = !waiting_.empty();
            if (committing_) {
                waiting_.front()->commits = true;
                waiting_.front()->changed.notify_one();
            }
            // With the lock held: whoever sees `done` leaves.
            for (waiting* const each : batch) {
                each->done = true;
                each->changed.notify_one();
            }
        }
        if (mine.failed) return unexpected(mine.failure);
        return mine.outcome;
    }

    // Moves the first ones of those who wait into `together`; returns how many. Allocates nothing,
    // since nobody may be left out.
    std::size_t take_batch(std::span<waiting*, most_together> together) noexcept {
        std::size_t count = 0;
        std::size_t bytes = 0;
        while (count < waiting_.size() && count < most_) {
            bytes += waiting_[count]->entry->body.size();
            if (count > 0 && bytes > most_bytes) break;
            together[count] = waiting_[count];
            ++count;
        }
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
        return count;
    }

    template <class Store>
    static void commit(Store& store, std::span<waiting* const> batch) noexcept {
#if defined(__cpp_exceptions)
        try {
            commit_all(store, batch);
        } catch (...) {
            fail(batch, {errc::internal_error, "inbox"});
        }
#else
        commit_all(store, batch);
#endif
    }

    template <class Store>
    static void commit_all(Store& store, std::span<waiting* const> batch) {
        std::vector<new_entry> entries;
        for (const waiting* const each : batch) entries.push_back(*each->entry);
        std::vector<acceptance> outcomes(entries.size(), acceptance::stored);
        const auto stored = store.accept(std::span<const new_entry>(entries), std::span(outcomes));
        if (!stored) return fail(batch, stored.error());
        for (std::size_t i = 0; i < batch.size(); ++i) batch[i]->outcome = outcomes[i];
    }

    static void fail(std::span<waiting* const> batch, const error& why) noexcept {
        for (waiting* const each : batch) {
            each->failed = true;
            each->failure = why;
        }
    }

    const std::size_t most_;
    std::mutex mutex_;
    std::vector<waiting*> waiting_;  // in the order in which they came
    bool committing_ = false;
};

}  // namespace webhookpp::detail

#endif
