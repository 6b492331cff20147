// SPDX-License-Identifier: MIT
#include <webhookpp/crypto/ed25519.hpp>

#include <openssl/err.h>

#include <array>
#include <string>
#include <vector>

#include "../../catch.hpp"

namespace wh = webhookpp;
namespace crypto = wh::crypto;

namespace {

std::vector<unsigned char> from_hex(std::string_view text) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::vector<unsigned char> bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        bytes.push_back(static_cast<unsigned char>(digit(text[i]) * 16 + digit(text[i + 1])));
    }
    return bytes;
}

std::string zeros(std::size_t bytes) {
    return std::string(2 * bytes, '0');
}

// A number near p = 2^255 - 19 in little-endian order: all bytes ff but the first and the last.
std::vector<unsigned char> near_p(unsigned char first, unsigned char last) {
    std::vector<unsigned char> bytes(32, 0xff);
    bytes.front() = first;
    bytes.back() = last;
    return bytes;
}

// Whether OpenSSL, without our checks, accepts some message under an all-zero signature scalar with
// R set to `point`: what a key of small order allows anybody to forge.
bool openssl_accepts_a_forgery(const std::vector<unsigned char>& point) {
    EVP_PKEY* const key =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, point.data(), point.size());
    bool accepted = false;
    for (int r = 0; r < 4 && !accepted; ++r) {
        std::vector<unsigned char> signature(64);
        if (r == 0) signature[0] = 1;  // the identity
        if (r == 1) std::copy(point.begin(), point.end(), signature.begin());
        if (r == 2) signature[31] = 0x80;
        for (int i = 0; i < 200 && !accepted; ++i) {
            const std::string message = "forged " + std::to_string(i);
            EVP_MD_CTX* const context = EVP_MD_CTX_new();
            accepted = EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, key) == 1 &&
                       EVP_DigestVerify(context, signature.data(), signature.size(),
                                        reinterpret_cast<const unsigned char*>(message.data()),
                                        message.size()) == 1;
            EVP_MD_CTX_free(context);
        }
    }
    EVP_PKEY_free(key);
    return accepted;
}

}  // namespace

TEST_CASE("Ed25519 gives the published results") {
    // RFC 8032, section 7.1, test 2.
    const auto seed = from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    const auto point = from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const auto expected = from_hex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    const std::vector<unsigned char> message{0x72};

    const auto signer = crypto::ed25519_signing_key::create(seed).value();
    std::array<unsigned char, crypto::ed25519_signature_size> signature{};
    REQUIRE(signer.sign(message, signature));
    CHECK(std::equal(signature.begin(), signature.end(), expected.begin(), expected.end()));

    const auto key = crypto::ed25519_public_key::create(point).value();
    const crypto::digest_context context;
    CHECK(key.verify(context, message, signature));

    SECTION("and refuses another message, another signature, another length") {
        CHECK_FALSE(key.verify(context, std::vector<unsigned char>{0x73}, signature));
        CHECK_FALSE(key.verify(context, message, crypto::bytes(signature).first(63)));
        CHECK_FALSE(key.verify(context, message, {}));
        signature[40] ^= 1;
        CHECK_FALSE(key.verify(context, message, signature));
    }
    SECTION("and takes seed and public key together, if they belong together") {
        auto both = seed;
        both.insert(both.end(), point.begin(), point.end());
        CHECK(crypto::ed25519_signing_key::create(both));
        both.back() ^= 1;
        CHECK(crypto::ed25519_signing_key::create(both).error().code == wh::errc::key_wrong_length);
    }
}

TEST_CASE("public keys under which anybody can sign are refused") {
    const std::vector<unsigned char> points[] = {
        from_hex("01" + zeros(31)),
        from_hex(zeros(32)),
        from_hex(zeros(31) + "80"),
        near_p(0xec, 0x7f),
        from_hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        from_hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
        from_hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        from_hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
    };
    for (const auto& point : points) {
        INFO(int{point[0]} << " ... " << int{point[31]});
        CHECK(openssl_accepts_a_forgery(point));
        const auto key = crypto::ed25519_public_key::create(point);
        REQUIRE_FALSE(key);
        CHECK(key.error().code == wh::errc::key_weak);
    }
}

TEST_CASE("public keys that are not the one encoding of their point are refused") {
    // y from p on, and points of order 1 and 2 with a sign bit that means nothing.
    const std::vector<unsigned char> points[] = {
        near_p(0xed, 0x7f), near_p(0xee, 0x7f), near_p(0xff, 0x7f),
        near_p(0xff, 0xff), near_p(0xec, 0xff), from_hex("01" + zeros(30) + "80")};
    for (const auto& point : points) {
        INFO(int{point[0]} << " ... " << int{point[31]});
        const auto key = crypto::ed25519_public_key::create(point);
        REQUIRE_FALSE(key);
        CHECK(key.error().code == wh::errc::key_weak);
    }
    // p - 1 has order 2; the number below it is as good as any.
    CHECK(crypto::ed25519_public_key::create(near_p(0xeb, 0x7f)));
}

TEST_CASE("public keys whose number is near the largest that there can be are taken") {
    // 2^255 - 19 and above are no numbers of the field; those with one lower byte are.
    std::array<unsigned char, 32> point{};
    point.fill(0xff);
    for (const int sign : {0x00, 0x80}) {
        point[31] = static_cast<unsigned char>(0x7f | sign);
        for (const int lowest : {0xed, 0xee, 0xff}) {
            point[0] = static_cast<unsigned char>(lowest);
            CHECK(crypto::detail::is_weak_ed25519_point(point));
            for (std::size_t at = 1; at < 32; ++at) {
                auto other = point;
                other[at] = static_cast<unsigned char>(other[at] - 1);
                INFO(at);
                CHECK_FALSE(crypto::detail::is_weak_ed25519_point(other));
            }
        }
        point[0] = 0xeb;
        CHECK_FALSE(crypto::detail::is_weak_ed25519_point(point));
    }
}

TEST_CASE("OpenSSL's error queue is left as it was found") {
    ERR_clear_error();
    ERR_raise(ERR_LIB_USER, 7);
    const auto before = ERR_peek_last_error();
    CHECK_FALSE(crypto::ed25519_public_key::create(std::vector<unsigned char>(31, 5)));
    const auto key = crypto::ed25519_public_key::create(
        from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
    REQUIRE(key);
    const crypto::digest_context context;
    CHECK_FALSE(key->verify(context, {}, std::vector<unsigned char>(64, 0xff)));
    CHECK(ERR_peek_last_error() == before);
    ERR_clear_error();
    CHECK_FALSE(key->verify(context, {}, std::vector<unsigned char>(64, 0xff)));
    CHECK(ERR_peek_error() == 0);
}
