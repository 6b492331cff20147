// SPDX-License-Identifier: MIT
// A store that notes what it is asked, fails when it is told to, and can be made to wait.
#ifndef WEBHOOKPP_TESTS_INBOX_SPY_STORE_HPP
#define WEBHOOKPP_TESTS_INBOX_SPY_STORE_HPP

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/stores/memory.hpp>

namespace inbox_tests {

namespace wh = webhookpp;

/// What a spy saw of a transaction of a handler.
struct transaction_log {
    std::mutex mutex;
    std::size_t open = 0;
    std::vector<std::string> committed;
    std::vector<std::string> rolled_back;
};

/// A transaction that notes what became of the texts that were written in it.
class spy_transaction {
public:
    explicit spy_transaction(std::shared_ptr<transaction_log> log) : log_(std::move(log)) {
        const std::lock_guard lock(log_->mutex);
        ++log_->open;
    }
    spy_transaction(spy_transaction&&) noexcept = default;
    spy_transaction& operator=(spy_transaction&& other) noexcept {
        std::swap(log_, other.log_);
        std::swap(texts_, other.texts_);
        return *this;
    }
    ~spy_transaction() {
        if (log_) end(log_->rolled_back);
    }

    void write(std::string text) { texts_.push_back(std::move(text)); }

    void commit() { end(log_->committed); }
    void roll_back() { end(log_->rolled_back); }

private:
    void end(std::vector<std::string>& into) {
        const auto log = std::exchange(log_, nullptr);
        const std::lock_guard lock(log->mutex);
        --log->open;
        into.insert(into.end(), texts_.begin(), texts_.end());
    }

    std::shared_ptr<transaction_log> log_;
    std::vector<std::string> texts_;
};

/// Both kinds of store, around one in memory. Copies share all.
class spy_store {
public:
    using transaction = spy_transaction;
    static constexpr std::size_t max_batch = wh::stores::memory::max_batch;

    /// Called before each operation, with its name; what it returns is answered in its place.
    using hook = std::function<std::optional<wh::error>(std::string_view)>;

    void before_each(hook what) {
        const std::lock_guard lock(state_->mutex);
        state_->before = std::make_shared<const hook>(std::move(what));
    }
    /// From now on, or until `times` calls have failed, `operation` answers `code`.
    void fail(std::string_view operation, wh::errc code = wh::errc::store_unavailable,
              int times = 1'000'000) {
        before_each(
            [=, name = std::string(operation), left = std::make_shared<std::atomic<int>>(times)](
                std::string_view called) -> std::optional<wh::error> {
                if (called != name || left->fetch_sub(1) <= 0) return std::nullopt;
                return wh::error{code, "spy"};
            });
    }
    void recover() { before_each({}); }

    /// The names of all operations so far.
    [[nodiscard]] std::vector<std::string> calls() const {
        const std::lock_guard lock(state_->mutex);
        return state_->calls;
    }
    [[nodiscard]] std::size_t count(std::string_view operation) const {
        const std::lock_guard lock(state_->mutex);
        return static_cast<std::size_t>(
            std::count(state_->calls.begin(), state_->calls.end(), operation));
    }
    /// Adds a line of the test's own to the calls.
    void note(std::string line) const {
        const std::lock_guard lock(state_->mutex);
        state_->calls.push_back(std::move(line));
    }
    [[nodiscard]] std::string last_owner() const {
        const std::lock_guard lock(state_->mutex);
        return state_->owner;
    }
    [[nodiscard]] transaction_log& transactions() const { return *state_->transactions; }

    /// Lets the next claim return an entry that has no body.
    void lose_next_body() const { state_->loses_body = true; }

    /// From now on there is always something more to purge.
    void purge_without_end() const { state_->purges_without_end = true; }

