// SPDX-License-Identifier: MIT
// Whether something was sent recently enough.
#ifndef WEBHOOKPP_CHECK_AGE_HPP
#define WEBHOOKPP_CHECK_AGE_HPP

#include <cstdint>

#include <webhookpp/result.hpp>
#include <webhookpp/tolerance.hpp>

namespace webhookpp {

/// Whether `sent` is within `allowed` of `now`, both in Unix seconds and both ends included.
///
/// Verifiers call it where a scheme signs a timestamp. Where the scheme signs none but the body
/// tells when the event happened, as Waitwhile's `created`, which is signed with the body, call it
/// with that. Errors: `timestamp_too_old`, `timestamp_too_new`. No value overflows.
[[nodiscard]] inline result<void> check_age(std::int64_t sent, std::int64_t now,
                                            const tolerance& allowed) noexcept {
    // Unsigned, so that no clock, however wrong, makes a difference overflow.
    const auto from = [](std::int64_t earlier, std::int64_t later) {
        return static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier);
    };
    const auto exceeds = [](std::uint64_t difference, seconds most) {
        if (most == seconds::unlimited()) return false;
        return most.count() < 0 || difference > static_cast<std::uint64_t>(most.count());
    };
    if (sent <= now && exceeds(from(sent, now), allowed.past)) {
        return unexpected(errc::timestamp_too_old);
    }
    if (sent > now && exceeds(from(now, sent), allowed.future)) {
        return unexpected(errc::timestamp_too_new);
    }
    return {};
}

}  // namespace webhookpp

#endif
