// SPDX-License-Identifier: MIT
// Signs as a provider would: for tests, and for programs that send webhooks.
#ifndef WEBHOOKPP_SIGN_HPP
#define WEBHOOKPP_SIGN_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/crypto/ed25519.hpp>
#include <webhookpp/crypto/hmac.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/endpoint_url.hpp>
#include <webhookpp/detail/scheme_headers.hpp>
#include <webhookpp/detail/sent_time.hpp>
#include <webhookpp/detail/sent_token.hpp>
#include <webhookpp/detail/signature_tokens.hpp>
#include <webhookpp/detail/signed_message.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp {

/// What is to be signed.
struct unsigned_message {
    std::string_view id = {};    ///< 1 to 256 visible ASCII characters without a dot
    std::int64_t timestamp = 0;  ///< of sending, in Unix seconds: 0 to 253,402,300,799
    std::string_view body = {};  ///< exactly as it will be sent

    /// Of the endpoint, as the receiver has it in `verifier_options::url`. Needed where the scheme
    /// signs it, or where the token stands in it: there it has none yet, and no fragment.
    std::string_view url = {};

    std::string_view method = "POST";  ///< of the request, where the scheme signs it

    /// Whether the body is a form, where the scheme signs forms and other bodies differently.
    bool form_body = true;

    std::string_view event_type = {};  ///< for schemes that send it in a header; may be empty

    /// Under which set of names the headers are sent: 0 for `webhook-*`, 1 for `svix-*`.
    std::size_t header_set = 0;
};

/// The headers of a signed delivery, names and values: a header source.
using signed_headers = std::vector<std::pair<std::string, std::string>>;

/// What to send with the body.
struct signed_request {
    signed_headers headers = {};  ///< to be sent beside those of HTTP itself

    /// The URL to call: that of the message, with what the scheme wants in it added: a token, or
    /// the digest of a body that is no form.
    std::string url = {};
};

