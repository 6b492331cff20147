// SPDX-License-Identifier: MIT
// What is done with a store, as a guard and as an inbox, while its calls fail one after the other.
// What it says that it did is done, and once; no fence is given twice; and when it has failed, the
// same works afterwards, at the latest when leases are over.
#ifndef WEBHOOKPP_TESTS_FAULT_INJECTION_STORE_PATHS_HPP
#define WEBHOOKPP_TESTS_FAULT_INJECTION_STORE_PATHS_HPP

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/inbox.hpp>
#include <webhookpp/inbox_receiver.hpp>
#include <webhookpp/json/simdjson.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/receiver.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/worker.hpp>

#include "../golden.hpp"
#include "../sample_bodies.hpp"
#include "path.hpp"

namespace fault_injection {

namespace wh = webhookpp;

/// What is particular to a store.
struct store_facts {
    std::string name;
    std::vector<kind> kinds = usual_kinds;
    std::set<std::string_view> overcomes = {};  // it can do without these functions
    bool is_server = false;                     // it may have done what nobody got the answer to
    std::function<void()> after = {};           // waits until the server has nothing more to do
    std::set<int> reasons = {static_cast<int>(wh::errc::store_unavailable)};

    [[nodiscard]] path path_of(const std::string& what, std::function<outcome()> run,
                               std::function<void()> before, std::function<bool()> is_sound) const {
        return {.name = name + ": " + what,
                .run = std::move(run),
                .reasons = reasons,
                .before = std::move(before),
                .is_sound = std::move(is_sound),
                .kinds = kinds,
                .overcomes = overcomes,
                .after = after};
    }

    /// Whether what failed may be done all the same.
    [[nodiscard]] bool may_be_done() const {
        return present >= kind::store_call || (is_server && present == kind::allocation);
    }
};

/// A clock that shows what a test says.
struct set_clock {
    const std::int64_t* at;

    [[nodiscard]] std::int64_t now() const noexcept { return *at / 1000; }
    [[nodiscard]] std::int64_t milliseconds() const noexcept { return *at; }
};

inline constexpr std::int64_t start = 1'700'000'000'000;
inline constexpr std::int64_t lease_length = 60'000;
inline constexpr std::int64_t day = 86'400'000;

/// A fresh id for each message, in memory of its own.
class numbered_message {
public:
    explicit numbered_message(bool id_is_signed) : id_is_signed_(id_is_signed) {}

    /// The next one. Without `body` it is one that no other has, and no event.
    void next(std::string_view body = {}) {
        std::snprintf(id_.data(), id_.size(), "msg_%08d", ++number_);
        if (body.empty()) {
            body_.assign(id_.data()).append(100, 'b');
        } else {
            body_ = body;
        }
        message_.emplace(wh::detail::message_factory::make(
            wh::body_view(body_),
            {.id = id_.data(), .body_is_signed = true, .id_is_signed = id_is_signed_}));
    }
    [[nodiscard]] const wh::verified_message& get() const { return *message_; }
    [[nodiscard]] std::string_view id() const { return id_.data(); }

private:
    bool id_is_signed_;
    int number_ = 0;
    std::array<char, 16> id_ = {};
    std::string body_;
    std::optional<wh::verified_message> message_;
};

/// The fences that were given out.
class given_fences {
public:
    /// False if it was given out before, for the same thing.
    bool add(std::int64_t thing, std::int64_t fence) { return all_.emplace(thing, fence).second; }

private:
    std::set<std::pair<std::int64_t, std::int64_t>> all_;
};

/// A table of the handler's own, where the store has transactions that can write.
template <class Store>
class effects {
public:
    static constexpr bool are_kept =
        requires(typename Store::transaction & of, const std::string& text) {
        of.execute(text);
    };

    explicit effects(Store store) : store_(std::move(store)) {
        if constexpr (are_kept) {
            store_.execute("CREATE TABLE IF NOT EXISTS effects (id TEXT, seen INTEGER DEFAULT 0)")
                .value();
            store_.execute("DELETE FROM effects").value();
        }
    }

    wh::result<void> write(typename Store::transaction& to, std::string_view id) const {
        if constexpr (are_kept) {
            const auto written = to.execute(insertion_, {id});
            if (!written) return wh::unexpected(written.error());
        }
        return {};
    }
    /// How often it was written for `id`.
    [[nodiscard]] std::size_t count(std::string_view id) {
        if constexpr (are_kept) {
            return store_.execute("UPDATE effects SET seen = seen + 1 WHERE id = $1", {id}).value();
        }
        return 0;
    }
    [[nodiscard]] bool is(std::string_view id, std::size_t wanted) {
        return !are_kept || count(id) == wanted;
    }

private:
    Store store_;
    const std::string insertion_ = "INSERT INTO effects (id) VALUES ($1)";
};

/// The operations of a `replay_store`.
template <class Store>
class guard_paths {
public:
    guard_paths(store_facts facts, Store store)
        : facts_(std::move(facts)), store_(std::move(store)) {}

