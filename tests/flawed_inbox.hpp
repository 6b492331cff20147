// SPDX-License-Identifier: MIT
// A small inbox store with real transactions, and with any one of many flaws, to see that the
// conformance kit finds each.
#ifndef WEBHOOKPP_TESTS_FLAWED_INBOX_HPP
#define WEBHOOKPP_TESTS_FLAWED_INBOX_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/inbox_store.hpp>
#include <webhookpp/result.hpp>

namespace flawed {

namespace wh = webhookpp;

enum class inbox_flaw : std::uint8_t {
    none,
    // accept
    no_unique_key,
    key_looked_up_before_the_transaction,
    body_looked_up_before_the_transaction,
    batch_not_looked_up,
    duplicate_fails_the_batch,
    duplicate_replaces_the_body,
    duplicate_makes_ready,
    duplicate_not_counted,
    duplicate_prolongs_the_key,
    outcomes_of_duplicates_not_told,
    failure_told_as_stored,
    largest_batch_refused,
    attempts_begin_at_one,
    negative_times_cut,
    event_type_cut,
    body_ends_at_nul,
    partition_ends_at_nul,
    flags_left_out,
    timestamp_zero_for_none,
    keys_end_at_nul,
    same_body_not_flagged,
    same_body_of_all_endpoints,
    same_body_dropped_always,
    same_body_never_dropped,
    body_key_goes_with_the_body,
    // claim
    owner_has_to_have_a_name,
    claim_keeps_another_lease,
    claims_before_the_time,
    claims_after_the_time_only,
    lease_is_over_at_once,
    lease_is_over_for_ever,
    lease_is_never_over,
    lease_is_over_too_late,
    clock_set_back_not_seen,
    clock_set_back_seen_too_early,
    newest_first,
    lowest_number_first,
    first_accepted_first,
    ready_before_leases_that_are_over,
    fence_stays,
    attempts_not_counted,
    claim_in_two_transactions,
    partition_ignored_by_claim,
    // renew
    renew_ignores_the_fence,
    renew_ignores_the_state,
    renew_adds_to_the_lease,
    renew_counts_an_attempt,
    // settle
    settle_ignores_the_fence,
    settle_ignores_the_state,
    settle_refused_when_over,
    settle_in_two_transactions,
    settle_keeps_the_state,
    effect_without_settle,
    effect_of_dropped_transaction,
    dropped_transactions_stay_open,
    effect_lost,
    handed_back_counts,
    handed_back_forgets_error,
    error_ends_at_nul,
    error_not_cut,
    error_not_kept_for_retries,
    keep_until_shortened,
    finished_at_missing,
    retry_at_once,
    dead_keeps_its_partition,
    done_keeps_its_partition,
    partition_of_a_batch_not_seen,
    partition_of_each_endpoint,
    one_partition_for_all,
    time_while_behind,
    retry_leaves_its_partition,
    // redrive
    redrives_done,
    redrive_keeps_attempts,
    redrive_resets_the_fence,
    redrive_ignores_its_partition,
    redriven_waits_for_nobody,
    redrive_in_two_transactions,
    // purge
    purges_ready,
    purges_leased,
    purges_dead_bodies,
    purges_keys_too_early,
    purges_bodies_too_early,
    purge_ignores_most,
    purge_counts_nothing,
    purge_counts_twice,
    purge_never_ends,
    numbers_given_again,
    body_size_purged,
    // queries
    find_finds_the_next,
    list_has_bodies,
    list_from_after,
    list_ignores_most,
    list_ignores_state,
    list_matches_beginnings,
    list_in_any_order,
    backlog_without_leased,
    backlog_with_dead,
    backlog_oldest_by_number,
    stats_without_duplicates,
    copies_of_their_own,
    last,  // none: how many there are
};

/// What the table holds of a message.
struct row {
    wh::entry seen;
    std::optional<wh::message_key> body_key;
    bool blocked = false;  ///< another one of its partition is before it
};

class inbox {
    struct tables {
        std::mutex mutex;
        std::map<std::int64_t, row> rows;
        std::vector<std::int64_t> effects;
        std::int64_t last_number = 0;
        std::size_t stores_tried = 0;
        std::size_t open_transactions = 0;
    };
    using flaw = inbox_flaw;

public:
    static constexpr std::size_t max_batch = 16;

