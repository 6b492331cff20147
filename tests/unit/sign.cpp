// SPDX-License-Identifier: MIT
#include <webhookpp/sign.hpp>

#include <string>
#include <vector>

#include <webhookpp/schemes/all.hpp>
#include <webhookpp/testing/signed_delivery.hpp>

#include "../catch.hpp"
#include "../golden.hpp"

namespace wh = webhookpp;
using wh::errc;

namespace {

const wh::scheme& scheme = wh::schemes::standard_webhooks;

wh::result<wh::signed_request> sign(std::initializer_list<const char*> keys,
                                    const wh::unsigned_message& message) {
    std::vector<wh::key> list;
    for (const char* text : keys) list.push_back(wh::key::from_text(text));
    return wh::sign(scheme, list, message);
}

wh::unsigned_message golden_message() {
    return {.id = golden::id, .timestamp = golden::now, .body = golden::body};
}

}  // namespace

TEST_CASE("signing gives the published signatures") {
    const auto v1 = sign({golden::secret}, golden_message()).value().headers;
    CHECK(v1 == golden::parts().headers());
    const auto v1a = sign({golden::signing_key}, golden_message()).value().headers;
    CHECK(v1a.back().second == golden::signature_v1a);
    // Seed alone, published by Signet.
    const auto seed = sign({"whsk_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU="},
                           {.id = "i", .timestamp = 0, .body = "Hello, world!"})
                          .value()
                          .headers;
    CHECK(seed.back().second ==
          "v1a,CV1O+PvrwXM42OMUX+tmm6bA3cS0tgLp0qo3YKuu0MGmBrsUhA0MHXF11HsEUJtPfTKs80WE7WUKVt9TueLD"
          "CQ==");
}

TEST_CASE("several keys sign together, for the time of a change") {
    const auto headers =
        sign({golden::other_secret, golden::signing_key, golden::secret}, golden_message())
            .value()
            .headers;
    for (const char* only : {golden::other_secret, golden::public_key, golden::secret}) {
        CHECK_FALSE(golden::refusal(golden::make_verifier({only}), headers));
    }
}

TEST_CASE("the headers can have the names of Svix") {
    auto message = golden_message();
    message.header_set = 1;
    const auto headers = sign({golden::secret}, message).value().headers;
    CHECK(headers == golden::parts().headers("svix"));
}

TEST_CASE("a key signs only where the scheme has signatures that it makes") {
    static constexpr wh::scheme shared_secrets_only{
        .name = "shared_secrets_only",
        .key = wh::key_form::standard_webhooks,
        .content = {wh::schemes::body},
        .signature = {.header = {"x-signature"}, .versions = {{"v1", wh::algorithm::hmac_sha256}}},
    };
    const auto with = [](const char* key) {
        return wh::sign(shared_secrets_only, wh::key::from_text(key), golden_message());
    };
    CHECK(with(golden::secret).has_value());
    const auto refused = with(golden::signing_key);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::key_wrong_prefix);
    CHECK(refused.error().where == "the scheme has no signatures that this kind of key makes");
}

TEST_CASE("the digest of a body takes the place of one that stands in the URL") {
    const auto key = wh::key::from_text("a shared secret");
    const auto sign_for = [&](const std::string& url) {
        return wh::sign(
            wh::schemes::twilio, key,
            {.body = R"({"a":1})", .url = "https://h.example/in" + url, .form_body = false});
    };
    const std::string right =
        "bodySHA256=015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862";
    CHECK(sign_for("").value().url == "https://h.example/in?" + right);
    CHECK(sign_for("?bodySHA256=00&b=1").value().url == "https://h.example/in?" + right + "&b=1");
}

