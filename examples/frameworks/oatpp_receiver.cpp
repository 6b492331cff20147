// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in an oat++ server (1.3.1 or newer) and prints each event.
//
//     SEATSIO_SECRET=whsec_... oatpp_receiver --port 8080
//
// The headers of a request are handed over as they are. Its body has no limit, and oat++ refuses to
// read one that has a Content-Encoding: so it is read here, by what says where it ends. Each
// connection has a thread, which waits without a time limit: the monitor ends it.

#include <oatpp/network/Server.hpp>
#include <oatpp/network/monitor/ConnectionMaxAgeChecker.hpp>
#include <oatpp/network/monitor/ConnectionMonitor.hpp>
#include <oatpp/network/tcp/server/ConnectionProvider.hpp>
#include <oatpp/web/server/HttpConnectionHandler.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include <webhookpp/bounded_body.hpp>

#include "seatsio_endpoint.hpp"

#if __has_include(<oatpp/Environment.hpp>)
using environment = oatpp::Environment;  // 1.4
#else
using environment = oatpp::base::Environment;
#endif

namespace {

using oatpp::web::protocol::http::Status;
using request_handler = oatpp::web::server::HttpRequestHandler;

// Collects a body. What is too large is read to its end, within bounds, so that the sender gets an
// answer, and not a connection that breaks off.
struct body_collector : oatpp::data::stream::WriteCallback {
    oatpp::v_io_size write(const void* data, v_buff_size size, oatpp::async::Action&) override {
        body.append(
            std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size)));
        return body.is_endless() ? 0 : size;
    }

    webhookpp::bounded_body body;
};

class webhook_handler : public request_handler {
public:
    explicit webhook_handler(const example::endpoint& receiver) : receiver_(receiver) {}

    std::shared_ptr<OutgoingResponse> handle(
        const std::shared_ptr<IncomingRequest>& request) override {
        oatpp::web::protocol::http::Headers framing;
        for (const char* name : {"Content-Length", "Transfer-Encoding", "Expect"}) {
            if (const auto value = request->getHeader(name)) framing.put(name, value);
        }
        // What was not read of a body must not be taken for the next request.
        request->putOrReplaceHeader("Connection", "close");
        body_collector collector;
        if (framing.getSize() > 0) {
            request->getBodyDecoder()->decode(framing, request->getBodyStream().get(), &collector,
                                              request->getConnection().get());
        }
        const auto length = request->getHeader("Content-Length");
        const auto& body = collector.body;
        if (length && !body.is_endless() && std::to_string(body.received()) != *length) {
            throw oatpp::web::protocol::http::HttpError(Status::CODE_400, "incomplete body");
        }
        const auto reply = receiver_.receive({request->getHeaders(), body});
        auto response =
            ResponseFactory::createResponse(Status(reply.status, ""), std::string(reply.body));
        for (const auto& [name, value] : reply.headers) {
            response->putHeader(std::string(name), std::string(value));
        }
        return response;
    }

private:
    const example::endpoint& receiver_;
};

// Takes no more connections than threads that can be spared.
class connection_handler : public oatpp::web::server::HttpConnectionHandler {
public:
    using HttpConnectionHandler::HttpConnectionHandler;

    void handleConnection(
        const oatpp::provider::ResourceHandle<oatpp::data::stream::IOStream>& connection,
        const std::shared_ptr<const ParameterMap>& parameters) override {
        if (getConnectionsCount() >= 64) return;  // closes it
        HttpConnectionHandler::handleConnection(connection, parameters);
    }
};

void listen(const example::endpoint& receiver, const example::address& where) {
    using namespace oatpp::network;
    const example::stop_signals signals;
    std::shared_ptr<tcp::server::ConnectionProvider> provider;
    try {
        provider = tcp::server::ConnectionProvider::createShared(
            {where.host, static_cast<v_uint16>(where.port), Address::IP_4});
    } catch (const std::exception& e) {
        throw std::runtime_error("cannot listen on " + where.text() + ": " + e.what());
    }
    const auto monitor = std::make_shared<monitor::ConnectionMonitor>(provider);
    monitor->addMetricsChecker(
        std::make_shared<monitor::ConnectionMaxAgeChecker>(std::chrono::seconds(30)));
    const auto router = oatpp::web::server::HttpRouter::createShared();
    router->route("POST", example::seatsio_path, std::make_shared<webhook_handler>(receiver));
    const auto limits = std::make_shared<oatpp::web::server::HttpProcessor::Config>();
    limits->headersReaderMaxSize = 16384;
    const auto handler = std::make_shared<connection_handler>(
        std::make_shared<oatpp::web::server::HttpProcessor::Components>(router, limits));
    Server server(monitor, handler);
    const auto port = provider->getProperty(ConnectionProvider::PROPERTY_PORT);
    example::print_listening({where.host, std::stoi(port.std_str())});

    std::atomic<bool> stopping = false;
    std::thread stopper([&] {
        signals.wait();
        stopping = true;
    });
    server.run([&stopping] { return !stopping; });  // looks once in a second
    stopper.join();
    handler->stop();
    monitor->stop();
}

void serve(const example::endpoint& receiver, const example::address& where) {
    environment::init();
    environment::setLogger(nullptr);  // what goes wrong is thrown
    try {
        listen(receiver, where);
    } catch (...) {
        environment::destroy();
        throw;
    }
    environment::destroy();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(argc, argv, serve);
}
