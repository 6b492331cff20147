// Keeps keys and entries in memory: for tests, and for guards of a single process.
#ifndef WEBHOOKPP_STORES_MEMORY_HPP
#define WEBHOOKPP_STORES_MEMORY_HPP

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <webhookpp/crypto/random.hpp>
#include <webhookpp/entry.hpp>
#include <webhookpp/inbox_store.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::stores {

namespace detail {

// Keys are digests already; the seed keeps those who know their keys from choosing buckets.
struct key_hash {
    std::uint64_t seed = 0;

    std::size_t operator()(const message_key& key) const noexcept {
        std::uint64_t first = 0;
        std::memcpy(&first, key.bytes().data(), sizeof first);
        return static_cast<std::size_t>((first ^ seed) * 0x9E37'79B9'7F4A'7C15ULL >> 7);
    }
};

[[nodiscard]] inline std::uint64_t random_seed() noexcept {
    std::uint64_t seed = 0;
    unsigned char bytes[sizeof seed] = {};
    if (crypto::fill_random(bytes)) std::memcpy(&seed, bytes, sizeof seed);
    return seed;
}

/// The keys that fall to one mutex.
class key_shard {
public:
    key_shard(std::size_t most, std::uint64_t seed) : most_(most), keys_(0, key_hash{seed}) {}

    result<reservation> reserve(const message_key& key, std::int64_t now, std::int64_t lease,
                                std::int64_t fence) {
        const std::lock_guard lock(mutex_);
        const auto found = keys_.find(key);
        if (found != keys_.end()) {
            const slot& known = found->second;
            const bool too_far = !known.committed && known.until > now + 2 * lease;
            if (known.until > now && !too_far) {
                const auto which = known.committed ? reservation::state::duplicate
                                                   : reservation::state::in_progress;
                return reservation{which, 0, known.until};
            }
            remove(found);
        } else if (keys_.size() >= most_ && forget_some(now, 2) == 0) {
            // Never by forgetting one whose time is not over: it could then be handled twice.
            return unexpected(errc::overloaded, "keys that are remembered");
        }
        add(key, {.until = now + lease, .fence = fence});
        return reservation{reservation::state::fresh, fence, now + lease};
    }

    bool commit(const message_key& key, std::int64_t fence, std::int64_t keep_until) {
        const std::lock_guard lock(mutex_);
        const auto mine = find(key, fence);
        if (mine == keys_.end()) return false;
        move(mine, keep_until);
        mine->second.committed = true;
        return true;
    }

    bool release(const message_key& key, std::int64_t fence) {
        const std::lock_guard lock(mutex_);
        const auto mine = find(key, fence);
        if (mine == keys_.end()) return false;
        remove(mine);
        return true;
    }

    bool extend(const message_key& key, std::int64_t fence, std::int64_t now, std::int64_t lease) {
        const std::lock_guard lock(mutex_);
        const auto mine = find(key, fence);
        if (mine == keys_.end() || mine->second.until <= now) return false;
        move(mine, now + lease);
        return true;
    }

    std::size_t forget(std::int64_t now, std::size_t most) {
        const std::lock_guard lock(mutex_);
        return forget_some(now, most);
    }

private:
    struct slot {
        std::int64_t until = 0;
        std::int64_t fence = 0;
        bool committed = false;
    };
    using slot_map = std::unordered_map<message_key, slot, key_hash>;

    // The slot of a reservation that is still the caller's.
    slot_map::iterator find(const message_key& key, std::int64_t fence) {
        const auto found = keys_.find(key);
        if (found == keys_.end()) return found;
        return found->second.fence == fence && !found->second.committed ? found : keys_.end();
    }

    void add(const message_key& key, const slot& added) {
        const auto place = keys_.emplace(key, added).first;
#if defined(__cpp_exceptions)
        try {
            ends_.emplace(added.until, &place->first);
        } catch (...) {
            keys_.erase(place);
            throw;
        }
#else
        ends_.emplace(added.until, &place->first);
#endif
    }

    void move(slot_map::iterator which, std::int64_t until) {
        auto node = ends_.extract({which->second.until, &which->first});
        which->second.until = until;
        node.value().first = until;
        ends_.insert(std::move(node));
    }

    void remove(slot_map::iterator which) {
        ends_.erase({which->second.until, &which->first});
        keys_.erase(which);
    }

    std::size_t forget_some(std::int64_t now, std::size_t most) {
        std::size_t forgotten = 0;
        while (forgotten < most && !ends_.empty() && ends_.begin()->first <= now) {
            remove(keys_.find(*ends_.begin()->second));
            ++forgotten;
        }
        return forgotten;
    }

    const std::size_t most_;
    std::mutex mutex_;
    slot_map keys_;
    std::set<std::pair<std::int64_t, const message_key*>> ends_;  // by time
};

/// All keys, each in the shard that its first byte names.
class key_table {
public:
    explicit key_table(std::size_t most) {
        const std::uint64_t seed = random_seed();
        for (auto& shard : shards_) {
            shard = std::make_unique<key_shard>((most + shards - 1) / shards, seed);
        }
    }

