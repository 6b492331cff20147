// SPDX-License-Identifier: MIT
#include <webhookpp/replay_guard.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <webhookpp/schemes/all.hpp>
#include <webhookpp/stores/memory.hpp>
#include <webhookpp/testing/manual_clock.hpp>

#include "../catch.hpp"
#include "../messages.hpp"

namespace wh = webhookpp;
using wh::errc;
using wh::message_key;
using wh::reservation;
using wh::result;
using state = wh::reservation::state;
using wh::stores::memory;
using wh::testing::manual_clock;

namespace {

using guard = wh::replay_guard<memory, manual_clock>;

guard make_guard(const manual_clock& clock, const memory& store = memory(),
                 const wh::replay_guard_options& options = {}) {
    return {store, wh::schemes::github, options, clock};
}

state reserved(const guard& by, const wh::verified_message& message) {
    return by.reserve(message).value().reserved.which;
}

constexpr std::int64_t second = 1'000;
constexpr std::int64_t day = 86'400 * second;

}  // namespace

TEST_CASE("a guard lets each message through once") {
    const manual_clock clock;
    const auto guard = make_guard(clock);
    const auto message = messages::with_signed_id("1");
    const auto mine = guard.reserve(message).value();
    CHECK(mine.is_fresh());
    CHECK(mine.reserved.until == clock.milliseconds() + 60 * second);
    const auto other = guard.reserve(message).value();
    CHECK_FALSE(other.is_fresh());
    CHECK(other.reserved.which == state::in_progress);
    CHECK(other.reserved.until == mine.reserved.until);
    CHECK(guard.commit(mine).value());
    CHECK(reserved(guard, message) == state::duplicate);
    CHECK(reserved(guard, messages::with_signed_id("2")) == state::fresh);
}

TEST_CASE("a message is handled again when its first handler took too long") {
    const manual_clock clock;
    const auto guard = make_guard(clock, memory(), {.lease = wh::seconds(10)});
    const auto message = messages::with_signed_id("1");
    const auto first = guard.reserve(message).value();
    clock.advance(10 * second - 1);
    CHECK(reserved(guard, message) == state::in_progress);
    clock.advance(1);
    const auto second_one = guard.reserve(message).value();
    REQUIRE(second_one.is_fresh());
    CHECK_FALSE(guard.commit(first).value());
    CHECK_FALSE(guard.release(first).value());
    CHECK_FALSE(guard.extend(first).value());
    CHECK(guard.commit(second_one).value());
    CHECK(reserved(guard, message) == state::duplicate);
}

TEST_CASE("a message that was given back is handled again at once") {
    const manual_clock clock;
    const auto guard = make_guard(clock);
    const auto message = messages::with_signed_id("1");
    const auto mine = guard.reserve(message).value();
    CHECK(guard.release(mine).value());
    CHECK_FALSE(guard.release(mine).value());
    CHECK_FALSE(guard.commit(mine).value());
    CHECK(reserved(guard, message) == state::fresh);
}

TEST_CASE("a handler that takes long keeps its message") {
    const manual_clock clock;
    const auto guard = make_guard(clock, memory(), {.lease = wh::seconds(10)});
    const auto message = messages::with_signed_id("1");
    const auto mine = guard.reserve(message).value();
    for (int times = 0; times < 5; ++times) {
        clock.advance(9 * second);
        CHECK(guard.extend(mine).value());
        CHECK(reserved(guard, message) == state::in_progress);
    }
    clock.advance(10 * second);
    CHECK_FALSE(guard.extend(mine).value());
    CHECK(reserved(guard, message) == state::fresh);
}

TEST_CASE("a message is remembered as long as its scheme says") {
    const manual_clock clock;
    const wh::replay_guard stripe(memory(), wh::schemes::stripe, {}, clock);
    const auto message = messages::with_signed_id("1");
    CHECK(stripe.commit(stripe.reserve(message).value()).value());
    clock.advance(35 * day - 1);
    CHECK(stripe.reserve(message).value().reserved.which == state::duplicate);
    clock.advance(1);
    CHECK(stripe.reserve(message).value().reserved.which == state::fresh);
}

