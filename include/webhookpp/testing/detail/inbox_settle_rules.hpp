// SPDX-License-Identifier: MIT
// Rules for inbox stores: how attempts end.
#ifndef WEBHOOKPP_TESTING_DETAIL_INBOX_SETTLE_RULES_HPP
#define WEBHOOKPP_TESTING_DETAIL_INBOX_SETTLE_RULES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/testing/detail/broken_rule.hpp>
#include <webhookpp/testing/detail/inbox_bench.hpp>
#include <webhookpp/testing/detail/sample_messages.hpp>

namespace webhookpp::testing::detail {

/// What `claimed` is like after `how`.
[[nodiscard]] inline entry settled(entry claimed, const ending& how, std::int64_t now) {
    claimed.state = how.state;
    if (how.counts) {
        claimed.last_error = std::string(how.error);
    } else {
        --claimed.attempts;
    }
    if (how.keep_until > claimed.keep_until) claimed.keep_until = how.keep_until;
    if (how.state == entry_state::ready) {
        claimed.ready_at = how.ready_at;
    } else {
        claimed.finished_at = now;
    }
    return claimed;
}

inline void settles_as(const inbox_bench& bench, const entry& claimed, const ending& how,
                       std::int64_t now) {
    bench.settle(claimed, how, now);
    const std::string differs = difference(bench.find(claimed.number), settled(claimed, how, now));
    require(differs.empty(), "settle leaves another entry than it should: " + differs);
}

inline void a_done_entry_stays_done(const inbox_bench& bench) {
    bench.stored(message("a"));
    const entry claimed = bench.claim(start);
    settles_as(bench, claimed, done_ending(), start + 7);
    bench.nothing_to_claim(start + day, "that is done");
}

inline void a_dead_entry_stays_dead(const inbox_bench& bench) {
    bench.stored(message("a"));
    const entry claimed = bench.claim(start);
    settles_as(bench, claimed, dead_ending("no such customer"), start + 7);
    bench.nothing_to_claim(start + day, "that is dead");
}

inline void a_failed_entry_is_tried_again_at_its_time(const inbox_bench& bench) {
    bench.stored(message("a"));
    std::int64_t now = start;
    std::int64_t fence = -1;
    for (std::uint32_t attempt = 1; attempt < 5; ++attempt) {
        const entry claimed = bench.claim(now);
        require(claimed.attempts == attempt, "attempts are not counted");
        require(claimed.fence > fence, "a claim after a failure does not raise the fence");
        fence = claimed.fence;
        const std::int64_t again = now + attempt * day;
        settles_as(bench, claimed, retry_at(again, "attempt " + std::to_string(attempt)), now + 7);
        bench.nothing_to_claim(again - 1, "before it is to be tried again");
        now = again;
    }
    require(bench.claim(now).last_error == "attempt 4", "claim does not tell the last error");
}

inline void an_error_is_kept(const inbox_bench& bench) {
    bench.stored(message("a"));
    const std::string with_nul("before\0after", 12);
    const std::string longest(ending::max_error, 'e');
    for (const std::string_view error :
         {std::string_view("plain"), std::string_view(with_nul), std::string_view(longest),
          std::string_view("\xff\xfe \xc3\x28 \xed\xa0\x80"), std::string_view("';\"\\\n%s\r"),
          std::string_view("\xc3\xbc\xe2\x82\xac"), std::string_view()}) {
        settles_as(bench, bench.claim(start), retry_at(start, error), start);
        settles_as(bench, bench.claim(start), dead_ending(error), start);
        require(bench.redrive(bench.all().front().number, start), "a dead entry is not redriven");
        require(bench.all().front().last_error == error, "redrive changes the last error");
    }
    const std::string too_long(ending::max_error + 100, 'e');
    const entry claimed = bench.claim(start);
    bench.settle(claimed, dead_ending(too_long), start);
    const std::string kept = bench.find(claimed.number).last_error;
    require(!kept.empty() && kept.size() <= ending::max_error && too_long.starts_with(kept),
            "of an error that is too long not its beginning is kept");
}

inline void a_stale_fence_settles_nothing(const inbox_bench& bench) {
    const entry other = bench.stored(message("other"));
    const entry held_other = bench.claim_this(other.number, start);
    bench.stored(message("a"));
    const entry first = bench.claim(start);
    bench.settle(held_other, done_ending(), start);
    const entry second = bench.claim_this(first.number, start + minute);
    const auto fails = [&](const lease& stale) {
        const entry before = bench.find(first.number);
        for (const ending& how : {done_ending(), dead_ending(), retry_at(start, "late")}) {
            require(!bench.try_settle(stale, how, start + minute + 1),
                    "an entry is settled by somebody who does not have it");
            require(!answer(bench.store().settle_together({}, stale, how, start + minute + 1),
                            "settle with a transaction"),
                    "an entry is settled by somebody who does not have it");
            bench.unchanged(before, "settling with a stale fence");
        }
    };
    fails(lease_of(first));
    fails({second.number, second.fence + 1});
    fails({second.number + 1'000, second.fence});
    fails({second.number, 0});
    fails(lease_of(held_other));
    bench.settle(second, retry_at(start + 2 * minute), start + minute);
    fails(lease_of(second));
    fails(lease_of(bench.find(second.number)));
    const entry third = bench.claim(start + 2 * minute);
    fails(lease_of(second));
    bench.settle(third, dead_ending(), start + 2 * minute);
    fails(lease_of(third));
    require(bench.redrive(third.number, start + 2 * minute), "a dead entry is not redriven");
    fails(lease_of(third));
    const entry fourth = bench.claim(start + 2 * minute);
    fails(lease_of(third));
    bench.settle(fourth, done_ending(), start + 2 * minute);
    fails(lease_of(fourth));
    require(first.fence < second.fence && second.fence < third.fence && third.fence < fourth.fence,
            "fences do not go up");
}

inline void a_lease_that_is_over_settles_until_somebody_else_has_it(const inbox_bench& bench) {
    bench.stored(message("a"));
    const entry claimed = bench.claim(start);
    settles_as(bench, claimed, done_ending(), start + day);
}

inline void an_attempt_that_is_handed_back_does_not_count(const inbox_bench& bench) {
    bench.stored(message("a"));
    ending back = retry_at(start, "");
    back.counts = false;
    std::int64_t fence = -1;
    for (int times = 0; times < 3; ++times) {
        const entry claimed = bench.claim(start);
        require(claimed.attempts == 1, "an attempt counts that was handed back");
        require(claimed.fence > fence, "a claim does not raise the fence of what was handed back");
        fence = claimed.fence;
        settles_as(bench, claimed, back, start);
    }
    bench.settle(bench.claim(start), retry_at(start), start);
    const entry second = bench.claim(start);
    require(second.attempts == 2, "attempts are not counted");
    require(!second.last_error.empty(), "claim does not tell the last error");
    settles_as(bench, second, back, start);
    const entry left = bench.find(second.number);
    require(left.attempts == 1, "handing back takes away more than its own attempt");
    require(left.last_error == second.last_error, "handing back changes the last error");
}

inline void an_ending_only_prolongs_how_long_a_key_is_kept(const inbox_bench& bench) {
    bench.stored(message("a"));
    ending how = retry_at(start);
    how.keep_until = start + day;
    settles_as(bench, bench.claim(start), how, start);
    require(bench.all().front().keep_until == start + week,
            "an ending shortens how long a key is kept");
    how.keep_until = start + 2 * week;
    settles_as(bench, bench.claim(start), how, start);
    how = dead_ending();
    how.keep_until = start + 3 * week;
    settles_as(bench, bench.claim(start), how, start);
    require(bench.all().front().keep_until == start + 3 * week,
            "an ending does not prolong how long a key is kept");
}

inline void a_transaction_settles(const inbox_bench& bench) {
    bench.stored(message("a"));
    for (const ending& how : {retry_at(start + 5, "once more"), dead_ending(), done_ending()}) {
        const entry claimed = bench.claim(start + 5);
        require(answer(bench.store().settle_together({}, lease_of(claimed), how, start + 6),
                       "settle with a transaction"),
                "an owner cannot settle its entry with a transaction");
        const std::string differs =
            difference(bench.find(claimed.number), settled(claimed, how, start + 6));
        require(differs.empty(), "a transaction leaves another entry than it should: " + differs);
        if (how.state == entry_state::dead) {
            require(bench.redrive(claimed.number, start), "a dead entry is not redriven");
        }
    }
}

inline void a_transaction_that_is_dropped_changes_nothing(const inbox_bench& bench) {
    bench.stored(message("a"));
    const entry claimed = bench.claim(start);
    for (int times = 0; times < 50; ++times) answer(bench.store().abandon({}), "begin");
    bench.unchanged(claimed, "a transaction that was never settled");
    bench.stored(message("b"));
    require(bench.claim(start).message_id == "b",
            "another entry is claimed than the one that waits");
    settles_as(bench, claimed, done_ending(), start);
}

inline void effects_are_committed_with_the_entry(const inbox_bench& bench) {
    bench.stored(message("a"));
    const entry first = bench.claim(start);
    answer(bench.store().abandon(1), "begin");
    require(bench.store().effects().empty(), "what was written is there though it was not settled");
    const entry second = bench.claim(start + minute);
    require(!answer(bench.store().settle_together(2, lease_of(first), done_ending(), start),
                    "settle with a transaction"),
            "an entry is settled by somebody who does not have it");
    require(bench.store().effects().empty(), "what was written with a stale fence is there");
    bench.unchanged(second, "settling with a stale fence");
    require(answer(bench.store().settle_together(3, lease_of(second), done_ending(), start),
                   "settle with a transaction"),
            "an owner cannot settle its entry with a transaction");
    require(bench.store().effects() == std::vector<std::int64_t>{3},
            "what was written is not there though it was settled");
    require(!answer(bench.store().settle_together(4, lease_of(second), done_ending(), start),
                    "settle with a transaction"),
            "an entry is settled twice");
    require(bench.store().effects() == std::vector<std::int64_t>{3},
            "what was written for an entry that was settled before is there");
}

inline void only_dead_entries_are_redriven(const inbox_bench& bench) {
    require(!bench.redrive(1'000'000, start), "an entry is redriven that was never accepted");
    const entry added = bench.stored(message("a"));
    const auto refuses = [&] {
        const entry before = bench.find(added.number);
        require(!bench.redrive(added.number, start + day),
                "an entry is redriven that is " + std::string(name(before.state)));
        bench.unchanged(before, "redriving what is not dead");
    };
    refuses();
    bench.settle(bench.claim(start), retry_at(start), start);
    refuses();
    const entry claimed = bench.claim(start);
    refuses();
    bench.settle(claimed, dead_ending(), start);
    require(bench.redrive(added.number, start), "a dead entry is not redriven");
    refuses();
    bench.settle(bench.claim(start), done_ending(), start);
    refuses();
    require(bench.purge_all(start + 1, start + 1) == 1, "the body of a done entry is not purged");
    refuses();
}

inline void a_redriven_entry_begins_anew(const inbox_bench& bench) {
    const entry added = bench.stored(message("a"));
    bench.settle(bench.claim(start), retry_at(start), start);
    const entry second = bench.claim(start);
    bench.settle(second, dead_ending("gave up"), start);
    require(bench.redrive(added.number, start + day), "a dead entry is not redriven");
    entry expected = added;
    expected.ready_at = start + day;
    expected.last_error = "gave up";
    const std::string differs = difference(bench.find(added.number), expected);
    require(differs.empty(), "redrive leaves another entry than it should: " + differs);
    bench.nothing_to_claim(start + day - 1, "before it was redriven");
    const entry third = bench.claim_this(added.number, start + day);
    require(third.attempts == 1, "a redriven entry has attempts of before");
    require(third.fence > second.fence, "fences of a redriven entry begin anew");
    require(third.body == added.body, "a redriven entry has lost its body");
    bench.settle(third, done_ending(), start + day);
}

inline constexpr std::array settle_rules = {
    inbox_rule{"a done entry stays done", a_done_entry_stays_done},
    inbox_rule{"a dead entry stays dead", a_dead_entry_stays_dead},
    inbox_rule{"a failed entry is tried again at its time",
               a_failed_entry_is_tried_again_at_its_time},
    inbox_rule{"an error is kept", an_error_is_kept},
    inbox_rule{"a stale fence settles nothing", a_stale_fence_settles_nothing},
    inbox_rule{"a lease that is over settles until somebody else has it",
               a_lease_that_is_over_settles_until_somebody_else_has_it},
    inbox_rule{"an attempt that is handed back does not count",
               an_attempt_that_is_handed_back_does_not_count},
    inbox_rule{"an ending only prolongs how long a key is kept",
               an_ending_only_prolongs_how_long_a_key_is_kept},
    inbox_rule{"a transaction settles", a_transaction_settles},
    inbox_rule{"a transaction that is dropped changes nothing",
               a_transaction_that_is_dropped_changes_nothing},
    inbox_rule{"effects are committed with the entry", effects_are_committed_with_the_entry, true},
    inbox_rule{"only dead entries are redriven", only_dead_entries_are_redriven},
    inbox_rule{"a redriven entry begins anew", a_redriven_entry_begins_anew},
};

}  // namespace webhookpp::testing::detail

#endif
