// SPDX-License-Identifier: MIT
// The SQLite store: what all stores promise, and what is its own.
#include <webhookpp/stores/sqlite.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <webhookpp/testing/store_conformance.hpp>

#include "sqlite_fixture.hpp"

using namespace sqlite_fixture;

namespace {

std::string mode_of(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return "missing";
    constexpr char digits[] = "01234567";
    const auto mode = static_cast<unsigned>(found.st_mode & 07777);
    return {digits[mode >> 9 & 7], digits[mode >> 6 & 7], digits[mode >> 3 & 7], digits[mode & 7]};
}

std::string refusal(const std::string& path, const sqlite_options& options = {}) {
    const auto opened = sqlite::try_open(path, options);
    if (opened) return "opened";
    return text_of(opened.error());
}

void create_database(const std::string& path, const char* sql) {
    other_connection made(path);
    REQUIRE(made.run(sql) == SQLITE_OK);
}

/// Whether a thread of this process waits for something.
bool is_asleep(pid_t thread) {
    std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/stat");
    std::string text;
    std::getline(file, text);
    // Behind its name, which stands in parentheses.
    const std::size_t name = text.rfind(')');
    return name != std::string::npos && text.compare(name, 3, ") S") == 0;
}

/// The statements that the store has prepared so far.
std::set<std::string> statements(sqlite& store) {
    std::set<std::string> found;
    const auto transaction = store.begin();
    sqlite3* const connection = transaction.value().connection();
    for (sqlite3_stmt* each = sqlite3_next_stmt(connection, nullptr); each != nullptr;
         each = sqlite3_next_stmt(connection, each)) {
        found.insert(sqlite3_sql(each));
    }
    return found;
}

/// How many steps SQLite's machine has taken in all of them.
long steps(sqlite& store) {
    long counted = 0;
    const auto transaction = store.begin();
    sqlite3* const connection = transaction.value().connection();
    for (sqlite3_stmt* each = sqlite3_next_stmt(connection, nullptr); each != nullptr;
         each = sqlite3_next_stmt(connection, each)) {
        counted += sqlite3_stmt_status(each, SQLITE_STMTSTATUS_VM_STEP, 0);
    }
    return counted;
}

/// Calls each operation of the store at least once, each branch of it that has a statement of its
/// own included. Leaves what was there before as it is.
void use_everything(sqlite& store, std::int64_t at) {
    const auto body_key = wh::message_key::of_body("p", "e", "same").value();
    const std::string suffix = std::to_string(at);
    const std::string ids[] = {"a" + suffix, "b" + suffix, "c" + suffix, "d" + suffix};
    for (const std::string& id : ids) {
        wh::new_entry added = message(id);
        added.accepted_at = at;
        added.keep_until = at;
        added.partition = ids[0];
        added.body_key = body_key;
        REQUIRE(offer(store, added) == "stored");
        REQUIRE(offer(store, added) == "duplicate");
        added.key = wh::message_key::unique().value();
        added.drop_same_body = true;
        REQUIRE(offer(store, added) == "duplicate");
    }
    std::int64_t last = 0;
    for (int i = 0; i < 4; ++i) {
        const auto claimed = claim(store, at).value();
        REQUIRE(claimed);
        last = claimed->number;
        REQUIRE(store.renew(lease_of(*claimed), at, minute).value());
        REQUIRE(store
                    .settle(lease_of(*claimed),
                            {.state = i == 3 ? wh::entry_state::dead : wh::entry_state::done}, at)
                    .value());
    }
    REQUIRE_FALSE(claim(store, at).value());
    REQUIRE(store.redrive(last, at).value());
    const auto claimed = claim(store, at).value();
    REQUIRE(claimed);
    auto transaction = store.begin().value();
    REQUIRE(store.settle(transaction, lease_of(*claimed), {}, at).value());
    REQUIRE(store.find(last).value());
    REQUIRE(store.list({.after = last, .most = 10}).value().empty());
    REQUIRE(store.list({.state = wh::entry_state::done, .after = last - 1, .most = 10})
                .value()
                .size() == 1);
    REQUIRE(store.stats());
    REQUIRE(store.backlog());
    REQUIRE(store.purge({.now = at, .bodies_before = at + 1, .most = 4}).value() == 4);
    REQUIRE(store.purge({.now = at + 1, .bodies_before = at + 1, .most = 4}).value() == 4);

    const auto key = wh::message_key::unique().value();
    const auto first = store.reserve(key, at, minute).value();
    REQUIRE(store.extend(key, first.fence, at, minute).value());
    REQUIRE(store.release(key, first.fence).value());
    const auto second = store.reserve(key, at, minute).value();
    REQUIRE(store.commit(key, second.fence, at, at + 1).value());
    REQUIRE(store.forget(at + 1, 1).value() == 1);
}

}  // namespace

