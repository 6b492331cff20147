// SPDX-License-Identifier: MIT
// One attempt to handle an entry of an inbox, as its handler sees it.
#ifndef WEBHOOKPP_WORK_HPP
#define WEBHOOKPP_WORK_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <webhookpp/detail/plain_text.hpp>
#include <webhookpp/entry.hpp>
#include <webhookpp/fixed_text.hpp>
#include <webhookpp/inbox_store.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/tolerance.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp {

/// What a handler returns of an attempt. One that returns nothing is done; one that throws is tried
/// again.
class disposition {
public:
    /// What becomes of the entry.
    enum class kind : std::uint8_t { done, retry, dead };

    /// The event is handled.
    [[nodiscard]] static disposition done() noexcept { return {kind::done, {}}; }

    /// To be tried again when the schedule says so; after its last attempt the entry is dead. `why`
    /// is kept with the entry, up to 160 bytes.
    [[nodiscard]] static disposition retry(std::string_view why = {}) noexcept {
        return {kind::retry, why};
    }

    /// To be tried again after `delay`, up to a year: when a service says how long to leave it
    /// alone.
    [[nodiscard]] static disposition retry_after(seconds delay,
                                                 std::string_view why = {}) noexcept {
        disposition made(kind::retry, why);
        made.delay_ = delay;
        return made;
    }

    /// Not to be tried again: a dead letter, for a person to look at.
    [[nodiscard]] static disposition dead(std::string_view why) noexcept {
        return {kind::dead, why};
    }

    /// What becomes of the entry.
    [[nodiscard]] kind which() const noexcept { return kind_; }
    /// How long to wait, where `retry_after` said so.
    [[nodiscard]] const std::optional<seconds>& delay() const noexcept { return delay_; }
    /// The reason that is kept; may be empty. Valid as long as this.
    [[nodiscard]] std::string_view why() const noexcept { return why_.view(); }

private:
    disposition(kind which, std::string_view why) noexcept
        : kind_(which), why_(detail::cut_text(why, max_why)) {}

    static constexpr std::size_t max_why = 160;

    kind kind_;
    std::optional<seconds> delay_;
    fixed_text<max_why> why_;
};

/// One attempt to handle an entry. Lives during the call of its handler, in whose thread all but
/// `is_lost` is to be called.
template <inbox_store Store>
class work {
public:
    /// Made by `worker` for each attempt. All that it is given must outlive it.
    work(Store& store, const webhookpp::entry& entry, const verified_message& message,
         const std::atomic<bool>& lost) noexcept
        : store_(store), entry_(entry), message_(message), lost_(lost) {}
    work(const work&) = delete;
    work& operator=(const work&) = delete;

    /// The message, as it was verified.
    [[nodiscard]] const verified_message& message() const noexcept { return message_; }

    /// Its entry: number, attempts (this one is counted), `possible_replay`. `entry().key` stays
    /// the same in all attempts, so it serves as an idempotency key for services that are called.
    [[nodiscard]] const webhookpp::entry& entry() const noexcept { return entry_; }

    /// A transaction in the store's database, opened by the first call. What is written in it is
    /// committed together with the end of a `done` attempt, or not at all: so it happens once,
    /// whatever crashes. Other attempts, and a lost lease, roll it back.
    ///
    /// Open it late and write quickly: it may hold up others. Throws `exception` with
    /// `store_unavailable`; let that pass, and the entry is tried again.
    [[nodiscard]] typename Store::transaction& transaction() { return *try_transaction().value(); }

    /// As `transaction`, with the error as a value.
    [[nodiscard]] result<typename Store::transaction*> try_transaction() noexcept {
        if (!transaction_) {
            auto opened = store_.begin();
            if (!opened) return unexpected(opened.error());
            transaction_.emplace(std::move(*opened));
        }
        return &*transaction_;
    }

    /// Whether the lease was found to be somebody else's, or was handed back, so that nothing of
    /// this attempt will count any more. A handler that takes long may look, and stop.
    [[nodiscard]] bool is_lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

    /// The transaction, if it was opened. For whoever ends the attempt.
    [[nodiscard]] std::optional<typename Store::transaction>& opened() noexcept {
        return transaction_;
    }

private:
    Store& store_;
    const webhookpp::entry& entry_;
    const verified_message& message_;
    const std::atomic<bool>& lost_;
    std::optional<typename Store::transaction> transaction_;
};

}  // namespace webhookpp

#endif
