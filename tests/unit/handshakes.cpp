// SPDX-License-Identifier: MIT
#include <webhookpp/handshake.hpp>

#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../catch.hpp"
#include "../handshake_fixture.hpp"

namespace wh = webhookpp;
using shaken::accepted;
using shaken::counting_engine;
using shaken::fixture;
using shaken::header_list;
using shaken::json;
using shaken::now;
using shaken::plain;
using shaken::refused;
using shaken::text_of;
using wh::errc;

namespace {

const std::string slack_body =
    R"({"token":"t","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",)"
    R"("type":"url_verification"})";
const std::string slack_answer = plain(200, "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P");

std::string zoom_body(const std::string& token) {
    return R"({"payload":{"plainToken":")" + token +
           R"("},"event_ts":1700000000000,"event":"endpoint.url_validation"})";
}
// Computed with `openssl dgst -sha256 -hmac zoom_secret`.
const std::string zoom_answer =
    json(R"({"plainToken":"qgg8vlvZRS6UYooatFL8Aw",)"
         R"("encryptedToken":"46a324cfb7c2ec760e4cd561586a53aadb6fc7561eb8d626d6ee1b71d808b3c0"})");

const std::string twitch_body = R"({"challenge":"pogchamp-kappa-360noscope-vohiyo",)"
                                R"("subscription":{"id":"f1c2a387","status":"pending"}})";
const std::string notion_token = "secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl";
const std::string notion_body = R"({"verification_token":")" + notion_token + R"("})";
const std::string asana_secret = "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81";

const std::string discord_interaction = R"({"application_id":"1","id":"2","type":1,"version":1})";
const std::string discord_event_ping = R"({"version":1,"application_id":"1","type":0})";

wh::testing::signed_delivery twitch_delivery(std::string body, std::string type) {
    auto made = fixture::signed_by(wh::schemes::twitch, std::move(body));
    made.headers.push_back({"Twitch-Eventsub-Message-Type", std::move(type)});
    return made;
}

wh::expected_handshake meta() {
    return {wh::handshakes::meta, wh::key::from_text("my token/1")};
}

wh::delivery get(const header_list& headers, std::string_view target) {
    return {.headers = headers, .method = "GET", .target = target};
}

// A handshake that is signed, and its answer.
struct signed_handshake {
    const wh::scheme& scheme;
    const wh::handshake& described;
    wh::testing::signed_delivery delivery;
    std::string answer;
};

std::vector<signed_handshake> signed_handshakes(std::int64_t at = now) {
    auto twitch = fixture::signed_by(wh::schemes::twitch, twitch_body, at);
    twitch.headers.push_back({"Twitch-Eventsub-Message-Type", "webhook_callback_verification"});
    const auto sign = [at](const wh::scheme& described, const std::string& body) {
        return fixture::signed_by(described, body, at);
    };
    return {{wh::schemes::slack, wh::handshakes::slack, sign(wh::schemes::slack, slack_body),
             slack_answer},
            {wh::schemes::zoom, wh::handshakes::zoom,
             sign(wh::schemes::zoom, zoom_body("qgg8vlvZRS6UYooatFL8Aw")), zoom_answer},
            {wh::schemes::twitch, wh::handshakes::twitch, twitch,
             plain(200, "pogchamp-kappa-360noscope-vohiyo")},
            {wh::schemes::discord, wh::handshakes::discord,
             sign(wh::schemes::discord, discord_interaction), json(R"({"type":1})")},
            {wh::schemes::discord, wh::handshakes::discord_events,
             sign(wh::schemes::discord, discord_event_ping), plain(204, "")}};
}

}  // namespace

TEST_CASE_METHOD(fixture, "a signed handshake is answered") {
    for (const auto& each : signed_handshakes()) {
        CAPTURE(each.described.name);
        const auto all = receiver(each.scheme, each.described);
        CHECK(text_of(all.receive(each.delivery.view())) == each.answer);
        CHECK(last.status == (each.described.answer.status));
        CHECK(last.handshake);
        CHECK(last.verified);
        CHECK_FALSE(last.code);
        CHECK_FALSE(last.handled);
        CHECK(events == 0);
    }
}

