// SPDX-License-Identifier: MIT
// What must not be seen of a secret in any text.
#ifndef WEBHOOKPP_TESTS_SPELLINGS_HPP
#define WEBHOOKPP_TESTS_SPELLINGS_HPP

#include <cstddef>
#include <string>
#include <vector>

#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/key_text.hpp>

#include "faults.hpp"
#include "secret_parts.hpp"

namespace secrets {

namespace wh = webhookpp;

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
