// SPDX-License-Identifier: MIT
#include <webhookpp/crypto/ecdsa.hpp>

#include <openssl/err.h>
#include <openssl/x509.h>

#include <string>
#include <vector>

#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/crypto/hex.hpp>

#include "../../catch.hpp"
#include "../../scheme_keys.hpp"

namespace wh = webhookpp;
namespace crypto = wh::crypto;

namespace {

using buffer = std::vector<unsigned char>;

buffer from_base64(std::string_view text) {
    buffer bytes(text.size());
    const auto size = crypto::base64_decode(text, bytes);
    REQUIRE(size);
    bytes.resize(*size);
    return bytes;
}

const std::string message(golden::body);

bool accepts(const buffer& signature, std::string_view of = message) {
    const auto key =
        crypto::ecdsa_p256_public_key::create(from_base64(golden::p256_public_key)).value();
    return key.verify(crypto::digest_context(), crypto::as_bytes(of), signature);
}

// Made with `openssl dgst -sha256 -sign key.der -keyform DER body`.
constexpr const char* by_openssl[] = {
    "MEUCICaRsFwqLehco3Xdq8k87ePeDdgTUJpbFs/toU6yGE9VAiEAng9qPCiadiwMEk9NLW1OXcyz1qQI08VQ6XH9xOv8k"
    "pY=",
    "MEUCIGiUuX6PeGRCKaSPiRMpzR7uVmwtG2UWKqLtA23/R3H8AiEA+PSRNa1jJ5USev6Oti2cUFe02OxuwbarjbGoYuT1d"
    "Ho=",
    "MEQCIEAni/q7w125Ah+xrBZ3qcjGpErIFGRqQJUhhMZ8LGdmAiAuRiS1svevNexjBcVqrGvvDUxX/uShZTiQSXak08/t5"
    "g==",
};

}  // namespace

TEST_CASE("signatures by openssl are accepted, and no bit of them is another's") {
    for (const char* text : by_openssl) {
        buffer signature = from_base64(text);
        CHECK(accepts(signature));
        CHECK_FALSE(accepts(signature, message + " "));
        for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit) {
            signature[bit / 8] = static_cast<unsigned char>(signature[bit / 8] ^ 1U << bit % 8);
            CHECK_FALSE(accepts(signature));
            signature[bit / 8] = static_cast<unsigned char>(signature[bit / 8] ^ 1U << bit % 8);
        }
    }
}

TEST_CASE("a signature is one sequence in DER") {
    const buffer signature = from_base64(by_openssl[2]);
    CHECK_FALSE(accepts({}));
    for (std::size_t size = 1; size < signature.size(); ++size) {
        CHECK_FALSE(accepts({signature.begin(), signature.begin() + static_cast<long>(size)}));
    }
    buffer longer = signature;
    longer.push_back(0);
    CHECK_FALSE(accepts(longer));
    // The same numbers in BER: a length in two bytes, and a number with a needless zero.
    buffer long_form = signature;
    long_form.insert(long_form.begin() + 1, 0x81);
    CHECK_FALSE(accepts(long_form));
    buffer padded = signature;
    padded[1] = static_cast<unsigned char>(padded[1] + 1);
    padded[3] = static_cast<unsigned char>(padded[3] + 1);
    padded.insert(padded.begin() + 4, 0);
    CHECK_FALSE(accepts(padded));
    // Numbers of zero, with which broken libraries are content: CVE-2022-21449.
    CHECK_FALSE(accepts({0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00}));
    CHECK_FALSE(accepts({0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x00}));
}

