// SPDX-License-Identifier: MIT
// Lets each call of libpq and of OpenSSL, and each allocation of ours, fail in turn, while a real
// PostgreSQL is used: as a guard, as an inbox, by a worker and by receivers. See `store_facts.hpp`
// for what has to hold.
//
// A server may still be at work on what nobody waits for any more, so each look at what has become
// of a failure waits until its connection is gone there too. That also shows that none is left
// open.
//
// postgres_fault_tests [STEP]: while tables are created, which takes long, every STEP-th call
// fails.
#include <webhookpp/stores/postgres.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>

#include "../stores/postgres_server.hpp"
#include "failing_calls.hpp"
#include "guard_paths.hpp"
#include "inbox_paths.hpp"
#include "path.hpp"
#include "receiver_paths.hpp"
#include "store_facts.hpp"

using namespace fault_injection;
using wh::stores::postgres;
using wh::stores::postgres_options;

namespace {

// Not one more than has to be, so that one which is not given back is missed at once.
constexpr std::size_t connections = 2;

// Of the calls by which tables are created, each statement making the same ones.
long stride = 13;

class watched_server {
public:
    watched_server() : server_(servers::postgres_server::shared()) {}

    // Nothing is lost but with the power of the machine, so no commit waits for the disk.
    [[nodiscard]] std::string connection_string() const {
        return server_.connection_string("options='-c synchronous_commit=off'");
    }
    [[nodiscard]] static postgres_options options() {
        return {.connections = connections,
                .schema = servers::postgres_server::fresh_schema(),
                .timeout = wh::seconds(2),
                .require_durability = false};
    }
    [[nodiscard]] postgres fresh_store() const { return postgres(connection_string(), options()); }

    // Waits until the server has no other connections of the library's than those that are open.
    void wait() {
        const std::string count =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name ="
            " 'webhookpp'";
        for (int looks = 0; looks < 5'000; ++looks) {
            if (watching_.value(count) == std::to_string(open_connections())) return;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        std::puts("not ok - the server and we do not agree on what connections there are");
        std::exit(1);
    }

private:
    servers::postgres_server& server_;
    servers::client watching_{server_.connection_string()};
};

store_facts facts_of(watched_server& server, const std::string& name) {
    return {.name = name,
            .kinds = {kind::openssl_call, kind::allocation, kind::store_call, kind::store_answer},
            // A connection that cannot be used any more is replaced, before or after.
            .overcomes = {"PQstatus", "PQtransactionStatus", "PQpipelineStatus"},
            .is_server = true,
            .after = [&server] { server.wait(); }};
}

void try_open(watched_server& server) {
    const std::string to = server.connection_string();
    auto options = watched_server::options();
    auto each = facts_of(server, "PostgreSQL")
                    .path_of("open", [&] { return of(postgres::try_open(to, options)); }, {}, {});
    each.may_throw = true;
    each.overcomes = {};
    // A connection string is not read when there is no memory for that.
    each.reasons.insert(static_cast<int>(wh::errc::invalid_option));
    each.is_sound = [] { return open_connections() == 0; };
    try_all(each);
    each.name = "PostgreSQL: create";
    each.before = [&] { options.schema = servers::postgres_server::fresh_schema(); };
    each.is_sound = [&] {
        if (open_connections() != 0) return false;
        auto opened = postgres::try_open(to, options);
        return opened && opened->stats().has_value();
    };
    each.stride = stride;
    try_all(each);
}

template <class Try>
void try_store(watched_server& server, const std::string& name, Try try_with) {
    try_with(facts_of(server, name), server.fresh_store());
    server.wait();
    if (open_connections() == 0) return;
    ++failures;
    std::printf("not ok - %s: %ld connections are left\n", name.c_str(), open_connections());
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc > 1) step = stride = std::max(1L, std::atol(argv[1]));
    if (!count_allocations()) {
        std::puts("not ok - allocations cannot be counted");
        return 1;
    }
    watched_server server;
    try_open(server);
    try_store(server, "PostgreSQL", [](const auto& facts, postgres store) {
        guard_paths(facts, store).try_each();
        inbox_paths(facts, store).try_each();
    });
    try_store(server, "PostgreSQL, in a partition", [](const auto& facts, postgres store) {
        inbox_paths(facts, store, "p").try_turns();
    });
    try_store(server, "PostgreSQL", [](const auto& facts, postgres store) {
        try_worker(facts, store);
        try_guarded_receiver(facts, store);
    });
    try_store(server, "PostgreSQL",
              [](const auto& facts, postgres store) { try_inbox_receiver(facts, store); });
    return concluded();
} catch (const std::exception& thrown) {
    std::printf("not ok - %s was thrown at set-up\n", thrown.what());
    return 1;
}
