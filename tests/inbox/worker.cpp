// SPDX-License-Identifier: MIT
#include <webhookpp/worker.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <webhookpp/inbox_receiver.hpp>

#include "deliveries.hpp"

using namespace inbox_tests;
using wh::disposition;
using wh::entry_state;
using wh::errc;

namespace {

using test_inbox = wh::inbox<spy_store, wh::testing::manual_clock>;
using work = wh::work<spy_store>;
using texts = std::vector<std::string>;

// What a log keeps of an attempt.
struct attempt {
    std::int64_t number = 0;
    std::uint32_t attempts = 0;
    entry_state state = entry_state::done;
    std::optional<errc> code = std::nullopt;
    std::string where = {};
    std::string exception_text = {};
    std::int64_t ready_at = 0;
    bool handled = false;
    bool lost = false;
};

// An inbox and workers of it, of which everything can be seen.
struct fixture {
    spy_store store;
    wh::testing::manual_clock clock;
    test_inbox box{store, {}, clock};
    std::vector<attempt> log;

    wh::worker_options logged(wh::worker_options options = {}) {
        options.log = [this](const wh::attempt_outcome& what) {
            log.push_back({what.entry.number, what.entry.attempts, what.state,
                           what.error ? std::optional(what.error->code) : std::nullopt,
                           what.error ? std::string(what.error->where) : std::string(),
                           std::string(what.exception_text), what.ready_at, what.handled,
                           what.lost});
        };
        return options;
    }

    template <class... Functions>
    wh::worker<test_inbox> worker(wh::worker_options options, Functions... functions) {
        wh::worker<test_inbox> made(box, logged(std::move(options)));
        made.handle("shop", wh::parser<things>(), wh::handlers{std::move(functions)...});
        return made;
    }
    template <class... Functions>
    wh::worker<test_inbox> worker(Functions... functions) {
        return worker(wh::worker_options{}, std::move(functions)...);
    }

    // Puts a message in, and returns the number of its entry.
    std::int64_t accept(std::string_view body, std::string_view id = "msg_1",
                        std::string_view partition = {}, std::string_view endpoint = "shop") {
        CHECK(box.accept(wh::assume_verified(body, "a test"),
                         {.as = {.provider = "test", .endpoint = endpoint, .id = id},
                          .partition = partition})
                  .value() == wh::acceptance::stored);
        return store.list({}).value().back().number;
    }
    std::int64_t accept_made() { return accept(body_of_made); }

    wh::entry entry(std::int64_t number) { return store.find(number).value().value(); }
    wh::entry only() { return entry(store.list({}).value().at(0).number); }

    const std::string body_of_made = made();
};

// The error that making a worker with these options throws.
std::optional<errc> refusal(const wh::worker_options& options) {
    const wh::inbox box{wh::stores::memory()};
    const auto tried = wh::worker<wh::inbox<wh::stores::memory>>::try_create(box, options);
    try {
        const wh::worker made(box, options);
        CHECK(tried);
        return std::nullopt;
    } catch (const wh::exception& thrown) {
        CHECK(tried.error() == thrown.error());
        return thrown.error().code;
    }
}

}  // namespace

TEST_CASE_METHOD(fixture, "a worker runs one attempt at a time, and says when there is none") {
    int handled = 0;
    const auto one = worker([&](const thing_made&) { ++handled; });
    CHECK_FALSE(one.run_one().value());
    const std::string bodies[] = {made(1), made(2)};
    accept(bodies[0], "msg_1");
    accept(bodies[1], "msg_2");
    CHECK(one.run_one().value());
    CHECK(handled == 1);
    CHECK(one.run_one().value());
    CHECK(handled == 2);
    CHECK_FALSE(one.run_one().value());
    CHECK(handled == 2);
    CHECK(one.running() == 0);
    CHECK(log.size() == 2);
}

