// SPDX-License-Identifier: MIT
// What the rules for inbox stores are written with.
#ifndef WEBHOOKPP_TESTING_DETAIL_INBOX_BENCH_HPP
#define WEBHOOKPP_TESTING_DETAIL_INBOX_BENCH_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/inbox_store.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/testing/detail/broken_rule.hpp>
#include <webhookpp/testing/detail/sample_messages.hpp>
#include <webhookpp/testing/detail/tested_inbox.hpp>
#include <webhookpp/testing/store_check.hpp>

namespace webhookpp::testing::detail {

[[nodiscard]] inline lease lease_of(const entry& claimed) noexcept {
    return {.number = claimed.number, .fence = claimed.fence};
}

[[nodiscard]] inline ending done_ending() noexcept {
    return {.state = entry_state::done};
}
[[nodiscard]] inline ending dead_ending(std::string_view error = "gave up") noexcept {
    return {.state = entry_state::dead, .error = error};
}
[[nodiscard]] inline ending retry_at(std::int64_t time,
                                     std::string_view error = "failed") noexcept {
    return {.state = entry_state::ready, .ready_at = time, .error = error};
}

/// What differs between two entries, for people; empty if nothing does. What has no meaning in a
/// state is not compared.
[[nodiscard]] inline std::string difference(const entry& found, const entry& expected) {
    std::string text;
    const auto compare = [&](bool same, std::string_view what) {
        if (!same) text += (text.empty() ? "" : ", ") + std::string(what);
    };
    const auto numbers = [&](std::int64_t left, std::int64_t right, std::string_view what) {
        if (left == right) return;
        compare(false, std::string(what) + " (" + std::to_string(left) + ", not " +
                           std::to_string(right) + ")");
    };
    numbers(found.number, expected.number, "number");
    compare(found.state == expected.state, "state (" + std::string(name(found.state)) + ", not " +
                                               std::string(name(expected.state)) + ")");
    compare(found.key == expected.key, "key");
    compare(found.provider == expected.provider, "provider");
    compare(found.endpoint == expected.endpoint, "endpoint");
    compare(found.message_id == expected.message_id, "message_id");
    compare(found.event_type == expected.event_type, "event_type");
    compare(found.partition == expected.partition, "partition");
    compare(found.body.has_value() == expected.body.has_value(), "whether there is a body");
    compare(!found.body || !expected.body || *found.body == *expected.body, "body");
    compare(found.body_size == expected.body_size, "body_size");
    compare(found.proof.timestamp == expected.proof.timestamp, "proof.timestamp");
    compare(found.proof.key_index == expected.proof.key_index, "proof.key_index");
    compare(found.proof == expected.proof, "proof");
    numbers(found.accepted_at, expected.accepted_at, "accepted_at");
    numbers(found.keep_until, expected.keep_until, "keep_until");
    numbers(found.attempts, expected.attempts, "attempts");
    numbers(found.duplicates, expected.duplicates, "duplicates");
    compare(found.possible_replay == expected.possible_replay, "possible_replay");
    compare(found.last_error == expected.last_error, "last_error");
    if (found.state != expected.state) return text;
    if (found.state == entry_state::ready) {
        compare(found.ready_at.has_value() == expected.ready_at.has_value(),
                "whether it waits for another one of its partition");
        numbers(found.ready_at.value_or(0), expected.ready_at.value_or(0), "ready_at");
    } else if (found.state == entry_state::leased) {
        numbers(found.lease_until, expected.lease_until, "lease_until");
        numbers(found.fence, expected.fence, "fence");
    } else {
        numbers(found.finished_at, expected.finished_at, "finished_at");
    }
    return text;
}

/// A store that is to be checked, whose operations have to succeed.
class inbox_bench {
public:
    inbox_bench(tested_inbox& store, const store_check_options& options)
        : store_(&store), options_(&options) {}

    [[nodiscard]] tested_inbox& store() const noexcept { return *store_; }
    [[nodiscard]] const store_check_options& options() const noexcept { return *options_; }

    [[nodiscard]] std::vector<acceptance> accept(std::span<const new_entry> entries) const {
        // Nothing that an outcome can be, to see that each is told.
        constexpr auto untold = static_cast<acceptance>(0xff);
        std::vector<acceptance> outcomes(entries.size(), untold);
        answer(store_->accept(entries, outcomes), "accept");
        for (const acceptance outcome : outcomes) {
            require(outcome == acceptance::stored || outcome == acceptance::duplicate,
                    "accept does not say what became of each entry");
        }
        return outcomes;
    }

    [[nodiscard]] acceptance accept(const new_entry& added) const {
        return accept(std::span(&added, 1)).front();
    }

