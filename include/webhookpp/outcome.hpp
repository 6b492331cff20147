// SPDX-License-Identifier: MIT
// What became of a delivery.
#ifndef WEBHOOKPP_OUTCOME_HPP
#define WEBHOOKPP_OUTCOME_HPP

#include <optional>
#include <string_view>

#include <webhookpp/error.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp {

/// What became of a delivery, for the log. All views are valid during the call that gets it.
struct outcome {
    /// What was answered: the HTTP status.
    int status = 200;

    /// Why the delivery was refused, or what went wrong with an accepted one.
    std::optional<webhookpp::error> error = std::nullopt;

    /// The message, once it was verified.
    const verified_message* message = nullptr;

    /// The `what()` of the exception that a handler threw.
    std::string_view exception_text = {};

    /// Whether a handler took the event. False for an accepted event means that none wants it.
    bool handled = false;

    /// Whether the message was there before: it is accepted, and not handled again.
    bool duplicate = false;

    /// Whether it was the expected handshake, and no event: answered, or refused with `error`.
    bool handshake = false;
};

}  // namespace webhookpp

#endif
