// SPDX-License-Identifier: MIT
// Hosts that have the headers before the body.
#include <webhookpp/webhookpp.hpp>

#include <optional>
#include <string>
#include <utility>

#include <webhookpp/handshakes/asana.hpp>
#include <webhookpp/handshakes/twitch.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/testing/signed_delivery.hpp>

#include "../catch.hpp"
#include "../golden.hpp"
#include "../scheme_keys.hpp"

namespace wh = webhookpp;
using wh::errc;

namespace {

constexpr const char* url = "https://hooks.example.com/in?a=1";

golden::header_list signed_headers(const wh::scheme& scheme, const std::string& body,
                                   std::string& target) {
    auto made = wh::sign(scheme, golden::keys_for(scheme.key).sign,
                         {.id = "msg_1",
                          .timestamp = golden::now,
                          .body = body,
                          .url = url,
                          .event_type = "a.type"})
                    .value();
    target = wh::target_of(made.url);
    return {made.headers.begin(), made.headers.end()};
}

}  // namespace

TEST_CASE("collected headers verify as those they were collected from, in every scheme") {
    const std::string body = "field=v&other=w";
    for (const wh::scheme* const scheme : wh::schemes::all()) {
        INFO(scheme->name);
        const wh::any_verifier<wh::testing::fixed_clock> verifier(
            *scheme, golden::keys_for(scheme->key).verify, {.url = url}, {golden::now});
        std::string target;
        auto headers = signed_headers(*scheme, body, target);
        headers.emplace_back("Content-Length", "15");
        const auto early = verifier.collect(headers);
        CHECK(verifier.check_headers(headers));
        CHECK(verifier.check_headers(early));
        // As a server does that takes them for another request.
        for (auto& [name, value] : headers) value.assign(value.size(), 'x');
        CHECK(verifier.verify({.headers = early, .body = body, .target = target}));
    }
}

TEST_CASE("collected headers have the limit that was chosen for headers") {
    wh::verifier_options options;
    options.limits.header_value = 10'000;
    const auto verifier = golden::make_verifier({golden::secret}, options);
    golden::parts parts;
    parts.signature.insert(0, "v9," + std::string(9000, 'A') + " ");
    const auto headers = parts.headers();
    CHECK(verifier.verify({headers, golden::body}));
    CHECK(verifier.verify({verifier.collect(headers), golden::body}));
    CHECK_FALSE(golden::make_verifier().check_headers(headers));
}

TEST_CASE("more headers can be collected, as long as there is room") {
    // The scheme has six names.
    constexpr std::string_view more[] = {"x-first", "x-second", "x-third"};
    golden::header_list headers = golden::parts().headers();
    for (const std::string_view name : more) headers.emplace_back(name, "v");
    const auto collected = golden::make_verifier().collect(headers, more);
    std::string names;
    auto add = [&names](std::string_view name, std::string_view) {
        names.append(name).append(" ");
    };
    collected(add);
    CHECK(names == "webhook-signature webhook-id webhook-timestamp x-first x-second ");
}

TEST_CASE("headers are refused before the body as they are with it") {
    const auto verifier = golden::make_verifier();
    const auto good = golden::parts().headers();
    REQUIRE(verifier.check_headers(good));
    const auto with = [&](std::size_t index, const std::string& value) {
        auto headers = good;
        headers[index].second = value;
        return headers;
    };
    auto doubled = good;
    doubled.emplace_back("Webhook-Id", "another");
    std::string many;
    for (int i = 0; i < 17; ++i) many += "v1,x ";
    const std::pair<golden::header_list, errc> table[] = {
        {{}, errc::missing_header},
        {{good[0], good[1]}, errc::missing_header},
        {doubled, errc::duplicate_header},
        {with(0, std::string(9000, 'm')), errc::header_too_large},
        {with(0, "a.b"), errc::invalid_id},
        {with(1, "now"), errc::invalid_timestamp},
        {with(2, many), errc::too_many_signatures},
        {with(2, "v2,AAAA"), errc::no_supported_signature},
    };
    for (const auto& [headers, code] : table) {
        INFO(wh::name(code));
        const auto refused = verifier.check_headers(headers);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == code);
        const auto verdict = verifier.verify({headers, golden::body});
        REQUIRE_FALSE(verdict);
        CHECK(verdict.error().code == code);
        CHECK(verdict.error().where == refused.error().where);
    }
    // What only the body decides passes, and so does the time, which nothing proves yet.
    CHECK(verifier.check_headers(with(2, "v1," + std::string(43, 'A') + "=")));
    CHECK(verifier.check_headers(with(1, "1")));
}

TEST_CASE("headers pass if one of the keys, whatever its place, can be meant by a signature") {
    for (const auto* const first : {golden::secret, golden::public_key}) {
        const auto* const second = first == golden::secret ? golden::public_key : golden::secret;
        const auto verifier = golden::make_verifier({first, second});
        for (const std::string_view signature : {golden::signature, golden::signature_v1a}) {
            golden::parts parts;
            parts.signature = signature;
            CHECK(verifier.check_headers(parts.headers()));
        }
    }
    golden::parts parts;
    parts.signature = golden::signature_v1a;
    CHECK_FALSE(golden::make_verifier().check_headers(parts.headers()));
}

