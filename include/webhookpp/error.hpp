// SPDX-License-Identifier: MIT
// Why a delivery, a body or a key was refused: one enumeration for the whole library.
#ifndef WEBHOOKPP_ERROR_HPP
#define WEBHOOKPP_ERROR_HPP

#include <cstdint>
#include <string_view>

#include <webhookpp/fixed_text.hpp>

namespace webhookpp {

/// The name of a refusal. Numbers and names are stable: they are never reused or renamed, so logs
/// and alerts may rely on them. The status that answers each is given by `http_status`.
enum class errc : std::uint8_t {
    // 401: the delivery does not prove who sent it.
    missing_header = 1,          ///< a header or token that the scheme reads is absent or empty
    duplicate_header = 2,        ///< it is there twice, with different values
    invalid_header = 3,          ///< its value does not have the form that the scheme prescribes
    invalid_id = 4,              ///< the message id is too long or holds a forbidden character
    invalid_timestamp = 5,       ///< not a plain decimal number of seconds
    no_supported_signature = 6,  ///< no signature that a configured key could have made
    too_many_signatures = 7,     ///< more signatures than the limits allow
    signature_mismatch = 8,      ///< signatures of the right form, none made by a configured key
    timestamp_too_old = 9,       ///< the signature is right, but the delivery is stale
    timestamp_too_new = 10,      ///< the signature is right, but the delivery is from the future

    // 413: more bytes than the limits allow.
    body_too_large = 20,    ///< more bytes than `limits::body`
    header_too_large = 21,  ///< a header or the target has more than its limit

    // 400: who sent it is proved, but the body cannot be decoded.
    malformed_json = 30,      ///< grammar, UTF-8 or depth
    missing_event_type = 31,  ///< no event type, or one that is not a string
    invalid_payload = 32,     ///< a member is absent, doubled, of the wrong type or out of range

    // 500
    handler_failed = 40,  ///< a handler threw an exception

    // 503: nothing is wrong with the delivery; the sender should try again.
    store_unavailable = 50,  ///< the store failed, so nothing is safe yet
    overloaded = 51,         ///< there is no room for more at present
    in_progress = 52,        ///< the same message is being handled
    shutting_down = 53,      ///< the inbox accepts no more
    internal_error = 54,     ///< memory or OpenSSL ran out of resources

    // Set-up only: never caused by a delivery.
    empty_key = 60,         ///< there is no key, or it has no bytes
    key_whitespace = 61,    ///< white space around the key
    key_wrong_prefix = 62,  ///< the prefix says that this is another kind of key, or there is none
    key_bad_encoding = 63,  ///< not canonical base64, or a character that the key cannot have
    key_wrong_length = 64,  ///< too short or too long for its kind
    key_weak = 65,          ///< a public key for which signatures can be forged
    too_many_keys = 66,     ///< more than a verifier takes
    unknown_scheme = 67,    ///< no scheme has this name
    invalid_url = 68,       ///< the scheme needs a URL, and none, or none that will do, was given
    invalid_option = 69,    ///< an option with which nothing could work
};

/// The name of `code` as it is spelled here, for logs. Static text.
[[nodiscard]] constexpr std::string_view name(errc code) noexcept {
    switch (code) {
        case errc::missing_header: return "missing_header";
        case errc::duplicate_header: return "duplicate_header";
        case errc::invalid_header: return "invalid_header";
        case errc::invalid_id: return "invalid_id";
        case errc::invalid_timestamp: return "invalid_timestamp";
        case errc::no_supported_signature: return "no_supported_signature";
        case errc::too_many_signatures: return "too_many_signatures";
        case errc::signature_mismatch: return "signature_mismatch";
        case errc::timestamp_too_old: return "timestamp_too_old";
        case errc::timestamp_too_new: return "timestamp_too_new";
        case errc::body_too_large: return "body_too_large";
        case errc::header_too_large: return "header_too_large";
        case errc::malformed_json: return "malformed_json";
        case errc::missing_event_type: return "missing_event_type";
        case errc::invalid_payload: return "invalid_payload";
        case errc::handler_failed: return "handler_failed";
        case errc::store_unavailable: return "store_unavailable";
        case errc::overloaded: return "overloaded";
        case errc::in_progress: return "in_progress";
        case errc::shutting_down: return "shutting_down";
        case errc::internal_error: return "internal_error";
        case errc::empty_key: return "empty_key";
        case errc::key_whitespace: return "key_whitespace";
        case errc::key_wrong_prefix: return "key_wrong_prefix";
        case errc::key_bad_encoding: return "key_bad_encoding";
        case errc::key_wrong_length: return "key_wrong_length";
        case errc::key_weak: return "key_weak";
        case errc::too_many_keys: return "too_many_keys";
        case errc::unknown_scheme: return "unknown_scheme";
        case errc::invalid_url: return "invalid_url";
        case errc::invalid_option: return "invalid_option";
    }
    return "unknown_error";
}

/// The HTTP status that answers a delivery refused with `code`. Set-up errors, which no delivery
/// causes, give 503.
[[nodiscard]] constexpr int http_status(errc code) noexcept {
    const auto number = static_cast<unsigned>(code);
    if (number < 20) return 401;
    if (number < 30) return 413;
    if (number < 40) return 400;
    if (number < 50) return 500;
    return 503;
}

/// A refusal: its name, and the place or cause. Owns its text, allocates nothing, and never holds
/// a secret. Of a body it holds nothing but keys of maps, and those only if they have at most 16
/// letters, digits, `-` and `_`.
struct error {
    errc code = errc::internal_error;  ///< the name of the refusal

    /// For a delivery the header's name; for a payload the path of the member
    /// (`data.dataFields[1].id`, the empty path is the root); for set-up what to do about it.
    /// Cut off after 160 bytes.
    fixed_text<160> where = {};

    friend constexpr bool operator==(const error&, const error&) noexcept = default;
};

}  // namespace webhookpp

#endif
