// SPDX-License-Identifier: MIT
// Receives the webhooks of all five providers in one server: five routes, each with a verifier, a
// catalog and handlers of its own.
//
//     SEATSIO_SECRET=whsec_...   -> /webhooks/seatsio
//     EVENTSAIR_SECRET=whsec_... -> /webhooks/eventsair
//     WAITWHILE_SECRET=... WAITWHILE_URL=https://... (as registered) -> /webhooks/waitwhile
//     GATSBY_TOKEN=...           -> /webhooks/gatsby?token=...
//     SEABLY_TOKEN=...           -> /webhooks/seably?token=...

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>

#include <webhookpp/providers/eventsair.hpp>
#include <webhookpp/providers/gatsby.hpp>
#include <webhookpp/providers/seably.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>
#include <webhookpp/webhookpp.hpp>

#include "webhook_server.hpp"

namespace wh = webhookpp;
namespace eventsair = wh::eventsair;
namespace gatsby = wh::gatsby;
namespace seably = wh::seably;
namespace seatsio = wh::seatsio;
namespace waitwhile = wh::waitwhile;

using example::print;

namespace {

// Every delivery is logged, with the name of the route.
wh::receiver_options logged_as(const std::string& provider) {
    return {.log = [provider](const wh::outcome& outcome) {
        std::string line = provider + ": " + std::to_string(outcome.status);
        if (outcome.error) {
            line.append(" ").append(name(outcome.error->code)).append(" ");
            line.append(outcome.error->where);
        } else if (!outcome.handled) {
            line += " nobody handles this event";
        }
        print(line);
    }};
}

auto seatsio_receiver() {
    return wh::receiver{
        wh::verifier<seatsio::scheme>{wh::key::from_environment("SEATSIO_SECRET")},
        wh::parser<seatsio::catalog>{},
        wh::handlers{
            [](const seatsio::chart_published& e) { print("chart published: " + e.data.key); },
            [](const seatsio::event_log_item& e) { print("something changed: " + e.data.key); },
            [](const wh::unknown_event& e) { print("a new event type: " + e.type); },
        },
        logged_as("seatsio")};
}

auto eventsair_receiver() {
    return wh::receiver{
        wh::verifier<eventsair::scheme>{wh::key::from_environment("EVENTSAIR_SECRET")},
        wh::parser<eventsair::catalog>{},
        wh::handlers{
            [](const eventsair::event_registration_created& e) {
                print("registration " + e.data.registration_id + " for event " + e.data.event_id);
            },
            [](const eventsair::event_contact_updated& e) {
                print("contact changed: " + e.data.contact_id);
            },
            [](const eventsair::other_event& e) {
                print("another " + std::string(e.entity()) + " was " + std::string(e.action()));
            },
        },
        logged_as("eventsair")};
}

// Waitwhile signs the URL as it was registered, and no time. So the age of an event is looked at:
// what is older than the days for which Waitwhile tries again can only be a replay.
template <class Event>
bool is_fresh(const Event& event) {
    const wh::tolerance allowed{.past = std::chrono::days(4), .future = wh::seconds(300)};
    return wh::check_age(event.created.unix_seconds(), wh::system_clock().now(), allowed)
        .has_value();
}

void print_visit(const char* what, const waitwhile::envelope<waitwhile::visit>& e) {
    if (!is_fresh(e)) return print("an old visit event is left alone");
    std::string line = what + (": " + e.data.id) + " is " + std::string(e.data.state.text());
    if (e.data.date) line += ", booked for " + e.data.date->to_string();
    print(line);
}

auto waitwhile_receiver() {
    const char* const url = std::getenv("WAITWHILE_URL");
    return wh::receiver{
        wh::verifier<waitwhile::scheme>{wh::key::from_environment("WAITWHILE_SECRET"),
                                        {.url = url ? url : ""}},
        wh::parser<waitwhile::catalog>{},
        wh::handlers{
            [](const waitwhile::visit_created& e) { print_visit("new visit", e); },
            [](const waitwhile::visit_updated& e) { print_visit("visit changed", e); },
            [](const waitwhile::location_status_updated& e) {
                print(std::to_string(e.data.num_waiting.value_or(0)) + " are waiting at " +
                      e.data.name.value_or(e.data.id));
            },
        },
        logged_as("waitwhile")};
}

// Gatsby and Seably sign nothing. The token in the URL keeps strangers out; what a body says should
// be looked up at the provider before much depends on it.
auto gatsby_receiver() {
    return wh::receiver{wh::verifier<gatsby::scheme>{wh::key::from_environment("GATSBY_TOKEN")},
                        wh::parser<gatsby::catalog>{},
                        wh::handlers{
                            [](const gatsby::rsvp_updated& e) {
                                print("guest " + e.person_id + ": " + e.data.previous_status +
                                      " -> " + e.data.rsvp_status);
                            },
                            [](const gatsby::guestlist_updated& e) {
                                print("guests added: " + std::to_string(e.data.added_count));
                            },
                        },
                        logged_as("gatsby")};
}

auto seably_receiver() {
    return wh::receiver{wh::verifier<seably::scheme>{wh::key::from_environment("SEABLY_TOKEN")},
                        wh::parser<seably::catalog>{},
                        wh::handlers{[](const seably::certificate_created& e) {
                            print("certificate " + e.payload.data.id);
                        }},
                        logged_as("seably")};
}

void serve(const example::address& where) {
    const auto from_seatsio = seatsio_receiver();
    const auto from_eventsair = eventsair_receiver();
    const auto from_waitwhile = waitwhile_receiver();
    const auto from_gatsby = gatsby_receiver();
    const auto from_seably = seably_receiver();

    example::webhook_server server;
    const auto add = [&server](const char* path, const auto& receiver) {
        server.add(path, [&](const wh::delivery& delivery) { return receiver.receive(delivery); });
    };
    add("/webhooks/seatsio", from_seatsio);
    add("/webhooks/eventsair", from_eventsair);
    add("/webhooks/waitwhile", from_waitwhile);
    add("/webhooks/gatsby", from_gatsby);
    add("/webhooks/seably", from_seably);
    server.serve(where);
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(
        "Receives the webhooks of all five providers and prints their events.", argc, argv,
        [](CLI::App& app) {
            app.footer(
                "Keys come from the environment: SEATSIO_SECRET, EVENTSAIR_SECRET, "
                "WAITWHILE_SECRET and WAITWHILE_URL,\nGATSBY_TOKEN, SEABLY_TOKEN.");
        },
        serve);
}
