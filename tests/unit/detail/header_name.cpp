// SPDX-License-Identifier: MIT
#include <webhookpp/detail/header_name.hpp>

#include <algorithm>
#include <string>
#include <string_view>

#include "../../catch.hpp"

using webhookpp::detail::header_kinds;

TEST_CASE("the kinds of headers have what was added, in any letter case, and no empty name") {
    header_kinds kinds;
    for (const std::string_view name : {"svix-id", "Svix-Timestamp", "X"}) kinds.add(name);
    for (const std::string_view name :
         {"svix-id", "SVIX-ID", "Svix-Id", "svix-timestamp", "SVIX-TIMESTAMP", "x", "X"}) {
        CHECK(kinds.may_have(name));
    }
    CHECK_FALSE(kinds.may_have(""));

    header_kinds none;
    none.add("");
    for (const std::string_view name : {"", "a", "x", "svix-id"}) CHECK_FALSE(none.may_have(name));
}

TEST_CASE("the kind of a header is in the name alone, whatever follows in memory") {
    header_kinds kinds;
    kinds.add(std::string_view("xa", 1));
    for (const std::string_view more : {"xa", "xb", "Xz"}) CHECK(kinds.may_have(more.substr(0, 1)));
}

TEST_CASE("the kinds of headers tell most headers of a request apart from those that are wanted") {
    header_kinds kinds;
    for (const std::string_view name : {"svix-id", "svix-timestamp", "svix-signature"}) {
        kinds.add(name);
    }
    constexpr std::string_view others[] = {"host",
                                           "accept",
                                           "accept-encoding",
                                           "accept-language",
                                           "authorization",
                                           "cache-control",
                                           "connection",
                                           "content-encoding",
                                           "content-length",
                                           "content-type",
                                           "cookie",
                                           "date",
                                           "expect",
                                           "forwarded",
                                           "from",
                                           "origin",
                                           "pragma",
                                           "referer",
                                           "traceparent",
                                           "tracestate",
                                           "transfer-encoding",
                                           "upgrade",
                                           "user-agent",
                                           "via",
                                           "x-forwarded-for",
                                           "x-forwarded-host",
                                           "x-forwarded-proto",
                                           "x-real-ip",
                                           "x-request-id"};
    const auto passed = std::count_if(std::begin(others), std::end(others),
                                      [&](auto name) { return kinds.may_have(name); });
    CHECK(passed <= 3);
}
