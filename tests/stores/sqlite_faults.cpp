// SPDX-License-Identifier: MIT
// The SQLite store on disks that fail or lose power.
#include <webhookpp/stores/sqlite.hpp>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sqlite_fixture.hpp"
#include "watched_files.hpp"

using namespace sqlite_fixture;

namespace {

/// A number of operations that a test can follow: each is one transaction.
class history {
public:
    explicit history(sqlite& store) : store_(store) {}

    /// Carries out `count` operations, and calls `after` after each.
    template <class F>
    void run(int count, const F& after) {
        for (int i = 0; i < count; ++i) {
            step(i);
            after();
        }
    }

private:
    void step(int i) {
        switch (i % 8) {
            case 0:
            case 1: accept_some(i); break;
            case 2:
            case 3: take(i); break;
            case 4: settle_with_effect(); break;
            case 5: settle(i % 16 == 5); break;
            case 6: reserve(i); break;
            default: i % 16 == 7 ? commit() : purge(); break;
        }
    }

    void accept_some(int i) {
        std::vector<std::string> ids;
        std::vector<std::string> bodies;
        for (int each = 0; each < 1 + i % 5; ++each) {
            ids.push_back(std::to_string(i) + "." + std::to_string(each));
            bodies.emplace_back(static_cast<std::size_t>(i * 97 % 9'000 + 1), 'b');
        }
        std::vector<wh::new_entry> batch;
        for (std::size_t each = 0; each < ids.size(); ++each) {
            batch.push_back(message(ids[each], bodies[each]));
            batch.back().partition = each % 2 == 0 ? "one" : "";
            batch.back().keep_until = time_ + 20;
        }
        std::vector<wh::acceptance> outcomes(batch.size());
        REQUIRE(store_.accept(batch, outcomes));
    }

    void take(int i) {
        auto claimed = store_.claim({.now = now + i, .lease = minute}).value();
        REQUIRE(claimed);
        claimed_.push_back(lease_of(*claimed));
        time_ = now + i;
    }

    void settle_with_effect() {
        auto transaction = store_.begin().value();
        const std::string sql =
            "INSERT INTO effects VALUES (" + std::to_string(claimed_.back().number) + ")";
        REQUIRE(sqlite3_exec(transaction.connection(), sql.c_str(), nullptr, nullptr, nullptr) ==
                SQLITE_OK);
        REQUIRE(store_.settle(transaction, claimed_.back(), {}, time_).value());
        claimed_.pop_back();
    }

    void settle(bool again) {
        const wh::entry_state state = again ? wh::entry_state::ready : wh::entry_state::dead;
        REQUIRE(store_.settle(claimed_.back(), {.state = state, .ready_at = time_}, time_).value());
        claimed_.pop_back();
    }

    void reserve(int i) {
        key_ = wh::message_key::of_id("p", "e", std::to_string(i)).value();
        fence_ = store_.reserve(key_, time_, minute).value().fence;
    }

    void commit() { REQUIRE(store_.commit(key_, fence_, time_, time_ + minute).value()); }

    void purge() { REQUIRE(store_.purge({.now = time_, .bodies_before = time_, .most = 3})); }

    sqlite& store_;
    std::vector<wh::lease> claimed_;
    wh::message_key key_;
    std::int64_t fence_ = 0;
    std::int64_t time_ = now;
};

/// How many images of a disk after a loss of power lack something or have something twice.
int broken_images(sqlite_durability durability, int images) {
    const scratch_directory directory;
    const std::string path = directory.file("inbox");
    std::vector<file_event> events;
    std::vector<std::string> states;
    {
        watched_files files;
        files.record();
        sqlite store(path, {.durability = durability});
        {
            other_connection other(path);
            REQUIRE(other.run("CREATE TABLE effects (number)") == SQLITE_OK);
        }
        states.push_back(contents(store));
        files.mark(0);
        history(store).run(48, [&] {
            states.push_back(contents(store));
            files.mark(static_cast<std::int64_t>(states.size()) - 1);
        });
        events = files.events();
    }
    std::mt19937_64 random(7);
    int broken = 0;
    for (int image = 0; image < images; ++image) {
        const std::size_t count = random() % (events.size() + 1);
        std::size_t acknowledged = 0;
        bool created = false;
        for (std::size_t i = 0; i < count; ++i) {
            if (events[i].what != file_event::kind::mark) continue;
            acknowledged = static_cast<std::size_t>(events[i].offset);
            created = true;
        }
        const scratch_directory disk;
        lost_power(events, count, static_cast<std::uint64_t>(image)).save(disk.path());
        auto store =
            sqlite::try_open(disk.file("inbox"), {.durability = sqlite_durability::process});
        const auto is_sound = [&] {
            if (!store || !damage(*store).empty()) return false;
            if (!created) return offer(*store, message("new")) == "stored";
            const std::string found = contents(*store);
            // What was under way when the power was lost has happened, or not.
            return found == states[acknowledged] ||
                   (acknowledged + 1 < states.size() && found == states[acknowledged + 1]);
        };
        if (!is_sound()) ++broken;
    }
    return broken;
}

/// An operation, to be carried out on a store as `prepare` leaves it. The text is what came of it.
struct operation {
    const char* name;
    std::function<std::string(sqlite&)> run;
};

std::string text_of(const wh::result<bool>& outcome) {
    return outcome ? *outcome ? "true" : "false" : sqlite_fixture::text_of(outcome.error());
}

const auto reserved_key = wh::message_key::of_id("p", "e", "reserved").value();
const wh::lease prepared_lease{1, 1};
constexpr std::int64_t prepared_fence = 1;

// Leaves one leased entry with others of its partition behind it, one dead, one done, one ready,
// and one key that is reserved.
void prepare(const std::string& path) {
    sqlite store(path, {.durability = sqlite_durability::process});
    other_connection(path).run("CREATE TABLE effects (number)");
    const std::string body(20'000, 'b');
    for (const char* const id : {"first", "second"}) {
        wh::new_entry added = message(id, body);
        added.partition = "p";
        REQUIRE(offer(store, added) == "stored");
    }
    REQUIRE(claim(store).value()->number == prepared_lease.number);
    for (const auto state : {wh::entry_state::dead, wh::entry_state::done}) {
        REQUIRE(offer(store, message(state == wh::entry_state::dead ? "dead" : "done", body)) ==
                "stored");
        const auto claimed = claim(store).value();
        REQUIRE(store.settle(lease_of(*claimed), {.state = state}, now).value());
    }
    REQUIRE(offer(store, message("ready", body)) == "stored");
    REQUIRE(store.reserve(reserved_key, now, minute).value().fence == prepared_fence);
}

std::vector<operation> operations() {
    static const std::string body(30'000, 'c');
    return {
        {"accept", [](sqlite& store) { return offer(store, message("new", body)); }},
        {"accept a duplicate", [](sqlite& store) { return offer(store, message("ready")); }},
        {"claim",
         [](sqlite& store) {
             const auto claimed = claim(store);
             if (!claimed) return sqlite_fixture::text_of(claimed.error());
             return *claimed ? (*claimed)->message_id : std::string("nothing");
         }},
        {"renew",
         [](sqlite& store) { return text_of(store.renew(prepared_lease, now + 1, minute)); }},
        {"settle",
         [](sqlite& store) { return text_of(store.settle(prepared_lease, {}, now + 1)); }},
        {"settle with an effect",
         [](sqlite& store) {
             auto transaction = store.begin();
             if (!transaction) return sqlite_fixture::text_of(transaction.error());
             const int code =
                 sqlite3_exec(transaction->connection(), "INSERT INTO effects VALUES (1)", nullptr,
                              nullptr, nullptr);
             // A handler that fails does not settle.
             if (code != SQLITE_OK) return std::string("store_unavailable: handler");
             return text_of(store.settle(*transaction, prepared_lease, {}, now + 1));
         }},
        {"redrive", [](sqlite& store) { return text_of(store.redrive(3, now + 1)); }},
        {"purge",
         [](sqlite& store) {
             const auto purged = store.purge({.now = now, .bodies_before = now + 1});
             return purged ? std::to_string(*purged) : sqlite_fixture::text_of(purged.error());
         }},
        {"reserve",
         [](sqlite& store) {
             const auto key = wh::message_key::of_id("p", "e", "new").value();
             const auto reserved = store.reserve(key, now, minute);
             return reserved ? std::to_string(reserved->fence)
                             : sqlite_fixture::text_of(reserved.error());
         }},
        {"commit",
         [](sqlite& store) {
             return text_of(store.commit(reserved_key, prepared_fence, now, now + 5 * minute));
         }},
        {"find",
         [](sqlite& store) {
             const auto found = store.find(1);
             return found ? (*found)->body->substr(0, 3) : sqlite_fixture::text_of(found.error());
         }},
        {"list",
         [](sqlite& store) {
             const auto listed = store.list({});
             return listed ? std::to_string(listed->size())
                           : sqlite_fixture::text_of(listed.error());
         }},
        {"stats",
         [](sqlite& store) {
             const auto stats = store.stats();
             return stats ? std::to_string(stats->ready) : sqlite_fixture::text_of(stats.error());
         }},
    };
}

bool is_failure(const std::string& outcome) {
    return outcome.find("store_unavailable: ") == 0;
}

/// Carries out `work` on a store of its own for each call that can fail, which does so in turn.
/// Returns how many there were.
int fail_each_call(const operation& work, const watched_files::fault& how) {
    const scratch_directory directory;
    const std::string original = directory.file("original");
    prepare(original);
    const auto copy_to = [&](const std::string& path) {
        std::filesystem::copy_file(original, path,
                                   std::filesystem::copy_options::overwrite_existing);
        std::filesystem::remove(path + "-journal");
        return path;
    };
    std::string before;
    std::string outcome;
    std::string after;
    {
        sqlite store(copy_to(directory.file("healthy")));
        before = contents(store);
        outcome = work.run(store);
        after = contents(store);
    }
    REQUIRE_FALSE(is_failure(outcome));
    const auto memory = sqlite3_memory_used();
    for (int call = 1; call < 2'000; ++call) {
        CAPTURE(work.name, call, how.count, how.full);
        watched_files files;
        {
            sqlite store(copy_to(directory.file("failing")));
            REQUIRE(contents(store) == before);
            files.fail({.first = call, .count = how.count, .full = how.full});
            const std::string found = work.run(store);
            const bool failed = files.has_failed();
            files.heal();
            if (!failed) {
                CHECK(found == outcome);
                return call - 1;
            }
            const std::string state = contents(store);
            if (is_failure(found)) {
                // Where the commit itself failed, nobody can know.
                CHECK((state == before || state == after));
                if (state == before) CHECK(work.run(store) == outcome);
            } else {
                CHECK(found == outcome);
                CHECK(state == after);
            }
            CHECK(contents(store) == after);
            CHECK(damage(store).empty());
        }
        REQUIRE(files.open_files() == 0);
        REQUIRE(sqlite3_memory_used() == memory);
    }
    FAIL("no end of failures");
    return 0;
}

}  // namespace

TEST_CASE("what was accepted, settled or committed survives a loss of power") {
    CHECK(broken_images(sqlite_durability::power_loss, 400) == 0);
}

TEST_CASE("without syncs a loss of power is seen by the test before this one") {
    CHECK(broken_images(sqlite_durability::process, 100) > 30);
}

TEST_CASE("each failure of the disk is an error, after which the store recovers") {
    for (const operation& work : operations()) {
        INFO(work.name);
        CHECK(fail_each_call(work, {.count = 1}) > 0);
        CHECK(fail_each_call(work, {.count = 1'000'000}) > 0);
        const std::string name = work.name;
        const bool reads = name == "find" || name == "list" || name == "stats";
        CHECK((fail_each_call(work, {.count = 1'000'000, .full = true}) > 0) == !reads);
    }
}

TEST_CASE("each failure of the disk while a store is opened is an error") {
    const scratch_directory directory;
    const auto memory = sqlite3_memory_used();
    int calls = 0;
    for (int call = 1; call < 2'000 && calls == 0; ++call) {
        CAPTURE(call);
        const std::string path = directory.file(std::to_string(call));
        watched_files files;
        {
            files.fail({.first = call, .count = 1'000'000});
            auto opened = sqlite::try_open(path, {.busy_timeout = 50ms});
            if (files.has_failed()) {
                // A file that cannot be locked to be closed has been opened nevertheless.
                CHECK((opened || opened.error().code == wh::errc::store_unavailable));
                if (opened) CHECK(is_failure(offer(*opened, message("1"))));
            } else {
                calls = call;
                REQUIRE(opened);
            }
            files.heal();
            sqlite store(path);
            CHECK_FALSE(is_failure(offer(store, message("1"))));
            CHECK(damage(store).empty());
        }
        REQUIRE(files.open_files() == 0);
        REQUIRE(sqlite3_memory_used() == memory);
    }
    CHECK(calls > 10);
}
