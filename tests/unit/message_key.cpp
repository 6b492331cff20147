// SPDX-License-Identifier: MIT
#include <webhookpp/message_key.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/schemes/all.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/verifier.hpp>

#include "../catch.hpp"
#include "../messages.hpp"

namespace wh = webhookpp;
using wh::message_key;
using wh::same_body;

namespace {

std::string hex(const message_key& key) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : key.bytes()) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

message_key of_id(std::string_view provider, std::string_view endpoint, std::string_view id) {
    return message_key::of_id(provider, endpoint, id).value();
}
message_key of_body(std::string_view provider, std::string_view endpoint, std::string_view body) {
    return message_key::of_body(provider, endpoint, body).value();
}

wh::identification as(std::string_view id = {}) {
    return {.provider = "p", .endpoint = "e", .id = id};
}

}  // namespace

TEST_CASE("a key is what it always was, since stores keep it") {
    // SHA-256 of "webhookpp message key 1", then "id" or "body", provider, endpoint and id or
    // SHA-256 of the body, each after its length in eight bytes, the highest first.
    CHECK(hex(of_id("stripe", "orders", "evt_1")) ==
          "874af0956696a2531b5fff5ed8a5d81a703c925853b3484fedc762b46445a833");
    CHECK(hex(of_body("stripe", "orders", R"({"a":1})")) ==
          "0451be1645d3ffbf773dae3c7e778d8ba56f0e3b6926f211463eba23bfa659f2");
    CHECK(message_key(of_id("a", "b", "c").bytes()) == of_id("a", "b", "c"));
    CHECK(hex(message_key()) == std::string(64, '0'));
}

TEST_CASE("no two combinations of provider, endpoint and id run into each other") {
    const std::string with_nul("b\0", 2);
    const std::vector<message_key> keys = {
        of_id("a", "b", "c"),  of_id("a", "bc", ""),      of_id("ab", "c", ""),
        of_id("", "ab", "c"),  of_id("", "a", "bc"),      of_id("", "", "abc"),
        of_id("abc", "", ""),  of_id("a", "", "bc"),      of_id("ab", "", "c"),
        of_id("b", "a", "c"),  of_id("c", "b", "a"),      of_id("A", "b", "c"),
        of_id("a", "b", "c "), of_id("a", with_nul, "c"), of_id("a", "b", std::string(1000, 'c')),
        of_id("", "", "")};
    for (std::size_t i = 0; i < keys.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) CHECK(keys[i] != keys[j]);
    }
}

TEST_CASE("an id is never taken for a body") {
    std::array<unsigned char, wh::crypto::sha256_size> digest{};
    REQUIRE(wh::crypto::sha256({}, wh::crypto::as_bytes("body"), digest));
    const std::string_view as_text(reinterpret_cast<const char*>(digest.data()), digest.size());
    CHECK(of_id("a", "b", as_text) != of_body("a", "b", "body"));
    CHECK(of_id("a", "b", "body") != of_body("a", "b", "body"));
    CHECK(of_body("a", "b", "body") == of_body("a", "b", "body"));
    CHECK(of_body("a", "b", "body") != of_body("a", "b", "Body"));
    CHECK(of_body("a", "bb", "ody") != of_body("a", "b", "body"));
}

TEST_CASE("a unique key is like no other") {
    CHECK(message_key::unique().value() != message_key::unique().value());
    CHECK(message_key::unique().value() != message_key());
}

TEST_CASE("a signed id says all there is to know") {
    for (const same_body mode : {same_body::flag, same_body::drop, same_body::ignore}) {
        auto how = as();
        how.same_body = mode;
        const auto found = wh::identify(messages::with_signed_id("1"), how).value();
        CHECK(found.key == of_id("p", "e", "1"));
        CHECK_FALSE(found.body_key);
    }
}

TEST_CASE("beside an id that is not signed, the body is looked at") {
    const auto message = messages::with_unsigned_id("1", "body");
    auto how = as();
    for (const same_body mode : {same_body::flag, same_body::drop}) {
        how.same_body = mode;
        const auto found = wh::identify(message, how).value();
        CHECK(found.key == of_id("p", "e", "1"));
        CHECK(found.body_key == of_body("p", "e", "body"));
    }
    how.same_body = same_body::ignore;
    CHECK_FALSE(wh::identify(message, how).value().body_key);
    how = as();
    how.repeats_bodies = true;
    CHECK_FALSE(wh::identify(message, how).value().body_key);
    CHECK(wh::identify(message, how).value().key == of_id("p", "e", "1"));
}

