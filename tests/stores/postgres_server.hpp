// SPDX-License-Identifier: MIT
// A real PostgreSQL for tests, on a socket in a directory of its own.
#ifndef WEBHOOKPP_TESTS_STORES_POSTGRES_SERVER_HPP
#define WEBHOOKPP_TESTS_STORES_POSTGRES_SERVER_HPP

#include <libpq-fe.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "child.hpp"

namespace servers {

/// One connection of a test's own.
class client {
public:
    explicit client(const std::string& connection_string)
        : connection_(PQconnectdb(connection_string.c_str()), PQfinish) {
        PQsetNoticeProcessor(
            connection_.get(), [](void*, const char*) {}, nullptr);
        if (PQstatus(connection_.get()) != CONNECTION_OK) {
            throw std::runtime_error(PQerrorMessage(connection_.get()));
        }
    }

    /// The first column of all rows. Throws when the server refuses.
    std::vector<std::string> run(const std::string& statement) {
        return run(connection_.get(), statement);
    }
    std::string value(const std::string& statement) { return run(statement).at(0); }
    [[nodiscard]] PGconn* get() const noexcept { return connection_.get(); }

    static std::vector<std::string> run(PGconn* on, const std::string& statement) {
        const std::unique_ptr<PGresult, void (*)(PGresult*)> answer(PQexec(on, statement.c_str()),
                                                                    PQclear);
        const ExecStatusType status = PQresultStatus(answer.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
            throw std::runtime_error(statement + ": " + PQerrorMessage(on));
        }
        std::vector<std::string> rows;
        for (int i = 0; PQnfields(answer.get()) > 0 && i < PQntuples(answer.get()); ++i) {
            rows.emplace_back(PQgetvalue(answer.get(), i, 0));
        }
        return rows;
    }

private:
    std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
};

class postgres_server {
public:
    postgres_server() : user_(child::user::unprivileged()), directory_(user_) {
        child::process made({program("initdb"), "-D", data(), "-A", "trust", "-U", "postgres", "-E",
                             "UTF8", "--locale=C", "--no-sync"},
                            user_, directory_.path("initdb.log"));
        if (made.wait() != 0) throw std::runtime_error("initdb failed");
        start();
    }

    /// The one that all tests of this program share.
    static postgres_server& shared() {
        static postgres_server one;
        return one;
    }

    void start() {
        // At the death of the test program, an end without waiting for anybody.
        server_.emplace(
            std::vector<std::string>{program("postgres"), "-D", data(), "-k", directory_.path(),
                                     "-c", "listen_addresses=", "-c", "max_connections=150", "-c",
                                     "autovacuum_naptime=5s"},
            user_, directory_.path("postgres.log"), SIGQUIT);
        const bool ready = child::eventually([&] {
            if (server_->gone()) throw std::runtime_error("postgres has ended");
            return PQping(connection_string().c_str()) == PQPING_OK;
        });
        if (!ready) throw std::runtime_error("postgres does not start");
    }

    /// Ends it: SIGINT hangs up on everybody, SIGQUIT is like a crash.
    void stop(int signal) { server_->stop(signal); }
    void restart(int signal) {
        stop(signal);
        start();
    }

    [[nodiscard]] std::string connection_string(const std::string& more = {}) const {
        return "host=" + directory_.path() + " user=postgres dbname=postgres " + more;
    }
    [[nodiscard]] std::string socket_directory() const { return directory_.path(); }

    /// The name of a schema that nobody has used yet.
    static std::string fresh_schema() {
        static std::atomic<int> number = 0;
        return "test_" + std::to_string(getpid()) + "_" + std::to_string(++number);
    }

private:
    static std::string program(const std::string& name) {
        return std::string(POSTGRES_PROGRAMS) + "/" + name;
    }
    [[nodiscard]] std::string data() const { return directory_.path("data"); }

    child::user user_;
    child::directory directory_;
    std::optional<child::process> server_;
};

}  // namespace servers

#endif