    void try_each() {
        try_reserve("reserve", [this] { next(); });
        try_reserve("reserve what was reserved", [this] {
            have_one();
            now_ += 2 * lease_length;
        });
        try_all(facts_.path_of(
            "commit", [this] { return noted(store_.commit(key(), fence_, now_, now_ + day)); },
            [this] { have_one(); },
            [this] {
                if (!done_ && !store_.commit(key(), fence_, now_, now_ + day)) return false;
                const auto again = store_.reserve(key(), now_ + 3 * lease_length, lease_length);
                return again && again->which == wh::reservation::state::duplicate;
            }));
        try_all(facts_.path_of(
            "release", [this] { return noted(store_.release(key(), fence_)); },
            [this] { have_one(); },
            [this] { return (done_ || store_.release(key(), fence_)) && is_free(); }));
        try_all(facts_.path_of(
            "extend",
            [this] { return noted(store_.extend(key(), fence_, now_, 2 * lease_length)); },
            [this] { have_one(); },
            [this] {
                if (done_) {
                    now_ += lease_length + lease_length / 2;
                    const auto other = store_.reserve(key(), now_, lease_length);
                    if (!other || other->which != wh::reservation::state::in_progress) return false;
                }
                return store_.commit(key(), fence_, now_, now_ + day).value();
            }));
        try_all(facts_.path_of(
            "forget", [this] { return of(store_.forget(now_ + 2 * lease_length, 1000)); },
            [this] { have_one(); },
            [this] {
                now_ += 2 * lease_length;
                return store_.forget(now_, 1000).has_value() && is_free();
            }));
    }

private:
    void try_reserve(const std::string& name, std::function<void()> before) {
        try_all(facts_.path_of(
            name,
            [this] {
                fence_ = 0;
                const auto made = store_.reserve(key(), now_, lease_length);
                if (!made) return of(made);
                fence_ = made->fence;
                return outcome{made->which == wh::reservation::state::fresh};
            },
            std::move(before),
            [this] {
                if (fence_ == 0) {
                    if (facts_.may_be_done()) now_ += 2 * lease_length;
                    return is_free();
                }
                const auto other = store_.reserve(key(), now_, lease_length);
                return other && other->which == wh::reservation::state::in_progress &&
                       given_.add(number_, fence_) &&
                       store_.commit(key(), fence_, now_, now_ + day).value();
            }));
    }

    [[nodiscard]] const wh::message_key& key() const { return *key_; }

    void next() {
        key_ = wh::message_key::of_id("p", facts_.name, std::to_string(++number_)).value();
    }
    void have_one() {
        next();
        fence_ = store_.reserve(key(), now_, lease_length).value().fence;
        if (!given_.add(number_, fence_)) std::abort();
    }
    // Whether the key can be reserved, under another fence than before.
    bool is_free() {
        const auto made = store_.reserve(key(), now_, lease_length);
        return made && made->which == wh::reservation::state::fresh &&
               given_.add(number_, made->fence);
    }
    outcome noted(const wh::result<bool>& made) {
        done_ = made && *made;
        return of(made);
    }

