// SPDX-License-Identifier: MIT
// The proof that a body was verified while it passed, and what is known about it.
#ifndef WEBHOOKPP_VERIFIED_STREAM_HPP
#define WEBHOOKPP_VERIFIED_STREAM_HPP

#include <webhookpp/verified_message.hpp>

namespace webhookpp {

namespace detail {
struct stream_factory;
}

/// A message whose sender is proved, and whose body has passed in pieces of which none was kept: a
/// `verified_message` without a body, so that no parser takes it. Only `incremental_verification`
/// makes one. Owns all that it tells.
class verified_stream : private verified_message {
public:
    using verified_message::max_id;

    // Each as in `verified_message`.
    using verified_message::body_is_signed;
    using verified_message::event_type;
    using verified_message::id;
    using verified_message::id_is_signed;
    using verified_message::key_index;
    using verified_message::replay_possible;
    using verified_message::skipped_tokens;
    using verified_message::timestamp;

private:
    friend struct detail::stream_factory;
    explicit verified_stream(const verified_message& about) noexcept : verified_message(about) {}
};

namespace detail {

struct stream_factory {
    [[nodiscard]] static verified_stream make(const verified_message& about) noexcept {
        return verified_stream(about);
    }
};

}  // namespace detail

}  // namespace webhookpp

#endif
