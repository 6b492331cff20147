// SPDX-License-Identifier: MIT
#include <webhookpp/inbox_receiver.hpp>

#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <webhookpp/worker.hpp>

#include "deliveries.hpp"

using namespace inbox_tests;
using wh::errc;

namespace {

// An inbox behind a receiver, of which everything can be seen.
struct fixture {
    spy_store store;
    wh::testing::manual_clock clock;
    wh::inbox<spy_store, wh::testing::manual_clock> box{store, {}, clock};
    outcome_log log;

    template <class Catalog = things, class Engine = wh::json::nlohmann_engine>
    auto receiver(const wh::scheme& described = wh::schemes::standard_webhooks,
                  wh::inbox_receiver_options options = {}) {
        if (options.endpoint.empty()) options.endpoint = "shop";
        if (!options.log) options.log = log.writer();
        return wh::inbox_receiver(verifier_of(described), wh::parser<Catalog, Engine>(), box,
                                  std::move(options));
    }

    std::vector<wh::entry> entries() {
        std::vector<wh::entry> all;
        const std::vector<wh::entry> listed = store.list({}).value();
        for (const wh::entry& each : listed) {
            all.push_back(*store.find(each.number).value());
        }
        return all;
    }
};

template <class Receiver>
int send(const Receiver& receiver, std::string body, std::string_view id = "msg_1",
         const wh::scheme& described = wh::schemes::standard_webhooks) {
    const auto delivery = deliver(std::move(body), id, described);
    return receiver.receive(delivery.view()).status;
}

struct kinds : wh::catalog<thing_made> {
    static constexpr std::string_view type_member = "kind";
};

// Whether making a receiver with these options throws `invalid_option`.
bool is_invalid(wh::inbox_receiver_options options,
                const wh::scheme& described = wh::schemes::standard_webhooks) {
    using receiver =
        wh::inbox_receiver<verifier, wh::parser<things>, wh::inbox<wh::stores::memory>>;
    const wh::inbox box{wh::stores::memory()};
    const auto tried =
        receiver::try_create(verifier_of(described), wh::parser<things>(), box, options);
    try {
        const receiver made(verifier_of(described), wh::parser<things>(), box, std::move(options));
        CHECK(tried);
        return false;
    } catch (const wh::exception& thrown) {
        CHECK(tried.error() == thrown.error());
        return thrown.error().code == errc::invalid_option;
    }
}

}  // namespace

