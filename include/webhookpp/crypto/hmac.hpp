// SPDX-License-Identifier: MIT
// HMAC (RFC 2104) with the key schedule computed once per key.
#ifndef WEBHOOKPP_CRYPTO_HMAC_HPP
#define WEBHOOKPP_CRYPTO_HMAC_HPP

#include <openssl/evp.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/crypto/openssl_errors.hpp>
#include <webhookpp/detail/owner.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::crypto {

/// The hash functions that providers sign with. SHA-1 is broken for signatures of documents, but
/// not in an HMAC.
enum class hash : std::uint8_t { sha1, sha256, sha512 };

/// The bytes of a SHA-256, and of the largest hash that providers sign with.
inline constexpr std::size_t sha256_size = 32;
inline constexpr std::size_t largest_hash_size = 64;

/// How many bytes a hash of this kind has.
[[nodiscard]] constexpr std::size_t hash_size(hash of) noexcept {
    if (of == hash::sha1) return 20;
    return of == hash::sha256 ? sha256_size : largest_hash_size;
}

namespace detail {

[[nodiscard]] inline const EVP_MD* openssl_hash(hash of) noexcept {
    if (of == hash::sha1) return EVP_sha1();
    return of == hash::sha256 ? EVP_sha256() : EVP_sha512();
}

/// Adds the parts of a message to a digest, small ones together: a call of OpenSSL costs more than
/// to copy some dozen bytes.
class joining_update {
public:
    explicit joining_update(EVP_MD_CTX* context) noexcept : context_(context) {}

    void add(bytes part) noexcept {
        if (part.size() > sizeof joined_ - size_) {
            update({joined_, std::exchange(size_, 0)});
            if (part.size() > sizeof joined_) return update(part);
        }
        if (!part.empty()) std::memcpy(joined_ + size_, part.data(), part.size());
        size_ += part.size();
    }

    /// Returns whether all parts have been added.
    [[nodiscard]] bool finish() noexcept {
        update({joined_, size_});
        return good_;
    }

private:
    void update(bytes with) noexcept {
        good_ = good_ && EVP_DigestUpdate(context_, with.data(), with.size()) == 1;
    }

    EVP_MD_CTX* context_;
    bool good_ = true;
    std::size_t size_ = 0;
    unsigned char joined_[256];
};

}  // namespace detail

/// Owns an OpenSSL digest context, which `get()` gives: null when memory had run out.
class digest_context : public webhookpp::detail::owner<EVP_MD_CTX, &EVP_MD_CTX_free> {
public:
    /// A new one.
    digest_context() noexcept : owner(make()) {}

    /// Makes the context, if memory had run out before.
    void ensure() noexcept {
        if (!get()) *this = digest_context();
    }

private:
    static EVP_MD_CTX* make() noexcept {
        const error_queue_guard queue;
        return EVP_MD_CTX_new();
    }
};

/// Computes the SHA-256 of `data`. `context` is overwritten. Returns whether OpenSSL succeeded.
[[nodiscard]] inline bool sha256(const digest_context& context, bytes data,
                                 std::span<unsigned char, sha256_size> digest) noexcept {
    const error_queue_guard queue;
    EVP_MD_CTX* const work = context.get();
    const bool good = work != nullptr && EVP_DigestInit_ex(work, EVP_sha256(), nullptr) == 1 &&
                      EVP_DigestUpdate(work, data.data(), data.size()) == 1 &&
                      EVP_DigestFinal_ex(work, digest.data(), nullptr) == 1;
    EVP_MD_CTX_reset(work);  // which may be null
    return good;
}

/// A secret, prepared for HMAC: the two digest states that depend on the key alone. Immutable, so
/// any number of threads may use one at the same time, each with its own context.
class hmac_key {
public:
    /// Prepares `secret`, of 1 to any number of bytes.
    ///
    /// Errors: `empty_key`; `internal_error` when OpenSSL fails.
    [[nodiscard]] static result<hmac_key> create(bytes secret, hash with = hash::sha256) {
        if (secret.empty()) return unexpected(errc::empty_key, "an empty key signs for anybody");
        const error_queue_guard queue;
        hmac_key key(with);
        secret_bytes block(with == hash::sha512 ? 128 : 64);
        if (secret.size() > block.view().size()) {
            // RFC 2104: a key longer than a block is replaced by its digest.
            if (EVP_Digest(secret.data(), secret.size(), block.writable().data(), nullptr,
                           detail::openssl_hash(with), nullptr) != 1) {
                return unexpected(errc::internal_error, "the hash function is not available");
            }
        } else {
            for (std::size_t i = 0; i < secret.size(); ++i) block.writable()[i] = secret[i];
        }
        if (!key.inner_.get() || !key.outer_.get() || !key.start(key.inner_, block, 0x36) ||
            !key.start(key.outer_, block, 0x36 ^ 0x5c)) {
            return unexpected(errc::internal_error, "the hash function is not available");
        }
        return key;
    }

    /// How many bytes a MAC has.
    [[nodiscard]] std::size_t size() const noexcept { return hash_size(hash_); }