TEST_CASE("it is an inbox store") {
    const scratch_directory directory;
    int made = 0;
    const auto make = [&] {
        return sqlite(directory.file(std::to_string(++made)),
                      {.durability = sqlite_durability::process, .busy_timeout = 1min});
    };
    const wh::testing::transaction_effects<sqlite> effects{
        .write =
            [](sqlite::transaction& transaction, std::int64_t value) {
                const std::string sql =
                    "CREATE TABLE IF NOT EXISTS effects (value); INSERT INTO effects VALUES (" +
                    std::to_string(value) + ")";
                return sqlite3_exec(transaction.connection(), sql.c_str(), nullptr, nullptr,
                                    nullptr) == SQLITE_OK;
            },
        .read =
            [](sqlite& store) {
                std::vector<std::int64_t> values;
                auto transaction = store.begin().value();
                sqlite3_stmt* statement = nullptr;
                sqlite3_prepare_v2(transaction.connection(), "SELECT value FROM effects", -1,
                                   &statement, nullptr);
                while (sqlite3_step(statement) == SQLITE_ROW) {
                    values.push_back(sqlite3_column_int64(statement, 0));
                }
                sqlite3_finalize(statement);
                return values;
            }};
    const wh::testing::store_check_options options{.operations = 2'000,
                                                   .concurrent_operations = 2'000,
                                                   .concurrent_entries = 500,
                                                   .storm_threads = 32,
                                                   .storms = 5};
    for (const std::string& broken : wh::testing::check_inbox_store(make, options, effects)) {
        FAIL_CHECK(broken);
    }
}

TEST_CASE("it is a replay store") {
    const scratch_directory directory;
    int made = 0;
    const auto make = [&] {
        return sqlite(directory.file(std::to_string(++made)),
                      {.durability = sqlite_durability::process, .busy_timeout = 1min});
    };
    const wh::testing::store_check_options options{
        .operations = 2'000, .concurrent_operations = 5'000, .storms = 5};
    for (const std::string& broken : wh::testing::check_replay_store(make, options)) {
        FAIL_CHECK(broken);
    }
}

TEST_CASE("files are for their owner only") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    const mode_t before = ::umask(0);
    sqlite store(path);
    REQUIRE(offer(store, message("1")) == "stored");
    ::umask(before);
    CHECK(mode_of(path) == "0600");
    for (const auto& each : std::filesystem::directory_iterator(directory.path())) {
        CHECK(mode_of(each.path().string()) == "0600");
    }
}

TEST_CASE("a file that exists keeps its mode") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    std::ofstream(path).close();
    ::chmod(path.c_str(), 0640);
    sqlite store(path);
    REQUIRE(offer(store, message("1")) == "stored");
    CHECK(mode_of(path) == "0640");
}

TEST_CASE("what was stored is there when the file is opened again") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    {
        sqlite store(path);
        REQUIRE(offer(store, message("1", "body")) == "stored");
    }
    sqlite store(path);
    CHECK(offer(store, message("1", "body")) == "duplicate");
    CHECK(claim(store).value()->body == "body");
}

TEST_CASE("copies and moved handles stand for the same store") {
    const scratch_directory directory;
    sqlite store(directory.file("inbox"));
    sqlite copy = store;
    const sqlite moved = std::move(store);
    REQUIRE(offer(copy, message("1")) == "stored");
    CHECK(sqlite(moved).stats().value().ready == 1);
}

TEST_CASE("the file says whose it is") {
    const scratch_directory directory;
    sqlite store(directory.file("inbox"));
    CHECK(rows(store, "PRAGMA application_id") == "2003333232\n");
    CHECK(rows(store, "PRAGMA user_version") == "1\n");
}

