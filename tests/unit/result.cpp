// SPDX-License-Identifier: MIT
#include <webhookpp/result.hpp>

#include <optional>
#include <string>

#include "../catch.hpp"

namespace wh = webhookpp;
using wh::errc;
using wh::result;
using wh::unexpected;

namespace {

result<int> half(int number) {
    if (number % 2 != 0) return unexpected(errc::invalid_payload, "odd");
    return number / 2;
}

}  // namespace

TEST_CASE("a result holds a value or an error") {
    CHECK(half(4).has_value());
    CHECK(*half(4) == 2);
    CHECK_FALSE(half(3));
    CHECK(half(3).error() == wh::error{errc::invalid_payload, "odd"});
    CHECK(half(3).value_or(7) == 7);
    CHECK(half(4).value_or(7) == 2);
}

TEST_CASE("value() throws the error, with its name and place as text") {
    CHECK(half(4).value() == 2);
    try {
        static_cast<void>(half(3).value());
        FAIL("nothing was thrown");
    } catch (const wh::exception& e) {
        CHECK(e.error().code == errc::invalid_payload);
        CHECK(std::string(e.what()) == "invalid_payload: odd");
    }
}

TEST_CASE("an error without a place is its name alone") {
    CHECK(std::string(wh::exception({errc::empty_key, {}}).what()) == "empty_key");
}

TEST_CASE("the longest place still ends with a NUL in what()") {
    const std::string longest(500, 'x');
    const wh::exception e(wh::error{errc::no_supported_signature, longest.c_str()});
    CHECK(std::string(e.what()) == "no_supported_signature: " + std::string(160, 'x'));
}

TEST_CASE("results chain as std::expected does") {
    CHECK(*half(8).and_then(half) == 2);
    CHECK(half(6).and_then(half).error().code == errc::invalid_payload);
    CHECK(*half(8).transform([](int n) { return std::to_string(n); }) == "4");
    CHECK(half(3).transform([](int n) { return n; }).error().where == "odd");
    CHECK(*half(3).or_else([](const wh::error&) { return result<int>(1); }) == 1);
    const auto renamed = half(3).transform_error([](wh::error e) {
        e.code = errc::internal_error;
        return e;
    });
    CHECK(renamed.error().code == errc::internal_error);
}

TEST_CASE("a result can hold what cannot be copied") {
    struct only_moves {
        only_moves() = default;
        only_moves(only_moves&&) = default;
        only_moves(const only_moves&) = delete;
        int number = 5;
    };
    result<only_moves> held = only_moves();
    CHECK(std::move(held).value().number == 5);
}

TEST_CASE("a result of an optional can hold none") {
    const result<std::optional<int>> none = std::nullopt;
    REQUIRE(none);
    CHECK_FALSE(*none);
    const result<std::optional<int>> some = 5;
    CHECK(**some == 5);
}

TEST_CASE("a result without a value is a success or an error") {
    const result<void> good;
    CHECK(good.has_value());
    CHECK_NOTHROW(good.value());
    const result<void> bad = unexpected(errc::overloaded);
    CHECK_FALSE(bad);
    CHECK(bad.error().code == errc::overloaded);
    CHECK_THROWS_AS(bad.value(), wh::exception);
}
