// SPDX-License-Identifier: MIT
#include <webhookpp/detail/form_fields.hpp>

#include <string>

#include "../../catch.hpp"

namespace wh = webhookpp;

namespace {

std::string decoded(std::string_view text) {
    wh::detail::byte_buffer<16> out;
    REQUIRE(wh::detail::append_form_decoded(out, text));
    return std::string(out.view());
}

wh::result<std::string> sorted(std::string_view body, std::size_t limit = 1000) {
    wh::detail::byte_buffer<16> out;
    const auto good = wh::detail::append_sorted_fields(out, body, limit);
    if (!good) return wh::unexpected(good.error());
    return std::string(out.view());
}

}  // namespace

TEST_CASE("form text is decoded as browsers write it") {
    CHECK(decoded("").empty());
    CHECK(decoded("a+b%20c") == "a b c");
    CHECK(decoded("%41%6a%6A") == "Ajj");
    CHECK(decoded("%2B%26%3D%25") == "+&=%");
    CHECK(decoded("%C3%A9") == "\xc3\xa9");
    CHECK(decoded("%00") == std::string(1, '\0'));
    CHECK(decoded("\xc3\xa9") == "\xc3\xa9");
    // Once.
    CHECK(decoded("%2541") == "%41");
}

TEST_CASE("a percent sign before anything else stands for itself") {
    for (const char* text : {"%", "%4", "%%", "%g1", "%1g", "a%", "%-1", "% 1"}) {
        CHECK(decoded(text) == text);
    }
    CHECK(decoded("%%41") == "%A");
    CHECK(decoded("%4%41") == "%4A");
    CHECK(decoded("%+1") == "% 1");
}

TEST_CASE("fields are joined in the order of their names, then of their values") {
    CHECK(*sorted("b=2&a=1") == "a1b2");
    CHECK(*sorted("a=2&a=1") == "a1a2");
    CHECK(*sorted("ab=1&a=b") == "abab1");
    CHECK(*sorted("a=1&A=1&%C3%A9=1&_=1") ==
          "A1_1a1\xc3\xa9"
          "1");
    // As bytes and not as characters of some language, after decoding.
    CHECK(*sorted("%7A=1&%41=2") == "A2z1");
    CHECK(*sorted("a=b+c&a=b%2Bc") == "ab cab+c");
}

TEST_CASE("equal fields count once") {
    CHECK(*sorted("a=1&a=1") == "a1");
    CHECK(*sorted("a=1&%61=%31&a=1") == "a1");
    CHECK(*sorted("a=1&a=2&a=1") == "a1a2");
}

TEST_CASE("fields may lack a value, a name or both") {
    CHECK(sorted("")->empty());
    CHECK(sorted("&&")->empty());
    CHECK(*sorted("a") == "a");
    CHECK(*sorted("a=") == "a");
    CHECK(*sorted("=a") == "a");
    CHECK(*sorted("a==b&") == "a=b");
    CHECK(*sorted("&a=1&&b=2&") == "a1b2");
}

TEST_CASE("a form has no more fields than the limit, empty ones counted") {
    CHECK(sorted("a=1&b=2", 2));
    CHECK(sorted("a=1&b=2&c=3", 2).error().code == wh::errc::body_too_large);
    CHECK(sorted("&&&", 2).error().code == wh::errc::body_too_large);
    CHECK(sorted("", 0));
    CHECK(sorted("a", 0).error().code == wh::errc::body_too_large);
}

TEST_CASE("long fields in any number are decoded and sorted") {
    std::string body;
    std::string expected;
    for (int i = 0; i < 500; ++i) {
        const std::string name = std::to_string(1000 + i);
        const std::string value(static_cast<std::size_t>(i), 'v');
        body.insert(0, name + "=" + value + "%41&");
        expected += name + value + "A";
    }
    CHECK(*sorted(body) == expected);
}