    /// Computes the MAC of a message into the first `size()` bytes of `mac`. `message(add)` calls
    /// `add(part)` for each of its parts, which are `bytes`, in order.
    ///
    /// `context` is overwritten and holds nothing of the key afterwards. Returns whether OpenSSL
    /// succeeded; if it did not, or if `mac` has no room, `mac` is all zero.
    template <class Message>
        requires(!std::is_convertible_v<const Message&, std::span<const bytes>>)
    [[nodiscard]] bool compute(const digest_context& context, const Message& message,
                               std::span<unsigned char> mac) const noexcept {
        // Copying prepared states is the fastest way that OpenSSL 3 offers without deprecated
        // calls.
        const error_queue_guard queue;
        EVP_MD_CTX* const work = context.get();
        bool good =
            work != nullptr && mac.size() >= size() && EVP_MD_CTX_copy_ex(work, inner_.get()) == 1;
        if (good) {
            detail::joining_update update(work);
            message([&update](bytes part) { update.add(part); });
            good = update.finish() && finish(work, mac);
        }
        EVP_MD_CTX_reset(work);  // which may be null
        if (!good) wipe(mac);
        return good;
    }

    /// As above, for a list of all parts.
    [[nodiscard]] bool compute(const digest_context& context, std::span<const bytes> parts,
                               std::span<unsigned char> mac) const noexcept {
        const auto message = [parts](const auto& add) {
            for (const bytes part : parts) add(part);
        };
        return compute(context, message, mac);
    }

    /// A copy of this key for messages that begin with `prefix`: what it computes is the MAC of
    /// `prefix` and of what it is given. Holds the prefix as a digest state, of constant size.
    /// Nothing when OpenSSL fails.
    [[nodiscard]] std::optional<hmac_key> with_prefix(
        std::span<const bytes> prefix) const noexcept {
        const error_queue_guard queue;
        hmac_key copy(hash_);
        bool good = copy.inner_.get() != nullptr && copy.outer_.get() != nullptr &&
                    EVP_MD_CTX_copy_ex(copy.inner_.get(), inner_.get()) == 1 &&
                    EVP_MD_CTX_copy_ex(copy.outer_.get(), outer_.get()) == 1;
        for (const bytes part : prefix) {
            good = good && EVP_DigestUpdate(copy.inner_.get(), part.data(), part.size()) == 1;
        }
        if (!good) return std::nullopt;
        return copy;
    }

private:
    friend class running_hmac;

    explicit hmac_key(hash with) noexcept : hash_(with) {}

    // Turns the block by `mask` and starts `context` with it.
    bool start(const digest_context& context, secret_bytes& block,
               unsigned char mask) const noexcept {
        for (unsigned char& byte : block.writable()) byte = static_cast<unsigned char>(byte ^ mask);
        return EVP_DigestInit_ex(context.get(), detail::openssl_hash(hash_), nullptr) == 1 &&
               EVP_DigestUpdate(context.get(), block.view().data(), block.view().size()) == 1;
    }

    bool finish(EVP_MD_CTX* work, std::span<unsigned char> mac) const noexcept {
        return EVP_DigestFinal_ex(work, mac.data(), nullptr) == 1 &&
               EVP_MD_CTX_copy_ex(work, outer_.get()) == 1 &&
               EVP_DigestUpdate(work, mac.data(), size()) == 1 &&
               EVP_DigestFinal_ex(work, mac.data(), nullptr) == 1;
    }

    digest_context inner_;
    digest_context outer_;
    hash hash_;
};

/// A MAC of a message that arrives in pieces, of which none is kept. For one thread at a time.
///
/// Owns copies of the key's states, so that the key may be gone; they are wiped with it.
class running_hmac {
public:
    /// Starts the MAC, with `key`, of a message that begins with `prefix`. Should OpenSSL fail,
    /// here or later, then `finish` tells.
    running_hmac(const hmac_key& key, std::span<const bytes> prefix) noexcept
        : key_(key.with_prefix(prefix)), good_(start()) {}

    running_hmac(const running_hmac&) = delete;
    running_hmac& operator=(const running_hmac&) = delete;
    ~running_hmac() = default;

    /// Adds the next piece of the message.
    void update(bytes piece) noexcept {
        const error_queue_guard queue;
        good_ = good_ && EVP_DigestUpdate(work_.get(), piece.data(), piece.size()) == 1;
    }

    /// How many bytes the MAC has.
    [[nodiscard]] std::size_t size() const noexcept { return key_ ? key_->size() : 0; }

    /// Computes the MAC of the prefix and all pieces into the first `size()` bytes of `mac`. May be
    /// called once. Returns whether OpenSSL has always succeeded; if not, or if `mac` has no room,
    /// `mac` is all zero.
    [[nodiscard]] bool finish(std::span<unsigned char> mac) noexcept {
        const error_queue_guard queue;
        good_ = good_ && mac.size() >= size() && key_->finish(work_.get(), mac);
        if (!good_) wipe(mac);
        return std::exchange(good_, false);
    }

    /// Computes the MAC of the prefix and `rest`, whatever the pieces were, in the same way.
    /// `finish` gives nothing afterwards.
    [[nodiscard]] bool compute(bytes rest, std::span<unsigned char> mac) const noexcept {
        if (!key_) wipe(mac);
        return key_ && key_->compute(work_, std::span(&rest, 1), mac);
    }

private:
    [[nodiscard]] bool start() noexcept {
        const error_queue_guard queue;
        return key_ && work_.get() != nullptr &&
               EVP_MD_CTX_copy_ex(work_.get(), key_->inner_.get()) == 1;
    }

    std::optional<hmac_key> key_;
    digest_context work_;
    bool good_ = false;
};

}  // namespace webhookpp::crypto

#endif
