// SPDX-License-Identifier: MIT
// Keeps keys and entries in PostgreSQL: for programs on one or many machines.
#ifndef WEBHOOKPP_STORES_POSTGRES_HPP
#define WEBHOOKPP_STORES_POSTGRES_HPP

#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/inbox_store.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/stores/detail/connection_pool.hpp>
#include <webhookpp/stores/detail/postgres_connection.hpp>
#include <webhookpp/stores/detail/postgres_entries.hpp>
#include <webhookpp/stores/detail/postgres_guard.hpp>
#include <webhookpp/stores/detail/postgres_inbox.hpp>
#include <webhookpp/stores/detail/postgres_schema.hpp>
#include <webhookpp/stores/detail/postgres_statements.hpp>
#include <webhookpp/stores/detail/postgres_values.hpp>
#include <webhookpp/tolerance.hpp>

namespace webhookpp::stores {

/// How a PostgreSQL store is set up.
struct postgres_options {
    /// How many connections there are at most: 2 to 1000. Each handler that writes in the entry's
    /// transaction holds one while it runs; one is always left for everything else. Beyond, callers
    /// wait, for `timeout` at most.
    std::size_t connections = 4;

    /// The schema that holds the tables: 1 to 63 of `a` to `z`, `0` to `9` and `_`, not first a
    /// digit. Created when it is not there.
    std::string schema = "webhookpp";

    /// How long to wait for a free connection, for the server to accept one, and for each
    /// statement, also of handlers: 1 second to 10 minutes. A server that does not answer at all is
    /// given twice the time.
    seconds timeout{5};

    /// Whether to refuse a server that acknowledges what it may lose: one with `fsync = off`, or
    /// `synchronous_commit = off` for this user. What it has accepted is not safe, so the answer to
    /// the sender would be a lie. For tests, this can be false.
    bool require_durability = true;
};

/// A `replay_store` and `inbox_store` in a PostgreSQL database, version 12 or newer. What it has
/// accepted is as durable as the server's `synchronous_commit` says: with `on`, the default, it
/// survives the end of the server's power; with `remote_apply` or `on` and synchronous standbys
/// also the loss of the server. After failover to a standby that is not synchronous, the last
/// messages may be gone although their senders were told otherwise.
///
/// Any number of programs and machines may share one schema; their clocks should agree to within a
/// fraction of a lease. Never to be used on both sides of a `fork`: open the store behind it. Of
/// poolers such as PgBouncer, only those that keep sessions apart will do (`pool_mode = session`).
///
/// Statements in transactions of handlers are subject to `timeout` too (`SET LOCAL
/// statement_timeout` changes that). Their isolation level is `READ COMMITTED` and has to stay so.
/// Handlers that change the session, with `SET` and without `LOCAL`, change it for those who get
/// the connection after them.
class postgres {
public:
    static constexpr std::size_t max_batch = 64;

    class transaction;

    /// Connects and creates the tables unless they are there. `connection_string`: as libpq reads
    /// it (`host=db dbname=shop user=hooks`, `postgresql://hooks@db/shop`); environment and
    /// password file count too. It is never shown. Several hosts may be named, then with
    /// `target_session_attrs=read-write`.
    ///
    /// Throws `exception` where `try_open` returns an error.
    explicit postgres(const std::string& connection_string, const postgres_options& options = {})
        : postgres(try_open(connection_string, options).value()) {}

    /// As the constructor, with the error as a value: `invalid_option` for options that are out of
    /// range, a connection string that cannot be read, a server that is too old or not durable,
    /// tables of another version; `store_unavailable` when the server cannot be reached or refuses
    /// something.
    [[nodiscard]] static result<postgres> try_open(const std::string& connection_string,
                                                   const postgres_options& options = {});

    /// Runs one statement in a transaction of its own, as `transaction::execute` does: to create
    /// the tables that handlers write to.
    result<std::size_t> execute(const std::string& text,
                                std::initializer_list<std::string_view> values = {}) noexcept {
        return guarded([&]() -> result<std::size_t> {
            auto asked = with_values(text, values);
            if (!asked) return unexpected(asked.error());
            const auto done = run({*std::move(asked)});
            if (!done) return unexpected(done.error());
            return postgres_detail::rows_written(done->back());
        });
    }

