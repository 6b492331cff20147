// SPDX-License-Identifier: MIT
#include <webhookpp/stores/postgres.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/testing/store_conformance.hpp>

#include "../catch.hpp"
#include "child.hpp"
#include "postgres_bench.hpp"
#include "postgres_server.hpp"

using namespace postgres_bench;
using servers::postgres_server;

namespace {

const std::vector<std::string> nothing;

/// Fewer than for stores in memory: each operation is written to disk.
wh::testing::store_check_options moderate() {
    wh::testing::store_check_options options;
    options.operations = 1'500;
    options.concurrent_operations = 3'000;
    options.concurrent_entries = 300;
    options.storms = 3;
    return options;
}

/// Handlers that write numbers into a table.
wh::testing::transaction_effects<postgres> numbers_in(const std::string& table) {
    return {.write =
                [table](postgres::transaction& transaction, std::int64_t value) {
                    const std::string text =
                        "INSERT INTO " + table + " VALUES (" + std::to_string(value) + ")";
                    PGresult* const answer = PQexec(transaction.connection(), text.c_str());
                    const bool written = PQresultStatus(answer) == PGRES_COMMAND_OK;
                    PQclear(answer);
                    return written;
                },
            .read =
                [table](postgres&) {
                    std::vector<std::int64_t> all;
                    for (const std::string& each : connect().run("SELECT value FROM " + table)) {
                        all.push_back(std::stoll(each));
                    }
                    return all;
                }};
}

/// Calls `work` in `count` threads with the number of each.
template <class F>
void in_threads(int count, F work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back([work, i] { work(i); });
    for (std::thread& each : threads) each.join();
}

std::string where(const wh::error& error) {
    return std::string(error.where);
}

}  // namespace

TEST_CASE("the PostgreSQL store is an inbox store") {
    connect().run("CREATE TABLE IF NOT EXISTS effects (value bigint)");
    CHECK(wh::testing::check_inbox_store(
              [] {
                  connect().run("TRUNCATE effects");
                  return open_store({.connections = 8, .timeout = wh::seconds(30)});
              },
              moderate(), numbers_in("effects")) == nothing);
}

TEST_CASE("the PostgreSQL store is a replay store") {
    CHECK(wh::testing::check_replay_store(
              [] { return open_store({.connections = 8, .timeout = wh::seconds(30)}); },
              moderate()) == nothing);
}

TEST_CASE("wrong options are refused, and no password is shown") {
    const auto refused = [](const std::string& text, const postgres_options& options = {}) {
        const auto opened = postgres::try_open(text, options);
        REQUIRE(!opened);
        CHECK(where(opened.error()).find("s3cret") == std::string::npos);
        return opened.error();
    };
    const std::string good = postgres_server::shared().connection_string();
    CHECK(refused(good, {.connections = 1}).code == wh::errc::invalid_option);
    CHECK(refused(good, {.connections = 1001}).code == wh::errc::invalid_option);
    CHECK(refused(good, {.timeout = wh::seconds(0)}).code == wh::errc::invalid_option);
    CHECK(refused(good, {.timeout = wh::seconds(601)}).code == wh::errc::invalid_option);
    for (const char* name : {"", "1a", "A", "a-b", "a\"b", "a b", "ä"}) {
        CHECK(refused(good, {.schema = name}).code == wh::errc::invalid_option);
    }
    CHECK(refused(good, {.schema = std::string(64, 'a')}).code == wh::errc::invalid_option);
    CHECK(refused("password s3cret").code == wh::errc::invalid_option);
    CHECK(refused(std::string("host=/tmp\0 password=s3cret", 25)).code == wh::errc::invalid_option);
    // Part of this password is taken for the host.
    const auto split = refused("postgresql://hooks:pass@s3cret/word@localhost/shop");
    CHECK(split.code == wh::errc::store_unavailable);
    CHECK(refused("host=/nowhere/at/all password=s3cret").code == wh::errc::store_unavailable);
    CHECK(where(refused("host=/nowhere/at/all password=s3cret")) ==
          "postgres: no server listens on that socket");
    CHECK(where(refused(postgres_server::shared().connection_string("dbname=nothing"))) ==
          "postgres: there is no such database or user");
    CHECK_THROWS_AS(postgres("password s3cret"), wh::exception);
}