    key_shard& of(const message_key& key) noexcept { return *shards_[key.bytes()[0] % shards]; }

    std::int64_t next_fence() noexcept { return fence_.fetch_add(1, std::memory_order_relaxed); }

    std::size_t forget(std::int64_t now, std::size_t most) {
        std::size_t forgotten = 0;
        for (auto& shard : shards_) forgotten += shard->forget(now, most - forgotten);
        return forgotten;
    }

private:
    static constexpr std::size_t shards = 16;

    std::array<std::unique_ptr<key_shard>, shards> shards_;
    std::atomic<std::int64_t> fence_ = 1;
};

/// The entries of an inbox, behind one mutex.
class entry_table {
public:
    explicit entry_table(std::size_t most) : most_(most) {}

    /// False if there is no room.
    bool accept(std::span<const new_entry> added, std::span<acceptance> outcomes) {
        const std::lock_guard lock(mutex_);
        if (entries_.size() + added.size() > most_) return false;
        for (std::size_t i = 0; i < added.size(); ++i) outcomes[i] = accept_one(added[i]);
        return true;
    }

    std::optional<entry> claim(const claim_request& request) {
        const std::lock_guard lock(mutex_);
        entry* const found = claimable(request);
        if (!found) return std::nullopt;
        unlist(*found);
        found->state = entry_state::leased;
        found->ready_at.reset();
        found->lease_until = request.now + request.lease;
        ++found->attempts;
        ++found->fence;
        list(*found);
        return *found;
    }

    bool renew(const lease& mine, std::int64_t until) {
        const std::lock_guard lock(mutex_);
        entry* const found = held(mine);
        if (!found) return false;
        unlist(*found);
        found->lease_until = until;
        list(*found);
        return true;
    }

    bool settle(const lease& mine, const ending& how, std::int64_t now) {
        const std::lock_guard lock(mutex_);
        entry* const found = held(mine);
        if (!found) return false;
        unlist(*found);
        found->state = how.state;
        found->lease_until = 0;
        if (how.counts) {
            found->last_error = std::string(how.error.substr(0, ending::max_error));
        } else {
            --found->attempts;
        }
        ++found->fence;
        found->keep_until = (std::max)(found->keep_until, how.keep_until);
        if (how.state == entry_state::ready) {
            found->ready_at = how.ready_at;
        } else {
            found->finished_at = now;
            leave_partition(*found, now);
        }
        list(*found);
        return true;
    }

    std::optional<entry> find(std::int64_t number) {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(number);
        if (found == entries_.end()) return std::nullopt;
        return found->second;
    }

    std::vector<entry> list_entries(const entry_query& query) {
        const std::lock_guard lock(mutex_);
        std::vector<entry> found;
        for (auto at = entries_.upper_bound(query.after);
             at != entries_.end() && found.size() < query.most; ++at) {
            const entry& each = at->second;
            if (query.state && each.state != *query.state) continue;
            if (!query.endpoint.empty() && each.endpoint != query.endpoint) continue;
            found.push_back(each);
            found.back().body.reset();
        }
        return found;
    }

    bool redrive(std::int64_t number, std::int64_t now) {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(number);
        if (found == entries_.end()) return false;
        entry& dead = found->second;
        if (dead.state != entry_state::dead || !dead.body) return false;
        unlist(dead);
        dead.state = entry_state::ready;
        dead.attempts = 0;
        dead.finished_at = 0;
        ++dead.fence;
        dead.ready_at = enter_partition(dead, now);
        list(dead);
        return true;
    }

    std::size_t purge(const purge_request& request) {
        const std::lock_guard lock(mutex_);
        std::size_t touched = 0;
        for (auto at = entries_.begin(); at != entries_.end() && touched < request.most;) {
            entry& each = at->second;
            const bool finished =
                each.state == entry_state::done || each.state == entry_state::dead;
            if (finished && each.keep_until < request.now) {
                keys_.erase(each.key);
                forget_body(each.number);
                at = entries_.erase(at);
                ++touched;
                continue;
            }
            if (each.state == entry_state::done && each.body &&
                each.finished_at < request.bodies_before) {
                each.body.reset();
                ++touched;
            }
            ++at;
        }
        return touched;
    }

    inbox_backlog backlog() {
        const std::lock_guard lock(mutex_);
        return waiting();
    }

    inbox_stats stats() {
        const std::lock_guard lock(mutex_);
        inbox_stats counted;
        for (const auto& [number, each] : entries_) {
            switch (each.state) {
                case entry_state::ready: ++counted.ready; break;
                case entry_state::leased: ++counted.leased; break;
                case entry_state::done: ++counted.done; break;
                case entry_state::dead: ++counted.dead; break;
            }
            counted.duplicates += each.duplicates;
        }
        counted.backlog = waiting();
        return counted;
    }

private:
    using time_and_number = std::pair<std::int64_t, std::int64_t>;

