// SPDX-License-Identifier: MIT
// Measures what it costs to accept messages durably with PostgreSQL, as bench/inbox.cpp does with
// SQLite: beside the same rows inserted with libpq alone. Starts a server of its own, with its
// usual settings.
//
//     webhookpp_bench_inbox_postgres [DIRECTORY]    on the disk that is to be measured; by default
//                                                   where temporary files are

#include <libpq-fe.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include <webhookpp/inbox.hpp>
#include <webhookpp/stores/postgres.hpp>

#include "../tests/stores/postgres_server.hpp"
#include "inbox_load.hpp"

namespace {

using namespace inbox_load;

// The same rows in a table with libpq alone: one prepared statement with a value for each column of
// each row, so that a commit is one round trip.
class plain_table {
public:
    plain_table(const std::string& connection_string, const std::string& name, std::size_t rows)
        : client_(connection_string), rows_(rows) {
        client_.run("CREATE TABLE " + name +
                    " (number bigserial PRIMARY KEY, key bytea NOT NULL UNIQUE, provider text, "
                    "endpoint text, message_id text, event_type text, accepted_at bigint, "
                    "keep_until bigint, state smallint, body bytea)");
        std::string text =
            "INSERT INTO " + name +
            " (key, message_id, body, provider, endpoint, event_type, accepted_at, keep_until, "
            "state) VALUES ";
        for (std::size_t row = 0; row < rows; ++row) {
            const auto parameter = [&](std::size_t column) {
                return "$" + std::to_string(row * columns + column);
            };
            text += (row == 0 ? "(" : ", (") + parameter(1) + ", " + parameter(2) + ", " +
                    parameter(3) +
                    ", 'standard_webhooks', 'bench', 'chart.published', 1700000000000, "
                    "1700000000000, 0)";
        }
        text += " ON CONFLICT DO NOTHING";
        must(PQprepare(client_.get(), "insertion", text.c_str(), 0, nullptr));
    }

    bool insert(std::uint64_t first) {
        std::vector<wh::message_key> keys;
        std::vector<std::string> ids;
        std::vector<std::string> bodies;
        for (std::uint64_t number = first; number < first + rows_; ++number) {
            ids.push_back(id_of(number));
            bodies.push_back(body_of(number));
            keys.push_back(key_of(ids.back()));
        }
        std::vector<const char*> values;
        std::vector<int> lengths;
        const auto add = [&](const void* value, std::size_t length) {
            values.push_back(static_cast<const char*>(value));
            lengths.push_back(static_cast<int>(length));
        };
        for (std::size_t row = 0; row < rows_; ++row) {
            add(keys[row].bytes().data(), wh::message_key::size);
            add(ids[row].data(), ids[row].size());
            add(bodies[row].data(), bodies[row].size());
        }
        const std::vector<int> binary(values.size(), 1);
        must(PQexecPrepared(client_.get(), "insertion", static_cast<int>(values.size()),
                            values.data(), lengths.data(), binary.data(), 0));
        return true;
    }

private:
    static constexpr std::size_t columns = 3;

    static void must(PGresult* answer) {
        const bool good = PQresultStatus(answer) == PGRES_COMMAND_OK;
        PQclear(answer);
        if (!good) std::abort();
    }

    servers::client client_;
    std::size_t rows_;
};

wh::stores::postgres open_store(const servers::postgres_server& server, const char* schema) {
    return wh::stores::postgres(server.connection_string(), {.schema = schema});
}

void measure_accepts(const servers::postgres_server& server) {
    plain_table single(server.connection_string(), "single", 1);
    plain_table many(server.connection_string(), "many", 64);
    wh::stores::postgres store = open_store(server, "store");
    const wh::inbox inbox{open_store(server, "inbox")};
    const auto keep = [&](std::size_t count) {
        return [&store, count](std::uint64_t first) { return store_batch(store, first, count); };
    };
    const auto accept = [&](std::uint64_t number) { return accept_one(inbox, number); };
    measure_accepting({
        {"PostgreSQL alone, 1 a commit", nullptr, 0, 1, 1,
         [&](std::uint64_t first) { return single.insert(first); }},
        {"store, 1 a commit", "PostgreSQL alone, 1 a commit", 0, 1, 1, keep(1)},
        {"inbox, 1 thread", "PostgreSQL alone, 1 a commit", 0, 1, 1, accept},
        {"PostgreSQL alone, 64 a commit", nullptr, 0, 1, 64,
         [&](std::uint64_t first) { return many.insert(first); }},
        {"store, 64 a commit", "PostgreSQL alone, 64 a commit", 0, 1, 64, keep(64)},
        {"inbox, 8 threads", "PostgreSQL alone, 1 a commit", 0, 8, 1, accept},
        {"inbox, 128 threads", "PostgreSQL alone, 64 a commit", 0, 128, 1, accept},
    });
}

void measure_claims(const servers::postgres_server& server) {
    servers::client client(server.connection_string());
    const auto fill = [&](std::uint64_t from, std::uint64_t to) {
        auto filled = open_store(server, "claims");
        for (std::uint64_t number = from; number < to; number += 50) {
            if (!store_batch(filled, number, 50)) std::abort();
        }
        // What the server does by itself in quiet minutes.
        client.run("ANALYZE claims.queue");
        client.run("CHECKPOINT");
    };
    measure_claiming(fill, [&] { return open_store(server, "claims"); });
}

void measure_handlers(const servers::postgres_server& server) {
    wh::stores::postgres store(server.connection_string(),
                               {.connections = 10, .schema = "handled"});
    if (!store.execute("CREATE TABLE effects(item text PRIMARY KEY)")) std::abort();
    measure_handling(store);
}

}  // namespace

int main(int argc, char** argv) try {
    // Where the server keeps its files.
    if (argc > 1 && setenv("TMPDIR", argv[1], 1) != 0) return EXIT_FAILURE;
    const servers::postgres_server server;
    measure_accepts(server);
    measure_handlers(server);
    measure_claims(server);
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return EXIT_FAILURE;
}
