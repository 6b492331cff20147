// SPDX-License-Identifier: MIT
// Rules for inbox stores: who may claim what, and for how long.
#ifndef WEBHOOKPP_TESTING_DETAIL_INBOX_CLAIM_RULES_HPP
#define WEBHOOKPP_TESTING_DETAIL_INBOX_CLAIM_RULES_HPP

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/testing/detail/broken_rule.hpp>
#include <webhookpp/testing/detail/inbox_bench.hpp>
#include <webhookpp/testing/detail/sample_messages.hpp>

namespace webhookpp::testing::detail {

inline void a_claim_leases(const inbox_bench& bench) {
    bench.nothing_to_claim(start, "of an empty inbox");
    const entry before = bench.stored(message("a"));
    const entry claimed = bench.claim_this(before.number, start + 5);
    entry expected = before;
    expected.state = entry_state::leased;
    expected.attempts = 1;
    expected.fence = claimed.fence;
    expected.lease_until = start + 5 + minute;
    require(claimed.fence > before.fence, "a claim does not raise the fence");
    std::string differs = difference(claimed, expected);
    require(differs.empty(), "claim returns something else than a leased entry: " + differs);
    differs = difference(bench.find(before.number), expected);
    require(differs.empty(), "claim leaves something else than a leased entry: " + differs);
}

inline void an_owner_has_any_name(const inbox_bench& bench) {
    const std::string longest(128, 'o');
    for (const std::string_view owner :
         {std::string_view(), std::string_view(longest), std::string_view(R"(it's "me"; --\)"),
          std::string_view("\xc3\xbc\xe2\x82\xac")}) {
        new_entry with_own_key = message("a");
        with_own_key.key = key_of(owner);
        const entry added = bench.stored(with_own_key);
        const auto claimed =
            answer(bench.store().claim({.now = start, .lease = minute, .owner = owner}), "claim");
        require(claimed && claimed->number == added.number,
                "nothing is claimed, though something waits");
    }
}

inline void a_leased_entry_is_nobody_elses(const inbox_bench& bench) {
    bench.stored(message("a"));
    const entry claimed = bench.claim(start);
    bench.nothing_to_claim(start, "that is leased");
    bench.nothing_to_claim(start + minute - 1, "whose lease is not over");
    bench.unchanged(claimed, "a claim that finds nothing");
}

inline void an_entry_is_claimed_when_its_lease_is_over(const inbox_bench& bench) {
    bench.stored(message("a"));
    entry last = bench.claim(start);
    for (std::uint32_t attempt = 2; attempt < 6; ++attempt) {
        const std::int64_t over = last.lease_until;
        bench.nothing_to_claim(over - 1, "whose lease is not over");
        const entry claimed = bench.claim_this(last.number, over);
        require(claimed.attempts == attempt, "a claim after a lease is not counted as an attempt");
        require(claimed.fence > last.fence, "a claim after a lease does not raise the fence");
        require(claimed.lease_until == over + minute, "a lease does not last as long as it should");
        last = claimed;
    }
}

inline void an_entry_is_claimed_when_the_clock_was_set_back(const inbox_bench& bench) {
    bench.stored(message("a"));
    const entry first = bench.claim(start);
    const std::int64_t until = start + minute;
    bench.nothing_to_claim(until - 2 * minute, "whose lease ends in two leases");
    const entry again = bench.claim_this(first.number, until - 2 * minute - 1);
    require(again.fence > first.fence, "a claim after a lease does not raise the fence");
    require(again.attempts == 2, "a claim after a lease is not counted as an attempt");
    require(!bench.try_settle(lease_of(first), done_ending(), start),
            "an entry is settled by somebody who has lost it");
    // Who asks for shorter leases takes others' for too long sooner.
    bench.nothing_to_claim(again.lease_until - minute, "whose lease ends in two leases",
                           minute / 2);
    bench.claim_this(first.number, again.lease_until - minute - 1, minute / 2);
}

inline void what_has_waited_longest_is_claimed(const inbox_bench& bench) {
    const std::array<const char*, 5> ids = {"a", "b", "c", "d", "e"};
    const std::array<std::int64_t, 5> times = {300, 100, 500, 200, 400};
    for (std::size_t i = 0; i < ids.size(); ++i) {
        new_entry added = message(ids[i]);
        added.accepted_at = start + times[i];
        bench.stored(added);
    }
    for (const char* expected : {"b", "d", "a", "e", "c"}) {
        const entry claimed = bench.claim(start + 500);
        require(claimed.message_id == expected,
                "another entry is claimed than the one that has waited longest");
    }
    bench.nothing_to_claim(start + 500, "twice");
}

inline void retries_wait_their_turn(const inbox_bench& bench) {
    bench.stored(message("a"));
    bench.settle(bench.claim(start), retry_at(start + 200), start);
    new_entry later = message("b");
    later.accepted_at = start + 100;
    bench.stored(later);
    later = message("c");
    later.accepted_at = start + 300;
    bench.stored(later);
    for (const char* expected : {"b", "a", "c"}) {
        require(bench.claim(start + 300).message_id == expected,
                "another entry is claimed than the one that has waited longest");
    }
}

inline void nothing_is_claimed_before_its_time(const inbox_bench& bench) {
    const entry first = bench.stored(message("a"));
    bench.nothing_to_claim(start - 1, "before its time");
    bench.claim_this(first.number, start);
    new_entry later = message("b");
    later.accepted_at = start + day;
    bench.stored(later);
    bench.nothing_to_claim(start + minute - 1, "before its time");
}

inline void a_lease_that_is_over_goes_before_younger_entries(const inbox_bench& bench) {
    const entry first = bench.stored(message("a"));
    bench.claim_this(first.number, start);
    new_entry later = message("b");
    later.accepted_at = start + minute + 1;
    bench.stored(later);
    bench.claim_this(first.number, start + 2 * minute);
    require(bench.claim(start + 2 * minute).message_id == "b",
            "an entry is not claimed beside one whose lease was over");
}

inline void leases_that_are_over_are_claimed_once_each(const inbox_bench& bench) {
    const auto ids = ids_of(10);
    for (const std::string& id : ids) bench.stored(message(id));
    for (std::int64_t round = 0; round < 3; ++round) {
        std::set<std::int64_t> numbers;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            numbers.insert(bench.claim(start + round * minute).number);
        }
        require(numbers.size() == ids.size(), "an entry is claimed twice, and another one never");
        bench.nothing_to_claim(start + round * minute, "that is leased");
    }
}

