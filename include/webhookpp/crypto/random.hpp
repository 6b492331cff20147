// SPDX-License-Identifier: MIT
// Random bytes that nobody can guess.
#ifndef WEBHOOKPP_CRYPTO_RANDOM_HPP
#define WEBHOOKPP_CRYPTO_RANDOM_HPP

#include <openssl/rand.h>

#include <span>

#include <webhookpp/crypto/openssl_errors.hpp>

namespace webhookpp::crypto {

/// Fills `out`, of at most 1 MiB, with random bytes. Returns whether OpenSSL succeeded.
[[nodiscard]] inline bool fill_random(std::span<unsigned char> out) noexcept {
    const error_queue_guard queue;
    return RAND_priv_bytes(out.data(), static_cast<int>(out.size())) == 1;
}

}  // namespace webhookpp::crypto

#endif
