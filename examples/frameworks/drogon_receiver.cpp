// SPDX-License-Identifier: MIT
// Receives the webhooks of seats.io in a Drogon server and prints each event.
//
//     SEATSIO_SECRET=whsec_... drogon_receiver --port 8080
//
// The headers and the body of a request are handed over as they are. Drogon keeps only the first of
// several headers of one name, so that differing duplicates go unseen. It unpacks bodies after
// enableCompressedRequest(true): do not call it, what is signed is the body as it was sent. It
// refuses chunked bodies with `Expect: 100-continue`, as curl sends large ones, and ends the
// program when its port is in use. It serves the files of the working folder and makes a folder for
// uploads there, if not told otherwise. Who sends a byte now and then can keep a connection as long
// as they like: if strangers can reach the server, put a proxy in front of it that ends those.

#include <drogon/drogon.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "seatsio_endpoint.hpp"

namespace {

using answer = std::function<void(const drogon::HttpResponsePtr&)>;

drogon::HttpResponsePtr response_of(const webhookpp::reply& reply) {
    auto response = drogon::HttpResponse::newHttpResponse();
    response->setStatusCode(static_cast<drogon::HttpStatusCode>(reply.status));
    for (const auto& [name, value] : reply.headers) {
        // As a header it would come beside Drogon's own one.
        if (name == "Content-Type") {
            response->setContentTypeString(std::string(value));
        } else {
            response->addHeader(std::string(name), std::string(value));
        }
    }
    response->setBody(std::string(reply.body));
    return response;
}

void serve(const example::endpoint& receiver, const example::address& where) {
    const example::stop_signals signals;
    auto& server = drogon::app();
    server
        .registerHandler(example::seatsio_path,
                         [&receiver](const drogon::HttpRequestPtr& request, answer&& callback) {
                             callback(response_of(receiver.receive(
                                 {request->headers(), request->body(), request->methodString()})));
                         },
                         {drogon::Post})
        .addListener(where.host, static_cast<std::uint16_t>(where.port))
        .setThreadNum(4)
        // Twice of what is accepted, so that what is a little too large is refused by the receiver.
        // Drogon answers more with 413, too.
        .setClientMaxBodySize(2 * webhookpp::limits().body)
        .setClientMaxMemoryBodySize(2 * webhookpp::limits().body)  // the rest goes to a file
        .setMaxConnectionNum(200)
        .setIdleConnectionTimeout(10)
        .setUploadPath((std::filesystem::temp_directory_path() / "drogon_receiver").string())
        .setFileTypes({})  // serves no files
        .setLogLevel(trantor::Logger::kError);
    server.registerBeginningAdvice([&server, &where] {
        // Behind the start of the listeners, which comes next.
        server.getLoop()->queueInLoop([&server, host = where.host] {
            example::print_listening({host, server.getListeners().front().toPort()});
        });
    });
    std::thread stopper([&signals, &server] {
        signals.wait();
        server.quit();
    });
    server.run();
    stopper.join();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(argc, argv, serve);
}
