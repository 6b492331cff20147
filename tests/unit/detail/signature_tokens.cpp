// SPDX-License-Identifier: MIT
#include <webhookpp/detail/signature_tokens.hpp>

#include <cstddef>
#include <string>
#include <string_view>

#include <webhookpp/schemes/github.hpp>
#include <webhookpp/schemes/sendgrid.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/schemes/stripe.hpp>

#include "../../catch.hpp"

namespace wh = webhookpp;
namespace schemes = wh::schemes;
using wh::detail::signature_tokens;

namespace {

const std::string in_hex(64, 'a');
const std::string in_base64 = std::string(43, 'A') + '=';

// What was made of a header, as text; of an error its name.
std::string read(const wh::scheme& scheme, std::string_view value, std::size_t limit = 16) {
    signature_tokens tokens;
    if (const auto good = tokens.read(scheme, value, limit); !good) {
        return std::string(wh::name(good.error().code));
    }
    return std::to_string(tokens.candidates().size()) + " and " + std::to_string(tokens.skipped()) +
           (tokens.timestamp().empty() ? "" : " at " + std::string(tokens.timestamp()));
}

std::string repeated(std::string_view token, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += token;
    return all;
}

const wh::scheme with_word{.name = "x",
                           .algorithm = schemes::hmac_sha256,
                           .content = {schemes::body},
                           .signature = {.header = "X", .word = "HMAC", .encoding = schemes::hex}};
const wh::scheme one_version{
    .name = "x",
    .content = {schemes::body},
    .signature = {.header = "X", .versions = {{"v1", schemes::hmac_sha256}}}};
const wh::scheme pairs_without_time{
    .name = "x",
    .algorithm = schemes::hmac_sha256,
    .content = {schemes::body},
    .signature = {.header = "X", .pairs = schemes::pairs("v1"), .encoding = schemes::hex}};

}  // namespace

TEST_CASE("a header of one signature has that or nothing that counts") {
    CHECK(read(schemes::github, "sha256=" + in_hex) == "1 and 0");
    CHECK(read(schemes::github, "sha1=" + in_hex) == "0 and 1");
    CHECK(read(schemes::github, in_hex) == "0 and 1");
    CHECK(read(schemes::github, "sha256=" + in_hex.substr(2)) == "0 and 1");
    CHECK(read(schemes::github, "sha256=") == "0 and 1");
    CHECK(read(with_word, "HMAC " + in_hex) == "1 and 0");
    CHECK(read(with_word, in_hex) == "0 and 1");
    CHECK(read(with_word, "") == "0 and 1");
    CHECK(read(schemes::sendgrid, "") == "0 and 1");
    CHECK(read(schemes::sendgrid, "AAAA") == "1 and 0");
}

TEST_CASE("a list of versions has those that are known, and spaces between them") {
    const std::string token = "v1," + in_base64;
    CHECK(read(schemes::standard_webhooks, token) == "1 and 0");
    CHECK(read(schemes::standard_webhooks, token + "  " + token + " ") == "2 and 0");
    CHECK(read(schemes::standard_webhooks, " " + token) == "1 and 0");
    CHECK(read(schemes::standard_webhooks, token + "   " + token + "  ", 2) == "2 and 0");
    CHECK(read(schemes::standard_webhooks,
               token + " v9," + in_base64 + " v1,AAAA v1 " + in_base64) == "1 and 4");
    CHECK(read(schemes::standard_webhooks, "") == "0 and 0");
    for (const char* other : {",", "v,", "v2,", "V1,"}) {
        CHECK(read(one_version, other + in_base64) == "0 and 1");
    }
}

TEST_CASE("a list of pairs has those of the scheme's name, and one time if the scheme has one") {
    const std::string pair = "v1=" + in_hex;
    CHECK(read(schemes::stripe, "t=12," + pair) == "1 and 0 at 12");
    CHECK(read(schemes::stripe, pair + " ,, t=12 , " + pair) == "2 and 0 at 12");
    CHECK(read(schemes::stripe, "t=12,v0=" + in_hex + ",v1,v1=,v1=x," + pair) == "1 and 4 at 12");
    CHECK(read(schemes::stripe, pair) == "invalid_header");
    CHECK(read(schemes::stripe, "t," + pair) == "invalid_header");
    CHECK(read(schemes::stripe, "t=1,t=1," + pair) == "invalid_header");
    CHECK(read(schemes::stripe, "") == "invalid_header");
    CHECK(read(pairs_without_time, "=x," + pair) == "1 and 1");
    CHECK(read(pairs_without_time, "=,t=1," + pair) == "1 and 2");
    CHECK(read(pairs_without_time, "") == "0 and 0");
}

TEST_CASE("too many signatures are refused before one is decoded, whatever the limit is") {
    const struct {
        const wh::scheme& scheme;
        std::string token;
        std::string_view time;
    } lists[] = {{schemes::standard_webhooks, "v1," + in_base64 + " ", ""},
                 {schemes::standard_webhooks, "x ", ""},
                 {schemes::stripe, "v1=" + in_hex + ",", "t=1,"},
                 {schemes::stripe, "x,", "t=1,"}};
    for (const auto& list : lists) {
        const auto refused = [&list](std::size_t times, std::size_t limit) {
            return read(list.scheme, std::string(list.time) + repeated(list.token, times), limit) ==
                   "too_many_signatures";
        };
        CHECK_FALSE(refused(3, 3));
        CHECK(refused(4, 3));
        CHECK_FALSE(refused(16, 16));
        CHECK_FALSE(refused(16, 100));
        CHECK(refused(17, 100));
    }
}

TEST_CASE("two headers together have room for as many signatures as one") {
    const std::string full = repeated("v1," + in_base64 + " ", signature_tokens::max_tokens);
    signature_tokens tokens;
    REQUIRE(tokens.read(schemes::standard_webhooks, full, 16));
    REQUIRE(tokens.read(schemes::standard_webhooks, full, 16));
    CHECK(tokens.candidates().size() == 16);
    CHECK(tokens.skipped() == 16);
    CHECK(tokens.count(wh::algorithm::hmac_sha256) == 16);
    CHECK(tokens.count(wh::algorithm::ed25519) == 0);
}
