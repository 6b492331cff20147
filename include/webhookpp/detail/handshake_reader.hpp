// SPDX-License-Identifier: MIT
// Reads handshakes out of requests and makes the answers to them.
#ifndef WEBHOOKPP_DETAIL_HANDSHAKE_READER_HPP
#define WEBHOOKPP_DETAIL_HANDSHAKE_READER_HPP

#include <optional>
#include <span>
#include <string_view>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/characters.hpp>
#include <webhookpp/detail/handshake_value.hpp>
#include <webhookpp/expected_handshake.hpp>
#include <webhookpp/fixed_text.hpp>
#include <webhookpp/handshake.hpp>
#include <webhookpp/reply.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp::detail {

/// Whether `text` can be sent back as it is: 1 to 256 characters of plain words and base64.
[[nodiscard]] constexpr bool is_echo(std::string_view text) noexcept {
    for (const char c : text) {
        if (!is_unreserved({&c, 1}) && c != '+' && c != '/' && c != '=') return false;
    }
    return !text.empty();
}

/// Whether `text` can be a secret that a provider brings.
[[nodiscard]] constexpr bool is_brought_secret(std::string_view text) noexcept {
    return text.size() >= 16 && is_visible_ascii(text);
}

/// The answer to `described`.
[[nodiscard]] inline reply handshake_reply(const handshake& described, std::string_view challenge,
                                           std::string_view mac) noexcept {
    const handshake_answer& answer = described.answer;
    reply made{.status = answer.status};
    made.headers.add("Content-Type", answer.content_type == handshake_answer::type::json
                                         ? "application/json"
                                         : "text/plain; charset=utf-8");
    // A browser that somebody lures here must not take the text for a page.
    made.headers.add("X-Content-Type-Options", "nosniff");
    if (!answer.header.empty()) made.headers.add(answer.header, challenge);
    for (const answer_part& part : answer.body) {
        switch (part.which) {
            case answer_part::kind::literal: made.body.append(part.text); break;
            case answer_part::kind::challenge: made.body.append(challenge); break;
            case answer_part::kind::mac: made.body.append(mac); break;
        }
    }
    return made;
}

/// Decides about one request whether it is the handshake that is expected, and what to answer:
/// nothing where it is none, or the reply, or why it is refused.
template <class Verifier, class Parser>
class handshake_reader {
public:
    using answer = std::optional<result<reply>>;

    handshake_reader(const expected_handshake& expected, const Verifier& verifier,
                     const Parser& parser, const delivery& request) noexcept
        : expected_(expected), verifier_(verifier), parser_(parser), request_(request) {}

    /// For handshakes that are not signed: called before verification.
    [[nodiscard]] answer before_verification() const noexcept {
        if (request_.method != described().method) return std::nullopt;
        switch (described().proof) {
            case handshake_proof::signature: return std::nullopt;
            case handshake_proof::token:
            case handshake_proof::nothing: return query_answer();
            case handshake_proof::registration: break;
        }
#if defined(__cpp_exceptions)
        try {
            return registration_answer();
        } catch (...) {
            return refuse(errc::internal_error, "handshake");
        }
#else
        return registration_answer();
#endif
    }

    /// For handshakes that are signed: called with the message that verification made.
    [[nodiscard]] answer after_verification(const verified_message& message) const noexcept {
        if (described().proof != handshake_proof::signature ||
            request_.method != described().method) {
            return std::nullopt;
        }
        const handshake_marker& marker = described().marker;
        const bool marked_in_body = marker.field.where == handshake_field::place::body;
        if (!marked_in_body) {
            const auto sent = header_value(request_.headers, marker.field.name);
            if (!sent || !sent->is(marker)) return std::nullopt;
        }
        // Almost all messages are events: those are not read twice.
        if (message.body().size() > largest_handshake_body) {
            return marked_in_body ? std::nullopt : refuse(errc::body_too_large, "body");
        }
        if (marked_in_body && message.body().find(marker.text) == std::string_view::npos) {
            return std::nullopt;
        }
        const auto body = read_handshake_body(described(), parser_, message);
        if (!body) {
            if (marked_in_body && !has_failed(body)) return std::nullopt;
            return refuse(body.error().code, "body");
        }
        if (marked_in_body && !body->marker.is(marker)) return std::nullopt;
        return signed_answer(body->challenge);
    }

private:
    [[nodiscard]] const handshake& described() const noexcept {
        return expected_.described();
    }