TEST_CASE_METHOD(fixture, "a signed handshake is refused before its JSON is read if") {
    std::string what;
    std::function<void(wh::testing::signed_delivery&)> bend;
    std::int64_t at = now;
    SECTION("its body was changed") {
        bend = [](auto& delivery) { delivery.body += " "; };
    }
    SECTION("it is not signed") {
        bend = [](auto& delivery) {
            std::erase_if(delivery.headers, [](const auto& header) {
                return header.first != "Twitch-Eventsub-Message-Type";
            });
        };
    }
    SECTION("it is stale") {
        at = now - 601;
    }
    SECTION("it is from the future") {
        at = now + 601;
    }
    for (auto& each : signed_handshakes(at)) {
        CAPTURE(each.described.name);
        if (bend) bend(each.delivery);
        counting_engine::reads = 0;
        const auto all = receiver(each.scheme, each.described);
        CHECK(text_of(all.receive(each.delivery.view())) == refused);
        CHECK(counting_engine::reads == 0);
        CHECK_FALSE(last.handshake);
        CHECK(events == 0);
    }
}

TEST_CASE_METHOD(fixture, "a signed handshake of another method or that nobody expects is none") {
    for (const auto& each : signed_handshakes()) {
        CAPTURE(each.described.name);
        auto wrong = each.delivery.view();
        wrong.method = "GET";
        CHECK(receiver(each.scheme, each.described).receive(wrong).body != each.answer);
        CHECK_FALSE(last.handshake);
        CHECK(text_of(receiver(each.scheme).receive(each.delivery.view())) != each.answer);
        CHECK_FALSE(last.handshake);
    }
}

TEST_CASE_METHOD(fixture, "an event is no handshake") {
    const std::string body = R"({"type":"thing.happened","id":1})";
    for (const auto& each : signed_handshakes()) {
        CAPTURE(each.described.name);
        const auto delivery = signed_by(each.scheme, body);
        CHECK(text_of(receiver(each.scheme, each.described).receive(delivery.view())) == accepted);
        CHECK_FALSE(last.handshake);
        CHECK(last.handled);
    }

    SECTION("and is read once, unless it may be a handshake") {
        const auto delivery = signed_by(wh::schemes::slack, body);
        counting_engine::reads = 0;
        CHECK(receiver(wh::schemes::slack, wh::handshakes::slack).receive(delivery.view()).status ==
              200);
        CHECK(counting_engine::reads == 1);
    }
    SECTION("even if it speaks of one, or is large") {
        for (const std::string& text :
             {std::string(R"({"type":"thing.happened","id":1,"text":"url_verification"})"),
              R"({"type":"thing.happened","id":1,"nested":)" + slack_body + "}",
              R"({"type":"thing.happened","id":1,"nested":[)" + slack_body + "]}",
              R"({"type":"url_verification","text":")" + std::string(8192, 'x') +
                  R"(","challenge":"c"})"}) {
            const auto delivery = signed_by(wh::schemes::slack, text);
            const auto all = receiver(wh::schemes::slack, wh::handshakes::slack);
            CHECK(text_of(all.receive(delivery.view())) == accepted);
            CHECK_FALSE(last.handshake);
        }
    }
    SECTION("unless one more byte would be too large") {
        const std::string padded = slack_body + std::string(8192 - slack_body.size(), ' ');
        const auto all = receiver(wh::schemes::slack, wh::handshakes::slack);
        const auto largest = signed_by(wh::schemes::slack, padded);
        CHECK(text_of(all.receive(largest.view())) == slack_answer);
        const auto too_large = signed_by(wh::schemes::slack, padded + " ");
        CHECK(text_of(all.receive(too_large.view())) == accepted);
    }
    SECTION("and broken JSON neither") {
        const auto delivery = signed_by(wh::schemes::slack, slack_body + "}");
        const auto all = receiver(wh::schemes::slack, wh::handshakes::slack);
        CHECK(all.receive(delivery.view()).status == 400);
        CHECK(last.code == errc::malformed_json);
        CHECK_FALSE(last.handshake);
    }
}

