// SPDX-License-Identifier: MIT
// The URL of an endpoint, as a program is configured with it.
#ifndef WEBHOOKPP_DETAIL_ENDPOINT_URL_HPP
#define WEBHOOKPP_DETAIL_ENDPOINT_URL_HPP

#include <initializer_list>
#include <string_view>

#include <webhookpp/result.hpp>

namespace webhookpp::detail {

/// Whether `url` may be the URL of an endpoint: http or https, and neither white space nor control
/// characters. It is signed byte by byte, so nothing of it is changed. The error, `invalid_url`,
/// does not show it, since there may be a token in it.
[[nodiscard]] inline result<void> check_endpoint_url(std::string_view url) {
    if (url.empty()) {
        return unexpected(errc::invalid_url,
                          "the scheme needs the URL of the endpoint: set .url to it, exactly as it "
                          "is registered with the sender");
    }
    for (const char c : url) {
        if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') {
            return unexpected(errc::invalid_url,
                              "there is white space or a control character in the .url");
        }
    }
    for (const std::string_view start :
         {std::string_view("https://"), std::string_view("http://")}) {
        if (url.starts_with(start) && url.size() > start.size()) return {};
    }
    return unexpected(errc::invalid_url,
                      "the .url is the whole one and starts with https:// or http://");
}

}  // namespace webhookpp::detail

#endif