namespace detail {

// The bytes of a signature.
struct raw_signature {
    algorithm made_by = algorithm::hmac_sha256;
    std::size_t size = 0;
    unsigned char bytes[signature_limit] = {};
};

[[nodiscard]] inline result<raw_signature> sign_bytes(const scheme& described, const key& with,
                                                      crypto::bytes message) {
    raw_signature made;
    switch (with.which()) {
        case key::kind::secret: {
            made.made_by = described.algorithm.value_or(algorithm::hmac_sha256);
            const auto prepared = crypto::hmac_key::create(with.bytes(), hash_of(made.made_by));
            if (!prepared) return unexpected(prepared.error());
            const bool good =
                prepared->compute(crypto::digest_context(), std::span(&message, 1), made.bytes);
            made.size = good ? prepared->size() : 0;
            break;
        }
        case key::kind::ed25519_signing_key: {
            made.made_by = algorithm::ed25519;
            const auto prepared = crypto::ed25519_signing_key::create(with.bytes());
            if (!prepared) return unexpected(prepared.error());
            const auto room = std::span(made.bytes).first<crypto::ed25519_signature_size>();
            made.size = prepared->sign(message, room) ? room.size() : 0;
            break;
        }
        case key::kind::p256_signing_key: {
            made.made_by = algorithm::ecdsa_p256;
            const auto prepared = crypto::ecdsa_p256_signing_key::create(with.bytes());
            if (!prepared) return unexpected(prepared.error());
            made.size = prepared->sign(message, made.bytes);
            break;
        }
        case key::kind::ed25519_public_key:
        case key::kind::p256_public_key:
        case key::kind::configured_text:
            return unexpected(
                errc::key_wrong_prefix,
                "a public key (whpk_) cannot sign: sign with its signing key (whsk_)");
    }
    if (!described.uses(made.made_by)) {
        return unexpected(errc::key_wrong_prefix,
                          "the scheme has no signatures that this kind of key makes");
    }
    if (made.size == 0) return unexpected(errc::internal_error, "signature");
    return made;
}

[[nodiscard]] inline std::string encoded(encoding form, std::span<const unsigned char> bytes) {
    std::string text(2 * bytes.size() + 4, '\0');
    switch (form) {
        case encoding::hex:
            crypto::hex_encode(bytes, text);
            text.resize(2 * bytes.size());
            break;
        case encoding::base64url: text.resize(crypto::base64url_encode(bytes, text)); break;
        case encoding::base64:
            crypto::base64_encode(bytes, text);
            text.resize(crypto::base64_encoded_size(bytes.size()));
            break;
        case encoding::plain:
            text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
            break;
    }
    return text;
}

// One signature as it stands in the header, with what the scheme puts before it.
[[nodiscard]] inline std::string signature_element(const signature_source& source,
                                                   const raw_signature& made) {
    const std::string text = encoded(source.encoding, std::span(made.bytes).first(made.size));
    if (!source.pairs.name.empty()) return std::string(source.pairs.name) + '=' + text;
    for (const signature_version& version : source.versions) {
        if (version.label.empty() || version.algorithm != made.made_by) continue;
        return std::string(version.label) + ',' + text;
    }
    return std::string(source.prefix) + text;
}

// What each key adds to the signature header.
[[nodiscard]] inline result<std::string> signature_value(const scheme& described,
                                                         std::span<const key> keys,
                                                         std::string_view message,
                                                         std::string_view timestamp) {
    const signature_source& source = described.signature;
    std::string value;
    if (!described.timestamp.element.empty()) {
        value.append(described.timestamp.element).append(1, '=').append(timestamp);
    }
    for (const key& each : keys) {
        const auto read = each.read_as(described.key, secret_length::usual, key_use::sign);
        if (!read) return unexpected(read.error());
        if (!value.empty()) value += source.pairs.name.empty() ? ' ' : source.pairs.separator;
        const auto made = sign_bytes(described, *read, crypto::as_bytes(message));
        if (!made) return unexpected(made.error());
        value += signature_element(source, *made);
    }
    return value;
}

// The token that stands for `with`.
[[nodiscard]] inline result<crypto::secret_bytes> token_of(const scheme& described,
                                                           const key& with) {
    const auto read = with.read_as(described.key, secret_length::usual, key_use::sign);
    if (!read) return unexpected(read.error());
    return sent_token(described.signature, *read);
}

// `parts` one behind the other, of which one is a token. On the heap, however short, and without
// growing: where a text is moved or grows, the string leaves its bytes behind.
[[nodiscard]] inline std::string text_with_token(std::initializer_list<std::string_view> parts) {
    std::size_t size = 64;  // more than there is room for in a string itself
    for (const std::string_view part : parts) size += part.size();
    std::string text;
    text.reserve(size);
    for (const std::string_view part : parts) text.append(part);
    return text;
}

// `url` with `token` where a receiver looks for it. The URL has no fragment and no other token.
[[nodiscard]] inline std::string url_with_token(const signature_source& source,
                                                std::string_view url, std::string_view token) {
    const std::string_view path = url.substr(0, url.find('?'));
    const std::string_view query = url.substr(path.size());
    if (source.end_of_path) {
        return text_with_token({path, path.ends_with('/') ? "" : "/", token, query});
    }
    return text_with_token({url, query.empty() ? "?" : "&", source.query, "=", token});
}

// `url` with the digest of a body that is no form, in place of one that stands there already.
[[nodiscard]] inline result<std::string> url_with_digest(const scheme& described,
                                                         const unsigned_message& message) {
    unsigned char digest[crypto::sha256_size] = {};
    if (!crypto::sha256(crypto::digest_context(), crypto::as_bytes(message.body), digest)) {
        return unexpected(errc::internal_error, "SHA-256");
    }
    const std::string text = encoded(encoding::hex, digest);
    const std::string name(described.form.body_digest);
    std::string url(message.url);
    const auto present = query_member(target_of(message.url), name);
    if (!present.empty()) {
        const auto at = static_cast<std::size_t>(present.data() - message.url.data());
        return url.replace(at, present.size(), text);
    }
    return url.append(url.find('?') == std::string::npos ? "?" : "&").append(name + '=' + text);
}

// Whether a receiver would find the token that signing adds to `url`, and no other.
[[nodiscard]] inline result<void> check_url_for_token(const signature_source& source,
                                                      std::string_view url) {
    if (url.find('#') != std::string_view::npos) {
        return unexpected(errc::invalid_url,
                          "the .url has a fragment (#), which is never sent: leave it out");
    }
    if (source.end_of_path) return {};
    // Two that differ are an error of their own, and tokens as well.
    const auto present = token_in(source, target_of(url));
    if (present || present.error().code != errc::missing_header) {
        return unexpected(errc::invalid_url,
                          "the .url has a token already: leave it out, signing adds the key's");
    }
    return {};
}

// Whether a receiver with the usual limits reads the target of `url`, which is the one to call.
[[nodiscard]] inline result<void> check_target_size(const scheme& described, std::string_view url) {
    if (described.reads_target() && target_of(url).size() > limits().query) {
        return unexpected(errc::invalid_url,
                          "path and query would have more than 8,192 bytes, with what signing "
                          "adds, and be refused: shorten the .url");
    }
    return {};
}

// How many signatures a delivery has room for.
[[nodiscard]] constexpr std::size_t most_signatures(const scheme& described) noexcept {
    if (!described.algorithm || !described.signature.pairs.name.empty()) {
        return signature_tokens::max_tokens;
    }
    return described.signature.second_header.empty() ? 1 : 2;
}

// Whether `message` can be sent in this way with so many keys.
[[nodiscard]] inline result<void> check_message(const scheme& described,
                                                const unsigned_message& message, std::size_t set,
                                                std::string_view timestamp, std::size_t keys) {
    const bool id_is_signed = described.signs(content_part::kind::id);
    if ((id_is_signed && message.id.empty()) || !is_valid_id(message.id, !id_is_signed)) {
        return unexpected(errc::invalid_id, described.id.header[set]);
    }
    if (described.has_timestamp() && !parse_sent_time(described, timestamp)) {
        return unexpected(errc::invalid_timestamp, "the .timestamp is out of range");
    }
    const bool token_in_url = described.signature.in_target();
    if (token_in_url || described.signs(content_part::kind::url)) {
        if (auto good = check_endpoint_url(message.url); !good) return good;
    }
    if (token_in_url) {
        if (auto good = check_url_for_token(described.signature, message.url); !good) return good;
    }
    if (keys == 0) return unexpected(errc::empty_key, "signing needs at least one key");
    if (keys > most_signatures(described)) {
        return unexpected(errc::too_many_keys,
                          "a delivery of this scheme has no room for so many signatures: one, two "
                          "where there are two headers, 16 in a list");
    }
    if (!is_valid_event_type(message.event_type)) {
        return unexpected(errc::invalid_header,
                          "the .event_type has more than 128 characters or others than visible "
                          "ASCII ones");
    }
    return {};
}

}  // namespace detail

