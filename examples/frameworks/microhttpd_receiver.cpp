// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in a GNU libmicrohttpd server and prints each event.
//
//     SEATSIO_SECRET=whsec_... microhttpd_receiver --port 8080
//
// libmicrohttpd calls one function for each request again and again: when the headers are there,
// for each piece of the body, and once more at the end. What belongs to the request hangs on the
// pointer `state`. An answer can be given in the first call, instead of the body, or in the last
// one. A body that breaks off has no last call. Headers can only be visited, which header_traits
// tells the library once.

#include <microhttpd.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <webhookpp/bounded_body.hpp>

#include "listening_socket.hpp"
#include "seatsio_endpoint.hpp"

// [header_traits]
template <>
struct webhookpp::header_traits<MHD_Connection> {
    static void visit(MHD_Connection& connection, header_sink sink) {
        MHD_get_connection_values(&connection, MHD_HEADER_KIND, &show, &sink);
    }

private:
    static MHD_Result show(void* sink, MHD_ValueKind, const char* name, const char* value) {
        (*static_cast<header_sink*>(sink))(name, value ? value : "");
        return MHD_YES;
    }
};
// [header_traits]

namespace {

namespace wh = webhookpp;
using std::chrono::steady_clock;

// From header to header and from piece to piece; and for a whole body, however slowly it drips.
constexpr unsigned idle_seconds = 15;
constexpr std::chrono::seconds body_time(60);
// What a connection has for headers; with more, the answer is 431.
constexpr std::size_t header_bytes = 32'768;

struct incoming {
    wh::bounded_body body;
    steady_clock::time_point give_up = steady_clock::now() + body_time;
};

MHD_Result answer(MHD_Connection* connection, const wh::reply& reply) {
    std::string text(std::string_view(reply.body));
    MHD_Response* response =
        MHD_create_response_from_buffer(text.size(), text.data(), MHD_RESPMEM_MUST_COPY);
    if (!response) return MHD_NO;
    for (const auto& [name, value] : reply.headers) {
        MHD_add_response_header(response, std::string(name).c_str(),
                                std::string(std::string_view(value)).c_str());
    }
    const MHD_Result queued =
        MHD_queue_response(connection, static_cast<unsigned>(reply.status), response);
    MHD_destroy_response(response);
    return queued;
}

// MHD_NO closes the connection.
MHD_Result on_request(void* endpoint, MHD_Connection* connection, const char* path,
                      const char* method, const char*, const char* piece, std::size_t* size,
                      void** state) try {
    const auto& receiver = **static_cast<const example::endpoint**>(endpoint);
    auto* request = static_cast<incoming*>(*state);
    if (!request) {
        if (std::string_view(path) != example::seatsio_path ||
            std::string_view(method) != MHD_HTTP_METHOD_POST) {
            return answer(connection, {.status = MHD_HTTP_NOT_FOUND});
        }
        *state = new incoming;  // until on_completed
        return MHD_YES;
    }
    if (*size != 0) {
        request->body.append(std::string_view(piece, *size));
        *size = 0;
        // What goes beyond the limit is read and dropped for a while: the sender gets its answer
        // when it has sent all.
        const bool goes_on = !request->body.is_endless() && steady_clock::now() < request->give_up;
        return goes_on ? MHD_YES : MHD_NO;
    }
    return answer(connection, receiver.receive({.headers = *connection, .body = request->body}));
} catch (const std::exception&) {
    return MHD_NO;  // out of memory
}

void on_completed(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
    const std::unique_ptr<incoming> ended(static_cast<incoming*>(*state));
    *state = nullptr;
}

void serve(const example::endpoint& receiver, const example::address& asked) {
    const example::stop_signals signals;
    example::listening_socket socket(asked);
    const example::endpoint* endpoint = &receiver;
    // Four threads, each with many connections: what hangs or drips holds up nobody.
    // NOLINTBEGIN(cppcoreguidelines-pro-type-vararg): there is no other way to start it
    const std::unique_ptr<MHD_Daemon, decltype(&MHD_stop_daemon)> server(
        MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD, 0, nullptr, nullptr, &on_request, &endpoint,
                         MHD_OPTION_LISTEN_SOCKET, socket.get(),  //
                         MHD_OPTION_NOTIFY_COMPLETED, &on_completed, nullptr,
                         MHD_OPTION_THREAD_POOL_SIZE, 4U,                   //
                         MHD_OPTION_CONNECTION_LIMIT, 256U,                 //
                         MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,       //
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, header_bytes,  //
                         MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END),
        &MHD_stop_daemon);
    // NOLINTEND(cppcoreguidelines-pro-type-vararg)
    if (!server) throw std::runtime_error("libmicrohttpd cannot start its threads");
    const example::address where = socket.where();
    socket.release();  // the server closes it
    example::print_listening(where);
    signals.wait();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(argc, argv, &serve);
}
