// SPDX-License-Identifier: MIT
// What is done with a store as an inbox.
#ifndef WEBHOOKPP_TESTS_FAULT_INJECTION_INBOX_PATHS_HPP
#define WEBHOOKPP_TESTS_FAULT_INJECTION_INBOX_PATHS_HPP

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>
#include <utility>

#include <webhookpp/inbox.hpp>

#include "store_facts.hpp"
#include "stored_messages.hpp"

namespace fault_injection {

/// The operations of an `inbox_store`, and accepting by `inbox`. There is one entry at a time.
template <class Store>
class inbox_paths {
public:
    inbox_paths(store_facts facts, Store store, std::string_view partition = {})
        : facts_(std::move(facts)),
          store_(std::move(store)),
          inbox_(store_, {}, set_clock{&now_}),
          from_{.as = {.provider = "seatsio", .endpoint = "default"},
                .event_type = "chart.published",
                .partition = partition},
          message_(!partition.empty()) {}

    void try_each() {
        try_accept();
        try_claim();
        try_renew();
        try_endings();
        if constexpr (effects<Store>::are_kept) try_transactions();
        try_reading();
        try_purge();
    }
    /// What a partition makes a difference to.
    void try_turns() {
        try_accept();
        try_endings();
        if constexpr (effects<Store>::are_kept) try_transactions();
    }

private:
    static constexpr wh::ending is_done = {};

    wh::result<wh::acceptance> accept() { return inbox_.accept(message_.get(), from_); }
    [[nodiscard]] wh::claim_request request(std::int64_t at) const {
        return {.now = at, .lease = lease_length, .owner = "test"};
    }
    // Without a partition its id is not signed, so that its body is remembered too.
    void next() {
        message_.next();
        now_ += 10'000;  // what waits is counted anew
    }
    void have_one() {
        next();
        if (!accept()) std::abort();
    }
    void have_a_lease() {
        have_one();
        if (!take()) std::abort();
    }
    [[nodiscard]] bool is_mine(const wh::entry& found) const {
        return found.body == message_.get().body() && is_listed_as_mine(found);
    }
    // Lists have no bodies.
    [[nodiscard]] bool is_listed_as_mine(const wh::entry& found) const {
        return found.message_id == message_.id() && found.provider == from_.as.provider &&
               found.endpoint == from_.as.endpoint && found.event_type == from_.event_type &&
               found.partition == from_.partition &&
               found.body_size == message_.get().body().size() && found.proof == message_.proof() &&
               !found.possible_replay;
    }
    // Claims the one entry that there is, if need be when its lease is over.
    bool take(std::uint32_t attempts = 1) {
        if (facts_.may_be_done()) now_ += 3 * lease_length;
        auto claimed = store_.claim(request(now_));
        if (!claimed || !*claimed || !is_mine(**claimed) || (*claimed)->attempts > attempts) {
            return false;
        }
        mine_ = {(*claimed)->number, (*claimed)->fence};
        return given_.add(mine_.number, mine_.fence);
    }
    bool take_again() { return take(2); }
    bool nothing_waits() {
        const auto claimed = store_.claim(request(now_ + 3 * lease_length));
        return claimed && !*claimed;
    }
    wh::result<bool> settle(const wh::ending& how = is_done) {
        return store_.settle(mine_, how, now_);
    }
    bool is_finished() { return settle().value() && nothing_waits(); }
    bool is(wh::entry_state state) {
        const auto found = store_.find(mine_.number);
        return found && *found && (*found)->state == state;
    }
    outcome noted(const wh::result<bool>& made) {
        done_ = made && *made;
        return of(made);
    }

    void try_accept() {
        auto each = facts_.path_with_openssl(
            "accept",
            [this] {
                const auto accepted = accept();
                done_ = accepted && *accepted == wh::acceptance::stored;
                return accepted ? outcome{done_} : of(accepted);
            },
            [this] { next(); },
            // What was accepted is there; and whatever became of it, a retry is accepted.
            [this] { return (done_ || accept()) && take() && is_finished(); });
        each.reasons.merge(std::set<int>(internal));
        try_all(each);
        each.name = facts_.name + ": accept what is there";
        each.run = [this] {
            const auto accepted = accept();
            return accepted ? outcome{*accepted == wh::acceptance::duplicate} : of(accepted);
        };
        each.before = [this] {
            have_one();
            now_ += 10'000;
        };
        each.is_sound = [this] { return take() && is_finished(); };
        try_all(each);
    }

    void try_claim() {
        try_all(facts_.path_of(
            "claim",
            [this] {
                done_ = false;
                const auto claimed = store_.claim(request(now_));
                if (!claimed) return of(claimed);
                done_ = *claimed && is_mine(**claimed);
                if (done_) mine_ = {(*claimed)->number, (*claimed)->fence};
                return outcome{done_};
            },
            [this] { have_one(); },
            [this] {
                const bool taken = done_ ? given_.add(mine_.number, mine_.fence)
                                         : take(facts_.may_be_done() ? 2 : 1);
                return taken && is_finished();
            }));
    }

