// Signs as a provider would: for tests, and for programs that send webhooks.
#ifndef WEBHOOKPP_SIGN_HPP
#define WEBHOOKPP_SIGN_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/crypto/ed25519.hpp>
#include <webhookpp/crypto/hmac.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/detail/endpoint_url.hpp>
#include <webhookpp/detail/scheme_headers.hpp>
#include <webhookpp/detail/sent_token.hpp>
#include <webhookpp/detail/signature_tokens.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>

namespace webhookpp {

/// What is to be signed.
struct unsigned_message {
    std::string_view id = {};    ///< 1 to 256 visible ASCII characters without a dot
    std::int64_t timestamp = 0;  ///< of sending, in Unix seconds: 0 to 999,999,999,999
    std::string_view body = {};

    /// Of the endpoint, as the receiver has it in `verifier_options::url`. Needed where the scheme
    /// signs it, or where the token stands in it.
    std::string_view url = {};

    /// Under which set of names the headers are sent: 0 for `webhook-*`, 1 for `svix-*`.
    std::size_t header_set = 0;
};

/// The headers of a signed delivery, names and values: a header source.
using signed_headers = std::vector<std::pair<std::string, std::string>>;

/// What to send with the body.
struct signed_request {
    signed_headers headers = {};

    /// The URL to call: that of the message, with the token in it where the scheme wants it there.
    std::string url = {};
};

namespace detail {

[[nodiscard]] inline std::string signed_bytes(const scheme& described,
                                              const unsigned_message& message,
                                              std::string_view timestamp) {
    std::string bytes;
    for (std::size_t i = 0; i < described.content.count; ++i) {
        switch (described.content.parts[i].which) {
            case content_part::kind::literal: bytes += described.content.parts[i].text; break;
            case content_part::kind::id: bytes += message.id; break;
            case content_part::kind::timestamp: bytes += timestamp; break;
            case content_part::kind::body: bytes += message.body; break;
            case content_part::kind::url: bytes += message.url; break;
        }
    }
    return bytes;
}

// A signature in base64, with its label where the scheme lists versions.
[[nodiscard]] inline result<std::string> signature_text(const scheme& described, const key& with,
                                                        std::string_view message) {
    unsigned char bytes[crypto::ed25519_signature_size];
    algorithm made_by = algorithm::hmac_sha256;
    if (with.which() == key::kind::secret) {
        const auto prepared = crypto::hmac_sha256_key::create(with.bytes());
        if (!prepared) return unexpected(prepared.error());
        const crypto::bytes parts[] = {crypto::as_bytes(message)};
        if (!prepared->compute(crypto::digest_context(), parts,
                               std::span(bytes).first<crypto::sha256_size>())) {
            return unexpected(errc::internal_error, "HMAC");
        }
    } else if (with.which() == key::kind::ed25519_signing_key) {
        made_by = algorithm::ed25519;
        const auto prepared = crypto::ed25519_signing_key::create(with.bytes());
        if (!prepared) return unexpected(prepared.error());
        if (!prepared->sign(crypto::as_bytes(message), bytes)) {
            return unexpected(errc::internal_error, "Ed25519");
        }
    } else {
        return unexpected(errc::key_wrong_prefix,
                          "a public key (whpk_) cannot sign: sign with its signing key (whsk_)");
    }
    if (!described.uses(made_by)) {
        return unexpected(errc::key_wrong_prefix,
                          "the scheme has no signatures that this kind of key makes");
    }
    std::string text(crypto::base64_encoded_size(signature_size(made_by)), '\0');
    crypto::base64_encode(std::span(bytes).first(signature_size(made_by)), text);
    for (const signature_version& version : described.signature.versions) {
        if (version.label.empty() || version.algorithm != made_by) continue;
        return std::string(version.label).append(1, ',').append(text);
    }
    return text;
}

// What each key adds to the signature: a signature, or the token itself.
[[nodiscard]] inline result<std::string> signature_value(const scheme& described,
                                                         std::span<const key> keys,
                                                         std::string_view message) {
    std::string value;
    for (const key& each : keys) {
        const auto read = each.read_as(described.key, secret_length::usual);
        if (!read) return unexpected(read.error());
        value.append(value.empty() ? "" : " ");
        if (described.algorithm == algorithm::token) {
            value += sent_token(described.signature, *read).text();
            continue;
        }
        const auto signature = signature_text(described, *read, message);
        if (!signature) return unexpected(signature.error());
        value += *signature;
    }
    return value;
}

// `url` with `token` where a receiver looks for it. The URL has no fragment and no other token.
[[nodiscard]] inline std::string url_with_token(const signature_source& source,
                                                std::string_view url, std::string_view token) {
    const std::string_view path = url.substr(0, url.find('?'));
    const std::string_view query = url.substr(path.size());
    std::string with;
    if (source.end_of_path) {
        return with.append(path).append(path.ends_with('/') ? "" : "/").append(token).append(query);
    }
    return with.append(url)
        .append(query.empty() ? "?" : "&")
        .append(source.query)
        .append("=")
        .append(token);
}

// Whether `message` can be sent in this way with so many keys.
[[nodiscard]] inline result<void> check_message(const scheme& described,
                                                const unsigned_message& message, std::size_t set,
                                                std::string_view timestamp, std::size_t keys) {
    if (described.id.header.count > 0 && (message.id.empty() || !is_valid_id(message.id, false))) {
        return unexpected(errc::invalid_id, described.id.header[set]);
    }
    if (described.timestamp.header.count > 0 && !parse_unix_seconds(timestamp)) {
        return unexpected(errc::invalid_timestamp, described.timestamp.header[set]);
    }
    const bool token_in_url = described.signature.in_target();
    if (token_in_url || described.signs(content_part::kind::url)) {
        if (auto good = check_endpoint_url(message.url); !good) return good;
    }
    if (token_in_url && (message.url.find('#') != std::string_view::npos ||
                         (!described.signature.end_of_path &&
                          token_in(described.signature, target_of(message.url), SIZE_MAX)))) {
        return unexpected(errc::invalid_url, "the .url has a token or a fragment (#) already");
    }
    if (keys == 0) return unexpected(errc::empty_key, "signing needs at least one key");
    if (keys > 1 && described.algorithm) {
        return unexpected(errc::too_many_keys,
                          "a delivery of this scheme has room for one signature: give one key");
    }
    return {};
}

}  // namespace detail

/// Signs `message` as `described` says, once with each of `keys`: several, where the scheme lists
/// signatures, while a receiver changes from one to the next. Where the scheme wants a token, adds
/// the token, which is the key.
///
/// Returns what to send with the body. Errors: `empty_key` when there are no keys, `too_many_keys`
/// for a second one where there is room for one, `key_wrong_prefix` for a public key, the other
/// errors of `key`; `invalid_id`, `invalid_timestamp` or `invalid_url` when no verifier would
/// accept them; `internal_error` when OpenSSL fails.
[[nodiscard]] inline result<signed_request> sign(const scheme& described, std::span<const key> keys,
                                                 const unsigned_message& message) {
    const signature_source& source = described.signature;
    const std::size_t sets = source.header.count;
    const std::size_t set = message.header_set < sets || sets == 0 ? message.header_set : sets - 1;
    const std::string timestamp = std::to_string(message.timestamp);
    const auto good = detail::check_message(described, message, set, timestamp, keys.size());
    if (!good) return unexpected(good.error());
    auto signature = detail::signature_value(described, keys,
                                             detail::signed_bytes(described, message, timestamp));
    if (!signature) return unexpected(signature.error());

    signed_request made;
    if (source.in_target()) {
        made.url = detail::url_with_token(source, message.url, *signature);
        return made;
    }
    if (!source.word.empty()) signature->insert(0, 1, ' ').insert(0, source.word);
    const auto add = [&](const header_names& header, std::string value) {
        if (header.count > 0) made.headers.emplace_back(header[set], std::move(value));
    };
    add(described.id.header, std::string(message.id));
    add(described.timestamp.header, timestamp);
    add(source.header, *std::move(signature));
    made.url = message.url;
    return made;
}
[[nodiscard]] inline result<signed_request> sign(const scheme& described, const key& with,
                                                 const unsigned_message& message) {
    return sign(described, std::span(&with, 1), message);
}

}  // namespace webhookpp

#endif
