// SPDX-License-Identifier: MIT
// How keys are written, and what they are read for.
#ifndef WEBHOOKPP_CRYPTO_KEY_FORM_HPP
#define WEBHOOKPP_CRYPTO_KEY_FORM_HPP

#include <cstdint>

namespace webhookpp {

/// How a scheme's keys are written. A scheme names its form; text that a program is configured with
/// is read by it and by nothing else, never guessed.
enum class key_form : std::uint8_t {
    /// `whsec_` and the secret, or `whpk_` and an Ed25519 public key; to sign also `whsk_` and an
    /// Ed25519 signing key; all in base64. Standard Webhooks 1.0.0, "Signature scheme".
    standard_webhooks,

    /// Text whose bytes are the secret, whatever they begin with: 1 to 4,096 of them, without white
    /// space around them.
    text,

    /// A secret in base64, with padding.
    base64,

    /// A secret in hex, in upper or lower case.
    hex,

    /// An Ed25519 public key, 32 bytes in hex; to sign, a seed of 32 bytes or seed and public key.
    ed25519_hex,

    /// An Ed25519 public key in base64: 32 raw bytes, or the 44 of an X.509 SubjectPublicKeyInfo;
    /// to sign, a seed of 32 bytes, seed and public key, or a PKCS #8 PrivateKeyInfo.
    ed25519_base64,

    /// An ECDSA P-256 public key, an X.509 SubjectPublicKeyInfo in base64; to sign, a PKCS #8
    /// PrivateKeyInfo.
    p256_base64,

    /// A token as it stands in a header: 1 to 4,096 visible ASCII characters.
    token,

    /// A token as it stands in a URL: 1 to 4,096 of the characters that nobody percent-encodes,
    /// which are letters, digits and `-._~` (RFC 3986, section 2.3). Not `.` or `..` alone, which
    /// clients take out of a path (section 5.2.4).
    url_token,

    /// `user:password`, of 2 to 4,096 bytes, one of both not empty. The user has no colon:
    /// RFC 7617, section 2.
    credentials,
};

/// What a key is read for. It matters where a text may be a public key or a private one.
enum class key_use : std::uint8_t { verify, sign };

/// Which lengths of `whsec_` secrets are accepted.
enum class secret_length : std::uint8_t {
    usual,   ///< 16 to 75 bytes: Svix documents 18, and its server issues up to 75
    strict,  ///< 24 to 64 bytes: what Standard Webhooks 1.0.0 prescribes
};

}  // namespace webhookpp

#endif
