// SPDX-License-Identifier: MIT
// Finds keys of messages in hash tables.
#ifndef WEBHOOKPP_STORES_DETAIL_KEY_HASH_HPP
#define WEBHOOKPP_STORES_DETAIL_KEY_HASH_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <webhookpp/crypto/random.hpp>
#include <webhookpp/message_key.hpp>

namespace webhookpp::stores::detail {

// Keys are digests already; the seed keeps those who know their keys from choosing buckets.
struct key_hash {
    std::uint64_t seed = 0;

    std::size_t operator()(const message_key& key) const noexcept {
        std::uint64_t first = 0;
        std::memcpy(&first, key.bytes().data(), sizeof first);
        return static_cast<std::size_t>((first ^ seed) * 0x9E37'79B9'7F4A'7C15ULL >> 7);
    }
};

[[nodiscard]] inline std::uint64_t random_seed() noexcept {
    std::uint64_t seed = 0;
    unsigned char bytes[sizeof seed] = {};
    if (crypto::fill_random(bytes)) std::memcpy(&seed, bytes, sizeof seed);
    return seed;
}

}  // namespace webhookpp::stores::detail

#endif
