// SPDX-License-Identifier: MIT
#include <webhookpp/crypto/secret_text.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/detail/characters.hpp>

#include "../../catch.hpp"

namespace wh = webhookpp;
namespace crypto = wh::crypto;

namespace {

using room = std::array<unsigned char, 12>;

// What a decoder makes of a text: its bytes, or nothing.
template <class Decode>
std::optional<std::string> decoded(Decode decode, std::string_view text, std::size_t most) {
    room out{};
    const auto size = decode(text, std::span(out).first(most));
    if (!size) return std::nullopt;
    return std::string(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(*size));
}

bool same_base64(std::string_view text, std::size_t most = 12) {
    return decoded(crypto::base64_decode_secret, text, most) ==
           decoded([](auto in, auto out) { return crypto::base64_decode(in, out); }, text, most);
}
bool same_hex(std::string_view text, std::size_t most = 12) {
    const auto either = [](auto in, auto out) {
        return crypto::hex_decode(in, out, crypto::hex_case::either);
    };
    return decoded(crypto::hex_decode_secret, text, most) == decoded(either, text, most);
}

// Calls `check` with `text` and each text that differs from it in one character.
template <class Check>
void for_each_neighbour(std::string text, Check check) {
    check(text);
    for (char& place : text) {
        const char before = place;
        for (int c = 0; c < 256; ++c) {
            place = static_cast<char>(c);
            check(text);
        }
        place = before;
    }
}

}  // namespace

TEST_CASE("a secret in base64 is decoded as any base64") {
    CHECK(decoded(crypto::base64_decode_secret, "Zm9vYmE=", 5) == "fooba");
    int differing = 0;
    for (const char* text : {"Zm9vYmFyLys+", "++//++//", "Zm9vYmE=", "Zm9vYg==", "====", "A===",
                             "=AAA", "AA=A", "AAA", "A", "", "AA==AA==", "AB==", "AAB="}) {
        for_each_neighbour(text, [&](std::string_view each) {
            for (const std::size_t most : {0U, 2U, 3U, 4U, 5U, 6U, 12U}) {
                differing += same_base64(each, most) ? 0 : 1;
            }
        });
    }
    CHECK(differing == 0);
}

TEST_CASE("a secret in hex is decoded as any hex in either case") {
    CHECK(decoded(crypto::hex_decode_secret, "00fFa9", 3) == std::string("\x00\xff\xa9", 3));
    int differing = 0;
    for (const char* text : {"0123456789abcdefABCDEF", "00", "0", "", "000"}) {
        for_each_neighbour(text, [&](std::string_view each) {
            for (const std::size_t most : {0U, 1U, 10U, 11U, 12U}) {
                differing += same_hex(each, most) ? 0 : 1;
            }
        });
    }
    CHECK(differing == 0);
}

TEST_CASE("a secret of odd length is no hex, whatever follows in memory") {
    std::array<unsigned char, 8> out{};
    for (const std::size_t size : {1U, 3U, 5U}) {
        CHECK_FALSE(crypto::hex_decode_secret(std::string_view("0123456789").substr(0, size), out));
    }
}

TEST_CASE("the characters of a secret are those of any text") {
    int differing = 0;
    for (const char* text : {"", "a", "a-._~Z09", "a b", "!~"}) {
        for_each_neighbour(text, [&](std::string_view each) {
            differing +=
                crypto::is_visible_ascii_secret(each) == wh::detail::is_visible_ascii(each) ? 0 : 1;
            differing +=
                crypto::is_unreserved_secret(each) == wh::detail::is_unreserved(each) ? 0 : 1;
        });
    }
    CHECK(differing == 0);
}

TEST_CASE("beginning and end of a secret are those of any text") {
    const std::string_view secret = "whsec_abc";
    for (std::size_t size = 0; size <= secret.size(); ++size) {
        CHECK(crypto::starts_with(secret, secret.substr(0, size)));
        CHECK(crypto::ends_with(secret, secret.substr(secret.size() - size)));
    }
    CHECK_FALSE(crypto::starts_with(secret, "whsec-"));
    CHECK_FALSE(crypto::starts_with(secret, "whsec_abcd"));
    CHECK_FALSE(crypto::ends_with(secret, "bd"));
    CHECK_FALSE(crypto::ends_with(secret, "xwhsec_abc"));
    CHECK_FALSE(crypto::ends_with("", "x"));
}
