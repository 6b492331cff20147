// SPDX-License-Identifier: MIT
// Deliveries in a server that is made with Boost.Beast. Includes nothing of Boost: the program
// does, which calls what is here.
#ifndef WEBHOOKPP_ADAPTERS_BEAST_HPP
#define WEBHOOKPP_ADAPTERS_BEAST_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#if defined(__cpp_impl_coroutine)
#include <coroutine>
#endif

#include <webhookpp/bounded_body.hpp>
#include <webhookpp/collected_headers.hpp>
#include <webhookpp/detail/host_text.hpp>
#include <webhookpp/error.hpp>
#include <webhookpp/reply.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp {

namespace adapters {

/// The type of body to read deliveries with: Beast puts what arrives into a `bounded_body`, which
/// drops what is over its limit.
///
///     boost::beast::http::request_parser<webhookpp::adapters::beast_body> parser;
struct beast_body {
    /// What holds the body.
    using value_type = bounded_body;

    /// How many bytes of the body are kept.
    [[nodiscard]] static std::uint64_t size(const value_type& body) noexcept { return body.size(); }

    /// What Beast calls while it reads.
    class reader {
    public:
        /// Reads into `body`, which must outlive the reader.
        template <class Header>
        reader(Header& /*headers*/, value_type& body) noexcept : body_(&body) {}

        /// Before the first piece. The announced length decides nothing: the limit counts what
        /// arrives.
        template <class Length, class Error>
        void init(const Length& /*length*/, Error& error) noexcept {
            error = Error();
        }

        /// Adds the next pieces. Returns how many bytes they have, also of what is over the limit,
        /// so that Beast reads on.
        template <class Buffers, class Error>
        std::size_t put(const Buffers& pieces, Error& error) noexcept {
            error = Error();
            std::size_t taken = 0;
            const auto end = buffer_sequence_end(pieces);
            for (auto piece = buffer_sequence_begin(pieces); piece != end; ++piece) {
                body_->append(
                    std::string_view(static_cast<const char*>(piece->data()), piece->size()));
                taken += piece->size();
            }
            return taken;
        }

        /// Behind the last piece.
        template <class Error>
        void finish(Error& error) noexcept {
            error = Error();
        }

    private:
        value_type* body_;
    };
};

}  // namespace adapters

namespace detail {

template <class Parser>
concept beast_parser = requires(Parser& parser) {
    requires std::same_as<std::remove_cvref_t<decltype(parser.get().body())>, bounded_body>;
    parser.get().method_string();
};

// Beast's functions are found by their arguments, if the program has included them.
template <class Stream, class Buffer, class Parser>
concept beast_readable = requires(Stream& stream, Buffer& buffer, Parser& parser) {
    read_header(stream, buffer, parser);
    read_some(stream, buffer, parser);
};

template <class Buffer>
concept beast_flat_buffer =
    std::constructible_from<typename Buffer::const_buffers_type, const char*, std::size_t>;

// What is to be done about a body that has not been read.
template <class Parser>
class beast_rest {
public:
    // `arrived` bytes lie unread behind the headers.
    beast_rest(Parser& parser, std::size_t arrived, std::size_t limit)
        : parser_(parser), limit_(limit) {
        if (parser.is_header_done()) length_ = parser.content_length().value_or(0);
        const bool has_body = length_ != 0 || (parser.is_header_done() && parser.chunked());
        if (!parser.is_header_done() || (has_body && parser.is_done()) ||
            parser.get().body().size() != 0) {
            raise({errc::internal_error, "not called between the headers and the body"});
        }
        // Else a call that finds a part of a chunk at the end of what it has would not return.
        parser.eager(false);
        const auto& headers = parser.get().base();
        const std::string_view expected = text_of(headers["Expect"]);
        waits_ = headers.version() >= 11 && arrived == 0 && !parser.is_done() &&
                 equal_names(trim_blanks(expected), "100-continue");
    }

    [[nodiscard]] std::uint64_t content_length() const noexcept { return length_; }

    // Whether the sender holds the body back until it is asked for it.
    [[nodiscard]] bool sender_waits() const noexcept { return waits_; }
    void sender_was_asked() noexcept { waits_ = false; }

    // Whether there is more to read, and it is worth it.
    [[nodiscard]] bool more() const noexcept {
        return !parser_.is_done() && !waits_ && length_ / 16 <= limit_ && received_ / 16 <= limit_;
    }
    void count(std::size_t received) noexcept { received_ += received; }

private:
    Parser& parser_;
    std::uint64_t limit_;
    std::uint64_t length_ = 0;
    std::uint64_t received_ = 0;
    bool waits_ = false;
};

// All of a delivery but reading and writing.
template <class Parser, class Receiver>
class beast_delivery {
public:
    beast_delivery(Parser& parser, std::size_t arrived, const Receiver& receiver)
        : rest_(parser, arrived, receiver.verifier().body_limit()),
          parser_(parser),
          receiver_(receiver),
          // Beast before 1.90 adds the trailers behind a chunked body to the headers.
          headers_(receiver.collect(parser.get().base())),
          refused_(receiver.refuse_early(headers_, rest_.content_length())) {
        const std::size_t limit = receiver.verifier().body_limit();
        parser.get().body() = bounded_body(refused_ ? 0 : limit);
    }