TEST_CASE("databases in memory are refused") {
    CHECK(refusal(":memory:") == "invalid_option: the store needs the path of a file");
    CHECK(refusal("") == "invalid_option: the store needs the path of a file");
    CHECK(refusal(std::string("a\0b", 3)) == "invalid_option: the store needs the path of a file");
    CHECK_THROWS_AS(sqlite(":memory:"), wh::exception);
}

TEST_CASE("busy timeouts are bounded") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    CHECK(refusal(path, {.busy_timeout = 0ms}) ==
          "invalid_option: a busy timeout is 1 millisecond to 1 hour");
    CHECK(refusal(path, {.busy_timeout = 1h + 1ms}) ==
          "invalid_option: a busy timeout is 1 millisecond to 1 hour");
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(refusal(path, {.busy_timeout = 1h}) == "opened");
    CHECK(refusal(path, {.busy_timeout = 1ms}) == "opened");
}

TEST_CASE("files of others are refused and left as they are") {
    const scratch_directory directory;
    const std::string path = directory.file("theirs");
    const std::string foreign =
        "invalid_option: the file holds another program's database: give the store a file of its "
        "own, and add tables to that";
    SECTION("with tables") {
        create_database(path, "CREATE TABLE orders (id)");
        CHECK(refusal(path) == foreign);
        CHECK(rows(other_connection(path).handle(), "SELECT name FROM sqlite_master") ==
              "orders\n");
    }
    SECTION("with an application id") {
        create_database(path, "PRAGMA application_id = 7");
        CHECK(refusal(path) == foreign);
    }
    SECTION("with a version") {
        create_database(path, "PRAGMA user_version = 1");
        CHECK(refusal(path) == foreign);
    }
    SECTION("with ours, but no version") {
        create_database(path, "PRAGMA application_id = 2003333232");
        CHECK(refusal(path) == foreign);
    }
    CHECK(rows(other_connection(path).handle(), "PRAGMA journal_mode") == "delete\n");
}

TEST_CASE("files of newer versions are refused") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    { const sqlite store(path); }
    create_database(path, "PRAGMA user_version = 2");
    CHECK(refusal(path) ==
          "invalid_option: the file was made by a newer version of webhookpp: use that version, or "
          "another file");
}

TEST_CASE("files that are no databases are refused") {
    const scratch_directory directory;
    const std::string path = directory.file("letter");
    const std::string text(2'000, 'x');
    std::ofstream(path) << text;
    CHECK(refusal(path) ==
          "invalid_option: the file is no SQLite database: give the store a file of its own");
    CHECK(std::filesystem::file_size(path) == 2'000);
}

TEST_CASE("paths where no file can be are refused") {
    const scratch_directory directory;
    const std::string why =
        "store_unavailable: the file cannot be opened: its directory has to exist, and this "
        "program needs the right to write to both";
    CHECK(refusal(directory.file("missing/inbox")) == why);
    CHECK(refusal(directory.path()) == why);
    std::filesystem::create_symlink(directory.file("nowhere"), directory.file("link"));
    CHECK(refusal(directory.file("link")) == why);
}

TEST_CASE("an empty file becomes a store") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    std::ofstream(path).close();
    sqlite store(path);
    CHECK(offer(store, message("1")) == "stored");
}

TEST_CASE("programs may have tables of their own in the file") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    { const sqlite store(path); }
    create_database(path, "CREATE TABLE orders (id)");
    CHECK(refusal(path) == "opened");
}

TEST_CASE("versions of SQLite with the WAL-reset bug are known") {
    using wh::stores::detail::has_wal_reset_bug;
    for (const int version :
         {3'007'000, 3'037'000, 3'040'001, 3'044'005, 3'045'000, 3'050'006, 3'051'000, 3'051'002}) {
        CHECK(has_wal_reset_bug(version));
    }
    for (const int version :
         {3'044'006, 3'044'999, 3'050'007, 3'050'999, 3'051'003, 3'052'000, 3'053'000, 4'000'000}) {
        CHECK_FALSE(has_wal_reset_bug(version));
    }
}

