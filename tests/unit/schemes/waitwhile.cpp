// SPDX-License-Identifier: MIT
// Waitwhile's signature over URL and body, each rule with its broken twin: a verifier that lacks
// just this rule, and a delivery that it accepts and ours refuses.
#include <webhookpp/schemes/waitwhile.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <webhookpp/check_age.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/verifier.hpp>

#include "../../catch.hpp"
#include "../../golden.hpp"

namespace wh = webhookpp;
using wh::errc;

namespace {

using verifier = wh::verifier<wh::schemes::waitwhile>;

constexpr const char* secret = "testsecret0000000000wait";
const std::string url = "https://hooks.example.com/waitwhile";
const std::string body =
    R"({"id":"evt00000000000000004","created":"2024-05-19T15:00:00.000Z","accountId":)"
    R"("acc00000000000000001","type":"visit.removed","data":{"id":"vis00000000000000001",)"
    R"("locationId":"loc00000000000000001","state":"WAITING"}})";
const std::string signature = "YcBsAge0rB/4bnFCEUkDcXxgvtd0MXEsYnVnFGdhi24=";

verifier make_verifier(const std::string& registered = url) {
    return verifier(wh::key::from_text(secret), {.url = registered});
}

enum class broken {
    nothing,
    body_alone,       // signs the body without the URL
    hex,              // writes the signature in hex
    missing_passes,   // accepts a delivery without signature
    prefix_compare,   // compares as many characters as the sender gives
    url_from_host,    // puts the URL together from Host and target
    loose_url,        // signs the URL without the slash at its end
    decoded_secret,   // takes the secret for base64
    header_by_guess,  // reads the header that public code guesses
};

std::string mac_of(const std::string& key, const std::string& message, bool hex) {
    const auto prepared = wh::crypto::hmac_key::create(wh::crypto::as_bytes(key)).value();
    const wh::crypto::bytes parts[] = {wh::crypto::as_bytes(message)};
    unsigned char mac[wh::crypto::sha256_size];
    REQUIRE(prepared.compute(wh::crypto::digest_context(), parts, mac));
    std::string text;
    if (hex) {
        for (const unsigned char byte : mac) {
            text += "0123456789abcdef"[byte >> 4];
            text += "0123456789abcdef"[byte & 15];
        }
        return text;
    }
    text.resize(wh::crypto::base64_encoded_size(sizeof mac));
    wh::crypto::base64_encode(mac, text);
    return text;
}

std::string decoded(const std::string& base64) {
    std::vector<unsigned char> bytes(base64.size());
    const auto size = wh::crypto::base64_decode(base64, bytes);
    return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size.value_or(0))};
}

struct sample {
    golden::header_list headers;
    std::string target = "/waitwhile";
};

// What a careful but short implementation does, less one rule.
bool control_accepts(const sample& sent, broken fault) {
    std::string host;
    std::string given;
    for (const auto& [name, value] : sent.headers) {
        if (name == "Host") host = value;
        const bool guessed = fault == broken::header_by_guess;
        if (name == (guessed ? "x-waitwhile-hmac-sha256" : "X-Waitwhile-Signature")) given = value;
    }
    if (given.empty()) return fault == broken::missing_passes;
    std::string called = url;
    if (fault == broken::url_from_host && !host.empty()) called = "https://" + host + sent.target;
    if (fault == broken::loose_url) called += "/";
    if (fault == broken::body_alone) called.clear();
    const std::string key = fault == broken::decoded_secret ? decoded(secret) : secret;
    std::string wanted = mac_of(key, called + body, fault == broken::hex);
    if (fault == broken::prefix_compare && given.size() < wanted.size()) {
        wanted.resize(given.size());
    }
    return given == wanted;
}

sample with(const std::string& value) {
    return {.headers = {{"X-Waitwhile-Signature", value}}};
}

struct rule {
    const char* name;
    broken fault;
    sample delivery;
    errc refused_as;
};