/// Signs `message` as `described` says, once with each of `keys`: several, where the scheme lists
/// signatures, while a receiver changes from one to the next. Where the scheme wants a token, adds
/// the token, which is the key.
///
/// Returns what to send with the body. Errors: `empty_key` when there are no keys, `too_many_keys`
/// where there is no room for as many signatures, `key_wrong_prefix` for a public key, the other
/// errors of `key`; `invalid_id`, `invalid_timestamp`, `invalid_header` for the event type, or
/// `invalid_url` when no verifier would accept them, the URL also where it has a token already, or
/// with what is added to it more than the 8 KiB that verifiers accept by default; `internal_error`
/// when OpenSSL fails.
[[nodiscard]] inline result<signed_request> sign(const scheme& described, std::span<const key> keys,
                                                 const unsigned_message& message) {
    const signature_source& source = described.signature;
    const std::size_t sets = source.header.count;
    const std::size_t set = message.header_set < sets || sets == 0 ? message.header_set : sets - 1;
    const std::string timestamp = detail::sent_time_text(described, message.timestamp);
    const auto good = detail::check_message(described, message, set, timestamp, keys.size());
    if (!good) return unexpected(good.error());

    signed_request made;
    made.url = message.url;
    if (!described.form.body_digest.empty() && !message.form_body) {
        auto url = detail::url_with_digest(described, message);
        if (!url) return unexpected(url.error());
        made.url = *std::move(url);
    }
    detail::byte_buffer<512> bytes;
    const auto joined = detail::join_message(bytes, described,
                                             {.id = message.id,
                                              .timestamp = timestamp,
                                              .body = message.body,
                                              .url = made.url,
                                              .method = message.method,
                                              .target = target_of(made.url)},
                                             false, crypto::digest_context());
    if (!joined) return unexpected(joined.error());

    if (source.in_target()) {
        const auto token = detail::token_of(described, keys.front());
        if (!token) return unexpected(token.error());
        made.url = detail::url_with_token(source, message.url, token->text());
    }
    if (const auto fits = detail::check_target_size(described, made.url); !fits) {
        crypto::wipe({reinterpret_cast<unsigned char*>(made.url.data()), made.url.size()});
        return unexpected(fits.error());
    }
    if (source.in_target()) return made;
    const auto add = [&](const header_names& header, std::string value) {
        if (header.count > 0 && !value.empty()) {
            made.headers.emplace_back(header[set], std::move(value));
        }
    };
    add(described.id.header, std::string(message.id));
    add(described.timestamp.header, timestamp);
    if (!described.event_type.header.empty() && !message.event_type.empty()) {
        made.headers.emplace_back(described.event_type.header, message.event_type);
    }
    if (described.algorithm == algorithm::token) {
        const auto token = detail::token_of(described, keys.front());
        if (!token) return unexpected(token.error());
        made.headers.emplace_back(source.header[set], std::string()).second =
            detail::text_with_token({source.word, source.word.empty() ? "" : " ", token->text()});
        return made;
    }
    // Where there are two headers, each has the signature of one key.
    const std::size_t first = source.second_header.empty() ? keys.size() : 1;
    auto signature = detail::signature_value(described, keys.first(first), bytes.view(), timestamp);
    if (!signature) return unexpected(signature.error());
    if (!source.word.empty()) signature->insert(0, 1, ' ').insert(0, source.word);
    add(source.header, *std::move(signature));
    if (first < keys.size()) {
        auto second =
            detail::signature_value(described, keys.subspan(first, 1), bytes.view(), timestamp);
        if (!second) return unexpected(second.error());
        made.headers.emplace_back(source.second_header, *std::move(second));
    }
    return made;
}
[[nodiscard]] inline result<signed_request> sign(const scheme& described, const key& with,
                                                 const unsigned_message& message) {
    return sign(described, std::span(&with, 1), message);
}

}  // namespace webhookpp

#endif