    /// Stores `added`, which is new, and returns what is there of it then.
    entry stored(const new_entry& added) const {
        require(accept(added) == acceptance::stored, "a new message is taken for a duplicate");
        return of_key(added.key);
    }

    void repeats(const new_entry& added) const {
        require(accept(added) == acceptance::duplicate, "a duplicate is taken for a new message");
    }

    [[nodiscard]] std::optional<entry> try_claim(std::int64_t now,
                                                 std::int64_t length = minute) const {
        return answer(store_->claim({.now = now, .lease = length, .owner = "the kit"}), "claim");
    }

    [[nodiscard]] entry claim(std::int64_t now, std::int64_t length = minute) const {
        auto claimed = try_claim(now, length);
        require(claimed.has_value(), "nothing is claimed, though something waits");
        return *std::move(claimed);
    }

    /// Claims the entry `number`, which has to be the next.
    entry claim_this(std::int64_t number, std::int64_t now, std::int64_t length = minute) const {
        entry claimed = claim(now, length);
        require(claimed.number == number, "another entry is claimed than the one whose turn it is");
        return claimed;
    }

    void nothing_to_claim(std::int64_t now, std::string_view because,
                          std::int64_t length = minute) const {
        require(!try_claim(now, length), "an entry is claimed " + std::string(because));
    }

    [[nodiscard]] bool renew(const lease& mine, std::int64_t now,
                             std::int64_t length = minute) const {
        return answer(store_->renew(mine, now, length), "renew");
    }

    [[nodiscard]] bool try_settle(const lease& mine, const ending& how, std::int64_t now) const {
        return answer(store_->settle(mine, how, now), "settle");
    }

    /// Ends the attempt at `claimed`, which the caller has.
    void settle(const entry& claimed, const ending& how, std::int64_t now) const {
        require(try_settle(lease_of(claimed), how, now), "an owner cannot settle its entry");
    }

    [[nodiscard]] std::optional<entry> look(std::int64_t number) const {
        return answer(store_->find(number), "find");
    }

    [[nodiscard]] entry find(std::int64_t number) const {
        auto found = look(number);
        require(found.has_value(), "an entry is gone");
        return *std::move(found);
    }

    [[nodiscard]] std::vector<entry> list(const entry_query& query) const {
        return answer(store_->list(query), "list");
    }

    /// All entries, with their bodies.
    [[nodiscard]] std::vector<entry> all() const {
        std::vector<entry> found;
        for (std::int64_t after = 0;;) {
            const auto page = list({.after = after, .most = 100});
            if (page.empty()) return found;
            for (const entry& each : page) {
                require(each.number > after, "a list is not in the order of numbers");
                after = each.number;
                found.push_back(find(each.number));
            }
        }
    }

    /// The entry with a key.
    [[nodiscard]] entry of_key(const message_key& key) const {
        std::optional<entry> found;
        for (std::int64_t after = 0;;) {
            const auto page = list({.after = after, .most = 100});
            if (page.empty()) break;
            for (const entry& each : page) {
                require(each.number > after, "a list is not in the order of numbers");
                after = each.number;
                if (each.key != key) continue;
                require(!found, "one message is stored twice");
                found = find(each.number);
            }
        }
        require(found.has_value(), "a message that was accepted is not there");
        return *std::move(found);
    }

    void unchanged(const entry& before, std::string_view by) const {
        const std::string differs = difference(find(before.number), before);
        require(differs.empty(), std::string(by) + " changes an entry: " + differs);
    }

    [[nodiscard]] bool redrive(std::int64_t number, std::int64_t now) const {
        return answer(store_->redrive(number, now), "redrive");
    }

    [[nodiscard]] std::size_t purge(const purge_request& request) const {
        const std::size_t touched = answer(store_->purge(request), "purge");
        require(touched <= request.most, "purge touches more entries than it may");
        return touched;
    }

    /// Purges until nothing is left to do; returns how many entries were touched.
    [[nodiscard]] std::size_t purge_all(std::int64_t now, std::int64_t bodies_before) const {
        std::size_t all_touched = 0;
        for (int turn = 0; turn < 1000; ++turn) {
            const std::size_t touched = purge({.now = now, .bodies_before = bodies_before});
            if (touched == 0) return all_touched;
            all_touched += touched;
        }
        broken("purge finds something each time that it is called");
    }

    [[nodiscard]] inbox_backlog backlog() const { return answer(store_->backlog(), "backlog"); }
    [[nodiscard]] inbox_stats stats() const { return answer(store_->stats(), "stats"); }

private:
    tested_inbox* store_;
    const store_check_options* options_;
};

/// A rule: its name, which says what holds, and what breaks when it does not.
struct inbox_rule {
    std::string_view name;
    void (*check)(const inbox_bench& bench);
    bool needs_effects = false;
};

}  // namespace webhookpp::testing::detail

#endif
