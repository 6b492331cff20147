// Receives the webhooks of seats.io in a cpp-httplib server and prints each event.
//
//     SEATSIO_SECRET=whsec_... seatsio_receiver --port 8080
//
// A starting point to copy, with webhook_server.hpp: replace the handlers by what your program does
// with the events.

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/webhookpp.hpp>

#include "webhook_server.hpp"

namespace wh = webhookpp;
using example::print;
using namespace wh::seatsio;

namespace {

std::string described(const event_log_item& item) {
    return item.data.key + " in workspace " + item.data.workspace_key + " at " +
           item.timestamp.to_string() + " (item " + std::to_string(item.id) + ")";
}

void log(const wh::outcome& outcome) {
    if (!outcome.error) return;  // the handler has printed the event
    std::string line = "refused " + std::to_string(outcome.status) + " ";
    line.append(name(outcome.error->code)).append(" ").append(outcome.error->where);
    if (!outcome.exception_text.empty()) line.append(": ").append(outcome.exception_text);
    print(line);
}

auto make_receiver(const wh::key& secret) {
    return wh::receiver{
        wh::verifier<wh::seatsio::scheme>{secret},
        wh::parser<wh::seatsio::catalog>{},
        wh::handlers{
            [](const chart_created& e) { print("accepted chart created: " + described(e)); },
            [](const chart_published& e) { print("accepted chart published: " + described(e)); },
            [](const event_for_sale_config_updated& e) {
                print("accepted for-sale configuration updated: " + described(e));
            },
            [](const event_channels_updated& e) {
                print("accepted channels updated: " + described(e));
            },
            [](const event_categories_updated& e) {
                print("accepted categories updated: " + described(e));
            },
            [](const event_table_booking_config_updated& e) {
                print("accepted table booking configuration updated: " + described(e));
            },
            [](const wh::unknown_event& e) { print("accepted an event of a new type: " + e.type); },
        },
        {.log = log}};
}

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app("Receives the webhooks of seats.io and prints each event.");
    std::string address = "127.0.0.1";
    int port = 8080;
    std::optional<std::string> secret;
    app.add_option("--bind", address, "Address to listen on")->capture_default_str();
    app.add_option("--port", port, "Port to listen on; 0 takes a free one")
        ->envname("PORT")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    app.add_option("--secret", secret,
                   "The endpoint's secret (whsec_...). Others on this machine can see it: better "
                   "put it into the environment variable SEATSIO_SECRET");
    CLI11_PARSE(app, argc, argv);
    const auto receiver = make_receiver(secret ? wh::key::from_text(*secret)
                                               : wh::key::from_environment("SEATSIO_SECRET"));
    example::webhook_server server;
    server.add("/webhooks/seatsio",
               [&](const wh::delivery& delivery) { return receiver.receive(delivery); });
    return server.run(address, port);
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
