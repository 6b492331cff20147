// SPDX-License-Identifier: MIT
#include <webhookpp/value_traits.hpp>

#include <limits>
#include <string>

#include "../catch.hpp"

namespace wh = webhookpp;

TEST_CASE("a text takes texts only") {
    using kind = wh::json_scalar::kind;
    const std::string text(40, 'x');
    std::string target;
    for (const kind other : {kind::null, kind::boolean, kind::integer, kind::number, kind::json}) {
        CHECK_FALSE(wh::value_traits<std::string>::assign(target, {.which = other, .text = text}));
    }
    CHECK(target.empty());
    CHECK(wh::value_traits<std::string>::assign(target, {.which = kind::text, .text = text}));
    CHECK(target == text);
}

TEST_CASE("a number has to fit the type that it is for") {
    const auto fits = [](double number) {
        float target = 0;
        return wh::value_traits<float>::assign(
            target, {.which = wh::json_scalar::kind::number, .number = number});
    };
    CHECK(fits(std::numeric_limits<float>::max()));
    CHECK(fits(std::numeric_limits<float>::lowest()));
    CHECK(fits(0.1));
    CHECK_FALSE(fits(1e39));
    CHECK_FALSE(fits(-1e39));
}
