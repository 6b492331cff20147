// SPDX-License-Identifier: MIT
// The rule for inbox stores that only the edges of the state machine exist: each operation is tried
// in each situation.
#ifndef WEBHOOKPP_TESTING_DETAIL_INBOX_EDGE_RULES_HPP
#define WEBHOOKPP_TESTING_DETAIL_INBOX_EDGE_RULES_HPP

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/testing/detail/broken_rule.hpp>
#include <webhookpp/testing/detail/inbox_bench.hpp>
#include <webhookpp/testing/detail/inbox_purge_rules.hpp>
#include <webhookpp/testing/detail/sample_messages.hpp>

namespace webhookpp::testing::detail {

/// Where an entry can be.
enum class situation : std::uint8_t {
    ready,
    waiting,   ///< to be tried again later
    behind,    ///< another one of its partition
    redriven,  ///< ready again
    leased,
    over,  ///< leased, but the lease is over
    done,
    bare,  ///< done, and without its body
    dead,
};

/// What can be done to it.
enum class operation : std::uint8_t {
    claim,
    renew,
    renew_stale,
    finish,
    finish_stale,
    retry,
    retry_stale,
    bury,
    bury_stale,
    redrive,
    purge_bodies,
    purge_keys,
    repeat,
};

inline constexpr std::array situation_names = {
    std::string_view("ready"),    std::string_view("waiting"), std::string_view("behind"),
    std::string_view("redriven"), std::string_view("leased"),  std::string_view("over"),
    std::string_view("done"),     std::string_view("bare"),    std::string_view("dead")};

inline constexpr std::array operation_names = {
    std::string_view("claim"),
    std::string_view("renew"),
    std::string_view("renew with a stale fence"),
    std::string_view("settle as done"),
    std::string_view("settle as done with a stale fence"),
    std::string_view("settle as ready"),
    std::string_view("settle as ready with a stale fence"),
    std::string_view("settle as dead"),
    std::string_view("settle as dead with a stale fence"),
    std::string_view("redrive"),
    std::string_view("purge of bodies"),
    std::string_view("purge of keys"),
    std::string_view("a second delivery")};

/// The entry that is looked at, and who has or had it.
struct subject {
    std::string id;
    std::int64_t number = 0;
    lease current = {};  ///< the last one
    lease stale = {};    ///< the one before
    std::int64_t now = 0;
};

/// The state to which `does` leads from `at`; nothing if it leads nowhere, and has to be refused.
[[nodiscard]] constexpr std::optional<entry_state> edge(situation at, operation does) {
    using enum situation;
    using enum operation;
    const bool held = at == leased || at == over;
    switch (does) {
        case claim:
            if (at == ready || at == redriven || at == over) return entry_state::leased;
            return std::nullopt;
        case renew: return held ? std::optional(entry_state::leased) : std::nullopt;
        case finish: return held ? std::optional(entry_state::done) : std::nullopt;
        case retry: return held ? std::optional(entry_state::ready) : std::nullopt;
        case bury: return held ? std::optional(entry_state::dead) : std::nullopt;
        case redrive: return at == dead ? std::optional(entry_state::ready) : std::nullopt;
        case purge_bodies: return at == done ? std::optional(entry_state::done) : std::nullopt;
        case purge_keys:  // It is gone then, whatever its state.
            return at == done || at == bare || at == dead ? std::optional(entry_state::done)
                                                          : std::nullopt;
        default: return std::nullopt;
    }
}

/// Claims what there is until `number` is claimed; whether it was.
[[nodiscard]] inline std::optional<entry> claims(const inbox_bench& bench, std::int64_t number,
                                                 std::int64_t now) {
    for (int times = 0; times < 10; ++times) {
        auto claimed = bench.try_claim(now);
        if (!claimed || claimed->number == number) return claimed;
    }
    broken("claims do not come to an end");
}

/// Brings an entry of its own into `at`. It was claimed twice where that is possible.
[[nodiscard]] inline subject bring_about(const inbox_bench& bench, situation at, std::string id,
                                         std::int64_t now) {
    subject made{.id = std::move(id), .now = now};
    new_entry added = message(made.id);
    added.accepted_at = now;
    added.keep_until = now + week;
    const std::string first = made.id + " first";
    if (at == situation::behind) {
        new_entry before = message_of(made.id, first);
        before.accepted_at = now;
        before.keep_until = now + week;
        bench.stored(before);
        added.partition = made.id;
    }
    made.number = bench.stored(added).number;
    made.current = made.stale = {.number = made.number, .fence = 0};
    if (at == situation::ready || at == situation::behind) return made;
    made.stale = lease_of(bench.claim_this(made.number, now));
    const entry claimed = bench.claim_this(made.number, now + minute);
    made.current = lease_of(claimed);
    made.now = now + minute;
    switch (at) {
        case situation::waiting: bench.settle(claimed, retry_at(made.now + day), made.now); break;
        case situation::over: made.now += minute; break;
        case situation::done:
        case situation::bare: bench.settle(claimed, done_ending(), made.now); break;
        case situation::dead:
        case situation::redriven: bench.settle(claimed, dead_ending(), made.now); break;
        default: break;
    }
    if (at == situation::redriven) {
        require(bench.redrive(made.number, made.now), "a dead entry is not redriven");
    }
    if (at == situation::bare) {
        require(bench.purge_all(made.now, made.now + 1) == 1, "the body of a done entry stays");
    }
    return made;
}

/// Carries out `does`; whether it was granted.
[[nodiscard]] inline bool carried_out(const inbox_bench& bench, const subject& on, operation does) {
    const ending again = retry_at(on.now);
    switch (does) {
        case operation::claim: return claims(bench, on.number, on.now).has_value();
        case operation::renew: return bench.renew(on.current, on.now);
        case operation::renew_stale: return bench.renew(on.stale, on.now);
        case operation::finish: return bench.try_settle(on.current, done_ending(), on.now);
        case operation::finish_stale: return bench.try_settle(on.stale, done_ending(), on.now);
        case operation::retry: return bench.try_settle(on.current, again, on.now);
        case operation::retry_stale: return bench.try_settle(on.stale, again, on.now);
        case operation::bury: return bench.try_settle(on.current, dead_ending(), on.now);
        case operation::bury_stale: return bench.try_settle(on.stale, dead_ending(), on.now);
        case operation::redrive: return bench.redrive(on.number, on.now);
        case operation::purge_bodies: return bench.purge_all(on.now, on.now + 1) > 0;
        case operation::purge_keys: return bench.purge_all(on.now + 2 * week, 0) > 0;
        case operation::repeat: bench.repeats(message(on.id)); return false;
    }
    return false;
}

/// The entry is where `does` leads from `at`.
inline void is_where_it_should_be(const inbox_bench& bench, const entry& before, situation at,
                                  operation does) {
    const auto leads_to = edge(at, does);
    const auto found = bench.look(before.number);
    if (leads_to && does == operation::purge_keys) {
        require(!found, "it is still there");
        return;
    }
    require(found.has_value(), "it is gone");
    entry expected = before;
    if (does == operation::repeat) ++expected.duplicates;
    if (!leads_to) {
        const std::string differs = difference(*found, expected);
        require(differs.empty(), "it has changed: " + differs);
        return;
    }
    require(found->state == *leads_to, "it is " + std::string(name(found->state)) + " instead of " +
                                           std::string(name(*leads_to)));
    require(found->body.has_value() == (before.body && does != operation::purge_bodies),
            "its body is not as it should be");
}

inline void try_operation(const inbox_bench& bench, situation at, operation does, std::string id,
                          std::int64_t now) {
    const subject on = bring_about(bench, at, std::move(id), now);
    const entry before = bench.find(on.number);
    const bool granted = carried_out(bench, on, does);
    require(granted == edge(at, does).has_value(), granted ? "it is granted" : "it is refused");
    is_where_it_should_be(bench, before, at, does);
}

/// Leaves nothing that could be claimed.
inline void finish_all(const inbox_bench& bench, std::int64_t now) {
    for (int times = 0; times < 10; ++times) {
        const auto claimed = bench.try_claim(now);
        if (!claimed) break;
        bench.settle(*claimed, done_ending(), now);
    }
    static_cast<void>(bench.purge_all(now + 2 * week, 0));
}

inline void only_the_edges_exist(const inbox_bench& bench) {
    std::int64_t now = start;
    for (std::size_t at = 0; at < situation_names.size(); ++at) {
        for (std::size_t does = 0; does < operation_names.size(); ++does) {
            const std::string which = std::string(operation_names[does]) + " of what is " +
                                      std::string(situation_names[at]);
            std::vector<std::string> failures;
            collect(failures, which, [&] {
                try_operation(bench, static_cast<situation>(at), static_cast<operation>(does),
                              which, now);
            });
            if (!failures.empty()) broken(failures.front());
            now += 4 * week;
            finish_all(bench, now);
        }
    }
}

inline constexpr std::array edge_rules = {
    inbox_rule{"only the edges of the state machine exist", only_the_edges_exist},
};

}  // namespace webhookpp::testing::detail

#endif
