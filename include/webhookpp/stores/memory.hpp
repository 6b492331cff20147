// SPDX-License-Identifier: MIT
// Keeps keys and entries in memory: for tests, and for guards of a single process.
#ifndef WEBHOOKPP_STORES_MEMORY_HPP
#define WEBHOOKPP_STORES_MEMORY_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/inbox_store.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/stores/detail/memory_entries.hpp>
#include <webhookpp/stores/detail/memory_keys.hpp>

namespace webhookpp::stores {

/// How much a memory store may hold.
struct memory_options {
    std::size_t keys = 1'000'000;     ///< of guards, each of about 200 bytes
    std::size_t entries = 1'000'000;  ///< of inboxes, each of about 1 KiB and its body
};

/// A `replay_store` and `inbox_store` in the memory of this process: everything in it is gone when
/// the process ends, so its inbox makes no 2xx safe, and is for tests. As a replay guard it is
/// useful for one process, where a restart may let a recorded delivery through once more.
class memory {
public:
    static constexpr std::size_t max_batch = 64;

    /// A handler's transaction: there is nothing that could be written with it.
    struct transaction {};

    /// An empty one.
    explicit memory(const memory_options& options = {})
        : keys_(std::make_shared<detail::key_table>(options.keys)),
          entries_(std::make_shared<detail::entry_table>(options.entries)) {}

    // Keys: see `replay_store`.

    result<reservation> reserve(const message_key& key, std::int64_t now,
                                std::int64_t lease) noexcept {
        return guarded([&]() -> result<reservation> {
            return keys_->of(key).reserve(key, now, lease, keys_->next_fence());
        });
    }
    result<bool> commit(const message_key& key, std::int64_t fence, std::int64_t,
                        std::int64_t keep_until) noexcept {
        return guarded(
            [&]() -> result<bool> { return keys_->of(key).commit(key, fence, keep_until); });
    }
    result<bool> release(const message_key& key, std::int64_t fence) noexcept {
        return guarded([&]() -> result<bool> { return keys_->of(key).release(key, fence); });
    }
    result<bool> extend(const message_key& key, std::int64_t fence, std::int64_t now,
                        std::int64_t lease) noexcept {
        return guarded(
            [&]() -> result<bool> { return keys_->of(key).extend(key, fence, now, lease); });
    }
    result<std::size_t> forget(std::int64_t now, std::size_t most) noexcept {
        return guarded([&]() -> result<std::size_t> { return keys_->forget(now, most); });
    }

    // Entries: see `inbox_store`.

    result<void> accept(std::span<const new_entry> entries,
                        std::span<acceptance> outcomes) noexcept {
        return guarded([&]() -> result<void> {
            if (entries_->accept(entries, outcomes)) return {};
            return unexpected(errc::overloaded, "entries in memory");
        });
    }
    result<std::optional<entry>> claim(const claim_request& request) noexcept {
        return guarded([&]() -> result<std::optional<entry>> { return entries_->claim(request); });
    }
    result<bool> renew(const lease& mine, std::int64_t now, std::int64_t length) noexcept {
        return guarded([&]() -> result<bool> { return entries_->renew(mine, now + length); });
    }
    result<transaction> begin() noexcept { return transaction(); }
    result<bool> settle(transaction&, const lease& mine, const ending& how,
                        std::int64_t now) noexcept {
        return settle(mine, how, now);
    }
    result<bool> settle(const lease& mine, const ending& how, std::int64_t now) noexcept {
        return guarded([&]() -> result<bool> { return entries_->settle(mine, how, now); });
    }
    result<std::optional<entry>> find(std::int64_t number) noexcept {
        return guarded([&]() -> result<std::optional<entry>> { return entries_->find(number); });
    }
    result<std::vector<entry>> list(const entry_query& query) noexcept {
        return guarded(
            [&]() -> result<std::vector<entry>> { return entries_->list_entries(query); });
    }
    result<bool> redrive(std::int64_t number, std::int64_t now) noexcept {
        return guarded([&]() -> result<bool> { return entries_->redrive(number, now); });
    }
    result<std::size_t> purge(const purge_request& request) noexcept {
        return guarded([&]() -> result<std::size_t> { return entries_->purge(request); });
    }
    result<inbox_backlog> backlog() noexcept {
        return guarded([&]() -> result<inbox_backlog> { return entries_->backlog(); });
    }
    result<inbox_stats> stats() noexcept {
        return guarded([&]() -> result<inbox_stats> { return entries_->stats(); });
    }

private:
    template <class F>
    static auto guarded(F work) noexcept -> decltype(work()) {
#if defined(__cpp_exceptions)
        try {
            return work();
        } catch (...) {
            return unexpected(errc::store_unavailable, "memory");
        }
#else
        return work();
#endif
    }

    std::shared_ptr<detail::key_table> keys_;
    std::shared_ptr<detail::entry_table> entries_;
};

static_assert(replay_store<memory> && inbox_store<memory>);

}  // namespace webhookpp::stores

#endif
