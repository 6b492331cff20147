// SPDX-License-Identifier: MIT
// What an inbox has to hold after each operation: the simplest that could be right.
#ifndef WEBHOOKPP_TESTING_DETAIL_INBOX_MODEL_HPP
#define WEBHOOKPP_TESTING_DETAIL_INBOX_MODEL_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/inbox_store.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/testing/detail/inbox_accept_rules.hpp>
#include <webhookpp/testing/detail/inbox_settle_rules.hpp>

namespace webhookpp::testing::detail {

/// One entry, and what cannot be seen of it.
struct modelled_entry {
    entry seen = {};
    std::optional<message_key> body_key = std::nullopt;
    std::int64_t order = 0;  ///< in which it was accepted
    bool was_redriven = false;

    [[nodiscard]] bool waits() const noexcept {
        return seen.state == entry_state::ready || seen.state == entry_state::leased;
    }
    [[nodiscard]] bool finished() const noexcept { return !waits(); }

    /// Whether it keeps the others of its partition waiting.
    [[nodiscard]] bool has_turn() const noexcept {
        return seen.state == entry_state::leased ||
               (seen.state == entry_state::ready && seen.ready_at);
    }
};

/// The entries of an inbox. Where the contract leaves a choice to the store, it says what may be
/// chosen, and is told what was.
class inbox_model {
public:
    /// What has to become of `added`. A body that several entries have had is counted at one of
    /// them: those are left in `uncounted`.
    acceptance accept(const new_entry& added) {
        if (modelled_entry* const known = of_key(added.key)) {
            ++known->seen.duplicates;
            return acceptance::duplicate;
        }
        const bool same_body = added.body_key && has_body(*added.body_key);
        if (same_body && added.drop_same_body) {
            uncounted.push_back(*added.body_key);
            return acceptance::duplicate;
        }
        modelled_entry made{.body_key = added.body_key, .order = ++last_order_};
        // Until the store has told its number.
        made.seen = expected_of(added, -made.order);
        made.seen.possible_replay = same_body;
        if (!of_partition(added.partition).empty()) made.seen.ready_at.reset();
        entries.emplace(made.seen.number, std::move(made));
        return acceptance::stored;
    }

    [[nodiscard]] modelled_entry* of_key(const message_key& key) {
        for (auto& [number, each] : entries) {
            if (each.seen.key == key) return &each;
        }
        return nullptr;
    }

    [[nodiscard]] modelled_entry* of_number(std::int64_t number) {
        const auto found = entries.find(number);
        return found == entries.end() ? nullptr : &found->second;
    }

    /// Those of a partition that wait.
    [[nodiscard]] std::vector<modelled_entry*> of_partition(std::string_view partition) {
        std::vector<modelled_entry*> found;
        if (partition.empty()) return found;
        for (auto& [number, each] : entries) {
            if (each.waits() && each.seen.partition == partition) found.push_back(&each);
        }
        return found;
    }

    /// Those that a claim may give.
    [[nodiscard]] std::set<std::int64_t> claimable(const claim_request& request) const {
        std::set<std::int64_t> found;
        std::int64_t ready_since = INT64_MAX;
        std::int64_t over_since = INT64_MAX;
        for (const auto& [number, each] : entries) {
            if (is_ready(each, request)) ready_since = (std::min)(ready_since, *each.seen.ready_at);
            if (is_over(each, request)) over_since = (std::min)(over_since, each.seen.lease_until);
            if (is_too_far(each, request)) found.insert(number);
        }
        // Leases that are over may go before all that is ready, but never behind what is younger.
        const bool may_be_ready = ready_since <= over_since;
        for (const auto& [number, each] : entries) {
            const bool first_ready =
                may_be_ready && is_ready(each, request) && *each.seen.ready_at == ready_since;
            const bool first_over = is_over(each, request) && each.seen.lease_until == over_since;
            if (first_ready || first_over) found.insert(number);
        }
        return found;
    }