TEST_CASE("a server that may lose what it acknowledges is refused unless that is allowed") {
    auto& server = postgres_server::shared();
    const auto schema = postgres_server::fresh_schema();
    const std::string careless = server.connection_string("options='-c synchronous_commit=off'");
    const auto refused = postgres::try_open(careless, {.schema = schema});
    REQUIRE(!refused);
    CHECK(refused.error().code == wh::errc::invalid_option);
    CHECK(where(refused.error()).find("synchronous_commit") != std::string::npos);
    CHECK(postgres::try_open(careless, {.schema = schema, .require_durability = false}));

    auto admin = connect();
    admin.run("ALTER SYSTEM SET fsync = off");
    admin.run("SELECT pg_reload_conf()");
    CHECK(child::eventually([&] {
        const auto opened = postgres::try_open(server.connection_string(), {.schema = schema});
        return !opened && where(opened.error()).find("fsync") != std::string::npos;
    }));
    admin.run("ALTER SYSTEM RESET fsync");
    admin.run("SELECT pg_reload_conf()");
    CHECK(child::eventually([&] {
        return postgres::try_open(server.connection_string(), {.schema = schema}).has_value();
    }));
}

TEST_CASE("eight programs that start at once create one set of tables") {
    for (int times = 0; times < 5; ++times) {
        const std::string schema = postgres_server::fresh_schema();
        std::atomic<int> opened = 0;
        in_threads(8, [&](int) {
            auto store = postgres::try_open(postgres_server::shared().connection_string(),
                                            {.schema = schema});
            if (store && store->backlog()) ++opened;
        });
        CHECK(opened == 8);
        CHECK(connect().run("SELECT version FROM " + schema + ".version") ==
              std::vector<std::string>{"1"});
    }
}

TEST_CASE("tables of another version are refused") {
    const std::string schema = postgres_server::fresh_schema();
    const auto open = [&] {
        return postgres::try_open(postgres_server::shared().connection_string(),
                                  {.schema = schema});
    };
    auto older = open();
    REQUIRE(older);
    connect().run("UPDATE " + schema + ".version SET version = 2");
    const auto refused = open();
    REQUIRE(!refused);
    CHECK(refused.error().code == wh::errc::invalid_option);
    CHECK(where(refused.error()).find("newer") != std::string::npos);
    // A program that runs on notices at its next connection.
    const auto counted = older->backlog();
    REQUIRE(!counted);
    CHECK(counted.error().code == wh::errc::store_unavailable);
    connect().run("UPDATE " + schema + ".version SET version = 0");
    CHECK(open().error().code == wh::errc::invalid_option);
    connect().run("UPDATE " + schema + ".version SET version = 1");
    CHECK(open());
    CHECK(older->backlog());
}

TEST_CASE("what cannot be created whole is not created at all") {
    const std::string schema = postgres_server::fresh_schema();
    connect().run("CREATE SCHEMA " + schema + " CREATE TABLE keys (mine int)");
    const auto opened =
        postgres::try_open(postgres_server::shared().connection_string(), {.schema = schema});
    REQUIRE(!opened);
    CHECK(where(opened.error()).find("42P07") != std::string::npos);
    CHECK(connect().value("SELECT count(*) FROM pg_tables WHERE schemaname = '" + schema + "'") ==
          "1");
}

TEST_CASE("a user who may create nothing works in tables that are there") {
    const std::string schema = postgres_server::fresh_schema();
    const std::string role = schema + "_role";
    auto admin = connect();
    admin.run("CREATE ROLE " + role + " LOGIN");
    const std::string as_role =
        "host=" + postgres_server::shared().socket_directory() + " dbname=postgres user=" + role;
    const auto refused = postgres::try_open(as_role, {.schema = schema});
    REQUIRE(!refused);
    CHECK(where(refused.error()) == "postgres: SQLSTATE 42501, the user may not do that");

    admin.run(postgres::schema_definition(schema));
    admin.run("GRANT USAGE ON SCHEMA " + schema + " TO " + role);
    admin.run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " +
              role);
    admin.run("GRANT USAGE ON ALL SEQUENCES IN SCHEMA " + schema + " TO " + role);
    postgres store(as_role, {.schema = schema});
    CHECK(accept(store, message("a")).value() == wh::acceptance::stored);
    CHECK(store.claim({.now = start, .lease = minute}).value().has_value());
    CHECK(store.reserve(message("a").key, start, minute).value().fence > 0);
}

