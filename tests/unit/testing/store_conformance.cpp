// SPDX-License-Identifier: MIT
#include <webhookpp/testing/store_conformance.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/stores/memory.hpp>

#include "../../catch.hpp"
#include "../../flawed_guard.hpp"
#include "../../flawed_inbox.hpp"

namespace wh = webhookpp;
using wh::testing::store_check_options;

namespace {

const std::vector<std::string> nothing;

std::vector<std::string> found_in(flawed::inbox_flaw has, const store_check_options& options) {
    const wh::testing::transaction_effects<flawed::inbox> effects{
        .write =
            [](flawed::inbox::transaction& with, std::int64_t value) {
                with.write(value);
                return true;
            },
        .read = [](flawed::inbox& store) { return store.effects(); }};
    return wh::testing::check_inbox_store([&] { return flawed::inbox(has); }, options, effects);
}

std::vector<std::string> found_in(flawed::guard_flaw has, const store_check_options& options) {
    return wh::testing::check_replay_store([&] { return flawed::guard(has); }, options);
}

struct inbox_mistake {
    flawed::inbox_flaw has;
    std::string_view rule;  ///< that finds it
};

struct guard_mistake {
    flawed::guard_flaw has;
    std::string_view rule;
};

using flawed::guard_flaw;
using flawed::inbox_flaw;

constexpr std::array inbox_mistakes = std::to_array<inbox_mistake>({
    {inbox_flaw::largest_batch_refused, "batches have any size up to max_batch"},
    {inbox_flaw::attempts_begin_at_one, "an accepted entry is ready"},
    {inbox_flaw::negative_times_cut, "times come back unchanged"},
    {inbox_flaw::event_type_cut, "texts come back byte for byte"},
    {inbox_flaw::same_body_of_all_endpoints, "a body of another endpoint is not flagged"},
    {inbox_flaw::owner_has_to_have_a_name, "an owner has any name"},
    {inbox_flaw::claim_keeps_another_lease, "a claim leases"},
    {inbox_flaw::lease_is_over_at_once, "a leased entry is nobody else's"},
    {inbox_flaw::lease_is_over_for_ever, "leases that are over are claimed once each"},
    {inbox_flaw::lowest_number_first, "what has waited longest is claimed"},
    {inbox_flaw::first_accepted_first, "retries wait their turn"},
    {inbox_flaw::renew_ignores_the_state, "only leases are renewed"},
    {inbox_flaw::settle_refused_when_over,
     "a lease that is over settles until somebody else has it"},
    {inbox_flaw::dropped_transactions_stay_open, "a transaction that is dropped changes nothing"},
    {inbox_flaw::done_keeps_its_partition, "a partition begins anew"},
    {inbox_flaw::partition_of_a_batch_not_seen, "a batch fills partitions in order"},
    {inbox_flaw::partition_of_each_endpoint, "a partition spans endpoints"},
    {inbox_flaw::one_partition_for_all, "partitions do not wait for others"},
    {inbox_flaw::time_while_behind, "who waits for its turn has no time"},
    {inbox_flaw::redriven_waits_for_nobody, "a redriven entry alone in its partition is ready"},
    {inbox_flaw::find_finds_the_next, "nothing is found that is not there"},
    {inbox_flaw::no_unique_key, "a duplicate of a ready entry only counts"},
    {inbox_flaw::key_looked_up_before_the_transaction, "a storm of deliveries is stored once"},
    {inbox_flaw::body_looked_up_before_the_transaction, "a storm of bodies is stored once"},
    {inbox_flaw::batch_not_looked_up, "a message twice in a batch is stored once"},
    {inbox_flaw::duplicate_fails_the_batch, "duplicates and new messages share a batch"},
    {inbox_flaw::duplicate_replaces_the_body, "a duplicate of a leased entry only counts"},
    {inbox_flaw::duplicate_makes_ready, "a duplicate of a done entry only counts"},
    {inbox_flaw::duplicate_not_counted, "a duplicate of a dead entry only counts"},
    {inbox_flaw::duplicate_prolongs_the_key, "a duplicate of a done entry only counts"},
    {inbox_flaw::outcomes_of_duplicates_not_told, "duplicates and new messages share a batch"},
    {inbox_flaw::failure_told_as_stored, "batches in any order are stored once"},
    {inbox_flaw::body_ends_at_nul, "bodies come back byte for byte"},
    {inbox_flaw::partition_ends_at_nul, "partitions differ in any byte"},
    {inbox_flaw::flags_left_out, "proofs come back unchanged"},
    {inbox_flaw::timestamp_zero_for_none, "proofs come back unchanged"},
    {inbox_flaw::keys_end_at_nul, "keys differ in any byte"},
    {inbox_flaw::same_body_not_flagged, "a known body is flagged"},
    {inbox_flaw::same_body_dropped_always, "a known body is flagged"},
    {inbox_flaw::same_body_never_dropped, "a known body is dropped when asked"},
    {inbox_flaw::body_key_goes_with_the_body, "bodies are known as long as keys"},
    {inbox_flaw::claims_before_the_time, "nothing is claimed before its time"},
    {inbox_flaw::claims_after_the_time_only, "a failed entry is tried again at its time"},
    {inbox_flaw::lease_is_never_over, "an entry is claimed when its lease is over"},
    {inbox_flaw::lease_is_over_too_late, "an entry is claimed when its lease is over"},
    {inbox_flaw::clock_set_back_not_seen, "an entry is claimed when the clock was set back"},
    {inbox_flaw::clock_set_back_seen_too_early, "an entry is claimed when the clock was set back"},
    {inbox_flaw::newest_first, "what has waited longest is claimed"},
    {inbox_flaw::ready_before_leases_that_are_over,
     "a lease that is over goes before younger entries"},
    {inbox_flaw::fence_stays, "an entry is claimed when its lease is over"},
    {inbox_flaw::attempts_not_counted, "a failed entry is tried again at its time"},
    {inbox_flaw::claim_in_two_transactions, "of a storm one is the owner"},
    {inbox_flaw::partition_ignored_by_claim, "a partition is handled in order"},
    {inbox_flaw::renew_ignores_the_fence, "a lease is renewed until somebody else has it"},
    {inbox_flaw::renew_adds_to_the_lease, "a renewed lease lasts longer"},
    {inbox_flaw::renew_counts_an_attempt, "a renewed lease lasts longer"},
    {inbox_flaw::settle_ignores_the_fence, "a stale fence settles nothing"},
    {inbox_flaw::settle_ignores_the_state, "only the edges of the state machine exist"},
    {inbox_flaw::settle_in_two_transactions, "of a storm one is the owner"},
    {inbox_flaw::settle_keeps_the_state, "a done entry stays done"},
    {inbox_flaw::effect_without_settle, "effects are committed with the entry"},
    {inbox_flaw::effect_of_dropped_transaction, "effects are committed with the entry"},
    {inbox_flaw::effect_lost, "slow owners do no harm"},
    {inbox_flaw::handed_back_counts, "an attempt that is handed back does not count"},
    {inbox_flaw::handed_back_forgets_error, "an attempt that is handed back does not count"},
    {inbox_flaw::error_ends_at_nul, "an error is kept"},
    {inbox_flaw::error_not_cut, "an error is kept"},
    {inbox_flaw::error_not_kept_for_retries, "an error is kept"},
    {inbox_flaw::keep_until_shortened, "an ending only prolongs how long a key is kept"},
    {inbox_flaw::finished_at_missing, "a dead entry stays dead"},
    {inbox_flaw::retry_at_once, "a failed entry is tried again at its time"},
    {inbox_flaw::dead_keeps_its_partition, "a partition is handled in order"},
    {inbox_flaw::retry_leaves_its_partition, "a retry keeps its partition waiting"},
    {inbox_flaw::redrives_done, "only dead entries are redriven"},
    {inbox_flaw::redrive_keeps_attempts, "a redriven entry begins anew"},
    {inbox_flaw::redrive_resets_the_fence, "a redriven entry begins anew"},
    {inbox_flaw::redrive_ignores_its_partition, "a redriven entry waits for its partition"},
    {inbox_flaw::redrive_in_two_transactions, "of a storm one is the owner"},
    {inbox_flaw::purges_ready, "what waits is never purged"},
    {inbox_flaw::purges_leased, "what waits is never purged"},
    {inbox_flaw::purges_dead_bodies, "dead entries keep their bodies"},
    {inbox_flaw::purges_keys_too_early, "keys are kept for their time"},
    {inbox_flaw::purges_bodies_too_early, "bodies of done entries are purged"},
    {inbox_flaw::purge_ignores_most, "purge touches no more than it may"},
    {inbox_flaw::purge_counts_nothing, "bodies of done entries are purged"},
    {inbox_flaw::purge_counts_twice, "purge touches no more than it may"},
    {inbox_flaw::purge_never_ends, "an empty body is purged once"},
    {inbox_flaw::numbers_given_again, "a purged message is stored anew"},
    {inbox_flaw::body_size_purged, "bodies of done entries are purged"},
    {inbox_flaw::list_has_bodies, "lists are of what was asked for"},
    {inbox_flaw::list_from_after, "nothing is found that is not there"},
    {inbox_flaw::list_ignores_most, "lists are of what was asked for"},
    {inbox_flaw::list_ignores_state, "lists are of what was asked for"},
    {inbox_flaw::list_matches_beginnings, "lists are of what was asked for"},
    {inbox_flaw::list_in_any_order, "lists are of what was asked for"},
    {inbox_flaw::backlog_without_leased, "the backlog is what waits"},
    {inbox_flaw::backlog_with_dead, "the backlog is what waits"},
    {inbox_flaw::backlog_oldest_by_number, "the backlog is what waits"},
    {inbox_flaw::stats_without_duplicates, "stats count states and duplicates"},
    {inbox_flaw::copies_of_their_own, "copies stand for the same store"},
});

constexpr std::array guard_mistakes = std::to_array<guard_mistake>({
    {guard_flaw::looked_up_before_the_transaction, "a storm of reservations has one owner"},
    {guard_flaw::commits_in_two_transactions, "a storm of reservations has one owner"},
    {guard_flaw::failure_told_as_fresh, "random reservations have the answers of a model"},
    {guard_flaw::reservation_is_over_too_late, "a reservation is over at its end"},
    {guard_flaw::reservation_is_over_too_early, "a key is reserved once"},
    {guard_flaw::duplicate_is_over_too_late, "a committed key is a duplicate"},
    {guard_flaw::clock_set_back_not_seen, "a reservation too far ahead is over"},
    {guard_flaw::clock_set_back_seen_too_early, "a reservation too far ahead is over"},
    {guard_flaw::clock_set_back_frees_duplicates, "a reservation too far ahead is over"},
    {guard_flaw::fence_given_again, "a released key is reserved again"},
    {guard_flaw::fence_begins_anew_when_forgotten, "what was forgotten has a new fence"},
    {guard_flaw::fence_is_zero, "a key is reserved once"},
    {guard_flaw::in_progress_told_as_duplicate, "a key is reserved once"},
    {guard_flaw::until_of_the_asker_told, "a key is reserved once"},
    {guard_flaw::commit_ignores_the_fence, "a reservation is over at its end"},
    {guard_flaw::commit_ends_at_the_lease, "a committed key is a duplicate"},
    {guard_flaw::commit_refused_when_over, "a reservation is kept until somebody else has it"},
    {guard_flaw::commit_twice, "a committed key is a duplicate"},
    {guard_flaw::release_ignores_the_fence, "the fence of another key proves nothing"},
    {guard_flaw::releases_duplicates, "a committed key is a duplicate"},
    {guard_flaw::release_does_nothing, "a released key is reserved again"},
    {guard_flaw::extends_what_is_over, "what is over is not extended"},
    {guard_flaw::extend_ignores_the_fence, "what is over is not extended"},
    {guard_flaw::extend_adds_to_the_lease, "an extended reservation lasts longer"},
    {guard_flaw::extend_counts_as_refused, "an extended reservation lasts longer"},
    {guard_flaw::forgets_reservations, "only what is over is forgotten"},
    {guard_flaw::forgets_too_early, "only what is over is forgotten"},
    {guard_flaw::forget_ignores_most, "only what is over is forgotten"},
    {guard_flaw::forget_counts_one_too_many, "only what is over is forgotten"},
    {guard_flaw::forgets_nothing, "only what is over is forgotten"},
    {guard_flaw::keys_end_at_nul, "keys differ in any byte"},
    {guard_flaw::remembered_by_threads, "operations at once fit an order"},
});

static_assert(inbox_mistakes.size() + 1 == static_cast<std::size_t>(inbox_flaw::last));
static_assert(guard_mistakes.size() + 1 == static_cast<std::size_t>(guard_flaw::last));

// Only the rule that is to find a flaw, and not for long: some flaws keep threads from finishing.
store_check_options options_for(std::string_view rule) {
    return {.operations = 2'000,
            .concurrent_operations = 20'000,
            .concurrent_entries = 200,
            .patience = std::chrono::seconds(20),
            .only = rule};
}

void is_found(const std::vector<std::string>& failures, std::string_view rule) {
    REQUIRE(failures.size() == 1);
    CHECK(failures.front().starts_with(std::string(rule) + ": "));
}

}  // namespace

