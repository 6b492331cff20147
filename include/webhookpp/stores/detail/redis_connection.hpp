// SPDX-License-Identifier: MIT
// One connection to Redis.
#ifndef WEBHOOKPP_STORES_DETAIL_REDIS_CONNECTION_HPP
#define WEBHOOKPP_STORES_DETAIL_REDIS_CONNECTION_HPP

#include <hiredis/hiredis.h>
#include <poll.h>
#include <pthread.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/detail/owner.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/stores/detail/redis_scripts.hpp>

namespace webhookpp::stores::redis_detail {

inline void free_reply(redisReply* object) {
    freeReplyObject(object);
}

using reply = webhookpp::detail::owner<redisReply, free_reply>;

/// Where the server is, and who asks.
struct address {
    std::string host = {};
    int port = 0;
    std::string unix_socket = {};
    std::string user = {};
    std::string password = {};
    int database = 0;
    std::int64_t timeout = 0;  // seconds
};

inline std::string_view text_of(const reply& from) noexcept {
    return {from->str, from->len};
}

inline bool is_error(const reply& from) noexcept {
    return from->type == REDIS_REPLY_ERROR;
}

/// Whether a command is not for this user, or not known to the server, though others may be.
inline bool is_denial(const reply& from) noexcept {
    const std::string_view said = text_of(from);
    return is_error(from) && (said.starts_with("NOPERM ") || said.starts_with("ERR "));
}

/// What an error means for whoever runs the program: by its first word, for the rest may hold what
/// was sent.
inline error meaning(const reply& from) noexcept {
    struct known {
        std::string_view word;
        errc code;
        std::string_view text;
    };
    static constexpr known all[] = {
        {"OOM ", errc::overloaded, "redis: its memory is full"},
        {"READONLY ", errc::store_unavailable, "redis: the server only reads: it is a replica"},
        {"LOADING ", errc::store_unavailable, "redis: the server starts up"},
        {"BUSY ", errc::store_unavailable, "redis: the server is busy with a script"},
        {"MISCONF ", errc::store_unavailable, "redis: the server cannot write to its disk"},
        {"MOVED ", errc::store_unavailable, "redis: another node of the cluster has the key"},
        {"NOAUTH ", errc::store_unavailable, "redis: the server wants a password"},
        {"WRONGPASS ", errc::store_unavailable, "redis: the server refuses user or password"},
        {"NOPERM ", errc::store_unavailable, "redis: the user may not do that"},
        {"NOREPLICAS ", errc::store_unavailable, "redis: too few replicas"},
        {"WRONGTYPE ", errc::store_unavailable, "redis: a key is in use for something else"},
    };
    const std::string_view said = text_of(from);
    for (const known& each : all) {
        // Behind a minus sign where older servers tell what has stopped a script.
        const std::size_t at = said.find(each.word);
        if (at == 0 || (at != std::string_view::npos && said[at - 1] == '-')) {
            return {each.code, each.text};
        }
    }
    return {errc::store_unavailable, "redis: the server refuses a command"};
}

/// Keeps a write to a server that has hung up from ending the program: hiredis lets the signal
/// through.
class without_sigpipe {
public:
    without_sigpipe() noexcept {
        sigset_t pending;
        sigpending(&pending);
        was_pending_ = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &only(), &before_);
    }
    without_sigpipe(const without_sigpipe&) = delete;
    without_sigpipe& operator=(const without_sigpipe&) = delete;
    ~without_sigpipe() {
        const timespec at_once{};
        if (!was_pending_) {
            while (sigtimedwait(&only(), nullptr, &at_once) == SIGPIPE) {
            }
        }
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

private:
    static const sigset_t& only() noexcept {
        static const sigset_t made = [] {
            sigset_t set;
            sigemptyset(&set);
            sigaddset(&set, SIGPIPE);
            return set;
        }();
        return made;
    }

    sigset_t before_{};
    bool was_pending_ = false;
};

/// The words of a command. They have to outlive it.
using words = std::vector<std::string_view>;

class connection {
public:
    using owned = webhookpp::detail::owner<redisContext, redisFree>;

    /// Connects, and says who asks. Errors: `store_unavailable`.
    static result<std::unique_ptr<connection>> open(const address& to) {
        const timeval timeout{.tv_sec = static_cast<time_t>(to.timeout), .tv_usec = 0};
        // Owned before memory is asked for, which may be refused.
        owned opened(to.unix_socket.empty()
                         ? redisConnectWithTimeout(to.host.c_str(), to.port, timeout)
                         : redisConnectUnixWithTimeout(to.unix_socket.c_str(), timeout));
        auto made = std::make_unique<connection>(std::move(opened));
        redisContext* const raw = made->context_.get();
        if (raw == nullptr) return unexpected(errc::store_unavailable, "redis: no memory");
        if (raw->err != 0) return unexpected(errc::store_unavailable, "redis: cannot connect");
        if (redisSetTimeout(raw, timeout) != REDIS_OK ||
            (to.unix_socket.empty() && redisEnableKeepAlive(raw) != REDIS_OK)) {
            return unexpected(errc::store_unavailable, "redis: cannot set up the connection");
        }
        if (auto ready = made->introduce(to); !ready) return unexpected(ready.error());
        return made;
    }