TEST_CASE("bytes of any kind pass, and people can read them") {
    const std::string schema = postgres_server::fresh_schema();
    auto store = open_store({.schema = schema});
    const std::string odd("\0\xff\xfe' \\ \x80", 8);
    auto sent = message("a");
    sent.partition = odd;
    sent.body = odd;
    REQUIRE(accept(store, sent));
    const auto claimed = store.claim({.now = start, .lease = minute, .owner = odd});
    REQUIRE((claimed && *claimed));
    CHECK((*claimed)->partition == odd);
    CHECK((*claimed)->body == odd);
    CHECK(connect().value("SELECT owner FROM " + schema + ".inbox") == R"(\000\377\376' \\ \200)");
    CHECK(store.settle(lease_of(**claimed), {.state = wh::entry_state::dead, .error = odd}, start)
              .value());
    CHECK(store.find((*claimed)->number).value()->last_error == odd);
    CHECK(connect().value("SELECT last_error FROM " + schema + ".inbox WHERE state = 'dead'") ==
          R"(\000\377\376' \\ \200)");
}

TEST_CASE("of the same body under many ids at once one is no replay") {
    auto store = open_store({.connections = 8});
    for (int round = 0; round < 20; ++round) {
        const std::string body = "body " + std::to_string(round);
        in_threads(8, [&](int i) {
            postgres mine = store;
            CHECK(accept(mine, message_with(body, body + " " + std::to_string(i))));
        });
    }
    const auto all = store.list({.most = 1000}).value();
    REQUIRE(all.size() == 160);
    CHECK(std::count_if(all.begin(), all.end(),
                        [](const wh::entry& each) { return !each.possible_replay; }) == 20);
}

TEST_CASE("of the same body under many ids at once one is stored if the others are to be dropped") {
    auto store = open_store({.connections = 8});
    for (int round = 0; round < 20; ++round) {
        const std::string body = "body " + std::to_string(round);
        std::atomic<int> stored = 0;
        in_threads(8, [&](int i) {
            postgres mine = store;
            const std::string id = body + " " + std::to_string(i);
            auto sent = message_with(body, id);
            sent.drop_same_body = true;
            const auto accepted = accept(mine, sent);
            if (accepted && *accepted == wh::acceptance::stored) ++stored;
        });
        CHECK(stored == 1);
    }
    const auto counted = store.stats().value();
    CHECK(counted.ready == 20);
    CHECK(counted.duplicates == 140);
}

TEST_CASE("batches that share keys do not stand in each other's way") {
    // A deadlock would not be resolved in time.
    postgres store(postgres_server::shared().connection_string("options='-c deadlock_timeout=60s'"),
                   {.connections = 8, .schema = postgres_server::fresh_schema()});
    std::atomic<int> stored = 0;
    in_threads(8, [&](int i) {
        postgres mine = store;
        for (int batch = 0; batch < 20; ++batch) {
            std::vector<std::string> ids;
            for (int k = 0; k < 40; ++k) {
                // The same keys, in an order of each thread's own.
                ids.push_back(std::to_string(batch) + " " + std::to_string((k * 7 + i * 11) % 40));
            }
            std::vector<wh::new_entry> entries;
            for (const std::string& id : ids) entries.push_back(message(id));
            const auto outcomes = accept(mine, entries);
            REQUIRE(outcomes);
            stored += static_cast<int>(
                std::count(outcomes->begin(), outcomes->end(), wh::acceptance::stored));
        }
    });
    CHECK(stored == 800);
    const auto counted = store.stats().value();
    CHECK(counted.ready == 800);
    CHECK(counted.duplicates == 7 * 800);
}

