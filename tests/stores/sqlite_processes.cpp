// SPDX-License-Identifier: MIT
// The SQLite store in several processes, and with rights and limits that only a process of its own
// can be given.
#include <webhookpp/stores/sqlite.hpp>

#include <sys/resource.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "sqlite_fixture.hpp"

using namespace sqlite_fixture;

namespace {

/// Leaves root's rights behind, which no mode of a file stops.
void become_nobody() {
    constexpr unsigned nobody = 65'534;
    if (::geteuid() != 0) return;
    if (::setgid(nobody) != 0 || ::setuid(nobody) != 0) throw std::runtime_error("still root");
}

/// How far the files of this process may grow.
void limit_file_size(rlim_t most) {
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = most;
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error("no limit");
}

/// Works off what can be claimed, and writes the number of each entry with it. 0 if all went well.
int work_off(sqlite& store) {
    while (true) {
        const auto claimed = claim(store);
        if (!claimed) return 1;
        if (!*claimed) return 0;
        auto transaction = store.begin();
        if (!transaction) return 2;
        const std::string sql =
            "INSERT INTO effects VALUES (" + std::to_string((*claimed)->number) + ")";
        if (sqlite3_exec(transaction->connection(), sql.c_str(), nullptr, nullptr, nullptr) !=
            SQLITE_OK) {
            return 3;
        }
        if (!store.settle(*transaction, lease_of(**claimed), {}, now).value_or(false)) return 4;
    }
}

}  // namespace

TEST_CASE("processes may create the file at the same time") {
    constexpr int count = 6;
    for (int round = 0; round < 10; ++round) {
        const scratch_directory directory;
        const std::string path = directory.file("inbox");
        std::vector<child> children;
        const gate start;
        for (int each = 0; each < count; ++each) {
            children.emplace_back([&] {
                start.wait();
                auto store = sqlite::try_open(path);
                if (!store) return 1;
                return offer(*store, message(std::to_string(each))) == "stored" ? 0 : 2;
            });
        }
        start.open(count);
        for (child& each : children) CHECK(each.status() == 0);
        sqlite store(path);
        CHECK(store.stats().value().ready == count);
        CHECK(damage(store).empty());
    }
}

TEST_CASE("processes share the work, each entry once") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    constexpr int count = 120;
    constexpr int workers = 3;
    const gate start;
    std::vector<child> children;
    {
        sqlite store(path);
        other_connection(path).run("CREATE TABLE effects (number)");
        for (int i = 0; i < count / 2; ++i) {
            REQUIRE(offer(store, message(std::to_string(i))) == "stored");
        }
    }
    for (int each = 0; each < workers; ++each) {
        children.emplace_back([&] {
            start.wait();
            sqlite store(path, {.busy_timeout = 30s});
            return work_off(store);
        });
    }
    children.emplace_back([&] {
        start.wait();
        sqlite store(path, {.busy_timeout = 30s});
        for (int i = count / 2; i < count; ++i) {
            if (offer(store, message(std::to_string(i))) != "stored") return 1;
        }
        return work_off(store);
    });
    start.open(workers + 1);
    for (child& each : children) CHECK(each.status() == 0);
    sqlite store(path);
    CHECK(store.stats().value().done == count);
    CHECK(rows(store, "SELECT count(*), count(DISTINCT number) FROM effects") == "120|120\n");
    CHECK(damage(store).empty());
}

TEST_CASE("a process that is killed leaves nothing half done") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    {
        const sqlite store(path);
        other_connection(path).run("CREATE TABLE effects (number)");
    }
    int accepted = 0;
    for (int round = 0; round < 20; ++round) {
        // What it has been told is stored, it passes on one by one.
        int ends[2] = {};
        REQUIRE(::pipe(ends) == 0);
        const pid_t process = ::fork();
        if (process == 0) {
            sqlite store(path, {.busy_timeout = 30s});
            for (int i = 0;; ++i) {
                if (offer(store, message(std::to_string(round) + "." + std::to_string(i))) !=
                        "stored" ||
                    ::write(ends[1], "x", 1) != 1 || work_off(store) != 0) {
                    ::_exit(1);
                }
            }
        }
        ::close(ends[1]);
        char byte = 0;
        REQUIRE(::read(ends[0], &byte, 1) == 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(round * 3));
        ::kill(process, SIGKILL);
        int status = 0;
        ::waitpid(process, &status, 0);
        CHECK(WIFSIGNALED(status));
        ++accepted;
        while (::read(ends[0], &byte, 1) == 1) ++accepted;
        ::close(ends[0]);
        sqlite store(path);
        const auto stats = store.stats().value();
        // One may have been stored before its process could say so.
        CHECK(stats.ready + stats.leased + stats.done >= static_cast<unsigned>(accepted));
        CHECK(stats.ready + stats.leased + stats.done <=
              static_cast<unsigned>(accepted + round + 1));
        CHECK(rows(store,
                   "SELECT number FROM webhookpp_entries WHERE state = 2 EXCEPT "
                   "SELECT number FROM effects")
                  .empty());
        CHECK(rows(store,
                   "SELECT number FROM effects EXCEPT "
                   "SELECT number FROM webhookpp_entries WHERE state = 2")
                  .empty());
        CHECK(rows(store, "SELECT count(*) - count(DISTINCT number) FROM effects") == "0\n");
        CHECK(damage(store).empty());
    }
}

