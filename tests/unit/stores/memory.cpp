// SPDX-License-Identifier: MIT
#include <webhookpp/stores/memory.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "../../catch.hpp"

namespace wh = webhookpp;
using wh::acceptance;
using wh::errc;
using wh::message_key;
using wh::stores::memory;
using state = wh::reservation::state;

namespace {

constexpr std::int64_t now = 1'700'000'000'000;
constexpr std::int64_t minute = 60'000;

// Keys with the same first byte share what the store has room for.
message_key key(unsigned number) {
    std::array<unsigned char, message_key::size> bytes{};
    bytes[1] = static_cast<unsigned char>(number >> 8);
    bytes[2] = static_cast<unsigned char>(number);
    return message_key(bytes);
}

memory room_for_keys(std::size_t each) {
    return memory({.keys = 16 * each});
}

wh::result<acceptance> accept(memory& store, unsigned number) {
    const wh::new_entry added{
        .key = key(number), .body = "{}", .accepted_at = now, .keep_until = now + minute};
    acceptance outcome = acceptance::duplicate;
    const auto accepted = store.accept(std::span(&added, 1), std::span(&outcome, 1));
    if (!accepted) return wh::unexpected(accepted.error());
    return outcome;
}

}  // namespace

TEST_CASE("an entry of a memory store shows what holds for its state, and nothing else") {
    memory store;
    REQUIRE(accept(store, 1).value() == acceptance::stored);
    const auto claimed = store.claim({.now = now, .lease = minute}).value();
    REQUIRE(claimed);
    const wh::lease mine{claimed->number, claimed->fence};
    const auto shown = [&] { return store.find(mine.number).value().value(); };
    CHECK_FALSE(claimed->ready_at);
    CHECK_FALSE(shown().ready_at);
    CHECK(shown().lease_until == now + minute);

    CHECK(*store.settle(mine, {.state = wh::entry_state::ready, .ready_at = now + 5}, now + 1));
    CHECK(shown().ready_at == now + 5);
    CHECK(shown().lease_until == 0);
    CHECK(shown().finished_at == 0);

    const auto again = store.claim({.now = now + 5, .lease = minute}).value();
    REQUIRE(again);
    const wh::lease last{again->number, again->fence};
    CHECK(*store.settle(last, {.state = wh::entry_state::dead}, now + 7));
    CHECK(shown().lease_until == 0);
    CHECK(shown().finished_at == now + 7);
    CHECK_FALSE(*store.redrive(mine.number + 1, now + 8));
    CHECK_FALSE(*store.renew({mine.number + 1, last.fence}, now + 8, minute));
    CHECK_FALSE(*store.settle({mine.number + 1, last.fence}, {}, now + 8));
    CHECK(*store.redrive(mine.number, now + 8));
    CHECK(shown().finished_at == 0);
    CHECK(shown().ready_at == now + 8);
    CHECK(shown().attempts == 0);
}

TEST_CASE("a full memory store takes no new key") {
    memory store = room_for_keys(3);
    for (unsigned i = 0; i < 3; ++i) {
        CHECK(store.reserve(key(i), now, minute)->which == state::fresh);
    }
    CHECK(store.reserve(key(3), now, minute).error().code == errc::overloaded);
    // It still knows those that it has.
    for (unsigned i = 0; i < 3; ++i) {
        CHECK(store.reserve(key(i), now, minute)->which == state::in_progress);
    }
}

TEST_CASE("a full memory store makes room by forgetting what is over, and only that") {
    memory store = room_for_keys(3);
    for (unsigned i = 0; i < 3; ++i) {
        const auto given = store.reserve(key(i), now, minute);
        REQUIRE(given);
        CHECK(*store.commit(key(i), given->fence, now, now + (i + 1) * minute));
    }
    CHECK(store.reserve(key(3), now + minute - 1, minute).error().code == errc::overloaded);
    CHECK(store.reserve(key(3), now + minute, minute)->which == state::fresh);
    CHECK(store.reserve(key(1), now + minute, minute)->which == state::duplicate);
    CHECK(store.reserve(key(2), now + minute, minute)->which == state::duplicate);
    CHECK(store.reserve(key(0), now + minute, minute).error().code == errc::overloaded);
}

TEST_CASE("a memory store that is released or forgets has room again") {
    memory store = room_for_keys(1);
    auto given = store.reserve(key(0), now, minute);
    REQUIRE(given);
    CHECK(store.reserve(key(1), now, minute).error().code == errc::overloaded);
    CHECK(*store.release(key(0), given->fence));
    given = store.reserve(key(1), now, minute);
    CHECK(given->which == state::fresh);
    CHECK(*store.forget(now + minute, 10) == 1);
    CHECK(store.reserve(key(2), now, minute)->which == state::fresh);
}

TEST_CASE("a memory store has room for as many keys as it says") {
    memory store({.keys = 1'000});
    std::size_t taken = 0;
    for (unsigned i = 0; i < 10'000; ++i) {
        std::array<unsigned char, message_key::size> bytes{};
        bytes[0] = static_cast<unsigned char>(i);
        bytes[1] = static_cast<unsigned char>(i >> 8);
        if (store.reserve(message_key(bytes), now, minute)) ++taken;
    }
    // Rounded up for each of the 16 parts.
    CHECK(taken >= 1'000);
    CHECK(taken <= 1'008);
}

TEST_CASE("a full inbox in memory takes no new entry until others are purged") {
    memory store({.entries = 2});
    CHECK(accept(store, 0).value() == acceptance::stored);
    CHECK(accept(store, 1).value() == acceptance::stored);
    CHECK(accept(store, 2).error().code == errc::overloaded);
    CHECK(store.stats()->ready == 2);
    const auto claimed = store.claim({.now = now, .lease = minute});
    REQUIRE(claimed);
    REQUIRE(*claimed);
    CHECK(*store.settle(wh::lease{(*claimed)->number, (*claimed)->fence}, wh::ending{}, now));
    CHECK(accept(store, 2).error().code == errc::overloaded);
    CHECK(*store.purge({.now = now + minute + 1}) == 1);
    CHECK(accept(store, 2).value() == acceptance::stored);
}

TEST_CASE("a batch that does not fit into memory is refused as a whole") {
    memory store({.entries = 2});
    std::vector<wh::new_entry> batch;
    for (unsigned i = 0; i < 3; ++i) batch.push_back({.key = key(i), .accepted_at = now});
    std::vector<acceptance> outcomes(3);
    CHECK(store.accept(batch, outcomes).error().code == errc::overloaded);
    CHECK(store.stats()->ready == 0);
    CHECK(store.accept(std::span(batch).first(2), outcomes));
    CHECK(store.stats()->ready == 2);
}

TEST_CASE("threads do not fill an inbox in memory beyond its bound") {
    memory store({.entries = 100});
    std::atomic<int> stored = 0;
    std::vector<std::thread> threads;
    for (unsigned thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&, thread] {
            memory mine = store;
            for (unsigned i = 0; i < 100; ++i) {
                if (accept(mine, thread * 100 + i)) ++stored;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(stored == 100);
    CHECK(store.stats()->ready == 100);
}
