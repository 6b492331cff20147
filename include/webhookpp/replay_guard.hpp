// SPDX-License-Identifier: MIT
// Handles each message once: for receivers that work a delivery off before they answer it.
#ifndef WEBHOOKPP_REPLAY_GUARD_HPP
#define WEBHOOKPP_REPLAY_GUARD_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/clock.hpp>
#include <webhookpp/detail/option_check.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/tolerance.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp {

/// What a store says of a key that somebody wants to reserve.
struct reservation {
    /// Whose the key is.
    enum class state : std::uint8_t {
        fresh,        ///< it is reserved for the caller now, until `until`
        in_progress,  ///< somebody else has it, until `until`
        duplicate,    ///< it is committed, and remembered until `until`
    };

    /// Whose the key is.
    state which = state::fresh;

    /// Proves whose reservation it is: a number that the key has never had before. 0 if not fresh.
    std::int64_t fence = 0;

    std::int64_t until = 0;  ///< Unix milliseconds
};

/// Where keys are reserved and remembered. Each operation is atomic for its key, whoever calls it:
/// threads, and for all but the memory store also other processes. All times are Unix milliseconds
/// or, for leases, milliseconds. Each answers `store_unavailable` when it cannot tell, and
/// `overloaded` when there is no room for another key.
///
/// - `reserve(key, now, lease)`: `fresh` if nobody has the key, or had it until `now`. A lease that
///   ends later than two leases from now is over too: the clock was set back.
/// - `commit(key, fence, now, keep_until)`: remembers it. False if the reservation is not the
///   caller's any more.
/// - `release(key, fence)`: forgets it. False as before.
/// - `extend(key, fence, now, lease)`: lets the reservation last until `now + lease`. False as
///   before, and when it is over.
/// - `forget(now, most)`: removes up to `most` keys whose time is over; returns how many.
///
/// A handle: copies stand for the same store, and all may be used by any number of threads.
template <class Store>
concept replay_store = std::copy_constructible<Store> &&
    requires(Store& store, const message_key& key, std::int64_t number, std::size_t most) {
    { store.reserve(key, number, number) }
    noexcept->std::same_as<result<reservation>>;
    { store.commit(key, number, number, number) }
    noexcept->std::same_as<result<bool>>;
    { store.release(key, number) }
    noexcept->std::same_as<result<bool>>;
    { store.extend(key, number, number, number) }
    noexcept->std::same_as<result<bool>>;
    { store.forget(number, most) }
    noexcept->std::same_as<result<std::size_t>>;
};

/// How a guard is set up.
struct replay_guard_options {
    /// Tells the messages of this endpoint from those of the provider's other ones: 1 to 128
    /// visible ASCII characters.
    std::string endpoint = "default";

    /// How long a handler may take. After that, a retry is handled even though the first may still
    /// be at work. 1 second to 1 day.
    seconds lease{60};

    /// How long a message is remembered; by default `scheme::retention`. At least as long as the
    /// tolerance, of the scheme and of the receiver's verifier, lets a delivery be repeated.
    std::optional<seconds> retention = std::nullopt;

    /// A guard keeps one key for each message, so it cannot `flag` a body that it has seen: with
    /// that, messages with ids of their own are told apart by these alone.
    webhookpp::same_body same_body = same_body::flag;
};

/// A reservation of one message.
struct guarded_message {
    message_key key;       ///< what the message is remembered by
    reservation reserved;  ///< what the store said

    /// Whether the message is the caller's to handle.
    [[nodiscard]] bool is_fresh() const noexcept {
        return reserved.which == reservation::state::fresh;
    }
};

