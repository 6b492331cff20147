// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in a server of Boost.Beast with coroutines, on a few threads,
// and prints each event.
//
//     SEATSIO_SECRET=whsec_... beast_receiver --port 8080
//
// What is special about Beast: it is parts to build a server with, and what a server has to refuse
// is for the program to refuse. The adapter does what goes wrong easily: it takes the headers
// before the body (Beast before 1.90 adds the trailers behind a chunked body to them), keeps the
// body as it was sent and within the limit, and answers those who wait for `100 Continue`. Limits
// for time and for headers are here. Boost 1.74 is enough.

#include <utility>  // first: the coroutines of Boost 1.74 need it, and do not include it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <webhookpp/adapters/beast.hpp>

#include "../seatsio_endpoint.hpp"

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace adapters = webhookpp::adapters;
using asio::use_awaitable;
using asio::ip::tcp;

namespace {

// Ends by an exception when the sender hangs up, is too slow or does not speak HTTP.
asio::awaitable<void> serve_connection(beast::tcp_stream stream, const example::endpoint& receiver,
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
            parser.get().target() == example::seatsio_path) {
            reply =
                co_await adapters::async_receive(stream, buffer, parser, receiver, use_awaitable);
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

asio::awaitable<void> accept_connections(asio::io_context& context, tcp::acceptor& acceptor,
                                         const example::endpoint& receiver) {
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
            strand, serve_connection(beast::tcp_stream(std::move(socket)), receiver, connections),
            asio::detached);
    }
}

tcp::acceptor listen_on(asio::io_context& context, const example::address& where) try {
    const auto port = static_cast<unsigned short>(where.port);
    return {context, tcp::endpoint(asio::ip::make_address(where.host), port)};
} catch (const beast::system_error& e) {
    throw std::runtime_error("cannot listen on " + where.text() + ": " + e.what());
}

void serve(const example::endpoint& receiver, const example::address& asked) {
    const example::stop_signals signals;
    asio::io_context context;
    tcp::acceptor acceptor = listen_on(context, asked);
    asio::co_spawn(context, accept_connections(context, acceptor, receiver), asio::detached);
    std::vector<std::jthread> threads(4);
    for (auto& thread : threads) thread = std::jthread([&context] { context.run(); });
    example::print_listening({asked.host, acceptor.local_endpoint().port()});
    signals.wait();
    context.stop();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(argc, argv, serve);
}
