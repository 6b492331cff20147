// SPDX-License-Identifier: MIT
// The proof that a delivery was verified, and what is known about it.
#ifndef WEBHOOKPP_VERIFIED_MESSAGE_HPP
#define WEBHOOKPP_VERIFIED_MESSAGE_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <webhookpp/fixed_text.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp {

namespace detail {
class message_factory;
struct verified_facts;
}  // namespace detail

/// A message whose sender is proved. Only verification makes one (and, loudly, `assume_verified`),
/// and parsers take nothing else: so an event that nobody verified cannot be decoded.
///
/// Owns everything but the body, which it views: the body must outlive it.
class verified_message {
public:
    /// The most bytes that a message id has.
    static constexpr std::size_t max_id = 256;

    /// The most bytes that an event type in a header has.
    static constexpr std::size_t max_event_type = 128;

    /// For verification, which alone has the key to this.
    verified_message(const detail::message_factory&, const body_view& body,
                     const detail::verified_facts& facts) noexcept;

    /// The body, exactly as it arrived.
    [[nodiscard]] std::string_view body() const noexcept { return body_.bytes(); }

    /// Whether the body is part of what was signed. False where the scheme's sender only shows a
    /// token, and for `assume_verified`: whoever saw one such delivery can send another body.
    [[nodiscard]] bool body_is_signed() const noexcept { return body_is_signed_; }

    /// The message id: the same on every retry of a message, so the key for de-duplication. Empty
    /// where the scheme has none. Valid as long as the message.
    [[nodiscard]] std::string_view id() const noexcept { return id_.view(); }

    /// The event type that a header names; empty where the scheme has none, since it then stands in
    /// the body. Headers that name it are never signed: one of more than `max_event_type` bytes, or
    /// not in visible ASCII, counts as absent. Valid as long as the message.
    [[nodiscard]] std::string_view event_type() const noexcept { return event_type_.view(); }

    /// Whether the id is part of what was signed. One that is not may have been changed on its way.
    [[nodiscard]] bool id_is_signed() const noexcept { return id_is_signed_; }

    /// When the delivery was sent, in Unix seconds; nothing where no timestamp was signed.
    [[nodiscard]] std::optional<std::int64_t> timestamp() const noexcept { return timestamp_; }

    /// Whether a recorded delivery would be accepted again at any later time: nothing that was
    /// signed limits its age. Within the tolerance every delivery can be repeated; only remembering
    /// ids stops that.
    [[nodiscard]] bool replay_possible() const noexcept { return replay_possible_; }

    /// Which key matched: its place in the list that the verifier was made with, from 0. Nothing
    /// for `assume_verified`. Tells when a rotation is over.
    [[nodiscard]] std::optional<std::size_t> key_index() const noexcept { return key_index_; }

    /// How many tokens of the signature list were skipped: unknown versions, malformed ones, and
    /// those that no configured key could have made. Above 0, look whether the sender has begun to
    /// sign in a new way.
    [[nodiscard]] std::size_t skipped_tokens() const noexcept { return skipped_tokens_; }

    /// Why the message was assumed to be verified; empty if a verifier proved it.
    [[nodiscard]] std::string_view assumed_because() const noexcept { return assumed_because_; }

private:
    body_view body_;
    fixed_text<max_id> id_;
    fixed_text<max_event_type> event_type_;
    std::string_view assumed_because_;
    std::optional<std::int64_t> timestamp_;
    std::optional<std::size_t> key_index_;
    std::size_t skipped_tokens_;
    bool body_is_signed_;
    bool id_is_signed_;
    bool replay_possible_;
};

namespace detail {

// What a verifier found out about a delivery.
struct verified_facts {
    std::string_view id = {};
    std::string_view event_type = {};
    std::optional<std::int64_t> timestamp = std::nullopt;
    std::optional<std::size_t> key_index = std::nullopt;
    std::size_t skipped_tokens = 0;
    bool body_is_signed = false;
    bool id_is_signed = false;
    bool replay_possible = true;
    std::string_view assumed_because = {};
};

class message_factory {
public:
    [[nodiscard]] static verified_message make(const body_view& body,
                                               const verified_facts& facts) noexcept {
        return {message_factory(), body, facts};
    }

    /// As `make`, where it is needed: a message is large.
    [[nodiscard]] static result<verified_message> make_result(
        const body_view& body, const verified_facts& facts) noexcept {
        return result<verified_message>(std::in_place, message_factory(), body, facts);
    }

private:
    message_factory() noexcept = default;
};

}  // namespace detail

inline verified_message::verified_message(const detail::message_factory&, const body_view& body,
                                          const detail::verified_facts& facts) noexcept
    : body_(body),
      id_(facts.id),
      event_type_(facts.event_type),
      assumed_because_(facts.assumed_because),
      timestamp_(facts.timestamp),
      key_index_(facts.key_index),
      skipped_tokens_(facts.skipped_tokens),
      body_is_signed_(facts.body_is_signed),
      id_is_signed_(facts.id_is_signed),
      replay_possible_(facts.replay_possible) {}

/// Lets an UNVERIFIED body pass for a verified one. Only for bodies that came over a channel that
/// is already authenticated: the provider's API over TLS, a queue that nobody else writes to.
///
/// `reason` is a literal that says why; every use of this function should be easy to find and to
/// defend. The body must outlive the message.
template <std::size_t Size>
[[nodiscard]] verified_message assume_verified(const body_view& body,
                                               const char (&reason)[Size]) noexcept {
    static_assert(Size > 1, "say why this body can be trusted without a signature");
    return detail::message_factory::make(body,
                                         {.assumed_because = std::string_view(reason, Size - 1)});
}

}  // namespace webhookpp

#endif
