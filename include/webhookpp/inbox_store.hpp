// SPDX-License-Identifier: MIT
// What a store has to offer to be an inbox.
#ifndef WEBHOOKPP_INBOX_STORE_HPP
#define WEBHOOKPP_INBOX_STORE_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp {

/// Which entry to claim. Times are Unix milliseconds.
struct claim_request {
    std::int64_t now = 0;         ///< the present time
    std::int64_t lease = 0;       ///< milliseconds
    std::string_view owner = {};  ///< who claims it, for people who look at the table
};

/// Where entries are kept. Each operation is one transaction, and durable when it has returned:
/// what it did survives the end of the process and, with the store's usual settings, of the
/// machine's power. Each answers `store_unavailable` when it failed, and then has done nothing, or
/// for `accept` and `settle` possibly all. `max_batch` is how many entries `accept` takes at once.
///
/// - `accept(entries, outcomes)`: stores those whose key is not there, as ready, and says for each
///   what became of it. One whose `body_key` is there under another key is a possible replay, or,
///   if it says `drop_same_body`, a duplicate. Entries of one call count as before each other.
/// - `claim(request)`: leases one entry and counts the attempt: one whose lease is over, or ends
///   later than two leases from now (the clock was set back); if there is none, the ready one whose
///   `ready_at` came first. Nothing if there is none of these. Of a partition, which may span
///   endpoints, only the first that waits can be claimed.
/// - `renew(lease, now, length)`: lets the lease last until `now + length` milliseconds. False if
///   it is not the caller's any more.
/// - `begin()`: opens a transaction for what a handler writes, of the store's own type.
/// - `settle(transaction, lease, ending, now)`: ends the attempt and commits both, or, if the lease
///   is not the caller's any more, neither: then false.
/// - `settle(lease, ending, now)`: the same without a transaction of the handler's.
/// - `find(number)`: the entry, with its body. `list(query)`: entries without bodies.
/// - `redrive(number, now)`: makes a dead entry ready, with all its attempts before it. False if it
///   is not dead or has lost its body.
/// - `purge(request)`: removes what need not be kept; returns how many entries it touched.
/// - `backlog()`: what waits; quick enough to be asked every second. `stats()`: all counts.
///
/// Numbers and fences are never given twice, whatever was purged. Partitions and bodies are any
/// bytes.
///
/// A handle: copies stand for the same store, and all may be used by any number of threads.
template <class Store>
concept inbox_store = std::copy_constructible<Store> && std::movable<typename Store::transaction> &&
    requires(Store& store, std::span<const new_entry> entries, std::span<acceptance> outcomes,
             const claim_request& claim, const lease& lease, const ending& ending,
             typename Store::transaction& transaction, const entry_query& query,
             const purge_request& purge, std::int64_t number) {
    { Store::max_batch } -> std::convertible_to<std::size_t>;
    { store.accept(entries, outcomes) }
    noexcept->std::same_as<result<void>>;
    { store.claim(claim) }
    noexcept->std::same_as<result<std::optional<entry>>>;
    { store.renew(lease, number, number) }
    noexcept->std::same_as<result<bool>>;
    { store.begin() }
    noexcept->std::same_as<result<typename Store::transaction>>;
    { store.settle(transaction, lease, ending, number) }
    noexcept->std::same_as<result<bool>>;
    { store.settle(lease, ending, number) }
    noexcept->std::same_as<result<bool>>;
    { store.find(number) }
    noexcept->std::same_as<result<std::optional<entry>>>;
    { store.list(query) }
    noexcept->std::same_as<result<std::vector<entry>>>;
    { store.redrive(number, number) }
    noexcept->std::same_as<result<bool>>;
    { store.purge(purge) }
    noexcept->std::same_as<result<std::size_t>>;
    { store.backlog() }
    noexcept->std::same_as<result<inbox_backlog>>;
    { store.stats() }
    noexcept->std::same_as<result<inbox_stats>>;
};

}  // namespace webhookpp

#endif
