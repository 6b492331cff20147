// SPDX-License-Identifier: MIT
// Rules for inbox stores: what is accepted, and how it comes back.
#ifndef WEBHOOKPP_TESTING_DETAIL_INBOX_ACCEPT_RULES_HPP
#define WEBHOOKPP_TESTING_DETAIL_INBOX_ACCEPT_RULES_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/testing/detail/broken_rule.hpp>
#include <webhookpp/testing/detail/inbox_bench.hpp>
#include <webhookpp/testing/detail/sample_messages.hpp>

namespace webhookpp::testing::detail {

/// What has to be found of `added` right after it was accepted.
[[nodiscard]] inline entry expected_of(const new_entry& added, std::int64_t number) {
    entry made;
    made.number = number;
    made.key = added.key;
    made.provider = added.provider;
    made.endpoint = added.endpoint;
    made.message_id = added.message_id;
    made.event_type = added.event_type;
    made.partition = added.partition;
    made.body = std::string(added.body);
    made.body_size = added.body.size();
    made.proof = added.proof;
    made.accepted_at = added.accepted_at;
    made.ready_at = added.accepted_at;
    made.keep_until = added.keep_until;
    return made;
}

/// Each of `added`, which are all claimable at `now`, is found and claimed as it was given.
inline void come_back(const inbox_bench& bench, std::span<const new_entry> added,
                      std::int64_t now) {
    for (const new_entry& each : added) {
        const entry found = bench.stored(each);
        require(found.number > 0, "the number of an entry is not above 0");
        const std::string differs = difference(found, expected_of(each, found.number));
        require(differs.empty(), "find gives another entry than was accepted: " + differs);
    }
    for (std::size_t i = 0; i < added.size(); ++i) {
        const entry claimed = bench.claim(now);
        const auto origin = std::find_if(added.begin(), added.end(), [&](const new_entry& each) {
            return each.key == claimed.key;
        });
        require(origin != added.end(), "an entry is claimed whose key was never given");
        entry expected = expected_of(*origin, claimed.number);
        expected.state = entry_state::leased;
        expected.attempts = 1;
        expected.fence = claimed.fence;
        expected.lease_until = now + minute;
        const std::string differs = difference(claimed, expected);
        require(differs.empty(), "claim gives another entry than was accepted: " + differs);
    }
    bench.nothing_to_claim(now, "twice");
}

inline void bodies_come_back(const inbox_bench& bench) {
    std::string all_bytes;
    for (int byte = 0; byte < 256; ++byte) all_bytes += static_cast<char>(byte);
    std::string mebibyte;
    while (mebibyte.size() < 1U << 20) mebibyte += all_bytes;
    const std::vector<std::string> bodies = {
        "",        all_bytes, mebibyte, std::string(1, '\0'), std::string("\0\0after", 7),
        "\\x4142", "'; --",   "\xff",   R"({"a":"\u0000"})",  "\r\n\t ",
    };
    const auto ids = ids_of(bodies.size());
    std::vector<new_entry> added;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        added.push_back(message(ids[i]));
        added.back().body = bodies[i];
    }
    come_back(bench, added, start);
}

inline void texts_come_back(const inbox_bench& bench) {
    std::string visible;
    for (char c = '!'; c <= '~'; ++c) visible += c;
    const std::string longest(256, 'x');
    const std::string longest_type(128, 'y');
    const std::string bytes("\0\xff\xc3\x28\n'\"\\%_", 10);
    std::vector<new_entry> added = {message("empty"), message("visible"), message("longest"),
                                    message("bytes"), message("quoted")};
    added[0].message_id = added[0].event_type = added[0].partition = {};
    added[1].message_id = added[1].event_type = added[1].provider = added[1].endpoint = visible;
    added[1].partition = visible;
    added[2].message_id = added[2].partition = longest;
    added[2].event_type = added[2].provider = added[2].endpoint = longest_type;
    added[3].partition = bytes;
    added[4].message_id = added[4].event_type = added[4].partition = R"(';drop/**/table\"x"--)";
    come_back(bench, added, start);
}

