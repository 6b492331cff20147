// SPDX-License-Identifier: MIT
// Bodies as they were sent, from cpp-httplib.
#ifndef WEBHOOKPP_ADAPTERS_HTTPLIB_HPP
#define WEBHOOKPP_ADAPTERS_HTTPLIB_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/bounded_body.hpp>

namespace webhookpp::adapters {

/// Keeps cpp-httplib from changing the body of `request`, which it does before a handler sees it:
/// it unpacks `Content-Encoding: gzip`, takes `multipart/form-data` apart and refuses forms of more
/// than 8 KiB. What is signed is the body as it was sent.
///
/// To be called in the server's pre-routing handler, for the paths of webhooks. The headers that
/// cause it are renamed, to `X-Original-Content-Encoding` and `X-Original-Content-Type`. Checked
/// with 0.11.4 and 0.53.1. May throw what the container of the headers throws.
///
/// `Request` is `httplib::Request`. The library hands it over as const, but the object is none.
template <class Request>
void keep_body_as_sent(const Request& request) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): as said above
    auto& headers = const_cast<Request&>(request).headers;
    const auto rename = [&headers](const char* from, const char* to) {
        const auto found = headers.find(from);
        if (found == headers.end()) return;
        std::string value = found->second;
        headers.erase(from);
        headers.emplace(to, std::move(value));
    };
    rename("Content-Encoding", "X-Original-Content-Encoding");
    rename("Content-Type", "X-Original-Content-Type");
}

/// Reads the body through the `httplib::ContentReader` that a `Post` handler with three parameters
/// gets, which is the way to have a limit: the library has none for chunked bodies.
///
/// Returns it, cut off behind one byte more than `limit`. What goes beyond is read and dropped, up
/// to 16 times the limit, so that the sender gets the answer, and not a connection that breaks off.
///
/// Returns nothing where the body broke off or its framing was wrong, as it is then not what was
/// sent, even if what came of it is signed; or where it is longer than the server's own limit. The
/// library has then set the status of the response, 400 or 413.
template <class ContentReader>
[[nodiscard]] std::optional<bounded_body> read_body(const ContentReader& read,
                                                    std::size_t limit = limits().body) {
    bounded_body body(limit);
    const bool whole = read([&body](const char* data, std::size_t size) {
        body.append(std::string_view(data, size));
        return !body.is_endless();
    });
    if (!whole && !body.is_endless()) return std::nullopt;
    return body;
}

}  // namespace webhookpp::adapters

#endif