    // Whether to send 100 Continue. Asked once.
    [[nodiscard]] bool asks_sender() noexcept {
        if (refused_ || !rest_.sender_waits()) return false;
        rest_.sender_was_asked();
        return true;
    }

    [[nodiscard]] bool more() const noexcept { return rest_.more(); }
    void count(std::size_t received) noexcept { rest_.count(received); }

    [[nodiscard]] reply answer() const noexcept {
        if (refused_) return *refused_;
        const auto& request = parser_.get();
        if (!parser_.is_done() && request.body().size() <= receiver_.verifier().body_limit()) {
            return refusal_reply(errc::body_too_large);  // chunks with little in them
        }
        return receiver_.receive({.headers = headers_,
                                  .body = request.body(),
                                  .method = text_of(request.method_string()),
                                  .target = text_of(request.target())});
    }

private:
    beast_rest<Parser> rest_;
    Parser& parser_;
    const Receiver& receiver_;
    collected_headers headers_;
    std::optional<reply> refused_;
};

template <class Buffer>
[[nodiscard]] auto beast_continue() noexcept {
    constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
    return typename Buffer::const_buffers_type(line.data(), line.size());
}

// These checks are made before the functions are looked at, so that what they say comes first.
template <class Stream, class Buffer, class Parser>
constexpr bool checked_for_beast() {
    static_assert(beast_parser<Parser>,
                  "the parser has to be a boost::beast::http::request_parser<"
                  "webhookpp::adapters::beast_body>");
    static_assert(beast_flat_buffer<Buffer>, "the buffer has to be a boost::beast::flat_buffer");
    static_assert(beast_readable<Stream, Buffer, Parser>,
                  "Beast cannot read from this: include <boost/beast/http.hpp>, and give a "
                  "boost::beast::tcp_stream or another stream of Asio");
    return true;
}

}  // namespace detail

namespace adapters {

/// Reads the headers of the next request into `parser`, which is a new one, as Beast's
/// `read_header` does and with what it throws. Sets aside Beast's limit for the body, which would
/// end the connection without an answer: `receive` and `drop_body` have a limit of their own.
///
/// Between this and `receive`, look at `parser.get().target()`. `parser.header_limit()` is to be
/// set before; the buffer's own limit has to be larger.
template <class Stream, class Buffer, class Parser>
void read_headers(Stream& stream, Buffer& buffer, Parser& parser) {
    static_assert(detail::checked_for_beast<Stream, Buffer, Parser>());
    parser.body_limit(UINT64_MAX);
    read_header(stream, buffer, parser);
}

/// Receives the delivery of which `read_headers` has read the headers, and returns what to answer:
/// see `make_response`. Throws what Beast throws when the connection fails or the body is cut
/// short, and then the receiver has not seen it.
///
/// Takes the headers before the body is read, so that no trailer can pass for one. Reads and drops
/// what is refused, up to 16 times the verifier's limit for bodies: so the sender gets the answer,
/// and not a connection that breaks off. Answers `Expect: 100-continue`, unless the headers alone
/// are reason to refuse. How long it may take is for the stream to limit.
template <class Stream, class Buffer, class Parser, class Receiver>
[[nodiscard]] reply receive(Stream& stream, Buffer& buffer, Parser& parser,
                            const Receiver& receiver) {
    static_assert(detail::checked_for_beast<Stream, Buffer, Parser>());
    detail::beast_delivery delivery(parser, buffer.size(), receiver);
    if (delivery.asks_sender()) write(stream, detail::beast_continue<Buffer>());
    while (delivery.more()) delivery.count(read_some(stream, buffer, parser));
    return delivery.answer();
}

/// Reads and drops the body of a request that is no delivery, up to 16 times `limit`, so that its
/// sender gets the answer. Throws as `receive` does.
template <class Stream, class Buffer, class Parser>
void drop_body(Stream& stream, Buffer& buffer, Parser& parser, std::size_t limit = limits().body) {
    static_assert(detail::checked_for_beast<Stream, Buffer, Parser>());
    detail::beast_rest rest(parser, buffer.size(), limit);
    parser.get().body() = bounded_body(0);
    while (rest.more()) rest.count(read_some(stream, buffer, parser));
}

/// Makes the response of `answer`: `Response` is a `boost::beast::http::response` with a
/// `string_body`. It keeps the connection where the sender wants that and the request has been read
/// to its end: close it after a response whose `keep_alive()` is false.
template <class Response, class Parser>
[[nodiscard]] Response make_response(const reply& answer, const Parser& parser) {
    using text = std::remove_cvref_t<decltype(parser.get().target())>;
    Response response;
    response.version(parser.get().version());
    response.result(static_cast<unsigned>(answer.status));
    for (const reply_header& header : answer.headers) {
        const std::string_view value = header.value;
        response.set(text(header.name.data(), header.name.size()),
                     text(value.data(), value.size()));
    }
    const std::string_view body = answer.body;
    response.body().assign(body.begin(), body.end());
    response.keep_alive(parser.is_done() && parser.keep_alive());
    response.prepare_payload();
    return response;
}

}  // namespace adapters

