// SPDX-License-Identifier: MIT
// Rules for inbox stores: what is removed, and what is not.
#ifndef WEBHOOKPP_TESTING_DETAIL_INBOX_PURGE_RULES_HPP
#define WEBHOOKPP_TESTING_DETAIL_INBOX_PURGE_RULES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include <webhookpp/entry.hpp>
#include <webhookpp/testing/detail/broken_rule.hpp>
#include <webhookpp/testing/detail/inbox_bench.hpp>
#include <webhookpp/testing/detail/sample_messages.hpp>

namespace webhookpp::testing::detail {

// Later than anything.
inline constexpr std::int64_t end_of_time = 253'402'300'799'999;

/// Accepts `added`, claims it and settles it as `how` at `now`.
inline entry finished(const inbox_bench& bench, const new_entry& added, const ending& how,
                      std::int64_t now = start) {
    const entry there = bench.stored(added);
    bench.settle(bench.claim_this(there.number, now), how, now);
    return bench.find(there.number);
}

inline void bodies_of_done_entries_are_purged(const inbox_bench& bench) {
    entry done = finished(bench, message("a"), done_ending(), start + 5);
    require(bench.purge({.now = start + 5, .bodies_before = start + 5}) == 0,
            "purge touches an entry that was finished at that very time");
    bench.unchanged(done, "a purge of what was finished before");
    require(bench.purge({.now = start + 6, .bodies_before = start + 6}) == 1,
            "the body of a done entry is not purged");
    done.body.reset();
    bench.unchanged(done, "a purge of bodies, beside the body,");
    require(bench.purge({.now = start + 6, .bodies_before = start + 6}) == 0,
            "purge touches an entry whose body is gone");
    bench.repeats(message("a"));
    require(bench.find(done.number).duplicates == 1,
            "a duplicate of an entry without a body is not counted");
}

inline void an_empty_body_is_purged_once(const inbox_bench& bench) {
    new_entry empty = message("a");
    empty.body = {};
    finished(bench, empty, done_ending());
    require(bench.purge_all(start + 1, start + 1) <= 1, "an entry without a body is purged twice");
}

inline void what_waits_is_never_purged(const inbox_bench& bench) {
    const auto ids = ids_of(8);
    for (const std::string& id : ids) {
        new_entry added = message(id);
        added.keep_until = start - week;
        if (id == ids.back()) added.partition = "p";
        bench.stored(added);
    }
    new_entry behind = message_of("p", "behind");
    behind.keep_until = start - week;
    bench.stored(behind);
    // Leased, leased and over, waiting to be tried again, redriven, handed back.
    entry claimed = bench.claim(start, 2 * week);
    bench.settle(claimed, retry_at(start + week), start);
    claimed = bench.claim(start);
    bench.settle(claimed, dead_ending(), start);
    require(bench.redrive(claimed.number, start + 1), "a dead entry is not redriven");
    for (int times = 0; times < 3; ++times) claimed = bench.claim(start, minute);
    const auto before = bench.all();
    require(bench.purge_all(end_of_time, end_of_time) == 0, "purge touches what waits");
    for (const entry& each : before) bench.unchanged(each, "a purge of what does not wait");
    for (const std::string& id : ids) bench.repeats(message(id));
}

inline void keys_are_kept_for_their_time(const inbox_bench& bench) {
    new_entry added = message("a");
    added.keep_until = start + day;
    const entry done = finished(bench, added, done_ending());
    added = message("b");
    added.keep_until = start + day + 1;
    const entry dead = finished(bench, added, dead_ending());
    require(bench.purge_all(start + day, 0) == 0, "purge removes a key that is to be kept");
    bench.unchanged(done, "a purge of keys whose time is over");
    require(bench.purge_all(start + day + 1, 0) == 1, "purge leaves a key whose time is over");
    require(!bench.look(done.number), "purge leaves a key whose time is over");
    bench.unchanged(dead, "a purge of keys whose time is over");
    require(bench.purge_all(start + day + 2, 0) == 1, "purge leaves a key whose time is over");
    require(bench.all().empty(), "purge leaves a key whose time is over");
}

inline void dead_entries_keep_their_bodies(const inbox_bench& bench) {
    const entry dead = finished(bench, message("a"), dead_ending());
    require(bench.purge_all(start + week, end_of_time) == 0, "purge touches a dead entry");
    bench.unchanged(dead, "a purge of bodies");
    require(bench.redrive(dead.number, start + week), "a dead entry is not redriven");
    require(bench.claim(start + week).body == dead.body, "a redriven entry has lost its body");
}

inline void an_ending_says_how_long_a_key_is_kept(const inbox_bench& bench) {
    ending how = dead_ending();
    how.keep_until = start + 4 * week;
    const entry dead = finished(bench, message("a"), how);
    require(bench.purge_all(start + 4 * week, 0) == 0, "purge removes a key that is to be kept");
    bench.unchanged(dead, "a purge of keys whose time is over");
    bench.repeats(message("a"));
    require(bench.purge_all(start + 4 * week + 1, 0) == 1, "purge leaves a key whose time is over");
}

inline void purge_touches_no_more_than_it_may(const inbox_bench& bench) {
    const auto ids = ids_of(20);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        finished(bench, message(ids[i]), i % 4 == 3 ? dead_ending() : done_ending());
    }
    const auto counted = [&](bool bodies) {
        std::size_t count = 0;
        for (const entry& each : bench.all()) {
            if (!bodies || each.body) ++count;
        }
        return count;
    };
    const auto in_steps = [&](const purge_request& request, bool bodies, std::size_t of) {
        std::size_t left = counted(bodies);
        const std::size_t end = left - of;
        for (int times = 0; times < 100 && left > end; ++times) {
            const std::size_t touched = bench.purge(request);
            require(touched > 0, "purge leaves what it should remove");
            require(counted(bodies) + touched == left, "purge counts something else than it did");
            left -= touched;
        }
        require(bench.purge(request) == 0, "purge touches more than it should");
    };
    require(bench.purge({.now = end_of_time, .bodies_before = end_of_time, .most = 0}) == 0 &&
                counted(true) == ids.size(),
            "purge touches an entry though it may touch none");
    in_steps({.now = start + 1, .bodies_before = start + 1, .most = 4}, true, 15);
    in_steps({.now = end_of_time, .bodies_before = 0, .most = 3}, false, ids.size());
}

