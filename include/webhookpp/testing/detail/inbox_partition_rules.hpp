// SPDX-License-Identifier: MIT
// Rules for inbox stores: entries of a partition are handled one after the other.
#ifndef WEBHOOKPP_TESTING_DETAIL_INBOX_PARTITION_RULES_HPP
#define WEBHOOKPP_TESTING_DETAIL_INBOX_PARTITION_RULES_HPP

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

inline constexpr std::string_view out_of_turn = "before its turn in its partition";

inline void a_partition_is_handled_in_order(const inbox_bench& bench) {
    const std::array ids = {"a", "b", "c", "d", "e", "f"};
    const std::array endings = {done_ending(), dead_ending(), done_ending()};
    for (const char* id : ids) bench.stored(message_of("p", id));
    std::int64_t now = start;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const entry claimed = bench.claim(now);
        require(claimed.message_id == ids[i], "a partition is not handled in order");
        bench.nothing_to_claim(now + minute - 1, out_of_turn);
        bench.settle(claimed, endings[i % endings.size()], now);
        now += minute;
    }
    bench.nothing_to_claim(now + day, "that is finished");
}

inline void who_waits_for_its_turn_has_no_time(const inbox_bench& bench) {
    const entry first = bench.stored(message_of("p", "a"));
    const entry second = bench.stored(message_of("p", "b"));
    const entry third = bench.stored(message_of("p", "c"));
    require(first.ready_at == start, "the first of a partition is not ready at once");
    require(second.state == entry_state::ready && !second.ready_at,
            "an entry has a time though another one of its partition is before it");
    bench.settle(bench.claim(start + 5), done_ending(), start + 10);
    const entry next = bench.find(second.number);
    require(next.ready_at && *next.ready_at <= start + 10,
            "the next of a partition is not ready when the one before it is done");
    require(!bench.find(third.number).ready_at,
            "an entry has a time though another one of its partition is before it");
    bench.claim_this(second.number, start + 10);
}

inline void a_batch_fills_partitions_in_order(const inbox_bench& bench) {
    if (bench.store().max_batch() < 5) return;
    const std::vector<new_entry> batch = {message_of("p", "a"), message_of("q", "b"),
                                          message_of("p", "c"), message("d"), message_of("p", "e")};
    require(bench.accept(batch) == std::vector(batch.size(), acceptance::stored),
            "a new message of a batch is taken for a duplicate");
    std::set<std::string> claimable;
    for (int times = 0; times < 3; ++times) claimable.insert(bench.claim(start).message_id);
    require(claimable == std::set<std::string>{"a", "b", "d"},
            "others are claimable than the first of each partition");
    bench.nothing_to_claim(start, out_of_turn);
    bench.settle(bench.of_key(key_of("a")), done_ending(), start);
    require(bench.claim(start).message_id == "c", "a partition is not handled in order");
}

inline void a_retry_keeps_its_partition_waiting(const inbox_bench& bench) {
    bench.stored(message_of("p", "a"));
    bench.stored(message_of("p", "b"));
    const entry claimed = bench.claim(start);
    bench.settle(claimed, retry_at(start + day), start);
    bench.nothing_to_claim(start + day - 1, out_of_turn);
    const entry again = bench.claim_this(claimed.number, start + day);
    ending back = retry_at(start + day);
    back.counts = false;
    bench.settle(again, back, start + day);
    const entry third = bench.claim_this(claimed.number, start + day);
    bench.nothing_to_claim(start + day, out_of_turn);
    bench.settle(third, done_ending(), start + day);
    require(bench.claim(start + day).message_id == "b", "a partition is not handled in order");
}

inline void a_lease_that_is_over_keeps_its_partition_waiting(const inbox_bench& bench) {
    bench.stored(message_of("p", "a"));
    bench.stored(message_of("p", "b"));
    const entry first = bench.claim(start);
    const entry second = bench.claim_this(first.number, start + minute);
    bench.nothing_to_claim(start + 2 * minute - 1, out_of_turn);
    require(!bench.try_settle(lease_of(first), done_ending(), start + minute),
            "an entry is settled by somebody who has lost it");
    bench.nothing_to_claim(start + 2 * minute - 1, out_of_turn);
    bench.settle(second, done_ending(), start + minute);
    require(bench.claim(start + minute).message_id == "b", "a partition is not handled in order");
}

inline void partitions_do_not_wait_for_others(const inbox_bench& bench) {
    for (const char* id : {"a", "b"}) bench.stored(message_of("p", id));
    for (const char* id : {"c", "d"}) bench.stored(message_of("q", id));
    for (const char* id : {"e", "f"}) bench.stored(message(id));
    std::set<std::string> claimable;
    for (int times = 0; times < 4; ++times) claimable.insert(bench.claim(start).message_id);
    require(claimable == std::set<std::string>{"a", "c", "e", "f"},
            "others are claimable than the first of each partition and all that have none");
    bench.nothing_to_claim(start, out_of_turn);
}

