// SPDX-License-Identifier: MIT
// Stores that need no server, alone and behind receivers and workers: whatever fails, nothing
// passes for stored that is not.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/parser.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/stores/memory.hpp>
#include <webhookpp/stores/sqlite.hpp>

#include "guard_paths.hpp"
#include "inbox_paths.hpp"
#include "parts.hpp"
#include "path.hpp"
#include "receiver_paths.hpp"
#include "store_facts.hpp"

namespace wh = webhookpp;
using namespace fault_injection;

namespace {

/// A file in a directory that is removed with it.
class scratch_file {
public:
    scratch_file() {
        std::string name = (std::filesystem::temp_directory_path() / "webhookpp.XXXXXX").string();
        if (!::mkdtemp(name.data())) std::abort();
        directory_ = name;
    }
    scratch_file(const scratch_file&) = delete;
    scratch_file& operator=(const scratch_file&) = delete;
    ~scratch_file() {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
    [[nodiscard]] std::string path() const { return (directory_ / "inbox").string(); }

private:
    std::filesystem::path directory_;
};

template <class Store, class... More>
void try_store(const store_facts& facts, Store store, const More&... partition) {
    guard_paths(facts, store).try_each();
    inbox_paths(facts, store, partition...).try_each();
}

// Of entries that come together all are kept or none.
void try_two_at_once(std::string_view partition) {
    wh::stores::memory store;
    wh::new_entry added[2] = {{.key = {}, .partition = partition, .body = "{}"},
                              {.key = {}, .partition = partition, .body = "[]"}};
    unsigned char number = 0;
    try_all({.name = "memory: two entries at once",
             .run =
                 [&] {
                     wh::acceptance outcomes[2] = {};
                     return of(store.accept(added, outcomes));
                 },
             .expected = done(),
             .makes_no = openssl_calls,
             .reasons = {static_cast<int>(wh::errc::store_unavailable)},
             .before =
                 [&] {
                     for (wh::new_entry& each : added) {
                         std::array<unsigned char, wh::message_key::size> bytes{};
                         bytes[0] = ++number;
                         each.key = wh::message_key(bytes);
                     }
                 },
             .is_sound =
                 [&] {
                     const std::uint64_t waiting = store.backlog().value().entries;
                     std::uint64_t taken = 0;
                     while (const auto claimed = store.claim({.now = 1, .lease = 1}).value()) {
                         const wh::lease mine{claimed->number, claimed->fence};
                         if (!store.settle(mine, {}, 1).value()) return false;
                         ++taken;
                     }
                     const auto left = store.backlog().value();
                     return taken == waiting && (taken == 0 || taken == 2) && left.entries == 0 &&
                            left.bytes == 0 && store.purge({.now = 2, .most = 9}).value() == taken;
                 }});
}

}  // namespace

void fault_injection::try_memory() {
    try_two_at_once("");
    try_two_at_once("p");
    store_facts facts{.name = "memory",
                      .without_allocations = {"commit", "release", "extend", "forget", "renew",
                                              "settle", "settle, to be tried again", "redrive",
                                              "stats", "backlog", "purge"}};
    try_store(facts, wh::stores::memory());
    try_inbox_receiver(facts, wh::stores::memory());
    // This engine allocates for each body, so that reading the event type of one can fail.
    facts.name = "memory, nlohmann";
    using nlohmann_parser = wh::parser<wh::seatsio::catalog, wh::json::nlohmann_engine>;
    try_inbox_receiver<nlohmann_parser>(facts, wh::stores::memory());
    facts.name = "memory";
    try_guarded_receiver(facts, wh::stores::memory());
    try_worker(facts, wh::stores::memory());
    facts.name = "memory, in a partition";
    facts.without_allocations.erase("redrive");
    try_store(facts, wh::stores::memory(), "p");
}

void fault_injection::try_sqlite() {
    const wh::stores::sqlite_options options{.durability = wh::stores::sqlite_durability::process};
    store_facts facts{
        .name = "SQLite",
        .kinds = usual_kinds,
        // These do their work whatever they say, or are not needed for it.
        .overcomes = {"sqlite3_reset", "sqlite3_clear_bindings", "sqlite3_busy_timeout",
                      "sqlite3_extended_result_codes", "sqlite3_file_control"}};
    for (const kind each :
         {kind::store_call, kind::store_memory, kind::store_busy, kind::store_answer}) {
        facts.kinds.push_back(each);
    }
    const scratch_file files[6];
    const auto store = [&](int number) {
        return wh::stores::sqlite(files[number].path(), options);
    };
    try_store(facts, store(0));
    try_inbox_receiver(facts, store(1));
    try_guarded_receiver(facts, store(2));
    try_worker(facts, store(3));
    const std::string there = files[4].path();
    auto each = facts.path_of(
        "open", [&] { return of(wh::stores::sqlite::try_open(there, options)); }, {}, {});
    // Its journal is set up again and again while others are in the way.
    each.may_overcome = true;
    try_all(each);
    std::optional<scratch_file> fresh;
    std::string path;
    each.name = "SQLite: create";
    each.run = [&] { return of(wh::stores::sqlite::try_open(path, options)); };
    each.before = [&] {
        fresh.emplace();
        path = fresh->path();
    };
    each.is_sound = [&] {
        auto opened = wh::stores::sqlite::try_open(path, options);
        return opened && opened->stats().has_value();
    };
    try_all(each);
    facts.name = "SQLite, in a partition";
    try_store(facts, store(5), "p");
}
