// SPDX-License-Identifier: MIT
// Lets each call of hiredis and of OpenSSL, and each allocation of ours, fail in turn, while a real
// Redis is used as a guard, also by a receiver. See `store_facts.hpp` for what has to hold.
//
// redis_fault_tests [STEP]: where a path allocates hundreds of times, every STEP-th allocation
// fails.
#include <webhookpp/stores/redis.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <set>
#include <string>

#include "../stores/redis_server.hpp"
#include "failing_calls.hpp"
#include "guard_paths.hpp"
#include "path.hpp"
#include "receiver_paths.hpp"
#include "store_facts.hpp"

using namespace fault_injection;
using wh::stores::redis;
using wh::stores::redis_options;

namespace {

// Not one more than has to be, so that one which is not given back is missed at once.
constexpr std::size_t connections = 1;

store_facts facts_of(const std::string& name) {
    return {.name = name,
            .kinds = {kind::openssl_call, kind::allocation, kind::store_call, kind::store_answer},
            .with_openssl = {"reserve", "reserve what was reserved"},  // fences are random
            .without_calls = {"forget"},                               // Redis does by itself
            .is_server = true};
}

void try_open(const std::string& name, const redis_options& options) {
    auto each = facts_of(name).path_of(
        "open", [&] { return of(redis::try_open(options)); }, {},
        [] { return open_connections() == 0; });
    each.may_throw = true;
    try_all(each);
}

void try_store(const std::string& name, const redis_options& options) {
    auto facts = facts_of(name);
    facts.reasons.merge(std::set<int>(internal));  // when OpenSSL has no random numbers
    {
        const redis store(options);
        guard_paths(facts, store).try_each();
        try_guarded_receiver(facts, store);
    }
    if (open_connections() == 0) return;
    ++failures;
    std::printf("not ok - %s: %ld connections are left\n", name.c_str(), open_connections());
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc > 1) step = std::max(1L, std::atol(argv[1]));
    if (!count_allocations()) {
        std::puts("not ok - allocations cannot be counted");
        return 1;
    }
    const servers::redis_server server({"--requirepass", "secret", "--appendfsync", "no"});
    const redis_options over_tcp{.port = server.port(),
                                 .password = "secret",
                                 .database = 1,
                                 .connections = connections,
                                 .timeout = wh::seconds(2)};
    redis_options over_socket = over_tcp;
    over_socket.unix_socket = server.unix_socket();
    over_socket.user = "default";
    over_socket.database = 2;
    for (const auto& options : {over_tcp, over_socket}) {
        const std::string name = options.unix_socket.empty() ? "Redis" : "Redis, over a socket";
        try_open(name, options);
        try_store(name, options);
    }
    return concluded();
} catch (const std::exception& thrown) {
    std::printf("not ok - %s was thrown at set-up\n", thrown.what());
    return 1;
}
