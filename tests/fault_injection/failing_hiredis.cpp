// SPDX-License-Identifier: MIT
// Lets functions of hiredis fail, and counts connections.
#include <hiredis/hiredis.h>

#include <cerrno>
#include <cstddef>

#include "stand_in.hpp"

namespace {

fault_injection::open_handles<redisContext> connections;

// Without memory there is no connection; if the server does not answer, there is one with an error.
template <class Make>
redisContext* connection_of(const char* name, const void* caller, Make make) {
    redisContext* const made = fault_injection::stand_in(
        name, caller, make, [](redisContext* on) { return on == nullptr || on->err != 0; },
        [] { return static_cast<redisContext*>(nullptr); },
        [](redisContext* on) {
            on->err = REDIS_ERR_IO;
            return on;
        });
    if (fault_injection::is_ours(caller)) connections.add(made);
    return made;
}

template <class Make>
int code_of(const char* name, const void* caller, redisContext* on, Make make) {
    const auto failure = [on] {
        on->err = REDIS_ERR_IO;
        return REDIS_ERR;
    };
    return fault_injection::stand_in(
        name, caller, make, [](int code) { return code != REDIS_OK; }, failure,
        [&](int) { return failure(); });
}

}  // namespace

// In place of the library's own, which they hand on to.

extern "C" redisContext* redisConnectWithTimeout(const char* ip, int port, const timeval tv) {
    static const auto own = WEBHOOKPP_OWN(redisConnectWithTimeout);
    return connection_of("redisConnectWithTimeout", __builtin_return_address(0),
                         [&] { return own(ip, port, tv); });
}

extern "C" redisContext* redisConnectUnixWithTimeout(const char* path, const timeval tv) {
    static const auto own = WEBHOOKPP_OWN(redisConnectUnixWithTimeout);
    return connection_of("redisConnectUnixWithTimeout", __builtin_return_address(0),
                         [&] { return own(path, tv); });
}

extern "C" int redisSetTimeout(redisContext* c, const timeval tv) {
    static const auto own = WEBHOOKPP_OWN(redisSetTimeout);
    return code_of("redisSetTimeout", __builtin_return_address(0), c, [&] { return own(c, tv); });
}

extern "C" int redisEnableKeepAlive(redisContext* c) {
    static const auto own = WEBHOOKPP_OWN(redisEnableKeepAlive);
    return code_of("redisEnableKeepAlive", __builtin_return_address(0), c, [&] { return own(c); });
}

// Without a reply the connection has an error: the server has hung up, or has not answered in time.
extern "C" void* redisCommandArgv(redisContext* c, int argc, const char** argv,
                                  const std::size_t* argvlen) {
    static const auto own = WEBHOOKPP_OWN(redisCommandArgv);
    const auto nothing = [c](int error, int number) -> void* {
        c->err = error;
        errno = number;
        return nullptr;
    };
    return fault_injection::stand_in(
        "redisCommandArgv", __builtin_return_address(0),
        [&] { return own(c, argc, argv, argvlen); },
        [](const void* reply) { return reply == nullptr; },
        [&] { return nothing(REDIS_ERR_EOF, 0); },
        [&](void* reply) {
            freeReplyObject(reply);
            return nothing(REDIS_ERR_IO, EAGAIN);
        });
}

extern "C" void redisFree(redisContext* c) {
    static const auto own = WEBHOOKPP_OWN(redisFree);
    connections.remove(c);
    own(c);
}

long fault_injection::open_connections() noexcept {
    return connections.count();
}
