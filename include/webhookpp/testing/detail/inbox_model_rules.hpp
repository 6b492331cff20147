// SPDX-License-Identifier: MIT
// The rule for inbox stores that random operations have the answers of a model.
#ifndef WEBHOOKPP_TESTING_DETAIL_INBOX_MODEL_RULES_HPP
#define WEBHOOKPP_TESTING_DETAIL_INBOX_MODEL_RULES_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/testing/detail/broken_rule.hpp>
#include <webhookpp/testing/detail/inbox_bench.hpp>
#include <webhookpp/testing/detail/inbox_model.hpp>
#include <webhookpp/testing/detail/random_numbers.hpp>
#include <webhookpp/testing/detail/sample_messages.hpp>

namespace webhookpp::testing::detail {

/// Does the same to a store and to a model: what `Numbers` say, which are `random_numbers`, or
/// other ones with the same functions.
template <class Numbers>
class inbox_comparison {
public:
    inbox_comparison(const inbox_bench& bench, Numbers numbers)
        : bench_(bench), random_(std::move(numbers)) {
        for (const std::string& id : ids_) keys_.push_back(key_of(id));
        for (const std::string& body : bodies_) {
            body_keys_.push_back(message_key::of_body("provider", "endpoint", body).value());
        }
    }

    void step() {
        pass_time();
        switch (random_.below(16)) {
            case 0:
            case 1:
            case 2: return accept();
            case 3:
            case 4:
            case 5:
            case 6: return claim();
            case 7:
            case 8:
            case 9:
            case 10: return settle();
            case 11: return renew();
            case 12: return redrive();
            case 13: return purge();
            case 14: return list();
            default: return look();
        }
    }

