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

/// The entries of an inbox, behind one mutex. Where memory runs out, nothing has changed but counts
/// of duplicates: what takes memory comes before what changes anything.
class entry_table {
public:
    explicit entry_table(std::size_t most) : most_(most) {}

    /// False if there is no room.
    bool accept(std::span<const new_entry> added, std::span<acceptance> outcomes) {
        const std::lock_guard lock(mutex_);
        if (entries_.size() + added.size() > most_) return false;
#if defined(__cpp_exceptions)
        const std::int64_t before = last_number_;
        try {
            for (std::size_t i = 0; i < added.size(); ++i) outcomes[i] = accept_one(added[i]);
        } catch (...) {
            forget_after(before);
            throw;
        }
#else
        for (std::size_t i = 0; i < added.size(); ++i) outcomes[i] = accept_one(added[i]);
#endif
        return true;
    }

    std::optional<entry> claim(const claim_request& request) {
        const std::lock_guard lock(mutex_);
        record* const found = claimable(request);
        if (!found) return std::nullopt;
        const auto take = [&request](entry& taken) {
            taken.state = entry_state::leased;
            taken.ready_at.reset();
            taken.lease_until = request.now + request.lease;
            ++taken.attempts;
            ++taken.fence;
        };
        std::optional<entry> copy(found->kept);
        take(*copy);
        unlist(*found);
        take(found->kept);
        list(*found);
        return copy;
    }

    bool renew(const lease& mine, std::int64_t until) {
        const std::lock_guard lock(mutex_);
        record* const found = held(mine);
        if (!found) return false;
        unlist(*found);
        found->kept.lease_until = until;
        list(*found);
        return true;
    }

    bool settle(const lease& mine, const ending& how, std::int64_t now) {
        const std::lock_guard lock(mutex_);
        record* const found = held(mine);
        if (!found) return false;
        std::string why(how.error.substr(0, ending::max_error));
        unlist(*found);
        entry& ended = found->kept;
        ended.state = how.state;
        ended.lease_until = 0;
        if (how.counts) {
            ended.last_error = std::move(why);
        } else {
            --ended.attempts;
        }
        ++ended.fence;
        ended.keep_until = (std::max)(ended.keep_until, how.keep_until);
        if (how.state == entry_state::ready) {
            ended.ready_at = how.ready_at;
        } else {
            ended.finished_at = now;
            leave_partition(ended, now);
        }
        list(*found);
        return true;
    }

    std::optional<entry> find(std::int64_t number) {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(number);
        if (found == entries_.end()) return std::nullopt;
        return found->second.kept;
    }