    /// The statements that create schema and tables: for those who do not let programs do that.
    /// The program's user then needs `USAGE` on the schema, and `SELECT, INSERT, UPDATE, DELETE` on
    /// its tables and `USAGE` on its sequences.
    [[nodiscard]] static std::string schema_definition(std::string_view schema = "webhookpp") {
        return postgres_detail::schema_definition(schema);
    }

    // Keys: see `replay_store`.

    result<reservation> reserve(const message_key& key, std::int64_t now,
                                std::int64_t lease) noexcept;
    result<bool> commit(const message_key& key, std::int64_t fence, std::int64_t now,
                        std::int64_t keep_until) noexcept;
    result<bool> release(const message_key& key, std::int64_t fence) noexcept;
    result<bool> extend(const message_key& key, std::int64_t fence, std::int64_t now,
                        std::int64_t lease) noexcept;
    result<std::size_t> forget(std::int64_t now, std::size_t most) noexcept;

    // Entries: see `inbox_store`.

    result<void> accept(std::span<const new_entry> entries,
                        std::span<acceptance> outcomes) noexcept;
    result<std::optional<entry>> claim(const claim_request& request) noexcept;
    result<bool> renew(const lease& mine, std::int64_t now, std::int64_t length) noexcept;

    /// Opens the transaction of a handler. While it lives it holds one of the connections, of which
    /// at most all but one are given out like this.
    result<transaction> begin() noexcept;
    result<bool> settle(transaction& of_handler, const lease& mine, const ending& how,
                        std::int64_t now) noexcept;
    result<bool> settle(const lease& mine, const ending& how, std::int64_t now) noexcept;
    result<std::optional<entry>> find(std::int64_t number) noexcept;
    result<std::vector<entry>> list(const entry_query& query) noexcept;
    result<bool> redrive(std::int64_t number, std::int64_t now) noexcept;
    result<std::size_t> purge(const purge_request& request) noexcept;
    result<inbox_backlog> backlog() noexcept;
    result<inbox_stats> stats() noexcept;

private:
    // Bodies of one call. The server takes up to 1 GiB.
    static constexpr std::size_t most_bytes = std::size_t{256} << 20;

    using connection = postgres_detail::connection;
    using pool = detail::connection_pool<connection>;
    using statement = postgres_detail::statement;
    using answers = postgres_detail::answers;

    // What it takes to connect. Of the pool, which transactions may keep alive.
    struct settings {
        std::string connection_string;
        postgres_options options;

        [[nodiscard]] std::chrono::milliseconds timeout() const {
            return std::chrono::seconds(options.timeout.count());
        }
    };

    struct shared {
        explicit shared(const std::shared_ptr<const settings>& from)
            : lock_space(postgres_detail::lock_space(from->options.schema)),
              inbox(from->options.schema),
              guard(from->options.schema),
              connections(std::make_shared<pool>(from->options.connections, from->timeout(),
                                                 "postgres: no connection is free",
                                                 [from] { return connect_again(*from); })) {}

        const std::int32_t lock_space;
        const postgres_detail::inbox_statements inbox;
        const postgres_detail::guard_statements guard;
        const std::shared_ptr<pool> connections;
    };

    explicit postgres(std::shared_ptr<shared> state) noexcept : state_(std::move(state)) {}

    static result<statement> with_values(const std::string& text,
                                         std::initializer_list<std::string_view> values) {
        statement made(text);
        for (const std::string_view value : values) {
            if (value.find('\0') != std::string_view::npos) {
                return unexpected(errc::store_unavailable, "postgres: text cannot hold NUL");
            }
            made.add_inferred(value);
        }
        return made;
    }

