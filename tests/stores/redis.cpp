// SPDX-License-Identifier: MIT
#include <webhookpp/stores/redis.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <webhookpp/clock.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/testing/store_conformance.hpp>

#include "../catch.hpp"
#include "child.hpp"
#include "redis_server.hpp"

namespace wh = webhookpp;
using namespace std::chrono_literals;
using servers::redis_server;
using state = wh::reservation::state;
using wh::stores::redis;
using wh::stores::redis_options;

namespace {

const std::vector<std::string> nothing;

constexpr std::int64_t start = 1'700'000'000'000;
constexpr std::int64_t minute = 60'000;
constexpr std::int64_t week = 7 * 24 * 60 * minute;

redis_options options_of(const redis_server& server = redis_server::shared()) {
    return {.port = server.port(), .timeout = wh::seconds(2)};
}

wh::message_key key_of(std::string_view id) {
    return wh::message_key::of_id("stripe", "orders", id).value();
}

std::string name_of(std::string_view id) {
    const auto key = key_of(id);
    std::string digits(2 * wh::message_key::size, ' ');
    wh::crypto::hex_encode(key.bytes(), digits);
    return "webhookpp:" + digits;
}

std::string where(const wh::error& error) {
    return std::string(error.where);
}

}  // namespace

TEST_CASE("the Redis store is a replay store") {
    wh::testing::store_check_options options;
    options.concurrent_operations = 20'000;
    options.storms = 10;
    options.keys_go_by_themselves = true;
    CHECK(wh::testing::check_replay_store(
              [] {
                  redis_server::shared().run({"FLUSHALL"});
                  auto chosen = options_of();
                  chosen.connections = 8;
                  chosen.timeout = wh::seconds(30);
                  return redis(chosen);
              },
              options) == nothing);
}

