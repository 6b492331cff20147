// SPDX-License-Identifier: MIT
// Accepts verified messages durably, to be worked off later.
#ifndef WEBHOOKPP_INBOX_HPP
#define WEBHOOKPP_INBOX_HPP

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/clock.hpp>
#include <webhookpp/detail/group_commit.hpp>
#include <webhookpp/detail/option_check.hpp>
#include <webhookpp/entry.hpp>
#include <webhookpp/inbox_store.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/tolerance.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp {

/// How much may wait in an inbox. Beyond, nothing is accepted until workers have caught up. What
/// waits is counted about once a second, so a limit may be passed by what arrives in that time.
struct inbox_limits {
    std::uint64_t entries = 1'000'000;             ///< how many
    std::uint64_t bytes = std::uint64_t{4} << 30;  ///< of their bodies; 4 GiB by default

    /// How long the first of them may have waited already. Unlimited by default: old entries may
    /// be ones whose handlers fail, which says nothing about new ones.
    seconds age = seconds::unlimited();
};

/// How an inbox is set up.
struct inbox_options {
    inbox_limits limits = {};  ///< how much may wait

    /// How long bodies are kept once their messages were handled; their keys are kept as long as
    /// their endpoints say. Dead entries keep their bodies. Up to 10 years.
    seconds keep_bodies{86'400};
};

/// Where a message came in, and what is to be known of it.
struct arrival {
    identification as = {};            ///< how the message is recognised
    std::string_view event_type = {};  ///< if known; kept only in up to 128 visible characters
    std::string_view partition = {};   ///< up to 256 bytes; beyond, it is cut off
    seconds retention{604'800};        ///< how long its key is remembered
};

/// Keeps verified messages until they are handled: what it has accepted is safe, and accepted once.
/// `worker` works it off. Copies stand for the same inbox; any number of threads may use them.
template <inbox_store Store, fine_clock_source Clock = system_clock>
class inbox {
public:
    /// Where entries are kept.
    using store_type = Store;

    /// Throws `exception` with `invalid_option` where `try_create` returns it.
    explicit inbox(Store store, const inbox_options& options = {}, Clock clock = {})
        : inbox(try_create(std::move(store), options, std::move(clock)).value()) {}

    /// As the constructor, with the error as a value.
    [[nodiscard]] static result<inbox> try_create(Store store, const inbox_options& options = {},
                                                  Clock clock = {}) {
        if (options.limits.entries == 0 || options.limits.bytes == 0 ||
            options.limits.age.count() < 1) {
            return unexpected(errc::invalid_option,
                              "an inbox in which nothing may wait accepts nothing");
        }
        if (options.keep_bodies.count() < 0 ||
            options.keep_bodies.count() > 3650 * detail::one_day) {
            return unexpected(errc::invalid_option, "bodies are kept 0 seconds to 10 years");
        }
        return inbox(std::make_shared<shared>(std::move(store), options, std::move(clock)));
    }

    /// Stores `message`. Only when this has returned `stored` or `duplicate` is it safe, and may
    /// its sender be told so. Blocks until the store has made it durable: never to be called from
    /// an event loop. Calls at the same time share one transaction.
    ///
    /// Errors: `overloaded` when too much waits; `shutting_down`; `store_unavailable`;
    /// `internal_error`.
    [[nodiscard]] result<acceptance> accept(const verified_message& message,
                                            const arrival& from) const noexcept {
        if (state_->closed.load(std::memory_order_relaxed)) {
            return unexpected(errc::shutting_down, "inbox");
        }
        const auto identity = identify(message, from.as);
        if (!identity) return unexpected(identity.error());
        const std::int64_t now = state_->clock.milliseconds();
        if (auto room = check_room(message.body().size(), now); !room) {
            return unexpected(room.error());
        }
        const std::string_view id = from.as.id.empty() ? message.id() : from.as.id;
        const new_entry entry{
            .key = identity->key,
            .body_key = identity->body_key,
            .drop_same_body = from.as.same_body == same_body::drop,
            .provider = from.as.provider,
            .endpoint = from.as.endpoint,
            .message_id = plain(id, verified_message::max_id),
            .event_type = plain(from.event_type, verified_message::max_event_type),
            .partition = from.partition.substr(0, 256),
            .body = message.body(),
            .proof = {.timestamp = message.timestamp(),
                      .key_index = message.key_index(),
                      .body_is_signed = message.body_is_signed(),
                      .id_is_signed =
                          from.as.id.empty() ? message.id_is_signed() : message.body_is_signed(),
                      .replay_possible = message.replay_possible(),
                      .assumed = !message.assumed_because().empty()},
            .accepted_at = now,
            .keep_until = detail::later(now, from.retention)};
        auto accepted = state_->group.accept(state_->store, entry);
        if (accepted && *accepted == acceptance::stored) {
            count(message.body().size());
            add_news();
            state_->arrived.notify_one();
        }
        return accepted;
    }

