// SPDX-License-Identifier: MIT
// Writes described structs as JSON text: for fixtures and tools, and to forward events.
#ifndef WEBHOOKPP_JSON_ENCODE_HPP
#define WEBHOOKPP_JSON_ENCODE_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <variant>

#include <webhookpp/catalog.hpp>
#include <webhookpp/event.hpp>
#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::json {

namespace detail {

inline void append_value(std::string& out, const ::nlohmann::json& value) {
    out += value.dump(-1, ' ', false, ::nlohmann::json::error_handler_t::replace);
}

inline void append_scalar(std::string& out, const json_scalar& value) {
    switch (value.which) {
        case json_scalar::kind::boolean: return append_value(out, value.boolean);
        case json_scalar::kind::integer: return append_value(out, value.integer);
        case json_scalar::kind::unsigned_integer: return append_value(out, value.unsigned_integer);
        case json_scalar::kind::number: return append_value(out, value.number);
        case json_scalar::kind::text: return append_value(out, value.text);
        case json_scalar::kind::null:
        case json_scalar::kind::out_of_range: return append_value(out, nullptr);
        case json_scalar::kind::json: break;
    }
    const auto good = nlohmann_engine::read(value.text, SIZE_MAX,
                                            [](const auto& /*root*/) { return result<void>(); });
    if (!good) webhookpp::detail::raise(error{good.error().code, "a raw_json holds no JSON"});
    out += value.text;
}

// Writes members one after the other, with commas between them.
class member_writer {
public:
    explicit member_writer(std::string& out) : out_(out) {}

    std::string& begin(std::string_view name) {
        if (!first_) out_ += ',';
        first_ = false;
        append_value(out_, name);
        return out_ += ':';
    }

private:
    std::string& out_;
    bool first_ = true;
};

inline void append(std::string& out, const value_type& type, const void* source);

// `object`: the struct that the map is a part of, whose members come first; or null.
inline void append_map(member_writer& members, const value_type& type, const void* source,
                       const value_type* object, std::string_view type_member) {
    struct context {
        member_writer& out;
        const value_type& element;
        const value_type* object;
        std::string_view type_member;
    } each{members, *type.element, object, type_member};
    type.for_each(source, &each, [](void* to, std::string_view key, const void* value) {
        const context& with = *static_cast<context*>(to);
        if (with.object) {
            const auto described = with.object->members();
            const bool is_described =
                with.object->names->find(described, key, described.size()) < described.size();
            if (is_described || key == with.type_member) return;
        }
        append(with.out.begin(key), with.element, value);
    });
}

inline void append_members(member_writer& members, const value_type& type, const void* source,
                           std::string_view type_member = {}) {
    // Nothing is changed through the pointer.
    const void* const owner =
        type.described_part(const_cast<void*>(source));  // NOLINT(*-const-cast)
    for (const member& each : type.members()) {
        const void* const value = each.field.locate_in(owner);
        const value_type& of = *each.field.type;
        if (each.takes_others()) {
            append_map(members, of, value, &type, type_member);
        } else if (!type_member.empty() && each.name == type_member) {
            continue;  // stands there already
        } else if (of.which != value_type::shape::optional || of.size(value) != 0) {
            append(members.begin(each.name), of, value);
        }
    }
}

inline void append(std::string& out, const value_type& type, const void* source) {
    switch (type.which) {
        case value_type::shape::scalar:
        case value_type::shape::json_text: {
            std::string text;
            return append_scalar(out, type.read(source, text));
        }
        case value_type::shape::optional:
            return type.size(source) == 0 ? append_value(out, nullptr)
                                          : append(out, *type.element, type.at(source, 0));
        case value_type::shape::list: {
            out += '[';
            for (std::size_t i = 0; i < type.size(source); ++i) {
                if (i > 0) out += ',';
                append(out, *type.element, type.at(source, i));
            }
            out += ']';
            return;
        }
        case value_type::shape::map:
        case value_type::shape::object: break;
    }
    out += '{';
    member_writer members(out);
    if (type.which == value_type::shape::map) {
        append_map(members, type, source, nullptr, {});
    } else {
        append_members(members, type, source);
    }
    out += '}';
}

}  // namespace detail

/// `source` as JSON text, with the names of its description and no white space but that of
/// `raw_json`, which is written as it stands. Empty optional members are left out, timestamps are
/// written in UTC, numbers that JSON does not have (NaN, infinity) as null, and text that is not
/// UTF-8 gets U+FFFD for what is wrong. Other members that have the name of a described one are
/// left out.
///
/// For an event (a struct with a `type` and described members), `type_member` comes first and holds
/// the event type. Throws `exception` with `malformed_json` for a `raw_json` that holds none, and
/// what a user's `to_json` throws.
template <class T>
[[nodiscard]] std::string encode(const T& source, std::string_view type_member = "type") {
    constexpr const value_type& type = webhookpp::detail::value_type_of<T>;
    std::string out;
    if constexpr (event_type<T> && described<T>) {
        out += '{';
        detail::member_writer members(out);
        detail::append_scalar(members.begin(type_member),
                              {.which = json_scalar::kind::text, .text = T::type});
        detail::append_members(members, type, &source, type_member);
        out += '}';
    } else {
        detail::append(out, type, &source);
    }
    return out;
}

/// An event of `Catalog` as JSON text; one of an unknown type as its body arrived.
template <class Catalog>
[[nodiscard]] std::string encode_event(const typename Catalog::event& event) {
    return std::visit(
        []<class Event>(const Event& alternative) {
            if constexpr (std::derived_from<Event, unknown_event>) {
                return alternative.body;
            } else {
                return encode(alternative, Catalog::type_member);
            }
        },
        event);
}

}  // namespace webhookpp::json

#endif