    static result<void> check(const std::string& connection_string,
                              const postgres_options& options);
    static result<std::unique_ptr<connection>> connect(const settings& to);
    static result<std::unique_ptr<connection>> connect_again(const settings& to);

    result<answers> run(std::span<const statement> all);
    result<answers> run(std::initializer_list<statement> all) {
        return run(std::span(all.begin(), all.size()));
    }
    result<bool> write(std::span<const statement> all);
    result<bool> write(std::initializer_list<statement> all) {
        return write(std::span(all.begin(), all.size()));
    }
    result<std::size_t> purge_some(const purge_request& request, std::size_t most);

    template <class F>
    static auto guarded(F work) noexcept -> decltype(work()) {
#if defined(__cpp_exceptions)
        try {
            return work();
        } catch (...) {
            return unexpected(errc::store_unavailable, "postgres: no memory");
        }
#else
        return work();
#endif
    }

    std::shared_ptr<shared> state_;
};

/// The transaction of a handler: what it writes with `connection()` is committed together with the
/// end of its entry, or not at all. Rolled back at the end of its life unless it was settled.
/// Of one thread at a time.
class postgres::transaction {
public:
    transaction(transaction&& other) noexcept = default;
    transaction& operator=(transaction&& other) noexcept {
        roll_back();
        loan_ = std::move(other.loan_);
        return *this;
    }
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    ~transaction() { roll_back(); }

    /// For the handler's own statements, in text or binary, within the transaction that is open:
    /// it must neither end it nor close the connection. Null once the transaction was settled.
    [[nodiscard]] PGconn* connection() const noexcept {
        return loan_.get() != nullptr ? loan_->raw() : nullptr;
    }

    /// Runs one statement, such as an insertion, with `values` as text in the place of `$1`, `$2`
    /// and so on; the server makes of them what the place wants. Returns how many rows it has
    /// written. Errors: `store_unavailable`, also for a constraint that fails or a NUL in a value;
    /// then the whole transaction has failed, as PostgreSQL has it.
    result<std::size_t> execute(const std::string& text,
                                std::initializer_list<std::string_view> values = {}) noexcept {
        return guarded([&]() -> result<std::size_t> {
            if (loan_.get() == nullptr) {
                return unexpected(errc::store_unavailable, "postgres: no transaction");
            }
            auto asked = with_values(text, values);
            if (!asked) return unexpected(asked.error());
            const auto done = loan_->run({*std::move(asked)});
            if (!done) return unexpected(done.error());
            return postgres_detail::rows_written(done->back());
        });
    }

private:
    friend class postgres;

    explicit transaction(pool::loan lent) noexcept : loan_(std::move(lent)) {}

    void roll_back() noexcept {
        if (loan_.get() == nullptr) return;
        // What cannot be undone by a word is undone by hanging up.
        const auto undone = guarded([&]() -> result<void> {
            static const std::string text = "ROLLBACK";
            const auto done = loan_->run({statement(text)});
            if (!done) return unexpected(done.error());
            return {};
        });
        if (!undone) loan_->close();
        loan_.give_back();
    }