    [[nodiscard]] static answer refuse(errc code, std::string_view where) noexcept {
        return result<reply>(unexpected(code, where));
    }

    // Without memory nobody knows whether it is a handshake. As an event it would get another
    // answer than it has asked for.
    [[nodiscard]] static bool has_failed(const result<handshake_body>& read) noexcept {
        return !read && read.error().code == errc::internal_error;
    }

    [[nodiscard]] answer signed_answer(const handshake_value& challenge) const noexcept {
        const handshake_field& field = described().challenge;
        if (field.where == handshake_field::place::nowhere) {
            return handshake_reply(described(), {}, {});
        }
        if (!described().answer.has_mac()) return echo(challenge);
        const auto mac = verifier_.answer_challenge(request_, challenge.text);
        if (mac) return handshake_reply(described(), challenge.text, *mac);
        if (mac.error().code == errc::invalid_payload) {
            return refuse(errc::invalid_payload, field.name);
        }
        return refuse(mac.error().code, mac.error().where);
    }

    [[nodiscard]] answer echo(const handshake_value& challenge) const noexcept {
        if (!is_echo(challenge.text)) {
            return refuse(errc::invalid_payload, described().challenge.name);
        }
        return handshake_reply(described(), challenge.text, {});
    }

    [[nodiscard]] answer query_answer() const noexcept {
        if (request_.target.size() > largest_handshake_target) {
            return refuse(errc::header_too_large, "target");
        }
        const handshake_marker& marker = described().marker;
        const auto marked = query_value(request_.target, marker.field.name);
        if (!marked) return refuse(marked.error().code, marker.field.name);
        if (!marked->is(marker)) return std::nullopt;
        if (expected_.token()) {
            const std::string_view name = described().token.name;
            const auto shown = query_value(request_.target, name);
            if (!shown) return refuse(shown.error().code, name);
            if (shown->which == handshake_value::kind::absent) {
                return refuse(errc::missing_header, name);
            }
            if (!crypto::equal(crypto::as_bytes(shown->text), expected_.token()->bytes())) {
                return refuse(errc::signature_mismatch, name);
            }
        }
        const auto challenge = query_value(request_.target, described().challenge.name);
        if (!challenge) return refuse(challenge.error().code, described().challenge.name);
        return echo(*challenge);
    }

    [[nodiscard]] answer registration_answer() const {
        const handshake_marker& marker = described().marker;
        if (marker.field.where == handshake_field::place::header) {
            const auto sent = header_value(request_.headers, marker.field.name);
            if (sent && !sent->is(marker)) return std::nullopt;
            // Whoever comes uninvited is refused for that, whatever is in the request.
            if (!expected_.setup()->is_open()) {
                return refuse(errc::no_supported_signature, marker.field.name);
            }
            if (!sent) return refuse(sent.error().code, marker.field.name);
            return take(*sent);
        }
        const std::string_view body = request_.body.bytes();
        if (!expected_.setup()->is_open() || body.size() > largest_handshake_body ||
            body.find(marker.field.name) == std::string_view::npos) {
            return std::nullopt;
        }
        const auto read = read_handshake_body(
            described(), parser_,
            assume_verified(request_.body, "an open registration, which reads nothing but a key"));
        if (has_failed(read)) return refuse(read.error().code, "body");
        if (!read || !read->marker.is(marker)) return std::nullopt;
        return take(read->challenge);
    }

    [[nodiscard]] answer take(const handshake_value& secret) const {
        const std::string_view name = described().challenge.name;
        if (!is_brought_secret(secret.text)) return refuse(errc::invalid_payload, name);
        const auto made = key::try_from_text(secret.text);
        if (!made) return refuse(errc::invalid_payload, name);
        if (described().signed_with_secret) {
            const auto own =
                any_verifier<>::try_create(*described().signed_with_secret, std::span(&*made, 1));
            if (!own) return refuse(errc::internal_error, "handshake");
            const auto message = own->verify(request_);
            if (!message && message.error().code != errc::missing_header) {
                return refuse(message.error().code, message.error().where);
            }
        }
        const auto taken = expected_.setup()->take(*made);
        if (!taken) return refuse(taken.error().code, taken.error().where);
        return handshake_reply(described(), secret.text, {});
    }

    const expected_handshake& expected_;
    const Verifier& verifier_;
    const Parser& parser_;
    const delivery& request_;
};

}  // namespace webhookpp::detail

#endif