    /// What a handler has written, until it is settled.
    class transaction {
    public:
        void write(std::int64_t value) {
            if (at_once_) {
                const std::lock_guard lock(tables_->mutex);
                tables_->effects.push_back(value);
            } else {
                written_.push_back(value);
            }
        }

    private:
        friend class inbox;
        std::shared_ptr<tables> tables_;
        std::vector<std::int64_t> written_;
        bool at_once_ = false;
    };

    explicit inbox(flaw has) : tables_(std::make_shared<tables>()), has_(has) {}
    inbox(const inbox& other) : tables_(other.tables_), has_(other.has_) {
        if (has_ == flaw::copies_of_their_own) tables_ = std::make_shared<tables>();
    }
    inbox(inbox&&) = default;
    inbox& operator=(const inbox&) = default;
    inbox& operator=(inbox&&) = default;
    ~inbox() = default;

    wh::result<void> accept(std::span<const wh::new_entry> entries,
                            std::span<wh::acceptance> outcomes) noexcept {
        std::unique_lock lock(tables_->mutex);
        if (has_ == flaw::largest_batch_refused && entries.size() == max_batch) {
            return wh::unexpected(wh::errc::store_unavailable, "size of a batch");
        }
        const std::int64_t known_before = tables_->last_number;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const wh::new_entry& added = entries[i];
            row* known = find_key(added.key);
            if (has_ == flaw::key_looked_up_before_the_transaction) let_others(lock);
            if (has_ == flaw::no_unique_key) known = nullptr;
            if (has_ == flaw::batch_not_looked_up && known && known->seen.number > known_before) {
                known = nullptr;
            }
            row* const same_body = known ? nullptr : find_body(added);
            if (has_ == flaw::body_looked_up_before_the_transaction) let_others(lock);
            if (!known && drops(added, same_body)) known = same_body;
            if (known) {
                if (has_ == flaw::duplicate_fails_the_batch && entries.size() > 1) {
                    return wh::unexpected(wh::errc::store_unavailable, "unique key");
                }
                repeat(*known, added);
                if (has_ != flaw::outcomes_of_duplicates_not_told) {
                    outcomes[i] = wh::acceptance::duplicate;
                }
            } else {
                const bool fails =
                    has_ == flaw::failure_told_as_stored && ++tables_->stores_tried % 50 == 0;
                if (!fails) store(added, same_body != nullptr, known_before);
                outcomes[i] = wh::acceptance::stored;
            }
        }
        return {};
    }

    wh::result<std::optional<wh::entry>> claim(const wh::claim_request& request) noexcept {
        std::unique_lock lock(tables_->mutex);
        if (has_ == flaw::owner_has_to_have_a_name && request.owner.empty()) {
            return wh::unexpected(wh::errc::store_unavailable, "owner");
        }
        row* const found = longest_waiting(request);
        if (!found) return std::nullopt;
        if (has_ == flaw::claim_in_two_transactions) let_others(lock);
        wh::entry& taken = found->seen;
        const bool again = taken.state == wh::entry_state::leased;
        taken.state = wh::entry_state::leased;
        if (!again || has_ != flaw::lease_is_over_for_ever) {
            taken.lease_until = request.now + request.lease;
        }
        if (has_ != flaw::attempts_not_counted) ++taken.attempts;
        if (has_ != flaw::fence_stays || taken.fence == 0) ++taken.fence;
        wh::entry told = shown(*found);
        if (has_ == flaw::claim_keeps_another_lease) ++taken.lease_until;
        return told;
    }

    wh::result<bool> renew(const wh::lease& mine, std::int64_t now, std::int64_t length) noexcept {
        const std::lock_guard lock(tables_->mutex);
        row* found = held(mine, has_ == flaw::renew_ignores_the_fence);
        if (has_ == flaw::renew_ignores_the_state) found = last_held(mine);
        if (!found) return false;
        found->seen.lease_until =
            (has_ == flaw::renew_adds_to_the_lease ? found->seen.lease_until : now) + length;
        if (has_ == flaw::renew_counts_an_attempt) ++found->seen.attempts;
        return true;
    }

    wh::result<transaction> begin() noexcept {
        transaction begun;
        begun.tables_ = tables_;
        if (has_ == flaw::dropped_transactions_stay_open) {
            const std::lock_guard lock(tables_->mutex);
            if (++tables_->open_transactions > 20) {
                return wh::unexpected(wh::errc::store_unavailable, "too many transactions");
            }
        }
        begun.at_once_ = has_ == flaw::effect_of_dropped_transaction;
        return begun;
    }