#if defined(__cpp_impl_coroutine)

namespace detail {

template <class Token>
inline constexpr bool no_awaitable_token = false;

// The `awaitable<Result, Executor>` to what with `Token` is an `awaitable<std::size_t, Executor>`.
template <class Result, class Token, class Awaitable>
struct beast_awaitable {
    static_assert(no_awaitable_token<Token>, "the token has to be boost::asio::use_awaitable");
};

// A token that was made with `redirect_error` or the like would hide that the connection has ended:
// those hold something.
template <class Result, std::default_initializable Token, template <class, class> class Awaitable,
          class Executor>
struct beast_awaitable<Result, Token, Awaitable<std::size_t, Executor>> {
    using type = Awaitable<Result, Executor>;
};

template <class Result, class Stream, class Buffer, class Parser, class Token>
struct beast_coroutine {
    static_assert(checked_for_beast<Stream, Buffer, Parser>());
    using type =
        typename beast_awaitable<Result, Token,
                                 decltype(async_read_some(
                                     std::declval<Stream&>(), std::declval<Buffer&>(),
                                     std::declval<Parser&>(), std::declval<Token&>()))>::type;
};

}  // namespace detail

namespace adapters {

/// `read_headers` in a coroutine: `co_await` it with `boost::asio::use_awaitable`. This one takes
/// every other token of Asio as well.
template <class Stream, class Buffer, class Parser, class Token>
auto async_read_headers(Stream& stream, Buffer& buffer, Parser& parser, Token&& token) {
    static_assert(detail::checked_for_beast<Stream, Buffer, Parser>());
    parser.body_limit(UINT64_MAX);
    return async_read_header(stream, buffer, parser, std::forward<Token>(token));
}

/// `receive` as a coroutine, with `boost::asio::use_awaitable` as its token. All that it is given
/// has to live until it ends.
template <class Stream, class Buffer, class Parser, class Receiver, class Token>
[[nodiscard]] typename detail::beast_coroutine<reply, Stream, Buffer, Parser, Token>::type
async_receive(Stream& stream, Buffer& buffer, Parser& parser, const Receiver& receiver,
              Token token) {
    detail::beast_delivery delivery(parser, buffer.size(), receiver);
    if (delivery.asks_sender()) {
        co_await async_write(stream, detail::beast_continue<Buffer>(), token);
    }
    while (delivery.more()) {
        delivery.count(co_await async_read_some(stream, buffer, parser, token));
    }
    co_return delivery.answer();
}

/// The same for receivers that block, such as those with an inbox: they answer on a thread of
/// `blocking`, the executor of a `boost::asio::thread_pool`, and the threads of the event loop go
/// on with other connections meanwhile.
template <class Stream, class Buffer, class Parser, class Receiver, class Executor, class Token>
[[nodiscard]] typename detail::beast_coroutine<reply, Stream, Buffer, Parser, Token>::type
async_receive(Stream& stream, Buffer& buffer, Parser& parser, const Receiver& receiver,
              Executor blocking, Token token) {
    using coroutine = typename detail::beast_coroutine<reply, Stream, Buffer, Parser, Token>::type;
    detail::beast_delivery delivery(parser, buffer.size(), receiver);
    if (delivery.asks_sender()) {
        co_await async_write(stream, detail::beast_continue<Buffer>(), token);
    }
    while (delivery.more()) {
        delivery.count(co_await async_read_some(stream, buffer, parser, token));
    }
    const auto answer = [&delivery]() -> coroutine { co_return delivery.answer(); };
    co_return co_await co_spawn(blocking, answer, token);
}

/// `drop_body` as a coroutine, with `boost::asio::use_awaitable` as its token.
template <class Stream, class Buffer, class Parser, class Token>
[[nodiscard]] typename detail::beast_coroutine<void, Stream, Buffer, Parser, Token>::type
async_drop_body(Stream& stream, Buffer& buffer, Parser& parser, Token token,
                std::size_t limit = limits().body) {
    detail::beast_rest rest(parser, buffer.size(), limit);
    parser.get().body() = bounded_body(0);
    while (rest.more()) rest.count(co_await async_read_some(stream, buffer, parser, token));
}

}  // namespace adapters

#endif

}  // namespace webhookpp

#endif
