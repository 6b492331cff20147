// SPDX-License-Identifier: MIT
#include <webhookpp/any_verifier.hpp>

#include <string>
#include <type_traits>

#include <webhookpp/schemes/all.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>

#include "../catch.hpp"
#include "../golden.hpp"
#include "../scheme_keys.hpp"

namespace wh = webhookpp;
using wh::errc;

namespace {

using any = wh::any_verifier<wh::testing::fixed_clock>;

constexpr const char* url = "https://hooks.example.com/in";

}  // namespace

TEST_CASE("a verifier can be made for every scheme, and accepts what is signed for it") {
    for (const wh::scheme* const scheme : wh::schemes::all()) {
        INFO(scheme->name);
        const auto keys = golden::keys_for(scheme->key);
        const any verifier(*scheme, keys.verify, {.url = url}, {golden::now});
        auto sent = wh::testing::sign_delivery(*scheme, keys.sign, "{}", golden::now, "msg_1", url);
        const auto message = verifier.verify(sent.view());
        REQUIRE(message);
        CHECK(message->body() == "{}");
        CHECK(message->key_index() == 0U);
        const bool is_token = scheme->algorithm == wh::algorithm::token;
        CHECK(message->body_is_signed() == !is_token);
        CHECK(message->replay_possible() == !scheme->has_timestamp());

        sent.body = "[]";
        CHECK(verifier.verify(sent.view()).has_value() == is_token);
        sent.headers.clear();
        sent.target.clear();
        CHECK(golden::refusal(verifier.verify(sent.view())) == errc::missing_header);
    }
}

TEST_CASE("a verifier for any scheme decides as the one for that scheme") {
    const auto key = wh::key::from_text(golden::secret);
    const any verifier(wh::schemes::standard_webhooks, {key, key}, {}, {golden::now});
    golden::parts parts;
    wh::scratch work;
    CHECK(verifier.verify({parts.headers(), parts.body}));
    CHECK(verifier.verify({parts.headers(), parts.body}, work));
    parts.signature = golden::wrong_signature;
    CHECK(golden::refusal(verifier.verify({parts.headers(), parts.body})) ==
          golden::refusal(golden::make_verifier(), parts.headers()));
}

TEST_CASE("the keys of a verifier for any scheme can be exchanged") {
    const wh::any_verifier verifier(wh::schemes::shared_token, wh::key::from_text("old"));
    const golden::header_list sent{{"X-Webhook-Token", "new"}};
    CHECK_FALSE(verifier.verify({sent, golden::body}));
    REQUIRE(verifier.replace({wh::key::from_text("old"), wh::key::from_text("new")}));
    CHECK(verifier.verify({sent, golden::body})->key_index() == 1U);
    CHECK(verifier.replace({wh::key::from_text("a b")}).error().code == errc::key_bad_encoding);
    CHECK(verifier.verify({sent, golden::body}));
}

TEST_CASE("what is configured wrongly is refused when a verifier is made") {
    const auto key = wh::key::from_text("secret");
    CHECK(any::try_create(wh::schemes::waitwhile, std::span(&key, 1)).error().code ==
          errc::invalid_url);
    CHECK_THROWS_AS(any(wh::schemes::waitwhile, key), wh::exception);
    CHECK(any::try_create(wh::schemes::waitwhile, {}, {.url = url}).error().code ==
          errc::empty_key);
    CHECK(any::try_create(wh::schemes::basic_auth, std::span(&key, 1)).error().code ==
          errc::key_bad_encoding);
}

TEST_CASE("a verifier does not take a scheme that is gone when it is used") {
    CHECK(std::is_constructible_v<any, const wh::scheme&, const wh::key&>);
    CHECK_FALSE(std::is_constructible_v<any, wh::scheme, const wh::key&>);
}