    wh::result<bool> settle(transaction& with, const wh::lease& mine, const wh::ending& how,
                            std::int64_t now) noexcept {
        std::unique_lock lock(tables_->mutex);
        const bool settled = settle_in(lock, mine, how, now);
        if (tables_->open_transactions > 0) --tables_->open_transactions;
        if ((settled && has_ != flaw::effect_lost) || has_ == flaw::effect_without_settle) {
            tables_->effects.insert(tables_->effects.end(), with.written_.begin(),
                                    with.written_.end());
        }
        return settled;
    }

    wh::result<bool> settle(const wh::lease& mine, const wh::ending& how,
                            std::int64_t now) noexcept {
        std::unique_lock lock(tables_->mutex);
        return settle_in(lock, mine, how, now);
    }

    wh::result<std::optional<wh::entry>> find(std::int64_t number) noexcept {
        const std::lock_guard lock(tables_->mutex);
        const auto found = has_ == flaw::find_finds_the_next ? tables_->rows.lower_bound(number)
                                                             : tables_->rows.find(number);
        if (found == tables_->rows.end()) return std::nullopt;
        return shown(found->second);
    }

    wh::result<std::vector<wh::entry>> list(const wh::entry_query& query) noexcept {
        const std::lock_guard lock(tables_->mutex);
        std::vector<wh::entry> found;
        for (const auto& [number, each] : tables_->rows) {
            if (found.size() >= query.most && has_ != flaw::list_ignores_most) break;
            const bool is_after =
                has_ == flaw::list_from_after ? number >= query.after : number > query.after;
            if (!is_after || !is_listed(each.seen, query)) continue;
            found.push_back(shown(each));
            if (has_ != flaw::list_has_bodies) found.back().body.reset();
        }
        if (has_ == flaw::list_in_any_order) std::reverse(found.begin(), found.end());
        return found;
    }

    wh::result<bool> redrive(std::int64_t number, std::int64_t now) noexcept {
        std::unique_lock lock(tables_->mutex);
        row* const found = at(number);
        if (!found) return false;
        wh::entry& dead = found->seen;
        const bool may = dead.state == wh::entry_state::dead ||
                         (has_ == flaw::redrives_done && dead.state == wh::entry_state::done);
        if (!may || !dead.body) return false;
        if (has_ == flaw::redrive_in_two_transactions) let_others(lock);
        found->blocked =
            has_ != flaw::redrive_ignores_its_partition &&
            (is_busy(dead) || (has_ == flaw::redriven_waits_for_nobody && !dead.partition.empty()));
        dead.state = wh::entry_state::ready;
        dead.ready_at = now;
        if (has_ != flaw::redrive_keeps_attempts) dead.attempts = 0;
        if (has_ == flaw::redrive_resets_the_fence) dead.fence = 0;
        return true;
    }

    wh::result<std::size_t> purge(const wh::purge_request& request) noexcept {
        const std::lock_guard lock(tables_->mutex);
        std::size_t touched = 0;
        for (auto each = tables_->rows.begin(); each != tables_->rows.end();) {
            if (touched == request.most && has_ != flaw::purge_ignores_most) break;
            if (loses_key(each->second.seen, request)) {
                each = tables_->rows.erase(each);
                ++touched;
                continue;
            }
            if (loses_body(each->second.seen, request)) {
                purge_body(each->second);
                touched += has_ == flaw::purge_counts_twice ? 2 : 1;
            }
            ++each;
        }
        return has_ == flaw::purge_counts_nothing ? 0 : touched;
    }

    wh::result<wh::inbox_backlog> backlog() noexcept {
        const std::lock_guard lock(tables_->mutex);
        return waiting();
    }

    wh::result<wh::inbox_stats> stats() noexcept {
        const std::lock_guard lock(tables_->mutex);
        wh::inbox_stats counted;
        std::uint64_t* const by_state[] = {&counted.ready, &counted.leased, &counted.done,
                                           &counted.dead};
        for (const auto& [number, each] : tables_->rows) {
            ++*by_state[static_cast<std::size_t>(each.seen.state)];
            if (has_ != flaw::stats_without_duplicates) counted.duplicates += each.seen.duplicates;
        }
        counted.backlog = waiting();
        return counted;
    }