TEST_CASE_METHOD(fixture, "a message is in the store before its sender is told so") {
    const auto all = receiver();
    const auto delivery = deliver(made(7));
    const auto reply = all.receive(delivery.view());
    store.note(std::to_string(reply.status));
    CHECK(store.calls() == std::vector<std::string>{"accept", "200"});
    CHECK(log.last().status == 200);
    CHECK_FALSE(log.last().duplicate);
    CHECK_FALSE(log.last().handled);
    CHECK(log.last().id == "msg_1");

    REQUIRE(entries().size() == 1);
    const wh::entry kept = entries()[0];
    CHECK(kept.state == wh::entry_state::ready);
    CHECK(kept.provider == "standard_webhooks");
    CHECK(kept.endpoint == "shop");
    CHECK(kept.message_id == "msg_1");
    CHECK(kept.event_type == "thing.made");
    CHECK(kept.partition.empty());
    CHECK(kept.body == made(7));
    CHECK(kept.proof.timestamp == now);
    CHECK(kept.proof.key_index == 0U);
    CHECK(kept.proof.body_is_signed);
    CHECK(kept.proof.id_is_signed);
    CHECK_FALSE(kept.proof.replay_possible);
    CHECK_FALSE(kept.proof.assumed);
    CHECK(kept.accepted_at == now * 1000);
    CHECK(kept.keep_until == (now + 7 * 86'400) * 1000);

    SECTION("and a duplicate is accepted without a second entry") {
        CHECK(all.receive(delivery.view()).status == 200);
        CHECK(log.last().duplicate);
        CHECK(entries().size() == 1);
        CHECK(entries()[0].duplicates == 1);
    }
}

TEST_CASE_METHOD(fixture, "what is not stored is refused, and can be sent again") {
    const auto all = receiver();
    const auto delivery = deliver(made());
    for (const errc code : {errc::store_unavailable, errc::overloaded, errc::internal_error}) {
        store.fail("accept", code);
        const auto reply = all.receive(delivery.view());
        CHECK(reply.status == 503);
        CHECK(header_of(reply, "Retry-After") == "30");
        CHECK(log.last().status == 503);
        CHECK(log.last().code == code);
        CHECK(log.last().id == "msg_1");
        CHECK_FALSE(log.last().duplicate);
    }
    CHECK(entries().empty());
    store.recover();
    CHECK(all.receive(delivery.view()).status == 200);
    CHECK_FALSE(log.last().duplicate);
    CHECK(entries().size() == 1);

    SECTION("nor is anything accepted once the inbox is closed, duplicates included") {
        box.close();
        const auto reply = all.receive(delivery.view());
        CHECK(reply.status == 503);
        CHECK(header_of(reply, "Retry-After") == "30");
        CHECK(log.last().code == errc::shutting_down);
    }
}

TEST_CASE_METHOD(fixture, "an inbox that is full refuses") {
    box = wh::inbox<spy_store, wh::testing::manual_clock>(store, {.limits = {.entries = 1}}, clock);
    const auto all = receiver();
    CHECK(send(all, made(1), "msg_1") == 200);
    CHECK(send(all, made(2), "msg_2") == 503);
    CHECK(log.last().code == errc::overloaded);
    CHECK(entries().size() == 1);
}

TEST_CASE_METHOD(fixture, "nothing that fails verification is stored") {
    const auto all = receiver();
    const auto delivery = forged(made());
    CHECK(all.receive(delivery.view()).status == 401);
    CHECK(log.last().code == errc::signature_mismatch);
    CHECK(receive(all, {.body = made()}).status == 401);
    const std::string large(1024 * 1024 + 1, ' ');
    CHECK(all.receive({.headers = delivery.headers, .body = large}).status == 413);
    CHECK(store.calls().empty());
    CHECK(entries().empty());
}

TEST_CASE_METHOD(fixture, "a body that cannot be decoded is accepted, and dead once it is tried") {
    const auto all = receiver();
    CHECK(send(all, undecodable, "msg_1") == 200);
    CHECK(send(all, "no JSON", "msg_2") == 200);
    CHECK(send(all, std::string("\0\xff", 2), "msg_3") == 200);
    CHECK(send(all, "", "msg_4") == 200);
    CHECK(entries().size() == 4);
    int handled = 0;
    wh::worker with(box);
    with.handle("shop", wh::parser<things>(), wh::handlers{[&](const auto&) { ++handled; }});
    for (int i = 0; i < 4; ++i) CHECK(with.run_one().value());
    CHECK_FALSE(with.run_one().value());
    CHECK(handled == 0);
    const auto dead = entries();
    for (const wh::entry& each : dead) {
        CHECK(each.state == wh::entry_state::dead);
        CHECK(each.attempts == 1);
        CHECK(each.body);
    }
    CHECK(dead[0].last_error == "invalid_payload: number");
    CHECK(dead[0].event_type == "thing.made");
    CHECK(dead[1].last_error == "malformed_json");
    CHECK(dead[1].event_type.empty());
    CHECK(dead[2].body == std::string("\0\xff", 2));
}

TEST_CASE_METHOD(fixture, "an entry names its event type where that is plain text") {
    const auto type_of = [&](const std::string& body) {
        const auto all = receiver();
        CHECK(send(all, body, "msg_" + std::to_string(entries().size())) == 200);
        return entries().back().event_type;
    };
    CHECK(type_of(R"({"type":"new.type"})") == "new.type");
    CHECK(type_of(R"({"a":{"type":"inner"},"type":"outer"})") == "outer");
    CHECK(type_of(R"({"type":")" + std::string(128, 'x') + R"("})") == std::string(128, 'x'));
    CHECK(type_of(R"({"type":")" + std::string(129, 'x') + R"("})").empty());
    CHECK(type_of(R"({"type":"two words"})").empty());
    CHECK(type_of(R"({"type":"line\n"})").empty());
    CHECK(type_of(R"({"type":"a","type":"b"})").empty());
    CHECK(type_of(R"({"type":"a","type":"b","type":"c"})").empty());
    CHECK(type_of(R"({"type":7})").empty());
    CHECK(type_of(R"({"type":{"type":"inner"}})").empty());
    CHECK(type_of(R"({"type":["a"]})").empty());
    CHECK(type_of(R"([{"type":"inner"}])").empty());
    CHECK(type_of(R"("type")").empty());
    CHECK(type_of("{}").empty());
}

TEST_CASE_METHOD(fixture, "an event type in a header comes before one in the body") {
    const auto all = receiver(wh::schemes::github);
    auto delivery = deliver(made(), "msg_1", wh::schemes::github);
    delivery.headers.emplace_back("X-GitHub-Event", "push");
    CHECK(all.receive(delivery.view()).status == 200);
    CHECK(entries()[0].event_type == "push");
}

TEST_CASE_METHOD(fixture, "an inbox takes the type member that the catalog names") {
    CHECK(send(receiver<kinds>(), R"({"type":"a","kind":"b"})") == 200);
    CHECK(entries()[0].event_type == "b");
}

TEST_CASE_METHOD(fixture, "a receiver puts messages into partitions") {
    std::string seen;
    const auto by = [&](auto partition) {
        return receiver(wh::schemes::standard_webhooks, {.partition = partition});
    };
    const auto good = by([&](const wh::verified_message& message) {
        seen = message.body();
        return "customer " + std::string(message.id());
    });
    CHECK(send(good, made()) == 200);
    CHECK(seen == made());
    CHECK(entries()[0].partition == "customer msg_1");

    const auto throws = by([](const wh::verified_message&) -> std::string {
        throw std::runtime_error("no customer");
    });
    const auto reply = receive(throws, deliver(made(), "msg_2"));
    CHECK(reply.status == 503);
    CHECK(header_of(reply, "Retry-After") == "30");
    CHECK(log.last().code == errc::internal_error);
    CHECK(log.last().where == "partition");
    CHECK(send(by([](const wh::verified_message&) -> std::string { throw 7; }), made(), "msg_2") ==
          503);
    CHECK(entries().size() == 1);
    CHECK(send(by([](const wh::verified_message&) { return std::string(); }), made(), "msg_2") ==
          200);
    CHECK(entries()[1].partition.empty());
}

TEST_CASE("a receiver with an inbox needs an endpoint and a retention that will do") {
    CHECK_FALSE(is_invalid({.endpoint = "shop"}));
    CHECK(is_invalid({}));
    CHECK(is_invalid({.endpoint = "two words"}));
    CHECK(is_invalid({.endpoint = std::string(129, 'x')}));
    CHECK_FALSE(is_invalid({.endpoint = std::string(128, 'x')}));
    // A delivery of this scheme is accepted for 600 seconds.
    CHECK_FALSE(is_invalid({.endpoint = "shop", .retention = wh::seconds(600)}));
    CHECK(is_invalid({.endpoint = "shop", .retention = wh::seconds(599)}));
    CHECK(is_invalid({.endpoint = "shop", .retention = wh::seconds(0)}, wh::schemes::github));
    CHECK_FALSE(is_invalid({.endpoint = "shop", .retention = wh::seconds(1)}, wh::schemes::github));
}

TEST_CASE("a receiver with an inbox does not forget what its verifier still accepts") {
    const auto is_refused = [](wh::tolerance accepted) {
        const auto made = wh::inbox_receiver<wh::any_verifier<>, wh::parser<things>,
                                             wh::inbox<wh::stores::memory>>::
            try_create(
                wh::any_verifier(wh::schemes::standard_webhooks,
                                 key_of(wh::schemes::standard_webhooks), {.tolerance = accepted}),
                wh::parser<things>(), wh::inbox(wh::stores::memory()),
                {.endpoint = "shop", .retention = wh::seconds(1000)});
        return !made && made.error().code == errc::invalid_option;
    };
    CHECK_FALSE(is_refused({.past = wh::seconds(700), .future = wh::seconds(300)}));
    CHECK(is_refused({.past = wh::seconds(701), .future = wh::seconds(300)}));
    CHECK(is_refused(wh::tolerance::unlimited()));
    CHECK_FALSE(is_refused({.past = wh::seconds(INT64_MIN), .future = wh::seconds(300)}));
}

TEST_CASE_METHOD(fixture, "a message is remembered as long as the receiver is told") {
    CHECK(send(receiver(wh::schemes::standard_webhooks, {.retention = wh::seconds(1000)}),
               made()) == 200);
    CHECK(entries()[0].keep_until == (now + 1000) * 1000);
}

TEST_CASE_METHOD(fixture, "a receiver with an inbox answers handshakes, and stores none") {
    const auto all = receiver(wh::schemes::slack, {.handshake = wh::handshakes::slack});
    const auto asked =
        deliver(R"({"type":"url_verification","challenge":"abc"})", "", wh::schemes::slack);
    const auto reply = all.receive(asked.view());
    CHECK(reply.status == 200);
    CHECK(std::string_view(reply.body) == "abc");
    CHECK(log.last().handshake);
    CHECK(store.calls().empty());
    CHECK(send(all, made(), "", wh::schemes::slack) == 200);
    CHECK_FALSE(log.last().handshake);
    CHECK(entries().size() == 1);
}

TEST_CASE_METHOD(fixture, "a receiver with an inbox works with headers that come before the body") {
    const auto all = receiver();
    const auto delivery = deliver(made());
    CHECK_FALSE(all.refuse_early(delivery.headers, delivery.body.size()));
    const auto too_large = all.refuse_early(delivery.headers, 1024 * 1024 + 1);
    REQUIRE(too_large);
    CHECK(too_large->status == 413);
    CHECK(log.last().code == errc::body_too_large);
    const auto without = all.refuse_early(wh::signed_headers());
    REQUIRE(without);
    CHECK(without->status == 401);
    const auto headers = all.collect(delivery.headers);
    CHECK(store.calls().empty());
    CHECK(all.receive({.headers = headers, .body = delivery.body}).status == 200);
    CHECK(entries().size() == 1);
    CHECK(&all.verifier().described() == &wh::schemes::standard_webhooks);
}

TEST_CASE_METHOD(fixture, "a message is known by the id that the catalog says stands in its body") {
    const auto all = receiver<numbered_things>(wh::schemes::waitwhile);
    const auto is_duplicate = [&](const std::string& body) {
        CHECK(send(all, body, "", wh::schemes::waitwhile) == 200);
        return log.last().duplicate;
    };
    CHECK_FALSE(is_duplicate(R"({"id":"a","type":"thing.made","number":1})"));
    CHECK(entries()[0].message_id == "a");
    CHECK(entries()[0].proof.id_is_signed);
    CHECK(is_duplicate(R"({"number":2,"type":"thing.made","id":"a"})"));
    CHECK_FALSE(is_duplicate(R"({"id":"b","type":"thing.made","number":1})"));

    // What is no id: then the body is what a message is known by.
    const std::string longest(256, 'x');
    for (const std::string& bad :
         {std::string(R"("id":"a","id":"a")"), std::string(R"("id":"a","id":7)"),
          std::string(R"("id":7,"id":"a")"), std::string(R"("id":7)"), std::string(R"("id":null)"),
          std::string(R"("id":"")"), std::string(R"("id":"a b")"), std::string(R"("id":["a"])"),
          std::string(R"("id":{"id":"a"})"), R"("id":")" + longest + R"(x")"}) {
        const std::size_t before = entries().size();
        CHECK_FALSE(is_duplicate("{" + bad + "}"));
        CHECK(is_duplicate("{" + bad + "}"));
        CHECK_FALSE(is_duplicate("{ " + bad + "}"));
        CHECK(entries().size() == before + 2);
        CHECK(entries().back().message_id.empty());
    }
    CHECK_FALSE(is_duplicate(R"({"id":")" + longest + R"("})"));
    CHECK(entries().back().message_id == longest);
    CHECK_FALSE(is_duplicate(R"([{"id":"a"}])"));
}

TEST_CASE_METHOD(fixture, "a message whose id cannot be read for lack of memory is sent again") {
    const auto all = receiver<numbered_things, counting_engine>(wh::schemes::waitwhile);
    const std::string body = R"({"id":"a","type":"thing.made"})";
    counting_engine::fails = true;
    CHECK(send(all, body, "", wh::schemes::waitwhile) == 503);
    CHECK(log.last().code == errc::internal_error);
    CHECK(store.calls().empty());
    counting_engine::fails = false;
    CHECK(send(all, body, "", wh::schemes::waitwhile) == 200);
    CHECK(entries()[0].message_id == "a");
}

TEST_CASE_METHOD(fixture, "a body is read only for what no header tells") {
    const auto reads_of = [&](const auto& all, const wh::testing::signed_delivery& delivery) {
        counting_engine::reads = 0;
        CHECK(all.receive(delivery.view()).status == 200);
        return counting_engine::reads.load();
    };
    auto with_type = deliver(made(), "msg_1", wh::schemes::github);
    with_type.headers.emplace_back("X-GitHub-Event", "push");
    auto with_type_only = deliver(made(2), "", wh::schemes::github);
    with_type_only.headers.emplace_back("X-GitHub-Event", "push");
    CHECK(reads_of(receiver<things, counting_engine>(wh::schemes::github), with_type) == 0);
    CHECK(reads_of(receiver<things, counting_engine>(wh::schemes::github), with_type_only) == 0);
    CHECK(reads_of(receiver<things, counting_engine>(), deliver(made())) == 1);
    CHECK(reads_of(receiver<numbered_things, counting_engine>(wh::schemes::github),
                   with_type_only) == 1);
}

TEST_CASE_METHOD(fixture, "an id in a header comes before one in the body") {
    const auto all = receiver<numbered_things>();
    CHECK(send(all, R"({"id":"a"})", "msg_1") == 200);
    CHECK(send(all, R"({"id":"a"})", "msg_2") == 200);
    CHECK_FALSE(log.last().duplicate);
    CHECK(entries()[1].message_id == "msg_2");
}

TEST_CASE_METHOD(fixture, "a known body under another id that nobody signed may be a replay") {
    const auto send_twice = [&](wh::same_body same_body) {
        const auto all = receiver(wh::schemes::github, {.same_body = same_body});
        CHECK(send(all, made(), "first", wh::schemes::github) == 200);
        CHECK(send(all, made(), "second", wh::schemes::github) == 200);
        return log.last().duplicate;
    };
    SECTION("which is said") {
        CHECK_FALSE(send_twice(wh::same_body::flag));
        REQUIRE(entries().size() == 2);
        CHECK_FALSE(entries()[0].possible_replay);
        CHECK(entries()[1].possible_replay);
        CHECK(entries()[1].proof.replay_possible);
        CHECK_FALSE(entries()[1].proof.id_is_signed);
    }
    SECTION("or dropped") {
        CHECK(send_twice(wh::same_body::drop));
        CHECK(entries().size() == 1);
    }
    SECTION("or ignored") {
        CHECK_FALSE(send_twice(wh::same_body::ignore));
        REQUIRE(entries().size() == 2);
        CHECK_FALSE(entries()[1].possible_replay);
    }
}

TEST_CASE_METHOD(fixture, "notifications that are all the same are all stored") {
    const auto all = receiver(wh::schemes::dropbox);
    for (int i = 0; i < 3; ++i) {
        CHECK(send(all, made(), "", wh::schemes::dropbox) == 200);
        CHECK_FALSE(log.last().duplicate);
    }
    REQUIRE(entries().size() == 3);
    CHECK_FALSE(entries()[2].possible_replay);
}

TEST_CASE_METHOD(fixture, "a log that throws changes nothing about what is stored") {
    const auto all = receiver(wh::schemes::standard_webhooks,
                              {.log = [](const wh::outcome&) { throw std::runtime_error("log"); }});
    CHECK(send(all, made()) == 200);
    CHECK(entries().size() == 1);
    CHECK(receive(all, forged(made())).status == 401);
}
