// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in a Crow server (1.3 or newer) and prints each event.
//
//     SEATSIO_SECRET=whsec_... crow_receiver --port 8080
//
// The headers and the body of a request are handed over as they are, once the whole body is in
// memory. Crow has no limit for it, nor for the time that a request takes: put a proxy in front of
// it that has both, such as nginx. It takes trailers behind a chunked body for headers, and serves
// the files of the folder `static`, where there is one, if not told otherwise.

#define CROW_DISABLE_STATIC_DIR
#include <crow.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#include "seatsio_endpoint.hpp"

namespace {

void serve(const example::endpoint& receiver, const example::address& where) {
    const example::stop_signals signals;
    crow::SimpleApp server;
    server.route_dynamic(example::seatsio_path)
        .methods(crow::HTTPMethod::Post)([&receiver](const crow::request& request) {
            const auto reply =
                receiver.receive({request.headers, request.body, crow::method_name(request.method),
                                  request.raw_url});
            crow::response response(reply.status, std::string(reply.body));
            for (const auto& [name, value] : reply.headers) {
                response.set_header(std::string(name), std::string(value));
            }
            return response;
        });
    server.bindaddr(where.host)
        .port(static_cast<std::uint16_t>(where.port))
        .signal_clear()  // they are waited for here
        .timeout(10)     // seconds without a byte
        .concurrency(4)
        .loglevel(crow::LogLevel::Critical);

    const auto running = server.run_async();
    server.wait_for_server_start();
    if (!server.is_bound()) {
        throw std::runtime_error("cannot listen on " + where.text() + ": is the port in use?");
    }
    example::print_listening({where.host, server.port()});
    signals.wait();
    server.stop();
    running.wait();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(argc, argv, serve);
}
