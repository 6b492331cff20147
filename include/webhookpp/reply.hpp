// SPDX-License-Identifier: MIT
// What to answer to the sender of a delivery.
#ifndef WEBHOOKPP_REPLY_HPP
#define WEBHOOKPP_REPLY_HPP

#include <cstddef>
#include <initializer_list>
#include <string_view>

#include <webhookpp/error.hpp>
#include <webhookpp/fixed_text.hpp>

namespace webhookpp {

/// One header of a reply. The name is static, the value is owned.
struct reply_header {
    std::string_view name = {};  ///< such as `Retry-After`
    fixed_text<256> value = {};  ///< what is longer is cut off
};

/// The headers of a reply: a range of at most 3 that lies in place.
class reply_headers {
public:
    /// The most headers of one reply.
    static constexpr std::size_t max = 3;

    reply_headers() noexcept = default;

    /// The first `max` of `headers`.
    reply_headers(std::initializer_list<reply_header> headers) noexcept {
        for (const reply_header& each : headers) add(each.name, each.value);
    }

    /// Adds a header, if there is room. `name` is a literal.
    void add(std::string_view name, std::string_view value) noexcept {
        if (size_ == max) return;
        list_[size_].name = name;
        list_[size_++].value = value;
    }

    /// The first header.
    [[nodiscard]] const reply_header* begin() const noexcept { return list_; }
    /// Behind the last header.
    [[nodiscard]] const reply_header* end() const noexcept { return list_ + size_; }
    /// How many headers there are.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// The header at `index`, which is below `size()`.
    [[nodiscard]] const reply_header& operator[](std::size_t index) const noexcept {
        return list_[index];
    }

private:
    reply_header list_[max];
    std::size_t size_ = 0;
};

/// An HTTP response: what `receiver` answers. It owns all of its text in place, of which what is
/// longer than 256 bytes is cut off, allocates nothing, and can be kept and copied at will. It
/// never tells which check failed: that is for the log, not for somebody who is guessing.
struct reply {
    int status = 200;            ///< the HTTP status
    reply_headers headers = {};  ///< to be sent as they are
    fixed_text<256> body = {};   ///< converts to `std::string_view`
};

namespace detail {

[[nodiscard]] inline reply text_reply(int status, std::string_view text) noexcept {
    return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, text};
}

}  // namespace detail

/// The reply to an accepted delivery.
[[nodiscard]] inline reply accepted_reply() noexcept {
    return detail::text_reply(200, "ok\n");
}

/// The reply to a delivery that was refused with `code`.
[[nodiscard]] inline reply refusal_reply(errc code) noexcept {
    switch (http_status(code)) {
        case 401: return detail::text_reply(401, "the delivery could not be verified\n");
        case 413: return detail::text_reply(413, "the delivery is too large\n");
        case 400: return detail::text_reply(400, "the event could not be decoded\n");
        case 500: return detail::text_reply(500, "the event could not be handled\n");
        default: {
            reply later = detail::text_reply(503, "try again later\n");
            // Senders that follow Standard Webhooks honour it; half a minute lets a restart or a
            // spike pass.
            later.headers.add("Retry-After", "30");
            return later;
        }
    }
}

}  // namespace webhookpp

#endif
