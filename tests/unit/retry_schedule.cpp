// SPDX-License-Identifier: MIT
#include <webhookpp/retry_schedule.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "../catch.hpp"

namespace wh = webhookpp;

TEST_CASE("the longest delay doubles up to a bound") {
    constexpr wh::retry_schedule usual;
    static_assert(usual.longest_delay(1) == 1'000);
    CHECK(usual.longest_delay(2) == 2'000);
    CHECK(usual.longest_delay(3) == 4'000);
    CHECK(usual.longest_delay(12) == 2'048'000);
    CHECK(usual.longest_delay(13) == 3'600'000);
    CHECK(usual.longest_delay(1'000) == 3'600'000);
    CHECK(usual.longest_delay(UINT32_MAX) == 3'600'000);
}

TEST_CASE("no schedule within its bounds overflows") {
    constexpr std::int64_t day = 86'400;
    for (const std::int64_t first : {std::int64_t{1}, std::int64_t{7}, day}) {
        for (const std::int64_t longest : {first, day}) {
            const wh::retry_schedule schedule{.first = wh::seconds(first),
                                              .longest = wh::seconds(longest)};
            std::int64_t before = 0;
            for (std::uint32_t attempt = 1; attempt <= 1'000; ++attempt) {
                const std::int64_t delay = schedule.longest_delay(attempt);
                CHECK(delay >= before);
                CHECK(delay <= longest * 1'000);
                before = delay;
            }
            CHECK(before == longest * 1'000);
        }
    }
}

TEST_CASE("a delay lies anywhere between nothing and the longest one") {
    const wh::retry_schedule schedule;
    std::vector<std::int64_t> delays;
    for (int i = 0; i < 20'000; ++i) delays.push_back(schedule.delay(3));
    const auto [least, most] = std::minmax_element(delays.begin(), delays.end());
    CHECK(*least >= 0);
    CHECK(*most <= 4'000);
    // Each tenth has its share of 2,000; with equal chances none is off by 300 in a lifetime.
    std::vector<int> tenths(10);
    for (const std::int64_t delay : delays) {
        ++tenths[static_cast<std::size_t>((std::min)(delay * 10 / 4'001, std::int64_t{9}))];
    }
    for (const int share : tenths) {
        CHECK(share > 1'700);
        CHECK(share < 2'300);
    }
}

TEST_CASE("nothing is the only delay that is no longer than nothing") {
    const wh::retry_schedule schedule{.first = wh::seconds(0)};
    for (int i = 0; i < 10; ++i) CHECK(schedule.delay(3) == 0);
}

TEST_CASE("the thousandth attempt is delayed within bounds") {
    const wh::retry_schedule schedule{.first = wh::seconds(86'400), .longest = wh::seconds(86'400)};
    for (int i = 0; i < 1'000; ++i) {
        const std::int64_t delay = schedule.delay(1'000);
        REQUIRE(delay >= 0);
        REQUIRE(delay <= 86'400'000);
    }
}
