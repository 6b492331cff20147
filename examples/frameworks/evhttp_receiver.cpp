// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in an evhttp server of libevent and prints each event.
//
//     SEATSIO_SECRET=whsec_... evhttp_receiver --port 8080
//
// evhttp has one thread: what waits in a handler holds up all others, so handlers should only put
// the event into a queue. It reads the whole body before it calls, unpacks nothing, and gives up
// what breaks off. It has no time limit for a whole request and none for the number of connections:
// in public, put nginx in front (nginx_proxy.conf). Its headers, a tail queue, are a header source
// by adapters/tail_queue.hpp.

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include <csignal>
#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <webhookpp/adapters/tail_queue.hpp>

#include "listening_socket.hpp"
#include "seatsio_endpoint.hpp"

namespace {

namespace wh = webhookpp;

constexpr std::size_t max_body = 2 * wh::limits().body;
constexpr std::size_t max_headers = 16'384;

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using event_ptr = std::unique_ptr<event, freed_by<&event_free>>;

void answer(evhttp_request* request, const wh::reply& reply) {
    evkeyvalq* const headers = evhttp_request_get_output_headers(request);
    for (const auto& [name, value] : reply.headers) {
        evhttp_add_header(headers, std::string(name).c_str(),
                          std::string(std::string_view(value)).c_str());
    }
    const std::string_view text = reply.body;
    evbuffer_add(evhttp_request_get_output_buffer(request), text.data(), text.size());
    evhttp_send_reply(request, reply.status, nullptr, nullptr);
}

// Called for all methods.
void on_webhook(evhttp_request* request, void* endpoint) try {
    const auto& receiver = **static_cast<const example::endpoint**>(endpoint);
    if (evhttp_request_get_command(request) != EVHTTP_REQ_POST) {
        return answer(request, {.status = HTTP_NOTFOUND});
    }
    evbuffer* const buffer = evhttp_request_get_input_buffer(request);
    const std::size_t size = evbuffer_get_length(buffer);
    const unsigned char* const bytes = evbuffer_pullup(buffer, -1);  // in one piece
    if (size != 0 && !bytes) return answer(request, {.status = HTTP_SERVUNAVAIL});
    answer(request, receiver.receive({.headers = *evhttp_request_get_input_headers(request),
                                      .body = std::span(bytes, size)}));
} catch (const std::exception&) {
    evhttp_send_error(request, HTTP_SERVUNAVAIL, nullptr);  // out of memory
}

void on_other_path(evhttp_request* request, void*) {
    answer(request, {.status = HTTP_NOTFOUND});
}

// evhttp limits all that it reads but the line with the size of a chunk: it would wait for its end
// for ever, and keep all that comes.
void on_input(evbuffer* buffer, const evbuffer_cb_info*, void* connection) {
    if (evbuffer_get_length(buffer) <= max_body + max_headers) return;
    shutdown(bufferevent_getfd(static_cast<bufferevent*>(connection)), SHUT_RDWR);
}

bufferevent* new_connection(event_base* loop, void*) {
    bufferevent* const made = bufferevent_socket_new(loop, -1, BEV_OPT_CLOSE_ON_FREE);
    if (made) evbuffer_add_cb(bufferevent_get_input(made), &on_input, made);
    return made;
}

// Some time is left for answers that are on their way.
void on_signal(evutil_socket_t, short, void* loop) {
    const timeval soon{0, 100'000};
    event_base_loopexit(static_cast<event_base*>(loop), &soon);
}

void serve(const example::endpoint& receiver, const example::address& asked) {
    example::listening_socket socket(asked);
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));  // senders may go before their answer
    const std::unique_ptr<event_base, freed_by<&event_base_free>> loop(event_base_new());
    if (!loop) throw std::runtime_error("libevent has no event loop here");
    const std::unique_ptr<evhttp, freed_by<&evhttp_free>> server(evhttp_new(loop.get()));
    if (!server) throw std::runtime_error("libevent cannot make a server");

    // Without these there are no limits. A body that is too large gets the receiver's answer up to
    // the limit set here, beyond which evhttp refuses it itself.
    evhttp_set_max_body_size(server.get(), ev_ssize_t{max_body});
    evhttp_set_max_headers_size(server.get(), ev_ssize_t{max_headers});
    evhttp_set_bevcb(server.get(), &new_connection, nullptr);
    evhttp_set_timeout(server.get(), 15);  // from piece to piece
    evhttp_set_allowed_methods(server.get(), 0xffff);
    const example::endpoint* endpoint = &receiver;
    evhttp_set_cb(server.get(), example::seatsio_path, &on_webhook, &endpoint);
    evhttp_set_gencb(server.get(), &on_other_path, nullptr);

    const event_ptr interrupted(evsignal_new(loop.get(), SIGINT, &on_signal, loop.get()));
    const event_ptr terminated(evsignal_new(loop.get(), SIGTERM, &on_signal, loop.get()));
    if (!interrupted || !terminated || event_add(interrupted.get(), nullptr) != 0 ||
        event_add(terminated.get(), nullptr) != 0) {
        throw std::runtime_error("libevent cannot wait for signals");
    }
    evutil_make_socket_nonblocking(socket.get());
    if (evhttp_accept_socket(server.get(), socket.get()) != 0) {
        throw std::runtime_error("libevent cannot listen");
    }
    socket.release();  // the server closes it
    example::print_listening(socket.where());
    event_base_dispatch(loop.get());
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(argc, argv, &serve);
}
