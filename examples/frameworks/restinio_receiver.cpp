// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in a restinio server and prints each event.
//
//     SEATSIO_SECRET=whsec_... restinio_receiver --port 8080
//
// The header of a request is handed over as it is, and its body is complete when the handler is
// called. restinio has no limits of its own, so they are all set here: what exceeds one of them is
// not answered, the connection is closed. It does not answer `Expect: 100-continue` either, for
// which curl waits one second.

#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

#include <restinio/all.hpp>

#include "seatsio_endpoint.hpp"

namespace {

using namespace std::chrono_literals;

struct server_traits : restinio::default_traits_t {
    static constexpr bool use_connection_count_limiter = true;
};

restinio::request_handling_status_t answer(const restinio::request_handle_t& request, int status,
                                           const webhookpp::reply& reply) {
    auto response = request->create_response(
        {restinio::http_status_code_t(static_cast<std::uint16_t>(status)), {}});
    for (const auto& [name, value] : reply.headers) {
        response.append_header(std::string(name), std::string(value));
    }
    return response.set_body(std::string(reply.body)).done();
}

restinio::incoming_http_msg_limits_t message_limits() {
    return restinio::incoming_http_msg_limits_t()
        .max_url_size(4096)
        .max_field_name_size(256)
        .max_field_value_size(16384)
        .max_field_count(100)
        // Twice what is accepted, so that what is a little too large is answered with 413. Not
        // more: each chunk costs another 16 bytes, and may hold a single one.
        .max_body_size(2 * webhookpp::limits().body);
}

void serve(const example::endpoint& receiver, const example::address& where) {
    const example::stop_signals signals;
    example::address real = where;
    const auto handle = [&receiver](const restinio::request_handle_t& request) {
        const auto& header = request->header();
        if (header.method() != restinio::http_method_post() ||
            header.path() != example::seatsio_path) {
            return answer(request, 404, {});
        }
        const auto reply = receiver.receive(
            {header, request->body(), header.method().c_str(), header.request_target()});
        return answer(request, reply.status, reply);
    };
    auto settings = restinio::server_settings_t<server_traits>()
                        .address(where.host)
                        .port(static_cast<std::uint16_t>(where.port))
                        .request_handler(handle)
                        .incoming_http_msg_limits(message_limits())
                        .max_parallel_connections(32)
                        // For all of a request, however it drips in.
                        .read_next_http_message_timelimit(30s)
                        .acceptor_post_bind_hook(
                            [&](auto& acceptor) { real.port = acceptor.local_endpoint().port(); });
    try {
        const auto server =
            restinio::run_async<server_traits>(restinio::own_io_context(), std::move(settings), 4);
        example::print_listening(real);
        signals.wait();
        server->stop();
        server->wait();
    } catch (const std::exception& e) {
        throw std::runtime_error("cannot listen on " + where.text() + ": " + e.what());
    }
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(argc, argv, serve);
}
