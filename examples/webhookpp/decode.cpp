// SPDX-License-Identifier: MIT
// webhookpp decode: shows the typed event that a body stands for.

#include <algorithm>
#include <iostream>

#include <webhookpp/json/encode.hpp>
#include <webhookpp/webhookpp.hpp>

#include "commands.hpp"
#include "providers.hpp"
#include "vectors.hpp"

namespace wh = webhookpp;

namespace tool {

namespace {

json answer(const json& vector, const std::string& engine) {
    const provider* const from = find_provider(vector.at("provider").get<std::string>());
    if (from == nullptr) return {{"result", "unsupported"}};
    return from->decoder_with(engine)(decode_base64(vector.at("body_base64").get<std::string>()));
}

// The value at a path such as `data.fields[1].id`, or null.
json at_path(const json& root, std::string_view path) {
    std::string pointer = "/";
    for (const char c : path) {
        if (c == ']') continue;
        pointer += c == '.' || c == '[' ? '/' : c;
    }
    return root.value(json::json_pointer(pointer), json());
}

bool same_value(const json& left, const json& right) {
    if (left == right) return true;
    if (!left.is_string() || !right.is_string()) return false;
    const auto first = wh::timestamp::parse(left.get<std::string>());
    return first && first == wh::timestamp::parse(right.get<std::string>());
}

// An event that is shown as text holds numbers that are too large to be compared.
json values_of(const json& shown) {
    if (!shown.is_string()) return shown;
    return json::parse(wh::json::replace_oversized_numbers(shown.get<std::string>()).text);
}

bool differs(const json& vector, const json& given) {
    if (given.at("result") != vector.at("expect")) return true;
    for (const char* member : {"alternative", "type", "error", "path"}) {
        if (vector.contains(member) && given.value(member, json()) != vector.at(member)) {
            return true;
        }
    }
    if (!vector.contains("fields")) return false;
    const json event = values_of(given.at("event"));
    const auto& fields = vector.at("fields").items();
    return std::any_of(fields.begin(), fields.end(), [&](const auto& field) {
        return !same_value(at_path(event, field.key()), field.value());
    });
}

}  // namespace

int decode(const decode_options& options) {
    if (!options.vectors.empty()) {
        return run_vectors(
            options.vectors, options.check,
            [&](const json& vector) { return answer(vector, options.engine); }, differs);
    }
    const provider* const from = find_provider(options.provider);
    if (from == nullptr) throw misuse_error("unknown provider: " + options.provider);
    const json decoded = from->decoder_with(options.engine)(read_file(options.body));
    std::cout << decoded.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
    return decoded.at("result") == "error" ? refused : success;
}

}  // namespace tool
