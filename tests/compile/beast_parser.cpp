// SPDX-License-Identifier: MIT
// The parser keeps the body within the limit.
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <webhookpp/adapters/beast.hpp>

namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace adapters = webhookpp::adapters;

void read(beast::tcp_stream& stream, beast::flat_buffer& buffer) {
#ifdef MUST_NOT_COMPILE
    http::request_parser<http::string_body> parser;
#else
    http::request_parser<adapters::beast_body> parser;
#endif
    adapters::read_headers(stream, buffer, parser);
}
