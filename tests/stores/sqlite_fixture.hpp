// SPDX-License-Identifier: MIT
// What the tests of the SQLite store have in common.
#ifndef WEBHOOKPP_TESTS_STORES_SQLITE_FIXTURE_HPP
#define WEBHOOKPP_TESTS_STORES_SQLITE_FIXTURE_HPP

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <webhookpp/stores/sqlite.hpp>

#include "../catch.hpp"

namespace sqlite_fixture {

namespace wh = webhookpp;
using wh::stores::sqlite;
using wh::stores::sqlite_durability;
using wh::stores::sqlite_options;
using namespace std::chrono_literals;

inline constexpr std::int64_t now = 1'700'000'000'000;
inline constexpr std::int64_t minute = 60'000;

/// A directory that is removed with all that is in it.
class scratch_directory {
public:
    scratch_directory() {
        std::string name = (std::filesystem::temp_directory_path() / "webhookpp.XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no directory for tests");
        path_ = name;
    }
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;
    ~scratch_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::string path() const { return path_.string(); }
    [[nodiscard]] std::string file(std::string_view name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

/// A message that differs from those with other texts.
inline wh::new_entry message(std::string_view id, std::string_view body = "{}") {
    return {.key = wh::message_key::of_id("standard_webhooks", "default", id).value(),
            .provider = "standard_webhooks",
            .endpoint = "default",
            .message_id = id,
            .body = body,
            .accepted_at = now,
            .keep_until = now + 60 * minute};
}

inline std::string text_of(const wh::error& failure) {
    return std::string(name(failure.code)) + ": " + std::string(failure.where.view());
}

/// `stored`, `duplicate`, or the error.
inline std::string offer(sqlite& store, const wh::new_entry& added) {
    wh::acceptance outcome{};
    const auto accepted = store.accept({&added, 1}, {&outcome, 1});
    if (!accepted) return text_of(accepted.error());
    return outcome == wh::acceptance::stored ? "stored" : "duplicate";
}

inline wh::result<std::optional<wh::entry>> claim(sqlite& store, std::int64_t at = now) {
    return store.claim({.now = at, .lease = minute, .owner = "test"});
}

inline wh::lease lease_of(const wh::entry& claimed) {
    return {claimed.number, claimed.fence};
}

/// All rows of a query as text, one line each.
inline std::string rows(sqlite3* connection, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    std::string text;
    if (sqlite3_prepare_v2(connection, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        return sqlite3_errmsg(connection);
    }
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); ++i) {
            if (i > 0) text += '|';
            const void* const value = sqlite3_column_blob(statement, i);
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
            if (value) text.append(static_cast<const char*>(value), size);
        }
        text += '\n';
    }
    if (code != SQLITE_DONE) text += sqlite3_errmsg(connection);
    sqlite3_finalize(statement);
    return text;
}

/// The same, in a transaction of the store.
inline std::string rows(sqlite& store, const std::string& sql) {
    auto transaction = store.begin();
    if (!transaction) return std::string(transaction.error().where.view());
    return rows(transaction->connection(), sql);
}

/// All that is in the tables of the store, and in `effects`, if there is such a table.
inline std::string contents(sqlite& store) {
    auto transaction = store.begin();
    if (!transaction) return std::string(transaction.error().where.view());
    std::string text;
    for (const std::string table : {"webhookpp_entries", "webhookpp_bodies", "webhookpp_counts",
                                    "webhookpp_keys", "sqlite_sequence", "effects"}) {
        text += table + '\n' + rows(transaction->connection(), "SELECT * FROM " + table);
    }
    return text;
}

/// "" if nothing is wrong with the database.
inline std::string damage(sqlite& store) {
    std::string text = rows(store, "PRAGMA integrity_check");
    if (text != "ok\n") return text;
    return rows(store,
                "SELECT 'counted wrongly', state FROM webhookpp_counts AS c "
                "WHERE (entries, bytes, duplicates) IS NOT ("
                "SELECT count(*), coalesce(sum(body_size), 0), coalesce(sum(duplicates), 0) "
                "FROM webhookpp_entries AS e WHERE e.state = c.state) "
                "UNION ALL SELECT 'body', number FROM webhookpp_bodies AS b WHERE NOT EXISTS ("
                "SELECT 1 FROM webhookpp_entries AS e WHERE e.number = b.number AND has_body = 1)");
}

/// A connection of somebody else to the file.
class other_connection {
public:
    explicit other_connection(const std::string& path, int busy_milliseconds = 0) {
        sqlite3_open(path.c_str(), &handle_);
        sqlite3_busy_timeout(handle_, busy_milliseconds);
    }
    other_connection(const other_connection&) = delete;
    other_connection& operator=(const other_connection&) = delete;
    ~other_connection() { sqlite3_close(handle_); }

    int run(const char* sql) { return sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr); }
    [[nodiscard]] sqlite3* handle() const { return handle_; }

private:
    sqlite3* handle_ = nullptr;
};

/// A process that was forked to run `work`, whose result is its exit status.
class child {
public:
    template <class F>
    explicit child(F work) : process_(::fork()) {
        if (process_ != 0) return;
        int status = 99;
        try {
            status = work();
        } catch (...) {
            status = 98;
        }
        ::_exit(status);
    }
    child(child&& other) noexcept : process_(std::exchange(other.process_, -1)) {}
    child& operator=(child&&) = delete;
    ~child() {
        if (process_ > 0) static_cast<void>(status());
    }

    /// Its exit status; -1 if it did not end by itself within a minute.
    int status() {
        const pid_t process = std::exchange(process_, -1);
        int ended = 0;
        for (int i = 0; i < 6'000; ++i) {
            if (::waitpid(process, &ended, WNOHANG) == process) {
                return WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
            }
            std::this_thread::sleep_for(10ms);
        }
        ::kill(process, SIGKILL);
        ::waitpid(process, &ended, 0);
        return -1;
    }

private:
    pid_t process_;
};

/// Lets processes wait for each other: `wait` returns when `open` was called in any of them.
class gate {
public:
    gate() {
        if (::pipe(ends_) != 0) throw std::runtime_error("no pipe");
    }
    gate(const gate&) = delete;
    gate& operator=(const gate&) = delete;
    ~gate() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }

    void open(int times = 1) const {
        for (int i = 0; i < times; ++i) {
            if (::write(ends_[1], "x", 1) != 1) throw std::runtime_error("pipe");
        }
    }
    void wait() const {
        char one = 0;
        if (::read(ends_[0], &one, 1) != 1) throw std::runtime_error("pipe");
    }

private:
    int ends_[2] = {};
};

}  // namespace sqlite_fixture

#endif