TEST_CASE("a message is remembered as long as the options say") {
    const manual_clock clock;
    const auto guard = make_guard(clock, memory(), {.retention = wh::seconds(300)});
    const auto message = messages::with_signed_id("1");
    CHECK(guard.commit(guard.reserve(message).value()).value());
    clock.advance(300 * second - 1);
    CHECK(reserved(guard, message) == state::duplicate);
    CHECK(guard.forget().value() == 0);
    clock.advance(1);
    CHECK(guard.forget().value() == 1);
    CHECK(reserved(guard, message) == state::fresh);
}

TEST_CASE("a guard forgets no more than it is asked to") {
    const manual_clock clock;
    const auto guard = make_guard(clock, memory(), {.lease = wh::seconds(1)});
    for (const char* id : {"1", "2", "3", "4", "5"}) {
        CHECK(reserved(guard, messages::with_signed_id(id)) == state::fresh);
    }
    clock.advance(second);
    CHECK(guard.forget(3).value() == 3);
    CHECK(guard.forget(3).value() == 2);
    CHECK(guard.forget(3).value() == 0);
}

TEST_CASE("endpoints and schemes have messages of their own") {
    const manual_clock clock;
    const memory store;
    const auto message = messages::with_signed_id("1");
    CHECK(reserved(make_guard(clock, store), message) == state::fresh);
    CHECK(reserved(make_guard(clock, store, {.endpoint = "other"}), message) == state::fresh);
    const wh::replay_guard shopify(store, wh::schemes::shopify, {}, clock);
    CHECK(shopify.reserve(message).value().is_fresh());
    // Another guard of the same endpoint shares its messages.
    CHECK(reserved(make_guard(clock, store), message) == state::in_progress);
}

TEST_CASE("an id that stands in the body counts before the one in the header") {
    const manual_clock clock;
    const auto guard = make_guard(clock);
    CHECK(guard.reserve(messages::with_unsigned_id("1"), "in body").value().is_fresh());
    CHECK_FALSE(guard.reserve(messages::with_unsigned_id("2"), "in body").value().is_fresh());
    CHECK(guard.reserve(messages::with_unsigned_id("1")).value().is_fresh());
}

TEST_CASE("another id for the same body is dropped only when asked") {
    const manual_clock clock;
    const auto first = messages::with_unsigned_id("1", "body");
    const auto second_id = messages::with_unsigned_id("2", "body");
    for (const wh::same_body mode : {wh::same_body::flag, wh::same_body::ignore}) {
        const auto guard = make_guard(clock, memory(), {.same_body = mode});
        CHECK(reserved(guard, first) == state::fresh);
        CHECK(reserved(guard, second_id) == state::fresh);
    }
    const auto dropping = make_guard(clock, memory(), {.same_body = wh::same_body::drop});
    CHECK(dropping.commit(dropping.reserve(first).value()).value());
    CHECK(reserved(dropping, second_id) == state::duplicate);
    CHECK(reserved(dropping, messages::with_unsigned_id("1", "other")) == state::fresh);
    // A signed id is enough.
    CHECK(reserved(dropping, messages::with_signed_id("3", "body")) == state::fresh);
}

TEST_CASE("messages that cannot be told apart are all let through") {
    const manual_clock clock;
    const wh::replay_guard guard(memory(), wh::schemes::dropbox, {}, clock);
    CHECK(guard.reserve(messages::without_id()).value().is_fresh());
    CHECK(guard.reserve(messages::without_id()).value().is_fresh());
    const auto ignoring = make_guard(clock, memory(), {.same_body = wh::same_body::ignore});
    CHECK(reserved(ignoring, messages::without_id()) == state::fresh);
    CHECK(reserved(ignoring, messages::without_id()) == state::fresh);
    // The body is all that there is, else.
    const auto comparing = make_guard(clock);
    CHECK(reserved(comparing, messages::without_id()) == state::fresh);
    CHECK(reserved(comparing, messages::without_id()) == state::in_progress);
}