TEST_CASE("what no verifier accepts is not signed") {
    const auto refused = [](const wh::unsigned_message& message) {
        return sign({golden::secret}, message).error().code;
    };
    CHECK(refused({.id = "", .timestamp = 1}) == errc::invalid_id);
    CHECK(refused({.id = "a.b", .timestamp = 1}) == errc::invalid_id);
    CHECK(refused({.id = "a b", .timestamp = 1}) == errc::invalid_id);
    CHECK(refused({.id = "a", .timestamp = -1}) == errc::invalid_timestamp);
    CHECK(refused({.id = "a", .timestamp = 1'000'000'000'000}) == errc::invalid_timestamp);
    for (const std::string& type :
         {std::string("a\r\nb"), std::string("a b"), std::string(129, 't')}) {
        CHECK(refused({.id = "a", .timestamp = 1, .event_type = type}) == errc::invalid_header);
    }
    CHECK(sign({}, golden_message()).error().code == errc::empty_key);
    CHECK(sign({golden::public_key}, golden_message()).error().code == errc::key_wrong_prefix);
    CHECK(sign({"whsec_"}, golden_message()).error().code == errc::empty_key);
}

TEST_CASE("a signed delivery for tests is accepted, and refused once it is changed") {
    auto delivery =
        wh::testing::sign_delivery(scheme, wh::key::from_text(golden::secret), "{}", golden::now);
    const auto verifier = golden::make_verifier();
    CHECK(verifier.verify(delivery.view()));
    delivery.body = "[]";
    CHECK_FALSE(verifier.verify(delivery.view()));
}

TEST_CASE("each scheme has its own way to send what proves the sender") {
    namespace schemes = wh::schemes;
    struct row {
        const wh::scheme& scheme;
        const char* key;
        const char* url;
        wh::signed_headers headers;
        const char* called;
    };
    const char* const in = "https://hooks.example.com/in";
    const row table[] = {
        {schemes::waitwhile,
         "testsecret0000000000wait",
         in,
         {{"X-Waitwhile-Signature", "Ktc68w81krFpW5MN7r2XmPCMh9jk+X3CLKZcWT4I4tw="}},
         in},
        {schemes::bearer_token, "t", "", {{"Authorization", "Bearer t"}}, ""},
        {schemes::basic_auth,
         "hook:s3cret:x",
         "",
         {{"Authorization", "Basic aG9vazpzM2NyZXQ6eA=="}},
         ""},
        {schemes::shared_token, "t", in, {{"X-Webhook-Token", "t"}}, in},
        {schemes::url_token, "t", in, {}, "https://hooks.example.com/in?token=t"},
        {schemes::url_token, "t", "https://h.example?a=1", {}, "https://h.example?a=1&token=t"},
        {schemes::path_token, "t", in, {}, "https://hooks.example.com/in/t"},
        {schemes::path_token, "t", "https://h.example/in/?a=/", {}, "https://h.example/in/t?a=/"},
        {schemes::path_token, "t", "https://h.example", {}, "https://h.example/t"},
    };
    for (const row& each : table) {
        INFO(each.scheme.name << " " << each.url);
        const auto key = wh::key::from_text(each.key);
        const auto made = wh::sign(each.scheme, key, {.body = "{}", .url = each.url}).value();
        CHECK(made.headers == each.headers);
        CHECK(made.url == each.called);
    }
}

TEST_CASE("what no receiver of a URL or a token accepts is not signed") {
    namespace schemes = wh::schemes;
    const auto key = wh::key::from_text("t");
    const auto refused = [&](const wh::scheme& with, std::string_view url) {
        const auto made = wh::sign(with, key, {.body = "{}", .url = url});
        return made ? std::nullopt : std::optional(made.error().code);
    };
    for (const wh::scheme* with :
         {&schemes::waitwhile, &schemes::url_token, &schemes::path_token}) {
        INFO(with->name);
        CHECK(refused(*with, "") == errc::invalid_url);
        CHECK(refused(*with, "/in") == errc::invalid_url);
        CHECK(refused(*with, "https://h.example/a b") == errc::invalid_url);
        CHECK_FALSE(refused(*with, "https://h.example/in"));
    }
    CHECK(refused(schemes::url_token, "https://h.example/in?token=x") == errc::invalid_url);
    CHECK(refused(schemes::url_token, "https://h.example/in#part") == errc::invalid_url);
    CHECK(refused(schemes::path_token, "https://h.example/in#part") == errc::invalid_url);
    CHECK(refused(schemes::basic_auth, "") == errc::key_bad_encoding);
    CHECK(refused(schemes::url_token, "https://h.example/in?token=t") == errc::invalid_url);
    CHECK(refused(schemes::url_token, "https://h.example/in?token=x&token=y") == errc::invalid_url);
    CHECK(refused(schemes::url_token, "https://h.example/in?token=x&a=1&token=t") ==
          errc::invalid_url);

    const wh::key two[] = {key, key};
    for (const wh::scheme* with : {&schemes::waitwhile, &schemes::shared_token}) {
        const auto made = wh::sign(*with, two, {.body = "{}", .url = "https://h.example/in"});
        REQUIRE_FALSE(made);
        CHECK(made.error().code == errc::too_many_keys);
    }
}

