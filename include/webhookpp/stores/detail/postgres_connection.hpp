// SPDX-License-Identifier: MIT
// One connection to PostgreSQL: statements go out together, and no wait is without end.
#ifndef WEBHOOKPP_STORES_DETAIL_POSTGRES_CONNECTION_HPP
#define WEBHOOKPP_STORES_DETAIL_POSTGRES_CONNECTION_HPP

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/detail/owner.hpp>
#include <webhookpp/fixed_text.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/stores/detail/postgres_values.hpp>

#ifndef LIBPQ_HAS_PIPELINING
#error "webhookpp::stores::postgres needs libpq 14 or newer"
#endif

namespace webhookpp::stores::postgres_detail {

using milliseconds = std::chrono::milliseconds;
using steady_clock = std::chrono::steady_clock;

/// What an SQLSTATE means for whoever runs the program. What the server says in words may hold
/// what users of the database have written, so it is never shown.
inline std::string_view meaning(std::string_view sqlstate) noexcept {
    struct known {
        std::string_view state;
        std::string_view text;
    };
    static constexpr known all[] = {
        {"25006", "the server only reads: it is a standby"},
        {"3D000", "there is no such database"},
        {"3F000", "there is no such schema"},
        {"40001", "conflict with another transaction"},
        {"40P01", "deadlock with another transaction"},
        {"42501", "the user may not do that"},
        {"42P01", "a table is missing"},
        {"42703", "a column is missing"},
        {"53100", "its disk is full"},
        {"53200", "it has no memory"},
        {"53300", "it has too many connections"},
        {"55P03", "a lock was not to be had"},
        {"57014", "a statement took too long"},
        {"57P01", "it shuts down"},
        {"57P02", "it has crashed"},
        {"57P03", "it starts up"},
    };
    const auto* const found =
        std::find_if(std::begin(all), std::end(all),
                     [sqlstate](const known& each) { return each.state == sqlstate; });
    return found == std::end(all) ? std::string_view() : found->text;
}

/// Why no connection was made, as far as it is recognised. libpq's own words are never shown: they
/// quote the connection string, and where a password holds an unescaped `@` or `/`, part of it.
inline std::string_view why_not_connected(std::string_view said) noexcept {
    struct known {
        std::string_view sign;
        std::string_view text;
    };
    static constexpr known all[] = {
        {"authentication failed", "postgres: the server refuses user or password"},
        {"no password supplied", "postgres: the server wants a password"},
        {"pg_hba.conf", "postgres: the server's pg_hba.conf admits no such connection"},
        {"No such file", "postgres: no server listens on that socket"},
        {"does not exist", "postgres: there is no such database or user"},
        {"could not translate host name", "postgres: the host's name is not known"},
        {"onnection refused", "postgres: no server listens there"},
        {"timeout expired", "postgres: no server has answered in time"},
        {"imed out", "postgres: no server has answered in time"},
        {"too many c", "postgres: the server has too many connections"},
        {"remaining connection slots", "postgres: the server has too many connections"},
        {"starting up", "postgres: the server starts up"},
        {"shutting down", "postgres: the server shuts down"},
        {"recovery mode", "postgres: the server recovers from a crash"},
        {"certificate", "postgres: the server's certificate is not trusted"},
        {"SSL", "postgres: TLS failed"},
        {"read-write", "postgres: no server takes writes"},
    };
    const auto* const found = std::find_if(std::begin(all), std::end(all), [said](const known& k) {
        return said.find(k.sign) != std::string_view::npos;
    });
    return found == std::end(all) ? "postgres: cannot connect" : found->text;
}

/// The answers to statements that went out together.
using answers = std::vector<answer>;

class connection {
public:
    using owned = webhookpp::detail::owner<PGconn, PQfinish>;

    /// Connects. `text`: a connection string that libpq can read; what it says goes before what is
    /// set here. Errors: `store_unavailable`.
    static result<std::unique_ptr<connection>> open(const std::string& text, milliseconds timeout) {
        const auto whole_seconds = std::chrono::ceil<std::chrono::seconds>(timeout).count();
        const std::string in_seconds = std::to_string(whole_seconds);
        const std::string in_milliseconds = std::to_string(timeout.count());
        // A server that is gone without a word is noticed after that time also in the midst of
        // sending, and after half a minute while nothing is sent: in a handler's transaction.
        const std::array keywords = {"connect_timeout",
                                     "tcp_user_timeout",
                                     "keepalives",
                                     "keepalives_idle",
                                     "keepalives_interval",
                                     "keepalives_count",
                                     "application_name",
                                     "dbname",
                                     static_cast<const char*>(nullptr)};
        const std::array values = {
            in_seconds.c_str(), in_milliseconds.c_str(),          "1", "15", "5", "3", "webhookpp",
            text.c_str(),       static_cast<const char*>(nullptr)};
        // Owned before memory is asked for, which may be refused.
        owned opened(PQconnectdbParams(keywords.data(), values.data(), 1));
        auto made = std::make_unique<connection>(std::move(opened), timeout);
        PGconn* const raw = made->raw();
        if (raw == nullptr) return unexpected(errc::store_unavailable, "postgres: no memory");
        // Or the server's notices would go to standard error.
        PQsetNoticeReceiver(
            raw, [](void*, const PGresult*) {}, nullptr);
        if (PQstatus(raw) != CONNECTION_OK) {
            return unexpected(errc::store_unavailable, why_not_connected(PQerrorMessage(raw)));
        }
        return made;
    }