TEST_CASE("entries of a partition come one after the other, whoever accepts and settles") {
    postgres store(
        postgres_server::shared().connection_string("options='-c deadlock_timeout=60s'"),
        {.connections = 10, .schema = postgres_server::fresh_schema(), .timeout = wh::seconds(30)});
    constexpr int senders = 4;
    constexpr int each_sends = 40;
    std::atomic<int> handled = 0;
    std::mutex mutex;
    std::vector<std::int64_t> order[3];
    std::atomic<int> at_work[3] = {};
    std::atomic<bool> overlapped = false;
    std::vector<std::thread> threads;
    for (int sender = 0; sender < senders; ++sender) {
        threads.emplace_back([&, sender] {
            postgres mine = store;
            for (int i = 0; i < each_sends; ++i) {
                const std::string id = std::to_string(sender) + "." + std::to_string(i);
                const std::string partition = std::to_string(i % 3);
                auto sent = message(id);
                sent.partition = partition;
                CHECK(accept(mine, sent));
            }
        });
    }
    for (int worker = 0; worker < 4; ++worker) {
        threads.emplace_back([&] {
            postgres mine = store;
            const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
            while (handled < senders * each_sends && std::chrono::steady_clock::now() < until) {
                const auto claimed = mine.claim({.now = start + minute, .lease = minute});
                if (!claimed || !*claimed) continue;
                const auto partition = static_cast<std::size_t>((*claimed)->partition[0] - '0');
                if (at_work[partition]++ != 0) overlapped = true;
                {
                    const std::lock_guard lock(mutex);
                    order[partition].push_back((*claimed)->number);
                }
                --at_work[partition];
                if (mine.settle(lease_of(**claimed), {}, start + minute).value_or(false)) ++handled;
            }
        });
    }
    for (std::thread& each : threads) each.join();
    CHECK(handled == senders * each_sends);
    CHECK(!overlapped);
    for (const auto& numbers : order) CHECK(std::is_sorted(numbers.begin(), numbers.end()));
}

TEST_CASE("an entry that comes while the one before it leaves is not left behind") {
    const std::string schema = postgres_server::fresh_schema();
    auto store = open_store({.schema = schema});
    const auto of_partition = [](std::string_view id) {
        auto made = message(id);
        made.partition = "p";
        return made;
    };
    REQUIRE(accept(store, of_partition("first")));
    const auto first = store.claim({.now = start, .lease = minute}).value();
    REQUIRE(first);
    // Somebody else is about to store "held", so whoever brings it too has to wait.
    const auto held = message("held");
    std::string digits(2 * wh::message_key::size, ' ');
    wh::crypto::hex_encode(held.key.bytes(), digits);
    auto other = connect();
    other.run("BEGIN");
    other.run("INSERT INTO " + schema + ".entries SELECT 1000000, '\\x" + digits +
              "', NULL, 0, '', '', '', '', '', 0, 'body', 4, NULL, NULL, true, true, true, true,"
              " false, 0, 0, 0");
    const auto waiting = [] {
        return std::stoi(connect().value("SELECT count(*) FROM pg_locks WHERE NOT granted"));
    };
    std::thread accepting([&] { CHECK(accept(store, {of_partition("second"), held})); });
    CHECK(child::eventually([&] { return waiting() == 1; }));
    std::atomic<bool> settled = false;
    std::thread settling([&] {
        CHECK(store.settle(lease_of(*first), {}, start).value());
        settled = true;
    });
    CHECK(child::eventually([&] { return settled || waiting() == 2; }));
    other.run("ROLLBACK");
    accepting.join();
    settling.join();
    std::set<std::string> found;
    for (int times = 0; times < 2; ++times) {
        const auto claimed = store.claim({.now = start + minute, .lease = minute}).value();
        if (claimed) found.insert(claimed->message_id);
    }
    CHECK(found == std::set<std::string>{"held", "second"});
}

TEST_CASE("after a deadlock the batch is stored again") {
    const std::string schema = postgres_server::fresh_schema();
    auto store = open_store({.schema = schema});
    std::vector<wh::new_entry> both = {message("a"), message("b")};
    REQUIRE(accept(store, both));
    auto other = connect();
    other.run("BEGIN");
    other.run("SET LOCAL deadlock_timeout = '20s'");
    other.run("UPDATE " + schema +
              ".entries SET attempts = attempts WHERE number = (SELECT number" + " FROM " + schema +
              ".entries ORDER BY key DESC LIMIT 1)");
    std::optional<wh::result<std::vector<wh::acceptance>>> outcome;
    std::thread accepting([&] { outcome = accept(store, both); });
    // It has one row, and waits for the other.
    CHECK(child::eventually(
        [&] { return connect().value("SELECT count(*) FROM pg_locks WHERE NOT granted") != "0"; }));
    other.run("UPDATE " + schema +
              ".entries SET attempts = attempts WHERE number = (SELECT number" + " FROM " + schema +
              ".entries ORDER BY key LIMIT 1)");
    other.run("COMMIT");
    accepting.join();
    REQUIRE(outcome);
    REQUIRE(*outcome);
    CHECK(**outcome == std::vector<wh::acceptance>(2, wh::acceptance::duplicate));
    CHECK(store.stats().value().duplicates == 2);
    CHECK(connect().value("SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'") !=
          "0");
}