TEST_CASE("commits are durable by default") {
    const scratch_directory directory;
    const char* const journal =
        wh::stores::detail::has_wal_reset_bug(sqlite3_libversion_number()) ? "truncate\n" : "wal\n";
    sqlite store(directory.file("inbox"));
    CHECK(rows(store, "PRAGMA journal_mode") == journal);
    CHECK(rows(store, "PRAGMA synchronous") == "2\n");
    CHECK(rows(store, "PRAGMA fullfsync") == "1\n");
    CHECK(rows(store, "PRAGMA checkpoint_fullfsync") == "1\n");
    CHECK(rows(store, "PRAGMA mmap_size") == "0\n");

    sqlite lax(directory.file("lax"), {.durability = sqlite_durability::process});
    CHECK(rows(lax, "PRAGMA journal_mode") == journal);
    CHECK(rows(lax, "PRAGMA synchronous") == "0\n");
}

TEST_CASE("no statement passes rows that it does not need") {
    const scratch_directory directory;
    sqlite store(directory.file("inbox"));
    use_everything(store, now);
    std::size_t explained = 0;
    for (const std::string& sql : statements(store)) {
        if (sql.find("webhookpp_") == std::string::npos) continue;
        INFO(sql);
        const std::string plan = rows(store, "EXPLAIN QUERY PLAN " + sql);
        INFO(plan);
        ++explained;
        CHECK(plan.find("SCAN webhookpp_entries") == std::string::npos);
        CHECK(plan.find("SCAN webhookpp_bodies") == std::string::npos);
        CHECK(plan.find("SCAN webhookpp_keys") == std::string::npos);
        CHECK(plan.find("TEMP B-TREE") == std::string::npos);
        CHECK(plan.find("AUTOMATIC") == std::string::npos);
    }
    CHECK(explained >= 25);
}

