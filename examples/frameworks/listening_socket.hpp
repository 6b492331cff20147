// SPDX-License-Identifier: MIT
// A listening socket, for libraries that do not say what went wrong, or which port they got.
#ifndef WEBHOOKPP_EXAMPLES_LISTENING_SOCKET_HPP
#define WEBHOOKPP_EXAMPLES_LISTENING_SOCKET_HPP

#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "../program.hpp"

namespace example {

/// Listens from its constructor on. Closes the socket unless it was released.
class listening_socket {
public:
    /// A TCP socket. `asked.port` 0 takes a free port. Throws std::runtime_error where it cannot
    /// listen there.
    explicit listening_socket(const address& asked) : where_(asked) {
        addrinfo wanted = {};
        wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
        wanted.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        if (getaddrinfo(asked.host.c_str(), std::to_string(asked.port).c_str(), &wanted, &found) !=
            0) {
            throw std::runtime_error("cannot listen on " + asked.text() + ": no such address");
        }
        const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
        listen_on(found->ai_addr, found->ai_addrlen, asked.text());
        where_.port = bound_port();
    }

    /// A Unix domain socket, whose file is removed at the end.
    explicit listening_socket(const std::string& path) : path_(path) {
        sockaddr_un name = {};
        name.sun_family = AF_UNIX;
        if (path.empty() || path.size() >= sizeof name.sun_path) {
            throw std::runtime_error("a socket's path has 1 to 107 characters");
        }
        std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
        listen_on(reinterpret_cast<const sockaddr*>(&name), sizeof name, path);
        made_file_ = true;
    }

    listening_socket(const listening_socket&) = delete;
    listening_socket& operator=(const listening_socket&) = delete;

    ~listening_socket() {
        if (socket_ >= 0) close(socket_);
        if (made_file_) unlink(path_.c_str());
    }

    /// Where it listens, with the port that it got.
    [[nodiscard]] const address& where() const noexcept { return where_; }

    [[nodiscard]] std::string text() const { return made_file_ ? "unix:" + path_ : where_.text(); }

    [[nodiscard]] int get() const noexcept { return socket_; }

    /// Leaves it to the caller to close the socket.
    int release() noexcept { return std::exchange(socket_, -1); }

private:
    void listen_on(const sockaddr* name, socklen_t size, const std::string& shown) {
        socket_ = socket(name->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        // A port of which old connections linger can be taken again, one that is in use cannot.
        const int yes = 1;
        setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        if (socket_ >= 0 && bind(socket_, name, size) == 0 && listen(socket_, SOMAXCONN) == 0) {
            return;
        }
        const std::string reason = std::generic_category().message(errno);
        if (socket_ >= 0) close(socket_);
        throw std::runtime_error("cannot listen on " + shown + ": " + reason);
    }

    [[nodiscard]] int bound_port() const {
        sockaddr_storage name = {};
        socklen_t size = sizeof name;
        char port[8] = {};
        if (getsockname(socket_, reinterpret_cast<sockaddr*>(&name), &size) != 0 ||
            getnameinfo(reinterpret_cast<const sockaddr*>(&name), size, nullptr, 0, port,
                        sizeof port, NI_NUMERICSERV) != 0) {
            return 0;
        }
        return std::stoi(port);
    }

    address where_;
    std::string path_;
    int socket_ = -1;
    bool made_file_ = false;
};

}  // namespace example

#endif
