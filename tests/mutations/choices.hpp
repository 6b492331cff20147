// SPDX-License-Identifier: MIT
// Turns bytes into decisions, so that whoever chooses the bytes, a fuzzer or a random number
// generator, chooses what is tried.
#ifndef WEBHOOKPP_TESTS_MUTATIONS_CHOICES_HPP
#define WEBHOOKPP_TESTS_MUTATIONS_CHOICES_HPP

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace mutations {

/// Decisions from the front of some bytes, which must outlive it. When they are used up, everything
/// that is left to decide is zero, so that a short input is a simple case.
class choices {
public:
    explicit choices(std::span<const unsigned char> bytes) noexcept : bytes_(bytes) {}

    /// A number below `limit`, which is not 0.
    std::size_t below(std::size_t limit) noexcept {
        std::size_t number = 0;
        for (std::size_t range = 1; range < limit; range *= 256) number = number * 256 + next();
        return number % limit;
    }

    /// True once in `times`, and never when there are no bytes left.
    bool one_in(std::size_t times) noexcept { return !bytes_.empty() && below(times) == 0; }

    template <class Range>
    auto& one_of(Range& all) noexcept {
        return all[below(std::size(all))];
    }

    /// Up to `most` bytes.
    std::string text(std::size_t most) {
        const std::size_t size = std::min(below(most + 1), bytes_.size());
        return take(size);
    }

    /// All bytes that are left.
    std::string rest() { return take(bytes_.size()); }

    [[nodiscard]] bool used_up() const noexcept { return bytes_.empty(); }

private:
    std::size_t next() noexcept {
        if (bytes_.empty()) return 0;
        const std::size_t byte = bytes_.front();
        bytes_ = bytes_.subspan(1);
        return byte;
    }

    std::string take(std::size_t size) {
        const auto taken = bytes_.first(size);
        bytes_ = bytes_.subspan(size);
        return {taken.begin(), taken.end()};
    }

    std::span<const unsigned char> bytes_;
};

}  // namespace mutations

#endif
