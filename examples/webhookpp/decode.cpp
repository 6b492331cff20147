// webhookpp decode: shows the typed event that a body stands for.

#include <algorithm>
#include <iostream>

#include <webhookpp/json/encode.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/webhookpp.hpp>

#include "commands.hpp"
#include "vectors.hpp"

namespace wh = webhookpp;

namespace tool {

namespace {

// The name of an event's struct: its type in snake_case.
std::string alternative_name(std::string_view type) {
    std::string name(type);
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
}

struct describe_event {
    json operator()(const wh::unknown_event& event) const {
        return {{"result", "unknown"}, {"type", event.type}};
    }
    template <wh::event_type Event>
    json operator()(const Event& event) const {
        return {{"result", "event"},
                {"alternative", alternative_name(Event::type)},
                {"type", Event::type},
                {"event", json::parse(wh::json::encode(event))}};
    }
};

template <class Catalog>
json decode_with(const std::string& body) {
    const auto message =
        wh::assume_verified(body, "this tool shows what is in a body, not who sent it");
    const auto event = wh::parser<Catalog>().parse(message);
    if (event) return std::visit(describe_event(), *event);
    json described{{"result", "error"}, {"error", name(event.error().code)}};
    if (event.error().code == wh::errc::invalid_payload) {
        described["path"] = event.error().where.view();
    }
    return described;
}

using decoder = json (*)(const std::string& body);

// Null for a provider that is not known.
decoder find_decoder(const std::string& provider) {
    return provider == "seatsio" ? &decode_with<wh::seatsio::catalog> : nullptr;
}

json answer(const json& vector) {
    const decoder decode = find_decoder(vector.at("provider").get<std::string>());
    if (decode == nullptr) return {{"result", "unsupported"}};
    return decode(decode_base64(vector.at("body_base64").get<std::string>()));
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

bool differs(const json& vector, const json& given) {
    if (given.at("result") != vector.at("expect")) return true;
    for (const char* member : {"alternative", "type", "error", "path"}) {
        if (vector.contains(member) && given.value(member, json()) != vector.at(member)) {
            return true;
        }
    }
    if (!vector.contains("fields")) return false;
    const auto& fields = vector.at("fields").items();
    return std::any_of(fields.begin(), fields.end(), [&](const auto& field) {
        return !same_value(at_path(given.at("event"), field.key()), field.value());
    });
}

}  // namespace

int decode(const decode_options& options) {
    if (!options.vectors.empty()) {
        return run_vectors(options.vectors, options.check, answer, differs);
    }
    const decoder decode_with_provider = find_decoder(options.provider);
    if (decode_with_provider == nullptr) {
        throw misuse_error("unknown provider: " + options.provider);
    }
    const json decoded = decode_with_provider(read_file(options.body));
    std::cout << decoded.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
    return decoded.at("result") == "error" ? refused : success;
}

}  // namespace tool
