// Writes described structs as JSON text.
#ifndef WEBHOOKPP_JSON_ENCODE_HPP
#define WEBHOOKPP_JSON_ENCODE_HPP

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include <webhookpp/catalog.hpp>
#include <webhookpp/event.hpp>

namespace webhookpp::json {

namespace detail {

[[nodiscard]] inline ::nlohmann::ordered_json encode_scalar(const json_scalar& value) {
    switch (value.which) {
        case json_scalar::kind::boolean: return value.boolean;
        case json_scalar::kind::integer: return value.integer;
        case json_scalar::kind::unsigned_integer: return value.unsigned_integer;
        case json_scalar::kind::number: return value.number;
        case json_scalar::kind::text: return std::string(value.text);
        case json_scalar::kind::null:
        case json_scalar::kind::out_of_range: break;
    }
    return nullptr;
}

[[nodiscard]] inline ::nlohmann::ordered_json encode(const value_type& type, const void* source) {
    if (type.which == value_type::shape::scalar) {
        std::string text;
        return encode_scalar(type.read(source, text));
    }
    if (type.which == value_type::shape::optional) {
        return type.size(source) == 0 ? ::nlohmann::ordered_json(nullptr)
                                      : encode(*type.element, type.at(source, 0));
    }
    if (type.which == value_type::shape::list) {
        auto list = ::nlohmann::ordered_json::array();
        for (std::size_t i = 0; i < type.size(source); ++i) {
            list.push_back(encode(*type.element, type.at(source, i)));
        }
        return list;
    }
    auto object = ::nlohmann::ordered_json::object();
    for (const member& each : type.members()) {
        const void* const value = each.field.locate_const(type.const_described_part(source));
        const value_type& of = *each.field.type;
        if (of.which == value_type::shape::optional && of.size(value) == 0) continue;
        object[std::string(each.name)] = encode(of, value);
    }
    return object;
}

}  // namespace detail

/// `source` as one line of JSON text, with the names of its description. Empty optional members are
/// left out, timestamps are written in UTC, and text that is not UTF-8 gets U+FFFD for what is
/// wrong.
///
/// For an event (a struct with a `type`), `type_member` comes first and holds the event type.
template <described T>
[[nodiscard]] std::string encode(const T& source, const std::string& type_member = "type") {
    auto object = ::nlohmann::ordered_json::object();
    if constexpr (event_type<T>) object[type_member] = std::string(T::type);
    object.update(detail::encode(webhookpp::detail::value_type_of<T>, &source));
    return object.dump(-1, ' ', false, ::nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace webhookpp::json

#endif
