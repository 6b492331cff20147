// SPDX-License-Identifier: MIT
// The vectors of tests/vectors for decoding, each a check of its own, with both engines.

#include <webhookpp/parser.hpp>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/providers/eventsair.hpp>
#include <webhookpp/providers/gatsby.hpp>
#include <webhookpp/providers/seably.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>

#include "../both_engines.hpp"

namespace wh = webhookpp;
using nlohmann::json;

namespace {

std::string decode_base64(const std::string& text) {
    std::vector<unsigned char> bytes(text.size());
    const auto size = wh::crypto::base64_decode(text, bytes);
    REQUIRE(size);
    return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(*size)};
}

// The value at a path such as `data.fields[1].id`; null if there is none.
json at_path(const json& root, const std::string& path) {
    std::string pointer = "/";
    for (const char c : path) {
        if (c != ']') pointer += c == '.' || c == '[' ? '/' : c;
    }
    return root.value(json::json_pointer(pointer), json());
}

// Timestamps compare as instants.
bool is_same(const json& left, const json& right) {
    if (left == right || !left.is_string() || !right.is_string()) return left == right;
    const auto instant = wh::timestamp::parse(left.get<std::string>());
    return instant && instant == wh::timestamp::parse(right.get<std::string>());
}

template <class Catalog>
void check(const json& vector, const std::string& body) {
    const auto event = parse_with_both<Catalog>(body);
    if (vector["expect"] == "error") {
        REQUIRE_FALSE(event);
        CHECK(std::string(name(event.error().code)) == vector["error"]);
        if (vector.contains("path")) {
            CHECK(event.error().where == vector["path"].get<std::string>());
        }
        return;
    }
    REQUIRE(event);
    if (vector["expect"] == "unknown") {
        REQUIRE(event->index() == 0);
        CHECK(std::get<0>(*event).type == vector["type"]);
        CHECK(std::get<0>(*event).body == body);
        return;
    }
    REQUIRE(event->index() != 0);
    // Raw JSON may hold numbers that are too large to be compared.
    const json values = json::parse(
        wh::json::replace_oversized_numbers(wh::json::encode_event<Catalog>(*event)).text);
    for (const auto& [path, value] : vector["fields"].items()) {
        INFO(path);
        CHECK(is_same(at_path(values, path), value));
    }
}

const std::map<std::string, void (*)(const json&, const std::string&)> checks{
    {"seatsio", &check<wh::seatsio::catalog>},
    {"waitwhile", &check<wh::waitwhile::catalog>},
    {"eventsair", &check<wh::eventsair::catalog>},
    {"gatsby", &check<wh::gatsby::catalog>},
    {"seably", &check<wh::seably::catalog>}};

void check_file(const std::string& name, std::size_t number) {
    std::ifstream file(WEBHOOKPP_VECTORS "/" + name);
    std::size_t vectors = 0;
    for (std::string line; std::getline(file, line); ++vectors) {
        const json vector = json::parse(line);
        INFO(vector["id"]);
        checks.at(vector["provider"].get<std::string>())(
            vector, decode_base64(vector["body_base64"].get<std::string>()));
    }
    CHECK(vectors == number);
}

}  // namespace

TEST_CASE("bodies after the documentation of the providers are decoded rightly") {
    check_file("events.jsonl", 76);
}

TEST_CASE("every member of every event is decoded, and refused when it is wrong") {
    check_file("provider_events.jsonl", 1499);
}
