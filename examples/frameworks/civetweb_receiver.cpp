// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in a CivetWeb server and prints each event.
//
//     SEATSIO_SECRET=whsec_... civetweb_receiver --port 8080
//
// CivetWeb calls a handler in a thread of the connection's own, and the handler reads the body. It
// has to look itself whether the body is whole: a body that breaks off reads like one that ends.
// Of more than 64 headers CivetWeb drops the rest, and then a delivery is refused as unsigned.

#include <civetweb.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <webhookpp/bounded_body.hpp>

#include "seatsio_endpoint.hpp"

namespace {

namespace wh = webhookpp;
using std::chrono::steady_clock;

// However slowly a body drips, it holds its thread no longer.
constexpr std::chrono::seconds body_time(60);

// Reads the body, and what goes beyond the limit for a while, so that the sender gets an answer.
// Returns whether the body is whole.
bool read_body(mg_connection* connection, wh::bounded_body& body) {
    const auto give_up = steady_clock::now() + body_time;
    const long long length = mg_get_request_info(connection)->content_length;
    // mg_read waits until it has all that it was asked for: small pieces, that it comes back.
    std::array<char, 64> piece;
    int size = 0;
    while ((size = mg_read(connection, piece.data(), piece.size())) > 0) {
        body.append(std::string_view(piece.data(), static_cast<std::size_t>(size)));
        if (body.is_endless() || steady_clock::now() > give_up) return false;
    }
    // -1 is the end of a chunked body that has none.
    return length < 0 ? size == 0 : body.received() == static_cast<std::uint64_t>(length);
}

// In one piece: mg_response_header_start does nothing once `100 Continue` was sent.
void answer(mg_connection* connection, const wh::reply& reply) {
    const std::string_view body = reply.body;
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " ";
    text.append(mg_get_response_code_text(connection, reply.status));
    for (const auto& [name, value] : reply.headers) {
        text.append("\r\n").append(name).append(": ").append(std::string_view(value));
    }
    text += "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n";
    text.append(body);
    mg_write(connection, text.data(), text.size());
}

// Called for each path that begins with the one that it was set for. Returns the status, for
// CivetWeb's access log.
int on_request(mg_connection* connection, void* endpoint) try {
    const auto& receiver = **static_cast<const example::endpoint**>(endpoint);
    const mg_request_info* const request = mg_get_request_info(connection);
    wh::reply reply{.status = 404};
    if (std::string_view(request->local_uri) == example::seatsio_path &&
        std::string_view(request->request_method) == "POST") {
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        if (mg_get_header(connection, "Expect")) mg_write(connection, go_on.data(), go_on.size());
        wh::bounded_body body;
        const bool whole = read_body(connection, body);
        if (whole || !body.has_room_for(body.received())) {
            const std::span headers(request->http_headers,
                                    static_cast<std::size_t>(request->num_headers));
            reply = receiver.receive({headers, body});
        } else {
            reply.status = 400;
        }
    }
    answer(connection, reply);
    return reply.status;
} catch (const std::exception&) {
    return 500;  // out of memory: the connection is closed without an answer
}

void serve(const example::endpoint& receiver, const example::address& asked) {
    const example::stop_signals signals;
    const std::string ports = asked.text();
    const char* options[] = {"listening_ports",
                             ports.c_str(),  //
                             "num_threads",
                             "16",  // deliveries at the same time
                             "request_timeout_ms",
                             "5000",  // for the headers, and for each piece of the body
                             "max_request_size",
                             "16384",  // of the headers
                             "enable_keep_alive",
                             "no",  //
                             nullptr};
    mg_init_library(MG_FEATURES_DEFAULT);
    const std::unique_ptr<mg_context, decltype(&mg_stop)> server(
        mg_start(nullptr, nullptr, options), &mg_stop);
    if (!server) {
        throw std::runtime_error("cannot listen on " + ports + ": is the port in use?");
    }
    const example::endpoint* endpoint = &receiver;
    mg_set_request_handler(server.get(), "/", &on_request, &endpoint);
    mg_server_port listening = {};
    mg_get_server_ports(server.get(), 1, &listening);
    example::print_listening({.host = asked.host, .port = listening.port});
    signals.wait();
}

}  // namespace

int main(int argc, char** argv) {
    const int status = example::run(argc, argv, &serve);
    mg_exit_library();
    return status;
}
