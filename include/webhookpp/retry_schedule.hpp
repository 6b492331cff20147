// SPDX-License-Identifier: MIT
// When a failed attempt is repeated.
#ifndef WEBHOOKPP_RETRY_SCHEDULE_HPP
#define WEBHOOKPP_RETRY_SCHEDULE_HPP

#include <cstdint>

#include <webhookpp/crypto/random.hpp>
#include <webhookpp/tolerance.hpp>

namespace webhookpp {

/// Exponential backoff with full jitter: before the next attempt a random time passes, between
/// nothing and twice as long as at most before, so that what failed together is not tried again
/// together.
struct retry_schedule {
    seconds first{1};       ///< the longest delay after the first attempt: 1 second to `longest`
    seconds longest{3600};  ///< no delay is longer: up to 1 day
    std::uint32_t attempts = 12;  ///< after so many, 1 to 1,000, an entry is dead

    /// The longest delay after `attempt`, from 1, in milliseconds.
    [[nodiscard]] constexpr std::int64_t longest_delay(std::uint32_t attempt) const noexcept {
        std::int64_t delay = first.count() * 1000;
        const std::int64_t end = longest.count() * 1000;
        for (std::uint32_t i = 1; i < attempt && delay < end; ++i) delay *= 2;
        return delay < end ? delay : end;
    }

    /// A delay after `attempt`, from 1, in milliseconds: between 0 and the longest one.
    [[nodiscard]] std::int64_t delay(std::uint32_t attempt) const noexcept {
        const auto most = static_cast<std::uint64_t>(longest_delay(attempt));
        unsigned char random[8];
        // Without randomness the longest delay still spares whoever is overloaded.
        if (!crypto::fill_random(random)) return static_cast<std::int64_t>(most);
        std::uint64_t number = 0;
        for (const unsigned char byte : random) number = number << 8 | byte;
        return static_cast<std::int64_t>(number % (most + 1));
    }
};

}  // namespace webhookpp

#endif
