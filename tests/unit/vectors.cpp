// SPDX-License-Identifier: MIT
// The vectors of tests/vectors for verification, each a check of its own.

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/testing/fixed_clock.hpp>

#include "../catch.hpp"
#include "../for_each_scheme.hpp"
#include "../golden.hpp"

namespace wh = webhookpp;
using nlohmann::json;

namespace {

std::vector<json> read_vectors(const std::string& name) {
    std::ifstream file(WEBHOOKPP_VECTORS "/" + name);
    std::vector<json> vectors;
    for (std::string line; std::getline(file, line);) vectors.push_back(json::parse(line));
    return vectors;
}

std::string decode_base64(const std::string& text) {
    std::vector<unsigned char> bytes(text.size());
    const auto size = wh::crypto::base64_decode(text, bytes);
    REQUIRE(size);
    return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(*size)};
}

// Vectors hold header values in Latin-1, which is UTF-8 in the file.
std::string latin1(const std::string& utf8) {
    std::string bytes;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        bytes += lead < 0x80 ? utf8[i] : static_cast<char>((lead & 0x03) << 6 | (utf8[++i] & 0x3f));
    }
    return bytes;
}

// A vector as a receiver has it.
struct sample {
    explicit sample(const json& vector)
        : scheme(*wh::schemes::find(vector["scheme"].get<std::string>())),
          body(decode_base64(vector["body_base64"])),
          url(vector.value("url", "")),
          method(vector.value("method", "POST")),
          now(vector["now"]) {
        for (const auto& text : vector["keys"]) {
            auto key = wh::key::try_from_text(text.get<std::string>());
            if (!key) {
                bad_key = key.error().code;
                break;
            }
            keys.push_back(*std::move(key));
        }
        for (const auto& header : vector["headers"]) {
            headers.emplace_back(latin1(header[0]), latin1(header[1]));
        }
    }

    const wh::scheme& scheme;
    std::vector<wh::key> keys;
    golden::header_list headers;
    std::string body;
    std::string url;
    std::string method;
    std::int64_t now;
    std::optional<wh::errc> bad_key;
};

// "accept", "bad_key", or "reject" and the error's name.
using verdict = std::pair<std::string, std::string>;

verdict bad_key(wh::errc code) {
    return {"bad_key", std::string(name(code))};
}

template <class T>
verdict verdict_of(const wh::result<T>& verified) {
    if (verified) return {"accept", ""};
    return {"reject", std::string(name(verified.error().code))};
}

verdict verdict_on(const sample& sent) {
    if (sent.bad_key) return bad_key(*sent.bad_key);
    const auto verifier = wh::any_verifier<wh::testing::fixed_clock>::try_create(
        sent.scheme, sent.keys, {.url = sent.url}, {sent.now});
    if (!verifier) return bad_key(verifier.error().code);
    return verdict_of(
        verifier->verify({sent.headers, sent.body, sent.method, wh::target_of(sent.url)}));
}

template <const wh::scheme& Scheme>
verdict incremental_verdict_on(const sample& sent) {
    if (sent.bad_key) return bad_key(*sent.bad_key);
    const auto verifier = wh::incremental_verifier<Scheme, wh::testing::fixed_clock>::try_create(
        sent.keys, {.url = sent.url}, {sent.now});
    if (!verifier) return bad_key(verifier.error().code);
    auto started = verifier->begin(sent.headers, sent.method);
    if (!started) return verdict_of(started);
    const std::string_view body = sent.body;
    for (const auto piece : {body.substr(0, body.size() / 2), body.substr(body.size() / 2)}) {
        if (const auto good = started->update(piece); !good) return verdict_of(good);
    }
    return verdict_of(std::move(*started).finish());
}

}  // namespace

TEST_CASE("all vectors get the right verdict") {
    const auto [file, count] =
        GENERATE(table<const char*, std::size_t>({{"standard_webhooks.jsonl", 132},
                                                  {"waitwhile.jsonl", 7},
                                                  {"tokens.jsonl", 107},
                                                  {"schemes.jsonl", 345}}));
    const auto vectors = read_vectors(file);
    REQUIRE(vectors.size() == count);
    for (const json& vector : vectors) {
        INFO(vector["id"]);
        const auto [verdict, error] = verdict_on(sample(vector));
        CHECK(verdict == vector["expect"]);
        if (vector.contains("error")) CHECK(error == vector["error"]);
    }
}

TEST_CASE("all vectors get the same verdict while their bodies arrive") {
    std::size_t compared = 0;
    for (const char* file : {"standard_webhooks.jsonl", "waitwhile.jsonl", "schemes.jsonl"}) {
        for (const json& vector : read_vectors(file)) {
            INFO(vector["id"]);
            const sample sent(vector);
            // Signatures by key pairs are what it leaves out.
            bool has_public_key = false;
            for (const auto& text : vector["keys"]) {
                has_public_key |= text.get<std::string>().starts_with("whpk_");
            }
            if (has_public_key) continue;
            golden::for_each_incremental_scheme([&]<const wh::scheme & Scheme>() {
                if (&Scheme != &sent.scheme) return;
                ++compared;
                CHECK(incremental_verdict_on<Scheme>(sent) == verdict_on(sent));
            });
        }
    }
    CHECK(compared > 350);
}
