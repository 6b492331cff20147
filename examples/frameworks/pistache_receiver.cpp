// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in a Pistache server and prints each event.
//
//     SEATSIO_SECRET=whsec_... pistache_receiver --port 8080
//
// The raw headers of a request are handed over as they are, and its body is complete when the
// handler is called. Pistache keeps only the first of several headers of one name, so that
// differing duplicates go unseen; it puts the parameters of a target into another order, so that
// schemes that sign the target do not work with it; it refuses whole requests of more than 4 KiB if
// not told otherwise; and it does not answer `Expect: 100-continue`, for which curl waits one
// second.
//
// A chunk that arrives in two pieces, of which the second is the LF of its end, makes a thread of
// Pistache 0.0.5 spin for ever: put a proxy in front of it that sends on bodies with their length,
// as nginx does if not told otherwise.

#include <pistache/endpoint.h>
#include <pistache/peer.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "seatsio_endpoint.hpp"

namespace {

using namespace std::chrono_literals;
namespace http = Pistache::Http;

// A header of a response: Pistache writes those that have a type, and no raw ones.
class response_header : public http::Header::Header {
public:
    explicit response_header(const webhookpp::reply_header& from)
        : name_(from.name), value_(std::string_view(from.value)) {}

    [[nodiscard]] const char* name() const override { return name_.c_str(); }
    [[nodiscard]] std::uint64_t hash() const override {
        return http::Header::detail::hash(name_.c_str());
    }
    void write(std::ostream& to) const override { to << value_; }

private:
    std::string name_;
    std::string value_;
};

class webhook_handler : public http::Handler {
    HTTP_PROTOTYPE(webhook_handler)

    explicit webhook_handler(const example::endpoint& receiver) : receiver_(receiver) {}

    void onRequest(const http::Request& request, http::ResponseWriter response) override {
        webhookpp::reply reply{.status = 404};
        if (request.method() == http::Method::Post && request.resource() == example::seatsio_path) {
            reply = receiver_.receive({request.headers().rawList(), request.body()});
        }
        for (const auto& header : reply.headers) {
            response.headers().add(std::make_shared<response_header>(header));
        }
        // Pistache says `Connection: close`, but does not close it, and might take what is left of
        // this request for the next one.
        response.send(static_cast<http::Code>(reply.status), std::string(reply.body))
            .then([peer = response.peer()](ssize_t) { shutdown(peer->fd(), SHUT_RDWR); },
                  Pistache::Async::IgnoreException);
    }

private:
    const example::endpoint& receiver_;
};

void serve(const example::endpoint& receiver, const example::address& where) {
    const example::stop_signals signals;
    http::Endpoint server(Pistache::Address(where.host, static_cast<std::uint16_t>(where.port)));
    server.init(http::Endpoint::options()
                    .threads(4)
                    // Not ReusePort: two servers could share a port, and deliveries go to either.
                    .flags(Pistache::Tcp::Options::ReuseAddr)
                    // Headers and body: twice of what is accepted, so that what is a little too
                    // large is refused by the receiver. Pistache answers more with 413, too.
                    .maxRequestSize(2 * webhookpp::limits().body)
                    .headerTimeout(10s)
                    .bodyTimeout(30s)
                    .keepaliveTimeout(10s));
    server.setHandler(http::make_handler<webhook_handler>(receiver));
    try {
        server.serveThreaded();
    } catch (const std::exception& e) {
        throw std::runtime_error("cannot listen on " + where.text() + ": " + e.what());
    }
    example::print_listening({where.host, server.getPort()});
    signals.wait();
    server.shutdown();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(argc, argv, serve);
}