TEST_CASE_METHOD(fixture, "the ping of one kind of Discord endpoint is an event of the other") {
    const auto ping = signed_by(wh::schemes::discord, discord_interaction);
    const auto all = receiver(wh::schemes::discord, wh::handshakes::discord_events);
    CHECK(all.receive(ping.view()).status == 400);  // no event of this catalog
    CHECK_FALSE(last.handshake);
    for (const char* type : {"1.0", "\"1\"", "true", "null", "[1]", "18446744073709551615"}) {
        const auto odd = signed_by(wh::schemes::discord, R"({"type":)" + std::string(type) + "}");
        CHECK(text_of(receiver(wh::schemes::discord, wh::handshakes::discord).receive(odd.view()))
                  .find(R"({"type":1})") == std::string::npos);
        CHECK_FALSE(last.handshake);
    }
    for (const char* type : {"0.0", "\"0\"", "false", "null", "[0]", "{}"}) {
        const auto odd = signed_by(wh::schemes::discord, R"({"type":)" + std::string(type) + "}");
        CHECK(all.receive(odd.view()).status != 204);
        CHECK_FALSE(last.handshake);
    }
}

TEST_CASE_METHOD(fixture, "only a plain word is sent back") {
    const auto answer_of = [&](const std::string& json_value) {
        const auto delivery = signed_by(
            wh::schemes::slack, R"({"type":"url_verification","challenge":)" + json_value + "}");
        return text_of(
            receiver(wh::schemes::slack, wh::handshakes::slack).receive(delivery.view()));
    };
    const std::string longest(256, 'x');
    CHECK(answer_of('"' + longest + '"') == plain(200, longest));
    CHECK(answer_of(R"("aZ09-._~+/=")") == plain(200, "aZ09-._~+/="));
    CHECK(answer_of(R"("")").starts_with("400"));
    CHECK(last.code == errc::invalid_payload);
    CHECK(last.where == "challenge");
    CHECK(last.handshake);
    for (const std::string& bad :
         {'"' + longest + "x\"", std::string(R"("<script>")"), std::string(R"("a b")"),
          std::string(R"("a\r\nX: y")"), std::string(R"("a\u0000")"), std::string(R"("\u00e4")"),
          std::string("\"a\\\"b\""), std::string("17"), std::string("null"), std::string("[]"),
          std::string(R"({"challenge":"x"})"), std::string(R"("x","challenge":"y")")}) {
        CAPTURE(bad);
        CHECK(answer_of(bad).starts_with("400"));
        CHECK(last.handshake);
    }
    CHECK(events == 0);
}

TEST_CASE_METHOD(fixture, "Zoom gets the MAC of a plain token with the secret that signed") {
    const auto delivery = signed_by(wh::schemes::zoom, zoom_body("qgg8vlvZRS6UYooatFL8Aw"));
    const auto rotating =
        receiver(wh::schemes::zoom, wh::handshakes::zoom, {"new_secret", shaken::secret});
    CHECK(text_of(rotating.receive(delivery.view())) == zoom_answer);

    SECTION("and of nothing that could be a message") {
        const std::string longest(128, 'x');
        const auto all = receiver(wh::schemes::zoom, wh::handshakes::zoom);
        const auto long_one = signed_by(wh::schemes::zoom, zoom_body(longest));
        CHECK(all.receive(long_one.view()).status == 200);
        const std::string event = R"({\"type\":\"thing.happened\",\"id\":1})";
        for (const std::string& bad :
             {longest + "x", std::string(), event, "v0:1700000000:" + event,
              std::string("v0:1700000000:"), std::string("v0:1"), std::string("a.b"),
              std::string("a=b"), std::string("a b"), std::string("\\u0000"),
              std::string("\\u00e4")}) {
            CAPTURE(bad);
            const auto oracle = signed_by(wh::schemes::zoom, zoom_body(bad));
            CHECK(all.receive(oracle.view()).status == 400);
            CHECK(last.code == errc::invalid_payload);
            CHECK(last.where == "payload.plainToken");
            CHECK(last.handshake);
        }
        const auto without =
            signed_by(wh::schemes::zoom, R"({"event":"endpoint.url_validation","plainToken":"x"})");
        CHECK(all.receive(without.view()).status == 400);
    }
}

