// Measures what it costs to accept messages durably: accepts each second and the time until an
// answer, beside the same rows inserted with SQLite alone, with the same durability and as many in
// each transaction; and whether claiming stays quick when much waits.
//
//     webhookpp_bench_inbox [DIRECTORY]    on the disk that is to be measured; by default here

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <webhookpp/inbox.hpp>
#include <webhookpp/stores/sqlite.hpp>
#include <webhookpp/verified_message.hpp>

namespace {

namespace wh = webhookpp;
using steady = std::chrono::steady_clock;

constexpr std::size_t body_size = 1024;
constexpr std::chrono::milliseconds round_length{1'000};
constexpr int rounds = 7;

std::string body_of(std::uint64_t number) {
    std::string body = R"({"id":)" + std::to_string(number) + R"(,"type":"chart.published",")";
    body.resize(body_size - 2, 'x');
    return body + "\"}";
}

// What one round has done.
struct measured {
    double accepts_a_second = 0;
    double median_milliseconds = 0;
    double slow_milliseconds = 0;  // of 99 in 100 not more
};

double at_fraction(std::vector<double>& sorted, double fraction) {
    if (sorted.empty()) return 0;
    const auto at = static_cast<std::size_t>(fraction * static_cast<double>(sorted.size() - 1));
    return sorted[at];
}

// Lets `threads` threads call `accept(number)`, which accepts `each` messages, for a round.
measured run_round(std::size_t threads, std::size_t each,
                   const std::function<bool(std::uint64_t)>& accept) {
    static std::atomic<std::uint64_t> number = 0;
    std::mutex mutex;
    std::vector<double> times;
    std::atomic<std::uint64_t> accepted = 0;
    const auto began = steady::now();
    std::vector<std::thread> running;
    for (std::size_t i = 0; i < threads; ++i) {
        running.emplace_back([&] {
            std::vector<double> mine;
            while (steady::now() - began < round_length) {
                const auto start = steady::now();
                if (!accept(number.fetch_add(each))) std::abort();
                mine.push_back(
                    std::chrono::duration<double, std::milli>(steady::now() - start).count());
                accepted += each;
            }
            const std::lock_guard lock(mutex);
            times.insert(times.end(), mine.begin(), mine.end());
        });
    }
    for (std::thread& thread : running) thread.join();
    const std::chrono::duration<double> took = steady::now() - began;
    std::sort(times.begin(), times.end());
    return {static_cast<double>(accepted) / took.count(), at_fraction(times, 0.5),
            at_fraction(times, 0.99)};
}

// The same rows in a table with SQLite alone.
class plain_table {
public:
    explicit plain_table(const std::string& path) {
        must(sqlite3_open(path.c_str(), &database_));
        // As the store keeps its journal with the SQLite of Debian 12.
        run("PRAGMA journal_mode = TRUNCATE");
        run("PRAGMA synchronous = FULL");
        run("CREATE TABLE entries(number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, "
            "provider TEXT, endpoint TEXT, message_id TEXT, event_type TEXT, accepted_at INTEGER, "
            "keep_until INTEGER, state INTEGER, body BLOB) STRICT");
        must(sqlite3_prepare_v2(database_,
                                "INSERT INTO entries(key, provider, endpoint, message_id, "
                                "event_type, accepted_at, keep_until, state, body) "
                                "VALUES(?, 'standard_webhooks', 'bench', ?, 'chart.published', "
                                "1700000000000, 1700000000000, 0, ?) ON CONFLICT DO NOTHING",
                                -1, &insertion_, nullptr));
    }
    plain_table(const plain_table&) = delete;
    plain_table& operator=(const plain_table&) = delete;
    ~plain_table() {
        sqlite3_finalize(insertion_);
        sqlite3_close(database_);
    }