/// Lets each message of one endpoint through once. A message is reserved before its handler runs,
/// and committed or released after that. If the program dies in between, a retry gets it when the
/// lease is over: at least once, and at most once within the lease.
///
/// Asked only after verification, so that nobody else can use up ids. Immutable; any number of
/// threads may use one.
template <replay_store Store, fine_clock_source Clock = system_clock>
class replay_guard {
public:
    /// Remembers messages of `described` in `store`.
    ///
    /// Throws `exception` with `invalid_option` where `try_create` returns it.
    replay_guard(Store store, const scheme& described, replay_guard_options options = {},
                 Clock clock = {})
        : replay_guard(try_create(std::move(store), described, std::move(options), std::move(clock))
                           .value()) {}

    /// As the constructor, with the error as a value.
    [[nodiscard]] static result<replay_guard> try_create(Store store, const scheme& described,
                                                         replay_guard_options options = {},
                                                         Clock clock = {}) {
        const seconds retention = options.retention.value_or(described.retention);
        if (auto bad = detail::check_endpoint(options.endpoint); !bad)
            return unexpected(bad.error());
        if (auto bad = detail::check_lease(options.lease); !bad) return unexpected(bad.error());
        if (auto bad = detail::check_retention(retention, described, described.tolerance); !bad) {
            return unexpected(bad.error());
        }
        return replay_guard(std::move(store), described, std::move(options), retention,
                            std::move(clock));
    }

    /// Reserves `message`. `id`: its id, where that stands in the body.
    ///
    /// Errors: those of the store, and then the message must not be handled; `internal_error`.
    [[nodiscard]] result<guarded_message> reserve(const verified_message& message,
                                                  std::string_view id = {}) const noexcept {
        const auto identity = identify(message, {.provider = provider_.view(),
                                                 .endpoint = options_.endpoint,
                                                 .id = id,
                                                 .same_body = options_.same_body,
                                                 .repeats_bodies = repeats_bodies_});
        if (!identity) return unexpected(identity.error());
        // One key for each message: of two that a body shares, the second would have to be
        // reserved too.
        const bool by_body = identity->body_key && options_.same_body == same_body::drop;
        const message_key& key = by_body ? *identity->body_key : identity->key;
        const auto reserved = store_.reserve(key, clock_.milliseconds(), lease());
        if (!reserved) return unexpected(reserved.error());
        return guarded_message{key, *reserved};
    }

    /// Remembers that the message was handled. False if the lease was over and somebody else has
    /// it. Errors: those of the store.
    [[nodiscard]] result<bool> commit(const guarded_message& mine) const noexcept {
        const std::int64_t now = clock_.milliseconds();
        return store_.commit(mine.key, mine.reserved.fence, now, detail::later(now, retention_));
    }

    /// Gives the message back, for a retry to be handled at once. As `commit`.
    [[nodiscard]] result<bool> release(const guarded_message& mine) const noexcept {
        return store_.release(mine.key, mine.reserved.fence);
    }

    /// Begins the lease anew, for handlers that take long. As `commit`; false also when the lease
    /// is over.
    [[nodiscard]] result<bool> extend(const guarded_message& mine) const noexcept {
        return store_.extend(mine.key, mine.reserved.fence, clock_.milliseconds(), lease());
    }

    /// Removes up to `most` messages that need not be remembered any more, of all endpoints of the
    /// store; returns how many. To be called now and then. Errors: those of the store.
    [[nodiscard]] result<std::size_t> forget(std::size_t most = 1000) const noexcept {
        return store_.forget(clock_.milliseconds(), most);
    }

    /// How long a message is remembered.
    [[nodiscard]] seconds retention() const noexcept { return retention_; }

private:
    replay_guard(Store store, const scheme& described, replay_guard_options options,
                 seconds retention, Clock clock)
        : store_(std::move(store)),
          provider_(described.name),
          repeats_bodies_(described.repeats_bodies),
          options_(std::move(options)),
          retention_(retention),
          clock_(std::move(clock)) {}

    [[nodiscard]] std::int64_t lease() const noexcept { return options_.lease.count() * 1000; }

    mutable Store store_;
    fixed_text<128> provider_;
    bool repeats_bodies_;
    replay_guard_options options_;
    seconds retention_;
    Clock clock_;
};

}  // namespace webhookpp

#endif
