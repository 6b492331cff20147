// SPDX-License-Identifier: MIT
// Keeps keys and entries in a SQLite database: one file, for the processes of one machine.
#ifndef WEBHOOKPP_STORES_SQLITE_HPP
#define WEBHOOKPP_STORES_SQLITE_HPP

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/inbox_store.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/stores/detail/sqlite_connection.hpp>
#include <webhookpp/stores/detail/sqlite_database.hpp>
#include <webhookpp/stores/detail/sqlite_entries.hpp>
#include <webhookpp/stores/detail/sqlite_execute.hpp>
#include <webhookpp/stores/detail/sqlite_keys.hpp>
#include <webhookpp/stores/sqlite_options.hpp>

namespace webhookpp::stores {

/// A `replay_store` and `inbox_store` in one file, which any number of threads and processes of one
/// machine may use at once, but never over a network file system. What it has answered survives the
/// loss of power, if the disk does what it says.
///
/// The file is readable for its owner only, as it holds what providers have sent. Its tables:
/// `webhookpp_entries` (numbers and states as in `entry_state`; `partition` is a blob),
/// `webhookpp_bodies`, `webhookpp_counts` (kept by triggers), `webhookpp_keys`; its
/// `application_id` is "whpp", its `user_version` that of the tables. Programs may add tables of
/// their own, with other names, and must leave these two numbers alone. All programs that use a
/// file at once should have the same version of SQLite.
///
/// A call waits at most `busy_timeout` for others that use the file. After a failure, say of a full
/// disk, the next call opens the file again. A handle must not be used on both sides of a `fork`,
/// and a program that has one must not open the file by itself and close it, which would end the
/// locks on it.
class sqlite {
public:
    static constexpr std::size_t max_batch = 64;

    /// What a handler writes together with the end of its attempt. Until it is settled or
    /// destroyed, which rolls it back, nobody else can write to the file, nor use the store in this
    /// process: be quick, and call no function of the store in between. To be used by one thread at
    /// a time.
    class transaction {
    public:
        /// The connection, for statements that read and write the program's own tables. Null once
        /// the transaction is over. Statements may be prepared, but not kept. What must not be done
        /// with it: `COMMIT` and `ROLLBACK`, which both roll back, after which it cannot be settled
        /// (savepoints are allowed); to set hooks; to close it; to change pragmas.
        [[nodiscard]] sqlite3* connection() const noexcept {
            return loan_ ? loan_->handle() : nullptr;
        }

        /// Runs one statement, such as an insertion, with `values` as text in the place of its
        /// parameters: `$1` or `?1`, `$2` and so on, in their order. Returns how many rows it has
        /// changed. Errors: `store_unavailable` with the reason, also for a constraint that fails.
        [[nodiscard]] result<std::size_t> execute(
            std::string_view statement,
            std::initializer_list<std::string_view> values = {}) noexcept {
            if (!loan_) return unexpected(errc::store_unavailable, "SQLite: no transaction");
            const auto done = detail::sqlite_execute(loan_->handle(), statement, values);
            if (done.code != SQLITE_OK) return detail::sqlite_error(done.code);
            return done.changes;
        }

    private:
        friend class sqlite;
        explicit transaction(detail::sqlite_loan loan) noexcept : loan_(std::move(loan)) {}

        detail::sqlite_loan loan_;
    };

    /// Opens the file `path`, which is created if there is none; its directory has to exist.
    ///
    /// Throws `exception` where `try_open` returns an error.
    explicit sqlite(std::string_view path, const sqlite_options& options = {})
        : sqlite(try_open(path, options).value()) {}

    /// As the constructor, with the error as a value: `invalid_option` for options out of range, a
    /// path that is none, a file of another program or of a newer version of this library, and a
    /// version of SQLite that is too old; `store_unavailable` when the file cannot be used.
    [[nodiscard]] static result<sqlite> try_open(std::string_view path,
                                                 const sqlite_options& options = {}) noexcept {
        return detail::sqlite_guarded([&]() -> result<sqlite> {
            auto opened = detail::sqlite_database::open(path, options);
            if (!opened) return unexpected(opened.error());
            return sqlite(*std::move(opened));
        });
    }

    /// Runs one statement in a transaction of its own, as `transaction::execute` does: to create
    /// the tables that handlers write to.
    result<std::size_t> execute(std::string_view statement,
                                std::initializer_list<std::string_view> values = {}) noexcept {
        return write([&](auto& connection) {
            const auto done = detail::sqlite_execute(connection.handle(), statement, values);
            connection.check(done.code);
            return done.changes;
        });
    }

    // Keys: see `replay_store`.

