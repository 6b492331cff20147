// SPDX-License-Identifier: MIT
// The URL as a sender signs it: that of the endpoint, in the form that the scheme describes.
#ifndef WEBHOOKPP_DETAIL_SIGNED_URL_HPP
#define WEBHOOKPP_DETAIL_SIGNED_URL_HPP

#include <cstddef>
#include <string_view>

#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/detail/byte_buffer.hpp>
#include <webhookpp/scheme.hpp>

namespace webhookpp::detail {

/// A URL in the three parts that schemes treat differently.
struct url_parts {
    std::string_view authority;  ///< `https://host:port`
    std::string_view path;
    std::string_view query;  ///< with its question mark
};

[[nodiscard]] constexpr url_parts split_url(std::string_view url) noexcept {
    const std::size_t scheme = url.find("://");
    const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t path = url.find_first_of("/?", host);
    if (path == std::string_view::npos) return {url, {}, {}};
    const std::size_t query = url.find('?', path);
    if (query == std::string_view::npos) return {url.substr(0, path), url.substr(path), {}};
    return {url.substr(0, path), url.substr(path, query - path), url.substr(query)};
}

/// The default port of `authority` with its colon, `:443` or `:80`; empty for other schemes.
[[nodiscard]] constexpr std::string_view default_port(std::string_view authority) noexcept {
    if (authority.starts_with("https://")) return ":443";
    return authority.starts_with("http://") ? ":80" : "";
}

/// Whether `authority` has a port of its own, which no spelling leaves out.
[[nodiscard]] constexpr bool has_other_port(std::string_view authority) noexcept {
    const std::size_t host = authority.find("://");
    const std::size_t begin = host == std::string_view::npos ? 0 : host + 3;
    // The colons of an IPv6 address stand in brackets.
    const std::size_t colon = authority.rfind(':');
    const bool has_port = colon != std::string_view::npos && colon >= begin &&
                          authority.find(']', colon) == std::string_view::npos;
    return has_port && !authority.ends_with(default_port(authority));
}

/// Appends `text` to `out`, with those of `characters` as they are that it has percent-encoded.
/// Returns false when memory ran out.
template <std::size_t InPlace>
[[nodiscard]] bool append_with_decoded(byte_buffer<InPlace>& out, std::string_view text,
                                       std::string_view characters) noexcept {
    if (characters.empty()) return out.append(text);
    bool good = true;
    while (!text.empty() && good) {
        unsigned char byte[1] = {static_cast<unsigned char>(text.front())};
        const bool decoded =
            text.front() == '%' &&
            crypto::hex_decode(text.substr(1, 2), byte, crypto::hex_case::either) == 1 &&
            characters.find(static_cast<char>(byte[0])) != std::string_view::npos;
        good = out.append(decoded ? std::string_view(reinterpret_cast<char*>(byte), 1)
                                  : text.substr(0, 1));
        text.remove_prefix(decoded ? 3 : 1);
    }
    return good;
}

/// Appends the URL that is signed to `out`. `other_port`: with the default port where `url` has
/// none, without it where `url` has it. Returns false when memory ran out.
template <std::size_t InPlace>
[[nodiscard]] bool append_signed_url(byte_buffer<InPlace>& out, const url_source& form,
                                     std::string_view url, std::string_view target,
                                     bool other_port) noexcept {
    url_parts parts = split_url(url);
    if (form.query_of_request) {
        const std::size_t question = target.find('?');
        parts.query = question == std::string_view::npos ? "" : target.substr(question);
    }
    std::string_view port;
    if (other_port) {
        port = default_port(parts.authority);
        if (parts.authority.ends_with(port)) {
            parts.authority.remove_suffix(port.size());
            port = {};
        }
    }
    bool good = true;
    for (const std::string_view part : {parts.authority, port, parts.path, parts.query}) {
        good = good && append_with_decoded(out, part, form.decoded);
    }
    return good;
}

/// The value of the member `name` in the query of `target`, undecoded; empty if there is none, or
/// if there are two. An empty value is a missing one.
[[nodiscard]] constexpr std::string_view query_member(std::string_view target,
                                                      std::string_view name) noexcept {
    const std::size_t question = target.find('?');
    if (question == std::string_view::npos) return {};
    std::string_view found;
    for (std::string_view rest = target.substr(question + 1); !rest.empty();) {
        const std::string_view member = rest.substr(0, rest.find('&'));
        rest.remove_prefix(member.size() < rest.size() ? member.size() + 1 : rest.size());
        if (member.size() <= name.size() + 1 || !member.starts_with(name) ||
            member[name.size()] != '=') {
            continue;
        }
        if (!found.empty()) return {};
        found = member.substr(name.size() + 1);
    }
    return found;
}

}  // namespace webhookpp::detail

#endif
