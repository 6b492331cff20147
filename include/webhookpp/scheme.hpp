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
    hmac_sha256,  ///< signs with a shared secret
    ed25519,      ///< signs with a key pair
    token,        ///< shows the key itself: nothing is signed, not even the body
};

/// How the bytes of a signature or a token are written.
enum class encoding : std::uint8_t {
    base64,  ///< one spelling, with padding: RFC 4648, section 4
    plain,   ///< as they are: a token of visible ASCII characters
};

/// The name under which a header is sent. Where providers send the same headers under two sets of
/// names, each header of the scheme has two: `{"webhook-id", "svix-id"}`. A set is read whole or
/// not at all; the second set decides when all its headers are there.
struct header_names {
    std::string_view names[2];
    std::size_t count = 0;

    constexpr header_names() noexcept = default;
    constexpr header_names(const char* name) noexcept : names{name, {}}, count(1) {}
    constexpr header_names(const char* first, const char* second) noexcept
        : names{first, second}, count(2) {}

    [[nodiscard]] constexpr std::string_view operator[](std::size_t set) const noexcept {
        return names[set];
    }
};

/// One part of the bytes that are signed.
struct content_part {
    enum class kind : std::uint8_t {
        literal,
        id,
        timestamp,
        body,
        url,  ///< of the endpoint: what it is configured with, never what the request says
    };

    kind which = kind::literal;
    std::string_view text;  ///< of a literal

    constexpr content_part() noexcept = default;
    constexpr content_part(kind part) noexcept : which(part) {}
    constexpr content_part(const char* literal) noexcept : text(literal) {}
};

/// The bytes that are signed: the parts one after the other.
struct signed_content {
    static constexpr std::size_t max_parts = 8;

    content_part parts[max_parts];
    std::size_t count = 0;

    template <class... Parts>
    constexpr signed_content(Parts... list) noexcept
        : parts{content_part(list)...}, count(sizeof...(Parts)) {
        static_assert(sizeof...(Parts) <= max_parts, "a content has at most 8 parts");
    }

    [[nodiscard]] constexpr std::size_t times(content_part::kind part) const noexcept {
        std::size_t found = 0;
        for (std::size_t i = 0; i < count; ++i) found += parts[i].which == part ? 1 : 0;
        return found;
    }
};

/// A version label of a signature list and the algorithm that it stands for.
struct signature_version {
    std::string_view label = {};
    webhookpp::algorithm algorithm = algorithm::hmac_sha256;
};

/// Where the signature or the token stands: in a header, or, only a token, in the target of the
/// request.
struct signature_source {
    header_names header = {};

    /// A word before it in the header, in any letter case, with one or more spaces after it:
    /// `Authorization: Bearer <token>`. RFC 7235, section 2.1.
    std::string_view word = {};

    /// The member of the target's query whose value is the token, byte by byte: nothing is
    /// percent-decoded.
    std::string_view query = {};

    /// The token is the last segment of the target's path.
    bool end_of_path = false;

    webhookpp::encoding encoding = encoding::base64;

    /// If any, the header lists `version,signature` tokens, with one space between two of them.
    /// Tokens of other versions, and malformed ones, are skipped and counted.
    signature_version versions[2] = {};

    /// Whether the token stands in the target.
    [[nodiscard]] constexpr bool in_target() const noexcept {
        return !query.empty() || end_of_path;
    }
};

/// Where the message id stands. It has 1 to 256 visible ASCII characters.
struct id_source {
    header_names header = {};
};

/// Where the time of sending stands: Unix seconds in 1 to 12 digits without leading zero, signed as
/// they stand there.
struct timestamp_source {
    header_names header = {};
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
    std::string_view name = {};

    /// Nothing where `signature.versions` say it.
    std::optional<webhookpp::algorithm> algorithm = std::nullopt;

    key_form key = key_form::standard_webhooks;
    signed_content content = {};
    signature_source signature = {};
    id_source id = {};
    timestamp_source timestamp = {};
    webhookpp::tolerance tolerance = {};

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
};

/// The words that scheme descriptions are written with, and the schemes of this library.
namespace schemes {

inline constexpr auto id = content_part::kind::id;
inline constexpr auto timestamp = content_part::kind::timestamp;
inline constexpr auto body = content_part::kind::body;
inline constexpr auto url = content_part::kind::url;

inline constexpr auto hmac_sha256 = algorithm::hmac_sha256;
inline constexpr auto ed25519 = algorithm::ed25519;
inline constexpr auto token = algorithm::token;

inline constexpr auto base64 = encoding::base64;
inline constexpr auto plain = encoding::plain;

}  // namespace schemes

}  // namespace webhookpp

#include <webhookpp/detail/scheme_check.hpp>

#endif
