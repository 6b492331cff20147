// SPDX-License-Identifier: MIT
// The keys of a verifier: several at once, exchanged while deliveries are being verified.
#ifndef WEBHOOKPP_KEY_RING_HPP
#define WEBHOOKPP_KEY_RING_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include <webhookpp/crypto/ecdsa.hpp>
#include <webhookpp/crypto/ed25519.hpp>
#include <webhookpp/crypto/hmac.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/detail/flag_lock.hpp>
#include <webhookpp/detail/owner.hpp>
#include <webhookpp/detail/sent_token.hpp>
#include <webhookpp/detail/signature_tokens.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>

namespace webhookpp {

/// A set of keys, prepared for verification. Immutable.
class key_set {
public:
    /// The most keys of one set.
    static constexpr std::size_t max_keys = 8;
    /// The most of them that may be public: each costs a verification.
    static constexpr std::size_t max_public_keys = 4;

    /// A key ready for use: one of them, the others are empty.
    struct prepared_key {
        algorithm used_with = algorithm::token;                 ///< what signatures it verifies
        std::optional<crypto::hmac_key> secret = std::nullopt;  ///< for HMAC
        std::optional<crypto::ed25519_public_key> ed25519 = std::nullopt;  ///< for Ed25519
        std::optional<crypto::ecdsa_p256_public_key> p256 = std::nullopt;  ///< for ECDSA P-256
        crypto::secret_bytes token = {};  ///< as deliveries have to show it
    };

    /// Reads `keys` as `described` says they are written, and prepares them.
    ///
    /// Errors: `empty_key` when there is none, `too_many_keys`, `key_wrong_prefix` for a signing
    /// key and for one that the scheme has no use for, and those of `key`.
    [[nodiscard]] static result<key_set> create(std::span<const key> keys, const scheme& described,
                                                secret_length lengths) {
        if (keys.empty()) return unexpected(errc::empty_key, "a verifier needs at least one key");
        if (keys.size() > max_keys) return unexpected(errc::too_many_keys, "at most 8 keys");
        key_set made;
        std::size_t public_keys = 0;
        for (const key& each : keys) {
            const auto read = each.read_as(described.key, lengths);
            if (!read) return unexpected(read.error());
            if (const auto good = prepare(made.keys_[made.size_++], *read, described); !good) {
                return unexpected(good.error());
            }
            public_keys += read->which() == key::kind::secret ? 0 : 1;
            if (public_keys > max_public_keys) {
                return unexpected(errc::too_many_keys, "at most 4 public keys");
            }
        }
        return made;
    }

    /// The keys in the order in which the program was configured with them.
    [[nodiscard]] std::span<const prepared_key> keys() const noexcept {
        return std::span(keys_).first(size_);
    }

private:
    key_set() = default;

    template <class T>
    static result<void> keep(std::optional<T>& in, result<T> made) {
        if (!made) return unexpected(made.error());
        in = *std::move(made);
        return {};
    }

    static result<void> prepare(prepared_key& to, const key& read, const scheme& described) {
        const crypto::bytes bytes = read.bytes();
        if (described.algorithm == algorithm::token) {
            to.token = detail::sent_token(described.signature, read);
            return {};
        }
        switch (read.which()) {
            case key::kind::secret:
                // A list of versions has one algorithm with a secret at most.
                to.used_with = described.algorithm.value_or(algorithm::hmac_sha256);
                if (!detail::is_hmac(to.used_with) || !described.uses(to.used_with)) break;
                return keep(to.secret,
                            crypto::hmac_key::create(bytes, detail::hash_of(to.used_with)));
            case key::kind::ed25519_public_key:
                to.used_with = algorithm::ed25519;
                if (!described.uses(to.used_with)) break;
                return keep(to.ed25519, crypto::ed25519_public_key::create(bytes));
            case key::kind::p256_public_key:
                to.used_with = algorithm::ecdsa_p256;
                if (!described.uses(to.used_with)) break;
                return keep(to.p256, crypto::ecdsa_p256_public_key::create(bytes));
            case key::kind::ed25519_signing_key:
            case key::kind::p256_signing_key:
            case key::kind::configured_text:
                return unexpected(errc::key_wrong_prefix,
                                  "this is a signing key (whsk_), which belongs to the sender: "
                                  "verify with its public key (whpk_)");
        }
        return unexpected(errc::key_wrong_prefix,
                          "the scheme has no signatures that this kind of key makes");
    }

