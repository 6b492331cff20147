// SPDX-License-Identifier: MIT
// The proof that a body was verified while it passed cannot be made by hand, nor from a message.
#include <webhookpp/verified_stream.hpp>

#include <type_traits>

namespace wh = webhookpp;

bool look(const wh::verified_stream& verified) {
#ifdef MUST_NOT_COMPILE
    const wh::verified_message& message = verified;
    return message.body().empty();
#else
    return verified.id().empty();
#endif
}

static_assert(!std::is_default_constructible_v<wh::verified_stream>);
static_assert(!std::is_constructible_v<wh::verified_stream, const wh::verified_message&>);
