// Reads handshakes out of requests and makes the answers to them.
#ifndef WEBHOOKPP_DETAIL_HANDSHAKE_READER_HPP
#define WEBHOOKPP_DETAIL_HANDSHAKE_READER_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/collected_headers.hpp>
#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/characters.hpp>
#include <webhookpp/detail/sent_token.hpp>
#include <webhookpp/event.hpp>
#include <webhookpp/expected_handshake.hpp>
#include <webhookpp/fixed_text.hpp>
#include <webhookpp/handshake.hpp>
#include <webhookpp/reply.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp::detail {

using handshake_text = fixed_text<expected_handshake::max_text>;

inline constexpr std::size_t largest_handshake_body = std::size_t{8} * 1024;
inline constexpr std::size_t largest_handshake_target = std::size_t{8} * 1024;

/// What stands in a field of a handshake.
struct handshake_value {
    enum class kind : std::uint8_t {
        absent,
        text,
        number,
        unusable,  ///< too long, doubled, of another type
    };

    kind which = kind::absent;
    handshake_text text = {};
    std::int64_t number = 0;

    [[nodiscard]] static handshake_value of(std::string_view text) noexcept {
        if (text.size() > expected_handshake::max_text) return {.which = kind::unusable};
        return {.which = kind::text, .text = text};
    }

    /// Whether this is what `marker` asks for.
    [[nodiscard]] bool is(const handshake_marker& marker) const noexcept {
        if (marker.number) return which == kind::number && number == *marker.number;
        if (marker.text.empty()) return which != kind::absent;
        return which == kind::text && text == marker.text;
    }
};

/// The two fields of a handshake that may stand in its body.
struct handshake_body {
    handshake_value marker = {};
    handshake_value challenge = {};
};

/// The value at `path` of a JSON document: names with dots between them.
template <class Value>
[[nodiscard]] handshake_value value_at(const Value& root, std::string_view path) {
    std::optional<Value> here = root;
    while (!path.empty()) {
        const std::string_view wanted = path.substr(0, path.find('.'));
        path.remove_prefix(wanted.size() < path.size() ? wanted.size() + 1 : path.size());
        if (!here->is_object()) return {};
        std::optional<Value> found;
        bool doubled = false;
        here->for_each_member([&](std::string_view name, const Value& value) {
            if (name != wanted) return;
            doubled = found.has_value();
            found = value;
        });
        if (doubled) return {.which = handshake_value::kind::unusable};
        if (!found) return {};
        here = found;
    }
    if (here->is_object() || here->is_array()) return {.which = handshake_value::kind::unusable};
    const json_scalar scalar = here->scalar();
    if (scalar.which == json_scalar::kind::text) return handshake_value::of(scalar.text);
    if (scalar.which == json_scalar::kind::integer) {
        return {.which = handshake_value::kind::number, .number = scalar.integer};
    }
    return {.which = handshake_value::kind::unusable};
}

/// Reads the fields of `described` that stand in the body of `message`.
template <class Parser>
[[nodiscard]] result<handshake_body> read_handshake_body(const handshake& described,
                                                         const Parser& parser,
                                                         const verified_message& message) noexcept {
    return parser.read(message, [&described](const auto& root) -> result<handshake_body> {
        handshake_body read;
        if (described.marker.field.where == handshake_field::place::body) {
            read.marker = value_at(root, described.marker.field.name);
        }
        if (described.challenge.where == handshake_field::place::body) {
            read.challenge = value_at(root, described.challenge.name);
        }
        return read;
    });
}

/// `text` of a query with `%41` and `+` decoded; unusable if it is too long or malformed.
[[nodiscard]] inline handshake_value decoded_query(std::string_view text) noexcept {
    handshake_text decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned char byte[1] = {static_cast<unsigned char>(text[i] == '+' ? ' ' : text[i])};
        if (text[i] == '%') {
            if (text.size() - i < 3 ||
                !crypto::hex_decode(text.substr(i + 1, 2), byte, crypto::hex_case::either)) {
                return {.which = handshake_value::kind::unusable};
            }
            i += 2;
        }
        if (decoded.size() == expected_handshake::max_text) {
            return {.which = handshake_value::kind::unusable};
        }
        decoded.append({reinterpret_cast<const char*>(byte), 1});
    }
    return handshake_value::of(decoded);
}

/// The value of the query's member `name`. Errors: `duplicate_header` for two different ones.
[[nodiscard]] inline result<handshake_value> query_value(std::string_view target,
                                                         std::string_view name) noexcept {
    signature_source source;
    source.query = name;
    const auto found = token_in(source, target);
    if (found) return decoded_query(*found);
    if (found.error().code == errc::missing_header) return handshake_value();
    return unexpected(found.error().code, name);
}

/// The value of the header `name`. Errors: `duplicate_header`, `header_too_large`;
/// `internal_error` when the host's headers cannot be read.
[[nodiscard]] inline result<handshake_value> header_value(const header_source& headers,
                                                          std::string_view name) noexcept {
    wiped_headers wiped;
    collected_headers& collected = wiped.collected;
    if (!collected.collect(headers, std::span(&name, 1), expected_handshake::max_text)) {
        return unexpected(errc::internal_error, "headers");
    }
    switch (collected.which(0)) {
        case collected_headers::state::duplicate: return unexpected(errc::duplicate_header, name);
        case collected_headers::state::too_large: return unexpected(errc::header_too_large, name);
        case collected_headers::state::missing: return handshake_value();
        case collected_headers::state::single: break;
    }
    return handshake_value::of(collected.value(0));
}

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
        if (!body) return marked_in_body ? std::nullopt : refuse(body.error().code, "body");
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
