// SPDX-License-Identifier: MIT
// Hex and base64: one spelling for each value, and the bytes that a slow decoder finds.
#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/crypto/base64url.hpp>
#include <webhookpp/crypto/hex.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../reference/encodings.hpp"
#include "harness.hpp"

namespace wh = webhookpp;

namespace {

using decoder = std::optional<std::size_t> (*)(std::string_view, std::span<unsigned char>);

// What `decode` finds, with just as much room as `size` bytes need.
std::optional<std::string> decoded(decoder decode, std::string_view text, std::size_t size) {
    std::vector<unsigned char> out(size);
    const auto found = decode(text, out);
    if (!found) return std::nullopt;
    fuzz::require(*found <= size, "more is decoded than there is room for");
    return std::string(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(*found));
}

void check_decoder(decoder decode, std::string_view text,
                   const std::optional<std::string>& expected) {
    fuzz::require(decoded(decode, text, text.size()) == expected,
                  "other bytes are decoded, or a text is taken that is not canonical");
    if (!expected) return;
    fuzz::require(decoded(decode, text, expected->size()) == expected,
                  "what fits just so is not decoded");
    if (expected->empty()) return;
    fuzz::require(!decoded(decode, text, expected->size() - 1), "too little room is enough");
}

std::optional<std::size_t> decode_base64(std::string_view text, std::span<unsigned char> out) {
    std::string shown(text);
    while (fuzz::is_planted("padding_added") && shown.size() % 4 != 0) shown += '=';
    if (fuzz::is_planted("url_characters_in_base64")) {
        std::replace(shown.begin(), shown.end(), '-', '+');
        std::replace(shown.begin(), shown.end(), '_', '/');
    }
    return wh::crypto::base64_decode(shown, out);
}

std::optional<std::size_t> decode_base64url(std::string_view text, std::span<unsigned char> out) {
    while (fuzz::is_planted("padding_in_base64url") && text.ends_with('=')) text.remove_suffix(1);
    return wh::crypto::base64url_decode(text, out);
}

std::optional<std::size_t> decode_hex(std::string_view text, std::span<unsigned char> out) {
    std::string shown(text);
    if (fuzz::is_planted("blanks_in_hex")) std::erase(shown, ' ');
    return wh::crypto::hex_decode(shown, out);
}

template <class Encode>
std::string encoded(fuzz::input bytes, Encode encode) {
    std::string text(2 * bytes.size() + 4, '\0');
    text.resize(encode(bytes, text));
    if (fuzz::is_planted("base64_without_padding")) std::erase(text, '=');
    return text;
}

}  // namespace

std::vector<std::string_view> fuzz::faults() {
    return {"padding_added", "url_characters_in_base64", "padding_in_base64url",
            "blanks_in_hex", "base64_without_padding",   "base64_by_its_length"};
}

void fuzz::try_input(input bytes) {
    const std::string_view text = text_of(bytes);
    check_decoder(&decode_base64, text, reference::from_base64(text));
    check_decoder(&decode_base64url, text, reference::from_base64url(text));
    check_decoder(&decode_hex, text, reference::from_hex(text));
    const bool is_base64 =
        is_planted("base64_by_its_length") ? text.size() % 4 == 0 : wh::crypto::is_base64(text);
    require(is_base64 == reference::from_base64(text).has_value(),
            "is_base64 has another answer than decoding");

    require(encoded(bytes,
                    [](auto from, auto& to) {
                        wh::crypto::base64_encode(from, to);
                        return wh::crypto::base64_encoded_size(from.size());
                    }) == reference::to_base64(text),
            "base64 is encoded in another way");
    require(encoded(bytes,
                    [](auto from, auto& to) { return wh::crypto::base64url_encode(from, to); }) ==
                reference::to_base64url(text),
            "base64url is encoded in another way");
    require(encoded(bytes,
                    [](auto from, auto& to) {
                        wh::crypto::hex_encode(from, to);
                        return 2 * from.size();
                    }) == reference::to_hex(text),
            "hex is encoded in another way");
}
