// SPDX-License-Identifier: MIT
// Lets each call of OpenSSL's and each allocation fail in turn, on each path from keys to inboxes.
// Whatever fails, nothing forged is accepted, what is accepted is genuine, the answer is an error
// and no crash, OpenSSL's error queue is left as it was, and what was used can be used again.
// Only set-up may throw std::bad_alloc.
//
// paths [STEP]: where a path allocates hundreds of times, which is where OpenSSL decodes keys,
// every STEP-th allocation fails, and with 1 each.

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/inbox.hpp>
#include <webhookpp/inbox_receiver.hpp>
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/json/simdjson.hpp>
#include <webhookpp/providers/eventsair.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>
#include <webhookpp/receiver.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/stores/memory.hpp>
#include <webhookpp/stores/sqlite.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>

#include "../for_each_scheme.hpp"
#include "../golden.hpp"
#include "../sample_bodies.hpp"
#include "../scheme_keys.hpp"
#include "failing_calls.hpp"

namespace wh = webhookpp;
using fault_injection::failing_call;
using fault_injection::kind;
using wh::errc;

namespace {

constexpr const char* endpoint = "https://hooks.example.com/in?shop=7";
using any_verifier = wh::any_verifier<wh::testing::fixed_clock>;

/// What a path comes to: it was done, or an error or a status says why not.
struct outcome {
    bool done = false;
    int why = 0;

    friend bool operator==(const outcome&, const outcome&) = default;
};

template <class T>
outcome of(const wh::result<T>& made) {
    return made ? outcome{true} : outcome{false, static_cast<int>(made.error().code)};
}
outcome of(const wh::reply& answered) {
    return {answered.status == 200, answered.status};
}

/// Something that the library does. `run` allocates nothing of its own, unless it may throw.
struct path {
    std::string name;
    std::function<outcome()> run;
    bool may_throw = false;               // it sets up
    bool may_overcome = false;            // it makes contexts that it may not need
    std::set<int> reasons = {};           // of failures; empty where there may be any
    std::function<void()> before = {};    // makes ready what `run` uses up
    std::function<bool()> is_sound = {};  // looks at what was used, whatever has failed
};

int failures = 0;
long step = 40;
long tried = 0;
long overcome = 0;

void report(const path& of, const std::string& what) {
    ++failures;
    std::printf("not ok - %s: %s\n", of.name.c_str(), what.c_str());
}

// Runs the path with the call at `place` failing. Returns whether there was one.
bool try_one(const path& each, kind what, long place, const outcome& expected) {
    if (each.before) each.before();
    ERR_clear_error();
    ERR_raise(ERR_LIB_USER, 7);
    const auto left_by_host = ERR_peek_last_error();
    outcome found;
    bool thrown = false;
    bool failed = false;
    const char* name = "";
    {
        const failing_call call(what, place);
        try {
            found = each.run();
        } catch (const std::bad_alloc&) {
            thrown = true;
        }
        failed = call.has_failed();
        name = call.name();
    }
    const std::string where = std::string(" when ") + (failed ? name : "nothing") + " fails (" +
                              std::to_string(place) + ")";
    if (ERR_get_error() != left_by_host || ERR_peek_error() != 0) {
        report(each, "another error queue" + where);
    }
    if (thrown && (!each.may_throw || what != kind::allocation)) {
        report(each, "an exception" + where);
    }
    if (!failed && found != expected) report(each, "another outcome" + where);
    if (failed) {
        ++tried;
        // OpenSSL can do without some memory; without a call of ours nothing is done.
        if (found.done && what != kind::allocation && !each.may_overcome)
            report(each, "it was done" + where);
        if (found.done && !expected.done) report(each, "a forgery was accepted" + where);
        if (found.done) ++overcome;
        if (!thrown && !found.done && found != expected && !each.reasons.empty() &&
            !each.reasons.contains(found.why)) {
            report(each, "the reason " + std::to_string(found.why) + where);
        }
    }
    if (each.is_sound && !each.is_sound()) report(each, "it is not sound" + where);
    return failed;
}

void try_all(const path& each) {
    const int before = failures;
    std::string counts;
    if (each.before) each.before();
    outcome expected = each.run();  // what is made once is made
    if (each.is_sound) static_cast<void>(each.is_sound());
    for (const kind what : {kind::openssl_call, kind::openssl_error, kind::allocation}) {
        long place = 1;
        while (try_one(each, what, place, expected) && failures < before + 5) {
            place += what == kind::allocation && place > 100 ? step : 1;
            if (each.before) each.before();
            if (each.run() != expected) report(each, "it cannot be used afterwards");
            if (each.is_sound && !each.is_sound()) report(each, "it is not sound afterwards");
        }
        counts += " " + std::to_string(place - 1);
        if (failures == before && place > 100) counts += " at most";
    }
    if (failures == before) std::printf("ok - %s:%s\n", each.name.c_str(), counts.c_str());
    std::fflush(stdout);
}

/// A scheme, keys for it, and a delivery that was made with them.
struct sample {
    const wh::scheme& scheme;
    golden::key_pair keys;
    std::string body;
    wh::signed_request sent;
    std::string target;