TEST_CASE("options with which a guard could not work are refused") {
    using options = wh::replay_guard_options;
    const auto refused = [](const options& bad, const wh::scheme& scheme = wh::schemes::github) {
        const auto made = wh::replay_guard<memory, manual_clock>::try_create(memory(), scheme, bad,
                                                                             manual_clock());
        return made ? std::nullopt : std::optional(made.error().code);
    };
    CHECK_FALSE(refused({}));
    CHECK(refused({.endpoint = ""}) == errc::invalid_option);
    CHECK(refused({.endpoint = std::string(129, 'e')}) == errc::invalid_option);
    CHECK(refused({.endpoint = "two words"}) == errc::invalid_option);
    CHECK(refused({.endpoint = "\xc3\xa9"}) == errc::invalid_option);
    CHECK_FALSE(refused({.endpoint = std::string(128, 'e')}));
    CHECK(refused({.lease = wh::seconds(0)}) == errc::invalid_option);
    CHECK(refused({.lease = wh::seconds(-1)}) == errc::invalid_option);
    CHECK(refused({.lease = wh::seconds(86'401)}) == errc::invalid_option);
    CHECK(refused({.lease = wh::seconds::unlimited()}) == errc::invalid_option);
    CHECK_FALSE(refused({.lease = wh::seconds(86'400)}));
    CHECK(refused({.retention = wh::seconds(0)}) == errc::invalid_option);
    CHECK(refused({.retention = wh::seconds(3650 * 86'400 + 1)}) == errc::invalid_option);
    CHECK(refused({.retention = wh::seconds::unlimited()}) == errc::invalid_option);
    CHECK_FALSE(refused({.retention = wh::seconds(1)}));
    // Where deliveries have a time, they can be repeated as long as that is accepted.
    CHECK(refused({.retention = wh::seconds(599)}, wh::schemes::stripe) == errc::invalid_option);
    CHECK_FALSE(refused({.retention = wh::seconds(600)}, wh::schemes::stripe));
    CHECK_THROWS_AS(make_guard(manual_clock(), memory(), {.endpoint = ""}), wh::exception);
}

TEST_CASE("a scheme that accepts deliveries of any age cannot be guarded for a time") {
    const wh::scheme ageless{.name = "ageless",
                             .algorithm = wh::algorithm::hmac_sha256,
                             .key = wh::key_form::text,
                             .content = {wh::schemes::timestamp, ".", wh::schemes::body},
                             .signature = {.header = "X-Signature", .encoding = wh::schemes::hex},
                             .timestamp = {.header = "X-Timestamp"},
                             .tolerance = wh::tolerance::unlimited()};
    const auto made =
        wh::replay_guard<memory>::try_create(memory(), ageless, {.retention = wh::seconds(600)});
    REQUIRE_FALSE(made);
    CHECK(made.error().code == errc::invalid_option);
}

namespace {

// A store that cannot be reached.
struct broken_store {
    errc failure = errc::store_unavailable;

    [[nodiscard]] wh::unexpected failed() const noexcept { return wh::unexpected(failure, "gone"); }

    result<reservation> reserve(const message_key&, std::int64_t, std::int64_t) const noexcept {
        return failed();
    }
    result<bool> commit(const message_key&, std::int64_t, std::int64_t,
                        std::int64_t) const noexcept {
        return failed();
    }
    result<bool> release(const message_key&, std::int64_t) const noexcept { return failed(); }
    result<bool> extend(const message_key&, std::int64_t, std::int64_t,
                        std::int64_t) const noexcept {
        return failed();
    }
    result<std::size_t> forget(std::int64_t, std::size_t) const noexcept { return failed(); }
};

}  // namespace

TEST_CASE("a guard passes the errors of its store on") {
    for (const errc failure : {errc::store_unavailable, errc::overloaded}) {
        const wh::replay_guard guard(broken_store{failure}, wh::schemes::github);
        const auto reserve = guard.reserve(messages::with_signed_id("1"));
        REQUIRE_FALSE(reserve);
        CHECK(reserve.error() == wh::error{failure, "gone"});
        const wh::guarded_message mine{message_key(), {.fence = 1}};
        CHECK(guard.commit(mine).error().code == failure);
        CHECK(guard.release(mine).error().code == failure);
        CHECK(guard.extend(mine).error().code == failure);
        CHECK(guard.forget().error().code == failure);
    }
}

TEST_CASE("of threads that bring the same message one handles it") {
    const manual_clock clock;
    const auto guard = make_guard(clock);
    std::atomic<int> handled = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 200; ++n) {
                const std::string id = std::to_string(n);
                const auto mine = guard.reserve(messages::with_signed_id(id));
                if (!mine || !mine->is_fresh()) continue;
                ++handled;
                static_cast<void>(guard.commit(*mine));
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(handled == 200);
}