    /// What handlers have written.
    std::vector<std::int64_t> effects() {
        const std::lock_guard lock(tables_->mutex);
        return tables_->effects;
    }

private:
    // What a store does that looks in one transaction and writes in the next.
    static void let_others(std::unique_lock<std::mutex>& lock) {
        lock.unlock();
        std::this_thread::sleep_for(std::chrono::microseconds(100));
        lock.lock();
    }

    // What is left of a text that passes through a `char*`.
    [[nodiscard]] static std::string up_to_nul(const std::string& text) {
        return text.substr(0, text.find('\0'));
    }

    row* at(std::int64_t number) {
        const auto found = tables_->rows.find(number);
        return found == tables_->rows.end() ? nullptr : &found->second;
    }

    [[nodiscard]] bool is_same(const wh::message_key& left, const wh::message_key& right) const {
        if (has_ != flaw::keys_end_at_nul) return left == right;
        const auto text = [](const wh::message_key& key) {
            const auto bytes = key.bytes();
            return std::string(bytes.begin(), std::find(bytes.begin(), bytes.end(), 0));
        };
        return text(left) == text(right);
    }

    row* find_key(const wh::message_key& key) {
        for (auto& [number, each] : tables_->rows) {
            if (is_same(each.seen.key, key)) return &each;
        }
        return nullptr;
    }

    row* find_body(const wh::new_entry& added) {
        if (!added.body_key) return nullptr;
        for (auto& [number, each] : tables_->rows) {
            if (each.body_key == added.body_key) return &each;
            const bool same_text = each.body_key && each.seen.body == added.body;
            if (same_text && has_ == flaw::same_body_of_all_endpoints) return &each;
        }
        return nullptr;
    }

    [[nodiscard]] bool drops(const wh::new_entry& added, const row* same_body) const {
        if (!same_body || has_ == flaw::same_body_never_dropped) return false;
        return added.drop_same_body || has_ == flaw::same_body_dropped_always;
    }

    void repeat(row& known, const wh::new_entry& added) {
        wh::entry& seen = known.seen;
        if (has_ != flaw::duplicate_not_counted) ++seen.duplicates;
        if (has_ == flaw::duplicate_replaces_the_body) seen.body = std::string(added.body);
        if (has_ == flaw::duplicate_prolongs_the_key) seen.keep_until = added.keep_until;
        if (has_ == flaw::duplicate_makes_ready && seen.state == wh::entry_state::done) {
            seen.state = wh::entry_state::ready;
        }
    }

    void store(const wh::new_entry& added, bool same_body, std::int64_t known_before) {
        row made{.seen = {}, .body_key = added.body_key};
        wh::entry& seen = made.seen;
        if (has_ == flaw::numbers_given_again) {
            tables_->last_number = tables_->rows.empty() ? 0 : tables_->rows.rbegin()->first;
        }
        seen.number = ++tables_->last_number;
        seen.key = added.key;
        seen.provider = added.provider;
        seen.endpoint = added.endpoint;
        seen.message_id = added.message_id;
        seen.event_type = added.event_type;
        seen.partition = added.partition;
        if (has_ == flaw::partition_ends_at_nul) seen.partition = up_to_nul(seen.partition);
        seen.body = added.body;
        seen.body_size = added.body.size();
        if (has_ == flaw::body_ends_at_nul) seen.body = up_to_nul(*seen.body);
        seen.proof = added.proof;
        if (has_ == flaw::flags_left_out) seen.proof.assumed = false;
        if (has_ == flaw::timestamp_zero_for_none && !seen.proof.timestamp) {
            seen.proof.timestamp = 0;
        }
        seen.accepted_at = added.accepted_at;
        seen.keep_until = added.keep_until;
        seen.ready_at = added.accepted_at;
        seen.possible_replay = same_body && has_ != flaw::same_body_not_flagged;
        if (has_ == flaw::event_type_cut) seen.event_type = seen.event_type.substr(0, 127);
        if (has_ == flaw::attempts_begin_at_one) seen.attempts = 1;
        if (has_ == flaw::negative_times_cut) {
            seen.accepted_at = (std::max)(seen.accepted_at, std::int64_t{0});
        }
        made.blocked =
            is_busy(seen, has_ == flaw::partition_of_a_batch_not_seen ? known_before : INT64_MAX);
        tables_->rows.emplace(seen.number, std::move(made));
    }