    /// Leases an entry with the fence that the store gave.
    void lease_to(modelled_entry& taken, const claim_request& request, std::int64_t fence) {
        taken.seen.state = entry_state::leased;
        taken.seen.ready_at.reset();
        taken.seen.lease_until = request.now + request.lease;
        taken.seen.fence = fence;
        ++taken.seen.attempts;
    }

    [[nodiscard]] modelled_entry* held(const lease& by) {
        modelled_entry* const found = of_number(by.number);
        if (!found || found->seen.state != entry_state::leased || found->seen.fence != by.fence) {
            return nullptr;
        }
        return found;
    }

    /// Those of which one may have its turn, when nobody of the partition has it.
    [[nodiscard]] static std::set<std::int64_t> next_of(const std::vector<modelled_entry*>& queue) {
        std::set<std::int64_t> found;
        const modelled_entry* first = nullptr;
        for (const modelled_entry* each : queue) {
            if (each->was_redriven) {
                found.insert(each->seen.number);
            } else if (!first || each->order < first->order) {
                first = each;
            }
        }
        if (first) found.insert(first->seen.number);
        return found;
    }

    [[nodiscard]] static bool loses_body(const modelled_entry& each, const purge_request& request) {
        return each.seen.state == entry_state::done && each.seen.body &&
               each.seen.finished_at < request.bodies_before;
    }
    [[nodiscard]] static bool loses_key(const modelled_entry& each, const purge_request& request) {
        return each.finished() && each.seen.keep_until < request.now;
    }

    /// Numbers of what a list has to have.
    [[nodiscard]] std::vector<std::int64_t> listed(const entry_query& query) const {
        std::vector<std::int64_t> found;
        for (const auto& [number, each] : entries) {
            if (found.size() == query.most) break;
            if (number <= query.after) continue;
            if (query.state && each.seen.state != *query.state) continue;
            if (!query.endpoint.empty() && each.seen.endpoint != query.endpoint) continue;
            found.push_back(number);
        }
        return found;
    }

    [[nodiscard]] inbox_stats stats() const {
        inbox_stats counted;
        for (const auto& [number, each] : entries) {
            counted.duplicates += each.seen.duplicates;
            if (each.seen.state == entry_state::ready) ++counted.ready;
            if (each.seen.state == entry_state::leased) ++counted.leased;
            if (each.seen.state == entry_state::done) ++counted.done;
            if (each.seen.state == entry_state::dead) ++counted.dead;
            if (!each.waits()) continue;
            auto& backlog = counted.backlog;
            ++backlog.entries;
            backlog.bytes += each.seen.body_size;
            backlog.oldest =
                (std::min)(backlog.oldest.value_or(each.seen.accepted_at), each.seen.accepted_at);
        }
        return counted;
    }

    std::map<std::int64_t, modelled_entry> entries;  ///< by number

    /// Body keys of messages that were dropped and counted at an entry that is to be found.
    std::vector<message_key> uncounted;

private:
    [[nodiscard]] bool has_body(const message_key& key) const {
        return std::any_of(entries.begin(), entries.end(),
                           [&](const auto& each) { return each.second.body_key == key; });
    }

    [[nodiscard]] static bool is_ready(const modelled_entry& each, const claim_request& request) {
        return each.seen.state == entry_state::ready && each.seen.ready_at &&
               *each.seen.ready_at <= request.now;
    }
    [[nodiscard]] static bool is_over(const modelled_entry& each, const claim_request& request) {
        return each.seen.state == entry_state::leased && each.seen.lease_until <= request.now;
    }
    [[nodiscard]] static bool is_too_far(const modelled_entry& each, const claim_request& request) {
        return each.seen.state == entry_state::leased &&
               each.seen.lease_until > request.now + 2 * request.lease;
    }

    std::int64_t last_order_ = 0;
};

}  // namespace webhookpp::testing::detail

#endif
