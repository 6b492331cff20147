// HMAC-SHA256 (RFC 2104) with the key schedule computed once per key.
#ifndef WEBHOOKPP_CRYPTO_HMAC_HPP
#define WEBHOOKPP_CRYPTO_HMAC_HPP

#include <openssl/evp.h>

#include <cstddef>
#include <span>

#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/crypto/openssl_errors.hpp>
#include <webhookpp/detail/owner.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::crypto {

inline constexpr std::size_t sha256_size = 32;
inline constexpr std::size_t sha256_block_size = 64;

/// Owns an OpenSSL digest context, which `get()` gives: null when memory had run out.
class digest_context : public webhookpp::detail::owner<EVP_MD_CTX, &EVP_MD_CTX_free> {
public:
    digest_context() noexcept : owner(make()) {}

private:
    static EVP_MD_CTX* make() noexcept {
        const error_queue_guard queue;
        return EVP_MD_CTX_new();
    }
};

/// A secret, prepared for HMAC-SHA256: the two digest states that depend on the key alone.
/// Immutable, so any number of threads may use one at the same time, each with its own context.
class hmac_sha256_key {
public:
    /// Prepares `secret`, of 1 to any number of bytes.
    ///
    /// Errors: `empty_key`; `internal_error` when OpenSSL fails.
    [[nodiscard]] static result<hmac_sha256_key> create(bytes secret) {
        if (secret.empty()) return unexpected(errc::empty_key, "an empty key signs for anybody");
        const error_queue_guard queue;
        hmac_sha256_key key;
        secret_bytes block(sha256_block_size);
        if (secret.size() > sha256_block_size) {
            // RFC 2104: a key longer than a block is replaced by its digest.
            if (EVP_Digest(secret.data(), secret.size(), block.writable().data(), nullptr,
                           EVP_sha256(), nullptr) != 1) {
                return unexpected(errc::internal_error, "SHA-256 is not available");
            }
        } else {
            for (std::size_t i = 0; i < secret.size(); ++i) block.writable()[i] = secret[i];
        }
        if (!key.inner_.get() || !key.outer_.get() || !start(key.inner_, block, 0x36) ||
            !start(key.outer_, block, 0x36 ^ 0x5c)) {
            return unexpected(errc::internal_error, "SHA-256 is not available");
        }
        return key;
    }

    /// Computes the MAC of all `parts`, one after the other.
    ///
    /// `context` is overwritten and holds nothing of the key afterwards. Returns whether OpenSSL
    /// succeeded; if it did not, `mac` is all zero.
    [[nodiscard]] bool compute(const digest_context& context, std::span<const bytes> parts,
                               std::span<unsigned char, sha256_size> mac) const noexcept {
        // Copying prepared states is the fastest way that OpenSSL 3 offers without deprecated
        // calls.
        const error_queue_guard queue;
        EVP_MD_CTX* const work = context.get();
        bool good = work != nullptr && EVP_MD_CTX_copy_ex(work, inner_.get()) == 1;
        for (const bytes part : parts) {
            good = good && EVP_DigestUpdate(work, part.data(), part.size()) == 1;
        }
        good = good && EVP_DigestFinal_ex(work, mac.data(), nullptr) == 1 &&
               EVP_MD_CTX_copy_ex(work, outer_.get()) == 1 &&
               EVP_DigestUpdate(work, mac.data(), mac.size()) == 1 &&
               EVP_DigestFinal_ex(work, mac.data(), nullptr) == 1;
        if (work) EVP_MD_CTX_reset(work);
        if (!good) wipe(mac);
        return good;
    }

private:
    hmac_sha256_key() noexcept = default;

    // Turns the block by `mask` and starts `context` with it.
    static bool start(const digest_context& context, secret_bytes& block,
                      unsigned char mask) noexcept {
        for (unsigned char& byte : block.writable()) byte = static_cast<unsigned char>(byte ^ mask);
        return EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1 &&
               EVP_DigestUpdate(context.get(), block.view().data(), block.view().size()) == 1;
    }

    digest_context inner_;
    digest_context outer_;
};

}  // namespace webhookpp::crypto

#endif