    store_facts facts_;
    Store store_;
    std::int64_t now_ = start;
    std::int64_t number_ = 0;
    std::optional<wh::message_key> key_;
    std::int64_t fence_ = 0;
    bool done_ = false;
    given_fences given_;
};

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
        return found.message_id == message_.id() && found.body == message_.get().body();
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
        auto each = facts_.path_of(
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
            return listed
                       ? outcome{listed->size() == 1 && listed->front().message_id == message_.id()}
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

using simdjson_parser = wh::parser<wh::seatsio::catalog, wh::json::simdjson_engine>;

/// A worker handles an entry: in the end it is done, once as far as the handler writes with it.
template <class Store>
void try_worker(const store_facts& facts, Store store) {
    std::int64_t now = start;
    const wh::inbox<Store, set_clock> inbox(store, {}, set_clock{&now});
    effects<Store> written(store);
    numbered_message message(true);
    const std::string body = seatsio_body();
    int handled = 0;
    bool done = false;
    wh::worker worker(inbox, {.log = [&](const wh::attempt_outcome& ended) {
                          done = ended.state == wh::entry_state::done && !ended.lost;
                      }});
    worker.handle("default", simdjson_parser(),
                  wh::handlers{[&](const wh::seatsio::chart_published&, wh::work<Store>& of) {
                      ++handled;
                      written.write(of.transaction(), of.entry().message_id).value();
                  }});
    auto each = facts.path_of(
        "a worker handles an entry",
        [&] {
            done = false;
            const auto had_one = worker.run_one();
            return had_one ? outcome{*had_one && done} : of(had_one);
        },
        [&] {
            message.next(body);
            handled = 0;
            now += 10'000;
            if (!inbox.accept(message.get(),
                              {.as = {.provider = "seatsio", .endpoint = "default"}})) {
                std::abort();
            }
        },
        [&] {
            const bool at_once = done;
            for (int attempts = 0;; ++attempts) {
                now += day;  // leases and delays are over
                const auto had_one = worker.run_one();
                if (!had_one || attempts > 3) return false;
                if (!*had_one) break;
                if (at_once) return false;
            }
            const auto left = store.stats();
            return left && left->backlog.entries == 0 && left->dead == 0 && handled > 0 &&
                   (!at_once || handled == 1) && written.is(message.id(), 1);
        });
    each.reasons.merge(std::set<int>{0, static_cast<int>(wh::errc::internal_error)});
    try_all(each);
}

/// A delivery that is genuine, and one that is not.
struct deliveries {
    wh::key key = wh::key::from_text(golden::secret);
    wh::testing::signed_delivery genuine =
        wh::testing::sign_delivery(wh::seatsio::scheme, key, seatsio_body(), golden::now);
    wh::testing::signed_delivery forged = genuine;

    deliveries() { forged.body.insert(forged.body.size() - 1, " "); }
};

/// A receiver with a guard: no message is handled twice within its lease.
template <class Store>
void try_guarded_receiver(const store_facts& facts, Store store) {
    std::int64_t now = start;
    const deliveries sent;
    int handled = 0;
    const wh::receiver receiver{
        golden::verifier(sent.key, {}, {golden::now}), simdjson_parser(),
        wh::replay_guard(store, wh::seatsio::scheme, {}, set_clock{&now}),
        wh::handlers{[&](const wh::seatsio::chart_published&) { ++handled; }}};
    const auto receive = [&](const wh::testing::signed_delivery& each) {
        return of(receiver.receive(each.view()));
    };
    auto each = facts.path_of(
        "guarded receiver: genuine",
        [&] {
            const outcome found = receive(sent.genuine);
            return outcome{found.done && handled == 1, found.why};
        },
        [&] {
            now += 400 * day;  // it is forgotten
            handled = 0;
        },
        [&] {
            if (handled > 1) return false;
            if (handled == 1) {
                static_cast<void>(receive(sent.genuine));
                if (handled != 1) return false;
            }
            // Where that could not be remembered, it is handled again when its lease is over.
            if (handled == 1 || facts.may_be_done()) now += 2 * lease_length;
            return receive(sent.genuine).done && handled >= 1;
        });
    each.reasons = unavailable;
    each.may_overcome = true;  // what is handled is accepted, whether or not that is remembered
    try_all(each);
    each.name = facts.name + ": guarded receiver: forged";
    each.run = [&] { return receive(sent.forged); };
    each.is_sound = [&] { return handled == 0; };
    try_all(each);
}

/// A receiver with an inbox.
template <class Store>
void try_inbox_receiver(const store_facts& facts, Store store) {
    const deliveries sent;
    const wh::inbox<Store> inbox(store);
    const wh::inbox_receiver<golden::verifier, simdjson_parser, wh::inbox<Store>> receiver(
        golden::verifier(sent.key, {}, {golden::now}), simdjson_parser(), inbox,
        {.endpoint = "default"});
    const auto entries = [&store] { return store.stats().value().ready; };
    auto each = facts.path_of(
        "inbox receiver: forged", [&] { return of(receiver.receive(sent.forged.view())); }, {},
        [&] { return entries() == 0; });
    each.reasons = unavailable;
    try_all(each);
    each.name = facts.name + ": inbox receiver: genuine";
    each.run = [&] { return of(receiver.receive(sent.genuine.view())); };
    each.is_sound = [&] {
        return receiver.receive(sent.genuine.view()).status == 200 && entries() == 1;
    };
    try_all(each);
}

}  // namespace fault_injection

#endif
