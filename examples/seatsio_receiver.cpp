// Receives the webhooks of seats.io in a cpp-httplib server and prints each event.
//
//     SEATSIO_SECRET=whsec_... seatsio_receiver --port 8080
//
// A starting point to copy: replace the handlers by what your program does with the events.

#include <httplib.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <thread>

#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/webhookpp.hpp>

namespace wh = webhookpp;
using namespace wh::seatsio;

namespace {

constexpr const char* path = "/webhooks/seatsio";

// One output a line, so that lines of several threads do not mix. An event may hold any text: no
// part of it may look like a line of its own, or speak to the terminal.
void print(std::string line) {
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    std::cout << line + '\n' << std::flush;
}

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

// Keeps at most one byte more than the limit, which is enough to be refused, but reads on for a
// while: so the sender gets the answer and not a connection that breaks off.
std::string read_body(const httplib::ContentReader& read, std::size_t limit) {
    std::string body;
    std::size_t received = 0;
    read([&](const char* data, std::size_t size) {
        body.append(data, std::min(size, limit + 1 - body.size()));
        received += size;
        return received <= 16 * limit;
    });
    return body;
}

// Waits for SIGINT or SIGTERM, which all threads have blocked, and stops the server.
void stop_on(const sigset_t& signals, httplib::Server& server) {
    int received = 0;
    sigwait(&signals, &received);
    using namespace std::chrono_literals;
    for (int i = 0; i < 500 && !server.is_running(); ++i) std::this_thread::sleep_for(10ms);
    server.stop();
}

int run(const std::string& address, int port, const wh::key& secret) {
    const auto receiver = make_receiver(secret);

    httplib::Server server;
    // The library's default would let two servers share a port, and deliveries go to either.
    server.set_socket_options([](socket_t socket) {
        const int yes = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    const std::size_t limit = wh::limits().body;
    server.set_payload_max_length(16 * limit);
    // What was not read of a body must not be taken for the next request.
    server.set_keep_alive_max_count(1);
    server.Post(path, [&](const httplib::Request& request, httplib::Response& response,
                          const httplib::ContentReader& read) {
        // The library unpacks these, but what is signed is the body as it was sent. No provider
        // sends events in such bodies, so none is read.
        const bool unpacked =
            request.is_multipart_form_data() || request.has_header("Content-Encoding");
        const std::string body = unpacked ? std::string() : read_body(read, limit);
        const wh::reply reply = receiver.receive({request.headers, body});
        response.status = reply.status;
        response.body = reply.body;
        for (const auto& [name, value] : reply.headers) {
            response.set_header(std::string(name), std::string(value));
        }
    });

    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    const int bound = port == 0 ? server.bind_to_any_port(address)
                                : (server.bind_to_port(address, port) ? port : -1);
    if (bound < 0) {
        std::cerr << "cannot listen on " << address << ':' << port << ": is the port in use?\n";
        return 1;
    }
    print("listening on http://" + address + ":" + std::to_string(bound) + path);
    std::thread stopper([&] { stop_on(signals, server); });
    const bool stopped = server.listen_after_bind();
    if (!stopped) kill(getpid(), SIGTERM);  // wakes the thread that waits for it
    stopper.join();
    print("stopped");
    return stopped ? 0 : 1;
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
    return run(address, port,
               secret ? wh::key::from_text(*secret) : wh::key::from_environment("SEATSIO_SECRET"));
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
