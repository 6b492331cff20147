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
#include <webhookpp/detail/scheme_headers.hpp>
#include <webhookpp/detail/signature_tokens.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>

namespace webhookpp {

/// What is to be signed.
struct unsigned_message {
    std::string_view id = {};    ///< 1 to 256 visible ASCII characters without a dot
    std::int64_t timestamp = 0;  ///< of sending, in Unix seconds: 0 to 999,999,999,999
    std::string_view body = {};

    /// Under which set of names the headers are sent: 0 for `webhook-*`, 1 for `svix-*`.
    std::size_t header_set = 0;
};

/// The headers of a signed delivery, names and values: a header source.
using signed_headers = std::vector<std::pair<std::string, std::string>>;

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
        }
    }
    return bytes;
}

// One `version,signature` token.
[[nodiscard]] inline result<std::string> signature_token(const scheme& described, const key& with,
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
    for (const signature_version& version : described.signature.versions) {
        if (version.label.empty() || version.algorithm != made_by) continue;
        const std::size_t size = signature_size(made_by);
        std::string text(crypto::base64_encoded_size(size), '\0');
        crypto::base64_encode(std::span(bytes).first(size), text);
        return std::string(version.label) + ',' + text;
    }
    return unexpected(errc::key_wrong_prefix, "the scheme has no version for this kind of key");
}

}  // namespace detail

/// Signs `message` as `described` says, once with each of `keys`: several while a receiver changes
/// from one to the next.
///
/// Returns the headers to send with the body. Errors: `empty_key` when there are no keys,
/// `key_wrong_prefix` for a public key, the other errors of `key`; `invalid_id` or
/// `invalid_timestamp` when no verifier would accept them; `internal_error` when OpenSSL fails.
[[nodiscard]] inline result<signed_headers> sign(const scheme& described, std::span<const key> keys,
                                                 const unsigned_message& message) {
    const std::size_t set = message.header_set < described.signature.header.count
                                ? message.header_set
                                : described.signature.header.count - 1;
    const std::string timestamp = std::to_string(message.timestamp);
    if (described.id.header.count > 0 &&
        (message.id.empty() || !detail::is_valid_id(message.id, false))) {
        return unexpected(errc::invalid_id, described.id.header[set]);
    }
    if (described.timestamp.header.count > 0 && !detail::parse_unix_seconds(timestamp)) {
        return unexpected(errc::invalid_timestamp, described.timestamp.header[set]);
    }
    if (keys.empty()) return unexpected(errc::empty_key, "signing needs at least one key");

    const std::string bytes = detail::signed_bytes(described, message, timestamp);
    std::string signatures;
    for (const key& each : keys) {
        const auto read = each.read_as(described.key, secret_length::usual);
        if (!read) return unexpected(read.error());
        const auto token = detail::signature_token(described, *read, bytes);
        if (!token) return unexpected(token.error());
        signatures.append(signatures.empty() ? "" : " ").append(*token);
    }

    signed_headers headers;
    const auto add = [&](const header_names& header, std::string value) {
        if (header.count > 0) headers.emplace_back(header[set], std::move(value));
    };
    add(described.id.header, std::string(message.id));
    add(described.timestamp.header, timestamp);
    add(described.signature.header, std::move(signatures));
    return headers;
}
[[nodiscard]] inline result<signed_headers> sign(const scheme& described, const key& with,
                                                 const unsigned_message& message) {
    return sign(described, std::span(&with, 1), message);
}

}  // namespace webhookpp

#endif
