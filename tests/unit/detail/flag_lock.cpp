// SPDX-License-Identifier: MIT
#include <webhookpp/detail/flag_lock.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <optional>
#include <thread>

#include "../../catch.hpp"

using webhookpp::detail::flag_lock;
using namespace std::chrono_literals;

TEST_CASE("who waits for a flag gets it once it is given back") {
    std::atomic_flag flag = ATOMIC_FLAG_INIT;
    std::optional<flag_lock> first(flag);
    CHECK(flag.test());
    std::atomic<bool> begun = false;
    std::atomic<bool> taken = false;
    auto second = std::async(std::launch::async, [&] {
        begun = true;
        const flag_lock lock(flag);
        taken = true;
    });
    while (!begun) std::this_thread::yield();
    // Long enough for it to sleep, so that it has to be woken.
    std::this_thread::sleep_for(50ms);
    CHECK_FALSE(taken);
    first.reset();
    CHECK(second.wait_for(10s) == std::future_status::ready);
    flag.clear();  // or it would sleep for ever
    flag.notify_all();
    second.get();
    CHECK(taken);
    CHECK_FALSE(flag.test());
}