    std::vector<entry> list_entries(const entry_query& query) {
        const std::lock_guard lock(mutex_);
        std::vector<entry> found;
        for (auto at = entries_.upper_bound(query.after);
             at != entries_.end() && found.size() < query.most; ++at) {
            const entry& each = at->second.kept;
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
        entry& dead = found->second.kept;
        if (dead.state != entry_state::dead || !dead.body) return false;
        dead.ready_at = enter_partition(dead, now);
        dead.state = entry_state::ready;
        dead.attempts = 0;
        dead.finished_at = 0;
        ++dead.fence;
        list(found->second);
        return true;
    }

    std::size_t purge(const purge_request& request) {
        const std::lock_guard lock(mutex_);
        std::size_t touched = 0;
        for (auto at = entries_.begin(); at != entries_.end() && touched < request.most;) {
            entry& each = at->second.kept;
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
            switch (each.kept.state) {
                case entry_state::ready: ++counted.ready; break;
                case entry_state::leased: ++counted.leased; break;
                case entry_state::done: ++counted.done; break;
                case entry_state::dead: ++counted.dead; break;
            }
            counted.duplicates += each.kept.duplicates;
        }
        counted.backlog = waiting();
        return counted;
    }

private:
    // Entries by a time, and then by their number.
    using order = std::set<std::pair<std::int64_t, std::int64_t>>;

    // An entry, with the nodes of the orders in which it may stand, while it does not.
    struct record {
        entry kept;
        order::node_type in_line = {};  // of `ready_` or `leased_`
        order::node_type waiting = {};
    };

    acceptance accept_one(const new_entry& from) {
        if (const auto known = keys_.find(from.key); known != keys_.end()) {
            ++entries_.at(known->second).kept.duplicates;
            return acceptance::duplicate;
        }
        const auto same_body = from.body_key ? bodies_.find(*from.body_key) : bodies_.end();
        if (same_body != bodies_.end() && from.drop_same_body) {
            ++entries_.at(*same_body->second.begin()).kept.duplicates;
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
        const std::int64_t number = made.number;
        record& added = entries_.emplace(number, record{std::move(made), make_node(), make_node()})
                            .first->second;
        keys_.emplace(from.key, number);
        if (from.body_key) {
            body_keys_.emplace(number, *from.body_key);
            bodies_[*from.body_key].insert(number);
        }
        added.kept.ready_at = enter_partition(added.kept, from.accepted_at);
        list(added);
        return acceptance::stored;
    }

    // Takes out all that were added after the one with this number, or begun to be.
    void forget_after(std::int64_t number) noexcept {
        for (auto at = entries_.upper_bound(number); at != entries_.end();) {
            entry& each = at->second.kept;
            unlist(at->second);
            static_cast<void>(left_in_partition(each));  // it was the last one
            keys_.erase(each.key);
            forget_body(each.number);
            at = entries_.erase(at);
        }
    }

    static order::node_type make_node() {
        order one;
        one.emplace();
        return one.extract(one.begin());
    }

    // The first of a partition is ready at once; those behind it wait for their turn.
    std::optional<std::int64_t> enter_partition(const entry& added, std::int64_t now) {
        if (added.partition.empty()) return now;
        auto& queue = partitions_[added.partition];
        queue.insert(added.number);
        if (queue.size() > 1) return std::nullopt;
        return now;
    }

    void leave_partition(const entry& finished, std::int64_t now) noexcept {
        const auto* const left = left_in_partition(finished);
        if (!left) return;
        record& next = entries_.at(*left->begin());
        unlist(next);
        next.kept.ready_at = now;
        list(next);
    }

    // Takes an entry out of its partition. Returns the others, if there are any.
    const std::set<std::int64_t>* left_in_partition(const entry& leaving) noexcept {
        if (leaving.partition.empty()) return nullptr;
        const auto queue = partitions_.find(leaving.partition);
        if (queue == partitions_.end()) return nullptr;
        queue->second.erase(leaving.number);
        if (!queue->second.empty()) return &queue->second;
        partitions_.erase(queue);
        return nullptr;
    }

    // Keep the orders in which entries are looked for in step with the entry. Take no memory.
    void list(record& each) noexcept {
        const entry& kept = each.kept;
        const auto put = [&kept](order& in, order::node_type& node, std::int64_t time) {
            node.value() = {time, kept.number};
            in.insert(std::move(node));
        };
        if (kept.state == entry_state::ready && kept.ready_at) {
            put(ready_, each.in_line, *kept.ready_at);
        }
        if (kept.state == entry_state::leased) put(leased_, each.in_line, kept.lease_until);
        if (kept.state == entry_state::ready || kept.state == entry_state::leased) {
            put(waiting_, each.waiting, kept.accepted_at);
            waiting_bytes_ += kept.body_size;
        }
    }
    void unlist(record& each) noexcept {
        const entry& kept = each.kept;
        const auto take = [&kept](order& from, order::node_type& node, std::int64_t time) {
            if (auto found = from.extract({time, kept.number})) node = std::move(found);
        };
        if (kept.state == entry_state::ready && kept.ready_at) {
            take(ready_, each.in_line, *kept.ready_at);
        }
        if (kept.state == entry_state::leased) take(leased_, each.in_line, kept.lease_until);
        if (each.waiting.empty()) {
            take(waiting_, each.waiting, kept.accepted_at);
            waiting_bytes_ -= kept.body_size;
        }
    }

    record* claimable(const claim_request& request) {
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

    record* held(const lease& mine) {
        const auto found = entries_.find(mine.number);
        if (found == entries_.end() || found->second.kept.state != entry_state::leased ||
            found->second.kept.fence != mine.fence) {
            return nullptr;
        }
        return &found->second;
    }

    // A body stays known while another entry has had it.
    void forget_body(std::int64_t number) {
        const auto key = body_keys_.find(number);
        if (key == body_keys_.end()) return;
        const auto body = bodies_.find(key->second);
        if (body != bodies_.end()) {
            body->second.erase(number);
            if (body->second.empty()) bodies_.erase(body);
        }
        body_keys_.erase(key);
    }

    inbox_backlog waiting() const {
        inbox_backlog counted{.entries = waiting_.size(), .bytes = waiting_bytes_};
        if (!waiting_.empty()) counted.oldest = waiting_.begin()->first;
        return counted;
    }

    const std::size_t most_;
    std::mutex mutex_;
    std::map<std::int64_t, record> entries_;
    std::unordered_map<message_key, std::int64_t, key_hash> keys_{0, key_hash{random_seed()}};
    std::unordered_map<message_key, std::set<std::int64_t>, key_hash> bodies_{
        0, key_hash{random_seed()}};
    std::unordered_map<std::int64_t, message_key> body_keys_;
    std::map<std::string, std::set<std::int64_t>, std::less<>> partitions_;
    order ready_;
    order leased_;
    order waiting_;
    std::uint64_t waiting_bytes_ = 0;
    std::int64_t last_number_ = 0;
};

}  // namespace webhookpp::stores::detail

#endif