TEST_CASE("connections are as many as allowed, and one is left for what is short") {
    const std::string schema = postgres_server::fresh_schema();
    auto store = open_store({.connections = 3, .schema = schema, .timeout = wh::seconds(1)});
    auto first = store.begin();
    auto second = store.begin();
    REQUIRE((first && second));
    const auto before = std::chrono::steady_clock::now();
    const auto third = store.begin();
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(3));
    REQUIRE(!third);
    CHECK(third.error().code == wh::errc::store_unavailable);
    CHECK(where(third.error()) == "postgres: no connection is free");
    CHECK(accept(store, message("a")));
    in_threads(8, [&](int) {
        postgres mine = store;
        CHECK(mine.backlog());
    });
    CHECK(std::stoi(connect().value("SELECT count(*) FROM pg_stat_activity"
                                    " WHERE application_name = 'webhookpp'")) == 3);
    first = store.begin();  // in place of the one that it ends
    CHECK(!first);
    second = wh::unexpected(wh::errc::internal_error);
    CHECK(store.begin());
}

TEST_CASE("a handler's transaction is open, and over when it was settled") {
    auto store = open_store();
    connect().run("CREATE TABLE IF NOT EXISTS of_handler (value text)");
    connect().run("TRUNCATE of_handler");
    REQUIRE(accept(store, message("a")));
    const auto claimed = store.claim({.now = start, .lease = minute}).value();
    auto transaction = store.begin();
    REQUIRE(transaction);
    CHECK(PQtransactionStatus(transaction->connection()) == PQTRANS_INTRANS);
    servers::client::run(transaction->connection(), "INSERT INTO of_handler VALUES ('written')");
    CHECK(connect().run("SELECT * FROM of_handler").empty());
    CHECK(store.settle(*transaction, lease_of(*claimed), {}, start).value());
    CHECK(transaction->connection() == nullptr);
    CHECK(connect().run("SELECT * FROM of_handler") == std::vector<std::string>{"written"});
    const auto again = store.settle(*transaction, lease_of(*claimed), {}, start);
    REQUIRE(!again);
    CHECK(again.error().code == wh::errc::store_unavailable);
}

TEST_CASE("a handler that breaks its transaction settles nothing") {
    auto store = open_store({.connections = 2});
    connect().run("CREATE TABLE IF NOT EXISTS of_handler (value text)");
    connect().run("TRUNCATE of_handler");
    REQUIRE(accept(store, message("a")));
    const auto claimed = store.claim({.now = start, .lease = minute}).value();
    for (const char* breaking : {"SELECT nothing FROM nowhere", "ROLLBACK",
                                 "SELECT pg_terminate_backend(pg_backend_pid())",
                                 "COPY of_handler FROM STDIN", "COPY of_handler TO STDOUT"}) {
        auto transaction = store.begin();
        REQUIRE(transaction);
        servers::client::run(transaction->connection(), "INSERT INTO of_handler VALUES ('lost')");
        PQclear(PQexec(transaction->connection(), breaking));
        const auto settled = store.settle(*transaction, lease_of(*claimed), {}, start);
        REQUIRE(!settled);
        CHECK(settled.error().code == wh::errc::store_unavailable);
        CHECK(transaction->connection() == nullptr);
    }
    // The same with a statement that is still running, and with a pipeline.
    for (const bool pipeline : {false, true}) {
        auto transaction = store.begin();
        REQUIRE(transaction);
        servers::client::run(transaction->connection(), "INSERT INTO of_handler VALUES ('lost')");
        if (pipeline) CHECK(PQenterPipelineMode(transaction->connection()) == 1);
        CHECK(PQsendQueryParams(transaction->connection(), "SELECT pg_sleep(1)", 0, nullptr,
                                nullptr, nullptr, nullptr, 0) == 1);
        CHECK(!store.settle(*transaction, lease_of(*claimed), {}, start));
    }
    CHECK(connect().run("SELECT * FROM of_handler").empty());
    CHECK(store.find(claimed->number).value()->state == wh::entry_state::leased);
    CHECK(store.settle(lease_of(*claimed), {}, start).value());
}

