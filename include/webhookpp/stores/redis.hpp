// SPDX-License-Identifier: MIT
// Keeps keys in Redis: a fast guard for programs on many machines.
#ifndef WEBHOOKPP_STORES_REDIS_HPP
#define WEBHOOKPP_STORES_REDIS_HPP

#include <hiredis/hiredis.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/crypto/random.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/stores/detail/connection_pool.hpp>
#include <webhookpp/stores/detail/redis_connection.hpp>
#include <webhookpp/stores/detail/redis_scripts.hpp>
#include <webhookpp/tolerance.hpp>

namespace webhookpp::stores {

/// How a Redis store is set up.
struct redis_options {
    std::string host = "127.0.0.1";  ///< name or address
    int port = 6379;                 ///< 1 to 65535
    std::string unix_socket = {};    ///< in place of host and port, if not empty

    std::string user = {};      ///< of an access control list; without one only the password counts
    std::string password = {};  ///< never shown
    int database = 0;           ///< its number, from 0

    /// What the names of all keys begin with: up to 128 bytes.
    std::string prefix = "webhookpp:";

    /// How many connections there are at most: 1 to 1000. Beyond, callers wait.
    std::size_t connections = 4;

    /// How long to wait for a free connection, for the server to accept one, and for each answer:
    /// 1 second to 10 minutes.
    seconds timeout{5};
};

/// A `replay_store` in Redis 4 or newer, or a server that speaks like it.
///
/// Best effort: Redis copies to its replicas after it has answered, so a failover can forget what
/// was reserved or remembered last, and a restart what was not yet written to disk (with
/// `appendfsync always`, nothing). A message may then be handled a second time. Where that matters,
/// use an inbox in a database.
///
/// Keys go by themselves when their time is over, an hour later at the latest, so `forget` has
/// nothing to do. The server must not evict keys to make room (`maxmemory-policy noeviction`):
/// that is checked where it tells, and else up to whoever runs it. A full server is `overloaded`.
///
/// A fence is a random number of 61 bits, not a counter: a counter would begin again after a flush
/// or a failover that has lost it, and then give a fence of a reservation that somebody still
/// holds. It also needs no second key, which in a cluster would live elsewhere.
///
/// No TLS: use it within a private network, or through a tunnel. Never to be used on both sides of
/// a `fork`.
class redis {
public:
    /// Connects. Throws `exception` where `try_open` returns an error.
    explicit redis(const redis_options& options = {}) : redis(try_open(options).value()) {}

    /// As the constructor, with the error as a value: `invalid_option` for options that are out of
    /// range, and a server that evicts keys; `store_unavailable` when the server cannot be reached
    /// or refuses something.
    [[nodiscard]] static result<redis> try_open(const redis_options& options = {}) {
        if (auto bad = check(options); !bad) return unexpected(bad.error());
        const auto to = std::make_shared<const redis_detail::address>(
            redis_detail::address{.host = options.host,
                                  .port = options.port,
                                  .unix_socket = options.unix_socket,
                                  .user = options.user,
                                  .password = options.password,
                                  .database = options.database,
                                  .timeout = options.timeout.count()});
        if (auto first = connect(*to); !first) return unexpected(first.error());
        return redis(std::make_shared<shared>(shared{
            options.prefix, std::make_shared<pool>(options.connections,
                                                   std::chrono::seconds(options.timeout.count()),
                                                   "redis: no connection is free",
                                                   [to] { return connect_again(*to); })}));
    }

    // See `replay_store`.

    result<reservation> reserve(const message_key& key, std::int64_t now,
                                std::int64_t lease) noexcept {
        return guarded([&]() -> result<reservation> {
            const std::int64_t fence = random_fence();
            if (fence == 0) return unexpected(errc::internal_error, "redis: random numbers");
            const auto given =
                run(redis_detail::script::reserve, key,
                    {std::to_string(now), std::to_string(now + lease),
                     std::to_string(now + 2 * lease), std::to_string(fence), time_to_live(lease)});
            if (!given) return unexpected(given.error());
            if ((*given)->type != REDIS_REPLY_ARRAY) return not_understood();
            if ((*given)->elements == 0) {
                return reservation{reservation::state::fresh, fence, now + lease};
            }
            return reservation_from(*(*given).get());
        });
    }
    result<bool> commit(const message_key& key, std::int64_t fence, std::int64_t now,
                        std::int64_t keep_until) noexcept {
        return guarded([&] {
            return write(redis_detail::script::commit, key,
                         {std::to_string(fence), std::to_string(keep_until),
                          time_to_live(keep_until - now)});
        });
    }
    result<bool> release(const message_key& key, std::int64_t fence) noexcept {
        return guarded(
            [&] { return write(redis_detail::script::release, key, {std::to_string(fence)}); });
    }
    result<bool> extend(const message_key& key, std::int64_t fence, std::int64_t now,
                        std::int64_t lease) noexcept {
        return guarded([&] {
            return write(redis_detail::script::extend, key,
                         {std::to_string(fence), std::to_string(now), std::to_string(now + lease),
                          time_to_live(lease)});
        });
    }

