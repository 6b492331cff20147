// The description of a way to sign: data that reads like a row of a table.
#ifndef WEBHOOKPP_SCHEME_HPP
#define WEBHOOKPP_SCHEME_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <webhookpp/crypto/key.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/tolerance.hpp>

namespace webhookpp {

/// How a signature is computed.
enum class algorithm : std::uint8_t {
    hmac_sha256,  ///< with a shared secret
    ed25519,      ///< with a key pair
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
    enum class kind : std::uint8_t { literal, id, timestamp, body };

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

/// Where the signatures stand: a header that lists `version,signature` tokens in base64, with one
/// space between two tokens. Tokens of other versions, and malformed ones, are skipped and counted.
struct signature_source {
    header_names header = {};
    signature_version versions[2] = {};
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

// Not constexpr on purpose: a call while a scheme is compiled is an error, and the compiler quotes
// the line with the text. For a scheme made at run time it throws.
inline void mistake(const char* what) {
    raise(error{errc::unknown_scheme, what});
}

// Checks the description that it is the last member of.
struct scheme_check {
    constexpr scheme_check(const scheme& described);
};

}  // namespace detail

/// A way to sign deliveries. Everything that verifies, signs or explains works from this one
/// description. Write one as a `constexpr` variable with designated initialisers, as in
/// `schemes/standard_webhooks.hpp`; a description that contradicts itself does not compile.
struct scheme {
    std::string_view name;
    key_form key = key_form::standard_webhooks;
    signed_content content;
    signature_source signature;
    id_source id = {};
    timestamp_source timestamp = {};
    webhookpp::tolerance tolerance = {};

    detail::scheme_check check = *this;
};

constexpr detail::scheme_check::scheme_check(const scheme& described) {
    using part = content_part::kind;
    const auto& content = described.content;
    const std::size_t sets = described.signature.header.count;
    if (described.name.empty()) mistake("the scheme has no .name");
    if (sets == 0) mistake("the scheme does not say in which .header the .signature stands");
    if (described.signature.versions[0].label.empty()) mistake("the .signature lists no .versions");
    if (content.times(part::body) != 1) mistake("the .content has to sign the body, once");
    if (content.times(part::id) > 0 && described.id.header.count == 0) {
        mistake("the .content signs an id, but .id does not say where it stands");
    }
    if (content.times(part::timestamp) > 0 && described.timestamp.header.count == 0) {
        mistake("the .content signs a timestamp, but .timestamp does not say where it stands");
    }
    if (content.times(part::timestamp) == 0 && described.timestamp.header.count > 0) {
        mistake("the .timestamp is not part of the .content: what is not signed proves nothing");
    }
    for (const header_names* header :
         {&described.signature.header, &described.id.header, &described.timestamp.header}) {
        for (std::size_t i = 0; i < header->count; ++i) {
            if (header->names[i].empty()) mistake("a header has an empty name");
        }
    }
    if (described.signature.versions[0].label == described.signature.versions[1].label) {
        mistake("two .versions of the .signature have the same label");
    }
    if ((described.id.header.count != 0 && described.id.header.count != sets) ||
        (described.timestamp.header.count != 0 && described.timestamp.header.count != sets)) {
        mistake("all headers need the same number of names");
    }
}

/// The words that scheme descriptions are written with, and the schemes of this library.
namespace schemes {

inline constexpr auto id = content_part::kind::id;
inline constexpr auto timestamp = content_part::kind::timestamp;
inline constexpr auto body = content_part::kind::body;

inline constexpr auto hmac_sha256 = algorithm::hmac_sha256;
inline constexpr auto ed25519 = algorithm::ed25519;

}  // namespace schemes

}  // namespace webhookpp

#endif
