// SPDX-License-Identifier: MIT
// Requests in the environment of a CGI or FastCGI program: RFC 3875, section 4.1.
#ifndef WEBHOOKPP_ADAPTERS_CGI_HPP
#define WEBHOOKPP_ADAPTERS_CGI_HPP

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

#include <webhookpp/header_source.hpp>

namespace webhookpp::adapters {

/// The request of a CGI program in its environment: an array of `NAME=value`, null at its end, such
/// as `environ` or libfcgi's `request.envp`, which must outlive this. A header source:
///
///     const webhookpp::adapters::cgi_request request(envp);
///     receiver.receive({.headers = request, .body = body,
///                       .method = request.method(), .target = request.target()});
///
/// CGI writes `Webhook-Id` and `Webhook_Id` alike, as `HTTP_WEBHOOK_ID`. Both are shown as
/// `WEBHOOK-ID`: if a server lets header names with `_` through (nginx does not, unless
/// `underscores_in_headers` is on), two that differ are refused as duplicates.
class cgi_request {
public:
    /// A view of `environment`.
    explicit cgi_request(const char* const* environment) noexcept : environment_(environment) {}

    /// The value of the variable `name`; empty if there is none.
    [[nodiscard]] std::string_view variable(std::string_view name) const noexcept {
        for (const char* const* each = environment_; each && *each; ++each) {
            const std::string_view entry(*each);
            if (entry.size() > name.size() && entry[name.size()] == '=' &&
                entry.starts_with(name)) {
                return entry.substr(name.size() + 1);
            }
        }
        return {};
    }

    /// The request's method.
    [[nodiscard]] std::string_view method() const noexcept { return variable("REQUEST_METHOD"); }

    /// Path and query as the sender wrote them: `REQUEST_URI`, which is no part of the standard,
    /// but which nginx, Apache and lighttpd set. Empty elsewhere.
    [[nodiscard]] std::string_view target() const noexcept { return variable("REQUEST_URI"); }

    /// How many bytes the body has, as the server says; nothing where it does not say, or not in
    /// digits alone. What can be read may be less, if the server has gone.
    [[nodiscard]] std::optional<std::uint64_t> content_length() const noexcept {
        const std::string_view text = variable("CONTENT_LENGTH");
        const char* const end = text.data() + text.size();
        std::uint64_t length = 0;
        const auto [stopped, failed] = std::from_chars(text.data(), end, length);
        if (failed != std::errc() || stopped != end) return std::nullopt;
        return length;
    }

    /// Hands all headers to `sink`. Names are in upper case, and those of more than 128 bytes,
    /// which no scheme has, are left out.
    void operator()(header_sink sink) const {
        for (const char* const* each = environment_; each && *each; ++each) {
            const std::string_view entry(*each);
            const std::size_t equals = entry.find('=');
            if (equals == std::string_view::npos) continue;
            std::string_view name = entry.substr(0, equals);
            if (name.starts_with("HTTP_")) {
                name.remove_prefix(5);
            } else if (name != "CONTENT_TYPE" && name != "CONTENT_LENGTH") {
                continue;
            }
            char written[128];
            if (name.size() > sizeof written) continue;
            for (std::size_t i = 0; i < name.size(); ++i) {
                written[i] = name[i] == '_' ? '-' : name[i];
            }
            sink(std::string_view(written, name.size()), entry.substr(equals + 1));
        }
    }

private:
    const char* const* environment_;
};

}  // namespace webhookpp::adapters

#endif
