// SPDX-License-Identifier: MIT
// Ed25519 signatures (RFC 8032), with the public keys refused that prove nothing.
#ifndef WEBHOOKPP_CRYPTO_ED25519_HPP
#define WEBHOOKPP_CRYPTO_ED25519_HPP

#include <openssl/evp.h>

#include <cstddef>
#include <span>
#include <utility>

#include <webhookpp/crypto/hmac.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/crypto/openssl_errors.hpp>
#include <webhookpp/detail/owner.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::crypto {

/// The bytes of a public key or a seed, and those of a signature: RFC 8032, section 5.1.
inline constexpr std::size_t ed25519_key_size = 32;
inline constexpr std::size_t ed25519_signature_size = 64;

/// Owns an OpenSSL key.
using pkey = webhookpp::detail::owner<EVP_PKEY, &EVP_PKEY_free>;

namespace detail {

// Whether `key`, its sign bit aside, encodes a y coordinate that OpenSSL 3.0 takes but that no
// honest key has: y >= p, or one of the eight points of small order, under which signatures are
// valid for messages that nobody signed. Taming the many EdDSAs (Chalkias et al., 2020), table 1.
[[nodiscard]] inline bool is_weak_ed25519_point(bytes key) noexcept {
    unsigned char y[ed25519_key_size];
    for (std::size_t i = 0; i < ed25519_key_size; ++i) y[i] = key[i];
    y[31] &= 0x7f;

    // p = 2^255 - 19 in little-endian order is ed, 30 times ff, 7f.
    bool at_least_p = y[0] >= 0xed && y[31] == 0x7f;
    for (std::size_t i = 1; i < 31; ++i) at_least_p = at_least_p && y[i] == 0xff;
    if (at_least_p) return true;

    static constexpr unsigned char small_order[][ed25519_key_size] = {
        {0},  // order 4
        {1},  // the identity
        {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
         0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
         0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},  // order 2
        {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
         0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
         0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},  // order 8
        {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
         0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
         0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},  // order 8
    };
    for (const auto& point : small_order) {
        if (equal(y, point)) return true;
    }
    return false;
}

}  // namespace detail

/// A public key that verifies Ed25519 signatures. Immutable; any number of threads may use one at
/// the same time, each with its own context.
class ed25519_public_key {
public:
    /// Takes the 32 raw bytes of RFC 8032, section 5.1.5. Bytes that stand for no point of the
    /// curve are not found out here; under such a key no signature is valid.
    ///
    /// Errors: `key_wrong_length`; `key_weak` for points of small order and non-canonical
    /// encodings; `internal_error` when OpenSSL fails.
    [[nodiscard]] static result<ed25519_public_key> create(bytes raw) {
        if (raw.size() != ed25519_key_size) {
            return unexpected(errc::key_wrong_length, "an Ed25519 public key has 32 bytes");
        }
        if (detail::is_weak_ed25519_point(raw)) {
            return unexpected(errc::key_weak,
                              "signatures under this public key can be forged: it is a point of "
                              "small order or not canonical");
        }
        const error_queue_guard queue;
        pkey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw.data(), raw.size()));
        if (!key.get()) return unexpected(errc::internal_error, "Ed25519 is not available");
        return ed25519_public_key(std::move(key));
    }

    /// Whether `signature`, of 64 bytes, was made over `message` by the holder of the private key.
    /// `context` is overwritten. A failure of OpenSSL counts as a signature that does not match.
    [[nodiscard]] bool verify(const digest_context& context, bytes message,
                              bytes signature) const noexcept {
        const error_queue_guard queue;
        EVP_MD_CTX* const work = context.get();
        const bool good = work != nullptr && signature.size() == ed25519_signature_size &&
                          EVP_DigestVerifyInit(work, nullptr, nullptr, nullptr, key_.get()) == 1 &&
                          EVP_DigestVerify(work, signature.data(), signature.size(), message.data(),
                                           message.size()) == 1;
        EVP_MD_CTX_reset(work);  // which may be null
        return good;
    }

private:
    explicit ed25519_public_key(pkey key) noexcept : key_(std::move(key)) {}

    pkey key_;
};

/// A private key that makes Ed25519 signatures.
class ed25519_signing_key {
public:
    /// Takes a seed of 32 bytes, or a seed followed by its public key: 64 bytes.
    ///
    /// Errors: `key_wrong_length`, also when the public half belongs to another seed;
    /// `internal_error` when OpenSSL fails.
    [[nodiscard]] static result<ed25519_signing_key> create(bytes raw) {
        if (raw.size() != ed25519_key_size && raw.size() != 2 * ed25519_key_size) {
            return unexpected(errc::key_wrong_length, "an Ed25519 signing key has 32 or 64 bytes");
        }
        const error_queue_guard queue;
        pkey key(
            EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw.data(), ed25519_key_size));
        unsigned char public_half[ed25519_key_size];
        std::size_t size = sizeof public_half;
        if (!key.get() || EVP_PKEY_get_raw_public_key(key.get(), public_half, &size) != 1) {
            return unexpected(errc::internal_error, "Ed25519 is not available");
        }
        if (raw.size() > ed25519_key_size && !equal(raw.subspan(ed25519_key_size), public_half)) {
            return unexpected(errc::key_wrong_length,
                              "the second half of this signing key is not the public key of the "
                              "first");
        }
        return ed25519_signing_key(std::move(key));
    }

    /// Signs `message`. Returns whether OpenSSL succeeded.
    [[nodiscard]] bool sign(bytes message,
                            std::span<unsigned char, ed25519_signature_size> signature) const {
        const error_queue_guard queue;
        const digest_context context;
        std::size_t size = signature.size();
        return context.get() != nullptr &&
               EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
               EVP_DigestSign(context.get(), signature.data(), &size, message.data(),
                              message.size()) == 1 &&
               size == signature.size();
    }

private:
    explicit ed25519_signing_key(pkey key) noexcept : key_(std::move(key)) {}

    pkey key_;
};

}  // namespace webhookpp::crypto

#endif
