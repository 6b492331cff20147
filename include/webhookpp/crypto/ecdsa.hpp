// SPDX-License-Identifier: MIT
// ECDSA signatures over P-256 with SHA-256 (FIPS 186-5), written in ASN.1 DER.
#ifndef WEBHOOKPP_CRYPTO_ECDSA_HPP
#define WEBHOOKPP_CRYPTO_ECDSA_HPP

#include <openssl/decoder.h>
#include <openssl/evp.h>

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include <webhookpp/crypto/ed25519.hpp>
#include <webhookpp/crypto/hmac.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/crypto/openssl_errors.hpp>
#include <webhookpp/detail/owner.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::crypto {

/// The most bytes that a signature has: two numbers of 33 bytes, and their frames.
inline constexpr std::size_t ecdsa_p256_signature_limit = 72;

namespace detail {

[[nodiscard]] inline bool is_p256(const pkey& key) noexcept {
    char group[32] = {};
    std::size_t size = 0;
    return key.get() != nullptr && EVP_PKEY_is_a(key.get(), "EC") == 1 &&
           EVP_PKEY_get_group_name(key.get(), group, sizeof group, &size) == 1 &&
           std::string_view(group) == "prime256v1";
}

// Null if `der` is no SubjectPublicKeyInfo of an EC key, or has more behind it. Not d2i_PUBKEY,
// whose header would be a large part of what a verifier includes.
[[nodiscard]] inline pkey decode_public_key(bytes der) noexcept {
    EVP_PKEY* decoded = nullptr;
    const webhookpp::detail::owner<OSSL_DECODER_CTX, &OSSL_DECODER_CTX_free> decoder(
        OSSL_DECODER_CTX_new_for_pkey(&decoded, "DER", "SubjectPublicKeyInfo", "EC",
                                      EVP_PKEY_PUBLIC_KEY, nullptr, nullptr));
    const unsigned char* rest = der.data();
    std::size_t rest_size = der.size();
    const bool good =
        decoder && OSSL_DECODER_from_data(decoder.get(), &rest, &rest_size) == 1 && rest_size == 0;
    pkey key(decoded);
    return good ? std::move(key) : pkey(nullptr);
}

// Whether the point of a public key is one that a private key stands behind: OpenSSL reads the
// point at infinity too, and under that (k * G).x and hash / k are a signature for every k.
[[nodiscard]] inline bool is_sound_public_key(const pkey& key) noexcept {
    const webhookpp::detail::owner<EVP_PKEY_CTX, &EVP_PKEY_CTX_free> check(
        EVP_PKEY_CTX_new(key.get(), nullptr));
    return check && EVP_PKEY_public_check(check.get()) == 1;
}

}  // namespace detail

/// A public key that verifies ECDSA P-256 signatures. Immutable; any number of threads may use one
/// at the same time, each with its own context.
class ecdsa_p256_public_key {
public:
    /// Takes an X.509 SubjectPublicKeyInfo in DER: RFC 5480, section 2.
    ///
    /// Errors: `key_bad_encoding` for other bytes, for points that are not on the curve, and for
    /// other curves; `key_weak` for the point at infinity, under which anybody can sign.
    [[nodiscard]] static result<ecdsa_p256_public_key> create(bytes der) {
        const error_queue_guard queue;
        pkey key = detail::decode_public_key(der);
        if (!detail::is_p256(key)) {
            return unexpected(errc::key_bad_encoding,
                              "this is no P-256 public key (a SubjectPublicKeyInfo in base64, "
                              "without BEGIN and END lines)");
        }
        if (!detail::is_sound_public_key(key)) {
            return unexpected(errc::key_weak, "anybody can sign under this public key");
        }
        return ecdsa_p256_public_key(std::move(key));
    }

    /// Whether `signature`, in DER, was made over `message` by the holder of the private key.
    /// `context` is overwritten. A failure of OpenSSL counts as a signature that does not match.
    [[nodiscard]] bool verify(const digest_context& context, bytes message,
                              bytes signature) const noexcept {
        const error_queue_guard queue;
        EVP_MD_CTX* const work = context.get();
        const bool good =
            work != nullptr &&
            EVP_DigestVerifyInit(work, nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
            EVP_DigestVerify(work, signature.data(), signature.size(), message.data(),
                             message.size()) == 1;
        EVP_MD_CTX_reset(work);  // which may be null
        return good;
    }

private:
    explicit ecdsa_p256_public_key(pkey key) noexcept : key_(std::move(key)) {}

    pkey key_;
};

/// A private key that makes ECDSA P-256 signatures.
class ecdsa_p256_signing_key {
public:
    /// Takes a PKCS #8 PrivateKeyInfo in DER: RFC 5208, section 5.
    ///
    /// Errors: `key_bad_encoding` for other bytes and other curves.
    [[nodiscard]] static result<ecdsa_p256_signing_key> create(bytes der) {
        const error_queue_guard queue;
        const unsigned char* at = der.data();
        pkey key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
        if (!detail::is_p256(key) || at != der.data() + der.size()) {
            return unexpected(errc::key_bad_encoding,
                              "this is no P-256 private key (PKCS #8 in base64, without BEGIN and "
                              "END lines)");
        }
        return ecdsa_p256_signing_key(std::move(key));
    }

    /// Signs `message` into the front of `signature`. Returns the size of the signature, 0 when
    /// OpenSSL failed.
    [[nodiscard]] std::size_t sign(
        bytes message, std::span<unsigned char, ecdsa_p256_signature_limit> signature) const {
        const error_queue_guard queue;
        const digest_context context;
        std::size_t size = signature.size();
        const bool good =
            context.get() != nullptr &&
            EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
            EVP_DigestSign(context.get(), signature.data(), &size, message.data(),
                           message.size()) == 1;
        // When memory runs out, OpenSSL 3.0 may succeed with a size of -1.
        return good && size <= signature.size() ? size : 0;
    }

private:
    explicit ecdsa_p256_signing_key(pkey key) noexcept : key_(std::move(key)) {}

    pkey key_;
};

}  // namespace webhookpp::crypto

#endif