    bool insert(std::uint64_t first, std::size_t count) {
        run("BEGIN IMMEDIATE");
        for (std::uint64_t number = first; number < first + count; ++number) {
            const std::string id = "msg_" + std::to_string(number);
            const std::string body = body_of(number);
            const auto key = wh::message_key::of_id("standard_webhooks", "bench", id).value();
            sqlite3_bind_blob(insertion_, 1, key.bytes().data(), wh::message_key::size,
                              SQLITE_STATIC);
            sqlite3_bind_text(insertion_, 2, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
            sqlite3_bind_blob(insertion_, 3, body.data(), static_cast<int>(body.size()),
                              SQLITE_STATIC);
            if (sqlite3_step(insertion_) != SQLITE_DONE) return false;
            sqlite3_reset(insertion_);
        }
        run("COMMIT");
        return true;
    }

private:
    static void must(int code) {
        if (code != SQLITE_OK) std::abort();
    }
    void run(const char* sql) { must(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }

    sqlite3* database_ = nullptr;
    sqlite3_stmt* insertion_ = nullptr;
};

wh::new_entry entry_of(const std::string& id, const std::string& body) {
    return {.key = wh::message_key::of_id("standard_webhooks", "bench", id).value(),
            .provider = "standard_webhooks",
            .endpoint = "bench",
            .message_id = id,
            .event_type = "chart.published",
            .body = body,
            .accepted_at = 1'700'000'000'000,
            .keep_until = 1'700'000'000'000};
}

bool store_batch(wh::stores::sqlite& store, std::uint64_t first, std::size_t count) {
    std::vector<std::string> ids;
    std::vector<std::string> bodies;
    for (std::uint64_t number = first; number < first + count; ++number) {
        ids.push_back("msg_" + std::to_string(number));
        bodies.push_back(body_of(number));
    }
    std::vector<wh::new_entry> entries;
    for (std::size_t i = 0; i < count; ++i) entries.push_back(entry_of(ids[i], bodies[i]));
    std::vector<wh::acceptance> outcomes(count);
    return store.accept(entries, outcomes).has_value();
}

bool accept_one(const wh::inbox<wh::stores::sqlite>& inbox, std::uint64_t number) {
    const std::string body = body_of(number);
    const auto message = wh::assume_verified(body, "made by the benchmark");
    return inbox
        .accept(message, {.as = {.provider = "standard_webhooks",
                                 .endpoint = "bench",
                                 .id = "msg_" + std::to_string(number)}})
        .has_value();
}

struct subject {
    const char* name;
    const char* baseline;  // null: none
    double budget;         // of the ratio of accepts; 0: none
    std::size_t threads;
    std::size_t each;  // messages of one call
    std::function<bool(std::uint64_t)> accept;
};

double median(std::vector<measured>& of, double measured::*what) {
    std::vector<double> values;
    for (const measured& each : of) values.push_back(each.*what);
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void measure_accepting(const std::filesystem::path& directory) {
    plain_table plain((directory / "plain.db").string());
    wh::stores::sqlite store((directory / "store.db").string());
    const wh::inbox inbox{wh::stores::sqlite((directory / "inbox.db").string())};
    const auto insert = [&](std::size_t count) {
        return [&plain, count](std::uint64_t first) { return plain.insert(first, count); };
    };
    const auto keep = [&](std::size_t count) {
        return [&store, count](std::uint64_t first) { return store_batch(store, first, count); };
    };
    const auto accept = [&](std::uint64_t number) { return accept_one(inbox, number); };
    const std::vector<subject> subjects = {
        {"SQLite alone, 1 a commit", nullptr, 0, 1, 1, insert(1)},
        {"store, 1 a commit", "SQLite alone, 1 a commit", 0, 1, 1, keep(1)},
        {"inbox, 1 thread", "SQLite alone, 1 a commit", 0, 1, 1, accept},
        {"SQLite alone, 64 a commit", nullptr, 0, 1, 64, insert(64)},
        {"store, 64 a commit", "SQLite alone, 64 a commit", 0.8, 1, 64, keep(64)},
        {"inbox, 8 threads", "SQLite alone, 1 a commit", 0, 8, 1, accept},
        // While one half waits for its commit, the other one gathers.
        {"inbox, 128 threads", "SQLite alone, 64 a commit", 0.8, 128, 1, accept},
    };
    std::map<std::string, std::vector<measured>> results;
    // One after the other in each round, so that a disk that is slow for a while hits all alike.
    for (int round = 0; round < rounds; ++round) {
        for (const subject& each : subjects) {
            results[each.name].push_back(run_round(each.threads, each.each, each.accept));
        }
    }
    std::printf("\n%-28s %12s %8s %8s %7s %7s\n", "accept, bodies of 1 KiB", "each second",
                "p50 ms", "p99 ms", "ratio", "budget");
    for (const subject& each : subjects) {
        auto& own = results[each.name];
        const double rate = median(own, &measured::accepts_a_second);
        std::printf("%-28s %12.0f %8.2f %8.2f", each.name, rate,
                    median(own, &measured::median_milliseconds),
                    median(own, &measured::slow_milliseconds));
        if (each.baseline) {
            const double ratio = rate / median(results[each.baseline], &measured::accepts_a_second);
            std::printf(" %7.2f", ratio);
            if (each.budget > 0) {
                std::printf(" %7.2f%s", each.budget, ratio < each.budget ? "  under budget" : "");
            }
        }
        std::puts("");
    }
    std::puts(
        "Ratios are to SQLite alone with as many rows in each commit; of 8 threads, to one row.");
}

// So that no later sync has to write what was not synced before.
void write_back(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 || fsync(file) != 0) std::abort();
    close(file);
}

void measure_claiming(const std::filesystem::path& directory) {
    const std::string path = (directory / "many.db").string();
    std::printf("\n%-28s %12s %12s\n", "claim", "entries", "median us");
    std::uint64_t number = 0;
    for (const std::uint64_t entries : {1'000ULL, 1'000'000ULL}) {
        {
            // Filled without waiting for the disk, and claimed with it.
            wh::stores::sqlite filled(path, {.durability = wh::stores::sqlite_durability::process});
            for (; number < entries; number += 50) {
                if (!store_batch(filled, number, 50)) std::abort();
            }
        }
        write_back(path);
        const auto opened = steady::now();
        wh::stores::sqlite store(path);
        std::vector<double> times;
        for (int i = 0; i < 101; ++i) {
            const auto start = steady::now();
            const auto claimed = store.claim({.now = 1'800'000'000'000, .lease = 60'000});
            if (!claimed || !*claimed) std::abort();
            const auto end = steady::now();
            times.push_back(std::chrono::duration<double, std::micro>(end - start).count());
            if (i == 0) {
                std::printf("%-28s %12llu %12.0f\n", "from opening to the first",
                            static_cast<unsigned long long>(entries),
                            std::chrono::duration<double, std::micro>(end - opened).count());
            }
        }
        std::sort(times.begin(), times.end());
        std::printf("%-28s %12llu %12.0f\n", "after that", static_cast<unsigned long long>(entries),
                    at_fraction(times, 0.5));
        const auto start = steady::now();
        if (!store.backlog()) std::abort();
        std::printf("%-28s %12llu %12.0f\n", "backlog", static_cast<unsigned long long>(entries),
                    std::chrono::duration<double, std::micro>(steady::now() - start).count());
    }
}

}  // namespace

int main(int argc, char** argv) try {
    std::string pattern =
        (std::filesystem::path(argc > 1 ? argv[1] : ".") / "webhookpp_bench_XXXXXX").string();
    if (!mkdtemp(pattern.data())) {
        std::perror("cannot make a directory");
        return EXIT_FAILURE;
    }
    const std::filesystem::path directory = pattern;
    measure_accepting(directory);
    measure_claiming(directory);
    std::filesystem::remove_all(directory);
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return EXIT_FAILURE;
}