    /// Keys go by themselves: 0.
    result<std::size_t> forget(std::int64_t, std::size_t) noexcept { return std::size_t{0}; }

private:
    using connection = redis_detail::connection;
    using pool = detail::connection_pool<connection>;
    using arguments = std::vector<std::string>;

    struct shared {
        std::string prefix;
        std::shared_ptr<pool> connections;
    };

    explicit redis(std::shared_ptr<const shared> state) noexcept : state_(std::move(state)) {}

    static result<void> check(const redis_options& options) {
        if (options.connections < 1 || options.connections > 1000) {
            return unexpected(errc::invalid_option, "redis: 1 to 1000 connections");
        }
        if (options.timeout.count() < 1 || options.timeout.count() > 600) {
            return unexpected(errc::invalid_option, "redis: a timeout of 1 second to 10 minutes");
        }
        if (options.unix_socket.empty() &&
            (options.host.empty() || options.port < 1 || options.port > 65'535)) {
            return unexpected(errc::invalid_option, "redis: a host, and a port of 1 to 65535");
        }
        if (options.prefix.size() > 128) {
            return unexpected(errc::invalid_option, "redis: a prefix of up to 128 bytes");
        }
        if (!options.user.empty() && options.password.empty()) {
            return unexpected(errc::invalid_option, "redis: a user has a password");
        }
        return {};
    }

    static result<std::unique_ptr<connection>> connect(const redis_detail::address& to) {
        auto opened = connection::open(to);
        if (!opened) return opened;
        const auto evicting = redis_detail::evicts(**opened);
        if (!evicting) return unexpected(evicting.error());
        if (*evicting) {
            return unexpected(errc::invalid_option,
                              "redis: the server may evict keys, and so forget messages: set "
                              "maxmemory-policy to noeviction");
        }
        return opened;
    }

    // The server may have become another one since.
    static result<std::unique_ptr<connection>> connect_again(const redis_detail::address& to) {
        auto opened = connect(to);
        if (!opened) return unexpected(errc::store_unavailable, opened.error().where);
        return opened;
    }

    // Positive; 0 when OpenSSL fails.
    static std::int64_t random_fence() noexcept {
        std::array<unsigned char, 8> bytes{};
        if (!crypto::fill_random(bytes)) return 0;
        std::uint64_t number = 0;
        for (const unsigned char byte : bytes) number = number << 8U | byte;
        return static_cast<std::int64_t>(number >> 2U | 1U);
    }

    // How long Redis keeps a key at most, in milliseconds. What counts is `until`, by the clocks of
    // callers, which may be ahead of each other.
    static std::string time_to_live(std::int64_t needed) {
        constexpr std::int64_t hour = 3'600'000;
        constexpr std::int64_t ten_years = 3650 * 24 * hour;
        return std::to_string(std::clamp<std::int64_t>(needed, 0, ten_years) + hour);
    }

    static unexpected not_understood() noexcept {
        return unexpected(errc::store_unavailable, "redis: the reply is not understood");
    }

    static result<reservation> reservation_from(const redisReply& kept) noexcept {
        if (kept.elements != 2 || kept.element[0]->type != REDIS_REPLY_STRING ||
            kept.element[1]->type != REDIS_REPLY_STRING) {
            return not_understood();
        }
        const redisReply& committed = *kept.element[0];
        const redisReply& until = *kept.element[1];
        reservation found{.which = std::string_view(committed.str, committed.len) == "1"
                                       ? reservation::state::duplicate
                                       : reservation::state::in_progress};
        const auto read = std::from_chars(until.str, until.str + until.len, found.until);
        if (read.ec != std::errc() || read.ptr != until.str + until.len) return not_understood();
        return found;
    }

    result<redis_detail::reply> run(redis_detail::script which, const message_key& key,
                                    const arguments& given) {
        std::string name = state_->prefix;
        name.resize(name.size() + 2 * message_key::size);
        crypto::hex_encode(key.bytes(), std::span(name).last(2 * message_key::size));
        auto lent = state_->connections->borrow();
        if (!lent) return unexpected(lent.error());
        return (*lent)->run(which, name, given);
    }

    // Whether the script has changed the key.
    result<bool> write(redis_detail::script which, const message_key& key, const arguments& given) {
        const auto replied = run(which, key, given);
        if (!replied) return unexpected(replied.error());
        if ((*replied)->type != REDIS_REPLY_INTEGER) return not_understood();
        return (*replied)->integer == 1;
    }

    template <class F>
    static auto guarded(F work) noexcept -> decltype(work()) {
#if defined(__cpp_exceptions)
        try {
            return work();
        } catch (...) {
            return unexpected(errc::store_unavailable, "redis: no memory");
        }
#else
        return work();
#endif
    }

    std::shared_ptr<const shared> state_;
};

static_assert(replay_store<redis>);

}  // namespace webhookpp::stores

#endif