TEST_CASE_METHOD(fixture, "each form of handler gets its events") {
    texts seen;
    const auto note = [&](std::string what) { seen.push_back(std::move(what)); };
    const auto run = [&](auto... functions) {
        const auto one = worker(std::move(functions)...);
        const std::string made_body = made(1);
        const std::string gone_body = gone(2);
        const std::string new_body = R"({"type":"thing.new"})";
        const std::string id = std::to_string(log.size());
        accept(made_body, "a" + id);
        accept(gone_body, "b" + id);
        accept(new_body, "c" + id);
        for (int i = 0; i < 3; ++i) CHECK(one.run_one().value());
        CHECK_FALSE(one.run_one().value());
        std::string handled;
        for (const attempt& each : log) handled += each.handled ? '1' : '0';
        return handled;
    };
    SECTION("of the event, of the event and the work, of the event and the message") {
        CHECK(run([&](const thing_made& e) { note("made " + std::to_string(e.number)); },
                  [&](const thing_gone& e, work& of) {
                      note("gone " + std::to_string(e.number) + " " + of.entry().message_id);
                  },
                  [&](const wh::unknown_event& e, const wh::verified_message& message) {
                      note(e.type + " " + std::string(message.id()));
                  }) == "111");
        CHECK(seen == texts{"made 1", "gone 2 b0", "thing.new c0"});
    }
    SECTION("of some events") {
        CHECK(run([&](const thing_gone&) { note("gone"); }) == "010");
        CHECK(seen == texts{"gone"});
        const std::vector<wh::entry> all = store.list({}).value();
        for (const wh::entry& each : all) {
            CHECK(each.state == entry_state::done);
            CHECK(each.last_error.empty());
        }
    }
    SECTION("of any event") {
        CHECK(run([&](const thing_gone&) { note("gone"); }, [&](const auto&) { note("any"); }) ==
              "111");
        CHECK(seen == texts{"any", "gone", "any"});
    }
    SECTION("of any event and its work") {
        CHECK(run([&](const thing_gone&) { note("never"); },
                  [&](const auto&, work& of) { note(of.entry().message_id); }) == "111");
        CHECK(seen == texts{"a0", "b0", "c0"});
    }
    SECTION("of any event and any second parameter, which is the work") {
        CHECK(run([&](const auto&, auto& of) { note(of.entry().message_id); }) == "111");
        CHECK(seen == texts{"a0", "b0", "c0"});
    }
    SECTION("of one event and any second parameter") {
        CHECK(run([&](const thing_made&, auto& of) { note(of.entry().message_id); },
                  [&](const thing_gone&) { note("gone"); },
                  [&](const auto&, const wh::verified_message& message) {
                      note(std::string(message.id()));
                  }) == "111");
        CHECK(seen == texts{"a0", "b0", "c0"});
    }
    SECTION("with the work before the message, before the event alone") {
        CHECK(run([&](const thing_made&, work&) { note("work"); },
                  [&](const thing_made&, const wh::verified_message&) { note("message"); },
                  [&](const thing_made&) { note("event"); },
                  [&](const thing_gone&, const wh::verified_message&) { note("message"); },
                  [&](const thing_gone&) { note("event"); }) == "110");
        CHECK(seen == texts{"work", "message"});
    }
    SECTION("with any result") {
        CHECK(run([&](const thing_made&) { return disposition::dead("no"); },
                  [&](const thing_gone&, work&) { return disposition::done(); },
                  [&](const wh::unknown_event&, const wh::verified_message&) {
                      return disposition::retry("later");
                  }) == "111");
        CHECK(log.at(0).state == entry_state::dead);
        CHECK(log.at(1).state == entry_state::done);
        CHECK(log.at(2).state == entry_state::ready);
    }
}