    /// From now on `accept` answers `shutting_down`. What was accepted stays.
    void close() const noexcept {
        state_->closed.store(true, std::memory_order_relaxed);
        wake();
    }

    /// Makes a dead entry ready again. False if it is not dead, or its body is gone. Errors: those
    /// of the store.
    [[nodiscard]] result<bool> redrive(std::int64_t number) const noexcept {
        auto done = state_->store.redrive(number, state_->clock.milliseconds());
        if (done && *done) {
            add_news();
            state_->arrived.notify_one();
        }
        return done;
    }

    /// Removes up to `most` bodies and keys that need not be kept any more; returns how many
    /// entries that were. To be called until it returns 0, now and then: `workers` do it. Errors:
    /// those of the store.
    [[nodiscard]] result<std::size_t> purge(std::size_t most = 1000) const noexcept {
        const std::int64_t now = state_->clock.milliseconds();
        return state_->store.purge(
            {.now = now,
             .bodies_before = now - state_->options.keep_bodies.count() * 1000,
             .most = most});
    }

    /// How often something was accepted or made ready in this process, or `wake` was called.
    /// Whoever looks for an entry reads it first and, if there is none, gives it to `wait`: so
    /// nothing that comes in between is missed.
    [[nodiscard]] std::uint64_t news() const noexcept {
        const std::lock_guard lock(state_->mutex);
        return state_->news;
    }

    /// Waits until there are more news than `seen`, but at most `milliseconds`. What was accepted
    /// wakes one of those who wait.
    void wait(std::uint64_t seen, std::int64_t milliseconds) const {
        std::unique_lock lock(state_->mutex);
        state_->arrived.wait_for(lock, std::chrono::milliseconds(milliseconds),
                                 [&] { return state_->news != seen; });
    }

    /// Lets all return that wait.
    void wake() const noexcept {
        add_news();
        state_->arrived.notify_all();
    }

    /// The store: to list entries, to look at one, to count them.
    [[nodiscard]] Store& store() const noexcept { return state_->store; }

    /// The clock.
    [[nodiscard]] const Clock& clock() const noexcept { return state_->clock; }

private:
    struct shared {
        shared(Store store_, const inbox_options& options_, Clock clock_)
            : store(std::move(store_)), options(options_), clock(std::move(clock_)) {}

        Store store;
        const inbox_options options;
        const Clock clock;
        detail::group_commit group{Store::max_batch};
        std::atomic<bool> closed = false;

        std::mutex mutex;
        std::condition_variable arrived;
        std::uint64_t news = 0;

        std::mutex counting;
        inbox_backlog backlog;  // as it was counted, and what was accepted since
        std::int64_t count_again_at = INT64_MIN;
    };

    explicit inbox(std::shared_ptr<shared> state) noexcept : state_(std::move(state)) {}

    void add_news() const noexcept {
        const std::lock_guard lock(state_->mutex);
        ++state_->news;
    }

    static std::string_view plain(std::string_view text, std::size_t most) noexcept {
        return text.size() <= most && detail::is_visible_ascii(text) ? text : std::string_view();
    }

    // Counting costs more the more there is, so it is done less often then.
    [[nodiscard]] result<void> check_room(std::size_t size, std::int64_t now) const noexcept {
        const inbox_limits& limits = state_->options.limits;
        const std::lock_guard lock(state_->counting);
        inbox_backlog& backlog = state_->backlog;
        // A clock that was set back must not let the count grow old.
        if (now >= state_->count_again_at || state_->count_again_at > now + 60'000) {
            const auto counted = state_->store.backlog();
            if (!counted) return unexpected(counted.error());
            backlog = *counted;
            const std::int64_t took = state_->clock.milliseconds() - now;
            state_->count_again_at = now + std::clamp<std::int64_t>(20 * took, 1'000, 60'000);
        }
        if (backlog.entries >= limits.entries) {
            return unexpected(errc::overloaded, "entries that wait");
        }
        if (backlog.bytes + size > limits.bytes) {
            return unexpected(errc::overloaded, "bytes that wait");
        }
        if (backlog.oldest && (now - *backlog.oldest) / 1000 > limits.age.count()) {
            return unexpected(errc::overloaded, "age of what waits");
        }
        return {};
    }

    void count(std::size_t size) const noexcept {
        const std::lock_guard lock(state_->counting);
        ++state_->backlog.entries;
        state_->backlog.bytes += size;
    }

    std::shared_ptr<shared> state_;
};

}  // namespace webhookpp

#endif
