// SPDX-License-Identifier: MIT
// Rules for replay stores, one operation after the other.
#ifndef WEBHOOKPP_TESTING_DETAIL_REPLAY_RULES_HPP
#define WEBHOOKPP_TESTING_DETAIL_REPLAY_RULES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include <webhookpp/message_key.hpp>
#include <webhookpp/testing/detail/broken_rule.hpp>
#include <webhookpp/testing/detail/replay_bench.hpp>
#include <webhookpp/testing/detail/sample_messages.hpp>

namespace webhookpp::testing::detail {

/// The fence of nobody is refused by all that needs one.
inline void proves_nothing(const replay_bench& bench, const message_key& key, std::int64_t fence,
                           std::int64_t now) {
    require(!bench.commit(key, fence, now, now + week), "a stale fence commits");
    require(!bench.release(key, fence), "a stale fence releases");
    require(!bench.extend(key, fence, now), "a stale fence extends");
}

inline void a_key_is_reserved_once(const replay_bench& bench) {
    const message_key key = key_of("a");
    bench.reserves(key, start);
    for (const std::int64_t now : {start, start + 1, start + minute - 1, start - minute}) {
        bench.in_progress(key, now, start + minute);
    }
    bench.reserves(key_of("b"), start);
}

inline void a_committed_key_is_a_duplicate(const replay_bench& bench) {
    const message_key key = key_of("a");
    const std::int64_t fence = bench.reserves(key, start);
    require(bench.commit(key, fence, start + 5, start + week), "an owner cannot commit");
    for (const std::int64_t now : {start + 5, start + minute, start + week - 1, start - week}) {
        bench.duplicate(key, now, start + week);
    }
    proves_nothing(bench, key, fence, start + 6);
    bench.duplicate(key, start + 7, start + week);
    // Its time is over at that very moment.
    const std::int64_t next = bench.reserves(key, start + week);
    require(next != fence, "a fence is given twice");
}

inline void a_released_key_is_reserved_again(const replay_bench& bench) {
    const message_key key = key_of("a");
    std::set<std::int64_t> fences;
    for (int times = 0; times < 20; ++times) {
        const std::int64_t fence = bench.reserves(key, start);
        require(fences.insert(fence).second, "a fence is given twice");
        require(bench.release(key, fence), "an owner cannot release");
        proves_nothing(bench, key, fence, start);
    }
}

inline void a_reservation_is_over_at_its_end(const replay_bench& bench) {
    const message_key key = key_of("a");
    std::set<std::int64_t> fences;
    std::int64_t now = start;
    for (int times = 0; times < 20; ++times) {
        require(fences.insert(bench.reserves(key, now)).second, "a fence is given twice");
        bench.in_progress(key, now + minute - 1, now + minute);
        now += minute;
    }
    const std::int64_t last = bench.reserves(key, now);
    require(fences.insert(last).second, "a fence is given twice");
    fences.erase(last);
    for (const std::int64_t stale : fences) proves_nothing(bench, key, stale, now + 1);
    bench.in_progress(key, now + 1, now + minute);
    require(bench.commit(key, last, now + 1, now + week), "an owner cannot commit");
    for (const std::int64_t stale : fences) proves_nothing(bench, key, stale, now + 1);
    bench.duplicate(key, now + 1, now + week);
}

inline void a_reservation_too_far_ahead_is_over(const replay_bench& bench) {
    const message_key key = key_of("a");
    const std::int64_t first = bench.reserves(key, start);
    const std::int64_t until = start + minute;
    bench.in_progress(key, until - 2 * minute, until);
    const std::int64_t back = until - 2 * minute - 1;
    const std::int64_t second = bench.reserves(key, back);
    require(second != first, "a fence is given twice");
    proves_nothing(bench, key, first, back);
    // What is committed stays, wherever the clock goes.
    require(bench.commit(key, second, back, start + week), "an owner cannot commit");
    bench.duplicate(key, start - 52 * week, start + week);
}

inline void a_reservation_is_kept_until_somebody_else_has_it(const replay_bench& bench) {
    const message_key key = key_of("a");
    const std::int64_t first = bench.reserves(key, start);
    require(bench.commit(key, first, start + 2 * minute, start + week),
            "an owner cannot commit a reservation that is over, though nobody else has it");
    bench.duplicate(key, start + 2 * minute, start + week);
    const message_key other = key_of("b");
    const std::int64_t second = bench.reserves(other, start);
    require(bench.release(other, second), "an owner cannot release");
    bench.reserves(other, start + 1);
}

inline void an_extended_reservation_lasts_longer(const replay_bench& bench) {
    const message_key key = key_of("a");
    const std::int64_t fence = bench.reserves(key, start);
    require(bench.extend(key, fence, start + 30'000, 2 * minute), "an owner cannot extend");
    bench.in_progress(key, start + minute, start + 30'000 + 2 * minute);
    require(bench.extend(key, fence, start + minute), "an owner cannot extend twice");
    bench.in_progress(key, start + minute, start + 2 * minute);
    require(bench.extend(key, fence, start + 2 * minute - 1), "an owner cannot extend at the end");
    require(bench.commit(key, fence, start + 2 * minute, start + week), "an owner cannot commit");
    bench.duplicate(key, start + 2 * minute, start + week);
}

inline void what_is_over_is_not_extended(const replay_bench& bench) {
    const message_key key = key_of("a");
    const std::int64_t fence = bench.reserves(key, start);
    require(!bench.extend(key, fence, start + minute), "a reservation is extended that is over");
    require(!bench.extend(key, fence, start + day), "a reservation is extended that is over");
    const std::int64_t next = bench.reserves(key, start + minute);
    require(!bench.extend(key, fence, start + minute), "a stale fence extends");
    bench.in_progress(key, start + minute, start + 2 * minute);
    require(bench.extend(key, next, start + minute), "an owner cannot extend");
    require(!bench.extend(key_of("b"), next, start), "a key is extended that nobody has");
    require(!bench.extend(key, next + 1'000'000, start + minute), "a fence of nobody extends");
}

inline void the_fence_of_another_key_proves_nothing(const replay_bench& bench) {
    const message_key key = key_of("a");
    const message_key other = key_of("b");
    const std::int64_t fence = bench.reserves(key, start);
    std::int64_t others = bench.reserves(other, start);
    // Fences of two keys may be equal; those of the next reservation are not, then.
    if (others == fence) {
        require(bench.release(other, others), "an owner cannot release");
        others = bench.reserves(other, start);
    }
    proves_nothing(bench, key, others, start);
    proves_nothing(bench, key_of("c"), fence, start);
    proves_nothing(bench, key, 0, start);
    proves_nothing(bench, key, -1, start);
    bench.in_progress(key, start, start + minute);
    bench.in_progress(other, start, start + minute);
}

inline void keys_differ_in_any_byte_for_guards(const replay_bench& bench) {
    const auto keys = keys_of_all_bytes();
    std::vector<std::int64_t> fences;
    fences.reserve(keys.size());
    for (const message_key& key : keys) fences.push_back(bench.reserves(key, start));
    for (std::size_t i = 0; i < keys.size(); ++i) {
        bench.in_progress(keys[i], start, start + minute);
        if (i % 2 == 0) {
            require(bench.commit(keys[i], fences[i], start, start + week),
                    "an owner cannot commit");
        } else {
            require(bench.release(keys[i], fences[i]), "an owner cannot release");
        }
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (i % 2 == 0) {
            bench.duplicate(keys[i], start, start + week);
        } else {
            bench.reserves(keys[i], start);
        }
    }
}

inline void only_what_is_over_is_forgotten(const replay_bench& bench) {
    const auto ids = ids_of(40);
    // Ten each: reserved and over, reserved, remembered and over, remembered.
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const message_key key = key_of(ids[i]);
        const std::int64_t fence = bench.reserves(key, start, i < 10 ? minute : 3 * minute);
        if (i < 20) continue;
        require(bench.commit(key, fence, start, start + (i < 30 ? minute : 3 * minute)),
                "an owner cannot commit");
    }
    bench.forgot(bench.forget(start + minute - 1, 1'000), 0);
    std::size_t forgotten = 0;
    for (int times = 0; times < 10; ++times) forgotten += bench.forget(start + minute, 3);
    bench.forgot(forgotten, 20);
    bench.forgot(bench.forget(start + minute, 1'000), 0);
    require(bench.forget(start + minute, 0) == 0, "forget removes more keys than it may");
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (i >= 10 && i < 20)
            bench.in_progress(key_of(ids[i]), start + minute, start + 3 * minute);
        if (i >= 30) bench.duplicate(key_of(ids[i]), start + minute, start + 3 * minute);
        if (i < 10 || (i >= 20 && i < 30)) bench.reserves(key_of(ids[i]), start + minute);
    }
}

inline void what_was_forgotten_has_a_new_fence(const replay_bench& bench) {
    const message_key key = key_of("a");
    std::set<std::int64_t> fences;
    std::int64_t now = start;
    for (int times = 0; times < 10; ++times) {
        const std::int64_t fence = bench.reserves(key, now);
        require(fences.insert(fence).second, "a fence is given twice");
        if (times % 2 == 0) {
            require(bench.commit(key, fence, now, now + minute), "an owner cannot commit");
        }
        now += minute;
        bench.forgot(bench.forget(now, 10), 1);
    }
    bench.reserves(key, now);
    for (const std::int64_t stale : fences) proves_nothing(bench, key, stale, now);
    bench.in_progress(key, now, now + minute);
}

inline constexpr std::array replay_rules = {
    replay_rule{"a key is reserved once", a_key_is_reserved_once},
    replay_rule{"a committed key is a duplicate", a_committed_key_is_a_duplicate},
    replay_rule{"a released key is reserved again", a_released_key_is_reserved_again},
    replay_rule{"a reservation is over at its end", a_reservation_is_over_at_its_end},
    replay_rule{"a reservation too far ahead is over", a_reservation_too_far_ahead_is_over},
    replay_rule{"a reservation is kept until somebody else has it",
                a_reservation_is_kept_until_somebody_else_has_it},
    replay_rule{"an extended reservation lasts longer", an_extended_reservation_lasts_longer},
    replay_rule{"what is over is not extended", what_is_over_is_not_extended},
    replay_rule{"the fence of another key proves nothing", the_fence_of_another_key_proves_nothing},
    replay_rule{"keys differ in any byte", keys_differ_in_any_byte_for_guards},
    replay_rule{"only what is over is forgotten", only_what_is_over_is_forgotten},
    replay_rule{"what was forgotten has a new fence", what_was_forgotten_has_a_new_fence},
};

}  // namespace webhookpp::testing::detail

#endif
