// SPDX-License-Identifier: MIT
// One call from request to reply for hosts with an inbox: verify, store, answer.
#ifndef WEBHOOKPP_INBOX_RECEIVER_HPP
#define WEBHOOKPP_INBOX_RECEIVER_HPP

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/detail/body_facts.hpp>
#include <webhookpp/detail/delivery_gate.hpp>
#include <webhookpp/detail/option_check.hpp>
#include <webhookpp/entry.hpp>
#include <webhookpp/error.hpp>
#include <webhookpp/expected_handshake.hpp>
#include <webhookpp/header_source.hpp>
#include <webhookpp/inbox.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/outcome.hpp>
#include <webhookpp/reply.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/tolerance.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp {

/// How a receiver with an inbox is set up.
struct inbox_receiver_options {
    /// The name of the endpoint, under which `worker::handle` takes its entries: 1 to 128 visible
    /// ASCII characters, different for each endpoint of the inbox.
    std::string endpoint = {};

    /// How long a message is remembered, so that its retries are known; by default
    /// `scheme::retention`. At least as long as the verifier's tolerance lets a delivery be
    /// repeated.
    std::optional<seconds> retention = std::nullopt;

    /// What is done with a message whose body was here before, under another id that is not signed.
    webhookpp::same_body same_body = same_body::flag;

    /// If given: messages for which it returns the same text, not empty, are handled one after the
    /// other, in the order in which they came. What it throws is answered with 503.
    std::function<std::string(const verified_message&)> partition = {};

    /// The handshake that the receiver answers: as in `receiver_options`.
    expected_handshake handshake = {};

    /// Called once for each delivery, from the thread that received it. What it throws is ignored.
    std::function<void(const outcome&)> log = {};
};

/// Receives deliveries into an inbox: 200 says that a message is safe, now or from before; then
/// workers handle it. Bodies that cannot be decoded are accepted too, and become dead entries with
/// the path of what is wrong, so that nothing is lost when a provider changes its events.
///
/// `receive` may be called from any number of threads, and blocks until the store has answered.
template <class Verifier, class Parser, class Inbox>
class inbox_receiver {
public:
    /// `parser` is the one that the handlers' events are decoded with; it tells the event type and,
    /// if the catalog has an `id_member`, the message id.
    ///
    /// Throws `exception` with `invalid_option` where `try_create` returns it.
    inbox_receiver(Verifier verifier, Parser parser, Inbox inbox, inbox_receiver_options options)
        : inbox_receiver(try_create(std::move(verifier), std::move(parser), std::move(inbox),
                                    std::move(options))
                             .value()) {}

    /// As the constructor, with the error as a value: `invalid_option` for an endpoint or a
    /// retention that will not do.
    [[nodiscard]] static result<inbox_receiver> try_create(Verifier verifier, Parser parser,
                                                           Inbox inbox,
                                                           inbox_receiver_options options) {
        const scheme& described = verifier.described();
        const seconds retention = options.retention.value_or(described.retention);
        if (auto bad = detail::check_endpoint(options.endpoint); !bad) {
            return unexpected(bad.error());
        }
        if (auto bad = detail::check_retention(retention, described, verifier.tolerance()); !bad) {
            return unexpected(bad.error());
        }
        return inbox_receiver(std::move(verifier), std::move(parser), std::move(inbox),
                              std::move(options), retention);
    }

    /// Receives `request` and returns what to answer. Does not throw.
    [[nodiscard]] reply receive(const delivery& request) const noexcept {
        return gate_.receive(request,
                             [this](const verified_message& message) { return store(message); });
    }

    /// As `receiver::collect`.
    [[nodiscard]] collected_headers collect(const header_source& headers) const noexcept {
        return gate_.collect(headers);
    }

    /// As `receiver::refuse_early`.
    [[nodiscard]] std::optional<reply> refuse_early(
        const header_source& headers, std::uint64_t content_length = 0) const noexcept {
        return gate_.refuse_early(headers, content_length);
    }

    /// The verifier, to exchange its keys.
    [[nodiscard]] const Verifier& verifier() const noexcept { return gate_.verifier(); }

private:
    inbox_receiver(Verifier verifier, Parser parser, Inbox inbox, inbox_receiver_options options,
                   seconds retention)
        : endpoint_(std::move(options.endpoint)),
          retention_(retention),
          same_body_(options.same_body),
          partition_(std::move(options.partition)),
          inbox_(std::move(inbox)),
          gate_(std::move(verifier), std::move(parser), std::move(options.handshake),
                std::move(options.log)) {}

    reply store(const verified_message& message) const noexcept {
        const auto accepted = accept(message);
        if (!accepted) return gate_.refuse(accepted.error(), {.message = &message});
        return gate_.accept({.message = &message, .duplicate = *accepted == acceptance::duplicate});
    }

    result<acceptance> accept(const verified_message& message) const noexcept {
#if defined(__cpp_exceptions)
        try {
            return accept_in(partition_ ? partition_(message) : std::string(), message);
        } catch (...) {
            return unexpected(errc::internal_error, "partition");
        }
#else
        return accept_in(partition_ ? partition_(message) : std::string(), message);
#endif
    }

    result<acceptance> accept_in(const std::string& partition,
                                 const verified_message& message) const noexcept {
        const auto facts = detail::read_body_facts(gate_.parser(), message,
                                                   detail::wanted_facts::id_and_event_type);
        if (!facts) return unexpected(facts.error());
        const scheme& described = gate_.verifier().described();
        return inbox_.accept(message, {.as = {.provider = described.name,
                                              .endpoint = endpoint_,
                                              .id = facts->id.view(),
                                              .same_body = same_body_,
                                              .repeats_bodies = described.repeats_bodies},
                                       .event_type = facts->event_type.view(),
                                       .partition = partition,
                                       .retention = retention_});
    }

    std::string endpoint_;
    seconds retention_;
    webhookpp::same_body same_body_;
    std::function<std::string(const verified_message&)> partition_;
    Inbox inbox_;
    detail::delivery_gate<Verifier, Parser> gate_;
};

}  // namespace webhookpp

#endif