    void try_renew() {
        try_all(facts_.path_of(
            "renew", [this] { return noted(store_.renew(mine_, now_, 2 * lease_length)); },
            [this] { have_a_lease(); },
            [this] {
                const auto found = store_.find(mine_.number);
                if (!found || !*found) return false;
                if (done_ && (*found)->lease_until != now_ + 2 * lease_length) return false;
                return is_finished();
            }));
    }

    void try_endings() {
        try_all(facts_.path_of(
            "settle", [this] { return noted(settle()); }, [this] { have_a_lease(); },
            [this] {
                const auto again = settle();
                return again && !(done_ && *again) && is(wh::entry_state::done) && nothing_waits();
            }));
        const auto postpone = [this] {
            return settle({.state = wh::entry_state::ready, .ready_at = now_, .error = "later"});
        };
        try_all(facts_.path_of(
            "settle, to be tried again", [=, this] { return noted(postpone()); },
            [this] { have_a_lease(); },
            [=, this] { return (done_ || postpone()) && take_again() && is_finished(); }));
        const auto redrive = [this] { return store_.redrive(mine_.number, now_); };
        try_all(facts_.path_of(
            "redrive", [=, this] { return noted(redrive()); },
            [this] {
                have_a_lease();
                if (!settle({.state = wh::entry_state::dead}).value()) std::abort();
            },
            [=, this] { return (done_ || redrive()) && take() && is_finished(); }));
    }

    void try_transactions() {
        effects<Store> written(store_);
        const auto attempt = [&, this]() -> wh::result<bool> {
            auto opened = store_.begin();
            if (!opened) return wh::unexpected(opened.error());
            const auto wrote = written.write(*opened, message_.id());
            if (!wrote) return wh::unexpected(wrote.error());
            return store_.settle(*opened, mine_, is_done, now_);
        };
        try_all(facts_.path_of(
            "settle, with what a handler wrote", [&, this] { return noted(attempt()); },
            [this] { have_a_lease(); },
            [&, this] {
                const bool finished = is(wh::entry_state::done);
                if (done_ && !finished) return false;
                if (!written.is(message_.id(), finished ? 1 : 0)) return false;
                if (!finished) {
                    // In a partition too, nobody else has it but at most who did not get it.
                    if (facts_.may_be_done() && !take_again()) return false;
                    if (!attempt().value() || !written.is(message_.id(), 1)) return false;
                }
                return nothing_waits();
            }));
        auto each = facts_.path_of(
            "what a handler wrote is rolled back",
            [&, this] {
                auto opened = store_.begin();
                return opened ? of(written.write(*opened, message_.id())) : of(opened);
            },
            [this] { have_a_lease(); },
            [&, this] { return written.is(message_.id(), 0) && is_finished(); });
        each.may_overcome = true;  // what cannot be undone by a word is undone by hanging up
        try_all(each);
    }

    void try_reading() {
        const auto look = [this](const char* name, auto ask) {
            try_all(facts_.path_of(
                name, ask, [this] { have_one(); }, [this] { return take() && is_finished(); }));
        };
        look("stats", [this] {
            const auto counted = store_.stats();
            return counted ? outcome{counted->ready == 1 && counted->leased == 0} : of(counted);
        });
        look("backlog", [this] {
            const auto counted = store_.backlog();
            return counted ? outcome{counted->entries == 1} : of(counted);
        });
        look("list", [this] {
            const auto listed = store_.list({.state = wh::entry_state::ready});
            return listed ? outcome{listed->size() == 1 && is_listed_as_mine(listed->front())}
                          : of(listed);
        });
        try_all(facts_.path_of(
            "find",
            [this] {
                const auto found = store_.find(mine_.number);
                return found ? outcome{*found && is_mine(**found)} : of(found);
            },
            [this] { have_a_lease(); }, [this] { return is_finished(); }));
    }

    void try_purge() {
        const auto purge = [this] {
            const std::int64_t later = now_ + 30 * day;
            return store_.purge({.now = later, .bodies_before = later});
        };
        while (purge().value() > 0) {
        }
        try_all(facts_.path_of(
            "purge",
            [=] {
                const auto touched = purge();
                return touched ? outcome{*touched > 0} : of(touched);
            },
            [this] {
                have_a_lease();
                if (!settle().value()) std::abort();
            },
            [=, this] {
                const auto left = purge();
                const auto found = store_.find(mine_.number);
                return left && found && !*found;
            }));
    }

    store_facts facts_;
    Store store_;
    std::int64_t now_ = start;
    wh::inbox<Store, set_clock> inbox_;
    wh::arrival from_;
    numbered_message message_;
    wh::lease mine_;
    bool done_ = false;
    given_fences given_;
};

}  // namespace fault_injection

#endif
