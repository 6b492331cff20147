// SPDX-License-Identifier: MIT
#include <webhookpp/crypto/base64.hpp>

#include <array>
#include <string>
#include <vector>

#include "../../catch.hpp"

namespace crypto = webhookpp::crypto;

namespace {

std::optional<std::string> decode(std::string_view text, std::size_t room = 100) {
    std::vector<unsigned char> out(room);
    const auto size = crypto::base64_decode(text, out);
    if (!size) return std::nullopt;
    return std::string(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(*size));
}

std::string encode(std::string_view bytes) {
    std::string text(crypto::base64_encoded_size(bytes.size()), '\0');
    crypto::base64_encode({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()},
                          text);
    return text;
}

}  // namespace

TEST_CASE("base64 gives the published examples") {
    // RFC 4648, section 10.
    const std::array<std::array<const char*, 2>, 7> table{{{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}}};
    for (const auto& [bytes, text] : table) {
        CHECK(encode(bytes) == text);
        CHECK(decode(text) == bytes);
    }
}

TEST_CASE("base64 round trips every byte at every position of a group") {
    for (int value = 0; value < 256; ++value) {
        for (std::size_t size = 1; size <= 4; ++size) {
            for (std::size_t at = 0; at < size; ++at) {
                std::string bytes(size, '\x5a');
                bytes[at] = static_cast<char>(value);
                CHECK(decode(encode(bytes)) == bytes);
            }
        }
    }
}

TEST_CASE("base64 has one spelling for each value") {
    for (const char* text :
         {"Zg=",   "Zg",     "Zg===", "Z===",   "====",         "=",         "Zm8",
          "Zm9v=", "Zm9vYg", "Zm 9v", "Zm9v\n", "Zm9v\r\n",     " Zm9v",     "Zm-v",
          "Zm_v",  "Zm9!",   "Zg=A",  "Z=g=",   "Zm9vZg==Zm9v", "Zm\xc3\xa9"}) {
        INFO(text);
        CHECK_FALSE(decode(text));
    }
    CHECK_FALSE(decode(std::string_view("Zm\0v", 4)));
}

TEST_CASE("base64 ends in the middle of no group, whatever follows in memory") {
    const std::string_view more = "Zm9vYmFyZm9vYmFy";
    for (std::size_t size = 1; size < more.size(); ++size) {
        if (size % 4 == 0) continue;
        CHECK_FALSE(decode(more.substr(0, size)));
        CHECK_FALSE(crypto::is_base64(more.substr(0, size)));
    }
}

TEST_CASE("base64 refuses unused bits that are not zero") {
    // Of the 16 and 4 last characters that decoders could take for the same byte, one is right.
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    int one_byte = 0;
    int two_bytes = 0;
    for (const char last : alphabet) {
        if (const auto bytes = decode(std::string("Z") + last + "=="); bytes) ++one_byte;
        if (const auto bytes = decode(std::string("Zm") + last + "="); bytes) ++two_bytes;
    }
    CHECK(one_byte == 4);
    CHECK(two_bytes == 16);
}

TEST_CASE("base64 never writes past the room it is given") {
    CHECK(decode("Zm9v", 3) == "foo");
    CHECK_FALSE(decode("Zm9v", 2));
    CHECK_FALSE(decode("Zm9vYg==", 3));
}

TEST_CASE("what is base64 can be told without decoding it") {
    for (const char* text :
         {"",     "Zg==",   "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmFy", "AAAA",     "A",
          "AA",   "AAA",    "AA=",  "Zh==", "Zm9=",     "Zg==Zg==", "Zm8=Zm9v", "====",
          "Z===", "Zm9v\n", "Zm-v", "Zm_v", "Zm9v====", "Zm9vZm9!", "Z=9v"}) {
        INFO(text);
        CHECK(crypto::is_base64(text) == decode(text).has_value());
    }
}
