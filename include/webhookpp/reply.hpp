// What to answer to the sender of a delivery.
#ifndef WEBHOOKPP_REPLY_HPP
#define WEBHOOKPP_REPLY_HPP

#include <span>
#include <string_view>

#include <webhookpp/error.hpp>

namespace webhookpp {

/// One header of a reply. Both texts are static.
struct reply_header {
    std::string_view name;
    std::string_view value;
};

/// An HTTP response. All text is static, so a reply can be kept and copied at will. It never tells
/// which check failed: that is for the log, not for somebody who is guessing.
struct reply {
    int status = 200;
    std::span<const reply_header> headers = {};
    std::string_view body = {};
};

namespace detail {

inline constexpr reply_header text_headers[] = {{"Content-Type", "text/plain; charset=utf-8"}};
// Senders that follow Standard Webhooks honour it; half a minute lets a restart or a spike pass.
inline constexpr reply_header retry_headers[] = {{"Content-Type", "text/plain; charset=utf-8"},
                                                 {"Retry-After", "30"}};

}  // namespace detail

/// The reply to an accepted delivery.
[[nodiscard]] inline reply accepted_reply() noexcept {
    return {200, detail::text_headers, "ok\n"};
}

/// The reply to a delivery that was refused with `code`.
[[nodiscard]] inline reply refusal_reply(errc code) noexcept {
    switch (http_status(code)) {
        case 401: return {401, detail::text_headers, "the delivery could not be verified\n"};
        case 413: return {413, detail::text_headers, "the delivery is too large\n"};
        case 400: return {400, detail::text_headers, "the event could not be decoded\n"};
        case 500: return {500, detail::text_headers, "the event could not be handled\n"};
        default: return {503, detail::retry_headers, "try again later\n"};
    }
}

}  // namespace webhookpp

#endif
