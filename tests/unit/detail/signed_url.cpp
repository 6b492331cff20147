// SPDX-License-Identifier: MIT
#include <webhookpp/detail/signed_url.hpp>

#include <string>

#include "../../catch.hpp"

namespace wh = webhookpp;
using wh::detail::split_url;

namespace {

std::string signed_url(const wh::url_source& form, std::string_view url,
                       std::string_view target = {}, bool other_port = false) {
    wh::detail::byte_buffer<16> out;
    REQUIRE(wh::detail::append_signed_url(out, form, url, target, other_port));
    return std::string(out.view());
}

std::string with_other_port(std::string_view url) {
    return signed_url({.any_default_port = true}, url, {}, true);
}

}  // namespace

TEST_CASE("a URL has an authority, a path and a query") {
    struct row {
        const char* url;
        const char* authority;
        const char* path;
        const char* query;
    };
    const row table[] = {
        {"https://h.example/a/b?c=d", "https://h.example", "/a/b", "?c=d"},
        {"https://h.example", "https://h.example", "", ""},
        {"https://h.example/", "https://h.example", "/", ""},
        {"https://h.example?a=/", "https://h.example", "", "?a=/"},
        {"https://h.example/a?b?c", "https://h.example", "/a", "?b?c"},
        {"https://h.example/a?", "https://h.example", "/a", "?"},
        {"https://h.example/a?u=http://x/", "https://h.example", "/a", "?u=http://x/"},
        {"https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443", "/a", ""},
        {"https:///a", "https://", "/a", ""},
        {"/a?b", "", "/a", "?b"},
    };
    for (const row& each : table) {
        INFO(each.url);
        const auto parts = split_url(each.url);
        CHECK(parts.authority == each.authority);
        CHECK(parts.path == each.path);
        CHECK(parts.query == each.query);
    }
}

TEST_CASE("a URL is signed as it is configured unless the scheme says otherwise") {
    const char* const url = "https://h.example:443/%3A?a=%3A#part";
    CHECK(signed_url({}, url, "/other?x") == url);
}

TEST_CASE("the query may be that of the request, the path never") {
    const wh::url_source form{.query_of_request = true};
    CHECK(signed_url(form, "https://h.example/in?a=1", "/other?b=2") == "https://h.example/in?b=2");
    CHECK(signed_url(form, "https://h.example/in?a=1", "/in") == "https://h.example/in");
    CHECK(signed_url(form, "https://h.example/in", "/in?") == "https://h.example/in?");
    CHECK(signed_url(form, "https://h.example", "?b?c") == "https://h.example?b?c");
}

TEST_CASE("the default port is added or taken away") {
    CHECK(with_other_port("https://h.example/in") == "https://h.example:443/in");
    CHECK(with_other_port("https://h.example:443/in") == "https://h.example/in");
    CHECK(with_other_port("http://h.example") == "http://h.example:80");
    CHECK(with_other_port("http://h.example:80?a") == "http://h.example?a");
    CHECK(with_other_port("https://[::1]/in") == "https://[::1]:443/in");
    CHECK(with_other_port("https://[::443]/in") == "https://[::443]:443/in");
}

TEST_CASE("a port that is no default is known") {
    using wh::detail::has_other_port;
    for (const char* other : {"https://h.example:80", "http://h.example:443", "https://h.example:1",
                              "https://[::1]:8443", "https://h.example:8443", "https://:8443"}) {
        INFO(other);
        CHECK(has_other_port(other));
    }
    for (const char* usual : {"https://h.example", "https://h.example:443", "http://h.example:80",
                              "https://[::1]", "https://[::443]", "https://[::1]:443"}) {
        INFO(usual);
        CHECK_FALSE(has_other_port(usual));
    }
}

TEST_CASE("characters that are signed as they are lose their escape, once") {
    const wh::url_source form{.decoded = ":/"};
    CHECK(signed_url(form, "https://h.example/%3A%3a%2F") == "https://h.example/::/");
    CHECK(signed_url(form, "https://h.example/%41%20%3F") == "https://h.example/%41%20%3F");
    CHECK(signed_url(form, "https://h.example/%253A") == "https://h.example/%253A");
    CHECK(signed_url(form, "https://h.example/%%3A") == "https://h.example/%:");
    CHECK(signed_url(form, "https://h.example/%3") == "https://h.example/%3");
    CHECK(signed_url(form, "https://h.example/%") == "https://h.example/%");
    // An escape is never put together from two parts.
    CHECK(signed_url({.query_of_request = true, .decoded = ":?"}, "https://h.example/%", "/?3A") ==
          "https://h.example/%?3A");
}

TEST_CASE("a member of the query is found by its whole name, undecoded, once") {
    using wh::detail::query_member;
    CHECK(query_member("/in?a=1&b=2", "b") == "2");
    CHECK(query_member("/in?b=2", "b") == "2");
    CHECK(query_member("?b=%32=x", "b") == "%32=x");
    CHECK(query_member("?b=&b=2", "b") == "2");
    CHECK(query_member("?b=2&b=", "b") == "2");
    for (const char* target :
         {"", "/in", "/in?", "/b=2", "/in?ab=2", "/in?bb=2", "/in?b", "/in?b=", "/in?B=2",
          "/in?%62=2", "/in&b=2", "b=2", "/in?b=2&b=3", "/in?b=2&b=2", "/in?a&&", "/in?a=b=2"}) {
        INFO(target);
        CHECK(query_member(target, "b").empty());
    }
}
