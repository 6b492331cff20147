// SPDX-License-Identifier: MIT
// The description of a way to prove a sender: data that reads like a row of a table.
#ifndef WEBHOOKPP_SCHEME_HPP
#define WEBHOOKPP_SCHEME_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <webhookpp/crypto/key.hpp>
#include <webhookpp/tolerance.hpp>

namespace webhookpp {

/// How a sender proves itself.
enum class algorithm : std::uint8_t {
    hmac_sha1,    ///< signs with a shared secret, as the next two
    hmac_sha256,  ///< the usual one
    hmac_sha512,  ///< the same with SHA-512
    ed25519,      ///< signs with a key pair, as the next one
    ecdsa_p256,   ///< with SHA-256; the signature is in ASN.1 DER
    token,        ///< shows the key itself: nothing is signed, not even the body
};

/// How the bytes of a signature or a token are written. Each has one spelling for each value.
enum class encoding : std::uint8_t {
    base64,     ///< with padding: RFC 4648, section 4
    base64url,  ///< without padding: RFC 4648, section 5
    hex,        ///< in lower case
    plain,      ///< as they are: a token of visible ASCII characters
};

/// The name under which a header is sent. Where providers send the same headers under two sets of
/// names, each header of the scheme has two: `{"webhook-id", "svix-id"}`. A set is read whole or
/// not at all; the second set decides when all its headers are there.
struct header_names {
    std::string_view names[2];  ///< the second is empty if there is one set only
    std::size_t count = 0;      ///< how many sets there are: 0, 1 or 2

    constexpr header_names() noexcept = default;
    /// A header with one name.
    constexpr header_names(const char* name) noexcept : names{name, {}}, count(1) {}
    /// A header that is sent under one name or the other.
    constexpr header_names(const char* first, const char* second) noexcept
        : names{first, second}, count(2) {}

    /// The name in a set, 0 or 1.
    [[nodiscard]] constexpr std::string_view operator[](std::size_t set) const noexcept {
        return names[set];
    }
};

/// One part of the bytes that are signed.
struct content_part {
    /// What stands there.
    enum class kind : std::uint8_t {
        literal,    ///< always the same text
        id,         ///< the message id
        timestamp,  ///< the time of sending, as it stands in its header
        body,       ///< all of it, as it arrived
        url,        ///< of the endpoint, as `scheme::url` says
        method,     ///< of the request
        form,       ///< the fields of a form in the body, as `scheme::form` says
    };

    kind which = kind::literal;  ///< what stands there
    std::string_view text;       ///< of a literal

    constexpr content_part() noexcept = default;
    /// A part of the delivery.
    constexpr content_part(kind part) noexcept : which(part) {}
    /// A text that is always the same.
    constexpr content_part(const char* literal) noexcept : text(literal) {}
};

/// The bytes that are signed: the parts one after the other.
struct signed_content {
    /// The most parts that there are.
    static constexpr std::size_t max_parts = 8;

    content_part parts[max_parts];  ///< one after the other
    std::size_t count = 0;          ///< how many there are

    /// The parts in their order: texts and kinds.
    template <class... Parts>
    constexpr signed_content(Parts... list) noexcept
        : parts{content_part(list)...}, count(sizeof...(Parts)) {
        static_assert(sizeof...(Parts) <= max_parts, "a content has at most 8 parts");
    }

    /// How often `part` is signed.
    [[nodiscard]] constexpr std::size_t times(content_part::kind part) const noexcept {
        std::size_t found = 0;
        for (std::size_t i = 0; i < count; ++i) found += parts[i].which == part ? 1 : 0;
        return found;
    }
};

/// A version label of a signature list and the algorithm that it stands for.
struct signature_version {
    std::string_view label = {};                              ///< such as `v1`
    webhookpp::algorithm algorithm = algorithm::hmac_sha256;  ///< how signatures with it are made
};

/// A signature header that lists `name=value` elements: `t=1700000000,v1=5257...`. Spaces around
/// elements do not count, elements of other names are skipped.
struct signature_pairs {
    std::string_view name = {};  ///< of the elements that are signatures
    char separator = ',';        ///< between two elements
};

/// Where the signature or the token stands: in a header, or, only a token, in the target of the
/// request.
struct signature_source {
    /// The header in which it stands; none for a token in the target.
    header_names header = {};