TEST_CASE("a process that holds the file makes it unavailable until it is done") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    const gate locked;
    const gate done;
    { const sqlite created(path); }
    child other([&] {
        other_connection mine(path);
        const int code = mine.run("BEGIN EXCLUSIVE");
        locked.open();
        done.wait();
        return code;
    });
    locked.wait();
    sqlite store = [&] {
        const auto refused = sqlite::try_open(path, {.busy_timeout = 50ms});
        // Beside WAL, others may read.
        if (!refused)
            CHECK(text_of(refused.error()) == "store_unavailable: SQLite: database is locked (5)");
        done.open();
        CHECK(other.status() == SQLITE_OK);
        return sqlite(path, {.busy_timeout = 50ms});
    }();
    REQUIRE(offer(store, message("1")) == "stored");
    child another([&] {
        other_connection mine(path);
        const int code = mine.run("BEGIN IMMEDIATE");
        locked.open();
        done.wait();
        return code;
    });
    locked.wait();
    CHECK(offer(store, message("2")) == "store_unavailable: SQLite: database is locked (5)");
    CHECK(claim(store).error().code == wh::errc::store_unavailable);
    CHECK(store.stats().value().ready == 1);
    done.open();
    CHECK(another.status() == SQLITE_OK);
    CHECK(offer(store, message("2")) == "stored");
}

TEST_CASE("a file or a directory that cannot be written makes the store unavailable") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    {
        sqlite store(path);
        REQUIRE(offer(store, message("1")) == "stored");
    }
    std::filesystem::remove(path + "-journal");
    SECTION("the file") {
        ::chmod(path.c_str(), 0444);
        ::chmod(directory.path().c_str(), 0777);
        child process([&] {
            become_nobody();
            const auto refused = sqlite::try_open(path);
            return !refused && text_of(refused.error()) ==
                                   "store_unavailable: the file cannot be written: this program "
                                   "needs the "
                                   "right to do so"
                       ? 0
                       : 1;
        });
        CHECK(process.status() == 0);
    }
    SECTION("the directory") {
        ::chmod(path.c_str(), 0666);
        ::chmod(directory.path().c_str(), 0555);
        child process([&] {
            become_nobody();
            auto store = sqlite::try_open(path);
            // In WAL mode SQLite needs to write there even to read.
            if (!store) return store.error().code == wh::errc::store_unavailable ? 0 : 1;
            if (store->stats().value().ready != 1) return 2;
            return offer(*store, message("2")).find("store_unavailable: SQLite: ") == 0 ? 0 : 3;
        });
        CHECK(process.status() == 0);
        ::chmod(directory.path().c_str(), 0755);
    }
    SECTION("no file yet") {
        ::chmod(directory.path().c_str(), 0555);
        child process([&] {
            become_nobody();
            const auto refused = sqlite::try_open(directory.file("another"));
            return !refused && refused.error().code == wh::errc::store_unavailable ? 0 : 1;
        });
        CHECK(process.status() == 0);
        ::chmod(directory.path().c_str(), 0755);
    }
    sqlite store(path);
    CHECK(store.stats().value().ready == 1);
}

TEST_CASE("a disk without room makes the store unavailable until there is some") {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    child process([&] {
        ::signal(SIGXFSZ, SIG_IGN);  // so that writing fails instead
        sqlite store(path);
        const std::string body(50'000, 'b');
        limit_file_size(200'000);
        int stored = 0;
        std::string last;
        // Once more each time: closing a database in WAL mode makes room.
        for (int failures = 0; failures < 2 && stored < 100;) {
            last = offer(store, message(std::to_string(stored), body));
            failures = last == "stored" ? 0 : failures + 1;
            if (last == "stored") ++stored;
        }
        if (stored == 0 || last.find("store_unavailable: SQLite: ") != 0) return 1;
        // What is there can be read, and counted.
        if (store.stats().value().ready != static_cast<unsigned>(stored)) return 2;
        limit_file_size(RLIM_INFINITY);
        for (int i = stored; i < 2 * stored; ++i) {
            if (offer(store, message(std::to_string(i), body)) != "stored") return 3;
        }
        if (offer(store, message("0")) != "duplicate") return 4;
        return store.stats().value().ready == static_cast<unsigned>(2 * stored) ? 0 : 5;
    });
    CHECK(process.status() == 0);
    sqlite store(path);
    CHECK(damage(store).empty());
}

TEST_CASE("paths are those of when the store was opened") {
    const scratch_directory directory;
    child process([&] {
        if (::chdir(directory.path().c_str()) != 0) return 1;
        sqlite store("inbox");
        if (::chdir("/") != 0) return 2;
        // The connection that has failed is closed.
        rows(store, "PRAGMA max_page_count = 1");
        if (offer(store, message("1", std::string(100'000, 'b'))) == "stored") return 3;
        return offer(store, message("1")) == "stored" ? 0 : 4;
    });
    CHECK(process.status() == 0);
    sqlite store(directory.file("inbox"));
    CHECK(store.stats().value().ready == 1);
}

TEST_CASE("paths are no URIs") {
    const scratch_directory directory;
    child process([&] {
        if (::chdir(directory.path().c_str()) != 0) return 1;
        sqlite store("file:inbox?mode=memory");
        return offer(store, message("1")) == "stored" ? 0 : 2;
    });
    CHECK(process.status() == 0);
    CHECK(std::filesystem::exists(directory.file("file:inbox?mode=memory")));
}
