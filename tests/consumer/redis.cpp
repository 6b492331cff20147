// SPDX-License-Identifier: MIT
// Links hiredis, and finds no server where there is none.
#include <webhookpp/stores/redis.hpp>

#include "vector.hpp"

int main() {
    const auto store = webhookpp::stores::redis::try_open({.unix_socket = "/nonexistent/redis"});
    return verifies() && !store && store.error().code == webhookpp::errc::store_unavailable ? 0 : 1;
}
