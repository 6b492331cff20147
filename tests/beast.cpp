// SPDX-License-Identifier: MIT
// The adapter of Boost.Beast, on a connection that is text.
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>

#include <webhookpp/adapters/beast.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/schemes/hubspot_v3.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/webhookpp.hpp>

#include "catch.hpp"
#include "golden.hpp"

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace wh = webhookpp;
namespace adapters = wh::adapters;

namespace {

// What was sent arrives in pieces, and then the connection has ended.
struct text_stream {
    std::string sent;
    std::size_t most = 7;
    std::string answered = {};
    std::size_t position = 0;

    template <class Buffers>
    std::size_t read_some(const Buffers& to, beast::error_code& error) {
        const std::size_t size = std::min(most, sent.size() - position);
        if (size == 0) {
            error = asio::error::eof;
            return 0;
        }
        error = {};
        const auto copied = asio::buffer_copy(to, asio::buffer(sent.data() + position, size));
        position += copied;
        return copied;
    }
    template <class Buffers>
    std::size_t read_some(const Buffers& to) {
        return thrown([&](auto& error) { return read_some(to, error); });
    }
    template <class Buffers>
    std::size_t write_some(const Buffers& from, beast::error_code& error) {
        error = {};
        answered += beast::buffers_to_string(from);
        return asio::buffer_size(from);
    }
    template <class Buffers>
    std::size_t write_some(const Buffers& from) {
        return thrown([&](auto& error) { return write_some(from, error); });
    }

private:
    template <class Call>
    static std::size_t thrown(Call call) {
        beast::error_code error;
        const std::size_t size = call(error);
        if (error) throw beast::system_error(error);
        return size;
    }
};

struct exchange {
    text_stream stream;
    beast::flat_buffer buffer = beast::flat_buffer(10000);
    http::request_parser<adapters::beast_body> parser = {};

    void read_headers() { adapters::read_headers(stream, buffer, parser); }
    int receive(const wh::verifier_options& options = {}) {
        const wh::receiver receiver{golden::make_verifier({golden::secret}, options),
                                    wh::parser<wh::seatsio::catalog>(),
                                    wh::handlers{[](const auto&) {}},
                                    {.on_undecodable = wh::receiver_options::undecodable::accept}};
        return adapters::receive(stream, buffer, parser, receiver).status;
    }
    int answer() {
        read_headers();
        return receive();
    }
};

// A request with these lines and the headers of the golden delivery, but for the id.
std::string request(std::string_view lines, std::string_view version = "1.1") {
    std::string all = "POST / HTTP/" + std::string(version) + "\r\n";
    for (const auto& [name, value] : golden::parts().headers()) {
        if (name != "webhook-id") all.append(name).append(": ").append(value).append("\r\n");
    }
    return all.append(lines).append("\r\n\r\n");
}

const std::string id = "webhook-id: " + std::string(golden::id);
const std::string with_length = request(id + "\r\nContent-Length: 20");
const std::string body(golden::body);
const std::string chunks =
    "a\r\n" + body.substr(0, 10) + "\r\na\r\n" + body.substr(10) + "\r\n0\r\n";
constexpr const char* chunked = "Transfer-Encoding: chunked";

}  // namespace

TEST_CASE("Beast: a delivery is received") {
    const std::size_t most = GENERATE(as<std::size_t>(), 1, 3, 10000);
    CHECK(exchange{{with_length + body, most}}.answer() == 200);
    CHECK(exchange{{request(id + "\r\n" + chunked) + chunks + "\r\n", most}}.answer() == 200);
    CHECK(exchange{{with_length + std::string(20, 'x'), most}}.answer() == 401);
}

TEST_CASE("Beast: trailers are no headers") {
    const std::string sent = request(chunked) + chunks + id + "\r\n\r\n";
    CHECK(exchange{{sent}}.answer() == 401);

#if BOOST_BEAST_VERSION < 359
    // What that is good for: afterwards they are.
    exchange late{{sent}};
    http::read(late.stream, late.buffer, late.parser);
    const auto& all = late.parser.get();
    CHECK(golden::make_verifier().verify({all.base(), all.body()}));
#endif
}

