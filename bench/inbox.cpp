// SPDX-License-Identifier: MIT
// Measures what it costs to accept messages durably with SQLite: accepts each second and the time
// until an answer, beside the same rows inserted with SQLite alone, with the same durability and as
// many in each transaction; and whether claiming stays quick when much waits.
//
//     webhookpp_bench_inbox [DIRECTORY]    on the disk that is to be measured; by default here

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>

#include <webhookpp/inbox.hpp>
#include <webhookpp/stores/sqlite.hpp>

#include "inbox_load.hpp"

namespace {

using namespace inbox_load;

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
            const std::string id = id_of(number);
            const std::string body = body_of(number);
            const auto key = key_of(id);
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

void measure_accepts(const std::filesystem::path& directory) {
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
    measure_accepting({
        {"SQLite alone, 1 a commit", nullptr, 0, 1, 1, insert(1)},
        {"store, 1 a commit", "SQLite alone, 1 a commit", 0, 1, 1, keep(1)},
        {"inbox, 1 thread", "SQLite alone, 1 a commit", 0, 1, 1, accept},
        {"SQLite alone, 64 a commit", nullptr, 0, 1, 64, insert(64)},
        {"store, 64 a commit", "SQLite alone, 64 a commit", 0.8, 1, 64, keep(64)},
        {"inbox, 8 threads", "SQLite alone, 1 a commit", 0, 8, 1, accept},
        // While one half waits for its commit, the other one gathers.
        {"inbox, 128 threads", "SQLite alone, 64 a commit", 0.8, 128, 1, accept},
    });
}

// So that no later sync has to write what was not synced before.
void write_back(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 || fsync(file) != 0) std::abort();
    close(file);
}

void measure_claims(const std::filesystem::path& directory) {
    const std::string path = (directory / "many.db").string();
    // Filled without waiting for the disk, and claimed with it.
    const auto fill = [&](std::uint64_t from, std::uint64_t to) {
        wh::stores::sqlite filled(path, {.durability = wh::stores::sqlite_durability::process});
        for (std::uint64_t number = from; number < to; number += 50) {
            if (!store_batch(filled, number, 50)) std::abort();
        }
        write_back(path);
    };
    measure_claiming(fill, [&] { return wh::stores::sqlite(path); });
}

void measure_handlers(const std::filesystem::path& directory) {
    wh::stores::sqlite store((directory / "handled.db").string());
    if (!store.execute("CREATE TABLE effects(item TEXT PRIMARY KEY)")) std::abort();
    measure_handling(store);
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
    measure_accepts(directory);
    measure_handlers(directory);
    measure_claims(directory);
    std::filesystem::remove_all(directory);
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return EXIT_FAILURE;
}
