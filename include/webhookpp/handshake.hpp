// SPDX-License-Identifier: MIT
// Describes how a provider asks an endpoint whether it is ready, and what it wants to hear.
#ifndef WEBHOOKPP_HANDSHAKE_HPP
#define WEBHOOKPP_HANDSHAKE_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace webhookpp {

struct scheme;

/// A text of the request: a member of the JSON body, a member of the target's query, or a header.
struct handshake_field {
    /// Where a text can stand.
    enum class place : std::uint8_t { nowhere, body, query, header };

    place where = place::nowhere;  ///< where it stands
    std::string_view name = {};    ///< in the body a path: `payload.plainToken`
};

/// What tells a handshake from an event: the field is there, with this value if one is given.
struct handshake_marker {
    handshake_field field = {};  ///< what has to be there
    std::string_view text = {};  ///< the value that it has to have; any if empty
    std::optional<std::int64_t> number = std::nullopt;  ///< in a body only
};

/// What a handshake has to show before it is answered.
enum class handshake_proof : std::uint8_t {
    signature,     ///< as every event: the verifier has to accept it before anything else is read
    token,         ///< a token that is configured, in `handshake::token`
    registration,  ///< nothing: it brings the secret, and `registration` has to be open
    nothing,       ///< the provider offers no proof; all it can get is its own text
};

/// A part of the body of an answer: a literal, or one of the texts that the handshake is about.
struct answer_part {
    /// What a part is.
    enum class kind : std::uint8_t {
        literal,    ///< fixed text
        challenge,  ///< the text of `handshake::challenge`
        mac,        ///< its HMAC-SHA256 in hex, with the key that signed the handshake
    };

    constexpr answer_part() noexcept = default;
    /// Fixed text.
    constexpr answer_part(const char* literal) noexcept : text(literal) {}
    /// What the handshake brings, or what is made of it.
    constexpr answer_part(kind of) noexcept : which(of) {}

    kind which = kind::literal;  ///< what it is
    std::string_view text = {};  ///< of a literal
};

/// The answer to a handshake. It always says `X-Content-Type-Options: nosniff`.
struct handshake_answer {
    /// What the body is said to be.
    enum class type : std::uint8_t { plain_text, json };

    /// The most parts that a body has.
    static constexpr std::size_t max_parts = 5;

    int status = 200;                      ///< the HTTP status
    type content_type = type::plain_text;  ///< what the body is said to be
    std::string_view header = {};          ///< a header that has the challenge
    answer_part body[max_parts] = {};      ///< one part after the other

    /// Whether it needs the key that signed the handshake.
    [[nodiscard]] constexpr bool has_mac() const noexcept { return has(answer_part::kind::mac); }

    /// Whether the body is made with the challenge.
    [[nodiscard]] constexpr bool has_challenge() const noexcept {
        return has_mac() || has(answer_part::kind::challenge);
    }

private:
    [[nodiscard]] constexpr bool has(answer_part::kind wanted) const noexcept {
        for (const answer_part& part : body) {
            if (part.which == wanted) return true;
        }
        return false;
    }
};

struct handshake;

namespace detail {

// Checks the description that it is the last member of: detail/handshake_check.hpp.
struct handshake_check {
    constexpr handshake_check(const handshake& described);
};

}  // namespace detail

/// A handshake: what a provider sends to an endpoint before, or between, the events. Receivers
/// answer it when they are set up with it. Write one as a `constexpr` variable with designated
/// initialisers, as in `handshakes/slack.hpp`; a description that contradicts itself does not
/// compile, and throws `exception` when it is made at run time.
///
/// A challenge that is sent back has 1 to 256 letters, digits and `-._~+/=`, so that no answer is
/// ever more than a plain word; one that a MAC is made of has 1 to 128 letters, digits, `-` and
/// `_`. A secret has 16 to 256 visible ASCII characters.
struct handshake {
    std::string_view name = {};                          ///< its own name: `slack`
    std::string_view method = "POST";                    ///< of the request
    handshake_proof proof = handshake_proof::signature;  ///< what it has to show
    handshake_marker marker = {};                        ///< what tells it from an event
    handshake_field token = {};                          ///< in the query
    handshake_field challenge = {};                      ///< for a registration the secret
    handshake_answer answer = {};                        ///< what is sent back

    /// Where a registration's secret may also have signed the request that brings it. One that is
    /// signed otherwise is refused.
    const scheme* signed_with_secret = nullptr;

    /// Checks the description, and has to stay as it is.
    detail::handshake_check check = *this;
};

/// The words that handshakes are described with, and the handshakes of this library.
namespace handshakes {

/// A member of the JSON body: `in_body("payload.plainToken")`.
[[nodiscard]] constexpr handshake_field in_body(const char* path) noexcept {
    return {handshake_field::place::body, path};
}
/// A member of the target's query.
[[nodiscard]] constexpr handshake_field in_query(const char* name) noexcept {
    return {handshake_field::place::query, name};
}
/// A header of the request.
[[nodiscard]] constexpr handshake_field in_header(const char* name) noexcept {
    return {handshake_field::place::header, name};
}

/// What answers are made of, and the type of those in JSON.
inline constexpr auto challenge = answer_part::kind::challenge;
inline constexpr auto mac = answer_part::kind::mac;
inline constexpr auto json_text = handshake_answer::type::json;

}  // namespace handshakes

}  // namespace webhookpp

#include <webhookpp/detail/handshake_check.hpp>

#endif
