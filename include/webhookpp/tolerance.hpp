// SPDX-License-Identifier: MIT
// How far a delivery's timestamp may be from the receiver's clock.
#ifndef WEBHOOKPP_TOLERANCE_HPP
#define WEBHOOKPP_TOLERANCE_HPP

#include <cstdint>

namespace webhookpp {

namespace detail {

template <class T>
concept duration = requires(const T& d) {
    d.count();
    T::period::num;
    T::period::den;
};

}  // namespace detail

/// A number of seconds. Made from a `std::chrono` duration (`5min`), which is recognised by its
/// shape so that nobody pays for `<chrono>` here, or explicitly from a count.
class seconds {
public:
    /// `count` of them.
    constexpr explicit seconds(std::int64_t count) noexcept : count_(count) {}

    /// Fractions of a second are cut off; what is too long is `unlimited()`.
    template <detail::duration Duration>
    constexpr seconds(const Duration& d) noexcept : count_(whole_seconds(d)) {}

    /// Longer than any time.
    [[nodiscard]] static constexpr seconds unlimited() noexcept { return seconds(INT64_MAX); }

    /// How many seconds.
    [[nodiscard]] constexpr std::int64_t count() const noexcept { return count_; }

    friend constexpr bool operator==(const seconds&, const seconds&) noexcept = default;

private:
    template <class Duration>
    static constexpr std::int64_t whole_seconds(const Duration& d) noexcept {
        constexpr std::int64_t num = Duration::period::num;
        constexpr std::int64_t den = Duration::period::den;
        if (d.count() >= INT64_MAX / num) return INT64_MAX;
        if (d.count() <= -(INT64_MAX / num)) return -INT64_MAX;
        return static_cast<std::int64_t>(d.count()) * num / den;
    }

    std::int64_t count_;
};

/// How far a signed timestamp may lie in the past and in the future, both ends included.
struct tolerance {
    seconds past{300};    ///< how old a delivery may be
    seconds future{300};  ///< how far the sender's clock may be ahead

    /// Switches the check off. Whoever recorded a delivery can then replay it at any time: for
    /// tests, and for hosts that remember every id for ever.
    [[nodiscard]] static constexpr tolerance unlimited() noexcept {
        return {seconds::unlimited(), seconds::unlimited()};
    }

    friend constexpr bool operator==(const tolerance&, const tolerance&) noexcept = default;
};

}  // namespace webhookpp

#endif