    [[nodiscard]] wh::entry shown(const row& of) const {
        wh::entry seen = of.seen;
        const bool behind = of.blocked && has_ != flaw::time_while_behind;
        if (behind || seen.state != wh::entry_state::ready) seen.ready_at.reset();
        return seen;
    }

    static bool waits(const wh::entry& seen) {
        return seen.state == wh::entry_state::ready || seen.state == wh::entry_state::leased;
    }

    [[nodiscard]] bool share_partition(const wh::entry& left, const wh::entry& right) const {
        if (left.partition.empty() || right.partition.empty()) return false;
        if (has_ == flaw::one_partition_for_all) return true;
        if (has_ == flaw::partition_of_each_endpoint && left.endpoint != right.endpoint) {
            return false;
        }
        return left.partition == right.partition;
    }

    // Whether an entry that comes to a partition has to wait. Numbers above `last` are not seen.
    [[nodiscard]] bool is_busy(const wh::entry& with, std::int64_t last = INT64_MAX) const {
        return std::any_of(tables_->rows.begin(), tables_->rows.end(), [&](const auto& each) {
            const wh::entry& other = each.second.seen;
            const bool keeps = waits(other) || (has_ == flaw::done_keeps_its_partition &&
                                                other.state == wh::entry_state::done);
            return keeps && each.first <= last && share_partition(other, with);
        });
    }

    void pass_turn(const wh::entry& from, std::int64_t now) {
        for (auto& [number, each] : tables_->rows) {
            if (!waits(each.seen) || !share_partition(each.seen, from)) continue;
            if (number == from.number) continue;
            each.blocked = false;
            each.seen.ready_at = now;
            return;
        }
    }

    // Since when it waits, if it may be claimed.
    [[nodiscard]] std::optional<std::int64_t> waits_since(const row& each,
                                                          const wh::claim_request& request) const {
        const wh::entry& seen = each.seen;
        if (seen.state == wh::entry_state::ready) {
            if (each.blocked && has_ != flaw::partition_ignored_by_claim) return std::nullopt;
            const std::int64_t early = has_ == flaw::claims_before_the_time       ? 1'000
                                       : has_ == flaw::claims_after_the_time_only ? -1
                                                                                  : 0;
            if (*seen.ready_at > request.now + early) return std::nullopt;
            return *seen.ready_at;
        }
        if (seen.state != wh::entry_state::leased || has_ == flaw::lease_is_never_over) {
            return std::nullopt;
        }
        if (has_ == flaw::lease_is_over_at_once) return seen.lease_until;
        const std::int64_t late = has_ == flaw::lease_is_over_too_late ? 1 : 0;
        if (seen.lease_until + late <= request.now) return seen.lease_until;
        const std::int64_t two_leases =
            2 * request.lease - (has_ == flaw::clock_set_back_seen_too_early ? 1 : 0);
        if (seen.lease_until > request.now + two_leases && has_ != flaw::clock_set_back_not_seen) {
            return seen.lease_until;
        }
        return std::nullopt;
    }

    row* longest_waiting(const wh::claim_request& request) {
        row* found = nullptr;
        std::int64_t since = 0;
        for (auto& [number, each] : tables_->rows) {
            auto waits = waits_since(each, request);
            if (!waits) continue;
            if (has_ == flaw::newest_first) waits = -*waits;
            if (has_ == flaw::lowest_number_first) waits = number;
            if (has_ == flaw::first_accepted_first) waits = each.seen.accepted_at;
            const bool leased = each.seen.state == wh::entry_state::leased;
            if (has_ == flaw::ready_before_leases_that_are_over && leased) waits = INT64_MAX;
            if (found && since <= *waits) continue;
            found = &each;
            since = *waits;
        }
        return found;
    }

    row* held(const wh::lease& mine, bool by_anybody) {
        row* const found = at(mine.number);
        if (!found || found->seen.state != wh::entry_state::leased) return nullptr;
        return by_anybody || found->seen.fence == mine.fence ? found : nullptr;
    }

    // Whatever has become of it since.
    row* last_held(const wh::lease& mine) {
        row* const found = at(mine.number);
        return found && found->seen.fence == mine.fence ? found : nullptr;
    }