    explicit sample(const wh::scheme& with)
        : scheme(with), keys(golden::keys_for(with.key)), body(body_for(with)) {
        sent = wh::sign(scheme, keys.sign, message()).value();
        target = wh::target_of(sent.url);
    }
    [[nodiscard]] wh::unsigned_message message() const {
        return {.id = "msg_1",
                .timestamp = golden::now,
                .body = body,
                .url = endpoint,
                .event_type = "test"};
    }
    [[nodiscard]] any_verifier verifier() const {
        return {scheme, keys.verify, wh::verifier_options{.url = endpoint}, {golden::now}};
    }
    static std::string body_for(const wh::scheme& scheme) {
        const bool form = scheme.signs(wh::content_part::kind::form);
        return (form ? "a=" : "") + std::string(3000, '1');
    }
};

const std::set<int> internal = {static_cast<int>(errc::internal_error)};

void try_set_up() {
    std::set<std::pair<wh::key_form, int>> seen;
    for (const wh::scheme* scheme : wh::schemes::all()) {
        const int made_by = scheme->algorithm ? static_cast<int>(*scheme->algorithm) : -1;
        if (!seen.emplace(scheme->key, made_by).second) continue;
        const auto keys = golden::keys_for(scheme->key);
        const std::string name(scheme->name);
        const wh::verifier_options options{.url = endpoint};
        try_all({.name = name + ": a verifier is made",
                 .run =
                     [&] {
                         return of(any_verifier::try_create(*scheme, std::span(&keys.verify, 1),
                                                            options, {golden::now}));
                     },
                 .may_throw = true});
        const sample delivery(*scheme);
        const any_verifier verifier = delivery.verifier();
        const std::array exchanged = {keys.verify, keys.verify};
        try_all({.name = name + ": keys are exchanged",
                 .run = [&] { return of(verifier.replace(exchanged)); },
                 .may_throw = true,
                 .is_sound =
                     [&] {
                         return verifier
                             .verify(
                                 {delivery.sent.headers, delivery.body, "POST", delivery.target})
                             .has_value();
                     }});
    }
    // Longer than a block, so that it is hashed.
    const std::string long_key(200, 'k');
    try_all({.name = "a long key is read",
             .run =
                 [&] {
                     const auto key = wh::key::try_from_text(long_key);
                     return of(
                         any_verifier::try_create(wh::schemes::github, std::span(&key.value(), 1)));
                 },
             .may_throw = true});
}

void try_verification() {
    for (const wh::scheme* scheme : wh::schemes::all()) {
        const sample genuine(*scheme);
        sample forged(*scheme);
        if (scheme->algorithm == wh::algorithm::token) {
            for (auto& [name, value] : forged.sent.headers) value[value.size() / 2] ^= 1;
            forged.target[forged.target.find("a-token") + 1] = '.';
        } else {
            forged.body.back() = '2';
        }
        const any_verifier verifier = genuine.verifier();
        const std::string name(scheme->name);
        // A failure of OpenSSL with a public key cannot be told from a wrong signature.
        const auto reasons = scheme->uses_key_pairs() ? std::set<int>() : internal;
        const auto verify = [&](const sample& each) {
            return of(verifier.verify({each.sent.headers, each.body, "POST", each.target}));
        };
        try_all({.name = name + ": genuine",
                 .run = [&] { return verify(genuine); },
                 .reasons = reasons});
        try_all(
            {.name = name + ": forged", .run = [&] { return verify(forged); }, .reasons = reasons});
        std::optional<wh::signed_request> made;
        const auto is_accepted = [&] {
            const auto target = wh::target_of(made->url);
            return verifier.verify({made->headers, genuine.body, "POST", target}).has_value();
        };
        try_all({.name = name + ": signing",
                 .run =
                     [&] {
                         made.reset();
                         auto signed_now = wh::sign(*scheme, genuine.keys.sign, genuine.message());
                         if (!signed_now) return of(signed_now);
                         made = *std::move(signed_now);
                         return outcome{true};
                     },
                 .may_throw = true,
                 .may_overcome = true,
                 .is_sound = [&] { return !made || is_accepted(); }});
    }
    golden::for_each_incremental_scheme([]<const wh::scheme & Scheme>() {
        const sample genuine(Scheme);
        const std::string other(genuine.body.size(), '2');
        const wh::incremental_verifier<Scheme, wh::testing::fixed_clock> verifier(
            genuine.keys.verify, {.url = endpoint}, {golden::now});
        const auto verify = [&](const std::string& body, bool whole) {
            auto started = verifier.begin(genuine.sent.headers);
            if (!started) return of(started);
            for (std::size_t at = 0; at < body.size(); at += 1000) {
                const auto taken = started->update(std::string_view(body).substr(at, 1000));
                if (!taken) return of(taken);
            }
            return whole ? of(std::move(*started).finish(body)) : of(std::move(*started).finish());
        };
        const std::string name = std::string(Scheme.name) + ", in pieces: ";
        for (const bool whole : {false, true}) {
            try_all({.name = name + "genuine",
                     .run = [&] { return verify(genuine.body, whole); },
                     .reasons = internal});
            try_all({.name = name + "forged",
                     .run = [&] { return verify(other, whole); },
                     .reasons = internal});
        }
    });
    const sample zoom(wh::schemes::zoom);
    const any_verifier verifier = zoom.verifier();
    try_all({.name = "the answer to a challenge",
             .run =
                 [&] {
                     return of(verifier.answer_challenge({zoom.sent.headers, zoom.body}, "abc"));
                 },
             .reasons = internal});
}

// A thread whose work space could not be made can verify later.
void try_scratch() {
    const sample genuine(wh::schemes::github);
    const any_verifier verifier = genuine.verifier();
    std::optional<wh::scratch> work;
    try_all(
        {.name = "a work space is made",
         .run =
             [&] {
                 work.emplace();
                 return of(verifier.verify({genuine.sent.headers, genuine.body}, *work));
             },
         .may_overcome = true,  // the verification makes it
         .is_sound =
             [&] {
                 return verifier.verify({genuine.sent.headers, genuine.body}, *work).has_value();
             }});
}

template <class Catalog, class Engine>
void try_parser(const std::string& name, const std::string& body) {
    const wh::parser<Catalog, Engine> parser;
    const auto message = wh::assume_verified(body, "made by the test");
    try_all({.name = name, .run = [&] { return of(parser.parse(message)); }, .reasons = internal});
}

template <class Engine>
void try_parsing(const std::string& engine) {
    const std::string waitwhile = waitwhile_body(3);
    try_parser<wh::seatsio::catalog, Engine>(engine + ": an event", seatsio_body());
    try_parser<wh::seatsio::catalog, Engine>(engine + ": an unknown event", seatsio_body("other"));
    try_parser<wh::waitwhile::catalog, Engine>(engine + ": a large event", waitwhile);
    try_parser<wh::waitwhile::catalog, Engine>(
        engine + ": a large number",
        waitwhile.substr(0, waitwhile.size() - 1) + R"(,"n":123456789012345678901234567890})");
    try_parser<wh::waitwhile::catalog, Engine>(engine + ": a cut off event",
                                               waitwhile.substr(0, 900));
    try_parser<wh::eventsair::catalog, Engine>(engine + ": an event of an open list",
                                               R"({"type":"a.b","data":{"id":"1"}})");
}

const std::set<int> unavailable = {503};

template <class Engine>
void try_receivers(const std::string& engine) {
    const auto key = wh::key::from_text(golden::secret);
    const auto genuine =
        wh::testing::sign_delivery(wh::seatsio::scheme, key, seatsio_body(), golden::now);
    auto forged = genuine;
    forged.body.insert(forged.body.size() - 1, " ");
    auto undecodable =
        wh::testing::sign_delivery(wh::seatsio::scheme, key, R"({"type":7})", golden::now);
    int handled = 0;
    const auto handle = [&handled](const wh::seatsio::chart_published&) { ++handled; };
    const wh::receiver receiver{golden::verifier(key, {}, {golden::now}),
                                wh::parser<wh::seatsio::catalog, Engine>(), wh::handlers{handle}};
    const auto receive = [&](const wh::testing::signed_delivery& each) {
        handled = 0;
        const outcome found = of(receiver.receive(each.view()));
        return outcome{found.done && handled == 1, found.why};
    };
    try_all({.name = engine + ", receiver: genuine",
             .run = [&] { return receive(genuine); },
             .reasons = unavailable});
    try_all({.name = engine + ", receiver: forged",
             .run = [&] { return receive(forged); },
             .reasons = unavailable});
    try_all({.name = engine + ", receiver: undecodable",
             .run = [&] { return receive(undecodable); },
             .reasons = unavailable});
}

/// What the tests of inboxes and guards use: a fresh id for each message, in memory of its own.
class numbered_message {
public:
    explicit numbered_message(bool id_is_signed) : id_is_signed_(id_is_signed) {}