inline void proofs_come_back(const inbox_bench& bench) {
    const auto ids = ids_of(22);
    std::vector<new_entry> added;
    for (unsigned flags = 0; flags < 16; ++flags) {
        added.push_back(message(ids[added.size()]));
        added.back().proof = {.body_is_signed = (flags & 1) != 0,
                              .id_is_signed = (flags & 2) != 0,
                              .replay_possible = (flags & 4) != 0,
                              .assumed = (flags & 8) != 0};
    }
    using limits = std::numeric_limits<std::int64_t>;
    for (const std::int64_t time : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1'700'000'000},
                                    (limits::min)(), (limits::max)()}) {
        added.push_back(message(ids[added.size()]));
        added.back().proof.timestamp = time;
        added.back().proof.key_index = added.size() % 8;
    }
    added.push_back(message(ids[added.size()]));
    added.back().proof.key_index = 0;
    come_back(bench, added, start);
}

inline void times_come_back(const inbox_bench& bench) {
    std::vector<new_entry> added = {message("past"), message("present"), message("forever")};
    added[0].accepted_at = -1'000;
    added[0].keep_until = -1;
    added[1].keep_until = start;
    added[2].keep_until = 253'402'300'799'999;
    come_back(bench, added, start);
}

inline void an_accepted_entry_is_ready(const inbox_bench& bench) {
    const entry found = bench.stored(message("a"));
    const std::string differs = difference(found, expected_of(message("a"), found.number));
    require(differs.empty(), "it is not as new entries are: " + differs);
    require(!bench.look(found.number + 1'000), "an entry is found that was never accepted");
}

/// A second delivery of `before`, as it is now, changes only the count of duplicates.
inline void only_counts_a_duplicate(const inbox_bench& bench, const entry& before) {
    for (std::uint32_t times = 1; times <= 3; ++times) {
        new_entry again = message("a");
        again.body = "another body";
        again.event_type = "another.type";
        again.partition = "another partition";
        again.accepted_at = start + 5 * minute;
        again.keep_until = start + 9 * week;
        bench.repeats(again);
        entry expected = before;
        expected.duplicates += times;
        const std::string differs = difference(bench.find(before.number), expected);
        require(differs.empty(), "a duplicate changes an entry that is " +
                                     std::string(name(before.state)) + ": " + differs);
    }
    require(bench.all().size() == 1, "a duplicate is stored");
}

inline void a_duplicate_of_a_ready_entry(const inbox_bench& bench) {
    const entry found = bench.stored(message("a"));
    only_counts_a_duplicate(bench, found);
    bench.claim_this(found.number, start);
    bench.nothing_to_claim(start, "that is a duplicate");
}

inline void a_duplicate_of_a_leased_entry(const inbox_bench& bench) {
    const entry found = bench.stored(message("a"));
    const entry claimed = bench.claim(start);
    only_counts_a_duplicate(bench, bench.find(found.number));
    bench.nothing_to_claim(start + minute - 1, "since a duplicate of it came");
    bench.settle(claimed, done_ending(), start);
}

inline void a_duplicate_of_a_done_entry(const inbox_bench& bench) {
    const entry found = bench.stored(message("a"));
    bench.settle(bench.claim(start), done_ending(), start);
    only_counts_a_duplicate(bench, bench.find(found.number));
    bench.nothing_to_claim(start + day, "that is done");
}

inline void a_duplicate_of_a_dead_entry(const inbox_bench& bench) {
    const entry found = bench.stored(message("a"));
    bench.settle(bench.claim(start), dead_ending(), start);
    only_counts_a_duplicate(bench, bench.find(found.number));
    bench.nothing_to_claim(start + day, "that is dead");
}

inline void a_message_twice_in_a_batch(const inbox_bench& bench) {
    const std::vector<new_entry> batch = {message("a"), message("b"), message("a"),
                                          message("a"), message("c"), message("b")};
    using enum acceptance;
    const std::vector<acceptance> expected = {stored,    stored, duplicate,
                                              duplicate, stored, duplicate};
    if (bench.store().max_batch() < batch.size()) return;
    require(bench.accept(batch) == expected, "the outcomes of a batch with duplicates are wrong");
    require(bench.all().size() == 3, "not each message of a batch is stored once");
    require(bench.of_key(key_of("a")).duplicates == 2 && bench.of_key(key_of("b")).duplicates == 1,
            "the duplicates of a batch are not counted");
}

inline void duplicates_beside_new_messages(const inbox_bench& bench) {
    if (bench.store().max_batch() < 3) return;
    bench.stored(message("known"));
    const std::vector<new_entry> batch = {message("new"), message("known"), message("newer")};
    using enum acceptance;
    require(bench.accept(batch) == std::vector{stored, duplicate, stored},
            "a duplicate in a batch changes what becomes of the others");
    require(bench.all().size() == 3, "not each message of a batch is stored once");
}

inline void batches_of_any_size(const inbox_bench& bench) {
    const std::size_t most = bench.store().max_batch();
    require(most > 0, "max_batch is 0");
    const auto ids = ids_of(2 * most);
    std::vector<new_entry> all;
    all.reserve(ids.size());
    for (const std::string& id : ids) all.push_back(message(id));
    std::size_t given = 0;
    for (const std::size_t size : {std::size_t{1}, most, most - 1}) {
        const std::span<const new_entry> batch = std::span(all).subspan(given, size);
        if (batch.empty()) continue;
        const auto outcomes = bench.accept(batch);
        require(std::all_of(outcomes.begin(), outcomes.end(),
                            [](acceptance each) { return each == acceptance::stored; }),
                "a new message of a batch is taken for a duplicate");
        given += size;
        require(bench.all().size() == given, "not each message of a batch is stored");
    }
}

inline void keys_differ_in_any_byte(const inbox_bench& bench) {
    const auto keys = keys_of_all_bytes();
    for (const message_key& key : keys) {
        new_entry added = message("a");
        added.key = key;
        bench.stored(added);
    }
    for (const message_key& key : keys) {
        new_entry added = message("a");
        added.key = key;
        bench.repeats(added);
    }
}

inline void a_known_body_is_flagged(const inbox_bench& bench) {
    require(!bench.stored(message_with("body", "a")).possible_replay,
            "the first message with a body is flagged");
    require(bench.stored(message_with("body", "b")).possible_replay,
            "a body that is there under another id is not flagged");
    require(!bench.stored(message_with("other", "c")).possible_replay,
            "a message with a new body is flagged");
    new_entry no_key = message("d");
    no_key.body = "body";
    require(!bench.stored(no_key).possible_replay, "a message is flagged that has no body key");
    require(!bench.of_key(key_of("a")).possible_replay,
            "the first message with a body is flagged when a second one comes");
    bench.repeats(message_with("body", "a"));
    require(!bench.of_key(key_of("a")).possible_replay, "a duplicate flags its message");
    const entry claimed = bench.claim(start);
    require(claimed.possible_replay == (claimed.key == key_of("b")),
            "claim does not tell the flag");
}

inline void a_body_of_another_endpoint_is_not_flagged(const inbox_bench& bench) {
    const auto of_endpoint = [](std::string_view id, std::string_view endpoint) {
        new_entry made = message(id);
        made.endpoint = endpoint;
        made.key = message_key::of_id("provider", endpoint, id).value();
        made.body_key = message_key::of_body("provider", endpoint, "body").value();
        return made;
    };
    bench.stored(of_endpoint("a", "orders"));
    require(!bench.stored(of_endpoint("b", "invoices")).possible_replay,
            "a body is flagged that only another endpoint had");
    require(!bench.stored(of_endpoint("a", "accounts")).possible_replay,
            "a body is flagged that only another endpoint had");
}

inline void a_known_body_is_dropped_when_asked(const inbox_bench& bench) {
    const auto dropping = [](std::string_view id, std::string_view body) {
        new_entry made = message_with(body, id);
        made.drop_same_body = true;
        return made;
    };
    bench.stored(dropping("a", "body"));
    bench.repeats(dropping("b", "body"));
    require(bench.all().size() == 1, "a message is stored that was to be dropped");
    require(bench.of_key(key_of("a")).duplicates == 1, "a dropped message is not counted");
    bench.stored(dropping("c", "other"));
    // What is asked of the new message counts, not what was asked of the first.
    require(bench.stored(message_with("body", "d")).possible_replay,
            "a body that is there under another id is not flagged");
    // The id of what was dropped was never kept.
    new_entry with_other_body = dropping("b", "third");
    bench.stored(with_other_body);
    new_entry without_body_key = message("e");
    without_body_key.drop_same_body = true;
    without_body_key.body = "body";
    bench.stored(without_body_key);
}

inline void bodies_of_a_batch_are_compared(const inbox_bench& bench) {
    if (bench.store().max_batch() < 4) return;
    std::vector<new_entry> batch = {message_with("body", "a"), message_with("body", "b"),
                                    message_with("body", "c"), message_with("other", "d")};
    batch[2].drop_same_body = true;
    using enum acceptance;
    require(bench.accept(batch) == std::vector{stored, stored, duplicate, stored},
            "bodies of one batch are not compared");
    require(
        !bench.of_key(key_of("a")).possible_replay && !bench.of_key(key_of("d")).possible_replay,
        "a message is flagged whose body is new");
    require(bench.of_key(key_of("b")).possible_replay,
            "a body that is there under another id is not flagged");
}

inline void bodies_are_known_as_long_as_keys(const inbox_bench& bench) {
    const entry first = bench.stored(message_with("body", "a"));
    bench.settle(bench.claim(start), done_ending(), start);
    require(bench.purge_all(start + 1, start + 1) == 1, "the body of a done entry is not purged");
    new_entry second = message_with("body", "b");
    second.keep_until = start + 2 * week;
    require(bench.stored(second).possible_replay,
            "a body is forgotten though the key of its message is not");
    bench.settle(bench.claim(start), done_ending(), start);
    require(bench.purge_all(first.keep_until + 1, 0) == 1, "a key whose time is over stays");
    // The first is gone, the second is not.
    require(bench.stored(message_with("body", "c")).possible_replay,
            "a body is forgotten with the first of several messages that had it");
}

inline constexpr std::array accept_rules = {
    inbox_rule{"bodies come back byte for byte", bodies_come_back},
    inbox_rule{"texts come back byte for byte", texts_come_back},
    inbox_rule{"proofs come back unchanged", proofs_come_back},
    inbox_rule{"times come back unchanged", times_come_back},
    inbox_rule{"an accepted entry is ready", an_accepted_entry_is_ready},
    inbox_rule{"a duplicate of a ready entry only counts", a_duplicate_of_a_ready_entry},
    inbox_rule{"a duplicate of a leased entry only counts", a_duplicate_of_a_leased_entry},
    inbox_rule{"a duplicate of a done entry only counts", a_duplicate_of_a_done_entry},
    inbox_rule{"a duplicate of a dead entry only counts", a_duplicate_of_a_dead_entry},
    inbox_rule{"a message twice in a batch is stored once", a_message_twice_in_a_batch},
    inbox_rule{"duplicates and new messages share a batch", duplicates_beside_new_messages},
    inbox_rule{"batches have any size up to max_batch", batches_of_any_size},
    inbox_rule{"keys differ in any byte", keys_differ_in_any_byte},
    inbox_rule{"a known body is flagged", a_known_body_is_flagged},
    inbox_rule{"a body of another endpoint is not flagged",
               a_body_of_another_endpoint_is_not_flagged},
    inbox_rule{"a known body is dropped when asked", a_known_body_is_dropped_when_asked},
    inbox_rule{"bodies of a batch are compared", bodies_of_a_batch_are_compared},
    inbox_rule{"bodies are known as long as keys", bodies_are_known_as_long_as_keys},
};

}  // namespace webhookpp::testing::detail

#endif