inline void a_purged_message_is_stored_anew(const inbox_bench& bench) {
    const entry other = finished(bench, message("other"), done_ending());
    const entry first = bench.stored(message("a"));
    const entry stale = bench.claim(start);
    const entry last = bench.claim(start + minute);
    bench.repeats(message("a"));
    bench.settle(last, done_ending(), start + minute);
    require(bench.purge_all(start + week + 1, start) == 2, "purge leaves a key whose time is over");
    require(!bench.look(first.number), "purge leaves a key whose time is over");
    require(!bench.try_settle(lease_of(last), done_ending(), start),
            "an entry is settled that is gone");
    require(!bench.renew(lease_of(last), start), "an entry is renewed that is gone");
    require(!bench.redrive(first.number, start), "an entry is redriven that is gone");
    new_entry again = message("a");
    again.accepted_at = start + week + 1;
    const entry second = bench.stored(again);
    require(second.number != first.number && second.number != other.number,
            "the number of an entry that is gone is given again");
    require(second.duplicates == 0 && second.attempts == 0 && second.state == entry_state::ready,
            "a message that is stored anew is not as new ones are");
    const entry claimed = bench.claim_this(second.number, start + week + 1);
    for (const entry& before : {stale, last}) {
        require(!bench.try_settle(lease_of(before), done_ending(), start + week + 1),
                "an entry is settled by somebody who had one that is gone");
    }
    bench.settle(claimed, done_ending(), start + week + 1);
}

inline constexpr std::array purge_rules = {
    inbox_rule{"bodies of done entries are purged", bodies_of_done_entries_are_purged},
    inbox_rule{"an empty body is purged once", an_empty_body_is_purged_once},
    inbox_rule{"what waits is never purged", what_waits_is_never_purged},
    inbox_rule{"keys are kept for their time", keys_are_kept_for_their_time},
    inbox_rule{"dead entries keep their bodies", dead_entries_keep_their_bodies},
    inbox_rule{"an ending says how long a key is kept", an_ending_says_how_long_a_key_is_kept},
    inbox_rule{"purge touches no more than it may", purge_touches_no_more_than_it_may},
    inbox_rule{"a purged message is stored anew", a_purged_message_is_stored_anew},
};

}  // namespace webhookpp::testing::detail

#endif