    /// Another header that may hold a signature, beside the first or in its place.
    std::string_view second_header = {};

    /// A word before it in the header, in any letter case, with one or more spaces after it:
    /// `Authorization: Bearer <token>`. RFC 7235, section 2.1.
    std::string_view word = {};

    /// A fixed text before it, letter by letter: `sha256=`.
    std::string_view prefix = {};

    /// If it has a name, the header lists such elements.
    signature_pairs pairs = {};

    /// The member of the target's query whose value is the token, byte by byte: nothing is
    /// percent-decoded.
    std::string_view query = {};

    /// The token is the last segment of the target's path.
    bool end_of_path = false;

    /// How its bytes are written.
    webhookpp::encoding encoding = encoding::base64;

    /// If any, the header lists `version,signature` tokens, with one space between two of them.
    /// Tokens of other versions, and malformed ones, are skipped and counted.
    signature_version versions[2] = {};

    /// Whether the token stands in the target.
    [[nodiscard]] constexpr bool in_target() const noexcept {
        return !query.empty() || end_of_path;
    }
};

/// Where the message id stands. It has 1 to 256 visible ASCII characters, and no dot where it is
/// signed. One that is not signed may be absent.
struct id_source {
    header_names header = {};  ///< none where deliveries have no id
};

/// How a time is written.
enum class time_format : std::uint8_t {
    seconds,       ///< Unix time in 1 to 12 digits without leading zero
    milliseconds,  ///< Unix time in 1 to 15 digits without leading zero
    rfc3339,       ///< `2023-11-14T22:13:20.123Z`, also with an offset
};

/// Where the time of sending stands: in a header of its own, or in an element of the signature
/// header. It is signed as it stands there. Where nothing separates it from what is signed beside
/// it, a Unix time has to have all of its 10 or 13 digits, so that none can change sides.
struct timestamp_source {
    header_names header = {};                   ///< its own, if it has one
    std::string_view element = {};              ///< the name of the element
    time_format format = time_format::seconds;  ///< how it is written
};

/// Where the event type stands, if it is no part of the body. It has 1 to 128 visible ASCII
/// characters; one that has not counts as absent, since no scheme signs it there.
struct event_type_source {
    std::string_view header = {};  ///< none where the body names it
};

/// How the URL is signed: that of `verifier_options::url`, byte by byte, unless this says
/// otherwise. Scheme, host, port and path never come from the request.
struct url_source {
    /// The query is that of `delivery::target`, because the sender changes it for each request.
    bool query_of_request = false;

    /// Signatures over the URL with the default port (`:443`, `:80`) and without one both count.
    bool any_default_port = false;

    /// The characters that are signed as they are where the URL has them percent-encoded.
    std::string_view decoded = {};
};

/// How a form in the body is signed: names and values, decoded, one after the other, sorted by name
/// and then by value, equal fields once.
struct form_source {
    /// The member of the target's query that has the SHA-256 of the body, in hex, when the body is
    /// no form. Then no fields are signed, and that value has to be right.
    std::string_view body_digest = {};
};

struct scheme;

namespace detail {

// Checks the description that it is the last member of: detail/scheme_check.hpp.
struct scheme_check {
    constexpr scheme_check(const scheme& described);
};

}  // namespace detail

/// A way to prove who sent a delivery. Everything that verifies, signs or explains works from this
/// one description. Write one as a `constexpr` variable with designated initialisers, as in
/// `schemes/waitwhile.hpp`; a description that contradicts itself does not compile, and throws
/// `exception` when it is made at run time.
struct scheme {
    /// By which `schemes::find` and entries of inboxes know it.
    std::string_view name = {};

    /// Nothing where `signature.versions` say it.
    std::optional<webhookpp::algorithm> algorithm = std::nullopt;

