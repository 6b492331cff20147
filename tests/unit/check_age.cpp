// SPDX-License-Identifier: MIT
#include <webhookpp/check_age.hpp>

#include <cstdint>
#include <optional>

#include "../catch.hpp"

namespace wh = webhookpp;
using wh::errc;

namespace {

std::optional<errc> refusal(std::int64_t sent, std::int64_t now,
                            const wh::tolerance& allowed = {}) {
    const auto fresh = wh::check_age(sent, now, allowed);
    return fresh ? std::nullopt : std::optional(fresh.error().code);
}

}  // namespace

TEST_CASE("an age within the tolerance passes, both ends included") {
    const wh::tolerance allowed{.past = wh::seconds(60), .future = wh::seconds(5)};
    CHECK_FALSE(refusal(1000, 1060, allowed));
    CHECK(refusal(1000, 1061, allowed) == errc::timestamp_too_old);
    CHECK_FALSE(refusal(1005, 1000, allowed));
    CHECK(refusal(1006, 1000, allowed) == errc::timestamp_too_new);
    CHECK_FALSE(refusal(-30, 30, allowed));
    CHECK(refusal(1000, 1301) == errc::timestamp_too_old);
    const wh::tolerance none{.past = wh::seconds(0), .future = wh::seconds(0)};
    CHECK_FALSE(refusal(5, 5, none));
    CHECK(refusal(5, 6, none) == errc::timestamp_too_old);
    CHECK(refusal(6, 5, none) == errc::timestamp_too_new);
}

TEST_CASE("no pair of times overflows") {
    CHECK(refusal(INT64_MIN, INT64_MAX) == errc::timestamp_too_old);
    CHECK(refusal(INT64_MAX, INT64_MIN) == errc::timestamp_too_new);
    CHECK_FALSE(refusal(INT64_MIN, INT64_MAX, wh::tolerance::unlimited()));
    CHECK_FALSE(refusal(INT64_MAX, INT64_MIN, wh::tolerance::unlimited()));
}

TEST_CASE("a negative tolerance passes nothing") {
    CHECK(refusal(5, 5, {.past = wh::seconds(-1), .future = wh::seconds(-1)}) ==
          errc::timestamp_too_old);
    CHECK(refusal(6, 5, {.past = wh::seconds(5), .future = wh::seconds(-1)}) ==
          errc::timestamp_too_new);
    // What was sent now is as old as it is new, and counts as old.
    CHECK_FALSE(refusal(5, 5, {.past = wh::seconds(0), .future = wh::seconds(-1)}));
}