    acceptance accept_one(const new_entry& from) {
        if (const auto known = keys_.find(from.key); known != keys_.end()) {
            ++entries_.at(known->second).duplicates;
            return acceptance::duplicate;
        }
        const auto same_body = from.body_key ? bodies_.find(*from.body_key) : bodies_.end();
        if (same_body != bodies_.end() && from.drop_same_body) {
            ++entries_.at(*same_body->second.begin()).duplicates;
            return acceptance::duplicate;
        }
        entry made;
        made.number = ++last_number_;
        made.key = from.key;
        made.provider = from.provider;
        made.endpoint = from.endpoint;
        made.message_id = from.message_id;
        made.event_type = from.event_type;
        made.partition = from.partition;
        made.body = std::string(from.body);
        made.body_size = from.body.size();
        made.proof = from.proof;
        made.accepted_at = from.accepted_at;
        made.keep_until = from.keep_until;
        made.possible_replay = same_body != bodies_.end();
        made.ready_at = enter_partition(made, from.accepted_at);
        keys_.emplace(made.key, made.number);
        if (from.body_key) {
            bodies_[*from.body_key].insert(made.number);
            body_keys_.emplace(made.number, *from.body_key);
        }
        const entry& kept = entries_.emplace(made.number, std::move(made)).first->second;
        list(kept);
        return acceptance::stored;
    }

    // The first of a partition is ready at once; those behind it wait for their turn.
    std::optional<std::int64_t> enter_partition(const entry& added, std::int64_t now) {
        if (added.partition.empty()) return now;
        auto& queue = partitions_[added.partition];
        queue.insert(added.number);
        if (queue.size() > 1) return std::nullopt;
        return now;
    }

    void leave_partition(const entry& finished, std::int64_t now) {
        if (finished.partition.empty()) return;
        const auto queue = partitions_.find(finished.partition);
        if (queue == partitions_.end()) return;
        queue->second.erase(finished.number);
        if (queue->second.empty()) {
            partitions_.erase(queue);
            return;
        }
        entry& next = entries_.at(*queue->second.begin());
        unlist(next);
        next.ready_at = now;
        list(next);
    }

    // Keeps the orders in which entries are looked for in step with the entry.
    void list(const entry& each) { listing(each, true); }
    void unlist(const entry& each) { listing(each, false); }
    void listing(const entry& each, bool add) {
        const auto put = [&](std::set<time_and_number>& order, std::int64_t time) {
            if (add) {
                order.emplace(time, each.number);
            } else {
                order.erase({time, each.number});
            }
        };
        if (each.state == entry_state::ready && each.ready_at) put(ready_, *each.ready_at);
        if (each.state == entry_state::leased) put(leased_, each.lease_until);
        if (each.state == entry_state::ready || each.state == entry_state::leased) {
            put(waiting_, each.accepted_at);
            waiting_bytes_ += add ? each.body_size : 0 - each.body_size;
        }
    }

    entry* claimable(const claim_request& request) {
        if (!leased_.empty()) {
            if (leased_.begin()->first <= request.now) {
                return &entries_.at(leased_.begin()->second);
            }
            const auto last = std::prev(leased_.end());
            if (last->first > request.now + 2 * request.lease) return &entries_.at(last->second);
        }
        if (ready_.empty() || ready_.begin()->first > request.now) return nullptr;
        return &entries_.at(ready_.begin()->second);
    }

    entry* held(const lease& mine) {
        const auto found = entries_.find(mine.number);
        if (found == entries_.end() || found->second.state != entry_state::leased ||
            found->second.fence != mine.fence) {
            return nullptr;
        }
        return &found->second;
    }

    // A body stays known while another entry has had it.
    void forget_body(std::int64_t number) {
        const auto key = body_keys_.find(number);
        if (key == body_keys_.end()) return;
        const auto body = bodies_.find(key->second);
        body->second.erase(number);
        if (body->second.empty()) bodies_.erase(body);
        body_keys_.erase(key);
    }

    inbox_backlog waiting() const {
        inbox_backlog counted{.entries = waiting_.size(), .bytes = waiting_bytes_};
        if (!waiting_.empty()) counted.oldest = waiting_.begin()->first;
        return counted;
    }

    const std::size_t most_;
    std::mutex mutex_;
    std::map<std::int64_t, entry> entries_;
    std::unordered_map<message_key, std::int64_t, key_hash> keys_{0, key_hash{random_seed()}};
    std::unordered_map<message_key, std::set<std::int64_t>, key_hash> bodies_{
        0, key_hash{random_seed()}};
    std::unordered_map<std::int64_t, message_key> body_keys_;
    std::map<std::string, std::set<std::int64_t>, std::less<>> partitions_;
    std::set<time_and_number> ready_;
    std::set<time_and_number> leased_;
    std::set<time_and_number> waiting_;
    std::uint64_t waiting_bytes_ = 0;
    std::int64_t last_number_ = 0;
};

}  // namespace detail

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
