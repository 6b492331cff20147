// SPDX-License-Identifier: MIT
#include <webhookpp/detail/option_check.hpp>

#include <cstdint>
#include <string>

#include <webhookpp/schemes/bearer_token.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>

#include "../../catch.hpp"

namespace wh = webhookpp;
using namespace wh::detail;

TEST_CASE("an endpoint has a name of 1 to 128 visible characters") {
    CHECK(check_endpoint("a"));
    CHECK(check_endpoint(std::string(128, 'a')));
    CHECK_FALSE(check_endpoint(""));
    CHECK_FALSE(check_endpoint(std::string(129, 'a')));
    CHECK_FALSE(check_endpoint("a b"));
    CHECK_FALSE(check_endpoint("\xc3\xa4"));
}

TEST_CASE("a lease lasts a second to a day") {
    CHECK_FALSE(check_lease(wh::seconds(0)));
    CHECK(check_lease(wh::seconds(1)));
    CHECK(check_lease(wh::seconds(one_day)));
    CHECK_FALSE(check_lease(wh::seconds(one_day + 1)));
}

TEST_CASE("a retention is no shorter than deliveries are accepted, and ten years at most") {
    const auto is_good = [](std::int64_t retention, std::int64_t past, std::int64_t future,
                            const wh::scheme& described = wh::schemes::standard_webhooks) {
        const wh::tolerance accepted{.past = wh::seconds(past), .future = wh::seconds(future)};
        return check_retention(wh::seconds(retention), described, accepted).has_value();
    };
    CHECK_FALSE(is_good(0, 0, 0));
    CHECK(is_good(1, 0, 0));
    CHECK(is_good(3650 * one_day, 300, 300));
    CHECK_FALSE(is_good(3650 * one_day + 1, 300, 300));
    CHECK(is_good(600, 300, 300));
    CHECK_FALSE(is_good(599, 300, 300));
    CHECK_FALSE(is_good(3650 * one_day, INT64_MAX, INT64_MAX));
    CHECK(is_good(300, -10, 300));
    CHECK_FALSE(is_good(299, -10, 300));
    // Tokens tell no time.
    CHECK(is_good(1, 300, 300, wh::schemes::bearer_token));
}

TEST_CASE("a time that is too far away is the end of time") {
    CHECK(later(5, wh::seconds(2)) == 2'005);
    CHECK(later(0, wh::seconds(INT64_MAX / 1000)) == INT64_MAX / 1000 * 1000);
    CHECK(later(0, wh::seconds(INT64_MAX / 1000 + 1)) == INT64_MAX);
    CHECK(later(807, wh::seconds(INT64_MAX / 1000)) == INT64_MAX);
    CHECK(later(808, wh::seconds(INT64_MAX / 1000)) == INT64_MAX);
    CHECK(later(INT64_MAX, wh::seconds(0)) == INT64_MAX);
}
