// SPDX-License-Identifier: MIT
#include <webhookpp/request.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "../catch.hpp"

namespace wh = webhookpp;

TEST_CASE("a body is taken from whatever holds bytes, as it is") {
    const std::string text("a\0b\xff", 4);
    CHECK(wh::body_view(text).bytes() == text);
    CHECK(wh::body_view(std::string_view(text)).bytes() == text);
    const std::vector<unsigned char> bytes{'a', 0, 'b', 0xff};
    CHECK(wh::body_view(bytes).bytes() == text);
    CHECK(wh::body_view(std::span<const std::byte>(std::as_bytes(std::span(bytes)))).bytes() ==
          text);
    const std::array<char, 4> array{'a', 0, 'b', '\xff'};
    CHECK(wh::body_view(array).bytes() == text);
    CHECK(wh::body_view().bytes().empty());
}

TEST_CASE("a body is not taken from what would be gone, or has no length") {
    CHECK(std::is_constructible_v<wh::body_view, const std::string&>);
    CHECK(std::is_constructible_v<wh::body_view, std::string&>);
    CHECK(std::is_constructible_v<wh::body_view, std::string_view>);
    CHECK_FALSE(std::is_constructible_v<wh::body_view, std::string>);
    CHECK_FALSE(std::is_constructible_v<wh::body_view, const std::string>);
    CHECK_FALSE(std::is_constructible_v<wh::body_view, std::vector<char>>);
    CHECK_FALSE(std::is_constructible_v<wh::body_view, std::array<char, 4>>);
    CHECK_FALSE(std::is_constructible_v<wh::body_view, const char*>);
    CHECK_FALSE(std::is_constructible_v<wh::body_view, const char(&)[3]>);
    CHECK_FALSE(std::is_constructible_v<wh::body_view, std::vector<int>&>);
}

TEST_CASE("a delivery is a POST unless it says otherwise") {
    const std::vector<std::pair<std::string, std::string>> headers;
    const std::string body = "b";
    const wh::delivery posted{headers, body};
    CHECK(posted.method == "POST");
    CHECK(posted.target.empty());
    const wh::delivery other{.headers = headers, .body = body, .method = "PUT", .target = "/a?b=c"};
    CHECK(other.method == "PUT");
    CHECK(other.target == "/a?b=c");
}

TEST_CASE("the target of a URL is its path and query as they stand") {
    CHECK(wh::target_of("https://h.example/in?a=1&b=%20") == "/in?a=1&b=%20");
    CHECK(wh::target_of("https://h.example:8443/") == "/");
    CHECK(wh::target_of("https://h.example").empty());
    CHECK(wh::target_of("https://h.example?a=1") == "?a=1");
    CHECK(wh::target_of("https://h.example/in#part?a=1") == "/in");
    CHECK(wh::target_of("/in?to=https://other.example/x") == "/in?to=https://other.example/x");
    CHECK(wh::target_of("file:///in") == "/in");
    CHECK(wh::target_of("").empty());
}