    prepared_key keys_[max_keys];
    std::size_t size_ = 0;
};

/// Holds the current key set. Any number of threads may read while others replace: readers never
/// wait, and keep the set that they started with until they are done.
///
/// A set that was replaced is wiped by `replace` itself, unless a reader holds on to it for longer
/// than a millisecond or so: then by the next `replace`, or with the ring. Readers announce
/// themselves in counters that threads do not share as long as there are few of them, so that
/// verification scales with the cores.
class key_ring {
public:
    /// `keys` are the first.
    explicit key_ring(key_set keys) : owned_(new holder{std::move(keys)}) {
        current_.store(&owned_->keys);
    }
    key_ring(const key_ring&) = delete;
    key_ring& operator=(const key_ring&) = delete;

    /// No thread may be reading.
    ~key_ring() = default;

    /// Makes `keys` the current set. Threads that replace at the same time take turns, and wait
    /// briefly for readers of the old set.
    void replace(key_set keys) {
        detail::owner<holder> fresh(new holder{std::move(keys)});
        const detail::flag_lock lock(replacing_);
        std::swap(owned_, fresh);
        current_.store(&owned_->keys);
        fresh->older = std::move(retired_);
        retired_ = std::move(fresh);
        // A reader is done within one verification, so this rarely leaves a set for the next time.
        for (int attempt = 0; attempt < 10'000 && retired_; ++attempt) release_unread();
    }

    /// Keeps the current set readable while it lives.
    class reader {
    public:
        /// Takes hold of the current set of `ring`, which must outlive this.
        explicit reader(const key_ring& ring) noexcept
            : count_(ring.readers_[lane()].count), keys_(begin(ring, count_)) {}
        reader(const reader&) = delete;
        reader& operator=(const reader&) = delete;
        ~reader() { count_.fetch_sub(1, std::memory_order_release); }

        /// The set. Valid as long as the reader.
        const key_set& operator*() const noexcept { return *keys_; }
        /// The same.
        const key_set* operator->() const noexcept { return keys_; }

    private:
        static const key_set* begin(const key_ring& ring,
                                    std::atomic<std::uint32_t>& count) noexcept {
            // Sequentially consistent, as is the store in replace(): either replace() sees this
            // count, or the load below sees the new set.
            count.fetch_add(1);
            return ring.current_.load();
        }

        std::atomic<std::uint32_t>& count_;
        const key_set* keys_;
    };

private:
    static constexpr std::size_t lanes = 16;
    static constexpr std::uint32_t all_readers = (1U << lanes) - 1;

    // A cache line each, so that threads on different lanes do not slow each other down.
    struct alignas(64) reader_count {
        mutable std::atomic<std::uint32_t> count{0};
    };

    // A key set, and the sets that it replaced and that may still be read.
    struct holder {
        key_set keys;
        std::uint32_t unseen = all_readers;  // lanes not seen without readers since it retired
        detail::owner<holder> older = {};
    };

    static std::size_t lane() noexcept {
        static std::atomic<std::size_t> next{0};
        thread_local const std::size_t mine = next.fetch_add(1, std::memory_order_relaxed) % lanes;
        return mine;
    }

    // A lane that is seen without readers after a set was retired has none of that set.
    void release_unread() noexcept {
        std::uint32_t idle = 0;
        for (std::size_t i = 0; i < lanes; ++i) {
            if (readers_[i].count.load() == 0) idle |= 1U << i;
        }
        for (detail::owner<holder>* each = &retired_; *each;) {
            (*each)->unseen &= ~idle;
            if ((*each)->unseen == 0) {
                detail::owner<holder> older = std::move((*each)->older);
                *each = std::move(older);
            } else {
                each = &(*each)->older;
            }
        }
    }

    std::atomic<const key_set*> current_{nullptr};
    reader_count readers_[lanes];
    std::atomic_flag replacing_ = ATOMIC_FLAG_INIT;  // readers never wait for it
    detail::owner<holder> owned_;                    // the current set
    detail::owner<holder> retired_;                  // the others, newest first
};

}  // namespace webhookpp

#endif
