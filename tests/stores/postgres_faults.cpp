// SPDX-License-Identifier: MIT
// What the PostgreSQL store does when servers, connections and programs fail.
#include <webhookpp/stores/postgres.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <webhookpp/clock.hpp>

#include "../catch.hpp"
#include "child.hpp"
#include "postgres_bench.hpp"
#include "postgres_server.hpp"

using namespace postgres_bench;
using namespace std::chrono_literals;
using servers::postgres_server;

namespace {

std::int64_t now() {
    return wh::system_clock().milliseconds();
}

wh::new_entry message_of_now(std::string_view id) {
    wh::new_entry made = message(id);
    made.accepted_at = now();
    made.keep_until = now() + week;
    return made;
}

bool insert(postgres::transaction& transaction, const std::string& table, std::string_view id) {
    const std::string text = "INSERT INTO " + table + " VALUES ('" + std::string(id) + "', " +
                             std::to_string(getpid()) + ")";
    PGresult* const answer = PQexec(transaction.connection(), text.c_str());
    const bool written = PQresultStatus(answer) == PGRES_COMMAND_OK;
    PQclear(answer);
    return written;
}

/// Claims one entry and handles it: its id goes into `table` in the same transaction. Returns
/// whether that was done; false also when there is nothing to do.
wh::result<bool> handle_one(postgres& store, const std::string& table, std::int64_t lease) {
    const auto claimed = store.claim({.now = now(), .lease = lease, .owner = "test"});
    if (!claimed) return wh::unexpected(claimed.error());
    if (!*claimed) return false;
    auto transaction = store.begin();
    if (!transaction) return wh::unexpected(transaction.error());
    if (!insert(*transaction, table, (*claimed)->message_id)) {
        return wh::unexpected(wh::errc::store_unavailable, "the handler");
    }
    return store.settle(*transaction, lease_of(**claimed), {}, now());
}

/// How often each id stands in a table.
std::map<std::string, int> counted(const std::string& table) {
    std::map<std::string, int> all;
    for (const std::string& id : connect().run("SELECT id FROM " + table)) ++all[id];
    return all;
}

std::string fresh_table() {
    static int number = 0;
    std::string name = "handled_" + std::to_string(getpid()) + "_" + std::to_string(++number);
    connect().run("CREATE TABLE " + name + " (id text, pid int)");
    return name;
}

/// Stands between a program and the server, and swallows the answer to the first COMMIT.
class forgetful_proxy {
public:
    explicit forgetful_proxy(const std::string& server)
        : directory_(child::user()), server_(server + "/.s.PGSQL.5432") {
        listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_un address = address_of(directory_.path(".s.PGSQL.5432"));
        if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            listen(listener_, 10) != 0) {
            throw std::runtime_error("the proxy cannot listen");
        }
        accepting_ = std::thread([this] { accept_all(); });
    }
    forgetful_proxy(const forgetful_proxy&) = delete;
    forgetful_proxy& operator=(const forgetful_proxy&) = delete;
    ~forgetful_proxy() {
        stopped_ = true;
        accepting_.join();
        close(listener_);
    }

    [[nodiscard]] std::string directory() const { return directory_.path(); }
    void forget_next_commit() { armed_ = true; }

private:
    static sockaddr_un address_of(const std::string& path) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        return address;
    }

    static bool readable(int socket) {
        pollfd waiting{.fd = socket, .events = POLLIN, .revents = 0};
        return poll(&waiting, 1, 10) > 0;
    }

    void accept_all() {
        std::vector<std::thread> relays;
        while (!stopped_) {
            if (!readable(listener_)) continue;
            const int client = accept(listener_, nullptr, nullptr);
            relays.emplace_back([this, client] { relay(client); });
        }
        for (std::thread& each : relays) each.join();
    }

    void relay(int client) {
        const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_un address = address_of(server_);
        bool open =
            connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        bool forgetting = false;
        while (open && !stopped_) {
            open = pass(client, server, forgetting) && pass(server, client, forgetting);
        }
        close(server);
        close(client);
    }

    // False when the connection is to be closed.
    bool pass(int from, int to, bool& forgetting) {
        if (!readable(from)) return true;
        std::array<char, 65'536> buffer;
        const auto size = read(from, buffer.data(), buffer.size());
        if (size <= 0) return false;
        const std::string_view text(buffer.data(), static_cast<std::size_t>(size));
        if (text.find("COMMIT") != std::string_view::npos) {
            if (forgetting) return false;  // the answer to it
            forgetting = armed_.exchange(false);
        }
        return write(to, buffer.data(), text.size()) == size;
    }

    child::directory directory_;
    std::string server_;
    int listener_;
    std::atomic<bool> stopped_ = false;
    std::atomic<bool> armed_ = false;
    std::thread accepting_;
};

}  // namespace