TEST_CASE("what is signed is accepted, by this library and its own key only") {
    const auto signer =
        crypto::ecdsa_p256_signing_key::create(from_base64(golden::p256_signing_key)).value();
    for (const std::string& text : {std::string(), std::string("x"), std::string(100'000, '\0')}) {
        buffer signature(crypto::ecdsa_p256_signature_limit);
        const std::size_t size =
            signer.sign(crypto::as_bytes(text),
                        std::span(signature).first<crypto::ecdsa_p256_signature_limit>());
        REQUIRE(size > 0);
        signature.resize(size);
        CHECK(accepts(signature, text));
        CHECK_FALSE(accepts(signature, text + "x"));
    }
}

TEST_CASE("only public keys on P-256 are public keys") {
    const auto refused = [](const buffer& der) {
        const auto made = crypto::ecdsa_p256_public_key::create(der);
        return made ? std::nullopt : std::optional(made.error().code);
    };
    const buffer genuine = from_base64(golden::p256_public_key);
    CHECK_FALSE(refused(genuine));
    CHECK(refused({}) == wh::errc::key_bad_encoding);
    buffer longer = genuine;
    longer.push_back(0);
    CHECK(refused(longer) == wh::errc::key_bad_encoding);
    buffer off_curve = genuine;
    off_curve.back() ^= 1;
    CHECK(refused(off_curve) == wh::errc::key_bad_encoding);
    CHECK(refused(from_base64(golden::p256_signing_key)) == wh::errc::key_bad_encoding);
    // P-384, secp256k1, Ed25519.
    for (const char* other :
         {"MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEdaS3l6gNw8PrUbYdQsWkApWI5euzPcNwAxdmeqduqkBLoHqs2970Rm7s"
          "owlDohrZ+vlraFWaVMAnxcM9WlRsHUilKGb/XqR5clBdfY6H/xug0hKST1g/rv9Saw1h7rkY",
          "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEgZoUHHf+rB2C4v2UmmxdJn6CD2ZmTN8O/M3I4lCNwTD5niEMeDQx/JPX"
          "3bRozEJ1Flzu5hura0V1BLacN4KW9Q==",
          "MCowBQYDK2VwAyEA1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="}) {
        CHECK(refused(from_base64(other)) == wh::errc::key_bad_encoding);
    }
}

TEST_CASE("the public key under which anybody can sign is refused") {
    // The point at infinity. Under it the x of G and the hash are a signature.
    const buffer infinity{0x30, 0x19, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                          0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                          0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x02, 0x00, 0x00};
    buffer forged{0x30, 0x44, 0x02, 0x20};
    const buffer x = [] {
        buffer bytes(32);
        CHECK(crypto::hex_decode("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
                                 bytes) == 32U);
        return bytes;
    }();
    forged.insert(forged.end(), x.begin(), x.end());
    forged.insert(forged.end(), {0x02, 0x20});
    unsigned char hash[crypto::sha256_size];
    // A message whose hash needs no zero before it in DER.
    std::string text = "forged";
    do {
        text += '.';
        REQUIRE(crypto::sha256(crypto::digest_context(), crypto::as_bytes(text), hash));
    } while (hash[0] == 0 || hash[0] >= 0x80);
    forged.insert(forged.end(), std::begin(hash), std::end(hash));

    const unsigned char* at = infinity.data();
    const crypto::pkey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(infinity.size())));
    if (key.get() != nullptr) {  // this version of OpenSSL reads it, and accepts the forgery
        const crypto::digest_context context;
        CHECK(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1);
        CHECK(EVP_DigestVerify(context.get(), forged.data(), forged.size(),
                               crypto::as_bytes(text).data(), text.size()) == 1);
    }
    const auto made = crypto::ecdsa_p256_public_key::create(infinity);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == (key.get() ? wh::errc::key_weak : wh::errc::key_bad_encoding));
}

TEST_CASE("only private keys on P-256 sign") {
    const auto refused = [](const buffer& der) {
        return !crypto::ecdsa_p256_signing_key::create(der).has_value();
    };
    const buffer genuine = from_base64(golden::p256_signing_key);
    CHECK_FALSE(refused(genuine));
    CHECK(refused({}));
    CHECK(refused(from_base64(golden::p256_public_key)));
    CHECK(refused({genuine.begin(), genuine.end() - 1}));
    buffer longer = genuine;
    longer.push_back(0);
    CHECK(refused(longer));
    // secp256k1.
    CHECK(refused(
        from_base64("MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgID8WJc8zEzIg2zoUoMyy+"
                    "Ri1kZt2tFFlzLjHyF2E1IGhRAN"
                    "CAASBmhQcd/6sHYLi/"
                    "ZSabF0mfoIPZmZM3w78zcjiUI3BMPmeIQx4NDH8k9fdtGjMQnUWXO7mG6trRXUEtpw3gpb1")));
}

TEST_CASE("ECDSA leaves OpenSSL's error queue as it was") {
    ERR_clear_error();
    CHECK_FALSE(crypto::ecdsa_p256_public_key::create(buffer(91, 5)));
    CHECK_FALSE(crypto::ecdsa_p256_signing_key::create(buffer(91, 5)));
    CHECK_FALSE(accepts(buffer(70, 5)));
    CHECK(ERR_peek_error() == 0);
}
