// SPDX-License-Identifier: MIT
#include <webhookpp/detail/group_commit.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "../../catch.hpp"

namespace wh = webhookpp;
using wh::acceptance;
using wh::errc;
using wh::detail::group_commit;

namespace {

using ids = std::vector<std::string>;

// Takes its time, and writes down what it was given.
struct slow_store {
    std::chrono::milliseconds time{1};
    std::size_t fails_each = 0;  // so many times goes well, then one fails

    std::mutex mutex = {};
    std::vector<ids> batches = {};
    std::vector<std::size_t> bytes = {};
    std::set<std::string> failed = {};
    std::atomic<int> at_once = 0;
    std::atomic<bool> twice_at_once = false;

    wh::result<void> accept(std::span<const wh::new_entry> entries,
                            std::span<acceptance> outcomes) noexcept {
        if (at_once.fetch_add(1) != 0) twice_at_once = true;
        std::this_thread::sleep_for(time);
        const auto done = write_down(entries, outcomes);
        at_once.fetch_sub(1);
        return done;
    }

private:
    // Messages whose number is odd are duplicates.
    wh::result<void> write_down(std::span<const wh::new_entry> entries,
                                std::span<acceptance> outcomes) {
        const std::lock_guard lock(mutex);
        ids batch;
        std::size_t size = 0;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            batch.emplace_back(entries[i].message_id);
            size += entries[i].body.size();
            const bool odd = (entries[i].message_id.back() - '0') % 2 != 0;
            outcomes[i] = odd ? acceptance::duplicate : acceptance::stored;
        }
        batches.push_back(batch);
        bytes.push_back(size);
        if (fails_each == 0 || batches.size() % (fails_each + 1) != 0) return {};
        failed.insert(batch.begin(), batch.end());
        return wh::unexpected(errc::store_unavailable, "batch " + std::to_string(batches.size()));
    }
};

wh::result<acceptance> accept(group_commit& group, slow_store& store, std::string_view id,
                              std::string_view body = {}) {
    const wh::new_entry added{.key = {}, .message_id = id, .body = body};
    return group.accept(store, added);
}

// What `threads` threads are told that bring `each` messages with numbers of their own.
struct told {
    std::set<std::string> failed;
    std::set<std::string> wrong;
    std::size_t answered = 0;
};

told bring(group_commit& group, slow_store& store, std::size_t threads, std::size_t each,
           std::string_view body = {}) {
    told all;
    std::mutex mutex;
    std::vector<std::thread> team;
    for (std::size_t thread = 0; thread < threads; ++thread) {
        team.emplace_back([&, thread] {
            for (std::size_t i = 0; i < each; ++i) {
                const std::size_t number = thread * each + i;
                const std::string id = std::to_string(number);
                const auto answer = accept(group, store, id, body);
                const auto right = number % 2 != 0 ? acceptance::duplicate : acceptance::stored;
                const std::lock_guard lock(mutex);
                ++all.answered;
                if (!answer) {
                    all.failed.insert(id);
                } else if (*answer != right) {
                    all.wrong.insert(id);
                }
            }
        });
    }
    for (auto& thread : team) thread.join();
    return all;
}

}  // namespace

TEST_CASE("one thread alone waits for nobody") {
    group_commit group(64);
    slow_store store;
    for (const char* id : {"0", "2", "4"}) {
        CHECK(accept(group, store, id).value() == acceptance::stored);
    }
    CHECK(accept(group, store, "5").value() == acceptance::duplicate);
    CHECK(store.batches == std::vector<ids>{{"0"}, {"2"}, {"4"}, {"5"}});
}

TEST_CASE("threads that come at once share transactions, and each has its own outcome") {
    group_commit group(64);
    slow_store store{.time = std::chrono::milliseconds(2)};
    const told all = bring(group, store, 64, 20);
    CHECK(all.answered == 64 * 20);
    CHECK(all.failed.empty());
    CHECK(all.wrong.empty());
    CHECK_FALSE(store.twice_at_once);
    std::set<std::string> committed;
    std::size_t most = 0;
    for (const ids& batch : store.batches) {
        most = (std::max)(most, batch.size());
        for (const std::string& id : batch) CHECK(committed.insert(id).second);
    }
    CHECK(committed.size() == 64 * 20);
    CHECK(most > 1);
    CHECK(most <= 64);
    // While one transaction takes its time, most of the others wait together.
    CHECK(store.batches.size() < 64 * 20 / 2);
}

TEST_CASE("a transaction has no more messages than it may") {
    for (const std::size_t most : {std::size_t{0}, std::size_t{1}, std::size_t{5}}) {
        group_commit group(most);
        slow_store store;
        CHECK(bring(group, store, 16, 5).wrong.empty());
        for (const ids& batch : store.batches) {
            REQUIRE(batch.size() <= (std::max)(most, std::size_t{1}));
        }
    }
}

TEST_CASE("a failure reaches those who shared the transaction, and nobody else") {
    group_commit group(64);
    slow_store store{.fails_each = 2};
    const told all = bring(group, store, 32, 20);
    CHECK(all.answered == 32 * 20);
    CHECK(all.wrong.empty());
    CHECK_FALSE(store.failed.empty());
    CHECK(store.failed.size() < 32 * 20);
    CHECK(all.failed == store.failed);
}

TEST_CASE("a failure is told as the store told it") {
    group_commit group(64);
    slow_store store{.fails_each = 1};
    CHECK(accept(group, store, "0"));
    const auto failed = accept(group, store, "2");
    REQUIRE_FALSE(failed);
    CHECK(failed.error() == wh::error{errc::store_unavailable, "batch 2"});
    CHECK(accept(group, store, "4"));
}

TEST_CASE("bodies of one transaction have bounded size together") {
    group_commit group(64);
    slow_store store{.time = std::chrono::milliseconds(5)};
    const std::string body(std::size_t{3} << 20, 'b');
    CHECK(bring(group, store, 16, 3, body).wrong.empty());
    std::size_t most = 0;
    for (std::size_t i = 0; i < store.batches.size(); ++i) {
        most = (std::max)(most, store.batches[i].size());
        CHECK(store.bytes[i] <= std::size_t{8} << 20);
    }
    CHECK(most == 2);
}

TEST_CASE("a body that is larger than that comes alone") {
    group_commit group(64);
    slow_store store{.time = std::chrono::milliseconds(5)};
    const std::string body(std::size_t{9} << 20, 'b');
    const told all = bring(group, store, 8, 3, body);
    CHECK(all.answered == 24);
    CHECK(all.failed.empty());
    for (const ids& batch : store.batches) CHECK(batch.size() == 1);
}