TEST_CASE("a handler's transaction at another isolation level settles nothing") {
    auto store = open_store();
    REQUIRE(accept(store, message("a")));
    const auto claimed = store.claim({.now = start, .lease = minute}).value();
    auto transaction = store.begin();
    REQUIRE(transaction);
    servers::client::run(transaction->connection(),
                         "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    const auto settled = store.settle(*transaction, lease_of(*claimed), {}, start);
    REQUIRE(!settled);
    CHECK(where(settled.error()).find("READ COMMITTED") != std::string::npos);
    CHECK(store.settle(lease_of(*claimed), {}, start).value());
}

TEST_CASE("a handler's transaction whose lease is gone is rolled back") {
    auto store = open_store();
    connect().run("CREATE TABLE IF NOT EXISTS of_handler (value text)");
    connect().run("TRUNCATE of_handler");
    REQUIRE(accept(store, message("a")));
    const auto claimed = store.claim({.now = start, .lease = minute}).value();
    const auto taken = store.claim({.now = start + minute, .lease = minute}).value();
    REQUIRE((claimed && taken));
    auto transaction = store.begin();
    REQUIRE(transaction);
    servers::client::run(transaction->connection(), "INSERT INTO of_handler VALUES ('stale')");
    CHECK(!store.settle(*transaction, lease_of(*claimed), {}, start).value());
    CHECK(connect().run("SELECT * FROM of_handler").empty());
    CHECK(store.settle(lease_of(*taken), {}, start).value());
}

TEST_CASE("purging leaves what somebody else has locked") {
    const std::string schema = postgres_server::fresh_schema();
    auto store = open_store({.schema = schema});
    for (const char* id : {"a", "b", "c"}) {
        REQUIRE(accept(store, message(id)));
        const auto claimed = store.claim({.now = start, .lease = minute}).value();
        REQUIRE(store.settle(lease_of(*claimed), {}, start).value());
    }
    auto other = connect();
    other.run("BEGIN");
    other.run("SELECT FROM " + schema + ".entries WHERE number = 2 FOR UPDATE");
    const wh::purge_request all{.now = start + week + 1, .bodies_before = 0, .most = 100};
    CHECK(store.purge(all).value() == 2);
    other.run("COMMIT");
    CHECK(store.purge(all).value() == 1);
    CHECK(store.purge(all).value() == 0);
}

TEST_CASE("many entries are purged by one call") {
    const std::string schema = postgres_server::fresh_schema();
    auto store = open_store({.schema = schema});
    connect().run(
        "INSERT INTO " + schema +
        ".entries SELECT i, sha256(int8send(i)), NULL, 2, '', '', '', '', '', 0, 'body', 4,"
        " NULL, NULL, true, true, true, true, false, 0, 10, 20"
        " FROM generate_series(1, 3500) i");
    CHECK(store.purge({.now = 20, .bodies_before = 11, .most = 1200}).value() == 1200);
    CHECK(store.purge({.now = 20, .bodies_before = 11, .most = 10'000}).value() == 2300);
    CHECK(store.purge({.now = 21, .bodies_before = 11, .most = 10'000}).value() == 3500);
    CHECK(store.stats().value().done == 0);
}

TEST_CASE("claims use their indexes however much is kept, and take as long") {
    const std::string schema = postgres_server::fresh_schema();
    auto store = open_store({.schema = schema});
    auto admin = connect();
    const auto took = [&] {
        std::vector<std::chrono::steady_clock::duration> times;
        for (int i = 0; i < 51; ++i) {
            const auto before = std::chrono::steady_clock::now();
            const auto claimed = store.claim({.now = start + 2, .lease = minute});
            times.push_back(std::chrono::steady_clock::now() - before);
            REQUIRE((claimed && *claimed));
        }
        std::nth_element(times.begin(), times.begin() + 25, times.end());
        return times[25];
    };
    const auto fill = [&](int first, int last, const std::string& state) {
        const std::string numbers =
            " FROM generate_series(" + std::to_string(first) + ", " + std::to_string(last) + ") i";
        admin.run(
            "INSERT INTO " + schema + ".entries SELECT i, sha256(int8send(i)), NULL, " + state +
            ", '', '', '', '', '', 0, 'body', 4, NULL, NULL, true, true, true, true, false, " +
            std::to_string(start) + ", 0, 20" + numbers);
        if (state != "0") return;
        admin.run("INSERT INTO " + schema + ".queue SELECT i, 0, " + std::to_string(start) +
                  " + i % 3, 0, 0, 0, 0, 4, 0, '', ''" + numbers);
    };
    fill(1, 200, "0");
    const auto before = took();
    // No statistics are taken of them before they are claimed: so it is after a flood.
    fill(1'001, 100'000, "0");
    fill(100'001, 150'000, "2");
    const auto after = took();
    CAPTURE(std::chrono::duration_cast<std::chrono::microseconds>(before).count());
    CAPTURE(std::chrono::duration_cast<std::chrono::microseconds>(after).count());
    CHECK(after < 3 * before + std::chrono::milliseconds(5));

    const wh::stores::postgres_detail::inbox_statements texts(schema);
    const auto plan = [&](const std::string& statement, const std::string& types,
                          const std::string& values) {
        admin.run("PREPARE asked (" + types + ") AS " + statement);
        std::string all;
        for (const std::string& line : admin.run("EXPLAIN EXECUTE asked(" + values + ")")) {
            all += line + "\n";
        }
        admin.run("DEALLOCATE asked");
        return all;
    };
    const auto uses = [&](const std::string& statement, const std::string& types,
                          const std::string& values,
                          std::initializer_list<std::string_view> indexes) {
        const std::string text = plan(statement, types, values);
        CAPTURE(text);
        for (const std::string_view index : indexes) CHECK(text.find(index) != std::string::npos);
        CHECK(text.find("Seq Scan") == std::string::npos);
    };
    for (const bool analyzed : {false, true}) {
        if (analyzed) {
            admin.run("ANALYZE " + schema + ".queue");
            admin.run("ANALYZE " + schema + ".entries");
        }
        CAPTURE(analyzed);
        uses(texts.claim, "int8, int8, int8, bytea", "1, 2, 3, ''",
             {"queue_ready", "queue_leased", "queue_pkey", "entries_pkey"});
        uses(texts.finish, "int8, int8, int8, int8, int8, bytea, int8", "1, 1, 1, 2, 0, '', 0",
             {"queue_pkey", "entries_pkey", "queue_partition"});
        uses(texts.postpone, "int8, int8, int8, int8, bytea, int8", "1, 1, 1, 0, '', 0",
             {"queue_pkey", "entries_pkey"});
        uses(texts.renew, "int8, int8, int8", "1, 1, 1", {"queue_pkey"});
        uses(texts.redrive, "int8, int8", "1, 1", {"entries_dead", "queue_partition"});
        uses(texts.find, "int8", "1", {"queue_pkey", "entries_pkey"});
        uses(texts.purge, "int8, int8, int8", "1, 1, 100",
             {"entries_keep_until", "entries_with_body"});
        uses(texts.list[3], "int8, bytea, int8", "0, '', 100", {"entries_dead"});
        uses(texts.store,
             "bytea[], bytea[], boolean[], bytea[], bytea[], bytea[], bytea[], bytea[], int4[],"
             " bytea[], int8[], int8[], int4[], int8[], int8[]",
             "array_fill('a'::bytea, ARRAY[64]), array_fill('b'::bytea, ARRAY[64]),"
             " array_fill(true, ARRAY[64]), array_fill(''::bytea, ARRAY[64]),"
             " array_fill(''::bytea, ARRAY[64]), array_fill(''::bytea, ARRAY[64]),"
             " array_fill(''::bytea, ARRAY[64]), array_fill('p'::bytea, ARRAY[64]),"
             " array_fill(1, ARRAY[64]), array_fill('b'::bytea, ARRAY[64]),"
             " array_fill(1::bigint, ARRAY[64]), array_fill(1::bigint, ARRAY[64]),"
             " array_fill(1, ARRAY[64]), array_fill(1::bigint, ARRAY[64]),"
             " array_fill(1::bigint, ARRAY[64])",
             {"entries_body_key", "entries_key_key", "queue_partition"});
    }
}