TEST_CASE("a server that is restarted under load loses nothing and does nothing twice") {
    auto& server = postgres_server::shared();
    const std::string table = fresh_table();
    auto store = open_store({.connections = 10, .timeout = wh::seconds(3)});
    std::atomic<bool> accepting = true;
    std::atomic<bool> handling = true;
    std::atomic<int> handled = 0;
    std::atomic<int> failures = 0;
    std::atomic<int> other_errors = 0;
    std::mutex mutex;
    std::set<std::string> acknowledged;
    const auto note = [&](const wh::error& error) {
        ++failures;
        if (error.code != wh::errc::store_unavailable) ++other_errors;
        std::this_thread::sleep_for(5ms);
    };
    std::vector<std::thread> senders;
    for (int sender = 0; sender < 3; ++sender) {
        senders.emplace_back([&, sender] {
            postgres mine = store;
            for (int i = 0; accepting; ++i) {
                const std::string id = std::to_string(sender) + "." + std::to_string(i);
                // As a sender does: until it is told that the message has arrived.
                while (true) {
                    const auto done = accept(mine, message_of_now(id));
                    if (done) break;
                    note(done.error());
                    if (!accepting) return;
                }
                const std::lock_guard lock(mutex);
                acknowledged.insert(id);
            }
        });
    }
    std::vector<std::thread> workers;
    for (int worker = 0; worker < 3; ++worker) {
        workers.emplace_back([&] {
            postgres mine = store;
            while (handling) {
                const auto done = handle_one(mine, table, 1'000);
                if (!done) {
                    note(done.error());
                } else if (*done) {
                    ++handled;
                } else {
                    std::this_thread::sleep_for(5ms);
                }
            }
        });
    }
    for (const int signal : {SIGINT, SIGQUIT, SIGINT, SIGQUIT}) {
        const int before = handled;
        CHECK(child::eventually([&] { return handled > before + 20; }));
        server.restart(signal);
    }
    const int before = handled;
    CHECK(child::eventually([&] { return handled > before + 20; }));
    accepting = false;
    for (std::thread& each : senders) each.join();
    CHECK(child::eventually(
        [&] {
            const auto backlog = store.backlog();
            return backlog && backlog->entries == 0;
        },
        60s));
    handling = false;
    for (std::thread& each : workers) each.join();
    CHECK(failures > 0);
    CHECK(other_errors == 0);
    const auto effects = counted(table);
    CHECK(std::all_of(effects.begin(), effects.end(),
                      [](const auto& each) { return each.second == 1; }));
    CHECK(std::all_of(acknowledged.begin(), acknowledged.end(),
                      [&](const std::string& id) { return effects.count(id) == 1; }));
    CHECK(acknowledged.size() > 100);
}

TEST_CASE("a connection that is killed in a handler's transaction takes its writes along") {
    const std::string table = fresh_table();
    auto store = open_store({.connections = 2});
    REQUIRE(accept(store, message_of_now("a")));
    const auto claimed = store.claim({.now = now(), .lease = minute}).value();
    REQUIRE(claimed);
    auto transaction = store.begin();
    REQUIRE(transaction);
    REQUIRE(insert(*transaction, table, "a"));
    connect().run("SELECT pg_terminate_backend(" +
                  std::to_string(PQbackendPID(transaction->connection())) + ")");
    const auto settled = store.settle(*transaction, lease_of(*claimed), {}, now());
    REQUIRE(!settled);
    CHECK(settled.error().code == wh::errc::store_unavailable);
    CHECK(counted(table).empty());

    auto again = store.begin();
    REQUIRE(again);
    REQUIRE(insert(*again, table, "a"));
    CHECK(store.settle(*again, lease_of(*claimed), {}, now()).value());
    CHECK(counted(table) == std::map<std::string, int>{{"a", 1}});
}

TEST_CASE("idle connections that were killed are replaced without anybody noticing") {
    auto store = open_store({.connections = 4});
    for (int times = 0; times < 10; ++times) {
        REQUIRE(accept(store, message_of_now(std::to_string(times))));
        connect().run(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name = 'webhookpp'");
    }
    CHECK(store.backlog().value().entries == 10);
}

TEST_CASE("a commit whose answer is lost is store_unavailable, and may be done") {
    const std::string table = fresh_table();
    const std::string schema = postgres_server::fresh_schema();
    forgetful_proxy proxy(postgres_server::shared().socket_directory());
    postgres store("host=" + proxy.directory() + " user=postgres dbname=postgres",
                   {.schema = schema});
    REQUIRE(accept(store, message_of_now("a")));
    const auto claimed = store.claim({.now = now(), .lease = minute}).value();
    REQUIRE(claimed);
    auto transaction = store.begin();
    REQUIRE(transaction);
    REQUIRE(insert(*transaction, table, "a"));
    proxy.forget_next_commit();
    const auto settled = store.settle(*transaction, lease_of(*claimed), {}, now());
    REQUIRE(!settled);
    CHECK(settled.error().code == wh::errc::store_unavailable);
    CHECK(std::string(settled.error().where) == "postgres: the connection was lost");
    CHECK(counted(table) == std::map<std::string, int>{{"a", 1}});
    CHECK(store.find(claimed->number).value()->state == wh::entry_state::done);
    // Whoever tries again is told that there is nothing more to settle.
    CHECK(!store.settle(lease_of(*claimed), {}, now()).value());
}

TEST_CASE("a server that does not answer is given up") {
    auto store = open_store({.connections = 2, .timeout = wh::seconds(1)});
    REQUIRE(accept(store, message_of_now("a")));
    const pid_t backend =
        std::stoi(connect().value("SELECT pid FROM pg_stat_activity"
                                  " WHERE application_name = 'webhookpp' LIMIT 1"));
    REQUIRE(kill(backend, SIGSTOP) == 0);
    const auto before = std::chrono::steady_clock::now();
    const auto counted = store.backlog();
    CHECK(std::chrono::steady_clock::now() - before < 5s);
    kill(backend, SIGCONT);
    REQUIRE(!counted);
    CHECK(counted.error().code == wh::errc::store_unavailable);
    CHECK(std::string(counted.error().where) == "postgres: no answer in time");
    CHECK(store.backlog().value().entries == 1);
}

TEST_CASE("a lock that nobody lets go of ends an operation in time") {
    const std::string schema = postgres_server::fresh_schema();
    auto store = open_store({.schema = schema, .timeout = wh::seconds(1)});
    auto other = connect();
    other.run("BEGIN");
    other.run("LOCK TABLE " + schema + ".entries");
    const auto before = std::chrono::steady_clock::now();
    const auto accepted = accept(store, message_of_now("a"));
    CHECK(std::chrono::steady_clock::now() - before < 4s);
    REQUIRE(!accepted);
    CHECK(std::string(accepted.error().where) ==
          "postgres: SQLSTATE 57014, a statement took too long");
    other.run("ROLLBACK");
    CHECK(accept(store, message_of_now("a")).value() == wh::acceptance::stored);
}

TEST_CASE("without a server nothing can be opened") {
    child::directory empty{child::user()};
    const auto opened = postgres::try_open("host=" + empty.path() + " user=postgres");
    REQUIRE(!opened);
    CHECK(opened.error().code == wh::errc::store_unavailable);
    CHECK(std::string(opened.error().where) == "postgres: no server listens on that socket");
}

TEST_CASE("programs share the work, and what one held when it was killed is done by others") {
    const std::string table = fresh_table();
    const std::string schema = postgres_server::fresh_schema();
    constexpr int messages = 300;
    constexpr int held = 10;
    constexpr std::int64_t lease = 2'000;
    {
        auto store = open_store({.schema = schema});
        for (int i = 0; i < messages; ++i) {
            REQUIRE(accept(store, message_of_now(std::to_string(i))));
        }
    }
    std::array<int, 2> pipe_ends{};
    REQUIRE(pipe(pipe_ends.data()) == 0);
    // In processes of their own: nothing of Catch, and no way out but _exit.
    const auto in_process = [](auto work) {
        const pid_t pid = fork();
        if (pid == 0) {
            work();
            _exit(0);
        }
        return pid;
    };
    const pid_t victim = in_process([&] {
        auto store = open_store({.schema = schema});
        for (int i = 0; i < held; ++i) {
            if (!store.claim({.now = now(), .lease = lease}).value()) _exit(1);
        }
        const char ready = 'r';
        if (write(pipe_ends[1], &ready, 1) != 1) _exit(1);
        std::this_thread::sleep_for(60s);
    });
    char ready = 0;
    REQUIRE(read(pipe_ends[0], &ready, 1) == 1);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    std::vector<pid_t> workers;
    for (int i = 0; i < 4; ++i) {
        workers.push_back(in_process([&] {
            auto store = open_store({.schema = schema});
            const auto until = std::chrono::steady_clock::now() + 40s;
            while (std::chrono::steady_clock::now() < until) {
                const auto done = handle_one(store, table, lease);
                if (!done) _exit(2);
                if (*done) continue;
                if (store.backlog().value().entries == 0) return;
                std::this_thread::sleep_for(10ms);
            }
            _exit(3);
        }));
    }
    kill(victim, SIGKILL);
    int status = 0;
    REQUIRE(waitpid(victim, &status, 0) == victim);
    CHECK(WIFSIGNALED(status));
    for (const pid_t each : workers) {
        REQUIRE(waitpid(each, &status, 0) == each);
        CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    }
    const auto effects = counted(table);
    CHECK(effects.size() == messages);
    CHECK(std::all_of(effects.begin(), effects.end(),
                      [](const auto& each) { return each.second == 1; }));
    // Work is shared when more than one did a good part of it.
    const auto shares =
        connect().run("SELECT count(*) FROM " + table + " GROUP BY pid ORDER BY 1 DESC");
    REQUIRE(shares.size() >= 2);
    CHECK(std::stoi(shares[1]) >= messages / 20);
    auto store = open_store({.schema = schema});
    const auto all = store.list({.state = wh::entry_state::done, .most = 1000}).value();
    CHECK(std::count_if(all.begin(), all.end(),
                        [](const wh::entry& each) { return each.attempts == 2; }) == held);
}