TEST_CASE_METHOD(fixture, "what a handler returns becomes of the entry") {
    disposition wanted = disposition::done();
    const auto one = worker([&](const thing_made&) { return wanted; });
    const auto number = accept_made();
    const std::int64_t begin = clock.milliseconds();
    clock.advance(5);
    SECTION("done") {
        CHECK(one.run_one().value());
        CHECK(entry(number).state == entry_state::done);
        CHECK(entry(number).finished_at == begin + 5);
        CHECK(entry(number).last_error.empty());
        CHECK_FALSE(log.at(0).code);
        CHECK(log[0].state == entry_state::done);
        CHECK(log[0].ready_at == 0);
    }
    SECTION("dead") {
        wanted = disposition::dead("no such customer");
        CHECK(one.run_one().value());
        CHECK(entry(number).state == entry_state::dead);
        CHECK(entry(number).last_error == "no such customer");
        CHECK(entry(number).keep_until == begin + 5 + 90 * 86'400'000LL);
        CHECK(log.at(0).state == entry_state::dead);
        CHECK(log[0].code == errc::handler_failed);
        CHECK(log[0].where == "no such customer");
        CHECK(log[0].handled);
    }
    SECTION("tried again as the schedule says") {
        wanted = disposition::retry("busy");
        CHECK(one.run_one().value());
        const wh::entry after = entry(number);
        CHECK(after.state == entry_state::ready);
        CHECK(after.ready_at >= begin + 5);
        CHECK(after.ready_at <= begin + 5 + 1000);
        CHECK(after.last_error == "busy");
        CHECK(log.at(0).state == entry_state::ready);
        CHECK(log[0].ready_at == after.ready_at);
        CHECK(log[0].code == errc::handler_failed);
        CHECK(log[0].where == "busy");
    }
    SECTION("tried again after a time") {
        wanted = disposition::retry_after(wh::seconds(100), "asked to wait");
        CHECK(one.run_one().value());
        CHECK(entry(number).ready_at == begin + 5 + 100'000);
        CHECK(entry(number).last_error == "asked to wait");
        clock.advance(99'999);
        CHECK_FALSE(one.run_one().value());
        clock.advance(1);
        CHECK(one.run_one().value());
    }
    SECTION("tried again at once, where the time is negative") {
        wanted = disposition::retry_after(wh::seconds(-1));
        CHECK(one.run_one().value());
        CHECK(entry(number).ready_at == begin + 5);
    }
    SECTION("tried again after at most a year") {
        wanted = disposition::retry_after(wh::seconds::unlimited());
        CHECK(one.run_one().value());
        CHECK(entry(number).ready_at == begin + 5 + 365 * 86'400'000LL);
    }
}

TEST_CASE_METHOD(fixture, "a handler that throws is tried again") {
    std::function<void()> throwing;
    const auto one = worker([&](const thing_made&) { throwing(); });
    const auto number = accept_made();
    SECTION("an exception") {
        throwing = [] { throw std::runtime_error("disk full"); };
        CHECK(one.run_one().value());
        CHECK(entry(number).last_error == "handler_failed: handler: disk full");
        CHECK(log.at(0).exception_text == "disk full");
    }
    SECTION("anything else") {
        throwing = [] { throw 7; };
        CHECK(one.run_one().value());
        CHECK(entry(number).last_error == "handler_failed: handler");
        CHECK(log.at(0).exception_text.empty());
    }
    CHECK(entry(number).state == entry_state::ready);
    CHECK(entry(number).attempts == 1);
    CHECK(log.at(0).code == errc::handler_failed);
    CHECK(log[0].state == entry_state::ready);
    CHECK(log[0].handled);
    CHECK_FALSE(log[0].lost);
    throwing = [] {};
    clock.advance(1000);
    CHECK(one.run_one().value());
    CHECK(entry(number).state == entry_state::done);
    CHECK(entry(number).attempts == 2);
    CHECK(entry(number).last_error.empty());
}

TEST_CASE_METHOD(fixture, "what is kept of a failure is plain text that any store takes") {
    std::string why;
    const auto one = worker([&](const thing_made&) { throw std::runtime_error(why); },
                            [&](const thing_gone&) { return disposition::dead(why); });
    const std::string body = gone();
    const auto kept_of = [&](std::string text) {
        why = std::move(text);
        const auto number = accept(body, "text_" + std::to_string(log.size()));
        CHECK(one.run_one().value());
        return entry(number).last_error;
    };
    CHECK(kept_of("Größe ≥ 3 𝄞") == "Größe ≥ 3 𝄞");
    CHECK(kept_of("a\nb\tc\x7f") == "a?b?c?");
    CHECK(kept_of(std::string("a\0b", 3)) == "a?b");
    CHECK(kept_of("Gr\xf6\xdf"
                  "e") == "Gr??e");
    CHECK(kept_of("\xc0\xaf \xe0\x80\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \x80 \xff") ==
          "?? ??? ??? ???? ? ?");
    CHECK(kept_of("\xe2\x89") == "??");
    CHECK(kept_of("\xc2\x9b\xc2\xa0") == "??\xc2\xa0");
    CHECK(kept_of("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf") ==
          "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf");
    CHECK(kept_of("\xf0\x8f\xbf\xbf\xf0\x90\x80\xc0") == "????????");
    CHECK(kept_of("\xf5\x80\x80\x80\xff\x80\x80\x80") == "????????");
    // A disposition keeps 160 bytes, and no part of a character.
    CHECK(kept_of(std::string(159, 'x') + "ö") == std::string(159, 'x'));
    CHECK(kept_of(std::string(158, 'x') + "öy") == std::string(158, 'x') + "ö");
    CHECK(kept_of(std::string(200, 'x')) == std::string(160, 'x'));

    const std::string begin = "handler_failed: handler: ";
    const auto number = accept_made();
    why = std::string(1000, 'x');
    CHECK(one.run_one().value());
    CHECK(entry(number).last_error == begin + std::string(500 - begin.size(), 'x'));
    why = std::string(499 - begin.size(), 'x') + "ö";
    clock.advance(1000);
    CHECK(one.run_one().value());
    CHECK(entry(number).last_error == begin + std::string(499 - begin.size(), 'x'));
}

TEST_CASE_METHOD(fixture, "an entry is dead after all its attempts") {
    const auto one =
        worker({.retries = {.first = wh::seconds(2), .longest = wh::seconds(5), .attempts = 4},
                .keep_dead = wh::seconds(1000)},
               [](const thing_made&) { throw std::runtime_error("always"); });
    const auto number = accept_made();
    for (const std::int64_t longest : {2'000, 4'000, 5'000}) {
        const std::int64_t begin = clock.milliseconds();
        CHECK(one.run_one().value());
        const wh::entry after = entry(number);
        CHECK(after.state == entry_state::ready);
        CHECK(after.ready_at >= begin);
        CHECK(after.ready_at <= begin + longest);
        clock.advance(longest);
    }
    CHECK(one.run_one().value());
    const wh::entry dead = entry(number);
    CHECK(dead.state == entry_state::dead);
    CHECK(dead.attempts == 4);
    CHECK(dead.last_error == "handler_failed: handler: always");
    CHECK(dead.finished_at == clock.milliseconds());
    CHECK(dead.body == made());
    CHECK(log.size() == 4);
    CHECK(log.back().state == entry_state::dead);
    CHECK(log.back().ready_at == 0);
    clock.advance(1'000'000'000);
    CHECK_FALSE(one.run_one().value());

    SECTION("and can be tried again, with all its attempts before it") {
        CHECK(box.redrive(number).value());
        CHECK(one.run_one().value());
        CHECK(entry(number).state == entry_state::ready);
        CHECK(entry(number).attempts == 1);
    }
}

TEST_CASE_METHOD(fixture, "a handler that asks for the last retry gets none") {
    const auto one = worker({.retries = {.attempts = 1}}, [](const thing_made&) {
        return disposition::retry_after(wh::seconds(5), "later");
    });
    const auto number = accept_made();
    CHECK(one.run_one().value());
    CHECK(entry(number).state == entry_state::dead);
    CHECK(entry(number).last_error == "later");
    CHECK(log.at(0).ready_at == 0);
}

TEST_CASE_METHOD(fixture, "an entry whose attempts never end is dead without another one") {
    int begun = 0;
    // Whoever claims these dies with them.
    const auto one = worker({.lease = wh::seconds(10), .retries = {.attempts = 3}},
                            [&](const thing_made&) { ++begun; });
    const auto number = accept_made();
    for (int i = 0; i < 3; ++i) {
        CHECK(store.claim({.now = clock.milliseconds(), .lease = 10'000}).value());
        CHECK_FALSE(one.run_one().value());
        clock.advance(10'000);
    }
    CHECK(one.run_one().value());
    CHECK(begun == 0);
    CHECK(entry(number).state == entry_state::dead);
    CHECK(entry(number).last_error == "handler_failed: no attempt came to an end");
    CHECK(entry(number).keep_until == clock.milliseconds() + 90 * 86'400'000LL);
    CHECK(log.at(0).code == errc::handler_failed);
    CHECK_FALSE(log[0].handled);
}

TEST_CASE_METHOD(fixture, "the last attempt is made when those before were cut off") {
    int begun = 0;
    const auto one = worker({.lease = wh::seconds(10), .retries = {.attempts = 2}},
                            [&](const thing_made&) { ++begun; });
    const auto number = accept_made();
    CHECK(store.claim({.now = clock.milliseconds(), .lease = 10'000}).value());
    clock.advance(10'000);
    CHECK(one.run_one().value());
    CHECK(begun == 1);
    CHECK(entry(number).state == entry_state::done);
    CHECK(entry(number).attempts == 2);
}

TEST_CASE_METHOD(fixture, "entries of endpoints without handlers are tried again until dead") {
    const auto one = worker({.retries = {.attempts = 2}}, [](const thing_made&) {});
    const auto number = accept(body_of_made, "msg_1", {}, "other");
    CHECK(one.run_one().value());
    CHECK(entry(number).state == entry_state::ready);
    CHECK(entry(number).last_error == "handler_failed: no handlers for this endpoint");
    CHECK_FALSE(log.at(0).handled);
    CHECK(log[0].where == "no handlers for this endpoint");
    clock.advance(1000);
    CHECK(one.run_one().value());
    CHECK(entry(number).state == entry_state::dead);
}

TEST_CASE_METHOD(fixture, "endpoints have handlers and parsers of their own") {
    texts seen;
    auto one = worker([&](const thing_made&) { seen.emplace_back("shop"); });
    one.handle("other", wh::parser<wh::waitwhile::catalog>(),
               wh::handlers{[&](const wh::unknown_event& e) { seen.push_back(e.type); }});
    accept(body_of_made, "msg_1");
    accept(body_of_made, "msg_2", {}, "other");
    CHECK(one.run_one().value());
    CHECK(one.run_one().value());
    CHECK(seen == texts{"shop", "thing.made"});
    CHECK_THROWS_AS(one.handle("", wh::parser<things>(), wh::handlers{[](const auto&) {}}),
                    wh::exception);
}

TEST_CASE_METHOD(fixture, "an entry that has lost its body is dead") {
    int begun = 0;
    const auto one = worker([&](const auto&) { ++begun; });
    const auto number = accept_made();
    store.lose_next_body();
    CHECK(one.run_one().value());
    CHECK(begun == 0);
    CHECK(entry(number).state == entry_state::dead);
    CHECK(entry(number).last_error == "invalid_payload: the body is gone");
    CHECK(log.at(0).code == errc::invalid_payload);
    CHECK(log[0].where == "the body is gone");
}

TEST_CASE_METHOD(fixture, "a handler sees the message as it was verified") {
    const std::string body = made();
    struct facts {
        std::string body, id, event_type;
        std::optional<std::int64_t> timestamp;
        std::optional<std::size_t> key_index;
        bool body_is_signed, id_is_signed, replay_possible;
        std::string assumed;

        explicit facts(const wh::verified_message& of)
            : body(of.body()),
              id(of.id()),
              event_type(of.event_type()),
              timestamp(of.timestamp()),
              key_index(of.key_index()),
              body_is_signed(of.body_is_signed()),
              id_is_signed(of.id_is_signed()),
              replay_possible(of.replay_possible()),
              assumed(of.assumed_because()) {}
        bool operator==(const facts&) const = default;
    };
    std::vector<facts> handled;
    const auto one =
        worker([&](const auto&, const work& of) { handled.emplace_back(of.message()); });

    SECTION("with a signed id, by the second key") {
        const wh::key keys[] = {wh::key::from_text("whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQt"),
                                wh::key::from_text(whsec)};
        const verifier with(wh::schemes::standard_webhooks, keys, {}, {now});
        const auto delivery = deliver(body);
        const auto message = with.verify(delivery.view()).value();
        CHECK(message.key_index() == 1U);
        CHECK(box.accept(message, {.as = {.provider = "p", .endpoint = "shop"}}).value() ==
              wh::acceptance::stored);
        CHECK(one.run_one().value());
        CHECK(handled == std::vector{facts(message)});
    }
    SECTION("with an unsigned id and an event type in headers") {
        auto delivery = deliver(body, "guid", wh::schemes::github);
        delivery.headers.emplace_back("X-GitHub-Event", "push");
        const verifier with = verifier_of(wh::schemes::github);
        const auto message = with.verify(delivery.view()).value();
        CHECK(box.accept(message, {.as = {.provider = "p", .endpoint = "shop"},
                                   .event_type = message.event_type()})
                  .value() == wh::acceptance::stored);
        CHECK(one.run_one().value());
        CHECK(handled == std::vector{facts(message)});
        CHECK(handled.at(0).event_type == "push");
        CHECK(handled[0].replay_possible);
        CHECK_FALSE(handled[0].timestamp);
    }
    SECTION("with an id in its body") {
        const verifier with = verifier_of(wh::schemes::waitwhile);
        const auto delivery = deliver(body, "", wh::schemes::waitwhile);
        const auto message = with.verify(delivery.view()).value();
        CHECK(box.accept(message, {.as = {.provider = "p", .endpoint = "shop", .id = "in_body"}})
                  .value() == wh::acceptance::stored);
        CHECK(one.run_one().value());
        CHECK(handled.at(0).id == "in_body");
        CHECK(handled[0].id_is_signed);
    }
    SECTION("or says that it was assumed") {
        const auto number = accept(body);
        CHECK(one.run_one().value());
        CHECK(handled.at(0).assumed == "assumed before it was stored");
        CHECK_FALSE(handled[0].key_index);
        CHECK(entry(number).proof.assumed);
    }
}

namespace {

// Reads any bytes as an event, so that handlers see them.
struct any_bytes {
    using event = std::variant<wh::unknown_event>;

    wh::result<event> parse(const wh::verified_message& message) const noexcept {
        return event(wh::unknown_event{.type = "bytes", .body = std::string(message.body())});
    }
};

}  // namespace

TEST_CASE_METHOD(fixture, "a handler sees all bytes of a body") {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    std::string seen;
    wh::worker one(box);
    one.handle("shop", any_bytes(),
               wh::handlers{[&](const auto&, const work& of) { seen = of.message().body(); }});
    accept(bytes);
    CHECK(one.run_one().value());
    CHECK(seen == bytes);
}

TEST_CASE_METHOD(fixture, "a handler sees its entry") {
    wh::entry seen;
    const auto one = worker([&](const thing_made&, work& of) {
        seen = of.entry();
        CHECK_FALSE(of.is_lost());
        return disposition::retry();
    });
    const auto number = accept(body_of_made, "msg_1", "customer");
    for (std::uint32_t attempts = 1; attempts <= 2; ++attempts) {
        CHECK(one.run_one().value());
        CHECK(seen.number == number);
        CHECK(seen.attempts == attempts);
        CHECK(seen.state == entry_state::leased);
        CHECK(seen.lease_until == clock.milliseconds() + 60'000);
        CHECK(seen.partition == "customer");
        CHECK(seen.key == entry(number).key);
        clock.advance(5'000);
    }
}

TEST_CASE_METHOD(fixture, "an attempt that took longer than its lease does not count") {
    std::function<void(work&)> in_handler;
    const auto one =
        worker({.lease = wh::seconds(10)}, [&](const thing_made&, work& of) { in_handler(of); });
    const auto other = worker({.lease = wh::seconds(10)}, [&](const thing_made&) {});
    const auto number = accept_made();
    bool other_has_it = false;
    in_handler = [&](work&) {
        clock.advance(9'999);
        CHECK_FALSE(other.run_one().value());
        clock.advance(1);
        other_has_it = other.run_one().value();
    };
    CHECK(one.run_one().value());
    CHECK(other_has_it);
    CHECK(entry(number).state == entry_state::done);
    CHECK(entry(number).attempts == 2);
    REQUIRE(log.size() == 2);
    CHECK_FALSE(log[0].lost);
    CHECK(log[0].attempts == 2);
    CHECK(log[1].lost);
    CHECK(log[1].attempts == 1);
    CHECK(log[1].code == errc::in_progress);
    CHECK(log[1].where == "the lease was over");
}

TEST_CASE_METHOD(fixture, "an attempt whose lease is renewed goes on") {
    std::function<void(work&)> in_handler;
    const auto one =
        worker({.lease = wh::seconds(10)}, [&](const thing_made&, work& of) { in_handler(of); });
    const auto number = accept_made();
    SECTION("while it lasts") {
        in_handler = [&](work& of) {
            CHECK(one.running() == 1);
            for (int i = 0; i < 3; ++i) {
                clock.advance(9'999);
                one.renew_leases();
                CHECK(entry(number).lease_until == clock.milliseconds() + 10'000);
                CHECK_FALSE(of.is_lost());
            }
        };
        CHECK(one.run_one().value());
        CHECK_FALSE(log.at(0).lost);
        CHECK(entry(number).attempts == 1);
    }
    SECTION("unless somebody else has it, which the handler sees") {
        in_handler = [&](work& of) {
            clock.advance(10'000);
            CHECK(store.claim({.now = clock.milliseconds(), .lease = 10'000}).value());
            CHECK_FALSE(of.is_lost());
            one.renew_leases();
            CHECK(of.is_lost());
            const auto before = store.count("renew");
            one.renew_leases();
            CHECK(store.count("renew") == before);
        };
        CHECK(one.run_one().value());
        CHECK(log.at(0).lost);
        CHECK(entry(number).state == entry_state::leased);
    }
    SECTION("and a store that cannot tell takes nothing away") {
        in_handler = [&](work& of) {
            store.fail("renew");
            clock.advance(9'000);
            one.renew_leases();
            CHECK_FALSE(of.is_lost());
            store.recover();
            one.renew_leases();
            clock.advance(9'999);
        };
        CHECK(one.run_one().value());
        CHECK_FALSE(log.at(0).lost);
    }
    CHECK(one.running() == 0);
    const auto before = store.count("renew");
    one.renew_leases();
    CHECK(store.count("renew") == before);
}

TEST_CASE("attempts begin and end in any order, and each loses its own lease") {
    using wh::detail::running_attempts;
    const auto numbers_in = [](const running_attempts& all) {
        std::vector<std::int64_t> numbers;
        for (const wh::lease& each : all.leases()) numbers.push_back(each.number);
        std::sort(numbers.begin(), numbers.end());
        return numbers;
    };
    using numbers = std::vector<std::int64_t>;
    for (const std::array<int, 3>& order :
         {std::array{0, 1, 2}, std::array{0, 2, 1}, std::array{1, 0, 2}, std::array{1, 2, 0},
          std::array{2, 0, 1}, std::array{2, 1, 0}}) {
        running_attempts all;
        std::unique_ptr<running_attempts::attempt> attempts[3];
        for (int i = 0; i < 3; ++i) {
            attempts[i] = std::make_unique<running_attempts::attempt>(all, wh::lease{i, 1});
        }
        CHECK(numbers_in(all) == numbers{0, 1, 2});
        CHECK(all.size() == 3);
        all.lose({1, 2});
        all.lose({3, 1});
        CHECK(numbers_in(all) == numbers{0, 1, 2});
        for (const int each : order) {
            auto left = numbers_in(all);
            CHECK_FALSE(attempts[each]->lost());
            all.lose({each, 1});
            CHECK(attempts[each]->lost());
            left.erase(std::find(left.begin(), left.end(), each));
            CHECK(numbers_in(all) == left);
            CHECK(all.size() == left.size() + 1);
            attempts[each].reset();
            CHECK(numbers_in(all) == left);
            CHECK(all.size() == left.size());
        }
        running_attempts::attempt again(all, {7, 1});
        CHECK(numbers_in(all) == numbers{7});
    }
}

TEST_CASE_METHOD(fixture, "an attempt that is handed back is none") {
    std::function<void(work&)> in_handler;
    const auto one = worker([&](const thing_made&, work& of) { in_handler(of); });
    const auto number = accept_made();
    in_handler = [&](work& of) {
        clock.advance(7);
        one.hand_back();
        CHECK(of.is_lost());
        CHECK(entry(number).state == entry_state::ready);
        CHECK(entry(number).ready_at == clock.milliseconds());
        CHECK(entry(number).attempts == 0);
        one.hand_back();
    };
    CHECK(one.run_one().value());
    CHECK(log.at(0).lost);
    CHECK(store.count("hand back") == 1);
    CHECK(entry(number).state == entry_state::ready);
    in_handler = [](work&) {};
    CHECK(one.run_one().value());
    CHECK(entry(number).state == entry_state::done);
    CHECK(entry(number).attempts == 1);
    one.hand_back();
    CHECK(entry(number).state == entry_state::done);
}

TEST_CASE_METHOD(fixture, "a handler that is told to stop has really lost its entry") {
    // One that stops when it is told so, and returns as if it were done.
    bool stopped = false;
    std::function<void(work&)> in_handler;
    const auto one = worker([&](const thing_made&, work& of) { in_handler(of); });
    const auto number = accept_made();
    in_handler = [&](work& of) {
        store.fail("hand back");
        one.hand_back();
        stopped = of.is_lost();
    };
    CHECK(one.run_one().value());
    // Either it goes on and counts, or it stops and does not.
    CHECK((entry(number).state == entry_state::done) == !stopped);
}

TEST_CASE_METHOD(fixture, "an attempt does not wait while leases wait") {
    gate waits;
    gate goes_on;
    bool went_on = false;
    store.before_each([&](std::string_view call) -> std::optional<wh::error> {
        if (call != "renew" && call != "hand back") return std::nullopt;
        waits.open();
        went_on = goes_on.pass();
        return std::nullopt;
    });
    std::function<void(const wh::worker<test_inbox>&)> keep;
    SECTION("for the store to renew them") {
        keep = [](const auto& with) { with.renew_leases(); };
    }
    SECTION("for the store to hand them back") {
        keep = [](const auto& with) { with.hand_back(); };
    }
    std::function<void()> in_handler;
    const auto one = worker([&](const thing_made&) { in_handler(); });
    in_handler = [&] {
        std::thread keeper([&] { keep(one); });
        CHECK(waits.pass());
        // As if this handler had a transaction that the store waits for.
        CHECK(one.running() == 1);
        goes_on.open();
        keeper.join();
    };
    accept_made();
    CHECK(one.run_one().value());
    CHECK(went_on);
}

TEST_CASE_METHOD(fixture, "a log that throws changes nothing") {
    wh::worker one(box, {.log = [](const wh::attempt_outcome&) { throw 7; }});
    one.handle("shop", wh::parser<things>(), wh::handlers{[](const thing_made&) {}});
    const auto number = accept_made();
    CHECK(one.run_one().value());
    CHECK(entry(number).state == entry_state::done);
}

TEST_CASE_METHOD(fixture, "a worker without a log works") {
    wh::worker one(box);
    one.handle("shop", wh::parser<things>(), wh::handlers{[](const thing_made&) {}});
    const auto number = accept_made();
    CHECK(one.run_one().value());
    CHECK(entry(number).state == entry_state::done);
}

TEST_CASE_METHOD(fixture, "a store that fails is reported, and nothing is lost") {
    int handled = 0;
    const auto one = worker({.lease = wh::seconds(10)}, [&](const thing_made&) { ++handled; });
    const auto number = accept_made();
    SECTION("when an entry is claimed") {
        store.fail("claim");
        CHECK(one.run_one().error() == wh::error{errc::store_unavailable, "spy"});
        CHECK(handled == 0);
        CHECK(log.empty());
        store.recover();
        CHECK(one.run_one().value());
        CHECK(handled == 1);
    }
    SECTION("when an attempt ends") {
        store.fail("settle");
        CHECK(one.run_one().error() == wh::error{errc::store_unavailable, "spy"});
        CHECK(handled == 1);
        REQUIRE(log.size() == 1);
        CHECK(log[0].lost);
        CHECK(log[0].code == errc::store_unavailable);
        CHECK(entry(number).state == entry_state::leased);
        CHECK(one.running() == 0);
        store.recover();
        CHECK_FALSE(one.run_one().value());
        clock.advance(10'000);
        CHECK(one.run_one().value());
        CHECK(handled == 2);
    }
    CHECK(entry(number).state == entry_state::done);
}

TEST_CASE_METHOD(fixture, "what a handler writes is committed with its end, or not at all") {
    auto& transactions = store.transactions();
    std::function<disposition(work&)> in_handler;
    const auto one = worker({.lease = wh::seconds(10)}, [&](const thing_made&, work& of) {
        of.transaction().write("text");
        return in_handler(of);
    });
    const auto number = accept_made();
    const texts written = {"text"};
    SECTION("done") {
        in_handler = [](work& of) {
            of.transaction().write("more");
            CHECK(of.try_transaction().value() == &of.transaction());
            return disposition::done();
        };
        CHECK(one.run_one().value());
        CHECK(transactions.committed == texts{"text", "more"});
        CHECK(transactions.rolled_back.empty());
        CHECK(store.count("begin") == 1);
        CHECK(entry(number).state == entry_state::done);
    }
    SECTION("to be tried again") {
        in_handler = [](work&) { return disposition::retry(); };
        CHECK(one.run_one().value());
        CHECK(transactions.rolled_back == written);
        CHECK(entry(number).state == entry_state::ready);
    }
    SECTION("dead") {
        in_handler = [](work&) { return disposition::dead("no"); };
        CHECK(one.run_one().value());
        CHECK(transactions.rolled_back == written);
        CHECK(entry(number).state == entry_state::dead);
    }
    SECTION("thrown") {
        in_handler = [](work&) -> disposition { throw 7; };
        CHECK(one.run_one().value());
        CHECK(transactions.rolled_back == written);
        CHECK(entry(number).state == entry_state::ready);
    }
    SECTION("lost") {
        in_handler = [&](work&) {
            clock.advance(10'000);
            CHECK(store.claim({.now = clock.milliseconds(), .lease = 10'000}).value());
            return disposition::done();
        };
        CHECK(one.run_one().value());
        CHECK(transactions.rolled_back == written);
        CHECK(log.at(0).lost);
        CHECK(entry(number).state == entry_state::leased);
    }
    SECTION("handed back") {
        in_handler = [&](work&) {
            one.hand_back();
            return disposition::done();
        };
        CHECK(one.run_one().value());
        CHECK(transactions.rolled_back == written);
        CHECK(entry(number).state == entry_state::ready);
    }
    SECTION("not recorded") {
        in_handler = [&](work&) {
            store.fail("settle");
            return disposition::done();
        };
        CHECK(one.run_one().error().code == errc::store_unavailable);
        CHECK(transactions.rolled_back == written);
        CHECK(entry(number).state == entry_state::leased);
    }
    CHECK(transactions.open == 0);
    CHECK(transactions.committed.size() + transactions.rolled_back.size() <= 2);
}

TEST_CASE_METHOD(fixture, "a transaction is over before the log is told of the attempt") {
    // The log may want to ask the store, which may have no other connection.
    std::vector<std::size_t> open;
    disposition wanted = disposition::done();
    wh::worker one(box, {.log = [&](const wh::attempt_outcome&) {
                       open.push_back(store.transactions().open);
                   }});
    one.handle("shop", wh::parser<things>(), wh::handlers{[&](const thing_made&, work& of) {
                   of.transaction().write("text");
                   return wanted;
               }});
    const std::string body = made();
    accept(body, "msg_1");
    CHECK(one.run_one().value());
    wanted = disposition::dead("no");
    accept(body, "msg_2");
    CHECK(one.run_one().value());
    wanted = disposition::done();
    accept(body, "msg_3");
    store.fail("settle");
    CHECK_FALSE(one.run_one());
    CHECK(open == std::vector<std::size_t>{0, 0, 0});
}

TEST_CASE_METHOD(fixture, "a transaction is over before its entry is settled without it") {
    // In a database, the transaction may hold what settling waits for.
    std::vector<std::size_t> open;
    const auto one = worker([](const thing_made&, work& of) {
        of.transaction().write("text");
        return disposition::retry("busy");
    });
    accept_made();
    store.before_each([&](std::string_view operation) -> std::optional<wh::error> {
        if (operation == "settle") open.push_back(store.transactions().open);
        return std::nullopt;
    });
    CHECK(one.run_one().value());
    CHECK(open == std::vector<std::size_t>{0});
    CHECK(store.transactions().rolled_back == texts{"text"});
}

TEST_CASE_METHOD(fixture, "a handler that gets no transaction is tried again") {
    const auto one =
        worker([](const thing_made&, work& of) { of.transaction().write("text"); },
               [](const thing_gone&, work& of) {
                   return of.try_transaction() ? disposition::done() : disposition::retry("busy");
               });
    const auto number = accept_made();
    store.fail("begin");
    CHECK(one.run_one().value());
    CHECK(entry(number).state == entry_state::ready);
    CHECK(entry(number).last_error == "handler_failed: handler: store_unavailable: spy");
    const std::string body = gone();
    const auto other = accept(body, "msg_2");
    CHECK(one.run_one().value());
    CHECK(entry(other).last_error == "busy");
    store.recover();
    clock.advance(1000);
    CHECK(one.run_one().value());
    CHECK(one.run_one().value());
    CHECK(store.transactions().committed == texts{"text"});
}

TEST_CASE_METHOD(fixture, "an attempt without a transaction opens none") {
    const auto one = worker([](const thing_made&, work&) {});
    accept_made();
    CHECK(one.run_one().value());
    CHECK(store.count("begin") == 0);
}

TEST_CASE_METHOD(fixture, "entries of a partition are handled one after the other") {
    texts seen;
    bool failing = true;
    const auto one = worker([&](const thing_made& e, work& of) {
        seen.push_back(of.entry().partition + std::to_string(e.number));
        return failing && e.number == 1 ? disposition::retry_after(wh::seconds(10))
                                        : disposition::done();
    });
    const std::string bodies[] = {made(1), made(2), made(3)};
    accept(bodies[0], "msg_1", "a");
    accept(bodies[1], "msg_2", "a");
    accept(bodies[2], "msg_3", "b");
    CHECK(one.run_one().value());
    CHECK(one.run_one().value());
    CHECK_FALSE(one.run_one().value());
    CHECK(seen == texts{"a1", "b3"});
    failing = false;
    clock.advance(10'000);
    CHECK(one.run_one().value());
    CHECK(one.run_one().value());
    CHECK(seen == texts{"a1", "b3", "a1", "a2"});
}

TEST_CASE_METHOD(fixture, "a worker says who it is, in up to 128 bytes") {
    const auto one = worker({.owner = "host 7"}, [](const thing_made&) {});
    CHECK_FALSE(one.run_one().value());
    CHECK(store.last_owner() == "host 7");
    const auto other = worker({.owner = std::string(200, 'x')}, [](const thing_made&) {});
    CHECK_FALSE(other.run_one().value());
    CHECK(store.last_owner() == std::string(128, 'x'));
}

TEST_CASE("a worker's options have bounds") {
    const wh::seconds day(86'400);
    CHECK_FALSE(refusal({}));
    CHECK_FALSE(refusal({.lease = wh::seconds(1)}));
    CHECK_FALSE(refusal({.lease = day}));
    CHECK(refusal({.lease = wh::seconds(0)}) == errc::invalid_option);
    CHECK(refusal({.lease = wh::seconds(86'401)}) == errc::invalid_option);
    CHECK_FALSE(refusal({.retries = {.first = wh::seconds(1), .longest = wh::seconds(1)}}));
    CHECK(refusal({.retries = {.first = wh::seconds(0)}}) == errc::invalid_option);
    CHECK(refusal({.retries = {.first = wh::seconds(2), .longest = wh::seconds(1)}}) ==
          errc::invalid_option);
    CHECK_FALSE(refusal({.retries = {.longest = day}}));
    CHECK(refusal({.retries = {.longest = wh::seconds(86'401)}}) == errc::invalid_option);
    CHECK_FALSE(refusal({.retries = {.attempts = 1}}));
    CHECK_FALSE(refusal({.retries = {.attempts = 1000}}));
    CHECK(refusal({.retries = {.attempts = 0}}) == errc::invalid_option);
    CHECK(refusal({.retries = {.attempts = 1001}}) == errc::invalid_option);
    CHECK_FALSE(refusal({.keep_dead = wh::seconds(1)}));
    CHECK(refusal({.keep_dead = wh::seconds(0)}) == errc::invalid_option);
    CHECK_FALSE(refusal({.keep_dead = wh::seconds(3650 * 86'400LL)}));
    CHECK(refusal({.keep_dead = wh::seconds(3650 * 86'400LL + 1)}) == errc::invalid_option);
}