TEST_CASE("a body that is not signed says nothing about replays") {
    const auto message = messages::make("body", {.id = "1"});
    const auto found = wh::identify(message, as()).value();
    CHECK(found.key == of_id("p", "e", "1"));
    CHECK_FALSE(found.body_key);
}

TEST_CASE("a message without an id is known by its body") {
    for (const bool is_signed : {true, false}) {
        const auto message = messages::make("body", {.body_is_signed = is_signed});
        const auto found = wh::identify(message, as()).value();
        CHECK(found.key == of_body("p", "e", "body"));
        CHECK_FALSE(found.body_key);
    }
    const std::string body = "body";
    CHECK(wh::identify(wh::assume_verified(body, "a test"), as()).value().key ==
          of_body("p", "e", "body"));
}

TEST_CASE("a message without an id is not known where bodies tell nothing") {
    const auto message = messages::without_id("body");
    auto ignoring = as();
    ignoring.same_body = same_body::ignore;
    auto repeating = as();
    repeating.repeats_bodies = true;
    for (const auto& how : {ignoring, repeating}) {
        const auto first = wh::identify(message, how).value();
        const auto second = wh::identify(message, how).value();
        CHECK(first.key != second.key);
        CHECK(first.key != of_body("p", "e", "body"));
        CHECK_FALSE(first.body_key);
    }
}

TEST_CASE("an id that stands in the body is as good as the body") {
    const auto is_signed = wh::identify(messages::without_id("body"), as("in body")).value();
    CHECK(is_signed.key == of_id("p", "e", "in body"));
    CHECK_FALSE(is_signed.body_key);
    const auto not_signed = wh::identify(messages::make("body", {}), as("in body")).value();
    CHECK(not_signed.key == of_id("p", "e", "in body"));
    CHECK_FALSE(not_signed.body_key);
    // It goes before the one in the header, whatever that proves.
    const auto both = wh::identify(messages::with_unsigned_id("in header"), as("in body")).value();
    CHECK(both.key == of_id("p", "e", "in body"));
    CHECK_FALSE(both.body_key);
    const auto better =
        wh::identify(messages::make("body", {.id = "in header", .id_is_signed = true}),
                     as("in body"))
            .value();
    CHECK(better.key == of_id("p", "e", "in body"));
}

TEST_CASE("schemes are recognised as their trust allows") {
    using wh::testing::fixed_clock;
    constexpr std::int64_t now = 1'700'000'000;
    const auto identified = [&](const wh::verified_message& message, const wh::scheme& scheme) {
        return wh::identify(message, {.provider = scheme.name,
                                      .endpoint = "e",
                                      .repeats_bodies = scheme.repeats_bodies})
            .value();
    };
    {
        const auto key = wh::key::from_whsec("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        const auto sent =
            wh::testing::sign_delivery(wh::schemes::standard_webhooks, key, "{}", now, "msg_1");
        const wh::verifier<wh::schemes::standard_webhooks, fixed_clock> verifier(key, {}, {now});
        const auto found =
            identified(verifier.verify(sent.view()).value(), wh::schemes::standard_webhooks);
        CHECK(found.key == of_id("standard_webhooks", "e", "msg_1"));
        CHECK_FALSE(found.body_key);
    }
    const auto key = wh::key::from_text("It's a Secret to Everybody");
    {
        const auto sent = wh::testing::sign_delivery(wh::schemes::github, key, "{}", now, "msg_1");
        const wh::verifier<wh::schemes::github, fixed_clock> verifier(key, {}, {now});
        const auto found = identified(verifier.verify(sent.view()).value(), wh::schemes::github);
        CHECK(found.key == of_id("github", "e", "msg_1"));
        CHECK(found.body_key == of_body("github", "e", "{}"));
    }
    {
        const auto sent = wh::testing::sign_delivery(wh::schemes::dropbox, key, "{}", now);
        const wh::verifier<wh::schemes::dropbox, fixed_clock> verifier(key, {}, {now});
        const auto message = verifier.verify(sent.view()).value();
        CHECK(identified(message, wh::schemes::dropbox).key !=
              identified(message, wh::schemes::dropbox).key);
    }
    {
        const auto sent = wh::testing::sign_delivery(wh::schemes::slack, key, "{}", now);
        const wh::verifier<wh::schemes::slack, fixed_clock> verifier(key, {}, {now});
        const auto found = identified(verifier.verify(sent.view()).value(), wh::schemes::slack);
        CHECK(found.key == of_body("slack", "e", "{}"));
        CHECK_FALSE(found.body_key);
    }
}
