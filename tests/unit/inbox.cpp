// SPDX-License-Identifier: MIT
#include <webhookpp/inbox.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <webhookpp/stores/memory.hpp>
#include <webhookpp/testing/manual_clock.hpp>

#include "../catch.hpp"
#include "../messages.hpp"

namespace wh = webhookpp;
using wh::acceptance;
using wh::errc;
using wh::result;
using wh::stores::memory;
using wh::testing::manual_clock;

namespace {

// The memory store, which can be made to fail, and which counts how often it is asked.
class observed_store : public memory {
public:
    struct observations {
        std::optional<errc> accept_fails;
        std::optional<errc> backlog_fails;
        std::optional<errc> redrive_fails;
        std::atomic<int> backlogs = 0;
        wh::purge_request purged;
        std::int64_t backlog_takes = 0;
    };

    explicit observed_store(manual_clock clock) : clock_(std::move(clock)) {}

    result<void> accept(std::span<const wh::new_entry> entries,
                        std::span<acceptance> outcomes) noexcept {
        if (seen->accept_fails) return wh::unexpected(*seen->accept_fails, "disk");
        return memory::accept(entries, outcomes);
    }
    result<wh::inbox_backlog> backlog() noexcept {
        ++seen->backlogs;
        clock_.advance(seen->backlog_takes);
        if (seen->backlog_fails) return wh::unexpected(*seen->backlog_fails, "disk");
        return memory::backlog();
    }
    result<bool> redrive(std::int64_t number, std::int64_t now) noexcept {
        if (seen->redrive_fails) return wh::unexpected(*seen->redrive_fails, "disk");
        return memory::redrive(number, now);
    }
    result<std::size_t> purge(const wh::purge_request& request) noexcept {
        seen->purged = request;
        return memory::purge(request);
    }

    std::shared_ptr<observations> seen = std::make_shared<observations>();

private:
    manual_clock clock_;
};

using inbox = wh::inbox<observed_store, manual_clock>;

struct fixture {
    manual_clock clock;
    observed_store store{clock};
    inbox box;

    explicit fixture(const wh::inbox_options& options = {}) : box(store, options, clock) {}

    [[nodiscard]] result<acceptance> accept(std::string_view id,
                                            std::string_view body = "{}") const {
        return box.accept(messages::with_signed_id(id, body), from());
    }
    [[nodiscard]] std::optional<errc> refusal(std::string_view id,
                                              std::string_view body = "{}") const {
        const auto accepted = accept(id, body);
        return accepted ? std::nullopt : std::optional(accepted.error().code);
    }
    [[nodiscard]] static wh::arrival from() {
        return {.as = {.provider = "stripe", .endpoint = "orders"}};
    }

    /// The entries, with their bodies.
    [[nodiscard]] std::vector<wh::entry> entries() const {
        std::vector<wh::entry> found;
        const auto listed = box.store().list({}).value();
        for (const wh::entry& each : listed) {
            found.push_back(*box.store().find(each.number).value());
        }
        return found;
    }
    [[nodiscard]] wh::entry only() const {
        const auto found = entries();
        REQUIRE(found.size() == 1);
        return found.front();
    }