    explicit connection(owned context) noexcept : context_(std::move(context)) {}

    /// Whether it can be lent: no error, and nothing to be read that nobody has asked for.
    [[nodiscard]] bool usable() const noexcept {
        if (!context_ || context_->err != 0) return false;
        pollfd socket{.fd = context_->fd, .events = POLLIN, .revents = 0};
        return ::poll(&socket, 1, 0) == 0;
    }

    /// The reply to one command, which may be an error. Errors: `store_unavailable` when there is
    /// none, and then it may have been carried out.
    result<reply> run(const words& command) {
        std::vector<const char*> texts;
        std::vector<std::size_t> lengths;
        for (const std::string_view word : command) {
            texts.push_back(word.data());
            lengths.push_back(word.size());
        }
        const without_sigpipe quiet;
        reply given(static_cast<redisReply*>(redisCommandArgv(
            context_.get(), static_cast<int>(texts.size()), texts.data(), lengths.data())));
        if (given) return given;
        const bool late = context_ && context_->err == REDIS_ERR_IO && errno == EAGAIN;
        // What comes late would be taken for the reply to the next command.
        close();
        return unexpected(errc::store_unavailable,
                          late ? "redis: no answer in time" : "redis: the connection was lost");
    }

    /// Carries out a script. Errors: as `run`, and those that the server replies.
    result<reply> run(script which, std::string_view key,
                      const std::vector<std::string>& arguments) {
        const auto index = static_cast<std::size_t>(which);
        const std::string& digest = digests_[index];
        if (!digest.empty()) {
            auto given = run(evaluation("EVALSHA", digest, key, arguments));
            // Not known any more when somebody has flushed the scripts: the text brings it back.
            const bool unknown =
                given && is_error(*given) && text_of(*given).starts_with("NOSCRIPT");
            if (!unknown) return checked(std::move(given));
        }
        return checked(run(evaluation("EVAL", scripts[index], key, arguments)));
    }

    /// Never to be lent again.
    void close() noexcept { context_ = {}; }

private:
    static words evaluation(std::string_view how, std::string_view what, std::string_view key,
                            const std::vector<std::string>& arguments) {
        words command = {how, what, "1", key};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return command;
    }

    // After other errors than that of a full memory, perhaps another server is there now.
    result<reply> checked(result<reply> given) {
        if (!given || !is_error(*given)) return given;
        const error why = meaning(*given);
        if (why.code == errc::store_unavailable) close();
        return unexpected(why);
    }

    result<void> expect_success(const words& command) {
        const auto given = checked(run(command));
        if (!given) return unexpected(given.error());
        return {};
    }

    result<void> introduce(const address& to) {
        if (!to.password.empty()) {
            auto known = to.user.empty() ? expect_success({"AUTH", to.password})
                                         : expect_success({"AUTH", to.user, to.password});
            if (!known) return known;
        }
        if (to.database != 0) {
            const std::string number = std::to_string(to.database);
            if (auto chosen = expect_success({"SELECT", number}); !chosen) return chosen;
        }
        for (std::size_t i = 0; i < script_count; ++i) {
            const auto given = run({"SCRIPT", "LOAD", scripts[i]});
            if (!given) return unexpected(given.error());
            if ((*given)->type == REDIS_REPLY_STRING) {
                digests_[i] = std::string(text_of(*given));
            } else if (!is_denial(*given)) {
                return unexpected(meaning(*given));
            }
            // Where loading is not permitted, the text is sent each time.
        }
        return {};
    }

    owned context_;
    std::array<std::string, script_count> digests_;
};

/// Whether the server would rather forget keys than refuse new ones, as far as it tells.
inline result<bool> evicts(connection& on) {
    const auto configured = on.run({"CONFIG", "GET", "maxmemory-policy"});
    if (!configured) return unexpected(configured.error());
    if ((*configured)->type == REDIS_REPLY_ARRAY && (*configured)->elements == 2) {
        const redisReply& value = *(*configured)->element[1];
        return std::string_view(value.str, value.len) != "noeviction";
    }
    // Not permitted, as with most servers for rent.
    const auto told = on.run({"INFO", "memory"});
    if (!told) return unexpected(told.error());
    if ((*told)->type != REDIS_REPLY_STRING) return false;
    const std::string_view text = text_of(*told);
    const std::size_t at = text.find("maxmemory_policy:");
    return at != std::string_view::npos &&
           !text.substr(at).starts_with("maxmemory_policy:noeviction");
}

}  // namespace webhookpp::stores::redis_detail

#endif
