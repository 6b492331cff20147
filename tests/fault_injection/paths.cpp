// SPDX-License-Identifier: MIT
// Lets each call of OpenSSL's and each allocation fail in turn, on each path from keys to inboxes.
// Whatever fails, nothing forged is accepted, what is accepted is genuine, the answer is an error
// and no crash, OpenSSL's error queue is left as it was, and what was used can be used again.
// Only set-up may throw std::bad_alloc.
//
// paths [STEP [PART]]: where a path allocates hundreds of times, which is where OpenSSL decodes
// keys, every STEP-th allocation fails, and with 1 each. PART is one of those at the end.

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
#include <webhookpp/bearer.hpp>
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
#include "guard_paths.hpp"
#include "inbox_paths.hpp"
#include "path.hpp"
#include "receiver_paths.hpp"
#include "store_facts.hpp"

namespace wh = webhookpp;
using namespace fault_injection;

namespace {

constexpr const char* endpoint = "https://hooks.example.com/in?shop=7";
using any_verifier = wh::any_verifier<wh::testing::fixed_clock>;

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
        try_all({.name = name + ": a key is read to sign with",
                 .run =
                     [&] {
                         return of(keys.sign.read_as(scheme->key, wh::secret_length::usual,
                                                     wh::key_use::sign));
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

// The token is not checked, but taken out of the delivery as it is.
void try_bearer() {
    const golden::header_list headers = {{"Host", "a"}, {"Authorization", "Bearer a-token"}};
    const golden::header_list other = {{"Authorization", "Basic a-token"}};
    const auto take = [](const golden::header_list& from) {
        const auto token = wh::bearer_token_of({from, std::string_view("body")});
        return token ? outcome{*token == "a-token"} : of(token);
    };
    try_all({.name = "a bearer token is taken out",
             .run = [&] { return take(headers); },
             .may_throw = true,
             .reasons = internal});
    try_all({.name = "what is no bearer token is not taken out",
             .run = [&] { return take(other); },
             .may_throw = true,
             .reasons = internal});
}

template <class Store, class... More>
void try_store(const store_facts& facts, Store store, const More&... partition) {
    guard_paths(facts, store).try_each();
    inbox_paths(facts, store, partition...).try_each();
}

void try_memory() {
    store_facts facts{.name = "memory"};
    try_store(facts, wh::stores::memory());
    try_inbox_receiver(facts, wh::stores::memory());
    try_guarded_receiver(facts, wh::stores::memory());
    try_worker(facts, wh::stores::memory());
    facts.name = "memory, in a partition";
    try_store(facts, wh::stores::memory(), "p");
}

void try_sqlite() {
    const wh::stores::sqlite_options options{.durability = wh::stores::sqlite_durability::process};
    store_facts facts{
        .name = "SQLite",
        .kinds = usual_kinds,
        // These do their work whatever they say, or are not needed for it.
        .overcomes = {"sqlite3_reset", "sqlite3_clear_bindings", "sqlite3_busy_timeout",
                      "sqlite3_extended_result_codes", "sqlite3_file_control"}};
    for (const kind each :
         {kind::store_call, kind::store_memory, kind::store_busy, kind::store_answer}) {
        facts.kinds.push_back(each);
    }
    const scratch_file files[6];
    const auto store = [&](int number) {
        return wh::stores::sqlite(files[number].path(), options);
    };
    try_store(facts, store(0));
    try_inbox_receiver(facts, store(1));
    try_guarded_receiver(facts, store(2));
    try_worker(facts, store(3));
    const std::string there = files[4].path();
    auto each = facts.path_of(
        "open", [&] { return of(wh::stores::sqlite::try_open(there, options)); }, {}, {});
    // Its journal is set up again and again while others are in the way.
    each.may_overcome = true;
    try_all(each);
    std::optional<scratch_file> fresh;
    std::string path;
    each.name = "SQLite: create";
    each.run = [&] { return of(wh::stores::sqlite::try_open(path, options)); };
    each.before = [&] {
        fresh.emplace();
        path = fresh->path();
    };
    each.is_sound = [&] {
        auto opened = wh::stores::sqlite::try_open(path, options);
        return opened && opened->stats().has_value();
    };
    try_all(each);
    facts.name = "SQLite, in a partition";
    try_store(facts, store(5), "p");
}

struct part {
    std::string_view name;
    void (*run)();
};

constexpr part parts[] = {
    {"scratch", try_scratch},
    {"set-up", try_set_up},
    {"verification", try_verification},
    {"parsing",
     [] {
         try_parsing<wh::json::nlohmann_engine>("nlohmann");
         try_parsing<wh::json::simdjson_engine>("simdjson");
     }},
    {"receivers",
     [] {
         try_receivers<wh::json::nlohmann_engine>("nlohmann");
         try_receivers<wh::json::simdjson_engine>("simdjson");
     }},
    {"bearer", try_bearer},
    {"memory", try_memory},
    {"sqlite", try_sqlite},
};

}  // namespace

int main(int argc, char** argv) try {
    if (argc > 1) step = std::max(1L, std::atol(argv[1]));
    const std::string_view chosen = argc > 2 ? argv[2] : "";
    if (!count_allocations() || !count_sqlite_allocations()) {
        std::puts("not ok - allocations cannot be counted");
        return 1;
    }
    int run = 0;
    for (const part& each : parts) {
        if (!chosen.empty() && each.name != chosen) continue;
        each.run();
        ++run;
    }
    if (run == 0) {
        std::puts("not ok - there is no such part");
        return 1;
    }
    return concluded();
} catch (const std::exception& thrown) {
    std::printf("not ok - %s was thrown at set-up\n", thrown.what());
    return 1;
}
