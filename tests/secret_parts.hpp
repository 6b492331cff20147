// SPDX-License-Identifier: MIT
// Finds what is left of a secret: one byte that was overwritten hides no other.
#ifndef WEBHOOKPP_TESTS_SECRET_PARTS_HPP
#define WEBHOOKPP_TESTS_SECRET_PARTS_HPP

#include <cstddef>
#include <string_view>

namespace secrets {

/// Whether `text` holds six bytes in a row of `secret`, which has six at least.
inline bool shows_part(std::string_view text, std::string_view secret) {
    constexpr std::size_t piece = 6;
    for (std::size_t i = 0; i + piece <= secret.size(); ++i) {
        if (text.find(secret.substr(i, piece)) != std::string_view::npos) return true;
    }
    return false;
}

}  // namespace secrets

#endif
