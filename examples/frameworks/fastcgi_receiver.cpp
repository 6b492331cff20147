// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io behind nginx, over FastCGI, and prints each event.
//
//     SEATSIO_SECRET=whsec_... fastcgi_receiver --port 9000
//     SEATSIO_SECRET=whsec_... fastcgi_receiver --bind unix:/run/webhooks.sock
//
// nginx_fastcgi.conf is the configuration of nginx for it. Only nginx may reach the port, or write
// to the socket: whoever can, is trusted as it is.
//
// The headers come as variables, HTTP_WEBHOOK_ID, which adapters/cgi.hpp makes headers again.
// fcgi_stdio.h, which makes stdin and printf mean other things, is not needed. FCGX_OpenSocket ends
// the program where it fails, so the socket is made here.

#include <fcgiapp.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <webhookpp/adapters/cgi.hpp>
#include <webhookpp/bounded_body.hpp>

#include "listening_socket.hpp"
#include "seatsio_endpoint.hpp"

namespace {

namespace wh = webhookpp;
using namespace std::chrono_literals;

void put(FCGX_Request& request, std::string_view text) {
    FCGX_PutStr(text.data(), static_cast<int>(text.size()), request.out);
}

void answer(FCGX_Request& request, const wh::reply& reply) {
    put(request, "Status: "), put(request, std::to_string(reply.status));
    for (const auto& [name, value] : reply.headers) {
        put(request, "\r\n"), put(request, name), put(request, ": "), put(request, value);
    }
    put(request, "\r\n\r\n"), put(request, reply.body);
}

wh::reply reply_to(const example::endpoint& receiver, FCGX_Request& request) {
    const wh::adapters::cgi_request cgi(request.envp);
    // SCRIPT_NAME is the path as nginx understood it, without the query.
    if (cgi.method() != "POST" || cgi.variable("SCRIPT_NAME") != example::seatsio_path) {
        return {.status = 404};
    }
    wh::bounded_body body;
    std::array<char, 8192> piece;
    int size = 0;
    while ((size = FCGX_GetStr(piece.data(), piece.size(), request.in)) > 0) {
        if (!body.append(std::string_view(piece.data(), static_cast<std::size_t>(size)))) break;
    }
    // nginx announces each body that it has read itself, also one that came in chunks.
    const bool whole = cgi.content_length() == body.received();
    if (!whole && body.has_room_for(body.received())) return {.status = 400};
    return receiver.receive({.headers = cgi, .body = body});
}

// Takes one request at a time. Nothing here throws.
void work(const example::endpoint& receiver, int socket, const std::atomic<bool>& stopping) {
    FCGX_Request request;
    FCGX_InitRequest(&request, socket, 0);
    while (!stopping) {
        if (FCGX_Accept_r(&request) != 0) {
            std::this_thread::sleep_for(10ms);  // nobody came, or too many files are open
            continue;
        }
        answer(request, reply_to(receiver, request));
        FCGX_Finish_r(&request);
        // nginx may want to keep the connection, but that would keep this thread.
        FCGX_Free(&request, 1);
    }
}

std::unique_ptr<example::listening_socket> listen_on(const example::address& asked) {
    constexpr std::string_view prefix = "unix:";
    if (!asked.host.starts_with(prefix)) return std::make_unique<example::listening_socket>(asked);
    return std::make_unique<example::listening_socket>(asked.host.substr(prefix.size()));
}

void serve(const example::endpoint& receiver, const example::address& asked) {
    const example::stop_signals signals;
    const auto socket = listen_on(asked);
    // TCP connections inherit it. nginx has all of a request before it sends any of it.
    const timeval quiet{15, 0};
    setsockopt(socket->get(), SOL_SOCKET, SO_RCVTIMEO, &quiet, sizeof quiet);
    // Interrupts a thread that waits. The library would set a handler of its own, which, like
    // FCGX_ShutdownPending, can leave it in an endless loop if the socket is a Unix domain one.
    struct sigaction interrupt = {};
    interrupt.sa_handler = [](int) {};
    sigaction(SIGUSR1, &interrupt, nullptr);
    FCGX_Init();
    std::atomic<bool> stopping = false;
    std::atomic<int> running = 8;
    std::vector<std::thread> workers;
    for (int i = running; i > 0; --i) {
        workers.emplace_back([&] {
            work(receiver, socket->get(), stopping);
            --running;
        });
    }
    example::print("listening for FastCGI on " + socket->text());
    signals.wait();
    stopping = true;
    shutdown(socket->get(), SHUT_RDWR);
    // Those who are at work may finish it. After a while they are no longer waited for.
    for (int tenths = 0; running > 0; ++tenths) {
        if (tenths >= 30) {
            for (std::thread& worker : workers) pthread_kill(worker.native_handle(), SIGUSR1);
        }
        std::this_thread::sleep_for(100ms);
    }
    for (std::thread& worker : workers) worker.join();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(argc, argv, &serve);
}