TEST_CASE("a verifier signs no challenge for whoever cannot sign, and none that may be a message") {
    const auto key = wh::key::from_text(shaken::secret);
    const auto genuine = fixture::signed_by(wh::schemes::zoom, "{}");
    const shaken::verifier zoom(wh::schemes::zoom, key, {}, {now});
    CHECK(zoom.answer_challenge(genuine.view(), "qgg8vlvZRS6UYooatFL8Aw").value() ==
          "46a324cfb7c2ec760e4cd561586a53aadb6fc7561eb8d626d6ee1b71d808b3c0");
    CHECK(zoom.answer_challenge(genuine.view(), "v0:1:{}").error().code == errc::invalid_payload);
    auto forged = genuine;
    forged.body = "[]";
    for (const char* challenge : {"x", "v0:1:{}"}) {
        CHECK(zoom.answer_challenge(forged.view(), challenge).error().code ==
              errc::signature_mismatch);
    }

    auto unsigned_one = genuine;
    unsigned_one.headers.clear();
    CHECK(zoom.answer_challenge(unsigned_one.view(), "x").error().code == errc::missing_header);
    const shaken::verifier small(wh::schemes::zoom, key, {.limits = {.body = 1}}, {now});
    CHECK(small.answer_challenge(genuine.view(), "x").error().code == errc::body_too_large);

    const shaken::verifier stale(wh::schemes::zoom, key, {}, {now + 301});
    CHECK(stale.answer_challenge(genuine.view(), "x").error().code == errc::timestamp_too_old);

    // The body alone, or id, time and body without anything between them, can be any text.
    for (const wh::scheme* open : {&wh::schemes::meta, &wh::schemes::twitch}) {
        const auto delivery = fixture::signed_by(*open, "{}");
        CHECK(shaken::verifier(*open, key, {}, {now})
                  .answer_challenge(delivery.view(), "x")
                  .error()
                  .code == errc::unknown_scheme);
    }
    const auto pair = golden::keys_for(wh::key_form::ed25519_hex);
    const auto interaction = fixture::signed_by(wh::schemes::discord, "{}");
    CHECK(shaken::verifier(wh::schemes::discord, pair.verify, {}, {now})
              .answer_challenge(interaction.view(), "x")
              .error()
              .code == errc::unknown_scheme);
}

TEST_CASE_METHOD(fixture, "Twitch's verification is told by its header alone") {
    const auto all = receiver(wh::schemes::twitch, wh::handshakes::twitch);
    const auto notification = twitch_delivery(twitch_body, "notification");
    CHECK(all.receive(notification.view()).status == 400);  // no event of this catalog
    CHECK_FALSE(last.handshake);
    const auto relabelled =
        twitch_delivery(R"({"type":"thing.happened","id":1})", "webhook_callback_verification");
    CHECK(all.receive(relabelled.view()).status == 400);
    CHECK(last.where == "challenge");
    CHECK(last.handshake);
    const auto broken = twitch_delivery("{", "webhook_callback_verification");
    CHECK(all.receive(broken.view()).status == 400);
    CHECK(last.code == errc::malformed_json);
    CHECK(last.handshake);
    const auto large = twitch_delivery(std::string(8193, ' '), "webhook_callback_verification");
    CHECK(all.receive(large.view()).status == 413);
    CHECK(events == 0);
}

