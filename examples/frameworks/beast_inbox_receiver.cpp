// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io into an inbox, in a server of Boost.Beast with coroutines.
//
//     SEATSIO_SECRET=whsec_... beast_inbox_receiver --port 8080 --store inbox.db
//
// What differs from beast_receiver.cpp: storing a delivery blocks until the disk has it, so that
// is done on threads of its own, and the event loop serves other connections meanwhile. As many
// deliveries as there are such threads share one commit.

#include <utility>  // first: the coroutines of Boost 1.74 need it, and do not include it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <webhookpp/adapters/beast.hpp>

#include "../inbox_endpoint.hpp"

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace adapters = webhookpp::adapters;
using asio::use_awaitable;
using asio::ip::tcp;

namespace {

// Ends by an exception when the sender hangs up, is too slow or does not speak HTTP.
template <class Receiver>
asio::awaitable<void> serve_connection(beast::tcp_stream stream, const Receiver& receiver,
                                       asio::thread_pool& storing,
                                       std::shared_ptr<const int> /*counts as one*/) {
    beast::flat_buffer buffer(65536);
    for (bool keep_alive = true; keep_alive;) {
        http::request_parser<adapters::beast_body> parser;
        parser.header_limit(32 * 1024);  // all headers of one request
        // For the whole request, however slowly it drips in, and for the wait for the next one.
        stream.expires_after(std::chrono::seconds(10));
        co_await adapters::async_read_headers(stream, buffer, parser, use_awaitable);
        webhookpp::reply reply{404};
        if (parser.get().method() == http::verb::post &&
            parser.get().target() == example::inbox_path) {
            reply = co_await adapters::async_receive(stream, buffer, parser, receiver,
                                                     storing.get_executor(), use_awaitable);
        } else {
            co_await adapters::async_drop_body(stream, buffer, parser, use_awaitable);
        }
        stream.expires_after(std::chrono::seconds(10));
        auto response = adapters::make_response<http::response<http::string_body>>(reply, parser);
        co_await http::async_write(stream, response, use_awaitable);
        keep_alive = response.keep_alive();
    }
    stream.socket().shutdown(tcp::socket::shutdown_send);
}

template <class Receiver>
asio::awaitable<void> accept_connections(asio::io_context& context, tcp::acceptor& acceptor,
                                         const Receiver& receiver, asio::thread_pool& storing) {
    const auto connections = std::make_shared<const int>();  // each holds a reference to it
    beast::error_code error;
    for (;;) {
        // Each may take 1 MiB. An error is such as too many open files: others will close theirs.
        while (error || connections.use_count() > 500) {
            asio::steady_timer pause(context, std::chrono::milliseconds(100));
            co_await pause.async_wait(use_awaitable);
            error.clear();
        }
        // Each has a strand: its timeout may come on another thread.
        const asio::any_io_executor strand = asio::make_strand(context);
        tcp::socket socket =
            co_await acceptor.async_accept(strand, asio::redirect_error(use_awaitable, error));
        if (error) continue;
        // `detached` also drops the exception by which a connection ends.
        asio::co_spawn(
            strand,
            serve_connection(beast::tcp_stream(std::move(socket)), receiver, storing, connections),
            asio::detached);
    }
}

tcp::acceptor listen_on(asio::io_context& context, const example::address& where) try {
    const auto port = static_cast<unsigned short>(where.port);
    return {context, tcp::endpoint(asio::ip::make_address(where.host), port)};
} catch (const beast::system_error& e) {
    throw std::runtime_error("cannot listen on " + where.text() + ": " + e.what());
}

template <class Receiver>
void serve_until_stopped(const Receiver& receiver, const example::address& asked,
                         const example::stop_signals& signals) {
    asio::io_context context;
    asio::thread_pool storing(64);
    tcp::acceptor acceptor = listen_on(context, asked);
    asio::co_spawn(context, accept_connections(context, acceptor, receiver, storing),
                   asio::detached);
    std::vector<std::jthread> threads(2);
    for (auto& thread : threads) thread = std::jthread([&context] { context.run(); });
    const example::address where{asked.host, acceptor.local_endpoint().port()};
    example::print("listening on http://" + where.text() + example::inbox_path);
    signals.wait();
    context.stop();
    // What is being stored is stored, though nobody gets the answer.
    for (auto& thread : threads) thread.join();
    storing.join();
}

void serve(const example::inbox_settings& settings, const example::address& where) {
    // Before any thread starts, so that none of them takes the signals.
    const example::stop_signals signals;
    example::with_inbox(settings, [&](const auto& endpoint) {
        serve_until_stopped(endpoint.receiver(), where, signals);
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
