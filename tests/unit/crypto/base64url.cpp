// SPDX-License-Identifier: MIT
#include <webhookpp/crypto/base64url.hpp>

#include <array>
#include <string>
#include <vector>

#include "../../catch.hpp"

namespace crypto = webhookpp::crypto;

namespace {

std::optional<std::string> decode(std::string_view text, std::size_t room = 100) {
    std::vector<unsigned char> out(room);
    const auto size = crypto::base64url_decode(text, out);
    if (!size) return std::nullopt;
    return std::string(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(*size));
}

std::string encode(std::string_view bytes) {
    std::string text(crypto::base64_encoded_size(bytes.size()), '\0');
    text.resize(crypto::base64url_encode(
        {reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, text));
    return text;
}

}  // namespace

TEST_CASE("base64url gives the published examples") {
    // RFC 4648, section 10, without padding; the last two have the characters of section 5.
    const std::array<std::array<const char*, 2>, 9> table{{{"", ""},
                                                           {"f", "Zg"},
                                                           {"fo", "Zm8"},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg"},
                                                           {"fooba", "Zm9vYmE"},
                                                           {"foobar", "Zm9vYmFy"},
                                                           {"\xfb\xef\xbe", "----"},
                                                           {"\xff\xff\xff", "____"}}};
    for (const auto& [bytes, text] : table) {
        CHECK(encode(bytes) == text);
        CHECK(decode(text) == bytes);
    }
}

TEST_CASE("base64url round trips every byte at every position of a group") {
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

TEST_CASE("base64url has one spelling for each value") {
    for (const char* text : {"Zg==", "Zg=", "Zm8=", "Z", "Zm9vY", "Zm+v", "Zm/v", "Zm 9v", "Zm9v\n",
                             "=", "====", "Zm9!", "Zg=A", "Zm\xc3\xa9", "Zh", "Zm9", "Zm9vZh"}) {
        INFO(text);
        CHECK_FALSE(decode(text));
    }
    CHECK_FALSE(decode(std::string_view("Zm\0v", 4)));
}

TEST_CASE("base64url refuses unused bits that are not zero") {
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int one_byte = 0;
    int two_bytes = 0;
    for (const char last : alphabet) {
        one_byte += decode(std::string("Z") + last) ? 1 : 0;
        two_bytes += decode(std::string("Zm") + last) ? 1 : 0;
    }
    CHECK(one_byte == 4);
    CHECK(two_bytes == 16);
}

TEST_CASE("base64url never writes past the room it is given") {
    CHECK(decode("Zm9v", 3) == "foo");
    CHECK_FALSE(decode("Zm9v", 2));
    CHECK_FALSE(decode("Zm9vYg", 3));
}