    wh::result<wh::reservation> reserve(const wh::message_key& key, std::int64_t now,
                                        std::int64_t lease) noexcept {
        if (auto failed = begin_call("reserve")) return wh::unexpected(*failed);
        return inner_.reserve(key, now, lease);
    }
    wh::result<bool> commit(const wh::message_key& key, std::int64_t fence, std::int64_t now,
                            std::int64_t keep_until) noexcept {
        if (auto failed = begin_call("commit")) return wh::unexpected(*failed);
        return inner_.commit(key, fence, now, keep_until);
    }
    wh::result<bool> release(const wh::message_key& key, std::int64_t fence) noexcept {
        if (auto failed = begin_call("release")) return wh::unexpected(*failed);
        return inner_.release(key, fence);
    }
    wh::result<bool> extend(const wh::message_key& key, std::int64_t fence, std::int64_t now,
                            std::int64_t lease) noexcept {
        if (auto failed = begin_call("extend")) return wh::unexpected(*failed);
        return inner_.extend(key, fence, now, lease);
    }
    wh::result<std::size_t> forget(std::int64_t now, std::size_t most) noexcept {
        if (auto failed = begin_call("forget")) return wh::unexpected(*failed);
        return inner_.forget(now, most);
    }

    wh::result<void> accept(std::span<const wh::new_entry> entries,
                            std::span<wh::acceptance> outcomes) noexcept {
        if (auto failed = begin_call("accept")) return wh::unexpected(*failed);
        return inner_.accept(entries, outcomes);
    }
    wh::result<std::optional<wh::entry>> claim(const wh::claim_request& request) noexcept {
        if (auto failed = begin_call("claim")) return wh::unexpected(*failed);
        {
            const std::lock_guard lock(state_->mutex);
            state_->owner = request.owner;
        }
        auto claimed = inner_.claim(request);
        if (claimed && *claimed && state_->loses_body.exchange(false)) (*claimed)->body.reset();
        return claimed;
    }
    wh::result<bool> renew(const wh::lease& mine, std::int64_t now, std::int64_t length) noexcept {
        if (auto failed = begin_call("renew")) return wh::unexpected(*failed);
        const auto renewed = inner_.renew(mine, now, length);
        note("renewed");
        return renewed;
    }
    wh::result<transaction> begin() noexcept {
        if (auto failed = begin_call("begin")) return wh::unexpected(*failed);
        return transaction(state_->transactions);
    }
    wh::result<bool> settle(transaction& with, const wh::lease& mine, const wh::ending& how,
                            std::int64_t now) noexcept {
        if (auto failed = begin_call("settle")) return wh::unexpected(*failed);
        auto settled = inner_.settle(mine, how, now);
        if (settled && *settled) {
            with.commit();
        } else {
            with.roll_back();
        }
        return settled;
    }
    wh::result<bool> settle(const wh::lease& mine, const wh::ending& how,
                            std::int64_t now) noexcept {
        if (auto failed = begin_call(how.counts ? "settle" : "hand back")) {
            return wh::unexpected(*failed);
        }
        return inner_.settle(mine, how, now);
    }
    wh::result<std::optional<wh::entry>> find(std::int64_t number) noexcept {
        return inner_.find(number);
    }
    wh::result<std::vector<wh::entry>> list(const wh::entry_query& query) noexcept {
        return inner_.list(query);
    }
    wh::result<bool> redrive(std::int64_t number, std::int64_t now) noexcept {
        return inner_.redrive(number, now);
    }
    wh::result<std::size_t> purge(const wh::purge_request& request) noexcept {
        if (auto failed = begin_call("purge")) return wh::unexpected(*failed);
        auto purged = inner_.purge(request);
        if (purged && *purged == 0 && state_->purges_without_end) return std::size_t{1};
        return purged;
    }
    wh::result<wh::inbox_backlog> backlog() noexcept { return inner_.backlog(); }
    wh::result<wh::inbox_stats> stats() noexcept { return inner_.stats(); }

private:
    struct state {
        std::mutex mutex;
        std::shared_ptr<const hook> before;
        std::vector<std::string> calls;
        std::string owner;
        std::atomic<bool> loses_body = false;
        std::atomic<bool> purges_without_end = false;
        std::shared_ptr<transaction_log> transactions = std::make_shared<transaction_log>();
    };

    std::optional<wh::error> begin_call(std::string_view name) const {
        std::shared_ptr<const hook> before;
        {
            const std::lock_guard lock(state_->mutex);
            state_->calls.emplace_back(name);
            before = state_->before;
        }
        if (!before || !*before) return std::nullopt;
        return (*before)(name);
    }

    wh::stores::memory inner_;
    std::shared_ptr<state> state_ = std::make_shared<state>();
};

static_assert(wh::replay_store<spy_store> && wh::inbox_store<spy_store>);

}  // namespace inbox_tests

#endif
