// SPDX-License-Identifier: MIT
#include <webhookpp/crypto/hex.hpp>

#include <array>
#include <string>
#include <vector>

#include "../../catch.hpp"

namespace crypto = webhookpp::crypto;
using crypto::hex_case;

namespace {

std::optional<std::string> decode(std::string_view text, hex_case letters = hex_case::lower,
                                  std::size_t room = 100) {
    std::vector<unsigned char> out(room);
    const auto size = crypto::hex_decode(text, out, letters);
    if (!size) return std::nullopt;
    return std::string(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(*size));
}

std::string encode(std::string_view bytes) {
    std::string text(2 * bytes.size(), '\0');
    crypto::hex_encode({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, text);
    return text;
}

}  // namespace

TEST_CASE("hex gives the published examples") {
    // RFC 4648, section 10, in lower case.
    const std::array<std::array<const char*, 2>, 7> table{{{"", ""},
                                                           {"f", "66"},
                                                           {"fo", "666f"},
                                                           {"foo", "666f6f"},
                                                           {"foob", "666f6f62"},
                                                           {"fooba", "666f6f6261"},
                                                           {"foobar", "666f6f626172"}}};
    for (const auto& [bytes, text] : table) {
        CHECK(encode(bytes) == text);
        CHECK(decode(text) == bytes);
    }
    CHECK(decode("666F6F626172", hex_case::either) == "foobar");
}

TEST_CASE("hex round trips every byte") {
    for (int value = 0; value < 256; ++value) {
        const std::string byte(1, static_cast<char>(value));
        CHECK(decode(encode(byte)) == byte);
    }
}

TEST_CASE("hex has one spelling unless it may have two") {
    CHECK_FALSE(decode("6F"));
    CHECK_FALSE(decode("F6"));
    CHECK(decode("6F", hex_case::either) == "o");
    CHECK(decode("6f", hex_case::either) == "o");
    for (int value = 0; value < 256; ++value) {
        const char c = static_cast<char>(value);
        const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        const bool upper = c >= 'A' && c <= 'F';
        CHECK(decode(std::string("0") + c).has_value() == digit);
        CHECK(decode(c + std::string("0")).has_value() == digit);
        CHECK(decode(std::string("0") + c, hex_case::either).has_value() == (digit || upper));
        CHECK(decode(c + std::string("0"), hex_case::either).has_value() == (digit || upper));
    }
}

TEST_CASE("hex has an even number of digits and nothing else") {
    for (const char* text : {"6", "666", "0x66", "66 6f", " 66", "66\n", "6-", "+6", "g0"}) {
        INFO(text);
        CHECK_FALSE(decode(text));
        CHECK_FALSE(decode(text, hex_case::either));
    }
    CHECK_FALSE(decode(std::string_view("6\0", 2)));
}

TEST_CASE("hex never writes past the room it is given") {
    CHECK(decode("666f", hex_case::lower, 2) == "fo");
    CHECK_FALSE(decode("666f6f", hex_case::lower, 2));
    CHECK(decode("", hex_case::lower, 0) == "");
}
