// SPDX-License-Identifier: MIT
// The keys that guards keep in memory.
#ifndef WEBHOOKPP_STORES_DETAIL_MEMORY_KEYS_HPP
#define WEBHOOKPP_STORES_DETAIL_MEMORY_KEYS_HPP

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>

#include <webhookpp/message_key.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/stores/detail/key_hash.hpp>

namespace webhookpp::stores::detail {

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

}  // namespace webhookpp::stores::detail

#endif
