// SPDX-License-Identifier: MIT
// The program includes what the adapter calls.
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http/parser.hpp>
#ifndef MUST_NOT_COMPILE
#include <boost/beast/http.hpp>
#endif

#include <webhookpp/adapters/beast.hpp>

namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace adapters = webhookpp::adapters;

void read(beast::tcp_stream& stream, beast::flat_buffer& buffer) {
    http::request_parser<adapters::beast_body> parser;
    adapters::read_headers(stream, buffer, parser);
}
