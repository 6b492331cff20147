// SPDX-License-Identifier: MIT
// Other ways to read the text of a key than the one that its scheme prescribes.
#ifndef WEBHOOKPP_DETAIL_KEY_READINGS_HPP
#define WEBHOOKPP_DETAIL_KEY_READINGS_HPP

#include <cstddef>
#include <optional>
#include <string_view>

#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/key_text.hpp>
#include <webhookpp/explanation.hpp>

namespace webhookpp::detail {

/// What a text is read as; nothing if it cannot be read so.
using key_bytes = std::optional<crypto::secret_bytes>;

/// Another way to read the text of a key, and what it says about the sender if it is right.
struct key_reading {
    cause which;
    std::string_view evidence;
    key_bytes (*read)(std::string_view text);
};

/// What the HMAC key may be that a text stands for.
inline constexpr key_reading secret_readings[] = {
    {cause::key_form,
     "the signature was made with the text of the key, not with what it stands for",
     [](std::string_view text) -> key_bytes { return joined({}, without_surroundings(text)); }},
    {cause::key_form,
     "the signature was made with what the base64 of the key stands for, not with its text",
     [](std::string_view text) { return any_base64(without_surroundings(text)); }},
    {cause::key_form,
     "the signature was made with what the hex of the key stands for, not with its text",
     [](std::string_view text) { return any_hex(without_surroundings(text)); }},
    {cause::key_form,
     "the signature was made with what the base64 after the prefix of the key stands for",
     [](std::string_view text) { return any_base64(without_whsec(without_surroundings(text))); }},
    {cause::key_form, "the signature was made with the text after the prefix of the key",
     [](std::string_view text) -> key_bytes {
         return joined({}, without_whsec(without_surroundings(text)));
     }},
    {cause::key_form, "the signature was made with the text of the key with its prefix whsec_",
     [](std::string_view text) -> key_bytes {
         return joined("whsec_", without_whsec(without_surroundings(text)));
     }},
    {cause::key_form, "the signature was made with the base64 of the key as text",
     [](std::string_view text) -> key_bytes { return in_base64(without_surroundings(text)); }},
    {cause::key_form, "the signature was made with whsec_ and the base64 of the key as text",
     [](std::string_view text) -> key_bytes {
         const auto encoded = in_base64(without_surroundings(text));
         return joined("whsec_", encoded.text());
     }},
    {cause::key_form, "the signature was made with the hex of the key as text",
     [](std::string_view text) -> key_bytes { return in_hex(without_surroundings(text)); }},
    {cause::key_whitespace, "the sender signs with a line break (LF) at the end of the key",
     [](std::string_view text) -> key_bytes { return joined(text, "\n"); }},
    {cause::key_whitespace, "the sender signs with a line break (CRLF) at the end of the key",
     [](std::string_view text) -> key_bytes { return joined(text, "\r\n"); }},
    {cause::key_whitespace, "the sender signs with a space at the end of the key",
     [](std::string_view text) -> key_bytes { return joined(text, " "); }},
    {cause::key_whitespace, "the sender signs with a space before the key",
     [](std::string_view text) -> key_bytes { return joined(" ", text); }},
    {cause::key_whitespace,
     "the sender signs with the white space or the quotes that stand around the key",
     [](std::string_view text) -> key_bytes { return joined({}, text); }},
};

/// What the text of a token may have been meant to be.
inline constexpr key_reading token_readings[] = {
    {cause::key_form, "the token that was sent is the key without a word such as Bearer before it",
     [](std::string_view text) -> key_bytes {
         const std::size_t space = without_surroundings(text).rfind(' ');
         if (space == std::string_view::npos) return std::nullopt;
         return joined({}, without_surroundings(text).substr(space + 1));
     }},
    {cause::key_form, "the token that was sent is what the base64 of the key stands for",
     [](std::string_view text) { return any_base64(without_surroundings(text)); }},
    {cause::key_form, "the token that was sent is the base64 of the key",
     [](std::string_view text) -> key_bytes { return in_base64(without_surroundings(text)); }},
    {cause::key_form, "what was sent are the credentials that the base64 after Basic stands for",
     [](std::string_view text) {
         const auto trimmed = without_surroundings(text);
         return any_base64(trimmed.substr(trimmed.rfind(' ') + 1));
     }},
};

}  // namespace webhookpp::detail

#endif
