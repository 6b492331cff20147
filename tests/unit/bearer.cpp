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
    for (const char* value : {"Basic x", "Bearer", "x", "Bearerx", "Bearer\tx", "Bearer x y",
                              "Bearer \xc3\xa9", "Bearer, x", "XBearer x"}) {
        INFO(value);
        CHECK(refused({{"Authorization", value}}) == errc::no_supported_signature);
    }
    CHECK(refused({{"Authorization", "Bearer " + std::string(8186, 'x')}}) ==
          errc::header_too_large);
    CHECK(token_in({{"Authorization", "Bearer " + std::string(8185, 'x')}})->size() == 8185);
    CHECK(refused({{"Authorization", "Bearer x"}}, {.body = golden::body.size() - 1}) ==
          errc::body_too_large);
}
