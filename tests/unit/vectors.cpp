// The vectors of tests/vectors for verification, each a check of its own.

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/testing/fixed_clock.hpp>

#include "../catch.hpp"
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

// "accept", "bad_key", or "reject" and the error's name.
std::pair<std::string, std::string> verdict_on(const json& vector) {
    std::vector<wh::key> keys;
    for (const auto& text : vector["keys"]) {
        auto key = wh::key::try_from_text(text.get<std::string>());
        if (!key) return {"bad_key", std::string(name(key.error().code))};
        keys.push_back(*std::move(key));
    }
    const std::string url = vector.value("url", "");
    const auto verifier = wh::any_verifier<wh::testing::fixed_clock>::try_create(
        *wh::schemes::find(vector["scheme"].get<std::string>()), keys, {.url = url},
        {vector["now"]});
    if (!verifier) return {"bad_key", std::string(name(verifier.error().code))};
    golden::header_list headers;
    for (const auto& header : vector["headers"]) {
        headers.emplace_back(latin1(header[0]), latin1(header[1]));
    }
    const std::string body = decode_base64(vector["body_base64"]);
    const std::string method = vector.value("method", "POST");
    const auto refused =
        golden::refusal(verifier->verify({headers, body, method, wh::target_of(url)}));
    if (!refused) return {"accept", ""};
    return {"reject", std::string(name(*refused))};
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
        const auto [verdict, error] = verdict_on(vector);
        CHECK(verdict == vector["expect"]);
        if (vector.contains("error")) CHECK(error == vector["error"]);
    }
}
