// SPDX-License-Identifier: MIT
// What the rules for replay stores are written with.
#ifndef WEBHOOKPP_TESTING_DETAIL_REPLAY_BENCH_HPP
#define WEBHOOKPP_TESTING_DETAIL_REPLAY_BENCH_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include <webhookpp/message_key.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/testing/detail/broken_rule.hpp>
#include <webhookpp/testing/detail/sample_messages.hpp>
#include <webhookpp/testing/store_check.hpp>

namespace webhookpp::testing::detail {

/// A replay store whose type is left behind, so that the rules are plain functions.
class tested_replay {
public:
    tested_replay() = default;
    tested_replay(const tested_replay&) = delete;
    tested_replay& operator=(const tested_replay&) = delete;
    virtual ~tested_replay() = default;

    virtual result<reservation> reserve(const message_key& key, std::int64_t now,
                                        std::int64_t length) = 0;
    virtual result<bool> commit(const message_key& key, std::int64_t fence, std::int64_t now,
                                std::int64_t keep_until) = 0;
    virtual result<bool> release(const message_key& key, std::int64_t fence) = 0;
    virtual result<bool> extend(const message_key& key, std::int64_t fence, std::int64_t now,
                                std::int64_t length) = 0;
    virtual result<std::size_t> forget(std::int64_t now, std::size_t most) = 0;

    /// Another handle of the same store.
    [[nodiscard]] virtual std::unique_ptr<tested_replay> copy() const = 0;
};

template <replay_store Store>
class tested_replay_of final : public tested_replay {
public:
    explicit tested_replay_of(Store store) : store_(std::move(store)) {}

    result<reservation> reserve(const message_key& key, std::int64_t now,
                                std::int64_t length) override {
        return store_.reserve(key, now, length);
    }
    result<bool> commit(const message_key& key, std::int64_t fence, std::int64_t now,
                        std::int64_t keep_until) override {
        return store_.commit(key, fence, now, keep_until);
    }
    result<bool> release(const message_key& key, std::int64_t fence) override {
        return store_.release(key, fence);
    }
    result<bool> extend(const message_key& key, std::int64_t fence, std::int64_t now,
                        std::int64_t length) override {
        return store_.extend(key, fence, now, length);
    }
    result<std::size_t> forget(std::int64_t now, std::size_t most) override {
        return store_.forget(now, most);
    }
    [[nodiscard]] std::unique_ptr<tested_replay> copy() const override {
        return std::make_unique<tested_replay_of>(store_);
    }

private:
    Store store_;
};

/// A store that is to be checked, whose operations have to succeed.
class replay_bench {
public:
    replay_bench(tested_replay& store, const store_check_options& options)
        : store_(&store), options_(&options) {}

    [[nodiscard]] tested_replay& store() const noexcept { return *store_; }
    [[nodiscard]] const store_check_options& options() const noexcept { return *options_; }

    [[nodiscard]] reservation reserve(const message_key& key, std::int64_t now,
                                      std::int64_t length = minute) const {
        const reservation given = answer(store_->reserve(key, now, length), "reserve");
        const bool fresh = given.which == reservation::state::fresh;
        require(fresh == (given.fence != 0), fresh ? "a fresh reservation has no fence"
                                                   : "a fence is given that proves nothing");
        return given;
    }

    /// Reserves a key that nobody has; returns the fence.
    std::int64_t reserves(const message_key& key, std::int64_t now,
                          std::int64_t length = minute) const {
        const reservation given = reserve(key, now, length);
        require(given.which == reservation::state::fresh,
                given.which == reservation::state::duplicate
                    ? "a key is a duplicate that is not remembered"
                    : "a key is in progress that nobody has");
        require(given.until == now + length, "a reservation does not last as long as it should");
        return given.fence;
    }

    /// `key` is reserved by somebody, until `until`.
    void in_progress(const message_key& key, std::int64_t now, std::int64_t until,
                     std::int64_t length = minute) const {
        const reservation given = reserve(key, now, length);
        require(given.which != reservation::state::fresh, "a key is reserved that somebody has");
        require(given.which == reservation::state::in_progress,
                "a key is a duplicate that was not committed");
        require(given.until == until, "reserve tells another time than that of the reservation");
    }

    /// `key` is remembered until `until`.
    void duplicate(const message_key& key, std::int64_t now, std::int64_t until,
                   std::int64_t length = minute) const {
        const reservation given = reserve(key, now, length);
        require(given.which != reservation::state::fresh, "a key is reserved that is remembered");
        require(given.which == reservation::state::duplicate,
                "a key is in progress that was committed");
        require(given.until == until, "reserve tells another time than that of the commit");
    }

    [[nodiscard]] bool commit(const message_key& key, std::int64_t fence, std::int64_t now,
                              std::int64_t keep_until) const {
        return answer(store_->commit(key, fence, now, keep_until), "commit");
    }
    [[nodiscard]] bool release(const message_key& key, std::int64_t fence) const {
        return answer(store_->release(key, fence), "release");
    }
    [[nodiscard]] bool extend(const message_key& key, std::int64_t fence, std::int64_t now,
                              std::int64_t length = minute) const {
        return answer(store_->extend(key, fence, now, length), "extend");
    }
    [[nodiscard]] std::size_t forget(std::int64_t now, std::size_t most) const {
        const std::size_t forgotten = answer(store_->forget(now, most), "forget");
        require(forgotten <= most, "forget removes more keys than it may");
        return forgotten;
    }

    /// `number` keys were to be forgotten; servers may have done it by themselves.
    void forgot(std::size_t forgotten, std::size_t number) const {
        require(forgotten <= number, "forget counts keys whose time is not over");
        require(forgotten == number || options_->keys_go_by_themselves,
                "forget does not count all that it should remove");
    }

private:
    tested_replay* store_;
    const store_check_options* options_;
};

/// A rule: its name, which says what holds, and what breaks when it does not.
struct replay_rule {
    std::string_view name;
    void (*check)(const replay_bench& bench);
};

}  // namespace webhookpp::testing::detail

#endif
