// Where verifiers get the time from.
#ifndef WEBHOOKPP_CLOCK_HPP
#define WEBHOOKPP_CLOCK_HPP

#include <concepts>
#include <cstdint>
#include <ctime>

namespace webhookpp {

/// Something that tells the time: `now()` gives Unix seconds. It is called from every thread that
/// verifies, at the same time.
template <class T>
concept clock_source = requires(const T& clock) {
    { clock.now() }
    noexcept->std::same_as<std::int64_t>;
};

/// The system's clock.
struct system_clock {
    [[nodiscard]] std::int64_t now() const noexcept {
        return static_cast<std::int64_t>(std::time(nullptr));
    }
};

}  // namespace webhookpp

#endif
