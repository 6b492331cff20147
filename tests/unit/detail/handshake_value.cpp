// SPDX-License-Identifier: MIT
#include <webhookpp/detail/handshake_value.hpp>

#include <string>
#include <string_view>

#include "../../catch.hpp"

namespace wh = webhookpp;

TEST_CASE("the query of a handshake is decoded, or cannot be used") {
    using kind = wh::detail::handshake_value::kind;
    const auto text_of = [](std::string_view query) {
        const auto value = wh::detail::decoded_query(query);
        return value.which == kind::text ? std::string(value.text.view()) : std::string("unusable");
    };
    CHECK(text_of("a%41+%2b") == "aA +");
    CHECK(text_of("%4") == "unusable");
    CHECK(text_of("%") == "unusable");
    CHECK(text_of("a%4g") == "unusable");
    CHECK(text_of("%%41") == "unusable");
    CHECK(text_of(std::string_view("a%41").substr(0, 3)) == "unusable");
    CHECK(text_of(std::string(256, 'x')) == std::string(256, 'x'));
    CHECK(text_of(std::string(257, 'x')) == "unusable");
}
