// SPDX-License-Identifier: MIT
// Names of headers, which no letter case and no locale tells apart.
#ifndef WEBHOOKPP_DETAIL_HEADER_NAME_HPP
#define WEBHOOKPP_DETAIL_HEADER_NAME_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace webhookpp::detail {

[[nodiscard]] constexpr char fold_ascii(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// Eight characters at once, each as by fold_ascii.
[[nodiscard]] constexpr std::uint64_t fold_ascii(std::uint64_t eight) noexcept {
    constexpr std::uint64_t each = 0x0101010101010101;
    const std::uint64_t low = eight & (0x7F * each);
    // The highest bit of each byte tells: at least 'A', above 'Z', no ASCII.
    const std::uint64_t letters =
        (low + (0x80 - 'A') * each) & ~(low + (0x7F - 'Z') * each) & ~eight & (0x80 * each);
    return eight | (letters >> 2);
}

// Header names are ASCII, so only ASCII letters fold: no locale can make others equal.
[[nodiscard]] constexpr bool equal_names(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size()) return false;
    std::size_t i = 0;
    if (!std::is_constant_evaluated() && left.size() >= 8) {
        const auto differ = [&](std::size_t at) {
            std::uint64_t words[2];
            std::memcpy(&words[0], left.data() + at, 8);
            std::memcpy(&words[1], right.data() + at, 8);
            return fold_ascii(words[0]) != fold_ascii(words[1]);
        };
        for (; i + 8 < left.size(); i += 8) {
            if (differ(i)) return false;
        }
        return !differ(left.size() - 8);
    }
    for (; i < left.size(); ++i) {
        if (fold_ascii(left[i]) != fold_ascii(right[i])) return false;
    }
    return true;
}

/// Tells most headers of a request apart from those that are wanted, without a look at each name:
/// by length and first letter.
class header_kinds {
public:
    /// Adds the kind of `name`, if it is not empty.
    constexpr void add(std::string_view name) noexcept {
        if (!name.empty()) bits_ |= bit(name);
    }

    /// False if no name like `name` was added, or if it is empty.
    [[nodiscard]] constexpr bool may_have(std::string_view name) const noexcept {
        return !name.empty() && (bits_ & bit(name)) != 0;
    }

private:
    [[nodiscard]] static constexpr std::uint64_t bit(std::string_view name) noexcept {
        const std::uint64_t first = static_cast<unsigned char>(fold_ascii(name[0]));
        return std::uint64_t{1} << ((name.size() + 5 * first) % 64);
    }

    std::uint64_t bits_ = 0;
};

}  // namespace webhookpp::detail

#endif
