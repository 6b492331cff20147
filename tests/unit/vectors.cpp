// The vectors of tests/vectors, each a check of its own.

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/webhookpp.hpp>

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
    const auto refused =
        golden::refusal(verifier->verify({headers, body, "POST", wh::target_of(url)}));
    if (!refused) return {"accept", ""};
    return {"reject", std::string(name(*refused))};
}

}  // namespace

TEST_CASE("all vectors get the right verdict") {
    const auto [file, count] = GENERATE(table<const char*, std::size_t>(
        {{"standard_webhooks.jsonl", 132}, {"waitwhile.jsonl", 7}, {"schemes.jsonl", 107}}));
    const auto vectors = read_vectors(file);
    REQUIRE(vectors.size() == count);
    for (const json& vector : vectors) {
        INFO(vector["id"]);
        const auto [verdict, error] = verdict_on(vector);
        CHECK(verdict == vector["expect"]);
        if (vector.contains("error")) CHECK(error == vector["error"]);
    }
}

TEST_CASE("all vectors of seats.io are decoded rightly") {
    const auto vectors = read_vectors("seatsio_events.jsonl");
    REQUIRE(vectors.size() == 43);
    const wh::parser<wh::seatsio::catalog> parser;
    for (const json& vector : vectors) {
        INFO(vector["id"]);
        const std::string body = decode_base64(vector["body_base64"]);
        const auto event = parser.parse(wh::assume_verified(body, "a test vector"));
        if (vector["expect"] == "error") {
            REQUIRE_FALSE(event);
            CHECK(std::string(name(event.error().code)) == vector["error"]);
            if (vector.contains("path")) {
                CHECK(event.error().where == vector["path"].get<std::string>());
            }
            continue;
        }
        REQUIRE(event);
        if (vector["expect"] == "unknown") {
            const auto& unknown = std::get<wh::unknown_event>(*event);
            CHECK(unknown.type == vector["type"]);
            CHECK(unknown.body == body);
            continue;
        }
        std::visit(
            [&]<class E>(const E& e) {
                if constexpr (wh::event_type<E>) {
                    const auto& fields = vector["fields"];
                    if (fields.contains("type")) CHECK(fields["type"] == E::type);
                    if (fields.contains("id")) CHECK(fields["id"] == e.id);
                    if (fields.contains("data.key")) CHECK(fields["data.key"] == e.data.key);
                    if (fields.contains("data.workspaceKey")) {
                        CHECK(fields["data.workspaceKey"] == e.data.workspace_key);
                    }
                    if (fields.contains("timestamp")) {
                        CHECK(wh::timestamp::parse(fields["timestamp"].get<std::string>()) ==
                              e.timestamp);
                    }
                } else {
                    FAIL("an event was taken for an unknown one");
                }
            },
            *event);
    }
}
