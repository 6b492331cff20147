// SPDX-License-Identifier: MIT
// The providers and how their events are shown.

#include "providers.hpp"

#include <cctype>

#include <webhookpp/json/encode.hpp>
#include <webhookpp/json/simdjson.hpp>
#include <webhookpp/providers/eventsair.hpp>
#include <webhookpp/providers/gatsby.hpp>
#include <webhookpp/providers/seably.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>
#include <webhookpp/webhookpp.hpp>

namespace wh = webhookpp;

namespace tool {

namespace {

using json = nlohmann::ordered_json;

// The name of an event's struct: its type in snake_case.
std::string alternative_name(std::string_view type) {
    std::string name;
    for (std::size_t i = 0; i < type.size(); ++i) {
        const auto c = static_cast<unsigned char>(type[i]);
        const bool after_small =
            i > 0 && std::islower(static_cast<unsigned char>(type[i - 1])) != 0;
        if (std::isupper(c) != 0 && after_small) name += '_';
        name += std::isalnum(c) != 0 ? static_cast<char>(std::tolower(c)) : '_';
    }
    return name;
}

// An optional does not tell a member that is absent from one that is null; whoever looks at a body
// wants to know. So the nulls of the body are put back where a description has them.
void add_nulls(json& shown, const json& body, const wh::value_type& type) {
    using shape = wh::value_type::shape;
    if (type.which == shape::optional) return add_nulls(shown, body, *type.element);
    if (type.which == shape::list) {
        for (std::size_t i = 0; i < shown.size(); ++i) {
            add_nulls(shown.at(i), body.at(i), *type.element);
        }
    } else if (type.which == shape::map) {
        for (const auto& [key, value] : shown.items()) {
            add_nulls(value, body.at(key), *type.element);
        }
    } else if (type.which == shape::object) {
        for (const wh::member& each : type.members()) {
            const std::string name(each.name);
            if (each.takes_others() || !body.contains(name)) continue;
            if (!shown.contains(name)) {
                shown[name] = nullptr;
            } else {
                add_nulls(shown.at(name), body.at(name), *each.field.type);
            }
        }
    }
}

template <class Catalog, class Event>
json show(const Event& event, const std::string& body) {
    const std::string text = wh::json::encode(event, Catalog::type_member);
    json shown = json::parse(text, nullptr, false);
    // Raw JSON may hold numbers that no double can; then the text has to do.
    if (shown.is_discarded()) return text;
    const json original = json::parse(body, nullptr, false);
    if (!original.is_discarded()) {
        add_nulls(shown, original, wh::detail::value_type_of<Event>);
    }
    return shown;
}

template <class Catalog, class Engine>
json decode(const std::string& body) {
    const auto message =
        wh::assume_verified(body, "this tool shows what is in a body, not who sent it");
    const auto decoded = wh::parser<Catalog, Engine>().parse(message);
    if (!decoded) {
        json error{{"result", "error"}, {"error", name(decoded.error().code)}};
        if (decoded.error().code == wh::errc::invalid_payload) {
            error["path"] = decoded.error().where.view();
        }
        return error;
    }
    return std::visit(
        [&]<class Event>(const Event& event) -> json {
            if constexpr (wh::event_type<Event>) {
                return {{"result", "event"},
                        {"alternative", alternative_name(Event::type)},
                        {"type", Event::type},
                        {"event", show<Catalog>(event, body)}};
            } else {
                return {{"result", "unknown"}, {"type", event.type}};
            }
        },
        *decoded);
}

template <class Catalog>
constexpr provider provider_of(std::string_view name, const wh::scheme& scheme) {
    return {name, &scheme, Catalog::types, &decode<Catalog, wh::json::nlohmann_engine>,
            &decode<Catalog, wh::json::simdjson_engine>};
}

}  // namespace

std::span<const provider> all_providers() {
    static const provider all[] = {
        provider_of<wh::eventsair::catalog>("eventsair", wh::eventsair::scheme),
        provider_of<wh::gatsby::catalog>("gatsby", wh::gatsby::scheme),
        provider_of<wh::seably::catalog>("seably", wh::seably::scheme),
        provider_of<wh::seatsio::catalog>("seatsio", wh::seatsio::scheme),
        provider_of<wh::waitwhile::catalog>("waitwhile", wh::waitwhile::scheme),
    };
    return all;
}

const provider* find_provider(std::string_view name) {
    for (const provider& each : all_providers()) {
        if (each.name == name) return &each;
    }
    return nullptr;
}

std::string provider_names() {
    std::string names;
    for (const provider& each : all_providers()) {
        names.append(names.empty() ? "" : ", ").append(each.name);
    }
    return names;
}

}  // namespace tool
