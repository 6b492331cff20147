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

TEST_CASE("what no verifier accepts is not signed") {
    const auto refused = [](const wh::unsigned_message& message) {
        return sign({golden::secret}, message).error().code;
    };
    CHECK(refused({.id = "", .timestamp = 1}) == errc::invalid_id);
    CHECK(refused({.id = "a.b", .timestamp = 1}) == errc::invalid_id);
    CHECK(refused({.id = "a b", .timestamp = 1}) == errc::invalid_id);
    CHECK(refused({.id = "a", .timestamp = -1}) == errc::invalid_timestamp);
    CHECK(refused({.id = "a", .timestamp = 1'000'000'000'000}) == errc::invalid_timestamp);
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

    const wh::key two[] = {key, key};
    for (const wh::scheme* with : {&schemes::waitwhile, &schemes::shared_token}) {
        const auto made = wh::sign(*with, two, {.body = "{}", .url = "https://h.example/in"});
        REQUIRE_FALSE(made);
        CHECK(made.error().code == errc::too_many_keys);
    }
}