inline void a_renewed_lease_lasts_longer(const inbox_bench& bench) {
    bench.stored(message("a"));
    const entry claimed = bench.claim(start);
    require(bench.renew(lease_of(claimed), start + 50'000), "an owner cannot renew its lease");
    entry expected = claimed;
    expected.lease_until = start + 50'000 + minute;
    const std::string differs = difference(bench.find(claimed.number), expected);
    require(differs.empty(), "renew leaves another entry than it should: " + differs);
    bench.nothing_to_claim(expected.lease_until - 1, "whose lease was renewed");
    const entry again = bench.claim_this(claimed.number, expected.lease_until);
    require(again.attempts == 2, "a renewal is counted as an attempt");
    bench.settle(again, done_ending(), expected.lease_until);
}

inline void a_lease_is_renewed_until_somebody_else_has_it(const inbox_bench& bench) {
    bench.stored(message("a"));
    const entry first = bench.claim(start);
    require(bench.renew(lease_of(first), start + 2 * minute),
            "an owner cannot renew a lease that is over, though nobody else has it");
    bench.nothing_to_claim(start + 2 * minute, "whose lease was renewed");
    const entry second = bench.claim(start + 3 * minute);
    require(!bench.renew(lease_of(first), start + 3 * minute),
            "a lease is renewed that somebody else has");
    bench.unchanged(second, "renewing a lease that is lost");
    require(!bench.renew({second.number, second.fence + 1}, start + 3 * minute),
            "a lease is renewed with a fence that nobody has yet");
    require(!bench.renew({second.number + 1'000, second.fence}, start + 3 * minute),
            "a lease of no entry is renewed");
    bench.unchanged(second, "renewing a lease that nobody has");
}

inline void only_leases_are_renewed(const inbox_bench& bench) {
    const entry added = bench.stored(message("a"));
    require(!bench.renew(lease_of(added), start), "an entry is renewed that is not leased");
    bench.unchanged(added, "renewing an entry that is ready");
    for (const ending& how : {retry_at(start), dead_ending(), done_ending()}) {
        const entry claimed = bench.claim(start);
        bench.settle(claimed, how, start);
        const entry settled = bench.find(added.number);
        require(!bench.renew(lease_of(claimed), start), "a lease is renewed that was settled");
        require(!bench.renew(lease_of(settled), start), "an entry is renewed that is not leased");
        bench.unchanged(settled, "renewing an entry that was settled");
        if (settled.state == entry_state::dead) {
            require(bench.redrive(added.number, start), "a dead entry is not redriven");
        }
    }
}

inline constexpr std::array claim_rules = {
    inbox_rule{"a claim leases", a_claim_leases},
    inbox_rule{"an owner has any name", an_owner_has_any_name},
    inbox_rule{"a leased entry is nobody else's", a_leased_entry_is_nobody_elses},
    inbox_rule{"an entry is claimed when its lease is over",
               an_entry_is_claimed_when_its_lease_is_over},
    inbox_rule{"an entry is claimed when the clock was set back",
               an_entry_is_claimed_when_the_clock_was_set_back},
    inbox_rule{"what has waited longest is claimed", what_has_waited_longest_is_claimed},
    inbox_rule{"retries wait their turn", retries_wait_their_turn},
    inbox_rule{"nothing is claimed before its time", nothing_is_claimed_before_its_time},
    inbox_rule{"a lease that is over goes before younger entries",
               a_lease_that_is_over_goes_before_younger_entries},
    inbox_rule{"leases that are over are claimed once each",
               leases_that_are_over_are_claimed_once_each},
    inbox_rule{"a renewed lease lasts longer", a_renewed_lease_lasts_longer},
    inbox_rule{"a lease is renewed until somebody else has it",
               a_lease_is_renewed_until_somebody_else_has_it},
    inbox_rule{"only leases are renewed", only_leases_are_renewed},
};

}  // namespace webhookpp::testing::detail

#endif