    void next() {
        std::snprintf(id_.data(), id_.size(), "msg_%08d", ++number_);
        body_.assign(id_.data()).append(100, 'b');
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

template <class Store>
void try_inbox(const std::string& name, Store store, std::string_view partition = {}) {
    const wh::inbox<Store> inbox(store);
    const std::int64_t now = inbox.clock().milliseconds();
    const wh::claim_request claim{.now = now + 60'000, .lease = 60'000, .owner = "test"};
    const wh::arrival from{.as = {.provider = "seatsio", .endpoint = "default"},
                           .event_type = "chart.published",
                           .partition = partition};
    // Without a partition its id is not signed, so that its body is remembered too.
    numbered_message message(!partition.empty());
    std::optional<wh::lease> mine;
    const auto accept = [&] { return inbox.accept(message.get(), from); };
    // Claims the one entry that there is; its number and fence are then in `mine`.
    const auto take = [&]() -> bool {
        auto claimed = store.claim(claim);
        if (!claimed || !*claimed || (*claimed)->message_id != message.id() ||
            (*claimed)->body != message.get().body() || (*claimed)->attempts != 1) {
            return false;
        }
        mine = {(*claimed)->number, (*claimed)->fence};
        return true;
    };
    const auto nothing_waits = [&] {
        const auto claimed = store.claim(claim);
        return claimed && !*claimed;
    };
    const auto settle = [&] { return store.settle(*mine, {}, now); };

    // Whatever became of the first call, a retry is accepted, and then there is one entry.
    try_all({.name = name + ": accept",
             .run = [&] { return of(accept()); },
             .before = [&] { message.next(); },
             .is_sound =
                 [&] {
                     return accept().has_value() && take() && settle().value() && nothing_waits();
                 }});
    const auto accepted = [&] {
        message.next();
        if (!accept()) std::abort();
    };
    bool taken = false;
    try_all({.name = name + ": claim",
             .run =
                 [&] {
                     taken = false;
                     auto claimed = store.claim(claim);
                     if (claimed && *claimed) {
                         taken = true;
                         mine = {(*claimed)->number, (*claimed)->fence};
                         return outcome{true};
                     }
                     return outcome{false, claimed ? 0 : static_cast<int>(claimed.error().code)};
                 },
             .reasons = {static_cast<int>(errc::store_unavailable)},
             .before = accepted,
             .is_sound = [&] { return (taken || take()) && settle().value() && nothing_waits(); }});
    try_all({.name = name + ": settle",
             .run =
                 [&] {
                     const auto settled = settle();
                     return settled ? outcome{*settled} : of(settled);
                 },
             .reasons = {static_cast<int>(errc::store_unavailable)},
             .before =
                 [&] {
                     accepted();
                     if (!take()) std::abort();
                 },
             .is_sound =
                 [&] {
                     // Where the commit itself failed, the lease is over.
                     if (!settle()) return false;
                     const auto found = store.find(mine->number);
                     return found && *found && (*found)->state == wh::entry_state::done &&
                            nothing_waits();
                 }});
    const wh::message_key key = wh::message_key::of_id("p", "e", name).value();
    std::int64_t at = now;
    std::optional<wh::reservation> reserved;
    try_all({.name = name + ": reserve",
             .run =
                 [&] {
                     reserved.reset();
                     const auto made = store.reserve(key, at, 1000);
                     if (made && made->which == wh::reservation::state::fresh) reserved = *made;
                     return made ? outcome{reserved.has_value(), 0} : of(made);
                 },
             .reasons = {static_cast<int>(errc::store_unavailable)},
             // The lease of the reservation before is over.
             .before = [&] { at += 2000; },
             .is_sound =
                 [&] {
                     if (!reserved) {
                         const auto made = store.reserve(key, at, 1000);
                         return made && made->which == wh::reservation::state::fresh;
                     }
                     return store.extend(key, reserved->fence, at, 1000).value();
                 }});
}

template <class Store>
void try_inbox_receiver(const std::string& name, Store store) {
    using parser = wh::parser<wh::seatsio::catalog, wh::json::simdjson_engine>;
    const auto key = wh::key::from_text(golden::secret);
    const wh::inbox<Store> inbox(store);
    const wh::inbox_receiver<golden::verifier, parser, wh::inbox<Store>> receiver(
        golden::verifier(key, {}, {golden::now}), parser(), inbox, {.endpoint = "default"});
    const auto genuine =
        wh::testing::sign_delivery(wh::seatsio::scheme, key, seatsio_body(), golden::now);
    auto forged = genuine;
    forged.body.insert(forged.body.size() - 1, " ");
    const auto entries = [&store] { return store.stats().value().ready; };
    try_all({.name = name + ", inbox receiver: forged",
             .run = [&] { return of(receiver.receive(forged.view())); },
             .reasons = unavailable,
             .is_sound = [&] { return entries() == 0; }});
    try_all({.name = name + ", inbox receiver: genuine",
             .run = [&] { return of(receiver.receive(genuine.view())); },
             .reasons = unavailable,
             .is_sound =
                 [&] { return receiver.receive(genuine.view()).status == 200 && entries() == 1; }});
}

/// A file in a directory that is removed with it.
class scratch_file {
public:
    scratch_file() {
        std::string name = (std::filesystem::temp_directory_path() / "webhookpp.XXXXXX").string();
        if (!::mkdtemp(name.data())) std::abort();
        directory_ = name;
    }
    scratch_file(const scratch_file&) = delete;
    scratch_file& operator=(const scratch_file&) = delete;
    ~scratch_file() {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
    [[nodiscard]] std::string path() const { return (directory_ / "inbox").string(); }

private:
    std::filesystem::path directory_;
};

void try_sqlite() {
    const wh::stores::sqlite_options options{.durability = wh::stores::sqlite_durability::process};
    const scratch_file inbox;
    const scratch_file partitioned;
    const scratch_file received;
    const scratch_file opened;
    const std::string path = opened.path();
    try_inbox("SQLite", wh::stores::sqlite(inbox.path(), options));
    try_inbox("SQLite, in a partition", wh::stores::sqlite(partitioned.path(), options), "p");
    try_inbox_receiver("SQLite", wh::stores::sqlite(received.path(), options));
    try_all({.name = "SQLite: open",
             .run = [&] { return of(wh::stores::sqlite::try_open(path, options)); }});
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc > 1) step = std::max(1L, std::atol(argv[1]));
    if (!fault_injection::count_allocations()) {
        std::puts("not ok - allocations cannot be counted");
        return 1;
    }
    try_scratch();
    try_set_up();
    try_verification();
    try_parsing<wh::json::nlohmann_engine>("nlohmann");
    try_parsing<wh::json::simdjson_engine>("simdjson");
    try_receivers<wh::json::nlohmann_engine>("nlohmann");
    try_receivers<wh::json::simdjson_engine>("simdjson");
    try_inbox("memory", wh::stores::memory());
    try_inbox("memory, in a partition", wh::stores::memory(), "p");
    try_inbox_receiver("memory", wh::stores::memory());
    try_sqlite();
    std::printf("%ld failures tried, of which %ld changed nothing; %d went wrong\n", tried,
                overcome, failures);
    return failures == 0 ? 0 : 1;
} catch (const std::exception& thrown) {
    std::printf("not ok - %s was thrown at set-up\n", thrown.what());
    return 1;
}