TEST_CASE("Beast: method and target are those of the request") {
    constexpr const char* url = "https://h.example/in";
    const auto key = wh::key::from_text("a secret of HubSpot");
    const auto made = wh::sign(wh::schemes::hubspot_v3, key,
                               {.timestamp = golden::now,
                                .body = "{}",
                                .url = "https://h.example/in?a=b",
                                .method = "PUT"})
                          .value();
    const wh::receiver receiver{wh::verifier<wh::schemes::hubspot_v3, wh::testing::fixed_clock>{
                                    key, {.url = url}, {golden::now}},
                                wh::parser<wh::seatsio::catalog>(),
                                wh::handlers{[](const auto&) {}},
                                {.on_undecodable = wh::receiver_options::undecodable::accept}};
    for (const char* const line : {"PUT /in?a=b", "POST /in?a=b", "PUT /in?a=c"}) {
        INFO(line);
        std::string sent = std::string(line) + " HTTP/1.1\r\nContent-Length: 2\r\n";
        for (const auto& [name, value] : made.headers) {
            sent.append(name).append(": ").append(value).append("\r\n");
        }
        exchange all{{sent + "\r\n{}"}};
        all.read_headers();
        const auto reply = adapters::receive(all.stream, all.buffer, all.parser, receiver);
        CHECK(reply.status == (line == std::string_view("PUT /in?a=b") ? 200 : 401));
    }
}

TEST_CASE("Beast: all pieces of what it has read are taken") {
    const std::array<asio::const_buffer, 3> pieces{asio::buffer("ab", 2), asio::buffer("", 0),
                                                   asio::buffer("cde", 3)};
    http::request_header<> headers;
    wh::bounded_body kept(4);
    adapters::beast_body::reader reader(headers, kept);
    beast::error_code error = asio::error::eof;
    CHECK(reader.put(pieces, error) == 5);
    CHECK_FALSE(error);
    CHECK(kept.view() == "abcde");
    CHECK(adapters::beast_body::size(kept) == 5);
}

TEST_CASE("Beast: what is not called between the headers and the body throws") {
    exchange early{{with_length + body}};
    CHECK_THROWS_AS(early.receive(), wh::exception);
    const bool whole = GENERATE(false, true);
    for (const std::string& sent :
         {with_length + body, request(id + "\r\n" + chunked) + chunks + "\r\n"}) {
        exchange late{{sent}};
        late.read_headers();
        const auto& read = late.parser;
        while (whole ? !read.is_done() : read.get().body().size() == 0) {
            http::read_some(late.stream, late.buffer, late.parser);
        }
        CHECK_THROWS_AS(late.receive(), wh::exception);
        CHECK_THROWS_AS(adapters::drop_body(late.stream, late.buffer, late.parser), wh::exception);
    }
    // An empty body in chunks leaves no other trace than its trailers.
    exchange empty{{request(chunked) + "0\r\n" + id + "\r\n\r\n"}};
    empty.read_headers();
    http::read(empty.stream, empty.buffer, empty.parser);
    CHECK_THROWS_AS(empty.receive(), wh::exception);
}