TEST_CASE("a token in a header is decided before the body, one in the URL is not") {
    const auto key = wh::key::from_text("the-token");
    const wh::verifier<wh::schemes::shared_token> in_header{key};
    const auto check = [&](const char* token) {
        const golden::header_list headers{{"X-Webhook-Token", token}};
        const auto good = in_header.check_headers(headers);
        return good ? std::nullopt : std::optional(good.error().code);
    };
    CHECK(check("the-token") == std::nullopt);
    CHECK(check("the-tokex") == errc::signature_mismatch);
    CHECK(wh::verifier<wh::schemes::url_token>{key}.check_headers(golden::header_list()));
}

namespace {

struct counter {
    int reports = 0;
    std::optional<errc> last = std::nullopt;
    wh::receiver_options options(const wh::expected_handshake& handshake = {}) {
        return {.handshake = handshake, .log = [this](const wh::outcome& outcome) {
                    ++reports;
                    last = outcome.error ? std::optional(outcome.error->code) : std::nullopt;
                }};
    }
};

}  // namespace

TEST_CASE("a receiver refuses early only what it would refuse") {
    counter log;
    const wh::receiver endpoint{golden::make_verifier(), wh::parser<wh::seatsio::catalog>(),
                                wh::handlers{[](const auto&) {}}, log.options()};
    const auto good = golden::parts().headers();
    CHECK_FALSE(endpoint.refuse_early(good));
    CHECK_FALSE(endpoint.refuse_early(endpoint.collect(good)));
    CHECK(log.reports == 0);
    const auto refused = endpoint.refuse_early(golden::header_list());
    REQUIRE(refused);
    CHECK(refused->status == 401);
    CHECK(log.reports == 1);
    CHECK(log.last == errc::missing_header);
    auto wrong_id = good;
    wrong_id[0].second = "a.b";
    CHECK(endpoint.refuse_early(wrong_id));
    CHECK(log.last == errc::invalid_id);

    const std::size_t limit = endpoint.verifier().body_limit();
    CHECK(limit == wh::limits().body);
    CHECK_FALSE(endpoint.refuse_early(good, limit));
    const auto too_large = endpoint.refuse_early(good, limit + 1);
    REQUIRE(too_large);
    CHECK(too_large->status == 413);
    CHECK(log.reports == 3);
    CHECK(log.last == errc::body_too_large);

    wh::verifier_options smaller;
    smaller.limits.body = 10;
    const wh::receiver small{golden::make_verifier({golden::secret}, smaller),
                             wh::parser<wh::seatsio::catalog>(), wh::handlers{[](const auto&) {}}};
    CHECK(small.verifier().body_limit() == 10);
    CHECK_FALSE(small.refuse_early(good, 10));
    CHECK(small.refuse_early(good, 11));
}

TEST_CASE("headers of a handshake are collected too, and none is refused early") {
    counter log;
    wh::registration setup;
    bool taken = false;
    setup.open(wh::seconds(60), [&taken](const wh::key&) { taken = true; });
    const wh::receiver endpoint{
        wh::verifier<wh::schemes::asana>{wh::placeholder_key()}, wh::parser<wh::seatsio::catalog>(),
        wh::handlers{[](const auto&) {}}, log.options({wh::handshakes::asana, setup})};
    const golden::header_list headers{{"X-Hook-Secret", "b537207f20cbfa02357cf448134da559"}};
    CHECK_FALSE(endpoint.refuse_early(headers));
    CHECK(endpoint.refuse_early(headers, UINT64_MAX));
    CHECK(endpoint.receive({.headers = endpoint.collect(headers)}).status == 200);
    CHECK(taken);

    const auto key = wh::key::from_text("a secret of Twitch");
    const wh::receiver twitch{
        wh::verifier<wh::schemes::twitch, wh::testing::fixed_clock>{key, {}, {golden::now}},
        wh::parser<wh::seatsio::catalog>(), wh::handlers{[](const auto&) {}},
        log.options(wh::handshakes::twitch)};
    const std::string body = R"({"challenge":"c-1"})";
    const auto sent = wh::testing::sign_delivery(wh::schemes::twitch, key, body, golden::now);
    golden::header_list asked(sent.headers.begin(), sent.headers.end());
    asked.emplace_back("Twitch-Eventsub-Message-Type", "webhook_callback_verification");
    const auto early = twitch.collect(asked);
    asked.clear();
    CHECK(twitch.receive({early, body}).body == "c-1");
}

TEST_CASE("a host that throws while headers are collected has nothing accepted") {
    const auto verifier = golden::make_verifier();
    const auto thrower = [](wh::header_sink) { throw 1; };
    const auto early = verifier.collect(thrower);
    const auto message = verifier.verify({early, golden::body});
    REQUIRE_FALSE(message);
    CHECK(message.error().code == errc::missing_header);
    const auto checked = verifier.check_headers(thrower);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == errc::internal_error);
}
