// SPDX-License-Identifier: MIT
// What is wrong with the text of a key, in words for whoever configures it. None shows any of it.
#ifndef WEBHOOKPP_DETAIL_KEY_MISTAKE_HPP
#define WEBHOOKPP_DETAIL_KEY_MISTAKE_HPP

#include <string_view>

#include <webhookpp/crypto/key_form.hpp>
#include <webhookpp/crypto/secret_text.hpp>

namespace webhookpp::detail {

/// Why `text` is no key in `form`, whatever it stands for; empty if it may be one.
[[nodiscard]] inline std::string_view mistake_in_form(key_form form,
                                                      std::string_view text) noexcept {
    if (form == key_form::token && !crypto::is_visible_ascii_secret(text)) {
        return "a token has only visible ASCII characters: no other can be sent in a header";
    }
    if (form == key_form::url_token && !crypto::is_unreserved_secret(text)) {
        return "a token in a URL has only letters, digits and - . _ ~: others may be "
               "percent-encoded on the way";
    }
    if (form == key_form::url_token && (text == "." || text == "..")) {
        return "a token of one or two dots never arrives, since clients take such segments "
               "out of paths: choose another";
    }
    if (form == key_form::credentials && text.find(':') == std::string_view::npos) {
        return "credentials are written user:password, and there is no colon";
    }
    if (form == key_form::credentials && text == ":") {
        return "credentials are written user:password, and both are empty";
    }
    return {};
}

/// Why `text` is none of Standard Webhooks with the prefix that is wanted, which it has not.
[[nodiscard]] inline std::string_view mistake_in_prefix(std::string_view text) noexcept {
    const auto looks_like = [text](std::string_view start) { return text.starts_with(start); };
    if (looks_like("v1,whsec_")) return "looks like `v1,whsec_`: strip the `v1,`";
    if (looks_like("whpk_")) return "this is a public key (whpk_), not a secret";
    if (looks_like("whsk_")) return "this is a signing key (whsk_): it belongs to the sender";
    if (looks_like("whsec_")) return "this is a shared secret (whsec_)";
    if (looks_like("WHSEC_") || looks_like("WHPK_") || looks_like("WHSK_")) {
        return "the prefix is written in lower case";
    }
    if (looks_like("-----BEGIN")) {
        return "this is PEM: a secret starts with whsec_, a public key with whpk_";
    }
    return "a secret starts with whsec_, a public key with whpk_";
}

/// Why `text` is no base64, which it is not.
[[nodiscard]] inline std::string_view mistake_in_base64(std::string_view text) noexcept {
    if (text.find_first_of("-_") != std::string_view::npos) {
        return "url-safe base64: the standard alphabet has + and / in place of - and _";
    }
    if (text.find_first_of(" \t\r\n") != std::string_view::npos) {
        return "white space within the base64";
    }
    if (text.size() % 4 != 0) return "the base64 is cut off, or its padding (=) is missing";
    return "not canonical base64";
}

}  // namespace webhookpp::detail

#endif
