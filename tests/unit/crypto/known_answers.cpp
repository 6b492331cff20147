// SPDX-License-Identifier: MIT
// Signatures with known verdicts: those of Project Wycheproof, NIST and RFCs, and others made from
// rules. Each is given to the keys of this library, and to a verifier as a delivery.
#include <array>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>
#include <webhookpp/any_verifier.hpp>
#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/crypto/ecdsa.hpp>
#include <webhookpp/crypto/ed25519.hpp>
#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/crypto/hmac.hpp>

#include "../../catch.hpp"
#include "../../golden.hpp"

namespace wh = webhookpp;
namespace crypto = wh::crypto;
using nlohmann::json;

namespace {

using buffer = std::vector<unsigned char>;

buffer from_hex(const std::string& text) {
    buffer bytes(text.size() / 2);
    REQUIRE(crypto::hex_decode(text, bytes) == bytes.size());
    return bytes;
}

std::string to_base64(const buffer& bytes) {
    std::string text(crypto::base64_encoded_size(bytes.size()), '\0');
    crypto::base64_encode(bytes, text);
    return text;
}

// Deliveries whose body alone is signed, in hex; with public keys in base64.
constexpr wh::scheme signed_by(wh::algorithm way, wh::key_form form) {
    using namespace wh::schemes;
    return wh::scheme{.name = "known_answers",
                      .algorithm = way,
                      .key = form,
                      .content = {body},
                      .signature = {.header = "X-Signature", .encoding = hex}};
}
constexpr wh::scheme by_sha1 = signed_by(wh::algorithm::hmac_sha1, wh::key_form::hex);
constexpr wh::scheme by_sha256 = signed_by(wh::algorithm::hmac_sha256, wh::key_form::hex);
constexpr wh::scheme by_sha512 = signed_by(wh::algorithm::hmac_sha512, wh::key_form::hex);
constexpr wh::scheme by_ed25519 = signed_by(wh::algorithm::ed25519, wh::key_form::ed25519_base64);
constexpr wh::scheme by_p256 = signed_by(wh::algorithm::ecdsa_p256, wh::key_form::p256_base64);

struct way {
    const wh::scheme& scheme;
    bool (*verify)(const buffer& key, const buffer& message, const buffer& signature);
};

template <crypto::hash With>
bool has_mac(const buffer& key, const buffer& message, const buffer& signature) {
    std::array<unsigned char, crypto::largest_hash_size> mac{};
    const crypto::bytes part = message;
    const auto made = crypto::hmac_key::create(key, With).value();
    REQUIRE(made.compute(crypto::digest_context(), std::span(&part, 1), mac));
    return crypto::equal(crypto::bytes(mac).first(made.size()), signature);
}

template <class Key>
bool verifies(const buffer& key, const buffer& message, const buffer& signature) {
    const auto made = Key::create(key);
    return made && made->verify(crypto::digest_context(), message, signature);
}

const std::map<std::string, way> ways = {
    {"hmac_sha1", {by_sha1, has_mac<crypto::hash::sha1>}},
    {"hmac_sha256", {by_sha256, has_mac<crypto::hash::sha256>}},
    {"hmac_sha512", {by_sha512, has_mac<crypto::hash::sha512>}},
    {"ed25519", {by_ed25519, verifies<crypto::ed25519_public_key>}},
    {"ecdsa_p256", {by_p256, verifies<crypto::ecdsa_p256_public_key>}},
};

// Whether a verifier accepts the message as a delivery. A key that is refused accepts nothing.
bool accepts(const wh::scheme& scheme, const std::string& key, const buffer& message,
             const std::string& signature) {
    const bool in_hex = scheme.key == wh::key_form::hex;
    const auto configured = wh::key::from_text(in_hex ? key : to_base64(from_hex(key)));
    const auto verifier = wh::any_verifier<>::try_create(scheme, std::span(&configured, 1));
    if (!verifier) return false;
    const golden::header_list headers{{"X-Signature", signature}};
    return verifier->verify({headers, message}).has_value();
}

}  // namespace

TEST_CASE("known answers of signatures are given") {
    std::ifstream file(WEBHOOKPP_VECTORS "/known_answers/known_answers.jsonl");
    std::map<std::string, int> counts;
    for (std::string line; std::getline(file, line);) {
        const auto row = json::parse(line);
        const auto text = [&row](const char* name) { return row.at(name).get<std::string>(); };
        const auto& [scheme, verify] = ways.at(text("algorithm"));
        const buffer message = from_hex(text("message"));
        const bool valid = row.at("valid").get<bool>();
        INFO(text("source") << ", " << text("algorithm") << ": " << text("about"));
        CHECK(verify(from_hex(text("key")), message, from_hex(text("signature"))) == valid);
        CHECK(accepts(scheme, text("key"), message, text("signature")) == valid);
        ++counts[text("algorithm")];
    }
    CHECK(counts["hmac_sha1"] >= 141);
    CHECK(counts["hmac_sha256"] >= 141);
    CHECK(counts["hmac_sha512"] >= 140);
    CHECK(counts["ed25519"] >= 360);
    CHECK(counts["ecdsa_p256"] >= 360);
}
