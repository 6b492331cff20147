// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in a server of Boost.Beast with nothing asynchronous: each of
// 16 threads serves one connection at a time. Prints each event.
//
//     SEATSIO_SECRET=whsec_... beast_sync_receiver --port 8080
//
// What is special: the timeouts of Beast do not work with synchronous calls, nor do those of the
// socket (SO_RCVTIMEO), after which Asio goes on waiting. So the stream here waits by itself. 16
// slow senders still keep all others waiting for 10 seconds: where anybody can connect, begin with
// beast_receiver.cpp, which also says what is special about Beast.

#include <poll.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include <webhookpp/adapters/beast.hpp>

#include "../seatsio_endpoint.hpp"

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace adapters = webhookpp::adapters;
using asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds for_ever(-1);

// Returns whether `socket` is ready for `events` in time, and `stop` has not been closed elsewhere.
bool wait_for(int socket, short events, int stop, std::chrono::milliseconds time) {
    pollfd either[] = {{socket, events, 0}, {stop, POLLIN, 0}};
    return poll(either, 2, static_cast<int>(time.count())) > 0 && either[1].revents == 0;
}

// A stream as Beast wants it, which ends when its time is over.
struct timed_stream {
    tcp::socket& socket;
    int stop;
    std::chrono::steady_clock::time_point end = {};

    void expires_after(std::chrono::seconds time) { end = std::chrono::steady_clock::now() + time; }
    // With and without a reference to an error code.
    std::size_t read_some(const auto& buffers, auto&... error) {
        wait_until_ready(POLLIN);
        return socket.read_some(buffers, error...);
    }
    std::size_t write_some(const auto& buffers, auto&... error) {
        wait_until_ready(POLLOUT);
        return socket.write_some(buffers, error...);
    }
    void wait_until_ready(short events) {
        const auto now = std::chrono::steady_clock::now();
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - now);
        if (end > now && wait_for(socket.native_handle(), events, stop, left)) return;
        beast::error_code ignored;  // the sender may have done it already
        socket.shutdown(tcp::socket::shutdown_both, ignored);
    }
};

// Ends by an exception when the sender hangs up, is too slow or does not speak HTTP.
void serve_connection(timed_stream stream, const example::endpoint& receiver) {
    stream.socket.non_blocking(true);
    beast::flat_buffer buffer(65536);
    for (bool keep_alive = true; keep_alive;) {
        http::request_parser<adapters::beast_body> parser;
        parser.header_limit(32 * 1024);  // all headers of one request
        stream.expires_after(std::chrono::seconds(10));
        adapters::read_headers(stream, buffer, parser);
        webhookpp::reply reply{404};
        if (parser.get().method() == http::verb::post &&
            parser.get().target() == example::seatsio_path) {
            reply = adapters::receive(stream, buffer, parser, receiver);
        } else {
            adapters::drop_body(stream, buffer, parser);
        }
        stream.expires_after(std::chrono::seconds(10));
        auto response = adapters::make_response<http::response<http::string_body>>(reply, parser);
        http::write(stream, response);
        keep_alive = response.keep_alive();
    }
    stream.socket.shutdown(tcp::socket::shutdown_send);
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
    acceptor.non_blocking(true);
    std::mutex accepting;  // one thread at a time
    asio::local::stream_protocol::socket stop(context);
    const auto work = [&] {
        const int until = stop.native_handle();
        for (;;) try {
                std::unique_lock lock(accepting);
                if (!wait_for(acceptor.native_handle(), POLLIN, until, for_ever)) return;
                tcp::socket socket = acceptor.accept();
                lock.unlock();
                serve_connection({socket, until}, receiver);
            } catch (const std::exception&) {
                // The connection has ended.
            }
    };
    std::vector<std::jthread> threads(16);
    asio::local::stream_protocol::socket stopper(context);  // the first to go when this returns
    asio::local::connect_pair(stopper, stop);
    for (auto& thread : threads) thread = std::jthread(work);
    example::print_listening({asked.host, acceptor.local_endpoint().port()});
    signals.wait();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(argc, argv, serve);
}
