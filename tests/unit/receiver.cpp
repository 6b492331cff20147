// SPDX-License-Identifier: MIT
#include <webhookpp/webhookpp.hpp>

#include <stdexcept>
#include <string>
#include <vector>

#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/testing/signed_delivery.hpp>

#include "../catch.hpp"
#include "../golden.hpp"

namespace wh = webhookpp;
using namespace wh::seatsio;
using wh::errc;

namespace {

using undecodable = wh::receiver_options::undecodable;

std::string body_of(std::string_view type) {
    return R"({"id":170,"type":")" + std::string(type) +
           R"(","timestamp":"2024-01-10T10:04:00Z","data":{"workspaceKey":"w","key":"k"}})";
}

wh::testing::signed_delivery deliver(std::string body) {
    return wh::testing::sign_delivery(wh::seatsio::scheme, wh::key::from_text(golden::secret),
                                      std::move(body), golden::now);
}

// What `receiver` answers to a genuine delivery of `body`.
template <class Receiver>
int status_of(const Receiver& receiver, const std::string& body) {
    const auto delivery = deliver(body);
    return receiver.receive(delivery.view()).status;
}

// What a log line would be made from; the views of an outcome do not last.
struct logged {
    int status = 0;
    std::optional<errc> code;
    std::string where;
    std::string id;
    std::string exception_text;
    bool handled = false;
};

// A receiver that notes what happens.
struct fixture {
    std::vector<std::string> handled;
    std::vector<logged> log;

    template <class... Functions>
    auto receiver(wh::handlers<Functions...> handle,
                  undecodable on_undecodable = undecodable::refuse) {
        return wh::receiver{
            golden::make_verifier(),
            wh::parser<wh::seatsio::catalog>(),
            std::move(handle),
            {.on_undecodable = on_undecodable, .log = [this](const wh::outcome& o) {
                 log.push_back({o.status, o.error ? std::optional(o.error->code) : std::nullopt,
                                o.error ? std::string(o.error->where) : std::string(),
                                o.message ? std::string(o.message->id()) : std::string(),
                                std::string(o.exception_text), o.handled});
             }}};
    }
    auto receiver(undecodable on_undecodable = undecodable::refuse) {
        return receiver(
            wh::handlers{
                [this](const chart_published& e) { handled.push_back("published " + e.data.key); },
                [this](const chart_created& e, const wh::verified_message& message) {
                    handled.push_back("created " + e.data.key + " " + std::string(message.id()));
                },
                [this](const wh::unknown_event& e) { handled.push_back("unknown " + e.type); }},
            on_undecodable);
    }
};

}  // namespace

TEST_CASE_METHOD(fixture, "a genuine delivery reaches the handler of its type") {
    const auto all = receiver();
    const auto delivery = deliver(body_of("chart.published"));
    const wh::reply reply = all.receive({delivery.headers, delivery.body});
    CHECK(reply.status == 200);
    CHECK(handled == std::vector<std::string>{"published k"});
    REQUIRE(log.size() == 1);
    CHECK(log[0].status == 200);
    CHECK_FALSE(log[0].code);
    CHECK(log[0].id == "msg_test");
    CHECK(log[0].handled);
}

TEST_CASE_METHOD(fixture, "a handler can ask for the message, and one for unknown types") {
    const auto all = receiver();
    CHECK(status_of(all, body_of("chart.created")) == 200);
    CHECK(status_of(all, body_of("chart.renamed")) == 200);
    CHECK(handled == std::vector<std::string>{"created k msg_test", "unknown chart.renamed"});
}

TEST_CASE_METHOD(fixture, "an event that no handler takes is accepted and reported") {
    const auto all = receiver();
    CHECK(status_of(all, body_of("event.channels.updated")) == 200);
    CHECK(handled.empty());
    REQUIRE(log.size() == 1);
    CHECK_FALSE(log[0].handled);
}

TEST_CASE_METHOD(fixture, "a generic handler takes what no other one does") {
    const auto all =
        receiver(wh::handlers{[this](const chart_created&) { handled.emplace_back("created"); },
                              [this](const auto&) { handled.emplace_back("any"); }});
    CHECK(status_of(all, body_of("chart.created")) == 200);
    CHECK(status_of(all, body_of("chart.published")) == 200);
    CHECK(status_of(all, body_of("chart.renamed")) == 200);
    CHECK(handled == std::vector<std::string>{"created", "any", "any"});
}