TEST_CASE_METHOD(fixture, "Meta's challenge is sent back to whoever shows the verify token") {
    const header_list none;
    const auto all = receiver(wh::schemes::meta, meta());
    const auto answer_of = [&](std::string_view target) { return all.receive(get(none, target)); };
    const std::string good =
        "/hook?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=my%20token%2F1";
    CHECK(text_of(answer_of(good)) == plain(200, "1158201444"));
    CHECK(last.handshake);
    CHECK_FALSE(last.verified);
    CHECK(answer_of("?hub.verify_token=my+token/1&hub.mode=subscribe&hub.challenge=%61b").body ==
          "ab");

    struct {
        const char* target;
        int status;
        errc code;
        const char* where;
        bool handshake;
    } const bad[] = {
        {"/?hub.mode=subscribe&hub.challenge=1&hub.verify_token=my%20token%2F", 401,
         errc::signature_mismatch, "hub.verify_token", true},
        {"/?hub.mode=subscribe&hub.challenge=1&hub.verify_token=my%20token%2F12", 401,
         errc::signature_mismatch, "hub.verify_token", true},
        {"/?hub.mode=subscribe&hub.challenge=1&hub.verify_token=My%20token%2F1", 401,
         errc::signature_mismatch, "hub.verify_token", true},
        {"/?hub.mode=subscribe&hub.challenge=1&hub.verify_token=%zz", 401, errc::signature_mismatch,
         "hub.verify_token", true},
        {"/?hub.mode=subscribe&hub.challenge=1&hub.verify_token=", 401, errc::missing_header,
         "hub.verify_token", true},
        {"/?hub.mode=subscribe&hub.challenge=1", 401, errc::missing_header, "hub.verify_token",
         true},
        {"/?hub.mode=subscribe&hub.challenge=1&hub.verify_token=x&hub.verify_token=my+token/1", 401,
         errc::duplicate_header, "hub.verify_token", true},
        // What would be refused for its challenge is first refused for its token.
        {"/?hub.mode=subscribe&hub.challenge=%3Cb%3E&hub.verify_token=x", 401,
         errc::signature_mismatch, "hub.verify_token", true},
        {"/?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=my+token/1", 401,
         errc::missing_header, "X-Hub-Signature-256", false},
        {"/hook", 401, errc::missing_header, "X-Hub-Signature-256", false},
        {"", 401, errc::missing_header, "X-Hub-Signature-256", false},
        {"/?hub.mode=subscribe&hub.challenge=%3Cb%3E&hub.verify_token=my+token/1", 400,
         errc::invalid_payload, "hub.challenge", true},
        {"/?hub.mode=subscribe&hub.challenge=a%0D%0Ab&hub.verify_token=my+token/1", 400,
         errc::invalid_payload, "hub.challenge", true},
        {"/?hub.mode=subscribe&hub.challenge=%4&hub.verify_token=my+token/1", 400,
         errc::invalid_payload, "hub.challenge", true},
        {"/?hub.mode=subscribe&hub.verify_token=my+token/1", 400, errc::invalid_payload,
         "hub.challenge", true},
    };
    for (const auto& each : bad) {
        CAPTURE(each.target);
        CHECK(answer_of(each.target).status == each.status);
        CHECK(last.code == each.code);
        CHECK(last.where == each.where);
        CHECK(last.handshake == each.handshake);
    }
    const std::string longest(256, '1');
    const std::string start = "/?hub.mode=subscribe&hub.verify_token=my+token/1&hub.challenge=";
    CHECK(answer_of(start + longest).body == longest);
    CHECK(answer_of(start + longest + "1").status == 400);
    CHECK(answer_of(start + std::string(8192, '1')).status == 413);
    CHECK(answer_of(start + longest + "&x=" + std::string(8192 - 259 - start.size(), '1')).body ==
          longest);

    SECTION("but not by a POST, or when nobody expects it") {
        CHECK(text_of(all.receive({.headers = none, .target = good})) == refused);
        CHECK_FALSE(last.handshake);
        CHECK(text_of(receiver(wh::schemes::meta).receive(get(none, good))) == refused);
    }
    SECTION("and events are verified as ever") {
        const auto event = signed_by(wh::schemes::meta, R"({"type":"thing.happened","id":1})");
        CHECK(text_of(all.receive(event.view())) == accepted);
    }
}

TEST_CASE_METHOD(fixture, "Dropbox's challenge is sent back") {
    const header_list none;
    const auto all = receiver(wh::schemes::dropbox, wh::handshakes::dropbox);
    CHECK(text_of(all.receive(get(none, "/hook?challenge=abc-123_X%3D"))) ==
          plain(200, "abc-123_X="));
    CHECK(last.handshake);
    CHECK_FALSE(last.verified);
    for (const std::string& bad :
         {std::string("%3Cscript%3E"), std::string("a%20b"), std::string("a+b"), std::string("%00"),
          std::string("%C3%A4"), std::string("%"), std::string(257, 'x')}) {
        CAPTURE(bad);
        CHECK(all.receive(get(none, "/hook?challenge=" + bad)).status == 400);
        CHECK(last.code == errc::invalid_payload);
    }
    CHECK(text_of(all.receive(get(none, "/?challenge=a&challenge=b"))) == refused);
    CHECK(last.code == errc::duplicate_header);
    for (const char* other : {"/hook", "/hook?challenge=", "/hook?Challenge=x", "/challenge=x"}) {
        CHECK(text_of(all.receive(get(none, other))) == refused);
        CHECK_FALSE(last.handshake);
    }
    CHECK(text_of(all.receive({.headers = none, .target = "/hook?challenge=abc"})) == refused);
    CHECK(text_of(receiver(wh::schemes::dropbox).receive(get(none, "/hook?challenge=abc"))) ==
          refused);
}

