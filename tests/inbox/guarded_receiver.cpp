// SPDX-License-Identifier: MIT
#include <webhookpp/replay_guard.hpp>

#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "deliveries.hpp"

using namespace inbox_tests;
using wh::errc;
using on_undecodable = wh::receiver_options::undecodable;

namespace {

// A receiver with a guard, of which everything can be seen.
struct fixture {
    spy_store store;
    wh::testing::manual_clock clock;
    outcome_log log;
    std::vector<std::int64_t> handled;
    std::function<void()> in_handler = [] {};

    template <class Catalog = things, class Engine = wh::json::nlohmann_engine>
    auto receiver(const wh::scheme& described = wh::schemes::standard_webhooks,
                  wh::replay_guard_options options = {},
                  on_undecodable undecodable = on_undecodable::refuse) {
        return wh::receiver{verifier_of(described),
                            wh::parser<Catalog, Engine>(),
                            wh::replay_guard(store, described, std::move(options), clock),
                            wh::handlers{[this](const thing_made& event) {
                                in_handler();
                                handled.push_back(event.number);
                            }},
                            {.on_undecodable = undecodable, .log = log.writer()}};
    }
};

using calls = std::vector<std::string>;
const calls handled_once = {"reserve", "commit"};

}  // namespace

TEST_CASE_METHOD(fixture, "a guarded receiver handles a message once and remembers it") {
    const auto all = receiver();
    const auto delivery = deliver(made(7));
    CHECK(all.receive(delivery.view()).status == 200);
    CHECK(handled == std::vector<std::int64_t>{7});
    CHECK(store.calls() == handled_once);
    CHECK(log.last().handled);
    CHECK_FALSE(log.last().duplicate);

    const auto again = all.receive(delivery.view());
    CHECK(again.status == 200);
    CHECK(handled.size() == 1);
    CHECK(store.calls() == calls{"reserve", "commit", "reserve"});
    CHECK(log.last().status == 200);
    CHECK(log.last().duplicate);
    CHECK_FALSE(log.last().handled);
    CHECK_FALSE(log.last().code);
    CHECK(log.last().id == "msg_1");

    SECTION("until the retention is over") {
        clock.advance(7 * 86'400'000LL - 1);
        CHECK(all.receive(delivery.view()).status == 200);
        CHECK(handled.size() == 1);
        clock.advance(1);
        CHECK(all.receive(delivery.view()).status == 200);
        CHECK(handled.size() == 2);
    }
    SECTION("and other ones apart from it") {
        const auto other = deliver(made(7), "msg_2");
        CHECK(all.receive(other.view()).status == 200);
        CHECK(handled.size() == 2);
    }
}

TEST_CASE_METHOD(fixture, "a message that is being handled is not handled beside that") {
    gate begun;
    gate goes_on;
    in_handler = [&] {
        begun.open();
        CHECK(goes_on.pass());
    };
    const auto all = receiver();
    const auto delivery = deliver(made());
    int first = 0;
    std::thread sender([&] { first = all.receive(delivery.view()).status; });
    CHECK(begun.pass());
    const auto second = all.receive(delivery.view());
    goes_on.open();
    sender.join();
    CHECK(second.status == 503);
    CHECK(header_of(second, "Retry-After") == "30");
    CHECK(first == 200);
    CHECK(handled.size() == 1);
    const auto lines = log.lines();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].code == errc::in_progress);
    CHECK(lines[0].id == "msg_1");
    CHECK_FALSE(lines[0].duplicate);
    CHECK(all.receive(delivery.view()).status == 200);
    CHECK(log.last().duplicate);
}

TEST_CASE_METHOD(fixture, "a message whose handler fails is released, and a retry handled") {
    const auto all = receiver();
    const auto delivery = deliver(made());
    SECTION("with an exception") {
        in_handler = [] { throw std::runtime_error("disk full"); };
        CHECK(all.receive(delivery.view()).status == 500);
        CHECK(log.last().exception_text == "disk full");
    }
    SECTION("with anything else") {
        in_handler = [] { throw 7; };
        CHECK(all.receive(delivery.view()).status == 500);
        CHECK(log.last().exception_text.empty());
    }
    CHECK(log.last().code == errc::handler_failed);
    CHECK(store.calls() == calls{"reserve", "release"});
    in_handler = [] {};
    CHECK(all.receive(delivery.view()).status == 200);
    CHECK(handled.size() == 1);
    CHECK_FALSE(log.last().duplicate);
}