    /// All entries of both are the same.
    void compare_all() {
        const auto found = bench_.all();
        require(found.size() == model_.entries.size(), "it holds another number of entries");
        for (const entry& each : found) compare(each);
    }

private:
    void pass_time() {
        if (random_.one_in(200)) {
            now_ += random_.between(-week, week);
        } else if (random_.one_in(20)) {
            now_ += random_.between(-2 * minute, 5 * minute);
        } else {
            now_ += random_.between(0, 20'000);
        }
    }

    void compare(const entry& found) {
        const modelled_entry* const expected = model_.of_number(found.number);
        require(expected != nullptr, "it holds an entry that should not be there");
        const std::string differs = difference(found, expected->seen);
        require(differs.empty(), "an entry is not as it should be: " + differs);
    }

    [[nodiscard]] new_entry some_message() {
        const std::size_t which = random_.below(ids_.size());
        new_entry made = message(ids_[which]);
        made.key = keys_[which];
        made.endpoint = endpoints[random_.below(endpoints.size())];
        made.partition = partitions[random_.below(partitions.size())];
        const std::size_t body = random_.below(bodies_.size());
        made.body = bodies_[body];
        if (random_.one_in(2)) made.body_key = body_keys_[body];
        made.drop_same_body = random_.one_in(4);
        made.proof.id_is_signed = random_.one_in(2);
        if (random_.one_in(2)) made.proof.timestamp = now_ / 1000;
        made.accepted_at = now_;
        made.keep_until = now_ + random_.between(0, 20 * minute);
        return made;
    }

    void accept() {
        const std::size_t most = bench_.store().max_batch();
        const std::size_t size =
            random_.one_in(50) ? most : 1 + random_.below((std::min)(most, std::size_t{6}));
        std::vector<new_entry> batch;
        std::vector<acceptance> expected;
        for (std::size_t i = 0; i < size; ++i) {
            batch.push_back(some_message());
            expected.push_back(model_.accept(batch.back()));
        }
        require(bench_.accept(batch) == expected, "accept has other outcomes");
        learn_numbers();
        learn_counts();
    }

    /// Finds the numbers of what was accepted.
    void learn_numbers() {
        std::int64_t after = 0;
        for (;;) {
            const auto page = bench_.list({.after = after, .most = 100});
            if (page.empty()) break;
            for (const entry& each : page) {
                require(each.number > after, "a list is not in the order of numbers");
                after = each.number;
                if (model_.of_number(each.number)) continue;
                const modelled_entry* const made = model_.of_key(each.key);
                require(made != nullptr && made->seen.number < 0,
                        "an entry is there twice, or for no reason");
                require(numbers_.insert(each.number).second, "a number is given twice");
                auto node = model_.entries.extract(made->seen.number);
                node.key() = each.number;
                node.mapped().seen.number = each.number;
                model_.entries.insert(std::move(node));
            }
        }
        require(model_.entries.empty() || model_.entries.begin()->first > 0,
                "a message that was accepted is not there");
    }

    /// Finds where messages were counted that had the body of another one.
    void learn_counts() {
        const auto dropped = std::exchange(model_.uncounted, {});
        for (const message_key& body_key : dropped) {
            const auto times = std::count(dropped.begin(), dropped.end(), body_key);
            std::int64_t counted = 0;
            for (const auto& [number, each] : model_.entries) {
                if (each.body_key != body_key) continue;
                const std::uint32_t found = bench_.find(number).duplicates;
                require(found >= each.seen.duplicates, "duplicates are not counted");
                counted += found - each.seen.duplicates;
            }
            require(counted == times, "a message that was dropped is not counted once");
        }
        for (auto& [number, each] : model_.entries) {
            const bool may_have_counted =
                each.body_key &&
                std::find(dropped.begin(), dropped.end(), *each.body_key) != dropped.end();
            if (may_have_counted) each.seen.duplicates = bench_.find(number).duplicates;
        }
    }

    void claim() {
        const claim_request request{
            .now = now_, .lease = random_.between(10'000, 2 * minute), .owner = "the kit"};
        const auto may_be = model_.claimable(request);
        const auto claimed = bench_.try_claim(request.now, request.lease);
        require(claimed.has_value() != may_be.empty(),
                claimed ? "an entry is claimed though none can be"
                        : "nothing is claimed though something waits");
        if (!claimed) return;
        require(may_be.contains(claimed->number),
                "another entry is claimed than the one that has waited longest");
        modelled_entry& taken = *model_.of_number(claimed->number);
        require(claimed->fence > taken.seen.fence, "a claim does not raise the fence");
        model_.lease_to(taken, request, claimed->fence);
        compare(*claimed);
        leases_.push_back(lease_of(*claimed));
    }

    /// Mostly one that is held.
    [[nodiscard]] lease some_lease() {
        std::vector<lease> held;
        for (const auto& [number, each] : model_.entries) {
            if (each.seen.state == entry_state::leased) held.push_back(lease_of(each.seen));
        }
        if (!held.empty() && !random_.one_in(4)) return random_.one_of(held);
        if (!leases_.empty() && !random_.one_in(8)) return random_.one_of(leases_);
        return {.number = random_.between(-1, 100), .fence = random_.between(0, 3)};
    }

    void renew() {
        const lease mine = some_lease();
        const std::int64_t length = random_.between(10'000, 2 * minute);
        modelled_entry* const held = model_.held(mine);
        require(bench_.renew(mine, now_, length) == (held != nullptr), "renew has another answer");
        if (held) held->seen.lease_until = now_ + length;
        look_at(mine.number);
    }

    [[nodiscard]] ending some_ending() {
        ending how;
        const std::size_t kind = random_.below(5);
        how.state = kind < 2   ? entry_state::done
                    : kind < 4 ? entry_state::ready
                               : entry_state::dead;
        if (how.state == entry_state::ready) how.ready_at = now_ + random_.between(0, 3 * minute);
        how.error = errors[random_.below(errors.size())];
        how.counts = !random_.one_in(4);
        if (random_.one_in(3)) how.keep_until = now_ + random_.between(-minute, hour);
        return how;
    }

    void settle() {
        const lease mine = some_lease();
        const ending how = some_ending();
        modelled_entry* const held = model_.held(mine);
        const bool together = random_.one_in(2);
        const bool done =
            together ? answer(bench_.store().settle_together({}, mine, how, now_), "settle")
                     : bench_.try_settle(mine, how, now_);
        require(done == (held != nullptr), "settle has another answer");
        if (held) {
            held->seen = settled(held->seen, how, now_);
            learn_turns(held->seen.partition);
        }
        look_at(mine.number);
    }

    void redrive() {
        std::vector<std::int64_t> dead;
        for (const auto& [number, each] : model_.entries) {
            if (each.seen.state == entry_state::dead) dead.push_back(number);
        }
        const std::int64_t number =
            dead.empty() || random_.one_in(4) ? some_number() : random_.one_of(dead);
        modelled_entry* const found = model_.of_number(number);
        const bool grants = found != nullptr && found->seen.state == entry_state::dead;
        require(bench_.redrive(number, now_) == grants, "redrive has another answer");
        if (grants) {
            found->seen.state = entry_state::ready;
            found->seen.attempts = 0;
            found->seen.ready_at = now_;
            found->was_redriven = true;
            share_turns(found->seen.partition);
        }
        look_at(number);
    }

    /// One of a partition may have left it: finds out whose turn it is then.
    void learn_turns(const std::string& partition) {
        const auto queue = model_.of_partition(partition);
        for (const modelled_entry* each : queue) {
            if (each->has_turn()) return;
        }
        if (!queue.empty()) learn_turn_of(queue, inbox_model::next_of(queue));
    }

    /// One has come into a partition again: it or the one whose turn it was has it now.
    void share_turns(const std::string& partition) {
        const auto queue = model_.of_partition(partition);
        std::set<std::int64_t> may_have;
        bool held = false;
        for (const modelled_entry* each : queue) {
            if (each->has_turn()) may_have.insert(each->seen.number);
            held = held || each->seen.state == entry_state::leased;
        }
        if (may_have.size() < 2) return;
        if (held) {
            for (modelled_entry* each : queue) each->seen.ready_at.reset();
        } else {
            learn_turn_of(queue, may_have);
        }
    }

    void learn_turn_of(const std::vector<modelled_entry*>& queue,
                       const std::set<std::int64_t>& may_have) {
        std::size_t turns = 0;
        for (modelled_entry* each : queue) {
            const entry found = bench_.find(each->seen.number);
            if (found.state == entry_state::ready && found.ready_at) {
                ++turns;
                require(may_have.contains(found.number), "a partition is not handled in order");
                require(*found.ready_at <= (std::max)(now_, each->seen.ready_at.value_or(now_)),
                        "the next of a partition has to wait for no reason");
            }
            each->seen.ready_at = found.ready_at;
        }
        require(turns == 1, "not one entry of a partition has its turn");
    }

    void purge() {
        purge_request request{.now = now_ + random_.between(-minute, minute),
                              .bodies_before = now_ - random_.between(0, 5 * minute),
                              .most = random_.one_in(2) ? 1000 : random_.below(5)};
        const std::size_t touched = bench_.purge(request);
        std::size_t could = 0;
        std::size_t did = 0;
        for (auto at = model_.entries.begin(); at != model_.entries.end();) {
            modelled_entry& each = at->second;
            const bool body = inbox_model::loses_body(each, request);
            const bool key = inbox_model::loses_key(each, request);
            could += body || key ? 1 : 0;
            const auto found = body || key ? bench_.look(at->first) : std::optional(each.seen);
            require(found || key, "purge removes a key that is to be kept");
            if (found && !found->body && each.seen.body) {
                require(body, "purge removes a body that is to be kept");
                each.seen.body.reset();
                ++did;
            }
            if (!found) {
                ++did;
                at = model_.entries.erase(at);
            } else {
                ++at;
            }
        }
        require(touched == did, "purge counts something else than it did");
        require(did > 0 || could == 0 || request.most == 0, "purge leaves what it should remove");
    }

    void list() {
        entry_query query{.after = random_.one_in(2) ? 0 : some_number(),
                          .most = random_.one_in(3) ? random_.below(5) : 1000};
        if (random_.one_in(2)) query.state = static_cast<entry_state>(random_.below(4));
        if (random_.one_in(2)) query.endpoint = endpoints[random_.below(endpoints.size())];
        const auto expected = model_.listed(query);
        const auto found = bench_.list(query);
        require(found.size() == expected.size(), "a list has another length");
        for (std::size_t i = 0; i < found.size(); ++i) {
            require(found[i].number == expected[i], "a list has other entries");
            require(!found[i].body, "a list has bodies");
            entry without_body = model_.of_number(expected[i])->seen;
            without_body.body.reset();
            const std::string differs = difference(found[i], without_body);
            require(differs.empty(), "an entry is listed as it should not be: " + differs);
        }
    }

    void look() {
        look_at(some_number());
        const inbox_stats expected = model_.stats();
        const inbox_stats found = bench_.stats();
        require(found.ready == expected.ready && found.leased == expected.leased &&
                    found.done == expected.done && found.dead == expected.dead &&
                    found.duplicates == expected.duplicates,
                "stats do not count what is there");
        for (const inbox_backlog& backlog : {found.backlog, bench_.backlog()}) {
            require(backlog.entries == expected.backlog.entries &&
                        backlog.bytes == expected.backlog.bytes &&
                        backlog.oldest == expected.backlog.oldest,
                    "the backlog is not what waits");
        }
    }

    void look_at(std::int64_t number) {
        const auto found = bench_.look(number);
        require(found.has_value() == (model_.of_number(number) != nullptr),
                found ? "an entry is there that should not be" : "an entry is gone");
        if (found) compare(*found);
    }

    [[nodiscard]] std::int64_t some_number() {
        if (numbers_.empty() || random_.one_in(8)) return random_.between(-1, 1'000'000);
        if (model_.entries.empty() || random_.one_in(8)) {
            auto at = numbers_.begin();
            std::advance(at, random_.below(numbers_.size()));
            return *at;
        }
        auto at = model_.entries.begin();
        std::advance(at, random_.below(model_.entries.size()));
        return at->first;
    }

    static constexpr std::int64_t hour = 60 * minute;
    static constexpr std::array<std::string_view, 2> endpoints = {"orders", "invoices"};
    static constexpr std::array<std::string_view, 5> partitions = {"", "", "p", "q", "r"};
    static constexpr std::array<std::string_view, 3> errors = {"", "failed", "timeout\xff"};

    inbox_bench bench_;
    Numbers random_;
    inbox_model model_;
    std::int64_t now_ = start;
    std::set<std::int64_t> numbers_;  // all that there ever were
    std::vector<lease> leases_;
    const std::vector<std::string> ids_ = ids_of(60);
    const std::vector<std::string> bodies_ = {"", "body", "another body", "third", "fourth", "5"};
    std::vector<message_key> keys_;
    std::vector<message_key> body_keys_;
};

inline void random_operations_have_the_answers_of_a_model(const inbox_bench& bench) {
    inbox_comparison both(bench, random_numbers(bench.options().seed));
    for (std::size_t i = 0; i < bench.options().operations; ++i) {
        std::vector<std::string> failures;
        collect(failures, "operation " + std::to_string(i), [&] {
            both.step();
            if (i % 64 == 0) both.compare_all();
        });
        if (!failures.empty()) broken(failures.front());
    }
    both.compare_all();
}

inline constexpr std::array model_rules = {
    inbox_rule{"random operations have the answers of a model",
               random_operations_have_the_answers_of_a_model},
};

}  // namespace webhookpp::testing::detail

#endif
