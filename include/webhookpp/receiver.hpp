// SPDX-License-Identifier: MIT
// One call from request to reply: verify, parse, handle, answer.
#ifndef WEBHOOKPP_RECEIVER_HPP
#define WEBHOOKPP_RECEIVER_HPP

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/detail/body_facts.hpp>
#include <webhookpp/detail/delivery_gate.hpp>
#include <webhookpp/detail/guard_link.hpp>
#include <webhookpp/detail/option_check.hpp>
#include <webhookpp/error.hpp>
#include <webhookpp/expected_handshake.hpp>
#include <webhookpp/handlers.hpp>
#include <webhookpp/header_source.hpp>
#include <webhookpp/outcome.hpp>
#include <webhookpp/parser.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/reply.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp {

/// How a receiver is set up.
struct receiver_options {
    /// What to do with a delivery that is verified but cannot be decoded.
    enum class undecodable : std::uint8_t {
        refuse,  ///< 400: the sender sees that something is wrong, and tries again
        accept,  ///< 200: it is reported in `log`, and lost
    };

    /// What to do with such a delivery.
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
/// give up after 15 to 30 seconds and send again. Without a guard a handler may then see an event
/// twice; with one, a message that was handled is answered with 200 and not handled again, and one
/// that is being handled with 503. `inbox_receiver` answers first and handles later.
template <class Verifier, class Parser>
class receiver {
public:
    /// One of the parser's events: a `std::variant`.
    using event = typename Parser::event;

    /// Without a guard: handlers see an event again when its sender repeats it.
    template <class... Functions>
    receiver(Verifier verifier, Parser parser, handlers<Functions...> handle,
             receiver_options options = {})
        : gate_(std::move(verifier), std::move(parser), std::move(options.handshake),
                std::move(options.log)),
          handle_(
              [all = std::move(handle)](const event& received, const verified_message& message) {
                  return detail::dispatch(all, received, message);
              }),
          on_undecodable_(options.on_undecodable) {}

    /// With a guard, which lets each message through once. Throws `exception` with `invalid_option`
    /// if the guard forgets messages that the verifier would still accept.
    template <class Store, class Clock, class... Functions>
    receiver(Verifier verifier, Parser parser, replay_guard<Store, Clock> guard,
             handlers<Functions...> handle, receiver_options options = {})
        : receiver(std::move(verifier), std::move(parser), std::move(handle), std::move(options)) {
        const Verifier& asked = gate_.verifier();
        detail::check_retention(guard.retention(), asked.described(), asked.tolerance()).value();
        guard_ = detail::guard_link(std::move(guard));
    }

    /// Receives `request` and returns what to answer, with the statuses of `http_status`. Does not
    /// throw, whatever the sender or a handler does.
    [[nodiscard]] reply receive(const delivery& request) const noexcept {
        return gate_.receive(request, [this](const verified_message& message) {
            return guard_ ? receive_once(message) : handle(message, nullptr);
        });
    }

    /// Copies the headers that `receive` reads out of `headers`: for hosts whose headers are gone,
    /// or are other ones, when the body has arrived. What it returns is a header source. It is
    /// empty when memory ran out or the host's code threw, and then nothing is accepted.
    [[nodiscard]] collected_headers collect(const header_source& headers) const noexcept {
        return gate_.collect(headers);
    }

    /// The answer to a request of which the headers alone show that it will be refused, so that its
    /// body need not be read; nothing for all others. `content_length` is 0 where none is known.
    /// Where a handshake is expected, which may come unsigned, only a body that is too large is
    /// refused. Reports to the log what it refuses.
    [[nodiscard]] std::optional<reply> refuse_early(
        const header_source& headers, std::uint64_t content_length = 0) const noexcept {
        return gate_.refuse_early(headers, content_length);
    }

    /// The verifier, to exchange its keys.
    [[nodiscard]] const Verifier& verifier() const noexcept { return gate_.verifier(); }

private:
    reply receive_once(const verified_message& message) const noexcept {
        const auto facts =
            detail::read_body_facts(gate_.parser(), message, detail::wanted_facts::id);
        if (!facts) return gate_.refuse(facts.error(), {.message = &message});
        const auto mine = guard_.reserve(message, facts->id.view());
        if (!mine) return gate_.refuse(mine.error(), {.message = &message});
        switch (mine->reserved.which) {
            case reservation::state::fresh: break;
            case reservation::state::duplicate:
                return gate_.accept({.message = &message, .duplicate = true});
            case reservation::state::in_progress:
                return gate_.refuse({errc::in_progress, "message"}, {.message = &message});
        }
        return handle(message, &*mine);
    }

    // `mine`: the reservation of the message, if there is a guard.
    reply handle(const verified_message& message, const guarded_message* mine) const noexcept {
        const auto received = gate_.parser().parse(message);
        if (!received) {
            const bool undecodable = http_status(received.error().code) == 400;
            if (undecodable && on_undecodable_ == receiver_options::undecodable::accept) {
                return accept({.error = received.error(), .message = &message}, mine);
            }
            return refuse(received.error(), {.message = &message}, mine);
        }
#if defined(__cpp_exceptions)
        const error failed{errc::handler_failed, "handler"};
        try {
            return accept({.message = &message, .handled = handle_(*received, message)}, mine);
        } catch (const std::exception& thrown) {
            return refuse(failed, {.message = &message, .exception_text = thrown.what()}, mine);
        } catch (...) {
            return refuse(failed, {.message = &message}, mine);
        }
#else
        return accept({.message = &message, .handled = handle_(*received, message)}, mine);
#endif
    }

    // The event is handled, so it is accepted even if that cannot be remembered: a retry would only
    // handle it again.
    reply accept(outcome what, const guarded_message* mine) const noexcept {
        if (mine) {
            const auto kept = guard_.commit(*mine);
            if (!kept) what.error = kept.error();
            if (kept && !*kept) what.error = {errc::in_progress, "the lease was over"};
        }
        return gate_.accept(what);
    }

    // Should the store fail here, a retry is let through when the lease is over.
    reply refuse(const error& why, const outcome& what,
                 const guarded_message* mine) const noexcept {
        if (mine) static_cast<void>(guard_.release(*mine));
        return gate_.refuse(why, what);
    }

    detail::delivery_gate<Verifier, Parser> gate_;
    detail::guard_link guard_;
    std::function<bool(const event&, const verified_message&)> handle_;
    receiver_options::undecodable on_undecodable_;
};

}  // namespace webhookpp

#endif