TEST_CASE("wrong options are refused") {
    const auto refused = [](redis_options options) {
        const auto opened = redis::try_open(options);
        REQUIRE(!opened);
        return opened.error();
    };
    const auto changed = [](auto change) {
        auto options = options_of();
        change(options);
        return options;
    };
    for (const auto& options : {
             changed([](auto& o) { o.connections = 0; }),
             changed([](auto& o) { o.connections = 1001; }),
             changed([](auto& o) { o.timeout = wh::seconds(0); }),
             changed([](auto& o) { o.timeout = wh::seconds(601); }),
             changed([](auto& o) { o.port = 0; }),
             changed([](auto& o) { o.port = 65'536; }),
             changed([](auto& o) { o.host = ""; }),
             changed([](auto& o) { o.prefix = std::string(129, 'p'); }),
             changed([](auto& o) { o.user = "hooks"; }),
         }) {
        CHECK(refused(options).code == wh::errc::invalid_option);
    }
    CHECK_THROWS_AS(redis(changed([](auto& o) { o.port = 0; })), wh::exception);
    CHECK(where(refused({.port = servers::free_port()})) == "redis: cannot connect");
}

TEST_CASE("a store speaks over a socket, in its database, under its prefix") {
    auto& server = redis_server::shared();
    server.run({"FLUSHALL"});
    redis store({.unix_socket = server.unix_socket(), .database = 3, .prefix = "shop a:"});
    CHECK(store.reserve(key_of("a"), start, minute).value().which == state::fresh);
    CHECK(server.run({"DBSIZE"}) == "0");
    CHECK(server.run({"EVAL", "redis.call('SELECT', 3) return redis.call('KEYS', 'shop a:*')",
                      "0"}) == "shop a:" + name_of("a").substr(10));
}

TEST_CASE("passwords are sent, and never shown") {
    redis_server server({"--requirepass", "s3cret"});
    auto options = options_of(server);
    const auto missing = redis::try_open(options);
    REQUIRE(!missing);
    CHECK(where(missing.error()) == "redis: the server wants a password");
    options.password = "wr0ng";
    const auto wrong = redis::try_open(options);
    REQUIRE(!wrong);
    CHECK(wrong.error().code == wh::errc::store_unavailable);
    CHECK(where(wrong.error()) == "redis: the server refuses user or password");
    options.password = "s3cret";
    CHECK(redis::try_open(options));
    options.user = "default";
    CHECK(redis::try_open(options));
    options.user = "hooks";
    CHECK(!redis::try_open(options));
}

TEST_CASE("a server that evicts keys is refused, however it tells") {
    redis_server server;
    CHECK(redis::try_open(options_of(server)));
    server.run({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});
    const auto refused = redis::try_open(options_of(server));
    REQUIRE(!refused);
    CHECK(refused.error().code == wh::errc::invalid_option);
    CHECK(where(refused.error()).find("noeviction") != std::string::npos);

    // A user who may not ask for the configuration, and one who may ask nothing.
    server.run({"ACL", "SETUSER", "tenant", "on", ">pass", "~*", "+@all", "-config"});
    server.run(
        {"ACL", "SETUSER", "guest", "on", ">pass", "~*", "+@all", "-config", "-info", "-script"});
    auto options = options_of(server);
    options.password = "pass";
    options.user = "tenant";
    CHECK(redis::try_open(options).error().code == wh::errc::invalid_option);
    options.user = "guest";
    auto opened = redis::try_open(options);
    REQUIRE(opened);
    CHECK(opened->reserve(key_of("a"), start, minute).value().which == state::fresh);
    server.run({"CONFIG", "SET", "maxmemory-policy", "noeviction"});
    options.user = "tenant";
    CHECK(redis::try_open(options));
}

TEST_CASE("keys go by themselves, but not before their time") {
    auto& server = redis_server::shared();
    redis store(options_of());
    const auto lives = [&] { return std::stoll(server.run({"PTTL", name_of("t")})); };
    const auto between = [](std::int64_t value, std::int64_t low, std::int64_t high) {
        return low < value && value <= high;
    };
    constexpr std::int64_t hour = 60 * minute;
    const std::int64_t fence = store.reserve(key_of("t"), start, minute).value().fence;
    CHECK(between(lives(), minute, minute + hour));
    CHECK(store.extend(key_of("t"), fence, start, 10 * minute).value());
    CHECK(between(lives(), 10 * minute, 10 * minute + hour));
    CHECK(store.commit(key_of("t"), fence, start, start + week).value());
    CHECK(between(lives(), week, week + hour));
    // A time that has passed, and one beyond all reason.
    const std::int64_t other = store.reserve(key_of("u"), start, minute).value().fence;
    CHECK(store.commit(key_of("u"), other, start, start - week).value());
    CHECK(between(std::stoll(server.run({"PTTL", name_of("u")})), 0, hour));
    const std::int64_t third = store.reserve(key_of("v"), start, minute).value().fence;
    CHECK(store.commit(key_of("v"), third, start, INT64_MAX).value());
    CHECK(store.reserve(key_of("v"), start, minute).value().which == state::duplicate);
    CHECK(store.forget(start + 100 * week, 1000).value() == 0);
}

TEST_CASE("a fence from before a flush proves nothing after it") {
    auto& server = redis_server::shared();
    redis store(options_of());
    std::set<std::int64_t> fences;
    for (int times = 0; times < 200; ++times) {
        const std::int64_t fence = store.reserve(key_of("f"), start, minute).value().fence;
        CHECK(fence > 0);
        CHECK(fences.insert(fence).second);
        server.run({"FLUSHALL"});
    }
    CHECK(store.reserve(key_of("f"), start, minute).value().which == state::fresh);
    for (const std::int64_t stale : fences) {
        CHECK(!store.commit(key_of("f"), stale, start, start + week).value());
    }
}

TEST_CASE("scripts that were flushed come back") {
    auto& server = redis_server::shared();
    redis store(options_of());
    for (const char* id : {"s1", "s2"}) {
        server.run({"SCRIPT", "FLUSH"});
        const std::int64_t fence = store.reserve(key_of(id), start, minute).value().fence;
        server.run({"SCRIPT", "FLUSH"});
        CHECK(store.extend(key_of(id), fence, start, minute).value());
        server.run({"SCRIPT", "FLUSH"});
        CHECK(store.release(key_of(id), fence).value());
    }
}

TEST_CASE("a full server is overloaded, and remembers what it has") {
    redis_server server;
    redis store(options_of(server));
    const std::int64_t fence = store.reserve(key_of("a"), start, minute).value().fence;
    REQUIRE(store.commit(key_of("a"), fence, start, start + week).value());
    server.run({"CONFIG", "SET", "maxmemory", "1"});
    const auto refused = store.reserve(key_of("b"), start, minute);
    REQUIRE(!refused);
    CHECK(refused.error().code == wh::errc::overloaded);
    CHECK(where(refused.error()) == "redis: its memory is full");
    server.run({"CONFIG", "SET", "maxmemory", "0"});
    CHECK(store.reserve(key_of("a"), start, minute).value().which == state::duplicate);
    CHECK(store.reserve(key_of("b"), start, minute).value().which == state::fresh);
}

TEST_CASE("a key that is in use for something else is left alone") {
    auto& server = redis_server::shared();
    server.run({"SET", name_of("w"), "mine"});
    redis store(options_of());
    const auto refused = store.reserve(key_of("w"), start, minute);
    REQUIRE(!refused);
    CHECK(refused.error().code == wh::errc::store_unavailable);
    CHECK(server.run({"GET", name_of("w")}) == "mine");
}

TEST_CASE("a replica is not written to") {
    redis_server server;
    redis store(options_of(server));
    server.run({"REPLICAOF", "127.0.0.1", std::to_string(redis_server::shared().port())});
    const auto refused = store.reserve(key_of("a"), start, minute);
    REQUIRE(!refused);
    CHECK(where(refused.error()) == "redis: the server only reads: it is a replica");
    server.run({"REPLICAOF", "NO", "ONE"});
    CHECK(store.reserve(key_of("r"), start, minute));
}

TEST_CASE("a server that is gone is store_unavailable, and what it has acknowledged comes back") {
    redis_server server;
    redis store(options_of(server));
    const std::int64_t fence = store.reserve(key_of("a"), start, minute).value().fence;
    REQUIRE(store.commit(key_of("a"), fence, start, start + week).value());
    const std::int64_t second = store.reserve(key_of("b"), start, minute).value().fence;
    server.stop();
    for (int times = 0; times < 3; ++times) {
        const auto refused = store.reserve(key_of("a"), start, minute);
        REQUIRE(!refused);
        CHECK(refused.error().code == wh::errc::store_unavailable);
    }
    server.start();
    CHECK(store.reserve(key_of("a"), start, minute).value().which == state::duplicate);
    CHECK(store.reserve(key_of("b"), start, minute).value().which == state::in_progress);
    CHECK(store.commit(key_of("b"), second, start, start + week).value());
}

TEST_CASE("a server that does not answer is given up") {
    redis_server server;
    auto options = options_of(server);
    options.timeout = wh::seconds(1);
    redis store(options);
    REQUIRE(store.reserve(key_of("a"), start, minute));
    REQUIRE(kill(server.pid(), SIGSTOP) == 0);
    const auto before = std::chrono::steady_clock::now();
    const auto refused = store.reserve(key_of("a"), start, minute);
    CHECK(std::chrono::steady_clock::now() - before < 4s);
    kill(server.pid(), SIGCONT);
    REQUIRE(!refused);
    CHECK(where(refused.error()) == "redis: no answer in time");
    CHECK(store.reserve(key_of("a"), start, minute).value().which == state::in_progress);
}

TEST_CASE("a server that hangs up does not end the program") {
    redis_server server;
    const pid_t pid = fork();
    if (pid == 0) {
        // As in a program that does not care for signals.
        std::signal(SIGPIPE, SIG_DFL);
        wh::stores::redis_detail::address address;
        address.unix_socket = server.unix_socket();
        address.timeout = 1;
        auto opened = wh::stores::redis_detail::connection::open(address);
        if (!opened) _exit(1);
        server.run({"CLIENT", "KILL", "TYPE", "normal"});
        std::this_thread::sleep_for(100ms);
        const auto refused = (*opened)->run({"PING"});
        _exit(refused ? 2 : 0);
    }
    int status = 0;
    REQUIRE(waitpid(pid, &status, 0) == pid);
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

TEST_CASE("connections that were killed while idle are replaced without anybody noticing") {
    auto& server = redis_server::shared();
    redis store(options_of());
    for (int times = 0; times < 20; ++times) {
        CHECK(store.reserve(key_of("k" + std::to_string(times)), start, minute));
        server.run({"CLIENT", "KILL", "TYPE", "normal"});
        std::this_thread::sleep_for(10ms);
    }
}

TEST_CASE("callers wait for one of few connections") {
    auto options = options_of();
    options.connections = 1;
    redis store(options);
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i) {
        threads.emplace_back([store, i]() mutable {
            for (int k = 0; k < 50; ++k) {
                CHECK(store.reserve(key_of(std::to_string(i) + "," + std::to_string(k)), start,
                                    minute));
            }
        });
    }
    for (std::thread& each : threads) each.join();
}

TEST_CASE("a server that is restarted under load gives no key to two") {
    redis_server server;
    auto options = options_of(server);
    options.connections = 8;
    redis store(options);
    std::atomic<bool> running = true;
    std::atomic<int> committed = 0;
    std::atomic<int> failures = 0;
    std::atomic<int> other_errors = 0;
    std::atomic<int> next = 0;
    std::mutex mutex;
    std::multiset<int> done;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, store]() mutable {
            while (running) {
                // The same keys for all: each is offered to several.
                const int number = next++ / 4;
                const auto key = key_of("load " + std::to_string(number));
                const auto given = store.reserve(key, start, minute);
                if (!given) {
                    ++failures;
                    if (given.error().code != wh::errc::store_unavailable) ++other_errors;
                    std::this_thread::sleep_for(5ms);
                    continue;
                }
                if (given->which != state::fresh) continue;
                if (store.commit(key, given->fence, start, start + week).value_or(false)) {
                    ++committed;
                    const std::lock_guard lock(mutex);
                    done.insert(number);
                }
            }
        });
    }
    for (int times = 0; times < 3; ++times) {
        const int before = committed;
        CHECK(child::eventually([&] { return committed > before + 50; }));
        server.restart();
    }
    const int before = committed;
    CHECK(child::eventually([&] { return committed > before + 50; }));
    running = false;
    for (std::thread& each : threads) each.join();
    CHECK(failures > 0);
    CHECK(other_errors == 0);
    const std::set<int> once(done.begin(), done.end());
    CHECK(once.size() == done.size());
    for (const int number : once) {
        CHECK(
            store.reserve(key_of("load " + std::to_string(number)), start, minute).value().which ==
            state::duplicate);
    }
}
