// Where verifiers get the time from, and how far a delivery's timestamp may be from it.
#ifndef WEBHOOKPP_CLOCK_HPP
#define WEBHOOKPP_CLOCK_HPP

#include <concepts>
#include <cstdint>
#include <ctime>

namespace webhookpp {

/// Something that tells the time: `now()` gives Unix seconds. It is called from every thread that
/// verifies, at the same time, and must not throw.
template <class T>
concept clock_source = requires(const T& clock) {
    { clock.now() } -> std::same_as<std::int64_t>;
};

/// The system's clock.
struct system_clock {
    [[nodiscard]] std::int64_t now() const noexcept {
        return static_cast<std::int64_t>(std::time(nullptr));
    }
};

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
    constexpr explicit seconds(std::int64_t count) noexcept : count_(count) {}

    /// Fractions of a second are cut off.
    template <detail::duration Duration>
    constexpr seconds(const Duration& d) noexcept
        : count_(static_cast<std::int64_t>(d.count() * Duration::period::num /
                                           Duration::period::den)) {}

    /// Longer than any time.
    [[nodiscard]] static constexpr seconds unlimited() noexcept { return seconds(INT64_MAX); }

    [[nodiscard]] constexpr std::int64_t count() const noexcept { return count_; }

    friend constexpr bool operator==(const seconds&, const seconds&) noexcept = default;

private:
    std::int64_t count_;
};

/// How far a signed timestamp may lie in the past and in the future, both ends included.
struct tolerance {
    seconds past{300};
    seconds future{300};

    /// Switches the check off. Whoever recorded a delivery can then replay it at any time: for
    /// tests, and for hosts that remember every id for ever.
    [[nodiscard]] static constexpr tolerance unlimited() noexcept {
        return {seconds::unlimited(), seconds::unlimited()};
    }

    friend constexpr bool operator==(const tolerance&, const tolerance&) noexcept = default;
};

}  // namespace webhookpp

#endif
