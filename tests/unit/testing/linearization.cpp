// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <webhookpp/testing/detail/random_numbers.hpp>
#include <webhookpp/testing/detail/replay_model.hpp>

#include "../../catch.hpp"

namespace {

using webhookpp::reservation;
using webhookpp::testing::detail::after;
using webhookpp::testing::detail::linearization;
using webhookpp::testing::detail::modelled_key;
using webhookpp::testing::detail::random_numbers;
using webhookpp::testing::detail::replay_call;
using kind = replay_call::kind;
using threads = std::vector<std::vector<replay_call>>;

// All reserve at 0 for 100.
replay_call asked(std::int64_t began, std::int64_t ended, reservation given) {
    return {.what = kind::reserve, .time = 100, .given = given, .began = began, .ended = ended};
}
replay_call fresh(std::int64_t began, std::int64_t ended, std::int64_t fence) {
    return asked(began, ended, {reservation::state::fresh, fence, 100});
}
replay_call busy(std::int64_t began, std::int64_t ended) {
    return asked(began, ended, {reservation::state::in_progress, 0, 100});
}
replay_call seen(std::int64_t began, std::int64_t ended) {
    return asked(began, ended, {reservation::state::duplicate, 0, 500});
}
replay_call told(kind what, std::int64_t began, std::int64_t ended, std::int64_t fence,
                 bool granted) {
    return {.what = what,
            .time = 500,
            .fence = fence,
            .granted = granted,
            .began = began,
            .ended = ended};
}

bool fits(const threads& calls) {
    const auto verdict = linearization(calls).find();
    REQUIRE(verdict != linearization::verdict::unknown);
    return verdict == linearization::verdict::exists;
}

}  // namespace

TEST_CASE("what happens one after the other has the order in which it happened") {
    CHECK(fits({{}}));
    CHECK(fits({{fresh(0, 1, 7)}, {busy(2, 3)}}));
    CHECK_FALSE(fits({{fresh(2, 3, 7)}, {busy(0, 1)}}));
    CHECK_FALSE(fits({{fresh(0, 1, 7)}, {fresh(2, 3, 8)}}));
    CHECK(fits({{fresh(0, 1, 7), told(kind::release, 2, 3, 7, true)}, {fresh(4, 5, 8)}}));
    CHECK_FALSE(fits({{fresh(0, 1, 7), told(kind::release, 4, 5, 7, true)}, {fresh(2, 3, 8)}}));
    CHECK(fits({{fresh(0, 1, 7), told(kind::commit, 2, 3, 7, true)}, {seen(4, 5)}}));
    CHECK_FALSE(fits({{fresh(0, 1, 7), told(kind::commit, 2, 3, 7, true)}, {busy(4, 5)}}));
    CHECK_FALSE(fits({{fresh(0, 1, 7), told(kind::commit, 2, 3, 8, true)}}));
    CHECK_FALSE(fits({{fresh(0, 1, 7), told(kind::commit, 2, 3, 7, false)}}));
}

TEST_CASE("what happens at once may have happened in either order") {
    CHECK(fits({{fresh(0, 9, 7)}, {busy(0, 9)}}));
    CHECK_FALSE(fits({{fresh(0, 9, 7)}, {fresh(0, 9, 8)}}));
    CHECK(fits({{fresh(0, 1, 7), told(kind::commit, 2, 9, 7, true)}, {busy(3, 4), seen(5, 6)}}));
    CHECK_FALSE(
        fits({{fresh(0, 1, 7), told(kind::commit, 2, 9, 7, true)}, {seen(3, 4), busy(5, 6)}}));
    CHECK(fits({{fresh(0, 1, 7), told(kind::release, 2, 9, 7, true)},
                {told(kind::commit, 3, 8, 7, false)}}));
    CHECK_FALSE(fits({{fresh(0, 1, 7), told(kind::release, 2, 9, 7, true)},
                      {told(kind::commit, 3, 8, 7, true)}}));
    // Times that are equal say nothing about the order.
    CHECK(fits({{fresh(1, 2, 7)}, {busy(0, 1)}}));
}

