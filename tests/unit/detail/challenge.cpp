// SPDX-License-Identifier: MIT
#include <webhookpp/detail/challenge.hpp>

#include <string>

#include <webhookpp/scheme.hpp>

#include "../../catch.hpp"

namespace wh = webhookpp;
namespace schemes = wh::schemes;
using wh::detail::is_challenge;
using wh::detail::signs_challenges;

TEST_CASE("a challenge is 1 to 128 letters, digits, - and _") {
    CHECK_FALSE(is_challenge(""));
    CHECK(is_challenge("x"));
    CHECK(is_challenge("aZ09-_"));
    CHECK(is_challenge(std::string(128, 'a')));
    CHECK_FALSE(is_challenge(std::string(129, 'a')));
    for (const char* text : {"a.b", "a~b", "a:b", "a b", "a=b", "\xc3\xa4", "a/", "+a"}) {
        CHECK_FALSE(is_challenge(text));
    }
}

TEST_CASE("challenges are signed where no message can be one") {
    const auto signs = [](const wh::signed_content& content,
                          wh::algorithm made_by = schemes::hmac_sha256) {
        return signs_challenges(wh::scheme{
            .name = "x", .algorithm = made_by, .content = content, .signature = {.header = "X"}});
    };
    CHECK(signs({"v0:", schemes::method, ":", schemes::body}));
    CHECK(signs({".", schemes::body}));
    CHECK(signs({schemes::body, "."}));
    CHECK(signs({"v0", schemes::body, "~"}));
    // Letters, digits, - and _ can stand in a challenge.
    CHECK_FALSE(signs({"v0-_", schemes::body}));
    CHECK_FALSE(signs({schemes::body}));
    CHECK_FALSE(signs({"a", schemes::method, "b", "c", "d", "e", "f", schemes::body}));
    // The answer would be no signature of these.
    CHECK_FALSE(signs({".", schemes::body}, schemes::hmac_sha1));
    CHECK_FALSE(signs({".", schemes::body}, schemes::hmac_sha512));
    CHECK_FALSE(signs({".", schemes::body}, schemes::ed25519));
}
