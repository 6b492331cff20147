// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in a cpp-httplib server and prints each event.
//
//     SEATSIO_SECRET=whsec_... seatsio_receiver --port 8080
//
// A starting point to copy, with the headers beside it: seatsio_endpoint.hpp has the handlers, to
// be replaced by what your program does with the events.

#include "seatsio_endpoint.hpp"
#include "webhook_server.hpp"

int main(int argc, char** argv) {
    return example::run(
        argc, argv, [](const example::endpoint& receiver, const example::address& where) {
            example::webhook_server server;
            server.add(example::seatsio_path, [&](const webhookpp::delivery& delivery) {
                return receiver.receive(delivery);
            });
            server.serve(where);
        });
}
