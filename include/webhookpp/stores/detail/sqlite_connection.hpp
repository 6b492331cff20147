// SPDX-License-Identifier: MIT
// A connection to a SQLite database, its prepared statements, and the transaction it is in.
#ifndef WEBHOOKPP_STORES_DETAIL_SQLITE_CONNECTION_HPP
#define WEBHOOKPP_STORES_DETAIL_SQLITE_CONNECTION_HPP

#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/error.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::stores::detail {

using sqlite_time = std::chrono::steady_clock::time_point;

/// What callers are told of a result code of SQLite: its fixed text, which names no data.
[[nodiscard]] inline unexpected sqlite_error(int code) noexcept {
    char digits[12];
    const char* const end = std::to_chars(digits, digits + sizeof digits, code).ptr;
    error made{errc::store_unavailable, "SQLite: "};
    made.where.append(sqlite3_errstr(code)).append(" (");
    made.where.append({digits, static_cast<std::size_t>(end - digits)}).append(")");
    return unexpected(made);
}

/// Used by one thread at a time. What fails is remembered, and from then on nothing is done any
/// more until `recover`: so a sequence of statements needs one check at its end.
class sqlite_connection {
public:
    /// Opens the file `path`, which is created only if `flags` say so. See `failure`.
    explicit sqlite_connection(const char* path, int flags) noexcept {
        // With a mutex of SQLite's own, so that handlers with threads corrupt no memory.
        check(sqlite3_open_v2(
            path, &handle_,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_PRIVATECACHE | flags,
            nullptr));
        if (!handle_) return;
        sqlite3_extended_result_codes(handle_, 1);
        sqlite3_commit_hook(handle_, refuses_commit, this);
        sqlite3_rollback_hook(handle_, notes_rollback, this);
    }
    sqlite_connection(const sqlite_connection&) = delete;
    sqlite_connection& operator=(const sqlite_connection&) = delete;
    ~sqlite_connection() {
        statements_.clear();
        if (handle_) {
            sqlite3_commit_hook(handle_, nullptr, nullptr);
            sqlite3_rollback_hook(handle_, nullptr, nullptr);
        }
        // Not `sqlite3_close`: a handler may have forgotten a statement.
        sqlite3_close_v2(handle_);
    }

    [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }

    /// The result code of what failed first, or `SQLITE_OK`.
    [[nodiscard]] int failure() const noexcept { return failure_; }

    void check(int code) noexcept {
        if (failure_ == SQLITE_OK) failure_ = code;
    }

    /// Until when statements wait for other processes.
    void wait_until(sqlite_time deadline) noexcept {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        sqlite3_busy_timeout(handle_, static_cast<int>((std::max<std::int64_t>)(left.count(), 1)));
    }

    /// Whether there is another file under the path now, or none, so that what is written is lost.
    [[nodiscard]] bool has_moved() noexcept {
        int moved = 0;
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
        const int code = sqlite3_file_control(handle_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
        return code == SQLITE_OK && moved != 0;
    }

    /// Prepares `sql`, which has static storage, or finds it prepared. Null when that failed.
    [[nodiscard]] sqlite3_stmt* prepare(const char* sql) {
        if (failure_ != SQLITE_OK) return nullptr;
        for (const auto& [text, known] : statements_) {
            if (text == sql) return known.get();
        }
        sqlite3_stmt* made = nullptr;
        check(sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr));
        statement_owner owned(made);
        if (made) statements_.emplace_back(sql, std::move(owned));
        return made;
    }

    /// Runs statements that give no rows.
    void run(const char* sql) noexcept {
        if (failure_ == SQLITE_OK) check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
    }

    /// Waits for the right to write, so that nothing read from here on changes before `commit`.
    void begin() noexcept { run("BEGIN IMMEDIATE"); }
    void commit() noexcept { run("COMMIT"); }

    /// From now on somebody else uses the transaction, who must not end it: what they commit is
    /// rolled back.
    void lend() noexcept {
        lent_ = true;
        rolled_back_ = false;
    }

    /// Ends that. False if the transaction is not the one that was lent any more.
    [[nodiscard]] bool take_back() noexcept {
        const bool whole = !rolled_back_ && sqlite3_get_autocommit(handle_) == 0;
        // What has rolled it back may have been a failed sync.
        if (std::exchange(lent_, false) && !whole) check(SQLITE_ABORT_ROLLBACK);
        reset_all();
        return whole;
    }