TEST_CASE("what is done to one entry does not depend on how many there are") {
    const scratch_directory directory;
    sqlite store(directory.file("inbox"), {.durability = sqlite_durability::process});
    use_everything(store, now);
    const auto cost = [&](std::int64_t at) {
        const long before = steps(store);
        use_everything(store, at);
        return steps(store) - before;
    };
    const long alone = cost(now + 1);
    // Rows of each kind, which cannot be claimed or purged yet: in the future, leased, done, dead.
    std::vector<std::string> ids;
    for (int i = 0; i < 5'000; ++i) ids.push_back("more " + std::to_string(i));
    for (std::size_t first = 0; first < ids.size(); first += sqlite::max_batch) {
        std::vector<wh::new_entry> batch;
        for (std::size_t i = first; i < ids.size() && batch.size() < sqlite::max_batch; ++i) {
            batch.push_back(message(ids[i]));
            batch.back().accepted_at = now + 100 * minute;
            batch.back().keep_until = now + 1'000 * minute;
            batch.back().partition = i % 2 == 0 ? "busy" : "";
            batch.back().body_key = wh::message_key::unique().value();
        }
        std::vector<wh::acceptance> outcomes(batch.size());
        REQUIRE(store.accept(batch, outcomes));
    }
    for (int i = 0; i < 300; ++i) {
        const auto claimed = claim(store, now + 100 * minute).value();
        REQUIRE(claimed);
        if (i % 3 == 0) continue;
        REQUIRE(store
                    .settle(lease_of(*claimed),
                            {.state = i % 3 == 1 ? wh::entry_state::done : wh::entry_state::dead},
                            now + 200 * minute)
                    .value());
    }
    for (int i = 0; i < 1'000; ++i) {
        REQUIRE(store.reserve(wh::message_key::unique().value(), now + 100 * minute, minute));
    }
    // Leases must not look as if the clock had been set back.
    REQUIRE(store.stats().value().leased == 100);
    const auto later = now + 100 * minute - 1;
    const long among_many = cost(later);
    CAPTURE(alone, among_many);
    // Among those of other states.
    const long before_list = steps(store);
    CHECK(store.list({.state = wh::entry_state::dead, .after = 1'000}).value().empty());
    CHECK(steps(store) - before_list < 100);
    CHECK(alone > 500);
    CHECK(among_many < alone + alone / 10);
}

TEST_CASE("bodies and texts may hold any bytes") {
    const scratch_directory directory;
    sqlite store(directory.file("inbox"));
    const std::string body("\0\xff\xfe'\";--\0", 9);
    const std::string partition("\0p\x80", 3);
    wh::new_entry first = message("1", body);
    first.partition = partition;
    wh::new_entry second = message("2", "");
    second.partition = partition;
    REQUIRE(offer(store, first) == "stored");
    REQUIRE(offer(store, second) == "stored");
    const auto claimed = claim(store).value();
    CHECK(claimed->body == body);
    CHECK(claimed->partition == partition);
    CHECK_FALSE(claim(store).value());
    const std::string why("a\0b\xff", 4);
    REQUIRE(store.settle(lease_of(*claimed), {.state = wh::entry_state::dead, .error = why}, now)
                .value());
    CHECK(store.find(claimed->number).value()->last_error == why);
    const auto next = claim(store).value();
    REQUIRE(next);
    CHECK(next->body == "");
}

TEST_CASE("an owner is cut off") {
    const scratch_directory directory;
    sqlite store(directory.file("inbox"));
    REQUIRE(offer(store, message("1")) == "stored");
    const std::string owner(200, 'o');
    REQUIRE(store.claim({.now = now, .lease = minute, .owner = owner}).value());
    CHECK(rows(store, "SELECT owner FROM webhookpp_entries") == std::string(128, 'o') + "\n");
}

TEST_CASE("numbers are not given again") {
    const scratch_directory directory;
    sqlite store(directory.file("inbox"));
    REQUIRE(offer(store, message("1")) == "stored");
    const auto claimed = claim(store).value();
    REQUIRE(store.settle(lease_of(*claimed), {}, now).value());
    REQUIRE(store.purge({.now = now + 100 * minute}).value() == 1);
    REQUIRE(offer(store, message("2")) == "stored");
    CHECK(claim(store).value()->number > claimed->number);
}

TEST_CASE("people may remove rows") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    sqlite store(path);
    REQUIRE(offer(store, message("1", "12345")) == "stored");
    REQUIRE(offer(store, message("2", "123")) == "stored");
    other_connection other(path);
    REQUIRE(other.run("DELETE FROM webhookpp_entries WHERE message_id = '1'") == SQLITE_OK);
    CHECK(store.backlog().value().entries == 1);
    CHECK(store.backlog().value().bytes == 3);
    CHECK(damage(store).empty());
}

TEST_CASE("times beyond all bounds are refused and change nothing") {
    const scratch_directory directory;
    sqlite store(directory.file("inbox"));
    REQUIRE(offer(store, message("1")) == "stored");
    const std::string before = contents(store);
    CHECK(store.claim({.now = INT64_MAX, .lease = minute}).error().code ==
          wh::errc::store_unavailable);
    CHECK(store.reserve(wh::message_key(), INT64_MAX, minute).error().code ==
          wh::errc::store_unavailable);
    CHECK(contents(store) == before);
}

TEST_CASE("what a handler writes is committed with its entry, or not at all") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    sqlite store(path);
    create_database(path, "CREATE TABLE effects (value)");
    REQUIRE(offer(store, message("1")) == "stored");
    const auto claimed = claim(store).value();
    const auto values = [&] { return rows(store, "SELECT value FROM effects"); };
    const auto write = [](const sqlite::transaction& transaction, const char* sql) {
        return sqlite3_exec(transaction.connection(), sql, nullptr, nullptr, nullptr);
    };
    auto transaction = std::make_optional(store.begin().value());
    REQUIRE(write(*transaction, "INSERT INTO effects VALUES (1)") == SQLITE_OK);

    SECTION("settled") {
        CHECK(store.settle(*transaction, lease_of(*claimed), {}, now).value());
        CHECK(transaction->connection() == nullptr);
        CHECK(values() == "1\n");
        CHECK(store.stats().value().done == 1);
        CHECK(store.settle(*transaction, lease_of(*claimed), {}, now).error().where ==
              "SQLite: the transaction has ended");
    }
    SECTION("settled after it was moved") {
        sqlite::transaction moved = *std::move(transaction);
        CHECK(transaction->connection() == nullptr);
        CHECK(store.settle(moved, lease_of(*claimed), {}, now).value());
        CHECK(values() == "1\n");
    }
    SECTION("destroyed") {
        transaction.reset();
        CHECK(values().empty());
        CHECK(store.stats().value().leased == 1);
    }
    SECTION("replaced by a transaction of another store") {
        sqlite another(directory.file("another"));
        *transaction = another.begin().value();
        CHECK(values().empty());
        CHECK(another.settle(*transaction, lease_of(*claimed), {}, now).value() == false);
        CHECK(offer(another, message("1")) == "stored");
    }
    SECTION("with the lease of somebody else") {
        CHECK_FALSE(store.settle(*transaction, {claimed->number, 7}, {}, now).value());
        CHECK(values().empty());
        CHECK(store.stats().value().leased == 1);
    }
    SECTION("committed by the handler") {
        CHECK(write(*transaction, "COMMIT") == SQLITE_CONSTRAINT_COMMITHOOK);
        CHECK(write(*transaction, "INSERT INTO effects VALUES (2)") ==
              SQLITE_CONSTRAINT_COMMITHOOK);
        CHECK(store.settle(*transaction, lease_of(*claimed), {}, now).error().where ==
              "SQLite: the transaction has ended");
        CHECK(values().empty());
        CHECK(store.stats().value().leased == 1);
    }
    SECTION("rolled back by the handler, and begun again") {
        REQUIRE(write(*transaction, "ROLLBACK; BEGIN; INSERT INTO effects VALUES (2)") ==
                SQLITE_OK);
        CHECK(store.settle(*transaction, lease_of(*claimed), {}, now).error().where ==
              "SQLite: the transaction has ended");
        CHECK(values().empty());
        CHECK(store.stats().value().leased == 1);
    }
    SECTION("with savepoints") {
        REQUIRE(write(*transaction,
                      "SAVEPOINT s; INSERT INTO effects VALUES (2); ROLLBACK TO s; RELEASE s") ==
                SQLITE_OK);
        CHECK(store.settle(*transaction, lease_of(*claimed), {}, now).value());
        CHECK(values() == "1\n");
    }
    SECTION("with a statement that was not read to its end") {
        sqlite3_stmt* statement = nullptr;
        REQUIRE(sqlite3_prepare_v2(transaction->connection(),
                                   "SELECT value FROM effects UNION ALL SELECT 2", -1, &statement,
                                   nullptr) == SQLITE_OK);
        REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
        CHECK(store.settle(*transaction, lease_of(*claimed), {}, now).value());
        // Otherwise others could not write any more.
        other_connection other(path);
        CHECK(other.run("INSERT INTO effects VALUES (3)") == SQLITE_OK);
        sqlite3_finalize(statement);
    }
    SECTION("outliving all handles") {
        { const sqlite last = std::move(store); }
        CHECK(write(*transaction, "INSERT INTO effects VALUES (2)") == SQLITE_OK);
    }
}

TEST_CASE("others wait for a transaction, but not for ever") {
    const scratch_directory directory;
    sqlite store(directory.file("inbox"), {.busy_timeout = 100ms});
    auto transaction = std::make_optional(store.begin().value());
    const auto began = std::chrono::steady_clock::now();
    CHECK(offer(store, message("1")) ==
          "store_unavailable: SQLite: other threads use the connection");
    const auto took = std::chrono::steady_clock::now() - began;
    CHECK(took >= 100ms);
    CHECK(took < 3s);
    CHECK(store.begin().error().code == wh::errc::store_unavailable);
    transaction.reset();
    CHECK(offer(store, message("1")) == "stored");
}

TEST_CASE("threads get the connection in the order in which they came") {
    const scratch_directory directory;
    sqlite store(directory.file("inbox"), {.durability = sqlite_durability::process});
    auto transaction = std::make_optional(store.begin().value());
    std::vector<std::thread> threads;
    for (const char* const id : {"0", "1", "2", "3"}) {
        const wh::new_entry added = message(id);
        std::atomic<pid_t> thread = 0;
        threads.emplace_back([&store, &thread, added] {
            thread = ::gettid();
            offer(store, added);
        });
        while (thread == 0 || !is_asleep(thread)) std::this_thread::sleep_for(1ms);
    }
    transaction.reset();
    // Whoever has had it goes to the end of the queue.
    CHECK(store.stats().value().ready == 4);
    for (std::thread& each : threads) each.join();
    CHECK(rows(store, "SELECT message_id FROM webhookpp_entries ORDER BY number") ==
          "0\n1\n2\n3\n");
}

TEST_CASE("a database that others have locked is unavailable until they are done") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    sqlite store(path, {.busy_timeout = 100ms});
    other_connection other(path);
    REQUIRE(other.run("BEGIN IMMEDIATE") == SQLITE_OK);
    const auto began = std::chrono::steady_clock::now();
    CHECK(offer(store, message("1")) == "store_unavailable: SQLite: database is locked (5)");
    const auto took = std::chrono::steady_clock::now() - began;
    CHECK(took >= 90ms);
    CHECK(took < 3s);
    CHECK(store.begin().error().code == wh::errc::store_unavailable);
    CHECK(store.stats().value().ready == 0);
    REQUIRE(other.run("ROLLBACK") == SQLITE_OK);
    CHECK(offer(store, message("1")) == "stored");
}

TEST_CASE("a commit that others keep from ending is rolled back") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    sqlite store(path, {.busy_timeout = 100ms});
    if (rows(store, "PRAGMA journal_mode") != "truncate\n") return;  // others read beside WAL
    REQUIRE(offer(store, message("1")) == "stored");
    other_connection other(path);
    REQUIRE(other.run("BEGIN") == SQLITE_OK);
    REQUIRE(rows(other.handle(), "SELECT count(*) FROM webhookpp_entries") == "1\n");
    CHECK(offer(store, message("2")) == "store_unavailable: SQLite: database is locked (5)");
    REQUIRE(other.run("COMMIT") == SQLITE_OK);
    CHECK(store.stats().value().ready == 1);
    CHECK(offer(store, message("2")) == "stored");
}