TEST_CASE("a delivery has as many signatures as verifiers read") {
    namespace schemes = wh::schemes;
    const auto refused = [](const wh::scheme& with, const char* text, std::size_t count) {
        const std::vector<wh::key> keys(count, wh::key::from_text(text));
        const auto made = wh::sign(
            with, keys, {.id = "a", .timestamp = 1, .body = "{}", .url = "https://h.example/in"});
        return made ? std::nullopt : std::optional(made.error().code);
    };
    const auto check_most = [&](const wh::scheme& with, std::size_t most, const char* text) {
        INFO(with.name);
        CHECK_FALSE(refused(with, text, most));
        CHECK(refused(with, text, most + 1) == errc::too_many_keys);
    };
    check_most(schemes::standard_webhooks, 16, golden::secret);
    check_most(schemes::stripe, 16, "whsec_test");
    check_most(schemes::pagerduty, 16, "secret");
    check_most(schemes::box, 2, "secret");
    check_most(schemes::github, 1, "secret");
    check_most(schemes::square, 1, "secret");
}

TEST_CASE("an empty token in the URL is none, and another may follow") {
    const auto key = wh::key::from_text("t");
    const auto made = wh::testing::sign_delivery(wh::schemes::url_token, key, "{}", 0, "i",
                                                 "https://h.example/in?token=");
    CHECK(made.target == "/in?token=&token=t");
    CHECK(wh::verifier<wh::schemes::url_token>(key).verify(made.view()));
}

TEST_CASE("a URL with a token already is refused with what to do") {
    const auto where = [](const char* url) {
        const auto made =
            wh::sign(wh::schemes::url_token, wh::key::from_text("t"), {.body = "{}", .url = url});
        return made ? std::string() : std::string(made.error().where);
    };
    const char* const token = "the .url has a token already: leave it out, signing adds the key's";
    CHECK(where("https://h.example/in?token=x") == token);
    CHECK(where("https://h.example/in?token=x&token=y") == token);
    CHECK(where("https://h.example/in#part") ==
          "the .url has a fragment (#), which is never sent: leave it out");
}

TEST_CASE("a URL that is too long for every verifier is not signed") {
    namespace schemes = wh::schemes;
    const auto key = wh::key::from_text("tok-1");
    const std::size_t most = wh::limits().query;
    for (const wh::scheme* const with :
         {&schemes::url_token, &schemes::path_token, &schemes::twilio, &schemes::hubspot_v3}) {
        INFO(with->name);
        const auto signed_at = [&](std::size_t size) {
            const std::string url = "https://h.example/" + std::string(size, 'x');
            return wh::sign(
                *with, key,
                {.timestamp = golden::now, .body = "{}", .url = url, .form_body = false});
        };
        // What signing adds counts.
        const auto shortest = signed_at(100);
        REQUIRE(shortest);
        const std::size_t added = wh::target_of(shortest->url).size() - 100;
        const auto longest = signed_at(most - added);
        REQUIRE(longest);
        const auto target = wh::target_of(longest->url);
        CHECK(target.size() == most);
        const wh::any_verifier<wh::testing::fixed_clock> verifier(*with, key, {.url = longest->url},
                                                                  {golden::now});
        CHECK_FALSE(golden::refusal(
            verifier.verify({longest->headers, std::string_view("{}"), "POST", target})));
        const auto over = signed_at(most - added + 1);
        REQUIRE_FALSE(over);
        CHECK(over.error().code == errc::invalid_url);
        CHECK(over.error().where.view().find("shorten the .url") != std::string_view::npos);
    }
    // Where no verifier reads the target, it has no limit.
    const std::string any = "https://h.example/" + std::string(2 * most, 'x');
    CHECK(wh::sign(schemes::waitwhile, key, {.body = "{}", .url = any}));
}
