// SPDX-License-Identifier: MIT
// Verified messages of any kind of trust, without signatures.
#ifndef WEBHOOKPP_TESTS_MESSAGES_HPP
#define WEBHOOKPP_TESTS_MESSAGES_HPP

#include <string_view>

#include <webhookpp/verified_message.hpp>

namespace messages {

namespace wh = webhookpp;

/// As verification makes it; `body` has to outlive it.
inline wh::verified_message make(std::string_view body, const wh::detail::verified_facts& facts) {
    return wh::detail::message_factory::make(wh::body_view(body), facts);
}

/// One whose id and body are signed.
inline wh::verified_message with_signed_id(std::string_view id, std::string_view body = "{}") {
    return make(body, {.id = id, .body_is_signed = true, .id_is_signed = true});
}

/// One whose body is signed, and whose id is not.
inline wh::verified_message with_unsigned_id(std::string_view id, std::string_view body = "{}") {
    return make(body, {.id = id, .body_is_signed = true});
}

/// One without an id.
inline wh::verified_message without_id(std::string_view body = "{}") {
    return make(body, {.body_is_signed = true});
}

}  // namespace messages

#endif