namespace {

struct capturing : fixture {
    shaken::fixture_clock clock;
    wh::registration setup{clock};
    std::vector<std::string> secrets;

    void open(wh::seconds lasting = wh::seconds(600)) {
        setup.open(lasting, [this](const wh::key& secret) {
            const auto bytes = secret.bytes();
            secrets.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        });
    }
    auto notion() { return receiver(wh::schemes::notion, {wh::handshakes::notion, setup}); }
    auto asana() { return receiver(wh::schemes::asana, {wh::handshakes::asana, setup}); }
};

const header_list none;
const header_list asana_headers{{"x-hook-secret", asana_secret}};
const wh::delivery asana_request{.headers = asana_headers};
const wh::delivery notion_request{.headers = none, .body = notion_body};

const std::string asana_answer =
    "200\nContent-Type: text/plain; charset=utf-8\n"
    "X-Content-Type-Options: nosniff\nX-Hook-Secret: " +
    asana_secret + "\n\n";

}  // namespace

TEST_CASE_METHOD(capturing, "a secret is taken while a registration is open, once") {
    SECTION("from Asana") {
        const auto all = asana();
        CHECK(text_of(all.receive(asana_request)) == refused);
        CHECK(last.code == errc::no_supported_signature);
        CHECK(last.where == "X-Hook-Secret");
        CHECK(last.handshake);
        open();
        CHECK(setup.is_open());
        CHECK(text_of(all.receive(asana_request)) == asana_answer);
        CHECK(last.handshake);
        CHECK_FALSE(last.verified);
        CHECK_FALSE(setup.is_open());
        CHECK(text_of(all.receive(asana_request)) == refused);
        CHECK(secrets == std::vector{asana_secret});
    }
    SECTION("from Notion") {
        const auto all = notion();
        counting_engine::reads = 0;
        CHECK(text_of(all.receive(notion_request)) == refused);
        CHECK(counting_engine::reads == 0);
        open();
        CHECK(text_of(all.receive(notion_request)) == plain(200, ""));
        CHECK(last.handshake);
        CHECK(text_of(all.receive(notion_request)) == refused);
        CHECK(secrets == std::vector{notion_token});
    }
    SECTION("not when it was closed again") {
        open();
        setup.close();
        CHECK(text_of(asana().receive(asana_request)) == refused);
        CHECK(text_of(notion().receive(notion_request)) == refused);
        CHECK(secrets.empty());
    }
    SECTION("not when nobody expects it") {
        open();
        CHECK(text_of(receiver(wh::schemes::asana).receive(asana_request)) == refused);
        CHECK(text_of(receiver(wh::schemes::notion).receive(notion_request)) == refused);
        CHECK(secrets.empty());
        CHECK(setup.is_open());
    }
    SECTION("not with another method") {
        open();
        auto wrong = asana_request;
        wrong.method = "GET";
        CHECK(text_of(asana().receive(wrong)) == refused);
        CHECK(secrets.empty());
    }
}

TEST_CASE_METHOD(capturing, "a registration ends with its deadline") {
    const auto all = asana();
    SECTION("and not before") {
        open(wh::seconds(10));
        clock.set(now + 10);
        CHECK(all.receive(asana_request).status == 200);
    }
    SECTION("a second later") {
        open(wh::seconds(10));
        clock.set(now + 11);
        CHECK_FALSE(setup.is_open());
        CHECK(text_of(all.receive(asana_request)) == refused);
        CHECK(text_of(notion().receive(notion_request)) == refused);
        CHECK(secrets.empty());
    }
    SECTION("which is at most a day away") {
        open(wh::seconds::unlimited());
        clock.set(now + 24 * 60 * 60);
        CHECK(setup.is_open());
        clock.set(now + 24 * 60 * 60 + 1);
        CHECK_FALSE(setup.is_open());
    }
    SECTION("which may lie in the past") {
        open(wh::seconds(-INT64_MAX));
        CHECK_FALSE(setup.is_open());
    }
}

