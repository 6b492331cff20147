// SPDX-License-Identifier: MIT
// Lends the one connection of a SQLite store to one thread after the other.
#ifndef WEBHOOKPP_STORES_DETAIL_SQLITE_DATABASE_HPP
#define WEBHOOKPP_STORES_DETAIL_SQLITE_DATABASE_HPP

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <webhookpp/error.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/stores/detail/sqlite_connection.hpp>
#include <webhookpp/stores/detail/sqlite_file.hpp>
#include <webhookpp/stores/sqlite_options.hpp>

namespace webhookpp::stores::detail {

/// A file, and the connection to it. After a failure the connection is closed, and the next who
/// needs it opens another.
class sqlite_database {
public:
    sqlite_database(std::string name, const sqlite_options& options)
        : name_(std::move(name)), options_(options) {}

    /// Creates the file if there is none, and opens it.
    [[nodiscard]] static result<std::shared_ptr<sqlite_database>> open(
        std::string_view path, const sqlite_options& options) {
        if (auto right = check_sqlite(path, options); !right) return unexpected(right.error());
        auto made = std::make_shared<sqlite_database>(sqlite_name(path), options);
        create_private_file(made->name_.c_str());
        if (auto opened = made->connect(made->deadline()); !opened) {
            return unexpected(opened.error());
        }
        // The process may have another working directory when the file is opened again.
        const char* const full = sqlite3_db_filename(made->connection_->handle(), "main");
        if (full && *full != '\0') made->name_ = full;
        return made;
    }

    [[nodiscard]] sqlite_time deadline() const noexcept {
        return std::chrono::steady_clock::now() + options_.busy_timeout;
    }

    /// Waits for the connection. Those who wait get it in the order in which they came: else a
    /// thread that accepts all the time would leave none to those that claim.
    [[nodiscard]] bool take(sqlite_time deadline) {
        std::unique_lock lock(mutex_);
        if (!taken_) {
            taken_ = true;
            return true;
        }
        waiting mine;
        *last_ = &mine;
        last_ = &mine.next;
        while (!mine.given) {
            if (mine.woken.wait_until(lock, deadline) == std::cv_status::no_timeout) continue;
            if (mine.given) break;
            remove(mine);
            return false;
        }
        return true;
    }

    /// For whoever has taken it: the connection, open.
    [[nodiscard]] result<void> connect(sqlite_time deadline) {
        if (connection_ && connection_->has_moved()) connection_.reset();
        if (connection_) return {};
        auto opened = open_sqlite(name_.c_str(), options_.durability, deadline);
        if (!opened) return unexpected(opened.error());
        connection_ = *std::move(opened);
        return {};
    }
    [[nodiscard]] sqlite_connection& connection() noexcept { return *connection_; }

    /// Rolls back what is open, and lets the next one have the connection.
    void give_back() noexcept {
        if (connection_ && !connection_->recover()) connection_.reset();
        const std::lock_guard lock(mutex_);
        if (!first_) {
            taken_ = false;
            return;
        }
        waiting& next = *first_;
        remove(next);
        next.given = true;
        // With the lock held, since what is notified stands on the stack of whoever waits.
        next.woken.notify_one();
    }

private:
    struct waiting {
        std::condition_variable woken;
        waiting* next = nullptr;
        bool given = false;
    };

    void remove(waiting& which) noexcept {
        waiting** at = &first_;
        while (*at != &which) at = &(*at)->next;
        *at = which.next;
        if (!*at) last_ = at;
    }

    std::string name_;
    const sqlite_options options_;
    std::unique_ptr<sqlite_connection> connection_;

    std::mutex mutex_;
    waiting* first_ = nullptr;
    waiting** last_ = &first_;
    bool taken_ = false;
};

/// The connection of a database, for as long as this lives. Empty after it was moved from.
class sqlite_loan {
public:
    sqlite_loan() noexcept = default;
    sqlite_loan(sqlite_loan&& other) noexcept : database_(std::move(other.database_)) {}
    sqlite_loan& operator=(sqlite_loan&& other) noexcept {
        sqlite_loan old(std::exchange(database_, std::move(other.database_)));
        return *this;
    }
    ~sqlite_loan() {
        if (database_) database_->give_back();
    }

    /// Waits for the connection, and for nothing after `deadline`.
    [[nodiscard]] static result<sqlite_loan> of(const std::shared_ptr<sqlite_database>& database,
                                                sqlite_time deadline) {
        if (!database->take(deadline)) {
            return unexpected(errc::store_unavailable, "SQLite: other threads use the connection");
        }
        sqlite_loan made(database);
        if (auto opened = database->connect(deadline); !opened) return unexpected(opened.error());
        made->wait_until(deadline);
        return made;
    }

    [[nodiscard]] explicit operator bool() const noexcept { return database_ != nullptr; }
    [[nodiscard]] sqlite_connection* operator->() const noexcept {
        return &database_->connection();
    }
    [[nodiscard]] sqlite_connection& operator*() const noexcept { return database_->connection(); }

private:
    explicit sqlite_loan(std::shared_ptr<sqlite_database> database) noexcept
        : database_(std::move(database)) {}

    std::shared_ptr<sqlite_database> database_;
};

/// Runs `work(connection)`, without exceptions: what fails is `store_unavailable`.
template <class F>
[[nodiscard]] auto sqlite_guarded(F work) noexcept -> decltype(work()) {
#if defined(__cpp_exceptions)
    try {
        return work();
    } catch (...) {
        return unexpected(errc::store_unavailable, "SQLite: out of memory");
    }
#else
    return work();
#endif
}

/// What `F` makes of a connection, or an error.
template <class F>
using sqlite_result = result<std::invoke_result_t<F, sqlite_connection&>>;

/// The result of `work(connection)`, which reads with one statement.
template <class F>
[[nodiscard]] sqlite_result<F> sqlite_read(const std::shared_ptr<sqlite_database>& database,
                                           F work) noexcept {
    return sqlite_guarded([&]() -> sqlite_result<F> {
        const auto loan = sqlite_loan::of(database, database->deadline());
        if (!loan) return unexpected(loan.error());
        sqlite_connection& connection = **loan;
        auto found = work(connection);
        if (connection.failure() != SQLITE_OK) return sqlite_error(connection.failure());
        return found;
    });
}

/// The result of `work(connection)`, which is one transaction.
template <class F>
[[nodiscard]] sqlite_result<F> sqlite_write(const std::shared_ptr<sqlite_database>& database,
                                            F work) noexcept {
    return sqlite_guarded([&]() -> sqlite_result<F> {
        const sqlite_time deadline = database->deadline();
        const auto loan = sqlite_loan::of(database, deadline);
        if (!loan) return unexpected(loan.error());
        sqlite_connection& connection = **loan;
        connection.begin();
        auto made = work(connection);
        connection.wait_until(deadline);
        connection.commit();
        if (connection.failure() != SQLITE_OK) return sqlite_error(connection.failure());
        return made;
    });
}

}  // namespace webhookpp::stores::detail

#endif