TEST_CASE("forgetting may have taken what was over, and nothing else") {
    const replay_call late = {.what = kind::forget, .now = 100, .began = 2, .ended = 3};
    const replay_call early = {.what = kind::forget, .now = 99, .began = 2, .ended = 3};
    const replay_call gone = told(kind::release, 4, 5, 7, false);
    const replay_call there = told(kind::release, 4, 5, 7, true);
    CHECK(fits({{fresh(0, 1, 7), gone}, {late}}));
    CHECK(fits({{fresh(0, 1, 7), there}, {late}}));
    CHECK_FALSE(fits({{fresh(0, 1, 7), gone}, {early}}));
    CHECK_FALSE(fits({{fresh(0, 1, 7), gone}}));
}

TEST_CASE("a search that takes too long says so") {
    const threads calls = {{fresh(0, 1, 7), told(kind::commit, 2, 9, 7, true)},
                           {busy(3, 4), seen(5, 6)}};
    CHECK(linearization(calls).find(1) == linearization::verdict::unknown);
}

namespace {

// Every order there is, without a thought.
bool fits_some_order(const threads& calls, std::vector<std::size_t> passed,
                     const modelled_key& key) {
    bool is_end = true;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (passed[i] == calls[i].size()) continue;
        is_end = false;
        const replay_call& next = calls[i][passed[i]];
        bool too_early = false;
        for (std::size_t other = 0; other < calls.size(); ++other) {
            for (std::size_t at = passed[other]; at < calls[other].size(); ++at) {
                too_early = too_early || calls[other][at].ended < next.began;
            }
        }
        if (too_early) continue;
        ++passed[i];
        if (next.what == kind::forget) {
            if (fits_some_order(calls, passed, key)) return true;
            if (key.until <= next.now && fits_some_order(calls, passed, {})) return true;
        } else if (const auto then = after(key, next)) {
            if (fits_some_order(calls, passed, *then)) return true;
        }
        --passed[i];
    }
    return is_end;
}

// Up to three threads with up to eight calls, of which each has an answer that might be right.
threads some_history(random_numbers& random) {
    threads calls(1 + random.below(3));
    std::vector<std::int64_t> times(calls.size());
    modelled_key key;
    const std::size_t count = 1 + random.below(8);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t thread = random.below(calls.size());
        replay_call call{.what = static_cast<kind>(random.below(5)),
                         .now = random.between(0, 3) * 60,
                         .time = 100,
                         .fence = random.between(1, 2)};
        call.granted = random.one_in(2);
        const reservation answers[] = {
            {reservation::state::fresh, random.between(1, 2), call.now + 100},
            {reservation::state::in_progress, 0, key.until},
            {reservation::state::duplicate, 0, key.until}};
        call.given = answers[random.below(3)];
        // Mostly one that is right now.
        for (int tries = 0; tries < 6 && !after(key, call); ++tries) {
            call.granted = !call.granted;
            call.given = answers[random.below(3)];
        }
        if (const auto then = after(key, call); then && call.what != kind::forget) key = *then;
        times[thread] += random.between(0, 4);
        call.began = times[thread];
        times[thread] += random.between(0, 6);
        call.ended = times[thread];
        calls[thread].push_back(call);
    }
    return calls;
}

}  // namespace

TEST_CASE("the search finds an order if there is one") {
    random_numbers random(1);
    int found = 0;
    constexpr int histories = 20'000;
    for (int i = 0; i < histories; ++i) {
        const threads calls = some_history(random);
        const bool expected = fits_some_order(calls, std::vector<std::size_t>(calls.size()), {});
        if (fits(calls) != expected) FAIL("history " << i);
        found += expected ? 1 : 0;
    }
    // Both answers are tried, often.
    CHECK(found > histories / 10);
    CHECK(found < histories - histories / 10);
}
