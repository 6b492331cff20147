// What the example receivers share: a cpp-httplib server that hands each delivery over as it came.
#ifndef WEBHOOKPP_EXAMPLES_WEBHOOK_SERVER_HPP
#define WEBHOOKPP_EXAMPLES_WEBHOOK_SERVER_HPP

#include <httplib.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <utility>

#include <webhookpp/reply.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/verifier_options.hpp>

namespace example {

/// Prints one line: one output, so that lines of several threads do not mix. An event may hold any
/// text: no part of it may look like a line of its own, or speak to the terminal.
inline void print(std::string line) {
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    std::cout << line + '\n' << std::flush;
}

class webhook_server {
public:
    using receiver = std::function<webhookpp::reply(const webhookpp::delivery&)>;

    webhook_server() {
        // The library's default would let two servers share a port, and deliveries go to either.
        server_.set_socket_options([](socket_t socket) {
            const int yes = 1;
            setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        });
        server_.set_payload_max_length(16 * limit);
        // What was not read of a body must not be taken for the next request.
        server_.set_keep_alive_max_count(1);
    }

    /// Hands what is posted to `path` to `receive`, from several threads.
    void add(const std::string& path, receiver receive) {
        paths_ += (paths_.empty() ? "" : " ") + path;
        server_.Post(path, [receive = std::move(receive)](const httplib::Request& request,
                                                          httplib::Response& response,
                                                          const httplib::ContentReader& read) {
            // The library unpacks these, but what is signed is the body as it was sent. No provider
            // sends events in such bodies, so none is read.
            const bool unpacked =
                request.is_multipart_form_data() || request.has_header("Content-Encoding");
            const std::string body = unpacked ? std::string() : read_body(read);
            answer(response, receive({request.headers, body, request.method, request.target}));
        });
    }

    /// Hands what is asked of `path` with GET to `receive`: some handshakes come so.
    void add_get(const std::string& path, receiver receive) {
        server_.Get(path, [receive = std::move(receive)](const httplib::Request& request,
                                                         httplib::Response& response) {
            answer(response, receive({.headers = request.headers,
                                      .method = request.method,
                                      .target = request.target}));
        });
    }

    /// Serves until SIGINT or SIGTERM. Returns the exit status of the program.
    int run(const std::string& address, int port) {
        sigset_t signals;
        sigemptyset(&signals);
        sigaddset(&signals, SIGINT);
        sigaddset(&signals, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);

        const int bound = port == 0 ? server_.bind_to_any_port(address)
                                    : (server_.bind_to_port(address, port) ? port : -1);
        if (bound < 0) {
            std::cerr << "cannot listen on " << address << ':' << port << ": is the port in use?\n";
            return 1;
        }
        print("listening on http://" + address + ":" + std::to_string(bound) + paths_);
        std::thread stopper([&] { stop_on(signals); });
        const bool stopped = server_.listen_after_bind();
        if (!stopped) kill(getpid(), SIGTERM);  // wakes the thread that waits for it
        stopper.join();
        print("stopped");
        return stopped ? 0 : 1;
    }

private:
    static constexpr std::size_t limit = webhookpp::limits().body;

    static void answer(httplib::Response& response, const webhookpp::reply& reply) {
        response.status = reply.status;
        response.body = reply.body;
        for (const auto& [name, value] : reply.headers) {
            response.set_header(std::string(name), std::string(value));
        }
    }

    // Keeps at most one byte more than the limit, which is enough to be refused, but reads on for a
    // while: so the sender gets the answer and not a connection that breaks off.
    static std::string read_body(const httplib::ContentReader& read) {
        std::string body;
        std::size_t received = 0;
        read([&](const char* data, std::size_t size) {
            body.append(data, std::min(size, limit + 1 - body.size()));
            received += size;
            return received <= 16 * limit;
        });
        return body;
    }

    // Waits for a signal that all threads have blocked, and stops the server.
    void stop_on(const sigset_t& signals) {
        int received = 0;
        sigwait(&signals, &received);
        using namespace std::chrono_literals;
        for (int i = 0; i < 500 && !server_.is_running(); ++i) std::this_thread::sleep_for(10ms);
        server_.stop();
    }

    httplib::Server server_;
    std::string paths_;
};

}  // namespace example

#endif
