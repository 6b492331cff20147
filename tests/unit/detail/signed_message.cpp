// SPDX-License-Identifier: MIT
#include <webhookpp/detail/signed_message.hpp>

#include <string>
#include <string_view>

#include "../../catch.hpp"

namespace wh = webhookpp;
namespace schemes = wh::schemes;
using wh::detail::has_plain_parts;
using wh::detail::has_two_urls;

namespace {

wh::scheme with(const wh::signed_content& content, const wh::url_source& url = {}) {
    return wh::scheme{.name = "x",
                      .algorithm = schemes::hmac_sha256,
                      .content = content,
                      .signature = {.header = "X"},
                      .url = url};
}

const wh::signed_content body{schemes::body};
const wh::signed_content url_and_body{schemes::url, schemes::body};

}  // namespace

TEST_CASE("what is signed stands somewhere as it is, unless a URL or a form is written anew") {
    CHECK(has_plain_parts(with(body)));
    CHECK(has_plain_parts(with(url_and_body)));
    CHECK_FALSE(has_plain_parts(with(url_and_body, {.query_of_request = true})));
    CHECK_FALSE(has_plain_parts(with(url_and_body, {.any_default_port = true})));
    CHECK_FALSE(has_plain_parts(with(url_and_body, {.decoded = ":"})));
    CHECK_FALSE(has_plain_parts(with({schemes::url, schemes::form})));
}

TEST_CASE("a URL has a second spelling if the scheme says so and no port stands in it") {
    const auto either = with(url_and_body, {.any_default_port = true});
    CHECK(has_two_urls(either, "https://h.example/in"));
    CHECK(has_two_urls(either, "https://h.example:443/in"));
    CHECK_FALSE(has_two_urls(either, "https://h.example:8443/in"));
    CHECK_FALSE(has_two_urls(with(url_and_body), "https://h.example/in"));
}

TEST_CASE("the digest of a body is all of its hex") {
    const wh::crypto::digest_context context;
    // `printf body | openssl dgst -sha256`
    const std::string digest = "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5";
    const auto is_digest = [&](std::string_view text) {
        return wh::detail::is_digest_of(context, "body", text).value();
    };
    // Each bad one behind a good one, whose bytes may still lie in memory.
    for (const std::string& bad :
         {std::string(), digest.substr(2), digest.substr(0, 62), digest + "00",
          "zz" + digest.substr(2), std::string(64, '0'), digest.substr(1)}) {
        const bool good = is_digest(digest);
        const bool other = is_digest(bad);
        INFO(bad);
        CHECK(good);
        CHECK_FALSE(other);
    }
    CHECK_FALSE(wh::detail::is_digest_of(context, "other", digest).value());
}

TEST_CASE("parts are signed in their order, also behind a form") {
    const wh::crypto::digest_context context;
    wh::detail::byte_buffer<16> out;
    const auto described = with({"<", schemes::form, ">", schemes::url});
    REQUIRE(wh::detail::join_message(
        out, described, {.body = "b=2&a=1", .url = "https://h.example/in"}, false, context));
    CHECK(out.view() == "<a1b2>https://h.example/in");
    CHECK(wh::detail::join_message(out, described, {.body = "a&b&c"}, false, context, 2)
              .error()
              .code == wh::errc::body_too_large);
}