    result<reservation> reserve(const message_key& key, std::int64_t now,
                                std::int64_t lease) noexcept {
        return write(
            [&](auto& connection) { return detail::reserve_key(connection, key, now, lease); });
    }
    result<bool> commit(const message_key& key, std::int64_t fence, std::int64_t,
                        std::int64_t keep_until) noexcept {
        return write([&](auto& connection) {
            return detail::commit_key(connection, key, fence, keep_until);
        });
    }
    result<bool> release(const message_key& key, std::int64_t fence) noexcept {
        return write([&](auto& connection) { return detail::release_key(connection, key, fence); });
    }
    result<bool> extend(const message_key& key, std::int64_t fence, std::int64_t now,
                        std::int64_t lease) noexcept {
        return write([&](auto& connection) {
            return detail::extend_key(connection, key, fence, now, lease);
        });
    }
    result<std::size_t> forget(std::int64_t now, std::size_t most) noexcept {
        return write([&](auto& connection) { return detail::forget_keys(connection, now, most); });
    }

    // Entries: see `inbox_store`.

    result<void> accept(std::span<const new_entry> entries,
                        std::span<acceptance> outcomes) noexcept {
        const auto accepted = write([&](auto& connection) {
            for (std::size_t i = 0; i < entries.size(); ++i) {
                outcomes[i] = detail::accept_entry(connection, entries[i]);
            }
            return true;
        });
        if (!accepted) return unexpected(accepted.error());
        return {};
    }
    result<std::optional<entry>> claim(const claim_request& request) noexcept {
        return write([&](auto& connection) { return detail::claim_entry(connection, request); });
    }
    result<bool> renew(const lease& mine, std::int64_t now, std::int64_t length) noexcept {
        return write(
            [&](auto& connection) { return detail::renew_entry(connection, mine, now, length); });
    }
    result<transaction> begin() noexcept {
        return detail::sqlite_guarded([&]() -> result<transaction> {
            auto loan = detail::sqlite_loan::of(database_, database_->deadline());
            if (!loan) return unexpected(loan.error());
            detail::sqlite_connection& connection = **loan;
            connection.begin();
            if (connection.failure() != SQLITE_OK) {
                return detail::sqlite_error(connection.failure());
            }
            connection.wait_until(database_->deadline());
            connection.lend();
            return transaction(*std::move(loan));
        });
    }
    result<bool> settle(transaction& of, const lease& mine, const ending& how,
                        std::int64_t now) noexcept {
        const detail::sqlite_loan loan = std::move(of.loan_);
        return detail::sqlite_guarded([&]() -> result<bool> {
            if (!loan || !loan->take_back()) {
                return unexpected(errc::store_unavailable, "SQLite: the transaction has ended");
            }
            loan->wait_until(database_->deadline());
            const bool settled = detail::settle_entry(*loan, mine, how, now);
            if (settled) loan->commit();
            if (loan->failure() != SQLITE_OK) return detail::sqlite_error(loan->failure());
            return settled;
        });
    }
    result<bool> settle(const lease& mine, const ending& how, std::int64_t now) noexcept {
        return write(
            [&](auto& connection) { return detail::settle_entry(connection, mine, how, now); });
    }
    result<std::optional<entry>> find(std::int64_t number) noexcept {
        return read([&](auto& connection) { return detail::find_entry(connection, number); });
    }
    result<std::vector<entry>> list(const entry_query& query) noexcept {
        return read([&](auto& connection) { return detail::list_entries(connection, query); });
    }
    result<bool> redrive(std::int64_t number, std::int64_t now) noexcept {
        return write(
            [&](auto& connection) { return detail::redrive_entry(connection, number, now); });
    }
    result<std::size_t> purge(const purge_request& request) noexcept {
        return write([&](auto& connection) { return detail::purge_entries(connection, request); });
    }
    result<inbox_backlog> backlog() noexcept {
        return read([](auto& connection) { return detail::count_entries(connection).backlog; });
    }
    result<inbox_stats> stats() noexcept {
        return read([](auto& connection) { return detail::count_entries(connection); });
    }

private:
    explicit sqlite(std::shared_ptr<detail::sqlite_database> database) noexcept
        : database_(std::move(database)) {}

    template <class F>
    auto write(F work) noexcept -> detail::sqlite_result<F> {
        return detail::sqlite_write(database_, work);
    }
    template <class F>
    auto read(F work) noexcept -> detail::sqlite_result<F> {
        return detail::sqlite_read(database_, work);
    }

    std::shared_ptr<detail::sqlite_database> database_;
};

static_assert(replay_store<sqlite> && inbox_store<sqlite>);

}  // namespace webhookpp::stores

#endif
