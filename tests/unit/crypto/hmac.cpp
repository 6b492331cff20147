// SPDX-License-Identifier: MIT
#include <webhookpp/crypto/hmac.hpp>

#include <array>
#include <span>
#include <string>
#include <vector>

#include "../../catch.hpp"

namespace wh = webhookpp;
namespace crypto = wh::crypto;

namespace {

std::string hex(crypto::bytes bytes) {
    std::string text;
    for (const unsigned char byte : bytes) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

std::string mac_of(const std::string& secret, const std::vector<std::string>& parts) {
    const auto key = crypto::hmac_key::create(crypto::as_bytes(secret)).value();
    std::vector<crypto::bytes> views;
    for (const auto& part : parts) views.push_back(crypto::as_bytes(part));
    std::array<unsigned char, crypto::sha256_size> mac{};
    const crypto::digest_context context;
    REQUIRE(key.compute(context, views, mac));
    return hex(mac);
}

}  // namespace

TEST_CASE("HMAC-SHA256 gives the published results") {
    // RFC 4231, cases 1, 2, 3, 6 and 7: short keys, and keys longer than a block.
    CHECK(mac_of(std::string(20, '\x0b'), {"Hi There"}) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(mac_of("Jefe", {"what do ya want for nothing?"}) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(mac_of(std::string(20, '\xaa'), {std::string(50, '\xdd')}) ==
          "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    CHECK(mac_of(std::string(131, '\xaa'),
                 {"Test Using Larger Than Block-Size Key - Hash Key First"}) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    CHECK(mac_of(std::string(131, '\xaa'),
                 {"This is a test using a larger than block-size key and a larger than block-size "
                  "data. The key needs to be hashed before being used by the HMAC algorithm."}) ==
          "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST_CASE("a message in parts has the MAC of the whole") {
    CHECK(mac_of("key", {"ab", "", "c", "def"}) == mac_of("key", {"abcdef"}));
    CHECK(mac_of("key", {}) == mac_of("key", {""}));
}

TEST_CASE("parts of any sizes have the MAC of the whole") {
    // Small parts are joined in 256 bytes before OpenSSL sees them.
    for (const std::size_t first : {0U, 1U, 43U, 255U, 256U, 257U}) {
        for (const std::size_t second : {0U, 1U, 213U, 255U, 256U, 257U, 5'000U}) {
            for (const std::size_t third : {0U, 1U, 255U, 256U, 257U}) {
                const std::vector<std::string> parts{
                    std::string(first, 'a'), std::string(second, 'b'), std::string(third, 'c')};
                INFO(first << ' ' << second << ' ' << third);
                CHECK(mac_of("key", parts) == mac_of("key", {parts[0] + parts[1] + parts[2]}));
            }
        }
    }
    // What is compared with is right itself: `openssl dgst -sha256 -hmac key`.
    CHECK(mac_of("key", {std::string(255, 'a'), std::string(257, 'b'), "c"}) ==
          "f504c0eda861bbe54cdd2ac5af73802b4177febc8ef2f12c50743b32c9c58812");
}

TEST_CASE("a context holds nothing of a key afterwards") {
    const auto key = crypto::hmac_key::create(crypto::as_bytes("key")).value();
    const crypto::bytes part = crypto::as_bytes("message");
    std::array<unsigned char, crypto::sha256_size> mac{};
    const crypto::digest_context context;
    REQUIRE(key.compute(context, std::span(&part, 1), mac));
    CHECK(EVP_MD_CTX_get0_md(context.get()) == nullptr);
}

TEST_CASE("a MAC without room is all zero") {
    const auto key = crypto::hmac_key::create(crypto::as_bytes("key")).value();
    const crypto::bytes part = crypto::as_bytes("message");
    std::array<unsigned char, crypto::sha256_size> memory{};
    memory.fill(0xFF);
    const auto room = std::span(memory).first(crypto::sha256_size - 1);
    CHECK_FALSE(key.compute(crypto::digest_context(), std::span(&part, 1), room));
    CHECK(hex(room) == std::string(2 * room.size(), '0'));
    CHECK(memory.back() == 0xFF);
}

TEST_CASE("a running MAC is given once, and is all zero without room") {
    const auto key = crypto::hmac_key::create(crypto::as_bytes("key")).value();
    const crypto::bytes prefix = crypto::as_bytes("one, ");
    const crypto::bytes rest = crypto::as_bytes("two");
    const std::string expected = mac_of("key", {"one, two"});
    const std::string nothing(expected.size(), '0');
    std::array<unsigned char, crypto::sha256_size> mac{};

    crypto::running_hmac running(key, std::span(&prefix, 1));
    CHECK(running.size() == mac.size());
    running.update(rest);
    REQUIRE(running.finish(mac));
    CHECK(hex(mac) == expected);
    CHECK_FALSE(running.finish(mac));
    CHECK(hex(mac) == nothing);

    crypto::running_hmac other(key, std::span(&prefix, 1));
    other.update(prefix);
    REQUIRE(other.compute(rest, mac));
    CHECK(hex(mac) == expected);
    const auto room = std::span(mac).first(mac.size() - 1);
    CHECK_FALSE(other.compute(rest, room));
    CHECK(hex(room) == nothing.substr(2));
    CHECK_FALSE(other.finish(mac));
    CHECK(hex(mac) == nothing);

    crypto::running_hmac without_room(key, std::span(&prefix, 1));
    mac.fill(0xFF);
    CHECK_FALSE(without_room.finish(room));
    CHECK(hex(room) == nothing.substr(2));
    CHECK(mac.back() == 0xFF);
}

TEST_CASE("a key of exactly a block is taken as it is, one of a byte more is hashed") {
    // `printf m | openssl dgst -sha256 -mac hmac -macopt key:kkk...`
    CHECK(mac_of(std::string(64, 'k'), {"m"}) ==
          "3b7a8d453e76edb519238a515105a57508d0f169f480ebeee120a9e7803289fa");
    CHECK(mac_of(std::string(65, 'k'), {"m"}) ==
          "c2d7d4c2256ddb097409ec0c67e1d58fa1a007fc6932cac0d892a525d08af7cc");
    const auto sha512_of = [](std::size_t size) {
        const std::string secret(size, 'k');
        const auto key =
            crypto::hmac_key::create(crypto::as_bytes(secret), crypto::hash::sha512).value();
        std::array<unsigned char, crypto::largest_hash_size> mac{};
        const crypto::bytes part = crypto::as_bytes("m");
        REQUIRE(key.compute(crypto::digest_context(), std::span(&part, 1), mac));
        return hex(mac);
    };
    CHECK(sha512_of(128) ==
          "9592ecd80ce4ede3e27656eda4ba50730bb9f3220571039ccd3970f290c3aed4"
          "5ae9ec0522d64471f8628a1a57e686d758a1881724e54a67a9f8868d425caa02");
    CHECK(sha512_of(129) ==
          "1a960aeb80731a01e1b88da7d4379138aed9e5778f86ca8d9b1fce9d1f5dea33"
          "ac12e8ff60126388cbbd55eae65f426e0aa2a3bbda1a5fc589f61c00a21fbc98");
}

TEST_CASE("an empty HMAC key cannot be made") {
    // Control: OpenSSL itself takes one, and then anybody can sign.
    std::array<unsigned char, crypto::sha256_size> mac{};
    std::size_t size = 0;
    EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    EVP_MAC_CTX* const context = EVP_MAC_CTX_new(hmac);
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0),
                                 OSSL_PARAM_construct_end()};
    CHECK(EVP_MAC_init(context, mac.data(), 0, params) == 1);
    CHECK(EVP_MAC_final(context, mac.data(), &size, mac.size()) == 1);
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(hmac);

    const auto key = crypto::hmac_key::create({});
    REQUIRE_FALSE(key);
    CHECK(key.error().code == wh::errc::empty_key);
}