TEST_CASE("the memory store is an inbox store") {
    CHECK(wh::testing::check_inbox_store([] { return wh::stores::memory(); }) == nothing);
}

TEST_CASE("the memory store is a replay store") {
    CHECK(wh::testing::check_replay_store([] { return wh::stores::memory(); }) == nothing);
}

TEST_CASE("a store is an inbox store before it is given a flaw") {
    CHECK(found_in(flawed::inbox_flaw::none, {.operations = 2'000}) == nothing);
}

TEST_CASE("a store is a replay store before it is given a flaw") {
    CHECK(found_in(flawed::guard_flaw::none, {}) == nothing);
}

TEST_CASE("each flaw of an inbox store is found") {
    for (const auto& [has, rule] : inbox_mistakes) {
        INFO("flaw " << static_cast<int>(has) << ", rule '" << rule << "'");
        is_found(found_in(has, options_for(rule)), rule);
    }
}

TEST_CASE("each flaw of a replay store is found") {
    for (const auto& [has, rule] : guard_mistakes) {
        INFO("flaw " << static_cast<int>(has) << ", rule '" << rule << "'");
        is_found(found_in(has, options_for(rule)), rule);
    }
}

TEST_CASE("an answer that only another thread knows to be old is found by nothing else") {
    const auto failures = found_in(guard_flaw::remembered_by_threads, {});
    is_found(failures, "operations at once fit an order");
}