    key_form key = key_form::standard_webhooks;  ///< how keys are written
    signed_content content = {};                 ///< what is signed
    signature_source signature = {};             ///< where the signature stands
    id_source id = {};                           ///< where the message id stands
    timestamp_source timestamp = {};             ///< where the time of sending stands
    event_type_source event_type = {};    ///< where the event type stands, if not in the body
    url_source url = {};                  ///< how the URL is signed, if it is
    form_source form = {};                ///< how a form is signed, if it is
    webhookpp::tolerance tolerance = {};  ///< how far the time of sending may be off

    /// How long a message has to be remembered, so that all its retries are known for what they
    /// are: longer than the provider goes on trying, and than a person may send it again.
    seconds retention{604'800};  // 7 days

    /// Whether two messages may have the same body, byte by byte: notifications that only say that
    /// something is new. A digest of the body then tells nothing about replays.
    bool repeats_bodies = false;

    /// Whether a document or the source code of the provider confirms all of this. If not, other
    /// sources agree on it; look at a delivery of your own before you rely on it.
    bool confirmed = true;

    /// Checks the description, and has to stay as it is.
    detail::scheme_check check = *this;

    /// Whether a sender can prove itself in this way.
    [[nodiscard]] constexpr bool uses(webhookpp::algorithm way) const noexcept {
        for (const signature_version& version : signature.versions) {
            if (!version.label.empty() && version.algorithm == way) return true;
        }
        return algorithm == way;
    }

    /// Whether `part` is signed.
    [[nodiscard]] constexpr bool signs(content_part::kind part) const noexcept {
        return content.times(part) != 0;
    }

    /// Whether the time of sending is signed.
    [[nodiscard]] constexpr bool has_timestamp() const noexcept {
        return timestamp.header.count != 0 || !timestamp.element.empty();
    }

    /// Whether the target of the request is read: for a token, or for the query that is signed.
    [[nodiscard]] constexpr bool reads_target() const noexcept {
        return signature.in_target() || url.query_of_request;
    }

    /// Whether one of its signatures is made with a key pair.
    [[nodiscard]] constexpr bool uses_key_pairs() const noexcept {
        return uses(webhookpp::algorithm::ed25519) || uses(webhookpp::algorithm::ecdsa_p256);
    }
};

/// The words that scheme descriptions are written with, and the schemes of this library.
namespace schemes {

/// What a `scheme::content` is made of, beside literals.
inline constexpr auto id = content_part::kind::id;
inline constexpr auto timestamp = content_part::kind::timestamp;
inline constexpr auto body = content_part::kind::body;
inline constexpr auto url = content_part::kind::url;
inline constexpr auto method = content_part::kind::method;
inline constexpr auto form = content_part::kind::form;

/// What a `scheme::algorithm` can be.
inline constexpr auto hmac_sha1 = algorithm::hmac_sha1;
inline constexpr auto hmac_sha256 = algorithm::hmac_sha256;
inline constexpr auto hmac_sha512 = algorithm::hmac_sha512;
inline constexpr auto ed25519 = algorithm::ed25519;
inline constexpr auto ecdsa_p256 = algorithm::ecdsa_p256;
inline constexpr auto token = algorithm::token;

/// How a signature can be written: `signature_source::encoding`.
inline constexpr auto base64 = encoding::base64;
inline constexpr auto base64url = encoding::base64url;
inline constexpr auto hex = encoding::hex;
inline constexpr auto plain = encoding::plain;

/// How the time can be written, if not in seconds: `timestamp_source::format`.
inline constexpr auto milliseconds = time_format::milliseconds;
inline constexpr auto rfc3339 = time_format::rfc3339;

/// Elements named `name` between separators: `.pairs = pairs("v1")`.
[[nodiscard]] constexpr signature_pairs pairs(const char* name, char separator = ',') noexcept {
    return {name, separator};
}

}  // namespace schemes

}  // namespace webhookpp

#include <webhookpp/detail/scheme_check.hpp>

#endif
