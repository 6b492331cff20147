// SPDX-License-Identifier: MIT
#include <webhookpp/bearer.hpp>

#include <string>

#include "../catch.hpp"
#include "../golden.hpp"

namespace wh = webhookpp;
using wh::errc;

namespace {

wh::result<std::string> token_in(const golden::header_list& headers,
                                 const wh::limits& allowed = {}) {
    return wh::bearer_token_of({headers, golden::body}, allowed);
}

errc refused(const golden::header_list& headers, const wh::limits& allowed = {}) {
    const auto token = token_in(headers, allowed);
    REQUIRE_FALSE(token);
    return token.error().code;
}

}  // namespace

TEST_CASE("a bearer token is taken out for the host to check") {
    CHECK(token_in({{"authorization", "Bearer ab.c-1"}}).value() == "ab.c-1");
    CHECK(token_in({{"Authorization", "bEARER   x"}}).value() == "x");
    CHECK(token_in({{"Authorization", "Bearer x"}, {"Authorization", "Bearer x"}}).value() == "x");
}

TEST_CASE("a bearer token is taken by the rules of a verifier") {
    CHECK(refused({}) == errc::missing_header);
    CHECK(refused({{"Authorization", " "}}) == errc::missing_header);
    CHECK(refused({{"Authorization", "Bearer x"}, {"Authorization", "Bearer y"}}) ==
          errc::duplicate_header);
    for (const char* value :
         {"Basic x", "Bearer", "x", "Bearerx", "Bearer\tx", "Bearer x y", "Bearer \xc3\xa9",
          "Bearer, x", "XBearer x", "Bexrer x", "Bearex x"}) {
        INFO(value);
        CHECK(refused({{"Authorization", value}}) == errc::no_supported_signature);
    }
    CHECK(refused({{"Authorization", "Bearer " + std::string(8186, 'x')}}) ==
          errc::header_too_large);
    CHECK(token_in({{"Authorization", "Bearer " + std::string(8185, 'x')}})->size() == 8185);
    CHECK(refused({{"Authorization", "Bearer x"}}, {.body = golden::body.size() - 1}) ==
          errc::body_too_large);
}

TEST_CASE("a bearer token is taken within the limits of the deployment") {
    const golden::header_list headers{{"Authorization", "Bearer x"}};
    CHECK(token_in(headers, {.body = golden::body.size()}).value() == "x");
    // The body is looked at first.
    CHECK(refused({}, {.body = golden::body.size() - 1}) == errc::body_too_large);
    CHECK(token_in(headers, {.header_value = 8}).value() == "x");
    CHECK(refused(headers, {.header_value = 7}) == errc::header_too_large);
    const std::string longer(20'000, 'x');
    CHECK(token_in({{"Authorization", "Bearer " + longer}}, {.header_value = 20'007}).value() ==
          longer);
}