    /// Rolls back what is open and forgets the failure. False if the connection must not be used
    /// again: after a failed sync only a new one knows what is on the disk.
    [[nodiscard]] bool recover() noexcept {
        if (lent_) static_cast<void>(take_back());
        const int code = std::exchange(failure_, SQLITE_OK);
        reset_all();
        if (sqlite3_get_autocommit(handle_) == 0) run("ROLLBACK");
        const bool only_busy = code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY;
        return only_busy && failure_ == SQLITE_OK && sqlite3_get_autocommit(handle_) != 0;
    }

private:
    struct finalizer {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };
    using statement_owner = std::unique_ptr<sqlite3_stmt, finalizer>;

    static int refuses_commit(void* self) noexcept {
        return static_cast<const sqlite_connection*>(self)->lent_ ? 1 : 0;
    }
    static void notes_rollback(void* self) noexcept {
        static_cast<sqlite_connection*>(self)->rolled_back_ = true;
    }

    // A statement that a handler has not read to its end would keep others from writing.
    void reset_all() noexcept {
        for (sqlite3_stmt* each = sqlite3_next_stmt(handle_, nullptr); each != nullptr;
             each = sqlite3_next_stmt(handle_, each)) {
            if (sqlite3_stmt_busy(each) != 0) sqlite3_reset(each);
        }
    }

    sqlite3* handle_ = nullptr;
    std::vector<std::pair<const char*, statement_owner>> statements_;
    int failure_ = SQLITE_OK;
    bool lent_ = false;
    bool rolled_back_ = false;
};

/// One use of a prepared statement. What is bound has to outlive it.
class sqlite_statement {
public:
    using bytes = std::span<const unsigned char>;

    /// `sql` has static storage. Binds `values` to its parameters, in their order: integers,
    /// `std::string_view` as text, `bytes` as blobs, and optional ones, which may be null.
    template <class... Values>
    sqlite_statement(sqlite_connection& connection, const char* sql, const Values&... values)
        : connection_(connection), statement_(connection.prepare(sql)) {
        if (!statement_) return;
        int index = 0;
        (connection_.check(bind(++index, values)), ...);
    }
    sqlite_statement(const sqlite_statement&) = delete;
    sqlite_statement& operator=(const sqlite_statement&) = delete;
    ~sqlite_statement() {
        if (!statement_) return;
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }

    /// Whether there is another row.
    [[nodiscard]] bool step() noexcept {
        if (!statement_ || connection_.failure() != SQLITE_OK) return false;
        const int code = sqlite3_step(statement_);
        if (code != SQLITE_DONE && code != SQLITE_ROW) connection_.check(code);
        return code == SQLITE_ROW;
    }

    /// Runs it to its end; returns how many rows it has changed itself.
    std::size_t run() noexcept {
        while (step()) {
        }
        if (!statement_ || connection_.failure() != SQLITE_OK) return 0;
        return static_cast<std::size_t>(sqlite3_changes(connection_.handle()));
    }

    // Of the row that `step` has found.
    [[nodiscard]] bool is_null(int column) const noexcept {
        return sqlite3_column_type(statement_, column) == SQLITE_NULL;
    }
    [[nodiscard]] std::int64_t integer(int column) const noexcept {
        return sqlite3_column_int64(statement_, column);
    }
    [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const noexcept {
        if (is_null(column)) return std::nullopt;
        return integer(column);
    }
    /// Valid until the next step.
    [[nodiscard]] std::string_view text(int column) const noexcept {
        const void* const data = sqlite3_column_blob(statement_, column);
        const int size = sqlite3_column_bytes(statement_, column);
        if (size <= 0) return {};
        if (!data) {
            // Else it would pass for empty.
            connection_.check(SQLITE_NOMEM);
            return {};
        }
        return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
    }

private:
    int bind(int index, std::int64_t value) noexcept {
        return sqlite3_bind_int64(statement_, index, value);
    }
    // A null pointer would be bound as null.
    int bind(int index, std::string_view text) noexcept {
        return sqlite3_bind_text64(statement_, index, text.data() ? text.data() : "", text.size(),
                                   nullptr, SQLITE_UTF8);
    }
    int bind(int index, bytes blob) noexcept {
        if (blob.empty()) return sqlite3_bind_zeroblob(statement_, index, 0);
        return sqlite3_bind_blob64(statement_, index, blob.data(), blob.size(), nullptr);
    }
    template <class T>
    int bind(int index, const std::optional<T>& value) noexcept {
        return value ? bind(index, *value) : sqlite3_bind_null(statement_, index);
    }

    sqlite_connection& connection_;
    sqlite3_stmt* const statement_;
};

}  // namespace webhookpp::stores::detail

#endif
