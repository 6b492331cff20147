// SPDX-License-Identifier: MIT
// The entries that inboxes keep in memory.
#ifndef WEBHOOKPP_STORES_DETAIL_MEMORY_ENTRIES_HPP
#define WEBHOOKPP_STORES_DETAIL_MEMORY_ENTRIES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/inbox_store.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/stores/detail/key_hash.hpp>

namespace webhookpp::stores::detail {

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

}  // namespace webhookpp::stores::detail

#endif