    pool::loan loan_;
};

// Setting up.

inline result<void> postgres::check(const std::string& connection_string,
                                    const postgres_options& options) {
    if (options.connections < 2 || options.connections > 1000) {
        return unexpected(errc::invalid_option, "postgres: 2 to 1000 connections");
    }
    if (!postgres_detail::is_schema_name(options.schema)) {
        return unexpected(errc::invalid_option,
                          "postgres: a schema is named by 1 to 63 of a to z, 0 to 9 and _");
    }
    if (options.timeout.count() < 1 || options.timeout.count() > 600) {
        return unexpected(errc::invalid_option, "postgres: a timeout of 1 second to 10 minutes");
    }
    char* message = nullptr;
    PQconninfoOption* const parsed = PQconninfoParse(connection_string.c_str(), &message);
    PQfreemem(message);  // quotes the string
    const bool readable = parsed != nullptr;
    PQconninfoFree(parsed);
    if (!readable || connection_string.find('\0') != std::string::npos) {
        return unexpected(errc::invalid_option, "postgres: the connection string cannot be read");
    }
    return {};
}

inline result<std::unique_ptr<postgres_detail::connection>> postgres::connect(const settings& to) {
    auto opened = connection::open(to.connection_string, to.timeout());
    if (!opened) return opened;
    if (PQserverVersion((*opened)->raw()) < 120'000) {
        return unexpected(errc::invalid_option, "postgres: the server is older than version 12");
    }
    static const std::string text =
        "SELECT set_config('statement_timeout', $1, false),"
        " set_config('default_transaction_isolation', 'read committed', false),"
        " current_setting('fsync') <> 'off', current_setting('synchronous_commit') <> 'off'";
    const auto set =
        (*opened)->run({statement(text).add_text(std::to_string(to.timeout().count()))});
    if (!set) return unexpected(set.error());
    postgres_detail::row columns((*set)[0], 0);
    columns.skip();
    columns.skip();
    const bool syncs = columns.flag();
    const bool waits = columns.flag();
    if (to.options.require_durability && !(syncs && waits)) {
        return unexpected(errc::invalid_option,
                          syncs ? "postgres: synchronous_commit is off for this user: what is "
                                  "accepted could be lost"
                                : "postgres: the server runs with fsync = off: what is accepted "
                                  "could be lost");
    }
    return opened;
}

// The server may have become another one since.
inline result<std::unique_ptr<postgres_detail::connection>> postgres::connect_again(
    const settings& to) {
    auto opened = connect(to);
    auto fit = opened ? postgres_detail::schema_setup(**opened, to.options.schema).verify()
                      : result<void>(unexpected(opened.error()));
    if (!fit) return unexpected(errc::store_unavailable, fit.error().where);
    return opened;
}

inline result<postgres> postgres::try_open(const std::string& connection_string,
                                           const postgres_options& options) {
    if (auto bad = check(connection_string, options); !bad) return unexpected(bad.error());
    auto to = std::make_shared<const settings>(settings{connection_string, options});
    auto first = connect(*to);
    if (!first) return unexpected(first.error());
    if (auto made = postgres_detail::schema_setup(**first, options.schema).create(); !made) {
        return unexpected(made.error());
    }
    return postgres(std::make_shared<shared>(std::move(to)));
}

// Running statements.

inline result<postgres_detail::answers> postgres::run(std::span<const statement> all) {
    auto lent = state_->connections->borrow();
    if (!lent) return unexpected(lent.error());
    constexpr int most_conflicts = 5;
    for (int conflicts = 1;; ++conflicts) {
        auto done = (*lent)->run(all);
        // Another transaction was in the way, and this one is undone.
        if (done || !(*lent)->may_repeat() || conflicts == most_conflicts) return done;
    }
}

// Whether the last statement has written a row.
inline result<bool> postgres::write(std::span<const statement> all) {
    const auto done = run(all);
    if (!done) return unexpected(done.error());
    return postgres_detail::rows_written(done->back()) > 0;
}

// Keys.

inline result<reservation> postgres::reserve(const message_key& key, std::int64_t now,
                                             std::int64_t lease) noexcept {
    return guarded([&]() -> result<reservation> {
        const auto& texts = state_->guard;
        const auto done =
            run({statement(texts.reserve).add(key).add(now).add(now + lease).add(now + 2 * lease),
                 statement(texts.look).add(key)});
        if (!done) return unexpected(done.error());
        return postgres_detail::reservation_from(postgres_detail::rows_written((*done)[0]) > 0,
                                                 postgres_detail::row((*done)[1], 0));
    });
}

inline result<bool> postgres::commit(const message_key& key, std::int64_t fence, std::int64_t,
                                     std::int64_t keep_until) noexcept {
    return guarded([&] {
        return write({statement(state_->guard.commit).add(key).add(fence).add(keep_until)});
    });
}

inline result<bool> postgres::release(const message_key& key, std::int64_t fence) noexcept {
    return guarded([&] { return write({statement(state_->guard.release).add(key).add(fence)}); });
}

inline result<bool> postgres::extend(const message_key& key, std::int64_t fence, std::int64_t now,
                                     std::int64_t lease) noexcept {
    return guarded([&] {
        return write(
            {statement(state_->guard.extend).add(key).add(fence).add(now).add(now + lease)});
    });
}

inline result<std::size_t> postgres::forget(std::int64_t now, std::size_t most) noexcept {
    return guarded([&]() -> result<std::size_t> {
        const auto limit = static_cast<std::int64_t>((std::min)(most, std::size_t{INT32_MAX}));
        const auto done = run({statement(state_->guard.forget).add(now).add(limit)});
        if (!done) return unexpected(done.error());
        return postgres_detail::rows_written((*done)[0]);
    });
}

// Entries.

inline result<void> postgres::accept(std::span<const new_entry> entries,
                                     std::span<acceptance> outcomes) noexcept {
    return guarded([&]() -> result<void> {
        std::size_t size = 0;
        for (const new_entry& each : entries) size += each.body.size();
        if (size > most_bytes) {
            return unexpected(errc::store_unavailable, "postgres: more than 256 MiB at once");
        }
        const postgres_detail::acceptance_plan plan(state_->inbox, state_->lock_space, entries);
        const auto done = run(plan.statements());
        if (!done) return unexpected(done.error());
        plan.read(*done, outcomes);
        return {};
    });
}

inline result<std::optional<entry>> postgres::claim(const claim_request& request) noexcept {
    return guarded([&]() -> result<std::optional<entry>> {
        const auto done = run({statement(state_->inbox.claim)
                                   .add(request.now)
                                   .add(request.now + 2 * request.lease)
                                   .add(request.now + request.lease)
                                   .add(request.owner)});
        if (!done) return unexpected(done.error());
        if (postgres_detail::rows((*done)[0]) == 0) return std::optional<entry>();
        return postgres_detail::entry_from(postgres_detail::row((*done)[0], 0));
    });
}

inline result<bool> postgres::renew(const lease& mine, std::int64_t now,
                                    std::int64_t length) noexcept {
    return guarded([&] {
        return write(
            {statement(state_->inbox.renew).add(mine.number).add(mine.fence).add(now + length)});
    });
}

inline result<postgres::transaction> postgres::begin() noexcept {
    return guarded([&]() -> result<transaction> {
        auto lent = state_->connections->borrow(1);
        if (!lent) return unexpected(lent.error());
        static const std::string text = "BEGIN ISOLATION LEVEL READ COMMITTED";
        const auto begun = (*lent)->run({statement(text)});
        if (!begun) return unexpected(begun.error());
        return transaction(std::move(*lent));
    });
}

inline result<bool> postgres::settle(transaction& of_handler, const lease& mine, const ending& how,
                                     std::int64_t now) noexcept {
    auto settled = guarded([&]() -> result<bool> {
        pool::loan& lent = of_handler.loan_;
        if (lent.get() == nullptr || PQtransactionStatus(lent->raw()) != PQTRANS_INTRANS) {
            return unexpected(errc::store_unavailable,
                              "postgres: the handler's transaction has failed or was ended by it");
        }
        // With an older view of the tables, an entry that waits for this one could be overlooked.
        static const std::string isolated =
            "SELECT current_setting('transaction_isolation') = 'read committed'";
        auto all = postgres_detail::settlement(state_->inbox, state_->lock_space, mine, how, now);
        all.insert(all.begin(), statement(isolated));
        const auto ended = lent->run(all);
        if (!ended) return unexpected(ended.error());
        if (!postgres_detail::row(ended->front(), 0).flag()) {
            return unexpected(errc::store_unavailable,
                              "postgres: the handler's transaction is not READ COMMITTED any more");
        }
        if (postgres_detail::rows_written(ended->back()) == 0) return false;
        static const std::string text = "COMMIT";
        const auto committed = lent->run({statement(text)});
        if (!committed) return unexpected(committed.error());
        lent.give_back();
        return true;
    });
    if (!settled || !*settled) of_handler.roll_back();
    return settled;
}

inline result<bool> postgres::settle(const lease& mine, const ending& how,
                                     std::int64_t now) noexcept {
    return guarded([&] {
        return write(
            postgres_detail::settlement(state_->inbox, state_->lock_space, mine, how, now));
    });
}

inline result<std::optional<entry>> postgres::find(std::int64_t number) noexcept {
    return guarded([&]() -> result<std::optional<entry>> {
        const auto done = run({statement(state_->inbox.find).add(number)});
        if (!done) return unexpected(done.error());
        if (postgres_detail::rows((*done)[0]) == 0) return std::optional<entry>();
        return postgres_detail::entry_from(postgres_detail::row((*done)[0], 0));
    });
}

inline result<std::vector<entry>> postgres::list(const entry_query& query) noexcept {
    return guarded([&]() -> result<std::vector<entry>> {
        const auto& texts = state_->inbox.list;
        const std::string& text =
            query.state ? texts.at(static_cast<std::size_t>(*query.state)) : texts.back();
        const auto limit =
            static_cast<std::int64_t>((std::min)(query.most, std::size_t{INT32_MAX}));
        const auto done = run({statement(text).add(query.after).add(query.endpoint).add(limit)});
        if (!done) return unexpected(done.error());
        const int rows = postgres_detail::rows((*done)[0]);
        std::vector<entry> found;
        found.reserve(static_cast<std::size_t>(rows));
        for (int i = 0; i < rows; ++i) {
            found.push_back(postgres_detail::entry_from(postgres_detail::row((*done)[0], i)));
        }
        return found;
    });
}

inline result<bool> postgres::redrive(std::int64_t number, std::int64_t now) noexcept {
    return guarded([&] {
        return write({statement(state_->inbox.lock_kept).add(number).add_int4(state_->lock_space),
                      statement(state_->inbox.redrive).add(number).add(now)});
    });
}

// In small transactions, so that none holds up others or takes longer than a statement may.
inline result<std::size_t> postgres::purge(const purge_request& request) noexcept {
    return guarded([&]() -> result<std::size_t> {
        std::size_t touched = 0;
        while (touched < request.most) {
            const std::size_t most = (std::min)(request.most - touched, std::size_t{1000});
            const auto some = purge_some(request, most);
            if (!some) return unexpected(some.error());
            touched += *some;
            if (*some < most) break;
        }
        return touched;
    });
}

inline result<std::size_t> postgres::purge_some(const purge_request& request, std::size_t most) {
    const auto done = run({statement(state_->inbox.purge)
                               .add(request.now)
                               .add(request.bodies_before)
                               .add(static_cast<std::int64_t>(most))});
    if (!done) return unexpected(done.error());
    return static_cast<std::size_t>(postgres_detail::row((*done)[0], 0).number());
}

inline result<inbox_backlog> postgres::backlog() noexcept {
    return guarded([&]() -> result<inbox_backlog> {
        const auto done = run({statement(state_->inbox.backlog)});
        if (!done) return unexpected(done.error());
        return postgres_detail::backlog_from(postgres_detail::row((*done)[0], 0));
    });
}

inline result<inbox_stats> postgres::stats() noexcept {
    return guarded([&]() -> result<inbox_stats> {
        const auto done = run({statement(state_->inbox.stats)});
        if (!done) return unexpected(done.error());
        postgres_detail::row columns((*done)[0], 0);
        inbox_stats counted;
        counted.ready = static_cast<std::uint64_t>(columns.number());
        counted.leased = static_cast<std::uint64_t>(columns.number());
        counted.done = static_cast<std::uint64_t>(columns.number());
        counted.dead = static_cast<std::uint64_t>(columns.number());
        counted.duplicates = static_cast<std::uint64_t>(columns.number());
        counted.backlog = postgres_detail::backlog_from(columns);
        return counted;
    });
}

static_assert(replay_store<postgres> && inbox_store<postgres>);

}  // namespace webhookpp::stores

#endif
