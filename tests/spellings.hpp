// SPDX-License-Identifier: MIT
// What must not be seen of a secret in any text.
#ifndef WEBHOOKPP_TESTS_SPELLINGS_HPP
#define WEBHOOKPP_TESTS_SPELLINGS_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/key_text.hpp>

#include "faults.hpp"

namespace secrets {

namespace wh = webhookpp;

/// Whether `text` holds six bytes in a row of `secret`.
inline bool shows_part(const std::string& text, std::string_view secret) {
    constexpr std::size_t piece = 6;
    for (std::size_t i = 0; i + piece <= secret.size(); ++i) {
        if (text.find(secret.substr(i, piece)) != std::string::npos) return true;
    }
    return false;
}

/// All that must not be seen of a key: its text, what it stands for, and both in base64 and hex.
inline std::vector<std::string> spellings(const std::string& key) {
    std::vector<std::string> all{key};
    const auto keep = [&](const wh::crypto::secret_bytes& bytes) {
        all.emplace_back(bytes.text());
    };
    if (const auto bytes = wh::detail::any_base64(wh::detail::without_whsec(key)); bytes) {
        keep(*bytes);
    }
    if (const auto bytes = wh::detail::any_hex(key); bytes) keep(*bytes);
    for (std::size_t i = all.size(); i-- > 0;) {
        // Base64 looks different at each of three places.
        for (std::size_t skipped = 0; skipped < 3 && skipped < all[i].size(); ++skipped) {
            keep(wh::detail::in_base64(all[i].substr(skipped)));
        }
        keep(wh::detail::in_hex(all[i]));
        all.push_back(faults::upper(all.back()));
    }
    return all;
}

}  // namespace secrets

#endif