TEST_CASE_METHOD(capturing, "of many threads one brings the secret") {
    for (int round = 0; round < 50; ++round) {
        std::atomic<int> received = 0;
        setup.open(wh::seconds(600), [&](const wh::key&) { ++received; });
        const wh::receiver all{wh::any_verifier<>(wh::schemes::asana, wh::placeholder_key()),
                               shaken::parser(),
                               wh::handlers{[](const auto&) {}},
                               {.handshake = {wh::handshakes::asana, setup}}};
        std::atomic<int> answered = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int j = 0; j < 5; ++j) {
                    if (all.receive(asana_request).status == 200) ++answered;
                }
            });
        }
        for (auto& each : threads) each.join();
        CHECK(answered == 1);
        CHECK(received == 1);
    }
}

TEST_CASE_METHOD(capturing,
                 "a secret of another form is refused, and leaves the registration open") {
    open();
    SECTION("from Asana") {
        const auto all = asana();
        const auto status_of = [&](const std::string& secret) {
            const header_list headers{{"X-Hook-Secret", secret}};
            return all.receive({.headers = headers}).status;
        };
        CHECK(status_of(std::string(15, 'x')) == 400);
        CHECK(last.where == "X-Hook-Secret");
        CHECK(status_of("0123456789abcdef 0123456789abcdef") == 400);
        CHECK(status_of("0123456789abcdef\r\nSet-Cookie: x") == 400);
        CHECK(status_of(std::string(257, 'x')) == 413);
        const header_list two{{"X-Hook-Secret", asana_secret}, {"X-Hook-Secret", "another"}};
        CHECK(all.receive({.headers = two}).status == 401);
        CHECK(last.code == errc::duplicate_header);
        CHECK(secrets.empty());
        CHECK(status_of(std::string(256, 'x')) == 200);
    }
    SECTION("from Notion") {
        const auto all = notion();
        const auto status_of = [&](const std::string& body) {
            return all.receive({.headers = none, .body = body}).status;
        };
        CHECK(status_of(R"({"verification_token":"secret_short"})") == 400);
        CHECK(last.where == "verification_token");
        CHECK(status_of(R"({"verification_token":17})") == 400);
        CHECK(status_of(R"({"verification_token":")" + std::string(257, 'x') + "\"}") == 400);
        CHECK(status_of(notion_body.substr(0, notion_body.size() - 1) + "," +
                        notion_body.substr(1)) == 400);
        CHECK(status_of(notion_body + "}") == 401);
        CHECK(status_of("[" + notion_body + "]") == 401);
        CHECK(status_of(R"({"type":"verification_token"})") == 401);
        CHECK(status_of(notion_body + std::string(8192, ' ')) == 401);
        CHECK(status_of(notion_body + std::string(8193 - notion_body.size(), ' ')) == 401);
        CHECK(status_of("{}") == 401);
        CHECK(secrets.empty());
        CHECK(status_of(notion_body + std::string(8192 - notion_body.size(), ' ')) == 200);
    }
}

TEST_CASE_METHOD(capturing, "a secret may sign the request that brings it, and no other may") {
    const auto all = notion();
    open();
    const auto forged = signed_by(wh::schemes::notion, notion_body);
    CHECK(text_of(all.receive(forged.view())) == refused);
    CHECK(last.code == errc::signature_mismatch);
    CHECK(last.handshake);
    CHECK(secrets.empty());
    const auto signed_with_it = wh::testing::sign_delivery(
        wh::schemes::notion, wh::key::from_text(notion_token), notion_body, now);
    CHECK(text_of(all.receive(signed_with_it.view())) == plain(200, ""));
    CHECK(secrets == std::vector{notion_token});
}

TEST_CASE_METHOD(capturing, "while a registration is open, events are verified as ever") {
    open();
    const std::string body = R"({"type":"thing.happened","id":1})";
    for (const wh::scheme* each : {&wh::schemes::asana, &wh::schemes::notion}) {
        const auto all = each == &wh::schemes::asana ? asana() : notion();
        auto event = signed_by(*each, body);
        CHECK(text_of(all.receive(event.view())) == accepted);
        event.body += " ";
        CHECK(text_of(all.receive(event.view())) == refused);
    }
    CHECK(secrets.empty());
}