    /// Works off the entry that has waited longest.
    void finish(wh::entry_state as = wh::entry_state::done) const {
        const std::int64_t now = clock.milliseconds();
        const auto claimed = box.store().claim({.now = now, .lease = 60'000}).value();
        REQUIRE(claimed);
        REQUIRE(box.store()
                    .settle(wh::lease{claimed->number, claimed->fence}, {.state = as}, now)
                    .value());
    }
};

constexpr std::int64_t second = 1'000;

}  // namespace

TEST_CASE("an inbox keeps what is known of a message") {
    const fixture at;
    const std::string body("{\"a\":\"\\u0000\"}\xff\0", 16);
    const auto message = messages::make(body, {.id = "msg_1",
                                               .timestamp = 1'699'999'999,
                                               .key_index = 1,
                                               .body_is_signed = true,
                                               .id_is_signed = true,
                                               .replay_possible = false});
    auto from = fixture::from();
    from.event_type = "order.created";
    from.partition = "customer 7";
    from.retention = wh::seconds(100);
    CHECK(at.box.accept(message, from).value() == acceptance::stored);
    const auto found = at.only();
    CHECK(found.state == wh::entry_state::ready);
    CHECK(found.key == wh::message_key::of_id("stripe", "orders", "msg_1").value());
    CHECK(found.provider == "stripe");
    CHECK(found.endpoint == "orders");
    CHECK(found.message_id == "msg_1");
    CHECK(found.event_type == "order.created");
    CHECK(found.partition == "customer 7");
    CHECK(found.body == body);
    CHECK(found.proof == wh::message_proof{.timestamp = 1'699'999'999,
                                           .key_index = 1,
                                           .body_is_signed = true,
                                           .id_is_signed = true,
                                           .replay_possible = false});
    CHECK(found.accepted_at == at.clock.milliseconds());
    CHECK(found.ready_at == at.clock.milliseconds());
    CHECK(found.keep_until == at.clock.milliseconds() + 100 * second);
}

TEST_CASE("a second delivery of a message is a duplicate in whatever state the first is") {
    const fixture at;
    CHECK(at.accept("1").value() == acceptance::stored);
    CHECK(at.accept("1").value() == acceptance::duplicate);
    at.finish();
    CHECK(at.accept("1").value() == acceptance::duplicate);
    CHECK(at.only().duplicates == 2);
    auto other = fixture::from();
    other.as.endpoint = "invoices";
    CHECK(at.box.accept(messages::with_signed_id("1"), other).value() == acceptance::stored);
}

TEST_CASE("a body that is there under another id is flagged, or dropped when asked") {
    const fixture at;
    const auto accepted = [&](std::string_view id, wh::same_body mode) {
        auto from = fixture::from();
        from.as.same_body = mode;
        return at.box.accept(messages::with_unsigned_id(id, "body"), from).value();
    };
    CHECK(accepted("1", wh::same_body::flag) == acceptance::stored);
    CHECK(accepted("2", wh::same_body::flag) == acceptance::stored);
    CHECK(accepted("3", wh::same_body::drop) == acceptance::duplicate);
    CHECK(accepted("4", wh::same_body::ignore) == acceptance::stored);
    const auto found = at.entries();
    REQUIRE(found.size() == 3);
    CHECK_FALSE(found[0].possible_replay);
    CHECK(found[1].possible_replay);
    CHECK_FALSE(found[2].possible_replay);
}

TEST_CASE("an id that stands in the body is kept, and is as good as the body") {
    const fixture at;
    auto from = fixture::from();
    from.as.id = "in_body";
    CHECK(at.box.accept(messages::with_unsigned_id("in_header"), from).value() ==
          acceptance::stored);
    CHECK(at.only().message_id == "in_body");
    CHECK(at.only().proof.id_is_signed);
    CHECK(at.box.accept(messages::with_unsigned_id("other"), from).value() ==
          acceptance::duplicate);
}

TEST_CASE("what is not plain text is left out") {
    const auto kept = [](std::string_view event_type, std::string_view id) {
        const fixture at;
        auto from = fixture::from();
        from.event_type = event_type;
        from.as.id = id;
        CHECK(at.box.accept(messages::without_id(), from).value() == acceptance::stored);
        const auto found = at.only();
        return std::pair(found.event_type, found.message_id);
    };
    using both = std::pair<std::string, std::string>;
    const std::string longest_type(128, 't');
    const std::string longest_id(256, 'i');
    CHECK(kept("a", "b") == both("a", "b"));
    CHECK(kept(longest_type, longest_id) == both(longest_type, longest_id));
    CHECK(kept(longest_type + "t", longest_id + "i") == both("", ""));
    CHECK(kept("two words", "two words") == both("", ""));
    CHECK(kept("\xc3\xa9", "\xc3\xa9") == both("", ""));
    CHECK(kept(std::string_view("a\0", 2), std::string_view("b\0", 2)) == both("", ""));
    CHECK(kept("line\n", "line\n") == both("", ""));
}

TEST_CASE("an id that is not plain still tells messages apart") {
    const fixture at;
    auto from = fixture::from();
    from.as.id = "two words";
    CHECK(at.box.accept(messages::without_id(), from).value() == acceptance::stored);
    CHECK(at.box.accept(messages::without_id(), from).value() == acceptance::duplicate);
    from.as.id = "two other words";
    CHECK(at.box.accept(messages::without_id(), from).value() == acceptance::stored);
}

TEST_CASE("a partition is cut off after 256 bytes") {
    const fixture at;
    auto from = fixture::from();
    const std::string longest(256, 'p');
    const std::string longer = longest + "q";
    from.partition = longer;
    CHECK(at.box.accept(messages::with_signed_id("1"), from));
    CHECK(at.only().partition == longest);
}

TEST_CASE("a message that nobody proved is marked") {
    const fixture at;
    const std::string body = "{}";
    CHECK(at.box.accept(wh::assume_verified(body, "a test"), fixture::from()));
    CHECK(at.only().proof.assumed);
    CHECK_FALSE(at.only().proof.body_is_signed);
}

TEST_CASE("nothing is accepted while too many entries wait") {
    const fixture at({.limits = {.entries = 3}});
    for (const char* id : {"1", "2", "3"}) CHECK_FALSE(at.refusal(id));
    // What was accepted since the count counts too.
    CHECK(at.refusal("4") == errc::overloaded);
    CHECK(at.accept("4").error().where.view() == "entries that wait");
    at.finish();
    CHECK(at.refusal("4") == errc::overloaded);
    at.clock.advance(second);
    CHECK_FALSE(at.refusal("4"));
    CHECK(at.refusal("5") == errc::overloaded);
}

TEST_CASE("nothing is accepted that makes too many bytes wait") {
    const fixture at({.limits = {.bytes = 100}});
    const std::string half(50, 'b');
    CHECK_FALSE(at.refusal("1", half));
    CHECK(at.refusal("2", half + "b") == errc::overloaded);
    CHECK(at.accept("2", half + "b").error().where.view() == "bytes that wait");
    CHECK_FALSE(at.refusal("3", half));
    CHECK(at.refusal("4", "b") == errc::overloaded);
    CHECK_FALSE(at.refusal("5", ""));
    at.finish();
    at.clock.advance(second);
    CHECK_FALSE(at.refusal("4", half));
}

TEST_CASE("nothing is accepted while the first has waited too long") {
    const fixture at({.limits = {.age = wh::seconds(10)}});
    CHECK_FALSE(at.refusal("1"));
    at.clock.advance(10 * second + 999);
    CHECK_FALSE(at.refusal("2"));
    at.clock.advance(1);
    CHECK(at.refusal("3") == errc::overloaded);
    CHECK(at.accept("3").error().where.view() == "age of what waits");
    at.finish();
    at.clock.advance(second);
    CHECK_FALSE(at.refusal("3"));
}

TEST_CASE("what waits is counted about once a second, and less often where that takes long") {
    const fixture at;
    const auto counted = [&] {
        const int before = at.store.seen->backlogs;
        CHECK(at.accept("1"));
        return at.store.seen->backlogs - before;
    };
    CHECK(counted() == 1);
    CHECK(counted() == 0);
    at.clock.advance(second - 1);
    CHECK(counted() == 0);
    at.clock.advance(1);
    at.store.seen->backlog_takes = 500;
    CHECK(counted() == 1);
    // Twenty times as long, from the beginning of the count.
    at.clock.advance(9'500 - 1);
    CHECK(counted() == 0);
    at.clock.advance(1);
    at.store.seen->backlog_takes = 100 * second;
    CHECK(counted() == 1);
    at.store.seen->backlog_takes = 0;
    CHECK(counted() == 1);
    CHECK(counted() == 0);
    // Not for ever, when the clock is set back: at most a minute passes until the next count.
    at.clock.advance(3'600 * second);
    at.store.seen->backlog_takes = 100 * second;
    CHECK(counted() == 1);
    at.store.seen->backlog_takes = 0;
    at.clock.advance(-100 * second);
    CHECK(counted() == 0);
    at.clock.advance(-1);
    CHECK(counted() == 1);
    at.clock.advance(-3'600 * second);
    CHECK(counted() == 1);
}

TEST_CASE("a duplicate does not count as something that waits") {
    const fixture at({.limits = {.entries = 2}});
    CHECK_FALSE(at.refusal("1"));
    for (int i = 0; i < 5; ++i) CHECK(at.accept("1").value() == acceptance::duplicate);
    CHECK_FALSE(at.refusal("2"));
    CHECK(at.refusal("3") == errc::overloaded);
}

TEST_CASE("a closed inbox keeps what it has and accepts nothing") {
    const fixture at;
    const inbox copy = at.box;
    CHECK_FALSE(at.refusal("1"));
    copy.close();
    CHECK(at.refusal("2") == errc::shutting_down);
    CHECK(at.refusal("1") == errc::shutting_down);
    CHECK(at.only().message_id == "1");
    at.finish();
}

TEST_CASE("an inbox passes the errors of its store on, and accepts again after them") {
    const fixture at;
    for (const errc failure : {errc::store_unavailable, errc::overloaded}) {
        at.store.seen->accept_fails = failure;
        const std::uint64_t news = at.box.news();
        const auto failed = at.accept("1");
        REQUIRE_FALSE(failed);
        CHECK(failed.error() == wh::error{failure, "disk"});
        CHECK(at.box.news() == news);
    }
    at.store.seen->accept_fails.reset();
    at.clock.advance(second);
    at.store.seen->backlog_fails = errc::store_unavailable;
    CHECK(at.refusal("1") == errc::store_unavailable);
    CHECK(at.entries().empty());
    at.store.seen->backlog_fails.reset();
    CHECK(at.accept("1").value() == acceptance::stored);
}

TEST_CASE("a dead entry is made ready again, once") {
    const fixture at;
    CHECK(at.accept("1"));
    const std::int64_t number = at.only().number;
    CHECK_FALSE(at.box.redrive(number).value());
    at.finish(wh::entry_state::dead);
    CHECK(at.box.redrive(number).value());
    CHECK(at.only().state == wh::entry_state::ready);
    CHECK(at.only().ready_at == at.clock.milliseconds());
    const std::uint64_t news = at.box.news();
    CHECK_FALSE(at.box.redrive(number).value());
    CHECK_FALSE(at.box.redrive(number + 1).value());
    at.store.seen->redrive_fails = errc::store_unavailable;
    CHECK(at.box.redrive(number).error().code == errc::store_unavailable);
    CHECK(at.box.news() == news);
}

TEST_CASE("bodies and keys are purged when their times are over") {
    const fixture at({.keep_bodies = wh::seconds(60)});
    auto from = fixture::from();
    from.retention = wh::seconds(100);
    CHECK(at.box.accept(messages::with_signed_id("1"), from));
    at.finish();
    at.clock.advance(60 * second);
    CHECK(at.box.purge().value() == 0);
    CHECK(at.only().body);
    at.clock.advance(1);
    CHECK(at.box.purge(7).value() == 1);
    CHECK(at.store.seen->purged.most == 7);
    CHECK_FALSE(at.only().body);
    at.clock.advance(40 * second - 1);
    CHECK(at.box.purge().value() == 0);
    at.clock.advance(1);
    CHECK(at.box.purge().value() == 1);
    CHECK(at.entries().empty());
}

TEST_CASE("a retention of any length is kept") {
    const fixture at;
    auto from = fixture::from();
    from.retention = wh::seconds::unlimited();
    CHECK(at.box.accept(messages::with_signed_id("1"), from));
    CHECK(at.only().keep_until == INT64_MAX);
}

TEST_CASE("options with which an inbox could not work are refused") {
    const auto refused = [](const wh::inbox_options& options) {
        const auto made = wh::inbox<memory>::try_create(memory(), options);
        return made ? std::nullopt : std::optional(made.error().code);
    };
    CHECK_FALSE(refused({}));
    CHECK(refused({.limits = {.entries = 0}}) == errc::invalid_option);
    CHECK(refused({.limits = {.bytes = 0}}) == errc::invalid_option);
    CHECK(refused({.limits = {.age = wh::seconds(0)}}) == errc::invalid_option);
    CHECK_FALSE(refused({.limits = {.entries = 1, .bytes = 1, .age = wh::seconds(1)}}));
    CHECK(refused({.keep_bodies = wh::seconds(-1)}) == errc::invalid_option);
    CHECK(refused({.keep_bodies = wh::seconds(3650 * 86'400 + 1)}) == errc::invalid_option);
    CHECK(refused({.keep_bodies = wh::seconds::unlimited()}) == errc::invalid_option);
    CHECK_FALSE(refused({.keep_bodies = wh::seconds(0)}));
    CHECK_FALSE(refused({.keep_bodies = wh::seconds(3650 * 86'400)}));
    CHECK_THROWS_AS(wh::inbox<memory>(memory(), {.limits = {.entries = 0}}), wh::exception);
}

TEST_CASE("who waits is woken by what was accepted, made ready, or told") {
    // So long that only being woken ends it within the time of a test.
    constexpr std::int64_t long_time = 3'600'000;
    const fixture at;
    std::uint64_t seen = at.box.news();
    CHECK(at.accept("1"));
    at.box.wait(seen, long_time);
    at.finish(wh::entry_state::dead);
    seen = at.box.news();
    CHECK(at.box.redrive(at.only().number).value());
    at.box.wait(seen, long_time);
    seen = at.box.news();
    at.box.wake();
    at.box.wait(seen, long_time);
    seen = at.box.news();
    at.box.close();
    at.box.wait(seen, long_time);
    seen = at.box.news();
    std::thread waiting([&] { at.box.wait(seen, long_time); });
    at.box.wake();
    waiting.join();
}

TEST_CASE("who waits for nothing waits no longer than asked") {
    const fixture at;
    const auto waits = [&](std::uint64_t seen) {
        const auto began = std::chrono::steady_clock::now();
        at.box.wait(seen, 20);
        return std::chrono::steady_clock::now() - began >= std::chrono::milliseconds(20);
    };
    const std::uint64_t before = at.box.news();
    CHECK(waits(before));
    CHECK(at.accept("1"));
    CHECK_FALSE(waits(before));
    CHECK(waits(at.box.news()));
    // A duplicate is no news.
    const std::uint64_t after = at.box.news();
    CHECK(at.accept("1").value() == acceptance::duplicate);
    CHECK(waits(after));
}

TEST_CASE("threads accept each message once") {
    const fixture at({.limits = {.entries = 100'000}});
    std::atomic<int> stored = 0;
    std::atomic<int> duplicates = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i) {
        threads.emplace_back([&] {
            const inbox mine = at.box;
            for (int n = 0; n < 100; ++n) {
                const auto accepted =
                    mine.accept(messages::with_signed_id(std::to_string(n)), fixture::from());
                if (!accepted) continue;
                ++(*accepted == acceptance::stored ? stored : duplicates);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(stored == 100);
    CHECK(duplicates == 1'500);
    CHECK(at.entries().size() == 100);
}
