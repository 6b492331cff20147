// SPDX-License-Identifier: MIT
// Opens the file of the SQLite store, so that what is committed to it survives.
#ifndef WEBHOOKPP_STORES_DETAIL_SQLITE_FILE_HPP
#define WEBHOOKPP_STORES_DETAIL_SQLITE_FILE_HPP

#include <sqlite3.h>

#if !defined(_WIN32)
#include <fcntl.h>
#include <unistd.h>
#endif

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include <webhookpp/error.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/stores/detail/sqlite_connection.hpp>
#include <webhookpp/stores/detail/sqlite_schema.hpp>
#include <webhookpp/stores/sqlite_options.hpp>

namespace webhookpp::stores::detail {

/// Whether a version of SQLite (`sqlite3_libversion_number`) can damage a database in WAL mode when
/// one connection begins the log anew while another checkpoints it: all before 3.51.3 but 3.50.7
/// and 3.44.6 and what came after these in their lines. https://sqlite.org/wal.html#walresetbug
[[nodiscard]] constexpr bool has_wal_reset_bug(int version) noexcept {
    const bool backport = (version >= 3'044'006 && version < 3'045'000) ||
                          (version >= 3'050'007 && version < 3'051'000);
    return version < 3'051'003 && !backport;
}

[[nodiscard]] inline result<void> check_sqlite(std::string_view path,
                                               const sqlite_options& options) noexcept {
    const auto timeout = options.busy_timeout.count();
    if (timeout < 1 || timeout > 3'600'000) {
        return unexpected(errc::invalid_option, "a busy timeout is 1 millisecond to 1 hour");
    }
    // Each connection to a database in memory, or without a name, has one of its own.
    if (path.empty() || path == ":memory:" || path.find('\0') != std::string_view::npos) {
        return unexpected(errc::invalid_option, "the store needs the path of a file");
    }
    if (sqlite3_libversion_number() < 3'037'000 || sqlite3_threadsafe() == 0) {
        return unexpected(errc::invalid_option,
                          "the store needs SQLite 3.37 or newer, compiled to be thread-safe");
    }
    return {};
}

/// What SQLite is to be given as the name of the file: it would take `file:` for a URI.
[[nodiscard]] inline std::string sqlite_name(std::string_view path) {
    std::string name(path.substr(0, 5) == "file:" ? "./" : "");
    return name.append(path);
}

/// Creates the file if there is none, with nothing in it, for its owner only. SQLite gives its
/// journal the same mode. What fails here fails again when the file is opened.
inline void create_private_file(const char* path) noexcept {
#if defined(_WIN32)
    static_cast<void>(path);
#else
    // Closing a file ends the locks that the process has on it. So no other store of this process
    // may come between, and a file that exists is not opened at all.
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
    const int file = ::open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) ::close(file);
#endif
}

#if defined(_WIN32)
inline constexpr int sqlite_create = SQLITE_OPEN_CREATE;
#else
inline constexpr int sqlite_create = 0;
#endif

/// The answer of a pragma.
[[nodiscard]] inline std::string pragma(sqlite_connection& connection, const char* sql) {
    sqlite_statement asked(connection, sql);
    return asked.step() ? std::string(asked.text(0)) : std::string();
}

/// Tries again as long as others keep the mode from being changed, since SQLite then does not wait
/// itself in all cases.
[[nodiscard]] inline std::string set_journal(sqlite_connection& connection, const char* sql,
                                             sqlite_time deadline) {
    while (true) {
        std::string mode = pragma(connection, sql);
        if ((connection.failure() & 0xff) != SQLITE_BUSY ||
            std::chrono::steady_clock::now() >= deadline) {
            return mode;
        }
        static_cast<void>(connection.recover());
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

/// Makes a commit wait until it is on the disk.
///
/// Rollback journals are truncated and not deleted: then SQLite syncs the journal itself, where it
/// would otherwise take `synchronous = EXTRA` to sync the directory, without which a committed
/// journal could be there again after a loss of power, and undo its transaction. When a journal is
/// new, its first sync syncs the directory, too.
[[nodiscard]] inline result<void> make_durable(sqlite_connection& connection,
                                               sqlite_durability durability, sqlite_time deadline) {
    std::string journal;
    if (!has_wal_reset_bug(sqlite3_libversion_number())) {
        journal = set_journal(connection, "PRAGMA journal_mode = WAL", deadline);
    }
    // There are file systems without what WAL needs.
    if (journal != "wal") {
        journal = set_journal(connection, "PRAGMA journal_mode = TRUNCATE", deadline);
    }
    const bool syncs = durability == sqlite_durability::power_loss;
    connection.run(syncs ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
    // On macOS a sync is none without this; elsewhere it says nothing.
    connection.run(syncs ? "PRAGMA fullfsync = ON" : "PRAGMA fullfsync = OFF");
    connection.run(syncs ? "PRAGMA checkpoint_fullfsync = ON"
                         : "PRAGMA checkpoint_fullfsync = OFF");
    connection.run("PRAGMA mmap_size = 0");
    const std::string synchronous = pragma(connection, "PRAGMA synchronous");
    if (connection.failure() != SQLITE_OK) return sqlite_error(connection.failure());
    // Pragmas that SQLite does not follow are no errors.
    if ((journal != "wal" && journal != "truncate") || synchronous != (syncs ? "2" : "0")) {
        return unexpected(errc::store_unavailable,
                          "SQLite does not keep its journal as it was told to");
    }
    return {};
}

[[nodiscard]] inline unexpected cannot_open(int code) noexcept {
    switch (code & 0xff) {
        case SQLITE_NOTADB:
            return unexpected(errc::invalid_option,
                              "the file is no SQLite database: give the store a file of its own");
        case SQLITE_CANTOPEN:
            return unexpected(errc::store_unavailable,
                              "the file cannot be opened: its directory has to exist, and this "
                              "program needs the right to write to both");
        default: return sqlite_error(code);
    }
}

/// Opens the file that `sqlite_name` has named, in which the tables are created if it is empty.
[[nodiscard]] inline result<std::unique_ptr<sqlite_connection>> open_sqlite(
    const char* name, sqlite_durability durability, sqlite_time deadline) {
    auto connection = std::make_unique<sqlite_connection>(name, sqlite_create);
    if (connection->failure() != SQLITE_OK) return cannot_open(connection->failure());
    if (sqlite3_db_readonly(connection->handle(), "main") != 0) {
        return unexpected(errc::store_unavailable,
                          "the file cannot be written: this program needs the right to do so");
    }
    connection->wait_until(deadline);
    // In one transaction, since another process may be about to create the tables.
    connection->run("BEGIN");
    const sqlite_file_kind kind = kind_of_file(*connection);
    connection->run("COMMIT");
    if (connection->failure() != SQLITE_OK) return cannot_open(connection->failure());
    if (auto right = check_file(kind); !right) return unexpected(right.error());
    connection->wait_until(deadline);
    if (auto made = make_durable(*connection, durability, deadline); !made) {
        return unexpected(made.error());
    }
    if (kind == sqlite_file_kind::empty) {
        connection->wait_until(deadline);
        if (auto made = create_schema(*connection); !made) return unexpected(made.error());
    }
    return connection;
}

}  // namespace webhookpp::stores::detail

#endif
