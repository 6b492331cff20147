// SPDX-License-Identifier: MIT
// Text of bounded length that lives inside its object: no heap, no lifetime to care for.
#ifndef WEBHOOKPP_FIXED_TEXT_HPP
#define WEBHOOKPP_FIXED_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace webhookpp {

/// Owns up to `Capacity` bytes of text in place. What does not fit is cut off at the end.
///
/// Copies are independent of each other. `view()` is valid as long as the object lives unchanged.
template <std::size_t Capacity>
class fixed_text {
    static_assert(Capacity > 0 && Capacity <= UINT16_MAX);

public:
    // Not defaulted: `{}` would then write zeros over all of it.

    /// Empty.
    constexpr fixed_text() noexcept {}  // NOLINT(modernize-use-equals-default)

    /// Copies the first `Capacity` bytes of `text`.
    constexpr fixed_text(std::string_view text) noexcept { append(text); }
    constexpr fixed_text(const char* text) noexcept : fixed_text(std::string_view(text)) {}

    constexpr fixed_text(const fixed_text& other) noexcept { append(other.view()); }
    constexpr fixed_text& operator=(const fixed_text& other) noexcept {
        if (this != &other) {
            size_ = 0;
            append(other.view());
        }
        return *this;
    }
    constexpr ~fixed_text() = default;

    /// Adds the part of `text` that still fits.
    constexpr fixed_text& append(std::string_view text) noexcept {
        const std::size_t room = Capacity - size_;
        const std::size_t added = text.size() < room ? text.size() : room;
        std::string_view::traits_type::copy(bytes_ + size_, text.data(), added);
        size_ = static_cast<std::uint16_t>(size_ + added);
        return *this;
    }

    /// The text.
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {bytes_, size_}; }
    /// The text: `size()` bytes, with no zero behind them.
    [[nodiscard]] constexpr const char* data() const noexcept { return bytes_; }
    /// How many bytes the text has.
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    /// How many it can have.
    [[nodiscard]] static constexpr std::size_t capacity() noexcept { return Capacity; }
    /// Whether there is no text.
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    /// The text, as `view`.
    constexpr operator std::string_view() const noexcept { return view(); }

    friend constexpr bool operator==(const fixed_text& left, const fixed_text& right) noexcept {
        return left.view() == right.view();
    }
    friend constexpr bool operator==(const fixed_text& left, std::string_view right) noexcept {
        return left.view() == right;
    }
    friend constexpr bool operator==(const fixed_text& left, const char* right) noexcept {
        return left.view() == right;
    }

private:
    std::uint16_t size_ = 0;
    // Left uninitialised at run time on purpose: only the first size_ bytes are ever read.
    char bytes_[Capacity];
};

}  // namespace webhookpp

#endif
