// SPDX-License-Identifier: MIT
// A verified message cannot be made by hand.
#include <type_traits>

#include <webhookpp/verified_message.hpp>

static_assert(!std::is_default_constructible_v<webhookpp::verified_message>);
static_assert(!std::is_default_constructible_v<webhookpp::detail::message_factory>);

bool make(const std::string_view body) {
#ifdef MUST_NOT_COMPILE
    webhookpp::verified_message message({}, body, {});
#else
    const auto message = webhookpp::assume_verified(body, "a channel that is authenticated");
#endif
    return message.body() == body;
}
