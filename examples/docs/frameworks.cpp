// SPDX-License-Identifier: MIT
// The code of docs/frameworks.md: what to do in a server that is not listed there.

#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/bounded_body.hpp>
#include <webhookpp/testing/signed_delivery.hpp>

#include "seatsio_endpoint.hpp"

namespace wh = webhookpp;

namespace {

struct response_type {
    int status = 0;
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    void set(std::string_view name, std::string_view value) { headers.emplace_back(name, value); }
};

response_type receive(const example::endpoint& receiver,
                      const wh::testing::signed_delivery& request) {
    response_type response;
    // [reply]
    const wh::reply reply = receiver.receive({request.headers, request.body});
    // or {request.headers, request.body, request.method, request.target}; the target as it was sent
    response.status = reply.status;
    for (const auto& [name, value] : reply.headers) response.set(name, value);
    response.body = reply.body;
    // [reply]
    return response;
}

wh::reply answer(int status) {
    return {.status = status};
}

template <class Headers, class Source>
wh::reply receive_in_pieces(const example::endpoint& receiver, const Headers& headers,
                            std::size_t content_length, Source read_some) {
    // [pieces]
    wh::bounded_body body;
    while (const auto piece = read_some()) {
        body.append(*piece);
        if (body.is_endless()) break;  // 16 times the limit: close the connection after the answer
    }
    // It broke off?
    if (!body.is_endless() && body.received() != content_length) return answer(400);
    wh::reply reply = receiver.receive({headers, body});  // 413 if it was too large
    // [pieces]
    return reply;
}

wh::reply receive_headers_first(const example::endpoint& receiver,
                                const wh::signed_headers& request, const std::string& body) {
    // [headers]
    const auto headers = receiver.collect(request);  // owns the few that count
    if (const auto refused = receiver.refuse_early(headers)) return *refused;
    // ... read the body ...
    return receiver.receive({headers, body});
    // [headers]
}

// A server that serves nobody.
struct my_server {
    my_server(const example::endpoint& receiver, const example::address& where) {
        const auto secret = wh::key::from_environment("SEATSIO_SECRET");
        auto request = wh::testing::sign_delivery(
            wh::schemes::standard_webhooks, secret,
            R"({"id":1,"type":"chart.published","timestamp":"2024-01-10T10:03:02Z",)"
            R"("data":{"workspaceKey":"ws-1","key":"chart-1"}})",
            wh::system_clock().now());
        const response_type response = receive(receiver, request);
        std::cout << response.status << ' ' << response.headers.size() << ' ' << response.body;

        std::string_view rest = request.body;
        const auto read_some = [&rest]() -> std::optional<std::string_view> {
            if (rest.empty()) return std::nullopt;
            const std::string_view piece = rest.substr(0, 50);
            rest.remove_prefix(piece.size());
            return piece;
        };
        const std::size_t size = request.body.size();
        std::cout << receive_in_pieces(receiver, request.headers, size, read_some).status << '\n';
        rest = std::string_view(request.body).substr(1);
        std::cout << receive_in_pieces(receiver, request.headers, size, read_some).status << '\n';

        std::cout << receive_headers_first(receiver, request.headers, request.body).status << '\n';
        request.headers.pop_back();
        std::cout << receive_headers_first(receiver, request.headers, request.body).status << '\n';
        example::print(where.text());
        kill(getpid(), SIGTERM);
    }
    [[nodiscard]] int port() const { return 0; }
};

}  // namespace

// [main]
int main(int argc, char** argv) {
    return example::run(
        argc, argv, [](const example::endpoint& receiver, const example::address& where) {
            const example::stop_signals signals;
            my_server server(receiver, where);  // hands over POST example::seatsio_path
            example::print_listening({where.host, server.port()});
            signals.wait();
        });
}
// [main]