inline void partitions_differ_in_any_byte(const inbox_bench& bench) {
    const std::string with_nul("p\0", 2);
    const std::string more(255, 'p');
    const std::vector<std::string> partitions = {
        "p",    "P",  "p ", " p", with_nul,   with_nul + "q", "\xff",
        "\xfe", "p%", "p_", more, more + "q", more + "r"};
    const auto ids = ids_of(2 * partitions.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        bench.stored(message_of(partitions[i % partitions.size()], ids[i]));
    }
    std::set<std::string> claimable;
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        claimable.insert(bench.claim(start).partition);
    }
    require(claimable == std::set(partitions.begin(), partitions.end()),
            "partitions are taken for each other");
    bench.nothing_to_claim(start, out_of_turn);
}

inline void a_partition_spans_endpoints(const inbox_bench& bench) {
    bench.stored(message_of("p", "a"));
    new_entry other = message_of("p", "b");
    other.endpoint = "invoices";
    other.provider = "paddle";
    bench.stored(other);
    const entry claimed = bench.claim(start);
    bench.nothing_to_claim(start, out_of_turn);
    bench.settle(claimed, done_ending(), start);
    require(bench.claim(start).message_id == "b", "a partition is not handled in order");
}

inline void a_partition_begins_anew(const inbox_bench& bench) {
    bench.stored(message_of("p", "a"));
    bench.settle(bench.claim(start), done_ending(), start);
    bench.stored(message_of("p", "b"));
    bench.settle(bench.claim(start), dead_ending(), start);
    bench.stored(message_of("p", "c"));
    require(bench.claim(start).message_id == "c", "a finished entry keeps its partition waiting");
    bench.stored(message_of("p", "d"));
    bench.nothing_to_claim(start, out_of_turn);
}

inline void a_redriven_entry_waits_for_its_partition(const inbox_bench& bench) {
    const entry first = bench.stored(message_of("p", "a"));
    const entry second = bench.stored(message_of("p", "b"));
    bench.stored(message_of("p", "c"));
    bench.settle(bench.claim(start), dead_ending(), start);
    const entry claimed = bench.claim_this(second.number, start);
    require(bench.redrive(first.number, start), "a dead entry is not redriven");
    bench.nothing_to_claim(start, out_of_turn);
    bench.settle(claimed, retry_at(start + 5), start);
    // Either order of the two is right, but only one at a time.
    std::set<std::string> handled;
    for (int times = 0; times < 3; ++times) {
        const entry next = bench.claim(start + 5);
        require(handled.insert(next.message_id).second, "a finished entry is claimed");
        bench.nothing_to_claim(start + 5, out_of_turn);
        bench.settle(next, done_ending(), start + 5);
    }
}

inline void a_redriven_entry_alone_is_ready(const inbox_bench& bench) {
    const entry first = bench.stored(message_of("p", "a"));
    bench.settle(bench.claim(start), dead_ending(), start);
    require(bench.redrive(first.number, start + 5), "a dead entry is not redriven");
    bench.stored(message_of("p", "b"));
    const entry claimed = bench.claim_this(first.number, start + 5);
    bench.nothing_to_claim(start + 5, out_of_turn);
    bench.settle(claimed, done_ending(), start + 5);
    require(bench.claim(start + 5).message_id == "b", "a partition is not handled in order");
}

inline void a_redriven_entry_beside_ready_ones(const inbox_bench& bench) {
    const entry first = bench.stored(message_of("p", "a"));
    bench.stored(message_of("p", "b"));
    bench.settle(bench.claim(start), dead_ending(), start);
    require(bench.redrive(first.number, start), "a dead entry is not redriven");
    const entry claimed = bench.claim(start);
    bench.nothing_to_claim(start, out_of_turn);
    bench.settle(claimed, done_ending(), start);
    require(bench.claim(start).number != claimed.number, "a finished entry is claimed");
    bench.nothing_to_claim(start, out_of_turn);
}

inline constexpr std::array partition_rules = {
    inbox_rule{"a partition is handled in order", a_partition_is_handled_in_order},
    inbox_rule{"who waits for its turn has no time", who_waits_for_its_turn_has_no_time},
    inbox_rule{"a batch fills partitions in order", a_batch_fills_partitions_in_order},
    inbox_rule{"a retry keeps its partition waiting", a_retry_keeps_its_partition_waiting},
    inbox_rule{"a lease that is over keeps its partition waiting",
               a_lease_that_is_over_keeps_its_partition_waiting},
    inbox_rule{"partitions do not wait for others", partitions_do_not_wait_for_others},
    inbox_rule{"partitions differ in any byte", partitions_differ_in_any_byte},
    inbox_rule{"a partition spans endpoints", a_partition_spans_endpoints},
    inbox_rule{"a partition begins anew", a_partition_begins_anew},
    inbox_rule{"a redriven entry waits for its partition",
               a_redriven_entry_waits_for_its_partition},
    inbox_rule{"a redriven entry alone in its partition is ready", a_redriven_entry_alone_is_ready},
    inbox_rule{"a redriven entry and ready ones of its partition take turns",
               a_redriven_entry_beside_ready_ones},
};

}  // namespace webhookpp::testing::detail

#endif
