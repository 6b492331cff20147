// SPDX-License-Identifier: MIT
// What the example receivers share: a cpp-httplib server that hands each delivery over as it came.
#ifndef WEBHOOKPP_EXAMPLES_WEBHOOK_SERVER_HPP
#define WEBHOOKPP_EXAMPLES_WEBHOOK_SERVER_HPP

#include <httplib.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <webhookpp/adapters/httplib.hpp>
#include <webhookpp/reply.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/verifier_options.hpp>

#include "program.hpp"

namespace example {

class webhook_server {
public:
    using receiver = std::function<webhookpp::reply(const webhookpp::delivery&)>;

    webhook_server() {
        // The library's default would let two servers share a port, and deliveries go to either.
        server_.set_socket_options([](socket_t socket) {
            const int yes = 1;
            setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        });
        server_.set_payload_max_length(16 * webhookpp::limits().body);
        // What was not read of a body must not be taken for the next request.
        server_.set_keep_alive_max_count(1);
        // What is signed is the body as it was sent.
        server_.set_pre_routing_handler([](const httplib::Request& request, httplib::Response&) {
            webhookpp::adapters::keep_body_as_sent(request);
            return httplib::Server::HandlerResponse::Unhandled;
        });
    }

    /// Hands what is posted to `path` to `receive`, from several threads.
    void add(const std::string& path, receiver receive) {
        paths_ += (paths_.empty() ? "" : " ") + path;
        server_.Post(path, [receive = std::move(receive)](const httplib::Request& request,
                                                          httplib::Response& response,
                                                          const httplib::ContentReader& read) {
            const auto body = webhookpp::adapters::read_body(read);
            if (!body) return;  // it broke off: the library answers 400
            answer(response, receive({request.headers, *body, request.method, request.target}));
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

    /// Serves until SIGINT or SIGTERM. Throws std::runtime_error when it cannot listen there.
    void serve(const address& asked) {
        const stop_signals signals;
        address where = asked;
        if (asked.port == 0) {
            where.port = server_.bind_to_any_port(asked.host);
        } else if (!server_.bind_to_port(asked.host, asked.port)) {
            where.port = -1;
        }
        if (where.port < 0) {
            throw std::runtime_error("cannot listen on " + asked.text() + ": is the port in use?");
        }
        print("listening on http://" + where.text() + paths_);
        std::thread stopper([&] { stop_on(signals); });
        const bool stopped = server_.listen_after_bind();
        if (!stopped) kill(getpid(), SIGTERM);  // wakes the thread that waits for it
        stopper.join();
        if (!stopped) throw std::runtime_error("the server has ended by itself");
    }

private:
    static void answer(httplib::Response& response, const webhookpp::reply& reply) {
        response.status = reply.status;
        response.body = reply.body;
        for (const auto& [name, value] : reply.headers) {
            response.set_header(std::string(name), std::string(value));
        }
    }

    // Waits for a signal, and stops the server.
    void stop_on(const stop_signals& signals) {
        signals.wait();
        using namespace std::chrono_literals;
        for (int i = 0; i < 500 && !server_.is_running(); ++i) std::this_thread::sleep_for(10ms);
        server_.stop();
    }

    httplib::Server server_;
    std::string paths_;
};

}  // namespace example

#endif