TEST_CASE_METHOD(fixture, "a release that fails delays a retry by the lease") {
    const auto all = receiver(wh::schemes::standard_webhooks, {.lease = wh::seconds(10)});
    const auto delivery = deliver(made());
    in_handler = [] { throw 7; };
    store.fail("release");
    CHECK(all.receive(delivery.view()).status == 500);
    CHECK(log.last().code == errc::handler_failed);
    in_handler = [] {};
    clock.advance(9'999);
    CHECK(all.receive(delivery.view()).status == 503);
    clock.advance(1);
    CHECK(all.receive(delivery.view()).status == 200);
    CHECK(handled.size() == 1);
}

TEST_CASE_METHOD(fixture, "a body that cannot be decoded is remembered only if it is accepted") {
    const auto delivery = deliver(undecodable);
    SECTION("refused") {
        const auto all = receiver();
        CHECK(all.receive(delivery.view()).status == 400);
        CHECK(all.receive(delivery.view()).status == 400);
        CHECK(store.calls() == calls{"reserve", "release", "reserve", "release"});
    }
    SECTION("accepted") {
        const auto all = receiver(wh::schemes::standard_webhooks, {}, on_undecodable::accept);
        CHECK(all.receive(delivery.view()).status == 200);
        CHECK(log.last().code == errc::invalid_payload);
        CHECK(log.last().where == "number");
        CHECK(all.receive(delivery.view()).status == 200);
        CHECK(log.last().duplicate);
        CHECK(store.calls() == calls{"reserve", "commit", "reserve"});
    }
    CHECK(handled.empty());
}

TEST_CASE_METHOD(fixture, "a body that there is no memory to decode is refused in any case") {
    const auto all = receiver<things, counting_engine>(wh::schemes::standard_webhooks, {},
                                                       on_undecodable::accept);
    const auto delivery = deliver(made());
    counting_engine::fails = true;
    CHECK(all.receive(delivery.view()).status == 503);
    CHECK(log.last().code == errc::internal_error);
    CHECK(store.calls() == calls{"reserve", "release"});
    counting_engine::fails = false;
    CHECK(all.receive(delivery.view()).status == 200);
    CHECK(handled.size() == 1);
}

TEST_CASE_METHOD(fixture, "nothing is handled while the store cannot say what was") {
    const auto all = receiver();
    const auto delivery = deliver(made());
    for (const errc code : {errc::store_unavailable, errc::overloaded}) {
        store.fail("reserve", code);
        const auto reply = all.receive(delivery.view());
        CHECK(reply.status == 503);
        CHECK(header_of(reply, "Retry-After") == "30");
        CHECK(log.last().code == code);
        CHECK(log.last().where == "spy");
        CHECK(log.last().id == "msg_1");
    }
    CHECK(handled.empty());
    CHECK(store.count("commit") + store.count("release") == 0);
    store.recover();
    CHECK(all.receive(delivery.view()).status == 200);
    CHECK(handled.size() == 1);
}

TEST_CASE_METHOD(fixture, "an event that was handled is accepted even if that is not remembered") {
    const auto all = receiver(wh::schemes::standard_webhooks, {.lease = wh::seconds(10)});
    const auto delivery = deliver(made());
    SECTION("because the store fails") {
        store.fail("commit");
        CHECK(all.receive(delivery.view()).status == 200);
        CHECK(log.last().code == errc::store_unavailable);
    }
    SECTION("because somebody else has it, since the handler took longer than the lease") {
        bool is_first = true;
        in_handler = [&] {
            if (!std::exchange(is_first, false)) return;
            clock.advance(10'000);
            CHECK(all.receive(delivery.view()).status == 200);
            CHECK_FALSE(log.last().code);
        };
        CHECK(all.receive(delivery.view()).status == 200);
        CHECK(log.last().code == errc::in_progress);
        CHECK(log.last().where == "the lease was over");
        CHECK(handled.size() == 2);
    }
    CHECK(log.last().status == 200);
    CHECK(log.last().handled);
    CHECK_FALSE(log.last().duplicate);
}

TEST_CASE_METHOD(fixture, "a guard is asked only about messages that are verified") {
    const auto all = receiver();
    CHECK(receive(all, forged(made())).status == 401);
    CHECK(receive(all, {.body = made()}).status == 401);
    CHECK(store.calls().empty());
    // So the forgery has used up nothing.
    CHECK(receive(all, deliver(made())).status == 200);
    CHECK(handled.size() == 1);
}

TEST_CASE_METHOD(fixture, "a guard knows messages by the id in their bodies") {
    const auto all = receiver<numbered_things>(wh::schemes::waitwhile);
    const auto send = [&](std::string body) {
        const auto delivery = deliver(std::move(body), "", wh::schemes::waitwhile);
        CHECK(all.receive(delivery.view()).status == 200);
        return log.last().duplicate;
    };
    CHECK_FALSE(send(R"({"id":"a","type":"thing.made","number":1})"));
    CHECK(send(R"({"type":"thing.made","number":2,"id":"a"})"));
    CHECK_FALSE(send(R"({"id":"b","type":"thing.made","number":1})"));
    CHECK_FALSE(send(R"({"type":"thing.made","number":1})"));
    CHECK(send(R"({"type":"thing.made","number":1})"));
    CHECK(handled == std::vector<std::int64_t>{1, 1, 1});
}

TEST_CASE_METHOD(fixture, "a message whose id cannot be read for lack of memory is not handled") {
    const auto all = receiver<numbered_things, counting_engine>(wh::schemes::waitwhile);
    const auto delivery =
        deliver(R"({"id":"a","type":"thing.made","number":1})", "", wh::schemes::waitwhile);
    counting_engine::fails = true;
    CHECK(all.receive(delivery.view()).status == 503);
    CHECK(log.last().code == errc::internal_error);
    CHECK(store.calls().empty());
    counting_engine::fails = false;
    counting_engine::reads = 0;
    CHECK(all.receive(delivery.view()).status == 200);
    CHECK(counting_engine::reads == 2);
    CHECK(handled.size() == 1);
}

TEST_CASE_METHOD(fixture, "a guard without ids in bodies reads none") {
    const auto all = receiver<things, counting_engine>();
    const auto delivery = deliver(made());
    counting_engine::reads = 0;
    CHECK(all.receive(delivery.view()).status == 200);
    CHECK(counting_engine::reads == 1);  // for its handler
    CHECK(all.receive(delivery.view()).status == 200);
    CHECK(counting_engine::reads == 1);
}

TEST_CASE_METHOD(fixture, "two endpoints with one store do not know each other's messages") {
    const auto one = receiver(wh::schemes::standard_webhooks, {.endpoint = "one"});
    const auto other = receiver(wh::schemes::standard_webhooks, {.endpoint = "other"});
    const auto delivery = deliver(made());
    CHECK(one.receive(delivery.view()).status == 200);
    CHECK(other.receive(delivery.view()).status == 200);
    CHECK(handled.size() == 2);
    CHECK(one.receive(delivery.view()).status == 200);
    CHECK(other.receive(delivery.view()).status == 200);
    CHECK(handled.size() == 2);
    CHECK(store.count("commit") == 2);
}

TEST_CASE_METHOD(fixture, "a guarded receiver answers handshakes without asking its guard") {
    const wh::receiver all{verifier_of(wh::schemes::slack),
                           wh::parser<things>(),
                           wh::replay_guard(store, wh::schemes::slack, {}, clock),
                           wh::handlers{[](const thing_made&) {}},
                           {.handshake = wh::handshakes::slack}};
    const auto asked =
        deliver(R"({"type":"url_verification","challenge":"abc"})", "", wh::schemes::slack);
    const auto reply = all.receive(asked.view());
    CHECK(reply.status == 200);
    CHECK(std::string_view(reply.body) == "abc");
    CHECK(store.calls().empty());
}

TEST_CASE_METHOD(fixture, "threads that receive the same messages handle each once") {
    std::mutex mutex;
    std::vector<int> counts(20);
    const wh::receiver all{verifier_of(wh::schemes::standard_webhooks), wh::parser<things>(),
                           wh::replay_guard(store, wh::schemes::standard_webhooks, {}, clock),
                           wh::handlers{[&](const thing_made& event) {
                               const std::lock_guard lock(mutex);
                               ++counts[static_cast<std::size_t>(event.number)];
                           }}};
    std::atomic<int> wrong = 0;
    std::vector<std::thread> senders;
    for (int i = 0; i < 4; ++i) {
        senders.emplace_back([&] {
            for (int number = 0; number < 20; ++number) {
                const auto delivery = deliver(made(number), "msg_" + std::to_string(number));
                const int status = all.receive(delivery.view()).status;
                if (status != 200 && status != 503) ++wrong;
            }
        });
    }
    for (auto& each : senders) each.join();
    CHECK(wrong == 0);
    CHECK(counts == std::vector<int>(20, 1));
}

TEST_CASE("a guarded receiver does not forget what its verifier still accepts") {
    const auto is_refused = [](wh::seconds past) {
        try {
            const wh::receiver made{
                verifier(wh::schemes::standard_webhooks, key_of(wh::schemes::standard_webhooks),
                         {.tolerance = wh::tolerance{.past = past}}, {now}),
                wh::parser<things>(),
                wh::replay_guard(wh::stores::memory(), wh::schemes::standard_webhooks,
                                 {.retention = wh::seconds(1000)}),
                wh::handlers{[](const thing_made&) {}}};
            return false;
        } catch (const wh::exception& thrown) {
            return thrown.error().code == errc::invalid_option;
        }
    };
    CHECK_FALSE(is_refused(wh::seconds(700)));
    CHECK(is_refused(wh::seconds(701)));
}
