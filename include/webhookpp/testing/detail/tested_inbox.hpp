// SPDX-License-Identifier: MIT
// An inbox store whose type is left behind, so that the rules are plain functions.
#ifndef WEBHOOKPP_TESTING_DETAIL_TESTED_INBOX_HPP
#define WEBHOOKPP_TESTING_DETAIL_TESTED_INBOX_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/inbox_store.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/testing/store_check.hpp>

namespace webhookpp::testing::detail {

/// The operations of `inbox_store`, with whole transactions for their parts.
class tested_inbox {
public:
    tested_inbox() = default;
    tested_inbox(const tested_inbox&) = delete;
    tested_inbox& operator=(const tested_inbox&) = delete;
    virtual ~tested_inbox() = default;

    [[nodiscard]] virtual std::size_t max_batch() const noexcept = 0;
    virtual result<void> accept(std::span<const new_entry> entries,
                                std::span<acceptance> outcomes) = 0;
    virtual result<std::optional<entry>> claim(const claim_request& request) = 0;
    virtual result<bool> renew(const lease& mine, std::int64_t now, std::int64_t length) = 0;
    virtual result<bool> settle(const lease& mine, const ending& how, std::int64_t now) = 0;
    virtual result<std::optional<entry>> find(std::int64_t number) = 0;
    virtual result<std::vector<entry>> list(const entry_query& query) = 0;
    virtual result<bool> redrive(std::int64_t number, std::int64_t now) = 0;
    virtual result<std::size_t> purge(const purge_request& request) = 0;
    virtual result<inbox_backlog> backlog() = 0;
    virtual result<inbox_stats> stats() = 0;

    /// Settles with a transaction, with which `effect` is written before, if there is one.
    virtual result<bool> settle_together(std::optional<std::int64_t> effect, const lease& mine,
                                         const ending& how, std::int64_t now) = 0;

    /// Begins a transaction, writes `effect` with it, and leaves it unsettled.
    virtual result<void> abandon(std::optional<std::int64_t> effect) = 0;

    /// Whether effects can be written.
    [[nodiscard]] virtual bool has_effects() const noexcept = 0;
    virtual std::vector<std::int64_t> effects() = 0;

    /// Another handle of the same store.
    [[nodiscard]] virtual std::unique_ptr<tested_inbox> copy() const = 0;
};

template <inbox_store Store>
class tested_inbox_of final : public tested_inbox {
public:
    tested_inbox_of(Store store, transaction_effects<Store> effects)
        : store_(std::move(store)), effects_(std::move(effects)) {}

    [[nodiscard]] std::size_t max_batch() const noexcept override { return Store::max_batch; }
    result<void> accept(std::span<const new_entry> entries,
                        std::span<acceptance> outcomes) override {
        return store_.accept(entries, outcomes);
    }
    result<std::optional<entry>> claim(const claim_request& request) override {
        return store_.claim(request);
    }
    result<bool> renew(const lease& mine, std::int64_t now, std::int64_t length) override {
        return store_.renew(mine, now, length);
    }
    result<bool> settle(const lease& mine, const ending& how, std::int64_t now) override {
        return store_.settle(mine, how, now);
    }
    result<std::optional<entry>> find(std::int64_t number) override { return store_.find(number); }
    result<std::vector<entry>> list(const entry_query& query) override {
        return store_.list(query);
    }
    result<bool> redrive(std::int64_t number, std::int64_t now) override {
        return store_.redrive(number, now);
    }
    result<std::size_t> purge(const purge_request& request) override {
        return store_.purge(request);
    }
    result<inbox_backlog> backlog() override { return store_.backlog(); }
    result<inbox_stats> stats() override { return store_.stats(); }

    result<bool> settle_together(std::optional<std::int64_t> effect, const lease& mine,
                                 const ending& how, std::int64_t now) override {
        auto transaction = begin(effect);
        if (!transaction) return unexpected(transaction.error());
        return store_.settle(*transaction, mine, how, now);
    }
    result<void> abandon(std::optional<std::int64_t> effect) override {
        const auto transaction = begin(effect);
        if (!transaction) return unexpected(transaction.error());
        return {};
    }
    [[nodiscard]] bool has_effects() const noexcept override {
        return effects_.write && effects_.read;
    }
    std::vector<std::int64_t> effects() override { return effects_.read(store_); }
    [[nodiscard]] std::unique_ptr<tested_inbox> copy() const override {
        return std::make_unique<tested_inbox_of>(store_, effects_);
    }

private:
    result<typename Store::transaction> begin(std::optional<std::int64_t> effect) {
        auto transaction = store_.begin();
        if (transaction && effect && has_effects() && !effects_.write(*transaction, *effect)) {
            return unexpected(errc::store_unavailable, "the effect of a handler");
        }
        return transaction;
    }

    Store store_;
    transaction_effects<Store> effects_;
};

}  // namespace webhookpp::testing::detail

#endif
