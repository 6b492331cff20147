// SPDX-License-Identifier: MIT
// What every example receiver of this folder does, whatever the HTTP server: proves that a delivery
// is from seats.io, prints its event, and says what to answer.
#ifndef WEBHOOKPP_EXAMPLES_SEATSIO_ENDPOINT_HPP
#define WEBHOOKPP_EXAMPLES_SEATSIO_ENDPOINT_HPP

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <utility>

#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/webhookpp.hpp>

#include "program.hpp"

namespace example {

namespace wh = webhookpp;
using namespace wh::seatsio;

/// The path to which seats.io posts.
inline constexpr const char* seatsio_path = "/webhooks/seatsio";

inline std::string described(const event_log_item& item) {
    return item.data.key + " in workspace " + item.data.workspace_key + " at " +
           item.timestamp.to_string() + " (item " + std::to_string(item.id) + ")";
}

inline void log(const wh::outcome& outcome) {
    if (!outcome.error) return;  // the handler has printed the event
    std::string line = "refused " + std::to_string(outcome.status) + " ";
    line.append(name(outcome.error->code)).append(" ").append(outcome.error->where);
    if (!outcome.exception_text.empty()) line.append(": ").append(outcome.exception_text);
    print(line);
}

inline auto make_receiver(const wh::key& secret) {
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

/// What `make_receiver` makes. `receive` may be called from any number of threads.
using endpoint = decltype(make_receiver(std::declval<wh::key>()));

/// Says that deliveries are taken from now on, at `where`.
inline void print_listening(const address& where) {
    print("listening on http://" + where.text() + seatsio_path);
}

/// Reads the command line and the secret, and runs `serve(endpoint, address)`, which listens until
/// SIGINT or SIGTERM. Returns the exit status of the program.
template <class Serve>
int run(int argc, char** argv, Serve serve) try {
    std::optional<std::string> secret;
    const auto add_options = [&secret](CLI::App& app) {
        app.add_option("--secret", secret,
                       "The endpoint's secret (whsec_...). Others on this machine can see it: "
                       "better put it into the environment variable SEATSIO_SECRET");
    };
    return run("Receives the webhooks of seats.io and prints each event.", argc, argv, add_options,
               [&](const address& where) {
                   const endpoint receiver =
                       make_receiver(secret ? wh::key::from_text(*secret)
                                            : wh::key::from_environment("SEATSIO_SECRET"));
                   serve(receiver, where);
               });
} catch (...) {
    return 1;  // never: but clang-tidy takes what lambdas throw for thrown here
}

}  // namespace example

#endif
