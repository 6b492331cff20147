// SPDX-License-Identifier: MIT
// A real Redis for tests, on loopback, with its files in a directory of its own.
#ifndef WEBHOOKPP_TESTS_STORES_REDIS_SERVER_HPP
#define WEBHOOKPP_TESTS_STORES_REDIS_SERVER_HPP

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "child.hpp"

namespace servers {

/// A port that nobody listens on.
inline int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool bound = bind(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                       getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    close(socket);
    if (!bound) throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

class redis_server {
public:
    /// `more`: further words of the command line.
    explicit redis_server(std::vector<std::string> more = {})
        : user_(child::user::unprivileged()),
          directory_(user_),
          port_(free_port()),
          more_(std::move(more)) {
        start();
    }

    /// The one that all tests of this program share.
    static redis_server& shared() {
        static redis_server one;
        return one;
    }

    void start() {
        std::vector<std::string> words = {REDIS_PROGRAM,
                                          "--port",
                                          std::to_string(port_),
                                          "--bind",
                                          "127.0.0.1",
                                          "--unixsocket",
                                          unix_socket(),
                                          "--unixsocketperm",
                                          "777",
                                          "--dir",
                                          directory_.path(),
                                          "--save",
                                          "",
                                          "--appendonly",
                                          "yes",
                                          "--appendfsync",
                                          "always"};
        words.insert(words.end(), more_.begin(), more_.end());
        server_.emplace(words, user_, directory_.path("redis.log"), SIGKILL);
        const bool ready = child::eventually([&] {
            if (server_->gone()) throw std::runtime_error("redis-server has ended");
            const std::string answer = run({"PING"});
            return answer == "PONG" || answer.starts_with("NOAUTH");
        });
        if (!ready) throw std::runtime_error("redis-server does not start");
    }

    void stop(int signal = SIGKILL) { server_->stop(signal); }
    void restart() {
        stop();
        start();
    }
    [[nodiscard]] pid_t pid() const noexcept { return server_->pid(); }
    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] std::string unix_socket() const { return directory_.path("socket"); }

    /// The reply to a command, as text; of a list, the parts with blanks between.
    std::string run(const std::vector<std::string>& words) const {
        const std::unique_ptr<redisContext, void (*)(redisContext*)> context(
            redisConnect("127.0.0.1", port_), redisFree);
        if (!context || context->err != 0) return "no connection";
        std::vector<const char*> texts;
        std::vector<std::size_t> lengths;
        for (const std::string& word : words) {
            texts.push_back(word.data());
            lengths.push_back(word.size());
        }
        const std::unique_ptr<void, void (*)(void*)> reply(
            redisCommandArgv(context.get(), static_cast<int>(texts.size()), texts.data(),
                             lengths.data()),
            freeReplyObject);
        return reply ? text_of(*static_cast<const redisReply*>(reply.get())) : "no reply";
    }

private:
    static std::string text_of(const redisReply& reply) {
        switch (reply.type) {
            case REDIS_REPLY_INTEGER: return std::to_string(reply.integer);
            case REDIS_REPLY_NIL: return {};
            case REDIS_REPLY_ARRAY: {
                std::string all;
                for (std::size_t i = 0; i < reply.elements; ++i) {
                    all += (i == 0 ? "" : " ") + text_of(*reply.element[i]);
                }
                return all;
            }
            default: return {reply.str, reply.len};
        }
    }

    child::user user_;
    child::directory directory_;
    int port_;
    std::vector<std::string> more_;
    std::optional<child::process> server_;
};

}  // namespace servers

#endif
