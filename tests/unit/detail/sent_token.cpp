// SPDX-License-Identifier: MIT
#include <webhookpp/detail/sent_token.hpp>

#include <string_view>

#include <webhookpp/schemes/url_token.hpp>

#include "../../catch.hpp"

namespace wh = webhookpp;
using wh::errc;

TEST_CASE("a token in the query stands behind the question mark") {
    const auto token = [](std::string_view target) {
        return wh::detail::token_in(wh::schemes::url_token.signature, target);
    };
    for (const char* good : {"/in?token=abc", "?token=abc", "/in?a=1&token=abc&b=2",
                             "/in?token=abc&token=abc", "/in?token=&token=abc"}) {
        INFO(good);
        CHECK(token(good).value() == "abc");
    }
    for (const char* none : {"", "/in", "token=abc", "/in&token=abc", "/token=abc", "/in?Token=abc",
                             "/in?token", "/in?token=", "/in?xtoken=abc", "/in?a&token"}) {
        INFO(none);
        CHECK(token(none).error().code == errc::missing_header);
    }
    CHECK(token("/in?token=abc&token=abcd").error().code == errc::duplicate_header);
    CHECK(token("/in?token=a=b").value() == "a=b");
    CHECK(token("/in?token=abc?token=d").value() == "abc?token=d");
}

TEST_CASE("a token in the path is its last part") {
    const auto token = [](std::string_view target) {
        return wh::detail::token_in(wh::schemes::path_token.signature, target);
    };
    CHECK(token("/in/abc").value() == "abc");
    CHECK(token("/abc?a=/b").value() == "abc");
    CHECK(token("abc").value() == "abc");
    for (const char* none : {"", "/", "/abc/", "?abc", "/?/abc"}) {
        INFO(none);
        CHECK(token(none).error().code == errc::missing_header);
    }
}
