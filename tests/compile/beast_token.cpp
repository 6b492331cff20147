// SPDX-License-Identifier: MIT
// No token hides from the adapter that the connection has ended.
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <webhookpp/adapters/beast.hpp>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace adapters = webhookpp::adapters;

asio::awaitable<void> drop(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                           http::request_parser<adapters::beast_body>& parser) {
#ifdef MUST_NOT_COMPILE
    beast::error_code error;
    const auto token = asio::redirect_error(asio::use_awaitable, error);
#else
    const auto token = asio::use_awaitable;
#endif
    co_await adapters::async_drop_body(stream, buffer, parser, token);
}
