// SPDX-License-Identifier: MIT
#include <webhookpp/workers.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "deliveries.hpp"

using namespace inbox_tests;
using wh::entry_state;
using wh::errc;

namespace {

constexpr std::int64_t never = 60'000;  // milliseconds: longer than a test may take

using system_inbox = wh::inbox<spy_store>;
using manual_inbox = wh::inbox<spy_store, wh::testing::manual_clock>;

template <class Inbox>
wh::result<wh::acceptance> accept(const Inbox& box, int number, std::string_view partition = {}) {
    const std::string body = made(number);
    return box.accept(
        wh::assume_verified(body, "a test"),
        {.as = {.provider = "test", .endpoint = "shop", .id = "msg_" + std::to_string(number)},
         .partition = partition});
}

// Whether `box`, which has number 1, accepts nothing more.
template <class Inbox>
bool is_closed(const Inbox& box) {
    const auto accepted = accept(box, 1);
    return !accepted && accepted.error().code == errc::shutting_down;
}

template <class Inbox, class Function>
wh::worker<Inbox> worker_of(const Inbox& box, Function handler, wh::worker_options options = {}) {
    wh::worker one(box, std::move(options));
    one.handle("shop", wh::parser<things>(), wh::handlers{std::move(handler)});
    return one;
}

std::vector<wh::entry> entries_of(spy_store& store) {
    return store.list({.most = 100'000}).value();
}
std::size_t done_in(spy_store& store) {
    return store.stats().value().done;
}

// The error that making workers with these options throws.
std::optional<errc> refusal(const wh::workers_options& options) {
    try {
        const wh::workers made(worker_of(system_inbox(spy_store()), [](const thing_made&) {}),
                               options);
        return std::nullopt;
    } catch (const wh::exception& thrown) {
        return thrown.error().code;
    }
}

}  // namespace

TEST_CASE("workers handle each of a thousand entries once") {
    spy_store store;
    system_inbox box(store);
    std::mutex mutex;
    std::map<std::int64_t, int> handled;
    std::set<std::thread::id> threads;
    const wh::workers all(worker_of(box,
                                    [&](const thing_made& event) {
                                        const std::lock_guard lock(mutex);
                                        ++handled[event.number];
                                        threads.insert(std::this_thread::get_id());
                                    }),
                          {.threads = 4});
    std::vector<std::thread> senders;
    std::atomic<int> refused = 0;
    for (int sender = 0; sender < 4; ++sender) {
        senders.emplace_back([&, sender] {
            for (int i = 0; i < 250; ++i) {
                if (!accept(box, 1000 * sender + i)) ++refused;
            }
        });
    }
    for (auto& each : senders) each.join();
    CHECK(refused == 0);
    CHECK(eventually([&] { return done_in(store) == 1000; }));
    const std::lock_guard lock(mutex);
    CHECK(handled.size() == 1000);
    CHECK(std::all_of(handled.begin(), handled.end(), [](auto& each) { return each.second == 1; }));
    CHECK(threads.size() <= 4);
    for (const wh::entry& each : entries_of(store)) CHECK(each.attempts == 1);
}

TEST_CASE("what is accepted is handled at once, also by threads that wait for long") {
    spy_store store;
    system_inbox box(store);
    const wh::workers all(worker_of(box, [](const thing_made&) {}), {.threads = 2, .poll = never});
    for (int number = 0; number < 20; ++number) {
        // So that both threads have gone to sleep, or are just about to.
        if (number % 2 == 0) {
            const auto claims = store.count("claim");
            std::this_thread::sleep_for(std::chrono::milliseconds(number));
            CHECK(store.count("claim") >= claims);
        }
        REQUIRE(accept(box, number));
        REQUIRE(eventually([&] { return done_in(store) == static_cast<std::size_t>(number) + 1; }));
    }
}

TEST_CASE("a dead entry that is made ready again is handled at once") {
    spy_store store;
    system_inbox box(store);
    std::atomic<bool> fails = true;
    const wh::workers all(worker_of(box,
                                    [&](const thing_made&) {
                                        return fails ? wh::disposition::dead("no")
                                                     : wh::disposition::done();
                                    }),
                          {.threads = 1, .poll = never});
    REQUIRE(accept(box, 1));
    REQUIRE(eventually([&] { return store.stats().value().dead == 1; }));
    fails = false;
    CHECK(box.redrive(entries_of(store).at(0).number).value());
    CHECK(eventually([&] { return done_in(store) == 1; }));
}

TEST_CASE("several handlers run at the same time") {
    spy_store store;
    system_inbox box(store);
    std::atomic<int> begun = 0;
    gate goes_on;
    const wh::workers all(worker_of(box,
                                    [&](const thing_made&) {
                                        ++begun;
                                        CHECK(goes_on.pass());
                                    }),
                          {.threads = 3, .poll = never});
    for (int number = 0; number < 4; ++number) REQUIRE(accept(box, number));
    CHECK(eventually([&] { return begun == 3; }));
    CHECK(begun == 3);
    goes_on.open();
    CHECK(eventually([&] { return done_in(store) == 4; }));
}

TEST_CASE("idle threads ask for what others accept, and for what is to be tried again") {
    spy_store store;
    system_inbox box(store);
    std::atomic<int> tries = 0;
    const wh::workers all(worker_of(box,
                                    [&](const thing_made&) {
                                        return ++tries == 1
                                                   ? wh::disposition::retry_after(wh::seconds(0))
                                                   : wh::disposition::done();
                                    }),
                          {.threads = 1, .poll = 1});
    // Another inbox with the same store wakes nobody here, as another process would.
    REQUIRE(accept(system_inbox(store), 1));
    CHECK(eventually([&] { return done_in(store) == 1; }));
    CHECK(tries == 2);
}

TEST_CASE("threads that find nothing ask seldom, whatever has happened before") {
    spy_store store;
    system_inbox box(store);
    for (int number = 0; number < 300; ++number) REQUIRE(accept(box, number));
    const wh::workers all(worker_of(box, [](const thing_made&) {}), {.threads = 1, .poll = never});
    CHECK(eventually([&] { return done_in(store) == 300; }));
    // The next accepted entry proves that the thread is through with all that came before.
    REQUIRE(accept(box, 1000));
    CHECK(eventually([&] { return done_in(store) == 301; }));
    CHECK(store.count("claim") <= 301 + 3);

    SECTION("also while the store fails") {
        std::atomic<int> failed = 0;
        store.before_each([&](std::string_view call) -> std::optional<wh::error> {
            if (call != "claim") return std::nullopt;
            ++failed;
            return wh::error{errc::store_unavailable, "spy"};
        });
        for (int number = 2000; number < 2100; ++number) REQUIRE(accept(box, number));
        CHECK(eventually([&] { return failed > 0; }));
        CHECK(failed <= 102);
        store.recover();
        REQUIRE(accept(box, 3000));
        CHECK(eventually([&] { return done_in(store) == 301 + 101; }));
    }
}

TEST_CASE("workers go on when a store that failed is there again") {
    spy_store store;
    system_inbox box(store);
    std::atomic<int> handled = 0;
    store.fail("claim", errc::store_unavailable, 5);
    REQUIRE(accept(box, 1));
    const wh::workers all(worker_of(box, [&](const thing_made&) { ++handled; }),
                          {.threads = 2, .poll = 1});
    CHECK(eventually([&] { return done_in(store) == 1; }));
    CHECK(handled == 1);
}

TEST_CASE("entries of one partition are handled one after the other by any number of threads") {
    spy_store store;
    system_inbox box(store);
    std::mutex mutex;
    std::map<std::string, std::vector<std::int64_t>> order;
    std::map<std::string, int> at_once;
    int too_many = 0;
    const auto partition_of = [](std::int64_t number) { return std::to_string(number % 3); };
    for (int number = 0; number < 90; ++number) REQUIRE(accept(box, number, partition_of(number)));
    // They never look again of their own: what is ready next is found by whoever made it ready.
    const wh::workers all(worker_of(box,
                                    [&](const thing_made& event) {
                                        const std::string partition = partition_of(event.number);
                                        {
                                            const std::lock_guard lock(mutex);
                                            if (++at_once[partition] > 1) ++too_many;
                                            order[partition].push_back(event.number);
                                        }
                                        std::this_thread::yield();
                                        const std::lock_guard lock(mutex);
                                        --at_once[partition];
                                    }),
                          {.threads = 4, .poll = never});
    CHECK(eventually([&] { return done_in(store) == 90; }));
    const std::lock_guard lock(mutex);
    CHECK(too_many == 0);
    REQUIRE(order.size() == 3);
    for (const auto& [partition, numbers] : order) {
        CHECK(numbers.size() == 30);
        CHECK(std::is_sorted(numbers.begin(), numbers.end()));
    }
}

TEST_CASE("stopping with grace waits for handlers") {
    spy_store store;
    system_inbox box(store);
    gate begun;
    gate goes_on;
    std::atomic<int> handled = 0;
    wh::workers all(worker_of(box,
                              [&](const thing_made&) {
                                  begun.open();
                                  CHECK(goes_on.pass());
                                  ++handled;
                              }),
                    {.threads = 1, .poll = never});
    REQUIRE(accept(box, 1));
    REQUIRE(accept(box, 2));
    CHECK(begun.pass());
    std::atomic<bool> stopped = false;
    std::thread stopper([&] {
        all.stop(wh::seconds(60));
        stopped = true;
    });
    // Nothing more is accepted from the moment that it begins.
    CHECK(eventually([&] { return is_closed(box); }));
    CHECK_FALSE(stopped);
    goes_on.open();
    stopper.join();
    CHECK(handled == 1);
    CHECK(store.count("hand back") == 0);
    const auto all_entries = entries_of(store);
    CHECK(all_entries[0].state == entry_state::done);
    CHECK(all_entries[1].state == entry_state::ready);
    CHECK(all_entries[1].attempts == 0);
}

TEST_CASE("stopping without grace hands back what is being handled") {
    spy_store store;
    system_inbox box(store);
    gate begun;
    std::atomic<bool> was_lost = false;
    wh::worker one(box);
    one.handle("shop", wh::parser<things>(),
               wh::handlers{[&](const thing_made&, wh::work<spy_store>& of) {
                   begun.open();
                   was_lost = eventually([&] { return of.is_lost(); });
               }});
    wh::workers all(std::move(one), {.threads = 1, .poll = never});
    REQUIRE(accept(box, 1));
    CHECK(begun.pass());
    SECTION("by a call") {
        all.stop(wh::seconds(0));
    }
    SECTION("by a call with a time that is over") {
        all.stop(wh::seconds(1));
    }
    SECTION("by a call with a time that is none") {
        all.stop(wh::seconds(-5));
    }
    CHECK(was_lost);
    CHECK(store.count("hand back") == 1);
    const auto entry = entries_of(store).at(0);
    CHECK(entry.state == entry_state::ready);
    CHECK(entry.attempts == 0);
}

TEST_CASE("workers that are destroyed hand back what is being handled") {
    spy_store store;
    system_inbox box(store);
    gate begun;
    {
        wh::worker one(box);
        one.handle("shop", wh::parser<things>(),
                   wh::handlers{[&](const thing_made&, wh::work<spy_store>& of) {
                       begun.open();
                       CHECK(eventually([&] { return of.is_lost(); }));
                   }});
        const wh::workers all(std::move(one), {.threads = 2, .poll = never});
        REQUIRE(accept(box, 1));
        CHECK(begun.pass());
    }
    CHECK(entries_of(store).at(0).state == entry_state::ready);
    CHECK(accept(box, 2).error().code == errc::shutting_down);
}

TEST_CASE("a hand-back that fails is tried again until the handler returns") {
    spy_store store;
    system_inbox box(store);
    gate begun;
    wh::worker one(box);
    one.handle("shop", wh::parser<things>(),
               wh::handlers{[&](const thing_made&, wh::work<spy_store>& of) {
                   begun.open();
                   CHECK(eventually([&] { return of.is_lost(); }));
               }});
    wh::workers all(std::move(one), {.threads = 1, .poll = never});
    REQUIRE(accept(box, 1));
    CHECK(begun.pass());
    store.fail("hand back", errc::store_unavailable, 2);
    all.stop(wh::seconds(0));
    CHECK(store.count("hand back") == 3);
    CHECK(entries_of(store).at(0).state == entry_state::ready);
    CHECK(entries_of(store).at(0).attempts == 0);
}

TEST_CASE("an entry that was claimed while workers were stopped is handed back too") {
    spy_store store;
    system_inbox box(store);
    REQUIRE(accept(box, 1));
    gate claims;
    gate goes_on;
    store.before_each([&](std::string_view call) -> std::optional<wh::error> {
        if (call == "claim") {
            claims.open();
            CHECK(goes_on.pass());
        }
        return std::nullopt;
    });
    wh::worker one(box);
    one.handle("shop", wh::parser<things>(),
               wh::handlers{[&](const thing_made&, wh::work<spy_store>& of) {
                   CHECK(eventually([&] { return of.is_lost(); }));
               }});
    wh::workers all(std::move(one), {.threads = 1, .poll = never});
    CHECK(claims.pass());
    std::thread stopper([&] { all.stop(wh::seconds(0)); });
    // Long enough for what is being handled to have been handed back: that is nothing.
    CHECK(eventually([&] { return is_closed(box); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    goes_on.open();
    stopper.join();
    CHECK(entries_of(store).at(0).state == entry_state::ready);
}

TEST_CASE("workers can be stopped twice, and by two at the same time") {
    spy_store store;
    system_inbox box(store);
    wh::workers all(worker_of(box, [](const thing_made&) {}), {.threads = 4, .poll = never});
    SECTION("one after the other, without waiting for nobody") {
        all.stop(wh::seconds(0));
        const stopwatch since;
        all.stop(wh::seconds(90));
        CHECK(since.time() < limit);
    }
    SECTION("at the same time") {
        std::vector<std::thread> stoppers;
        for (int i = 0; i < 4; ++i) {
            stoppers.emplace_back([&] { all.stop(wh::seconds(90)); });
        }
        for (auto& each : stoppers) each.join();
    }
}

TEST_CASE("idle workers stop at once") {
    spy_store store;
    system_inbox box(store);
    wh::workers all(worker_of(box, [](const thing_made&) {}), {.threads = 4, .poll = never});
    // Others that wait for the same inbox do not keep the news from them.
    wh::workers others(worker_of(box, [](const thing_made&) {}), {.threads = 4, .poll = never});
    CHECK(eventually([&] { return store.count("claim") >= 8; }));
    const stopwatch since;
    all.stop(wh::seconds(90));
    others.stop(wh::seconds(90));
    CHECK(since.time() < std::chrono::milliseconds(never));
}

TEST_CASE("workers stop at once wherever their threads are") {
    // Each round meets the threads at other places on their way to an entry that is not there.
    spy_store store;
    for (int round = 0; round < 2'000; ++round) {
        system_inbox box(store);
        wh::workers all(worker_of(box, [](const thing_made&) {}), {.threads = 4, .poll = never});
        for (int i = 0; i < round % 16; ++i) std::this_thread::yield();
        const stopwatch since;
        all.stop(wh::seconds(90));
        REQUIRE(since.time() < std::chrono::milliseconds(never));
    }
}

TEST_CASE("leases are renewed while handlers take longer") {
    spy_store store;
    const wh::testing::manual_clock clock;
    const manual_inbox box(store, {}, clock);
    gate begun;
    gate goes_on;
    std::atomic<int> lost = 0;
    wh::workers all(worker_of(box,
                              [&](const thing_made&) {
                                  begun.open();
                                  CHECK(goes_on.pass());
                              },
                              {.lease = wh::seconds(1),
                               .log = [&](const wh::attempt_outcome& what) { lost += what.lost; }}),
                    {.threads = 1, .poll = never});
    REQUIRE(accept(box, 1));
    CHECK(begun.pass());
    for (int i = 0; i < 2; ++i) {
        clock.advance(999);
        // The second one began after the clock had been advanced.
        const auto before = store.count("renewed");
        CHECK(eventually([&] { return store.count("renewed") >= before + 2; }));
        CHECK_FALSE(store.claim({.now = clock.milliseconds(), .lease = 1000}).value());
    }
    std::thread stopper([&] { all.stop(wh::seconds(60)); });
    SECTION("also while workers are being stopped") {
        CHECK(eventually([&] { return is_closed(box); }));
        clock.advance(999);
        const auto before = store.count("renewed");
        CHECK(eventually([&] { return store.count("renewed") >= before + 2; }));
        CHECK_FALSE(store.claim({.now = clock.milliseconds(), .lease = 1000}).value());
    }
    goes_on.open();
    stopper.join();
    CHECK(lost == 0);
    CHECK(entries_of(store).at(0).state == entry_state::done);
    CHECK(entries_of(store).at(0).attempts == 1);
}

TEST_CASE("workers remove what need not be kept, until nothing is left of it") {
    spy_store store;
    const wh::testing::manual_clock clock;
    const manual_inbox box(store, {.keep_bodies = wh::seconds(0)}, clock);
    const std::string body = made();
    for (int number = 0; number < 2500; ++number) {
        REQUIRE(box.accept(wh::assume_verified(body, "a test"),
                           {.as = {.endpoint = "shop", .id = std::to_string(number)},
                            .retention = wh::seconds(1)}));
    }
    const auto one = worker_of(box, [](const thing_made&) {});
    while (one.run_one().value()) {
    }
    CHECK(done_in(store) == 2500);
    clock.advance(2000);
    const wh::workers all(worker_of(box, [](const thing_made&) {}),
                          {.threads = 1, .poll = never, .purge = wh::seconds(3600)});
    CHECK(eventually([&] { return entries_of(store).empty(); }));
    // Three rounds that removed something, and one that had nothing to do.
    CHECK(eventually([&] { return store.count("purge") == 4; }));
}

TEST_CASE("leases are renewed however much there is to remove") {
    spy_store store;
    system_inbox box(store);
    for (int number = 0; number < 5; ++number) REQUIRE(accept(box, number));
    gate goes_on;
    std::atomic<int> rounds = 0;
    std::atomic<int> most_between = 0;
    std::atomic<int> between = 0;
    store.before_each([&](std::string_view call) -> std::optional<wh::error> {
        if (call == "renew") between = 0;
        if (call == "purge") {
            ++rounds;
            // As long as a third of the lease.
            std::this_thread::sleep_for(std::chrono::milliseconds(334));
            most_between = (std::max)(most_between.load(), ++between);
        }
        return std::nullopt;
    });
    store.purge_without_end();
    wh::workers all(worker_of(box, [&](const thing_made&) { CHECK(goes_on.pass()); },
                              {.lease = wh::seconds(1)}),
                    {.threads = 1, .poll = never});
    CHECK(eventually([&] { return rounds >= 5; }));
    goes_on.open();
    all.stop(wh::seconds(60));
    CHECK(most_between <= 2);
}

TEST_CASE("a purge that fails is tried again later") {
    spy_store store;
    store.fail("purge", errc::store_unavailable, 1);
    const wh::workers all(worker_of(system_inbox(store), [](const thing_made&) {}),
                          {.threads = 1, .poll = never, .purge = wh::seconds(1)});
    const stopwatch since;
    CHECK(eventually([&] { return store.count("purge") >= 2; }));
    CHECK(since.time() >= std::chrono::milliseconds(900));
}

TEST_CASE("the options of workers have bounds") {
    CHECK_FALSE(refusal({}));
    CHECK_FALSE(refusal({.threads = 1}));
    CHECK(refusal({.threads = 0}) == errc::invalid_option);
    CHECK(refusal({.threads = 1001}) == errc::invalid_option);
    CHECK_FALSE(refusal({.poll = 1}));
    CHECK_FALSE(refusal({.poll = 60'000}));
    CHECK(refusal({.poll = 0}) == errc::invalid_option);
    CHECK(refusal({.poll = 60'001}) == errc::invalid_option);
    CHECK_FALSE(refusal({.purge = wh::seconds(1)}));
    CHECK_FALSE(refusal({.purge = wh::seconds(86'400)}));
    CHECK(refusal({.purge = wh::seconds(0)}) == errc::invalid_option);
    CHECK(refusal({.purge = wh::seconds(86'401)}) == errc::invalid_option);
}
