// Lets threads that accept at the same time share one transaction.
#ifndef WEBHOOKPP_DETAIL_GROUP_COMMIT_HPP
#define WEBHOOKPP_DETAIL_GROUP_COMMIT_HPP

#include <algorithm>
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
    explicit group_commit(std::size_t most) noexcept : most_((std::max)(most, std::size_t{1})) {}

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
    // One for each call, on its stack. A list through them needs no memory that could run out.
    struct waiting {
        const new_entry* entry = nullptr;
        waiting* next = nullptr;
        acceptance outcome = acceptance::stored;
        error failure = {};
        bool failed = false;
        bool done = false;
    };

    // The bodies of one transaction together have not many more bytes than this.
    static constexpr std::size_t most_bytes = std::size_t{8} << 20;

    template <class Store>
    result<acceptance> accept_in_turn(Store& store, const new_entry& entry) {
        waiting mine{.entry = &entry};
        std::unique_lock lock(mutex_);
        *last_ = &mine;
        last_ = &mine.next;
        while (!mine.done) {
            if (committing_) {
                finished_.wait(lock);
                continue;
            }
            committing_ = true;
            waiting* const batch = take_batch();
            lock.unlock();
            commit(store, batch);
            lock.lock();
            // Not before the lock is held: whoever sees `done` may leave, and take its part of the
            // list along.
            for (waiting* each = batch; each != nullptr;) {
                waiting* const next = each->next;
                each->done = true;
                each = next;
            }
            committing_ = false;
            finished_.notify_all();
        }
        if (mine.failed) return unexpected(mine.failure);
        return mine.outcome;
    }

    // Cuts the first ones off the list.
    waiting* take_batch() noexcept {
        waiting* const batch = first_;
        waiting* end = batch;
        std::size_t bytes = end->entry->body.size();
        for (std::size_t count = 1; end->next != nullptr && count < most_; ++count) {
            bytes += end->next->entry->body.size();
            if (bytes > most_bytes) break;
            end = end->next;
        }
        first_ = std::exchange(end->next, nullptr);
        if (!first_) last_ = &first_;
        return batch;
    }

    template <class Store>
    static void commit(Store& store, waiting* batch) noexcept {
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
    static void commit_all(Store& store, waiting* batch) {
        std::vector<new_entry> entries;
        for (const waiting* each = batch; each != nullptr; each = each->next) {
            entries.push_back(*each->entry);
        }
        std::vector<acceptance> outcomes(entries.size(), acceptance::stored);
        const auto stored = store.accept(std::span<const new_entry>(entries), std::span(outcomes));
        if (!stored) return fail(batch, stored.error());
        const acceptance* outcome = outcomes.data();
        for (waiting* each = batch; each != nullptr; each = each->next) each->outcome = *outcome++;
    }

    static void fail(waiting* batch, const error& why) noexcept {
        for (waiting* each = batch; each != nullptr; each = each->next) {
            each->failed = true;
            each->failure = why;
        }
    }

    const std::size_t most_;
    std::mutex mutex_;
    std::condition_variable finished_;
    waiting* first_ = nullptr;
    waiting** last_ = &first_;
    bool committing_ = false;
};

}  // namespace webhookpp::detail

#endif