TEST_CASE_METHOD(capturing, "what is signed is never a registration, whatever it says") {
    const auto all = notion();
    const auto event = signed_by(wh::schemes::notion, notion_body);
    static_cast<void>(all.receive(event.view()));
    CHECK(last.verified);
    CHECK_FALSE(last.handshake);
    CHECK(secrets.empty());
}

TEST_CASE_METHOD(capturing, "a host that cannot keep the secret gets it again") {
    const auto all = asana();
    int calls = 0;
    setup.open(wh::seconds(600), [&](const wh::key&) {
        if (++calls == 1) throw std::runtime_error("disk full");
    });
    CHECK(all.receive(asana_request).status == 500);
    CHECK(last.code == errc::handler_failed);
    CHECK(setup.is_open());
    CHECK(all.receive(asana_request).status == 200);
    CHECK(calls == 2);

    SECTION("unless it closed the registration meanwhile") {
        setup.open(wh::seconds(600), [&](const wh::key&) {
            setup.close();
            throw 7;
        });
        CHECK(all.receive(asana_request).status == 500);
        CHECK_FALSE(setup.is_open());
    }
}

TEST_CASE_METHOD(capturing, "the secret can be installed while it is received") {
    const auto all = receiver(wh::schemes::asana, {wh::handshakes::asana, setup});
    const std::string body = R"({"type":"thing.happened","id":1})";
    const auto event =
        wh::testing::sign_delivery(wh::schemes::asana, wh::key::from_text(asana_secret), body, now);
    CHECK(text_of(all.receive(event.view())) == refused);
    setup.open(wh::seconds(600),
               [&](const wh::key& secret) { REQUIRE(all.verifier().replace({secret})); });
    CHECK(all.receive(asana_request).status == 200);
    CHECK(text_of(all.receive(event.view())) == accepted);
}

TEST_CASE("no log has a secret that was brought") {
    std::string log;
    wh::registration setup;
    const wh::receiver all{
        wh::any_verifier<>(wh::schemes::notion, wh::placeholder_key()),
        shaken::parser(),
        wh::handlers{[](const auto&) {}},
        {.handshake = {wh::handshakes::notion, setup}, .log = [&](const wh::outcome& o) {
             log += std::to_string(o.status);
             if (o.error) log.append(name(o.error->code)).append(o.error->where);
             if (o.message) log.append(o.message->body());
             log.append(o.exception_text);
         }}};
    for (int round = 0; round < 3; ++round) {
        if (round == 1) setup.open(wh::seconds(600), [](const wh::key&) { throw 7; });
        if (round == 2) setup.open(wh::seconds(600), [](const wh::key&) {});
        CHECK(all.receive(notion_request).status == (round == 0 ? 401 : round == 1 ? 500 : 200));
    }
    CHECK(log.find(notion_token.substr(7, 6)) == std::string::npos);
}

TEST_CASE("no two placeholder keys are equal, and none verifies") {
    const auto first = wh::placeholder_key();
    const auto second = wh::placeholder_key();
    CHECK(first.bytes().size() == 32);
    CHECK_FALSE(wh::crypto::equal(first.bytes(), second.bytes()));
}

TEST_CASE("a handshake is expected with what it needs") {
    const auto code_of = [](auto make) -> std::optional<errc> {
        try {
            static_cast<void>(make());
        } catch (const wh::exception& refusal) {
            return refusal.error().code;
        }
        return std::nullopt;
    };
    using wh::expected_handshake;
    wh::registration setup;
    const auto token = wh::key::from_text("token");
    CHECK_FALSE(expected_handshake());
    CHECK(expected_handshake(wh::handshakes::slack));
    CHECK(code_of([] { return expected_handshake(wh::handshakes::meta); }) == errc::empty_key);
    CHECK(code_of([] { return expected_handshake(wh::handshakes::asana); }) == errc::empty_key);
    CHECK(code_of([&] { return expected_handshake(wh::handshakes::slack, token); }) ==
          errc::empty_key);
    CHECK(code_of([&] { return expected_handshake(wh::handshakes::meta, setup); }) ==
          errc::empty_key);
    const auto meta_with = [&](const std::string& text) {
        return code_of(
            [&] { return expected_handshake(wh::handshakes::meta, wh::key::from_text(text)); });
    };
    CHECK_FALSE(meta_with(std::string(256, 'x')));
    CHECK(meta_with(std::string(257, 'x')) == errc::key_wrong_length);
}