TEST_CASE_METHOD(fixture, "nothing that fails verification reaches a handler") {
    const auto all = receiver();
    auto forged = deliver(body_of("chart.published"));
    forged.body += " ";
    CHECK(all.receive(forged.view()).status == 401);
    CHECK(all.receive({golden::header_list{}, forged.body}).status == 401);
    const std::string oversized(1024 * 1024 + 1, ' ');
    CHECK(all.receive({forged.headers, oversized}).status == 413);
    CHECK(handled.empty());
    REQUIRE(log.size() == 3);
    CHECK(log[0].code == errc::signature_mismatch);
    CHECK(log[0].where == "webhook-signature");
    CHECK(log[0].id.empty());
    CHECK(log[1].code == errc::missing_header);
    CHECK(log[2].code == errc::body_too_large);
}

TEST_CASE_METHOD(fixture,
                 "a verified body that cannot be decoded is refused or accepted as chosen") {
    const std::string bad = R"({"id":1,"type":"chart.created","timestamp":"x","data":{}})";
    CHECK(status_of(receiver(), bad) == 400);
    CHECK(status_of(receiver(), "hello") == 400);
    CHECK(status_of(receiver(), "{}") == 400);
    CHECK(status_of(receiver(undecodable::accept), bad) == 200);
    CHECK(handled.empty());
    REQUIRE(log.size() == 4);
    CHECK(log[0].code == errc::invalid_payload);
    CHECK(log[0].where == "timestamp");
    CHECK(log[0].id == "msg_test");
    CHECK(log[1].code == errc::malformed_json);
    CHECK(log[2].code == errc::missing_event_type);
    CHECK(log[3].status == 200);
    CHECK(log[3].code == errc::invalid_payload);

    SECTION("and accepting those does not accept what is not verified") {
        auto forged = deliver(bad);
        forged.body += " ";
        CHECK(receiver(undecodable::accept).receive(forged.view()).status == 401);
    }
}

TEST_CASE_METHOD(fixture, "an exception of a handler is answered with 500") {
    const auto failing =
        receiver(wh::handlers{[](const chart_created&) { throw std::runtime_error("disk full"); },
                              [](const chart_published&) { throw 7; }});
    CHECK(status_of(failing, body_of("chart.created")) == 500);
    CHECK(status_of(failing, body_of("chart.published")) == 500);
    REQUIRE(log.size() == 2);
    CHECK(log[0].code == errc::handler_failed);
    CHECK(log[0].exception_text == "disk full");
    CHECK(log[0].id == "msg_test");
    CHECK(log[1].code == errc::handler_failed);
    CHECK(log[1].exception_text.empty());
}

TEST_CASE("an exception of the log changes nothing") {
    const wh::receiver all{golden::make_verifier(),
                           wh::parser<wh::seatsio::catalog>(),
                           wh::handlers{[](const chart_created&) {}},
                           {.log = [](const wh::outcome&) { throw std::runtime_error("log"); }}};
    CHECK(status_of(all, body_of("chart.created")) == 200);
    CHECK(all.receive({golden::header_list{}, golden::body}).status == 401);
}

TEST_CASE("replies never tell which check failed") {
    for (int number = 1; number <= 10; ++number) {
        const auto reply = wh::refusal_reply(static_cast<errc>(number));
        CHECK(reply.status == 401);
        CHECK(reply.body == wh::refusal_reply(errc::signature_mismatch).body);
        REQUIRE(reply.headers.size() == 1);
        CHECK(reply.headers[0].name == "Content-Type");
        CHECK(reply.headers[0].value == "text/plain; charset=utf-8");
    }
    for (const auto code : {errc::malformed_json, errc::invalid_payload}) {
        CHECK(wh::refusal_reply(code).body == wh::refusal_reply(errc::missing_event_type).body);
    }
}

TEST_CASE("a 503 says when to try again") {
    for (const auto code : {errc::store_unavailable, errc::overloaded, errc::in_progress,
                            errc::shutting_down, errc::internal_error}) {
        const auto reply = wh::refusal_reply(code);
        CHECK(reply.status == 503);
        REQUIRE(reply.headers.size() == 2);
        CHECK(reply.headers[1].name == "Retry-After");
    }
}

TEST_CASE("the keys of a receiver's verifier can be exchanged") {
    const wh::receiver all{golden::make_verifier({golden::other_secret}),
                           wh::parser<wh::seatsio::catalog>(),
                           wh::handlers{[](const chart_created&) {}}};
    const auto delivery = deliver(body_of("chart.created"));
    CHECK(all.receive(delivery.view()).status == 401);
    REQUIRE(all.verifier().replace({wh::key::from_text(golden::secret)}));
    CHECK(all.receive(delivery.view()).status == 200);
}
