// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in a Poco server and prints each event.
//
//     SEATSIO_SECRET=whsec_... poco_receiver --port 8080
//
// The request is a list of its headers, and is handed over as it is. Its body is a stream without
// a limit, and there are three traps in it. Without Content-Length and chunks there is no body, but
// Poco 1.11 would wait for one until the sender hangs up. A body that breaks off looks like one
// that is complete. And what is left in the stream would be taken for the next request.
//
// Poco limits the time for each read, not for a whole header: if strangers can reach the server,
// put a proxy in front of it that does.

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <istream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include <webhookpp/bounded_body.hpp>

#include "seatsio_endpoint.hpp"

namespace {

using namespace std::chrono_literals;
namespace net = Poco::Net;

// Whether the sender has closed its side. Chunks that break off look to a reader like those that
// end well, but for this: whoever has sent all of them waits for the answer.
bool has_ended(net::HTTPServerRequest& request) {
    auto& socket = dynamic_cast<net::HTTPServerRequestImpl&>(request).socket();
    return socket.poll(Poco::Timespan(), net::Socket::SELECT_READ) && socket.available() == 0;
}

// Nothing if the body did not come as a whole, or not in time.
std::optional<webhookpp::bounded_body> read_body(net::HTTPServerRequest& request) {
    webhookpp::bounded_body body;
    if (!request.hasContentLength() && !request.getChunkedTransferEncoding()) return body;
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    std::istream& stream = request.stream();
    std::array<char, 4096> piece{};
    // peek() waits for bytes, readsome() takes those that are there: read() would wait for all.
    while (stream.peek() != std::istream::traits_type::eof()) {
        const auto size = stream.readsome(piece.data(), piece.size());
        body.append(std::string_view(piece.data(), static_cast<std::size_t>(size)));
        // The rest of what is too large is read as well, within bounds: a connection that is closed
        // before would break off, and the sender not see the answer.
        if (body.is_endless()) return body;
        if (std::chrono::steady_clock::now() > deadline) return std::nullopt;
    }
    // Errors of the stream, such as a read that took too long, end it in a bad state.
    if (stream.bad()) return std::nullopt;
    if (request.hasContentLength()) {
        if (body.received() != static_cast<std::uint64_t>(request.getContentLength64())) {
            return std::nullopt;
        }
    } else if (has_ended(request)) {
        return std::nullopt;
    }
    return body;
}

class webhook_handler : public net::HTTPRequestHandler {
public:
    explicit webhook_handler(const example::endpoint& receiver) : receiver_(receiver) {}

    void handleRequest(net::HTTPServerRequest& request,
                       net::HTTPServerResponse& response) override {
        const std::string_view target = request.getURI();
        if (request.getMethod() != net::HTTPRequest::HTTP_POST ||
            target.substr(0, target.find('?')) != example::seatsio_path) {
            return fail(response, net::HTTPResponse::HTTP_NOT_FOUND);
        }
        const auto body = read_body(request);
        if (!body) return fail(response, net::HTTPResponse::HTTP_BAD_REQUEST);
        const auto reply = receiver_.receive({request, *body, request.getMethod(), target});
        response.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(reply.status));
        for (const auto& [name, value] : reply.headers) {
            response.set(std::string(name), std::string(value));
        }
        const std::string_view text = reply.body;
        response.sendBuffer(text.data(), text.size());
    }

private:
    static void fail(net::HTTPServerResponse& response, net::HTTPResponse::HTTPStatus status) {
        response.setStatusAndReason(status);
        response.setContentLength(0);
        response.send();
    }

    const example::endpoint& receiver_;
};

class handler_factory : public net::HTTPRequestHandlerFactory {
public:
    explicit handler_factory(const example::endpoint& receiver) : receiver_(receiver) {}

    net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
        return new webhook_handler(receiver_);  // Poco deletes it
    }

private:
    const example::endpoint& receiver_;
};

net::ServerSocket listen(const example::address& where) try {
    net::ServerSocket socket;
    // Without the last argument two servers could share a port, and deliveries go to either.
    socket.bind({where.host, static_cast<Poco::UInt16>(where.port)}, true, false);
    socket.listen();
    return socket;
} catch (const Poco::Exception& e) {
    throw std::runtime_error("cannot listen on " + where.text() + ": " + e.displayText());
}

void serve(const example::endpoint& receiver, const example::address& where) {
    const example::stop_signals signals;
    const net::ServerSocket socket = listen(where);

    net::HTTPServerParams::Ptr limits(new net::HTTPServerParams);
    limits->setKeepAlive(false);
    limits->setTimeout(Poco::Timespan(10, 0));
    limits->setMaxThreads(16);
    limits->setMaxQueued(100);
    // A thread that misses the end of the server waits as long before it sees it.
    limits->setThreadIdleTime(Poco::Timespan(1, 0));
    Poco::ThreadPool threads(2, 16);
    net::HTTPServer server(new handler_factory(receiver), threads, socket, limits);
    server.start();
    example::print_listening({where.host, socket.address().port()});

    signals.wait();
    server.stop();
    for (int i = 0; i < 200 && server.currentConnections() > 0; ++i) {
        std::this_thread::sleep_for(10ms);
    }
    server.stopAll(true);  // those that are slower than two seconds
    threads.joinAll();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(argc, argv, serve);
}