TEST_CASE("Beast: nobody reads for ever") {
    wh::verifier_options options;
    options.limits.body = 100;
    const std::string head = request(id + "\r\nContent-Length: 10000");
    exchange announced{{head + std::string(10'000, 'x'), 100}};
    announced.read_headers();
    CHECK(announced.receive(options) == 413);
    CHECK(announced.stream.position < head.size() + 100);
    CHECK_FALSE(announced.parser.is_done());

    std::string tiny;
    for (int i = 0; i < 50; ++i) tiny += "1;" + std::string(90, 'e') + "\r\nx\r\n";
    const std::string in_chunks = request(id + "\r\n" + chunked);
    exchange little{{in_chunks + tiny, 100}};
    little.read_headers();
    CHECK(little.receive(options) == 413);
    CHECK(little.stream.position > in_chunks.size() + 1600);
    CHECK(little.stream.position < in_chunks.size() + 2000);

    exchange refused{{request("X: y\r\n" + std::string(chunked)) + tiny, 100}};
    refused.read_headers();
    CHECK(refused.receive(options) == 401);
    CHECK(refused.parser.get().body().size() <= 1);
    CHECK(refused.stream.position < in_chunks.size() + 2000);

    exchange dropped{{in_chunks + tiny, 100}};
    dropped.read_headers();
    adapters::drop_body(dropped.stream, dropped.buffer, dropped.parser, 50);
    CHECK(dropped.parser.get().body().size() <= 1);
    CHECK(dropped.stream.position > in_chunks.size() + 800);
    CHECK(dropped.stream.position < in_chunks.size() + 1200);
}

TEST_CASE("Beast: the limit of Beast itself is set aside") {
    wh::verifier_options options;
    options.limits.body = 3'000'000;
    const std::string large(2'000'000, ' ');
    auto parts = golden::parts();
    parts.signature = golden::signed_with_secret(golden::id, golden::timestamp, large);
    std::string sent = "POST / HTTP/1.1\r\nContent-Length: 2000000\r\n";
    for (const auto& [name, value] : parts.headers()) {
        sent.append(name).append(": ").append(value).append("\r\n");
    }
    exchange all{{sent + "\r\n" + large, 10000}};
    all.read_headers();
    CHECK(all.receive(options) == 200);
}

TEST_CASE("Beast: a body that is cut short is no delivery") {
    CHECK_THROWS_AS((exchange{{with_length + body.substr(1)}}.answer()), beast::system_error);
    CHECK_THROWS_AS((exchange{{request(id + "\r\n" + chunked) + chunks}}.answer()),
                    beast::system_error);
    CHECK_THROWS_AS((exchange{{with_length}}.answer()), beast::system_error);
}

TEST_CASE("Beast: the limit is the verifier's") {
    wh::verifier_options options;
    const std::size_t limit = GENERATE(as<std::size_t>(), 19, 20, 21);
    options.limits.body = limit;
    const int status = limit < 20 ? 413 : 200;
    for (const std::string& sent :
         {with_length + body, request(id + "\r\n" + chunked) + chunks + "\r\n"}) {
        exchange all{{sent + "next"}};
        all.read_headers();
        CHECK(all.receive(options) == status);
        CHECK(all.parser.is_done());  // it was read to its end
    }
}

TEST_CASE("Beast: who holds the body back is asked for it, unless it is refused") {
    const std::string expecting = "\r\nContent-Length: 20\r\nExpect: 100-continue";
    // What lies behind the headers in the buffer was not held back.
    const std::size_t size = request(id + expecting).size();
    exchange good{{request(id + expecting) + body, size}};
    CHECK(good.answer() == 200);
    CHECK(good.stream.answered == "HTTP/1.1 100 Continue\r\n\r\n");

    exchange at_once{{request(id + expecting) + body, 10000}};
    CHECK(at_once.answer() == 200);
    CHECK(at_once.stream.answered.empty());

    const std::string without_id = request("X: y" + expecting);
    exchange refused{{without_id + body, without_id.size()}};
    CHECK(refused.answer() == 401);
    CHECK(refused.stream.answered.empty());
    CHECK(refused.stream.position == without_id.size());

    wh::verifier_options options;
    options.limits.body = 19;
    exchange too_large{{request(id + expecting) + body, size}};
    too_large.read_headers();
    CHECK(too_large.receive(options) == 413);
    CHECK(too_large.stream.answered.empty());

    // HTTP/1.0 does not know it, and who has no body does not wait.
    const std::string with_spaces =
        request(id + "\r\nContent-Length: 20\r\nExpect:  100-CONTINUE ");
    exchange spaces{{with_spaces + body, with_spaces.size()}};
    CHECK(spaces.answer() == 200);
    CHECK_FALSE(spaces.stream.answered.empty());
    const std::string old_request = request(id + expecting, "1.0");
    exchange old{{old_request + body, old_request.size()}};
    CHECK(old.answer() == 200);
    CHECK(old.stream.answered.empty());
    const std::string bodiless = request(id + "\r\nContent-Length: 0\r\nExpect: 100-continue");
    exchange none{{bodiless, bodiless.size()}};
    CHECK(none.answer() == 401);
    CHECK(none.stream.answered.empty());
}

TEST_CASE("Beast: a reply becomes a response") {
    using response = http::response<http::string_body>;
    exchange good{{with_length + body}};
    REQUIRE(good.answer() == 200);
    const auto later =
        adapters::make_response<response>(wh::refusal_reply(wh::errc::internal_error), good.parser);
    CHECK(later.result_int() == http_status(wh::errc::internal_error));
    CHECK(later["Retry-After"] == "30");
    CHECK(later["Content-Type"] == "text/plain; charset=utf-8");
    CHECK(later["Content-Length"] == "16");
    CHECK(later.body() == "try again later\n");
    CHECK(later.version() == 11);
    CHECK(later.keep_alive());

    exchange old{{request(id + "\r\nContent-Length: 20", "1.0") + body}};
    REQUIRE(old.answer() == 200);
    const auto last = adapters::make_response<response>(wh::accepted_reply(), old.parser);
    CHECK(last.version() == 10);
    CHECK_FALSE(last.keep_alive());

    exchange unread{{with_length + body}};
    unread.read_headers();
    CHECK_FALSE(adapters::make_response<response>(wh::reply{404}, unread.parser).keep_alive());
    adapters::drop_body(unread.stream, unread.buffer, unread.parser);
    CHECK(adapters::make_response<response>(wh::reply{404}, unread.parser).keep_alive());
}
