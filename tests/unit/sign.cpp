#include <webhookpp/sign.hpp>

#include <string>
#include <vector>

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
