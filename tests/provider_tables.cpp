// SPDX-License-Identifier: MIT
// Writes the sections of docs/providers.md from the catalogs.
//
//     provider_tables check FILE...    fails if they are not what they should be
//     provider_tables write FILE...    makes them so

#include <array>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <webhookpp/providers/eventsair.hpp>
#include <webhookpp/providers/gatsby.hpp>
#include <webhookpp/providers/seably.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>
#include <webhookpp/value_traits.hpp>

#include "generated_text.hpp"

namespace wh = webhookpp;

namespace {

using generated::code;

// The name of a struct, without its namespace.
template <class T>
std::string name_of() {
    std::string_view text = __PRETTY_FUNCTION__;
    text = text.substr(text.find("T = ") + 4);
    text = text.substr(0, text.find_first_of(";]"));
    return std::string(text.substr(text.rfind(':') + 1));
}

template <class Enum>
std::string texts_of() {
    std::string text = "text: ";
    for (const auto& each : enumerators(Enum{})) text += code(each.text) + ", ";
    return text + "or a new one";
}

template <class T>
bool is(const wh::value_type& type) {
    return &type == &wh::detail::value_type_of<T>;
}

std::string scalar_kind(const wh::value_type& type) {
    if (is<std::string>(type)) return "text";
    if (is<bool>(type)) return "boolean";
    if (is<std::int64_t>(type)) return "integer";
    if (is<double>(type)) return "number";
    if (is<wh::timestamp>(type)) return "time, RFC 3339";
    if (is<wh::local_time>(type)) return "time without a zone";
    using namespace wh::waitwhile;
    if (is<wh::open_enum<visit_state>>(type)) return texts_of<visit_state>();
    if (is<wh::open_enum<message_channel>>(type)) return texts_of<message_channel>();
    if (is<wh::open_enum<message_state>>(type)) return texts_of<message_state>();
    throw std::runtime_error("a member has a type for which there are no words here");
}

std::string kind_of(const wh::value_type& type) {
    switch (type.which) {
        case wh::value_type::shape::scalar: return scalar_kind(type);
        case wh::value_type::shape::json_text: return "any JSON";
        case wh::value_type::shape::optional: return kind_of(*type.element);
        case wh::value_type::shape::list: return "list of " + kind_of(*type.element);
        case wh::value_type::shape::map: return "names with values: " + kind_of(*type.element);
        case wh::value_type::shape::object: break;
    }
    return "object";
}

// The members of an object, and of objects within it, with the paths that errors have.
void add_members(std::string& table, std::span<const wh::member> members, const std::string& path) {
    for (const wh::member& each : members) {
        const wh::value_type* type = each.field.type;
        if (each.takes_others()) {
            table += "| " + (path.empty() ? "all others" : "all others of " + code(path)) + " | " +
                     kind_of(*type->element) + " |  |\n";
            continue;
        }
        const bool is_optional = type->which == wh::value_type::shape::optional;
        std::string inner = path.empty() ? "" : path + ".";
        inner += each.name;
        table += "| " + code(inner) + " | " + kind_of(*type) + " | " +
                 (is_optional ? "optional" : "required") + " |\n";
        if (is_optional) type = type->element;
        if (type->which == wh::value_type::shape::list) {
            type = type->element;
            inner += "[]";
        }
        if (type->which == wh::value_type::shape::object)
            add_members(table, type->members(), inner);
    }
}

template <class Event>
std::string members_of() {
    std::string table = "| member | kind | |\n|---|---|---|\n";
    add_members(table, Event::members, "");
    return table;
}

// Events in the order of the catalog; those with the same members next to each other, and the
// members behind them.
struct event_group {
    std::string members;
    std::vector<std::pair<std::string, std::string>> events = {};  // type and struct
};

template <class... Events>
std::vector<event_group> groups_of(std::type_identity<std::tuple<Events...>> /*of*/) {
    std::vector<event_group> groups;
    const auto add = [&](std::string_view type, const std::string& name,
                         const std::string& members) {
        for (event_group& each : groups) {
            if (each.members == members) return void(each.events.emplace_back(type, name));
        }
        groups.push_back({members, {{std::string(type), name}}});
    };
    (add(Events::type, name_of<Events>(), members_of<Events>()), ...);
    return groups;
}

template <class Variant>
struct without_first;
template <class Unknown, class... Events>
struct without_first<std::variant<Unknown, Events...>> {
    using type = std::type_identity<std::tuple<Events...>>;
};

struct provider {
    std::string_view title;
    std::string_view name;  // of namespace and header
    std::string_view page;
};

template <class Catalog>
std::string section(const provider& of, const wh::scheme& scheme) {
    std::string text = "## " + std::string(of.title) + "\n\n";
    text.append("[Its documentation](").append(of.page).append("). Header ");
    text.append("[`providers/").append(of.name).append(".hpp`](../include/webhookpp/providers/");
    text.append(of.name).append(".hpp), namespace ") += code("webhookpp::" + std::string(of.name));
    text.append(", scheme ") += code(scheme.name);
    text.append("; the event type stands in ") += code(Catalog::type_member);
    if (!Catalog::id_member.empty()) text.append(", the id in ") += code(Catalog::id_member);
    text += ".";
    text += "\n\n";
    for (const event_group& group :
         groups_of(typename without_first<typename Catalog::event>::type{})) {
        text += "| event type | struct |\n|---|---|\n";
        for (const auto& [type, name] : group.events) {
            text += "| " + code(type) + " | " + code(name) + " |\n";
        }
        text += "\n" + group.members + "\n";
    }
    using unknown = typename Catalog::unknown;
    if constexpr (wh::described<unknown>) {
        text += "All other types arrive as " + code(name_of<unknown>()) +
                ", with as much of these members as the body has:\n\n" + members_of<unknown>() +
                "\n";
    } else {
        text += "All other types arrive as " + code(name_of<unknown>()) + ".\n\n";
    }
    return text;
}

std::string sections() {
    std::string text = "\n";
    text += section<wh::seatsio::catalog>(
        {"seats.io", "seatsio", "https://docs.seats.io/docs/webhooks"}, wh::seatsio::scheme);
    text += section<wh::eventsair::catalog>(
        {"EventsAir", "eventsair",
         "https://developer.eventsair.com/docs/guides/webhooks/event-types"},
        wh::eventsair::scheme);
    text += section<wh::waitwhile::catalog>(
        {"Waitwhile", "waitwhile", "https://developers.waitwhile.com/docs/webhooks-1"},
        wh::waitwhile::scheme);
    text += section<wh::gatsby::catalog>(
        {"Gatsby Events", "gatsby", "https://buildwithgatsby.com/webhooks"}, wh::gatsby::scheme);
    text += section<wh::seably::catalog>(
        {"Seably", "seably", "https://help.seably.com/en/articles/9095060-webhooks"},
        wh::seably::scheme);
    return text;
}

}  // namespace

int main(int argc, char** argv) try {
    return generated::run(argc, argv, {{"providers", sections()}}, "scripts/provider-tables");
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