    connection(owned raw, milliseconds timeout) noexcept
        : raw_(std::move(raw)), timeout_(timeout) {}

    [[nodiscard]] PGconn* raw() const noexcept { return raw_.get(); }

    /// Whether it can be lent: connected, between two transactions, and not hung up on.
    [[nodiscard]] bool usable() noexcept {
        // What the server says unasked: first that it shuts down, and then nothing more, which
        // only the next reading tells.
        for (int reads = 0; reads < 4; ++reads) {
            if (PQstatus(raw()) != CONNECTION_OK || PQtransactionStatus(raw()) != PQTRANS_IDLE ||
                PQpipelineStatus(raw()) != PQ_PIPELINE_OFF) {
                return false;
            }
            if (!readable()) return true;
            if (PQconsumeInput(raw()) != 1 || PQisBusy(raw()) != 0) return false;
            drop_notifications();
        }
        return false;
    }

    /// Has the server do `all`, in this order, and waits for all answers: one round trip. Outside
    /// of a transaction they are one together. If one fails, so do those after it.
    ///
    /// Errors: `store_unavailable`, and then a transaction of their own is undone, unless the
    /// connection is lost: then it may also be done. `may_repeat` tells whether trying again can
    /// help at once.
    result<answers> run(std::span<const statement> all) {
        sqlstate_.clear();
        const auto until = steady_clock::now() + 2 * timeout_;
        if (PQenterPipelineMode(raw()) != 1 || PQsetnonblocking(raw(), 1) != 0) return lost();
        for (const statement& each : all) {
            if (!each.send(raw())) return lost();
        }
        if (PQpipelineSync(raw()) != 1) return lost();
        answers collected;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!collect(collected, until)) return lost();
        }
        // The end of the transaction, which may fail too.
        bool ended = false;
        while (!ended) {
            if (!wait(until)) return lost();
            const answer last(PQgetResult(raw()));
            if (!last) return lost();
            ended = PQresultStatus(last.get()) == PGRES_PIPELINE_SYNC;
            if (!ended) note_failure(last);
        }
        if (PQexitPipelineMode(raw()) != 1 || PQsetnonblocking(raw(), 0) != 0) return lost();
        if (!sqlstate_.empty()) return refused();
        return collected;
    }
    result<answers> run(std::initializer_list<statement> all) {
        return run(std::span(all.begin(), all.size()));
    }

    /// Whether the last failure was a conflict with other transactions, after which nothing is
    /// done.
    [[nodiscard]] bool may_repeat() const noexcept {
        return sqlstate_ == "40P01" || sqlstate_ == "40001";
    }

    /// Never to be lent again.
    void close() noexcept { raw_ = {}; }

private:
    [[nodiscard]] bool readable() const noexcept {
        pollfd socket{.fd = PQsocket(raw()), .events = POLLIN, .revents = 0};
        return ::poll(&socket, 1, 0) != 0;
    }

    // Of channels that a handler may listen to.
    void drop_notifications() const noexcept {
        while (PGnotify* const each = PQnotifies(raw())) PQfreemem(each);
    }

    // Waits until the next answer can be taken without waiting; false if it does not come.
    bool wait(steady_clock::time_point until) const noexcept {
        while (PQisBusy(raw()) != 0) {
            const int unsent = PQflush(raw());
            if (unsent < 0) return false;
            const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
            if (left <= 0) return false;
            const auto events = static_cast<short>(unsent == 1 ? POLLIN | POLLOUT : POLLIN);
            pollfd socket{.fd = PQsocket(raw()), .events = events, .revents = 0};
            if (::poll(&socket, 1, static_cast<int>((std::min<std::int64_t>)(left, 1'000))) < 0 &&
                errno != EINTR) {
                return false;
            }
            if ((socket.revents & ~POLLOUT) != 0 && PQconsumeInput(raw()) != 1) return false;
        }
        return true;
    }

    // The answer to one statement, and the null pointer behind it.
    bool collect(answers& to, steady_clock::time_point until) {
        if (!wait(until)) return false;
        answer one(PQgetResult(raw()));
        if (!one) return false;
        note_failure(one);
        to.push_back(std::move(one));
        return wait(until) && !answer(PQgetResult(raw()));
    }

    void note_failure(const answer& from) {
        const ExecStatusType status = PQresultStatus(from.get());
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return;
        if (!sqlstate_.empty()) return;
        const char* const state = PQresultErrorField(from.get(), PG_DIAG_SQLSTATE);
        sqlstate_ = state != nullptr ? state : "?????";
    }

    unexpected refused() const {
        fixed_text<160> text("postgres: SQLSTATE ");
        text.append(sqlstate_);
        if (const std::string_view words = meaning(sqlstate_); !words.empty()) {
            text.append(", ").append(words);
        }
        return unexpected(errc::store_unavailable, text);
    }

    unexpected lost() noexcept {
        const bool still_there = raw_ && PQstatus(raw()) == CONNECTION_OK;
        close();
        return unexpected(errc::store_unavailable, still_there
                                                       ? "postgres: no answer in time"
                                                       : "postgres: the connection was lost");
    }

    owned raw_;
    milliseconds timeout_;
    std::string sqlstate_;
};

}  // namespace webhookpp::stores::postgres_detail

#endif
