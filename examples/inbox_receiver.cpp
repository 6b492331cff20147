// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io into an inbox, in a cpp-httplib server: each delivery is
// answered when it is stored, and handled afterwards.
//
//     SEATSIO_SECRET=whsec_... inbox_receiver --port 8080 --store inbox.db
//     SEATSIO_SECRET=whsec_... inbox_receiver --port 8080 --store postgres://user@host/database
//
// A starting point to copy, with the headers beside it: inbox_endpoint.hpp has the handlers.

#include <CLI/CLI.hpp>

#include "inbox_endpoint.hpp"
#include "webhook_server.hpp"

namespace {

void serve(const example::inbox_settings& settings, const example::address& where) {
    // Before any thread starts, so that none of them takes the signals.
    const example::stop_signals signals;
    example::with_inbox(settings, [&](const auto& endpoint) {
        example::webhook_server server;
        server.add(example::inbox_path,
                   [&](const webhookpp::delivery& delivery) { return endpoint.receive(delivery); });
        server.serve(where);
    });
}

}  // namespace

int main(int argc, char** argv) {
    example::inbox_settings settings;
    return example::run(
        "Receives the webhooks of seats.io into an inbox, and handles them afterwards.", argc, argv,
        [&](CLI::App& app) { settings.add_to(app); },
        [&](const example::address& where) { serve(settings, where); });
}
