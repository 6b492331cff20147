// SPDX-License-Identifier: MIT
#include <webhookpp/reply.hpp>

#include "../catch.hpp"

namespace wh = webhookpp;

TEST_CASE("a reply has the first three headers") {
    wh::reply_headers headers{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}};
    REQUIRE(headers.size() == 3);
    CHECK(headers.end() - headers.begin() == 3);
    CHECK(headers[2].name == "c");
    CHECK(headers[2].value == "3");
    headers.add("e", "5");
    REQUIRE(headers.size() == 3);
    CHECK(headers[2].name == "c");
}
