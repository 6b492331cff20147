// SPDX-License-Identifier: MIT
// The same random numbers everywhere, for checks that can be repeated.
#ifndef WEBHOOKPP_TESTING_DETAIL_RANDOM_NUMBERS_HPP
#define WEBHOOKPP_TESTING_DETAIL_RANDOM_NUMBERS_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

namespace webhookpp::testing::detail {

/// SplitMix64: what standard distributions give differs between standard libraries.
class random_numbers {
public:
    explicit random_numbers(std::uint64_t seed) noexcept : state_(seed) {}

    std::uint64_t next() noexcept {
        std::uint64_t mixed = state_ += 0x9E37'79B9'7F4A'7C15ULL;
        mixed = (mixed ^ mixed >> 30) * 0xBF58'476D'1CE4'E5B9ULL;
        mixed = (mixed ^ mixed >> 27) * 0x94D0'49BB'1331'11EBULL;
        return mixed ^ mixed >> 31;
    }

    /// From 0, less than `end`, which is not 0.
    std::size_t below(std::size_t end) noexcept { return static_cast<std::size_t>(next() % end); }

    /// Both ends included.
    std::int64_t between(std::int64_t first, std::int64_t last) noexcept {
        return first + static_cast<std::int64_t>(below(static_cast<std::size_t>(last - first) + 1));
    }

    bool one_in(std::size_t times) noexcept { return below(times) == 0; }

    /// One element of `all`, which is not empty.
    template <class T>
    const T& one_of(const std::vector<T>& all) noexcept {
        return all[below(all.size())];
    }

private:
    std::uint64_t state_;
};

}  // namespace webhookpp::testing::detail

#endif