TEST_CASE("a full database is unavailable until there is room again") {
    const scratch_directory directory;
    sqlite store(directory.file("inbox"));
    REQUIRE(offer(store, message("1")) == "stored");
    const std::string body(100'000, 'b');
    // Of this connection, so that the next one has room.
    REQUIRE(rows(store, "PRAGMA max_page_count = 1") != "1\n");
    const std::string before = contents(store);
    CHECK(offer(store, message("2", body)) ==
          "store_unavailable: SQLite: database or disk is full (13)");
    CHECK(contents(store) == before);
    CHECK(offer(store, message("2", body)) == "stored");
    CHECK(damage(store).empty());
}

TEST_CASE("nothing is stored in a file that was removed") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    sqlite store(path);
    REQUIRE(offer(store, message("1")) == "stored");
    std::filesystem::remove(path);
    CHECK(offer(store, message("2")).find("store_unavailable") == 0);
    CHECK(store.stats().error().code == wh::errc::store_unavailable);
    CHECK_FALSE(std::filesystem::exists(path));
    SECTION("another takes its place") {
        { const sqlite another(path); }
        CHECK(offer(store, message("2")) == "stored");
        CHECK(store.stats().value().ready == 1);
    }
}

TEST_CASE("handles of one process share a file") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    constexpr int count = 200;
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) ids.push_back(std::to_string(i));
    std::vector<std::atomic<int>> handled(count);
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    { const sqlite created(path, {.durability = sqlite_durability::process}); }
    for (int each = 0; each < 4; ++each) {
        threads.emplace_back([&, each] {
            sqlite store(path, {.durability = sqlite_durability::process, .busy_timeout = 1min});
            for (const std::string& id : ids) {
                if (offer(store, message(id)).find("store_") == 0) ++failures;
                if (each % 2 == 0) continue;
                const auto claimed = claim(store);
                if (!claimed || !*claimed) continue;
                ++handled[static_cast<std::size_t>(std::stoi((*claimed)->message_id))];
                if (!store.settle(lease_of(**claimed), {}, now).value_or(false)) ++failures;
            }
        });
    }
    for (std::thread& each : threads) each.join();
    sqlite store(path);
    while (const auto claimed = claim(store).value()) {
        ++handled[static_cast<std::size_t>(std::stoi(claimed->message_id))];
    }
    CHECK(failures == 0);
    for (const auto& each : handled) CHECK(each == 1);
    CHECK(store.stats().value().duplicates == 3 * count);
    CHECK(damage(store).empty());
}
