// One call from request to reply: verify, parse, handle, answer.
#ifndef WEBHOOKPP_RECEIVER_HPP
#define WEBHOOKPP_RECEIVER_HPP

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/detail/handshake_reader.hpp>
#include <webhookpp/error.hpp>
#include <webhookpp/expected_handshake.hpp>
#include <webhookpp/handlers.hpp>
#include <webhookpp/handshake.hpp>
#include <webhookpp/header_source.hpp>
#include <webhookpp/parser.hpp>
#include <webhookpp/reply.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp {

/// What became of a delivery, for the log. All views are valid during the call that gets it.
struct outcome {
    int status = 200;

    /// Why the delivery was refused, or what went wrong with an accepted one.
    std::optional<webhookpp::error> error = std::nullopt;

    /// The message, once it was verified.
    const verified_message* message = nullptr;

    /// The `what()` of the exception that a handler threw.
    std::string_view exception_text = {};

    /// Whether a handler took the event. False for an accepted event means that none wants it.
    bool handled = false;

    /// Whether it was the expected handshake, and no event: answered, or refused with `error`.
    bool handshake = false;
};

/// How a receiver is set up.
struct receiver_options {
    /// What to do with a delivery that is verified but cannot be decoded.
    enum class undecodable : std::uint8_t {
        refuse,  ///< 400: the sender sees that something is wrong, and tries again
        accept,  ///< 200: it is reported in `log`, and lost
    };

    undecodable on_undecodable = undecodable::refuse;

    /// The handshake that the receiver answers: `handshakes::slack`. What needs a token or brings a
    /// secret is written as `expected_handshake` says. Without one, none is answered.
    expected_handshake handshake = {};

    /// Called once for each delivery, after it was handled, from the thread that received it. What
    /// it throws is ignored.
    std::function<void(const outcome&)> log = {};
};

/// Receives deliveries: proves who sent them, decodes the event, calls its handler, and says what
/// to answer. `receive` may be called from any number of threads at the same time.
///
/// A delivery is answered with 200 once its handler has returned. Keep handlers short: providers
/// give up after 15 to 30 seconds and send again, so a handler may also see an event twice.
template <class Verifier, class Parser>
class receiver {
public:
    using event = typename Parser::event;

    template <class... Functions>
    receiver(Verifier verifier, Parser parser, handlers<Functions...> handle,
             receiver_options options = {})
        : verifier_(std::move(verifier)),
          parser_(std::move(parser)),
          handle_(
              [all = std::move(handle)](const event& received, const verified_message& message) {
                  return detail::dispatch(all, received, message);
              }),
          options_(std::move(options)) {}

    /// Receives `request` and returns what to answer, with the statuses of `http_status`. Does not
    /// throw, whatever the sender or a handler does.
    [[nodiscard]] reply receive(const delivery& request) const noexcept {
        const detail::handshake_reader handshake(options_.handshake, verifier_, parser_, request);
        if (options_.handshake) {
            if (const auto asked = handshake.before_verification()) return answer(*asked, nullptr);
        }
        const auto message = verifier_.verify(request);
        if (!message) return refuse({.error = message.error()});
        if (options_.handshake) {
            if (const auto asked = handshake.after_verification(*message)) {
                return answer(*asked, &*message);
            }
        }
        const auto received = parser_.parse(*message);
        if (!received) {
            const bool undecodable = http_status(received.error().code) == 400;
            if (undecodable && options_.on_undecodable == receiver_options::undecodable::accept) {
                return accept({.error = received.error(), .message = &*message});
            }
            return refuse({.error = received.error(), .message = &*message});
        }
        return handle(*received, *message);
    }

    /// Copies the headers that `receive` reads out of `headers`: for hosts whose headers are gone,
    /// or are other ones, when the body has arrived. What it returns is a header source. It is
    /// empty when memory ran out or the host's code threw, and then nothing is accepted.
    [[nodiscard]] collected_headers collect(const header_source& headers) const noexcept {
        std::span<const std::string_view> more;
        if (options_.handshake) {
            // Where a challenge stands in a header, it is the marker.
            const handshake_field& marker = options_.handshake.described().marker.field;
            if (marker.where == handshake_field::place::header) more = std::span(&marker.name, 1);
        }
        return verifier_.collect(headers, more);
    }

    /// The answer to a request of which the headers alone show that it will be refused, so that its
    /// body need not be read; nothing for all others. `content_length` is 0 where none is known.
    /// Where a handshake is expected, which may come unsigned, only a body that is too large is
    /// refused. Reports to the log what it refuses.
    [[nodiscard]] std::optional<reply> refuse_early(
        const header_source& headers, std::uint64_t content_length = 0) const noexcept {
        if (content_length > verifier_.body_limit()) {
            return refuse({.error = error{errc::body_too_large, "body"}});
        }
        if (options_.handshake) return std::nullopt;
        const auto good = verifier_.check_headers(headers);
        if (good) return std::nullopt;
        return refuse({.error = good.error()});
    }

    /// The verifier, to exchange its keys.
    [[nodiscard]] const Verifier& verifier() const noexcept { return verifier_; }

private:
    reply handle(const event& received, const verified_message& message) const noexcept {
#if defined(__cpp_exceptions)
        const error failed{errc::handler_failed, "handler"};
        try {
            return accept({.message = &message, .handled = handle_(received, message)});
        } catch (const std::exception& thrown) {
            return refuse({.error = failed, .message = &message, .exception_text = thrown.what()});
        } catch (...) {
            return refuse({.error = failed, .message = &message});
        }
#else
        return accept({.message = &message, .handled = handle_(received, message)});
#endif
    }

    reply answer(const result<reply>& handshake, const verified_message* message) const noexcept {
        if (!handshake) {
            return refuse({.error = handshake.error(), .message = message, .handshake = true});
        }
        report({.status = handshake->status, .message = message, .handshake = true});
        return *handshake;
    }

    reply accept(outcome what) const noexcept {
        report(what);
        return accepted_reply();
    }

    reply refuse(outcome what) const noexcept {
        what.status = http_status(what.error->code);
        report(what);
        return refusal_reply(what.error->code);
    }

    void report(const outcome& what) const noexcept {
        if (!options_.log) return;
#if defined(__cpp_exceptions)
        try {
            options_.log(what);
        } catch (...) {
            // A log that fails must not turn a handled event into one that is sent again.
            return;
        }
#else
        options_.log(what);
#endif
    }

    Verifier verifier_;
    Parser parser_;
    std::function<bool(const event&, const verified_message&)> handle_;
    receiver_options options_;
};

}  // namespace webhookpp

#endif