    bool settle_in(std::unique_lock<std::mutex>& lock, const wh::lease& mine, const wh::ending& how,
                   std::int64_t now) {
        row* found = held(mine, has_ == flaw::settle_ignores_the_fence);
        if (has_ == flaw::settle_ignores_the_state) found = last_held(mine);
        if (!found) return false;
        if (has_ == flaw::settle_refused_when_over && found->seen.lease_until <= now) return false;
        if (has_ == flaw::settle_in_two_transactions) let_others(lock);
        if (has_ == flaw::settle_keeps_the_state) return true;
        wh::entry& seen = found->seen;
        seen.state = how.state;
        if (!how.counts && has_ != flaw::handed_back_counts) --seen.attempts;
        keep_error(seen, how);
        seen.keep_until = has_ == flaw::keep_until_shortened
                              ? how.keep_until
                              : (std::max)(seen.keep_until, how.keep_until);
        const bool finished = how.state != wh::entry_state::ready;
        if (finished) {
            seen.finished_at = has_ == flaw::finished_at_missing ? 0 : now;
        } else {
            seen.ready_at = has_ == flaw::retry_at_once ? now : how.ready_at;
        }
        const bool leaves =
            finished ? how.state != wh::entry_state::dead || has_ != flaw::dead_keeps_its_partition
                     : has_ == flaw::retry_leaves_its_partition;
        if (leaves) pass_turn(seen, now);
        return true;
    }

    void keep_error(wh::entry& seen, const wh::ending& how) const {
        if (has_ == flaw::error_not_kept_for_retries && how.state == wh::entry_state::ready) return;
        if (how.counts || has_ == flaw::handed_back_forgets_error) seen.last_error = how.error;
        if (has_ != flaw::error_not_cut) {
            seen.last_error = seen.last_error.substr(0, wh::ending::max_error);
        }
        if (has_ == flaw::error_ends_at_nul) seen.last_error = up_to_nul(seen.last_error);
    }

    [[nodiscard]] bool loses_key(const wh::entry& seen, const wh::purge_request& request) const {
        const bool may = !waits(seen) ||
                         (has_ == flaw::purges_ready && seen.state == wh::entry_state::ready) ||
                         (has_ == flaw::purges_leased && seen.state == wh::entry_state::leased);
        const std::int64_t early = has_ == flaw::purges_keys_too_early ? 1 : 0;
        return may && seen.keep_until - early < request.now;
    }

    [[nodiscard]] bool loses_body(const wh::entry& seen, const wh::purge_request& request) const {
        const bool may = seen.state == wh::entry_state::done ||
                         (has_ == flaw::purges_dead_bodies && seen.state == wh::entry_state::dead);
        const std::int64_t early = has_ == flaw::purges_bodies_too_early ? 1 : 0;
        return may && (seen.body || has_ == flaw::purge_never_ends) &&
               seen.finished_at - early < request.bodies_before;
    }

    void purge_body(row& each) const {
        each.seen.body.reset();
        if (has_ == flaw::body_size_purged) each.seen.body_size = 0;
        if (has_ == flaw::body_key_goes_with_the_body) each.body_key.reset();
    }

    [[nodiscard]] bool is_listed(const wh::entry& seen, const wh::entry_query& query) const {
        if (query.state && seen.state != *query.state && has_ != flaw::list_ignores_state) {
            return false;
        }
        if (has_ == flaw::list_matches_beginnings) return seen.endpoint.starts_with(query.endpoint);
        return query.endpoint.empty() || seen.endpoint == query.endpoint;
    }

    [[nodiscard]] wh::inbox_backlog waiting() const {
        wh::inbox_backlog counted;
        for (const auto& [number, each] : tables_->rows) {
            const wh::entry& seen = each.seen;
            const bool counts =
                seen.state == wh::entry_state::ready ||
                (seen.state == wh::entry_state::leased && has_ != flaw::backlog_without_leased) ||
                (seen.state == wh::entry_state::dead && has_ == flaw::backlog_with_dead);
            if (!counts) continue;
            ++counted.entries;
            counted.bytes += seen.body_size;
            if (!counted.oldest) counted.oldest = seen.accepted_at;
            if (has_ != flaw::backlog_oldest_by_number) {
                counted.oldest = (std::min)(*counted.oldest, seen.accepted_at);
            }
        }
        return counted;
    }

    std::shared_ptr<tables> tables_;
    flaw has_;
};

static_assert(wh::inbox_store<inbox>);

}  // namespace flawed

#endif
