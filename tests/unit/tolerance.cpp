// SPDX-License-Identifier: MIT
#include <webhookpp/tolerance.hpp>

#include <chrono>
#include <cstdint>

#include "../catch.hpp"

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using webhookpp::tolerance;
using seconds = webhookpp::seconds;

TEST_CASE("durations of any unit are whole seconds, and never overflow") {
    CHECK(seconds(minutes(5)).count() == 300);
    CHECK(seconds(milliseconds(1'999)).count() == 1);
    CHECK(seconds(milliseconds(-1'999)).count() == -1);
    CHECK(seconds(std::chrono::seconds(7)).count() == 7);

    // The first number of hours that has more seconds than there can be.
    constexpr std::int64_t border = INT64_MAX / 3'600;
    CHECK(seconds(hours(border - 1)).count() == (border - 1) * 3'600);
    CHECK(seconds(hours(border)).count() == INT64_MAX);
    CHECK(seconds(hours(border)) == seconds::unlimited());
    CHECK(seconds(hours(1 - border)).count() == (1 - border) * 3'600);
    CHECK(seconds(hours(-border)).count() == -INT64_MAX);
    CHECK(seconds(hours(INT64_MIN)).count() == -INT64_MAX);
    CHECK(seconds::unlimited().count() == INT64_MAX);
}

TEST_CASE("the usual tolerance is five minutes on either side") {
    CHECK(tolerance{} == tolerance{seconds(300), seconds(300)});
    CHECK(tolerance::unlimited() == tolerance{seconds::unlimited(), seconds::unlimited()});
}
