// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in a uWebSockets server and prints each event.
//
//     SEATSIO_SECRET=whsec_... uwebsockets_receiver --port 8080
//
// A request is gone when its handler returns, and the body comes later in pieces: what the receiver
// reads of the headers is copied, and the body is collected. All handlers run in the thread of the
// event loop: keep them short. uWebSockets itself refuses headers of more than 4 KiB, and ends
// connections that are idle for ten seconds or send less than 16 KiB in a second.

#include <App.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include <webhookpp/bounded_body.hpp>

#include "seatsio_endpoint.hpp"

namespace {

void answer(uWS::HttpResponse<false>* response, const webhookpp::reply& reply) {
    response->writeStatus(std::to_string(reply.status) + " ");
    for (const auto& [name, value] : reply.headers) response->writeHeader(name, value);
    response->end(reply.body);
}

void receive(const example::endpoint& receiver, uWS::HttpResponse<false>* response,
             uWS::HttpRequest* request) {
    // It wants to be told, although nothing is left to do: what was collected goes with it.
    response->onAborted([] {});
    response->onData([&receiver, response, headers = receiver.collect(*request),
                      body = webhookpp::bounded_body()](std::string_view piece, bool last) mutable {
        body.append(piece);
        if (last) {
            answer(response, receiver.receive({headers, body}));
        } else if (body.is_endless()) {
            // What is too large is read to its end, within bounds, so that the sender gets an
            // answer, and not a connection that breaks off.
            response->close();
        }
    });
}

void serve(const example::endpoint& receiver, const example::address& where) {
    const example::stop_signals signals;
    uWS::App server;
    bool listening = false;
    server.post(example::seatsio_path,
                [&](auto* response, auto* request) { receive(receiver, response, request); });
    server.any("/*", [](auto* response, auto* /*request*/) { answer(response, {.status = 404}); });
    // If not exclusive, two servers could share a port, and deliveries go to either.
    server.listen(where.host, where.port, LIBUS_LISTEN_EXCLUSIVE_PORT, [&](auto* socket) {
        listening = socket != nullptr;
        if (!listening) return;
        const int port = us_socket_local_port(0, reinterpret_cast<us_socket_t*>(socket));
        example::print_listening({where.host, port});
    });
    if (!listening) {
        throw std::runtime_error("cannot listen on " + where.text() + ": is the port in use?");
    }
    // Only defer() may be called from another thread.
    std::thread stopper([&signals, &server, loop = uWS::Loop::get()] {
        signals.wait();
        loop->defer([&server] { server.close(); });
    });
    server.run();
    stopper.join();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(argc, argv, serve);
}