std::vector<rule> rules() {
    const std::string other = "https://attacker.example/in";
    return {
        {"the URL is signed with the body", broken::body_alone,
         with("PyTYrI/PTWmS2h9218qkZo/4QQIZflaIiAkw+GqgWN4="), errc::signature_mismatch},
        {"the signature is in base64", broken::hex, with(mac_of(secret, url + body, true)),
         errc::no_supported_signature},
        {"a delivery without signature is refused",
         broken::missing_passes,
         {},
         errc::missing_header},
        {"an empty signature is a missing one", broken::missing_passes, with(""),
         errc::missing_header},
        {"the signature is compared in its whole length", broken::prefix_compare,
         with(signature.substr(0, 8)), errc::no_supported_signature},
        {"the URL is what is configured, whatever the request says",
         broken::url_from_host,
         {{{"Host", "attacker.example"},
           {"X-Waitwhile-Signature", mac_of(secret, other + body, false)}},
          "/in"},
         errc::signature_mismatch},
        {"a slash at the end makes another URL", broken::loose_url,
         with(mac_of(secret, url + "/" + body, false)), errc::signature_mismatch},
        {"the key is the text of the secret", broken::decoded_secret,
         with(mac_of(decoded(secret), url + body, false)), errc::signature_mismatch},
        {"the header is the documented one",
         broken::header_by_guess,
         {{{"x-waitwhile-hmac-sha256", signature}}, "/waitwhile"},
         errc::missing_header},
    };
}

}  // namespace

TEST_CASE("Waitwhile's signature covers the configured URL and the body") {
    const auto message = make_verifier().verify({with(signature).headers, body});
    REQUIRE(message);
    CHECK(message->body_is_signed());
    CHECK(message->replay_possible());
    CHECK(message->id().empty());
    CHECK_FALSE(message->timestamp());
    CHECK(control_accepts(with(signature), broken::nothing));
}

TEST_CASE("each rule of Waitwhile refuses a delivery that a verifier without it accepts") {
    for (const rule& each : rules()) {
        INFO(each.name);
        CHECK(control_accepts(each.delivery, each.fault));
        CHECK_FALSE(control_accepts(each.delivery, broken::nothing));
        const auto refused = golden::refusal(
            make_verifier().verify({each.delivery.headers, body, "POST", each.delivery.target}));
        CHECK(refused == each.refused_as);
    }
}

TEST_CASE("every single-bit flip of a delivery of Waitwhile is refused") {
    const auto ours = make_verifier();
    const auto accepted_flips = [&](std::string text, auto accepts) {
        int accepted = 0;
        for (std::size_t i = 0; i < text.size() * 8; ++i) {
            const auto flip = static_cast<char>(1U << (i % 8));
            text[i / 8] = static_cast<char>(text[i / 8] ^ flip);
            accepted += accepts(text) ? 1 : 0;
            text[i / 8] = static_cast<char>(text[i / 8] ^ flip);
        }
        return accepted;
    };
    CHECK(accepted_flips(body, [&](const std::string& changed) {
              return ours.verify({with(signature).headers, changed}).has_value();
          }) == 0);
    CHECK(accepted_flips(signature, [&](const std::string& changed) {
              return ours.verify({with(changed).headers, body}).has_value();
          }) == 0);
}

TEST_CASE("a verifier that needs a URL cannot be made without a good one") {
    const auto key = wh::key::from_text(secret);
    const auto refused = [&](const std::string& registered) {
        const auto made = verifier::try_create(std::span(&key, 1), {.url = registered});
        return made ? std::nullopt : std::optional(made.error().code);
    };
    CHECK_FALSE(refused(url));
    CHECK_FALSE(refused("http://localhost:8080/in?a=b"));
    for (const char* bad :
         {"", "hooks.example.com/in", "/in", "ftp://example.com/in", "HTTPS://example.com/in",
          "https://", " https://example.com/in", "https://example.com/in ",
          "https://example.com/a b", "https://example.com/in\n", "https://example.com/\x7f"}) {
        INFO(bad);
        CHECK(refused(bad) == errc::invalid_url);
    }
    CHECK_THROWS_AS(verifier(key), wh::exception);
    const auto missing = verifier::try_create(std::span(&key, 1)).error();
    CHECK(missing.where.view().find("set .url") != std::string_view::npos);
}

TEST_CASE("the age of what is signed in the body can be checked after verification") {
    // As a host does with `created`, which it reads from the verified body.
    const std::int64_t created = 1'716'130'800;
    CHECK(wh::check_age(created, created + 300, {}));
    CHECK(wh::check_age(created, created + 301, {}).error().code == errc::timestamp_too_old);
}
