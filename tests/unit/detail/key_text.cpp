// SPDX-License-Identifier: MIT
#include <webhookpp/detail/key_text.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "../../catch.hpp"

using namespace webhookpp::detail;

namespace {

std::optional<std::string> text_of(const std::optional<webhookpp::crypto::secret_bytes>& bytes) {
    return bytes ? std::optional(std::string(bytes->text())) : std::nullopt;
}

}  // namespace

TEST_CASE("what files, environments and web pages put around a key is taken away") {
    for (const std::string& around :
         {std::string("key"), std::string(" \t\r\n\v\fkey\f\v\n\r\t "), std::string("\0key\0", 5),
          std::string("\xef\xbb\xbfkey\xef\xbb\xbf"), std::string("\xc2\xa0key\xc2\xa0"),
          std::string("\xe2\x80\x8bkey\xe2\x80\x8b"), std::string("key\\n"),
          std::string("key\\r\\n"), std::string("\"key\""), std::string("'key'"),
          std::string("`key`"), std::string("\xef\xbb\xbf \"' key\\n' \" \n")}) {
        INFO(around);
        CHECK(without_surroundings(around) == "key");
    }
    // These may belong to the key.
    for (const char* text : {"\"key'", "\"key", "key\"", "\\nkey", "k e y", "(key)"}) {
        CHECK(without_surroundings(text) == text);
    }
    CHECK(without_surroundings("\"").size() == 1);
    for (const char* text : {"", " ", "\"\"", " '' "}) CHECK(without_surroundings(text).empty());
}

TEST_CASE("base64 is read in either alphabet, with padding or without") {
    for (const char* text : {"+/8A", "-_8A", "+_8A"}) {
        CHECK(text_of(any_base64(text)) == std::string("\xfb\xff\0", 3));
    }
    for (const char* text : {"Zm9vYg==", "Zm9vYg=", "Zm9vYg"}) {
        CHECK(text_of(any_base64(text)) == "foob");
    }
    for (const char* text : {"Zm9vYmE=", "Zm9vYmE"}) CHECK(text_of(any_base64(text)) == "fooba");
    CHECK(text_of(any_base64("Zg")) == "f");
    for (const char* text : {"", "=", "A", "Zm9vY", "Zm9!", "Zm 9v", "Zh"}) {
        INFO(text);
        CHECK_FALSE(any_base64(text));
    }
}

TEST_CASE("hex is read in either case") {
    CHECK(text_of(any_hex("6b")) == "k");
    CHECK(text_of(any_hex("6B4f")) == "kO");
    for (const char* text : {"", "6", "6b4", "6g", "0x6b"}) CHECK_FALSE(any_hex(text));
}

TEST_CASE("bytes are written as text, and texts put together") {
    CHECK(in_hex("k\xff").text() == "6bff");
    CHECK(in_base64("foob").text() == "Zm9vYg==");
    CHECK(joined("a", "bc").text() == "abc");
    CHECK(joined("", "").text().empty());
}

TEST_CASE("the prefix of a shared secret is taken away") {
    CHECK(without_whsec("v1,whsec_key") == "key");
    CHECK(without_whsec("whsec_key") == "key");
    CHECK(without_whsec("v1,key") == "key");
    CHECK(without_whsec("key") == "key");
}

TEST_CASE("a PEM file has its key between its first and its last line") {
    for (const char* text :
         {"-----BEGIN PUBLIC KEY-----\nMFkw\nEwYH\n-----END PUBLIC KEY-----\n",
          "-----BEGIN PUBLIC KEY-----\r\nMFkw\r\nEwYH\r\n-----END PUBLIC KEY-----",
          "-----BEGIN PUBLIC KEY----- MFkw EwYH -----END PUBLIC KEY-----",
          "-----BEGIN PUBLIC KEY-----MFkwEwYH"}) {
        INFO(text);
        CHECK(without_pem(text).text() == "MFkwEwYH");
    }
    for (const char* text :
         {"", "MFkwEwYH", "--------", "x-----BEGIN-----MFkwEwYH", "-----BEGIN PUBLIC KEY"}) {
        CHECK(without_pem(text).text().empty());
    }
}
