// SPDX-License-Identifier: MIT
// Rules for inbox stores: what people and limits are told.
#ifndef WEBHOOKPP_TESTING_DETAIL_INBOX_QUERY_RULES_HPP
#define WEBHOOKPP_TESTING_DETAIL_INBOX_QUERY_RULES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/testing/detail/broken_rule.hpp>
#include <webhookpp/testing/detail/inbox_bench.hpp>
#include <webhookpp/testing/detail/inbox_purge_rules.hpp>
#include <webhookpp/testing/detail/sample_messages.hpp>

namespace webhookpp::testing::detail {

inline void nothing_is_found_that_is_not_there(const inbox_bench& bench) {
    require(bench.list({}).empty(), "an empty inbox lists entries");
    bench.stored(message("a"));
    using limits = std::numeric_limits<std::int64_t>;
    const std::int64_t there = bench.all().front().number;
    for (const std::int64_t number : {std::int64_t{0}, std::int64_t{-1}, there + 1, there - 1,
                                      (limits::min)(), (limits::max)()}) {
        require(!bench.look(number), "an entry is found that was never accepted");
    }
    require(bench.list({.after = there}).empty(), "a list has an entry that is not after");
    require(bench.list({.after = (limits::max)()}).empty(),
            "a list has an entry that is not after");
    require(bench.list({.after = -1}).size() == 1, "a list lacks an entry");
}

/// Ids of what is listed.
[[nodiscard]] inline std::string listed(const inbox_bench& bench, const entry_query& query) {
    std::string ids;
    for (const entry& each : bench.list(query)) {
        require(!each.body, "a list has bodies");
        entry whole = bench.find(each.number);
        whole.body.reset();
        const std::string differs = difference(each, whole);
        require(differs.empty(), "list and find tell different things: " + differs);
        ids += each.message_id;
    }
    return ids;
}

inline void lists_are_of_what_was_asked_for(const inbox_bench& bench) {
    const std::array<std::string_view, 8> ids = {"a", "b", "c", "d", "e", "f", "g", "h"};
    const std::array<std::string_view, 4> endpoints = {"orders", "orders2", "Orders", "orders"};
    for (std::size_t i = 0; i < ids.size(); ++i) {
        new_entry added = message(ids[i]);
        added.endpoint = endpoints[i % endpoints.size()];
        added.accepted_at = start + static_cast<std::int64_t>(i);
        bench.stored(added);
    }
    const std::int64_t now = start + 10;
    bench.settle(bench.claim(now), done_ending(), now);
    bench.settle(bench.claim(now), dead_ending(), now);
    bench.settle(bench.claim(now), retry_at(now + day), now);
    const std::int64_t fourth = bench.claim(now).number;
    const auto expect = [&](const entry_query& query, std::string_view expected) {
        const std::string found = listed(bench, query);
        require(found == expected, "a list has the entries '" + found + "' instead of '" +
                                       std::string(expected) + "'");
    };
    expect({}, "abcdefgh");
    expect({.most = 3}, "abc");
    expect({.most = 0}, "");
    expect({.after = fourth}, "efgh");
    expect({.after = fourth, .most = 2}, "ef");
    expect({.after = fourth - 1, .most = 2}, "de");
    expect({.state = entry_state::ready}, "cefgh");
    expect({.state = entry_state::leased}, "d");
    expect({.state = entry_state::done}, "a");
    expect({.state = entry_state::dead}, "b");
    expect({.state = entry_state::ready, .after = fourth, .most = 1}, "e");
    expect({.endpoint = "orders"}, "adeh");
    expect({.endpoint = "Orders"}, "cg");
    expect({.endpoint = "orders", .most = 2}, "ad");
    expect({.endpoint = "order"}, "");
    expect({.endpoint = "orders_"}, "");
    expect({.endpoint = "%"}, "");
    expect({.state = entry_state::ready, .endpoint = "orders", .after = fourth}, "eh");
    expect({.state = entry_state::ready, .endpoint = "orders", .after = fourth, .most = 1}, "e");
    expect({.state = entry_state::dead, .endpoint = "orders"}, "");
    require(bench.purge_all(start + day, start + day) == 1, "the body of a done entry stays");
    expect({.state = entry_state::done}, "a");
}

inline void backlog_is(const inbox_bench& bench, std::uint64_t entries, std::uint64_t bytes,
                       std::optional<std::int64_t> oldest) {
    for (const inbox_backlog& found : {bench.backlog(), bench.stats().backlog}) {
        require(found.entries == entries, "the backlog has " + std::to_string(found.entries) +
                                              " entries instead of " + std::to_string(entries));
        require(found.bytes == bytes, "the backlog has " + std::to_string(found.bytes) +
                                          " bytes instead of " + std::to_string(bytes));
        require(found.oldest == oldest, "the oldest of the backlog is another one");
    }
}

inline void the_backlog_is_what_waits(const inbox_bench& bench) {
    backlog_is(bench, 0, 0, std::nullopt);
    const std::string body(1'000, 'x');
    const auto add = [&](std::string_view id, std::int64_t time, std::size_t size) {
        new_entry added = message_of("p", id);
        added.accepted_at = time;
        added.body = std::string_view(body).substr(0, size);
        bench.stored(added);
    };
    add("a", start + 20, 1'000);
    add("b", start + 10, 500);
    add("c", start + 30, 0);
    backlog_is(bench, 3, 1'500, start + 10);
    const std::int64_t now = start + 100;
    entry claimed = bench.claim(now);
    backlog_is(bench, 3, 1'500, start + 10);
    bench.settle(claimed, done_ending(), now);
    backlog_is(bench, 2, 500, start + 10);
    claimed = bench.claim(now);
    bench.settle(claimed, retry_at(now + 5), now);
    backlog_is(bench, 2, 500, start + 10);
    claimed = bench.claim(now + 5);
    bench.settle(claimed, dead_ending(), now + 5);
    backlog_is(bench, 1, 0, start + 30);
    require(bench.purge_all(now + day, now + day) == 1, "the body of a done entry stays");
    backlog_is(bench, 1, 0, start + 30);
    require(bench.redrive(claimed.number, now + 5), "a dead entry is not redriven");
    backlog_is(bench, 2, 500, start + 10);
    for (int times = 0; times < 2; ++times) {
        bench.settle(bench.claim(now + 5), done_ending(), now + 5);
    }
    backlog_is(bench, 0, 0, std::nullopt);
}

inline void stats_are(const inbox_bench& bench, std::array<std::uint64_t, 5> expected) {
    const inbox_stats found = bench.stats();
    const std::array counted = {found.ready, found.leased, found.done, found.dead,
                                found.duplicates};
    require(counted == expected, "stats do not count what is there");
}

inline void stats_count_states_and_duplicates(const inbox_bench& bench) {
    stats_are(bench, {0, 0, 0, 0, 0});
    for (const char* id : {"a", "b", "c", "d", "e"}) bench.stored(message(id));
    for (const char* id : {"a", "a", "b"}) bench.repeats(message(id));
    stats_are(bench, {5, 0, 0, 0, 3});
    entry last;
    for (int times = 0; times < 4; ++times) last = bench.claim(start);
    stats_are(bench, {1, 4, 0, 0, 3});
    bench.settle(last, retry_at(start + day), start);
    stats_are(bench, {2, 3, 0, 0, 3});
    ending how = dead_ending();
    for (const entry& each : bench.list({.state = entry_state::leased})) {
        bench.settle(each, how, start);
        how = done_ending();
    }
    stats_are(bench, {2, 0, 2, 1, 3});
}

inline void copies_stand_for_the_same_store(const inbox_bench& bench) {
    const auto other = bench.store().copy();
    const inbox_bench with_other(*other, bench.options());
    const entry added = bench.stored(message("a"));
    with_other.repeats(message("a"));
    const entry claimed = with_other.claim_this(added.number, start);
    bench.nothing_to_claim(start, "that is leased");
    require(bench.renew(lease_of(claimed), start + 5), "an owner cannot renew its lease");
    bench.settle(claimed, done_ending(), start);
    require(with_other.find(added.number).state == entry_state::done,
            "copies of a handle do not stand for the same store");
}

inline constexpr std::array query_rules = {
    inbox_rule{"nothing is found that is not there", nothing_is_found_that_is_not_there},
    inbox_rule{"lists are of what was asked for", lists_are_of_what_was_asked_for},
    inbox_rule{"the backlog is what waits", the_backlog_is_what_waits},
    inbox_rule{"stats count states and duplicates", stats_count_states_and_duplicates},
    inbox_rule{"copies stand for the same store", copies_stand_for_the_same_store},
};

}  // namespace webhookpp::testing::detail

#endif
