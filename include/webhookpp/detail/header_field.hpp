// SPDX-License-Identifier: MIT
// One header as host programs hold it, recognised by shape.
#ifndef WEBHOOKPP_DETAIL_HEADER_FIELD_HPP
#define WEBHOOKPP_DETAIL_HEADER_FIELD_HPP

#include <concepts>
#include <type_traits>

#include <webhookpp/detail/host_text.hpp>

namespace webhookpp::detail {

template <class T>
concept text_value = text<std::remove_cvref_t<T>>;

template <class T>
concept text_list = !text<T> && requires(const T& list) {
    std::begin(list) != std::end(list);
    { *std::begin(list) } -> text_value;
};

// The second part of a pair: text, several, or an object that has it.
template <class T>
concept pair_value = text<T> || text_list<T> || requires(const T& t) {
    { t.value() } -> text_value;
} || requires(const T& t) {
    { t.value } -> text_value;
};

template <class T>
concept pair_field = requires(const T& field) {
    { field.first } -> text_value;
    requires pair_value<std::remove_cvref_t<decltype(field.second)>>;
};
template <class T>
concept name_string_field = requires(const T& field) {
    { field.name_string() } -> text_value;
    { field.value() } -> text_value;
};
template <class T>
concept name_function_field = requires(const T& field) {
    { field.name() } -> text_value;
    { field.value() } -> text_value;
};
template <class T>
concept name_member_field = requires(const T& field) {
    { field.name } -> text_value;
    { field.value } -> text_value;
};
template <class T>
concept key_member_field = requires(const T& field) {
    { field.key } -> text_value;
    { field.value } -> text_value;
};

/// A header in one of the forms that HTTP servers have.
template <class T>
concept header_field = pair_field<T> || name_string_field<T> || name_function_field<T> ||
    name_member_field<T> || key_member_field<T>;

template <text Name, class Value, class Sink>
void show_pair(const Name& name, const Value& value, const Sink& sink) {
    if constexpr (text<Value>) {
        sink(text_of(name), text_of(value));
    } else if constexpr (text_list<Value>) {
        for (auto&& each : value) sink(text_of(name), text_of(each));
    } else if constexpr (requires {
                             { value.value() } -> text_value;
                         }) {
        sink(text_of(name), text_of(value.value()));
    } else {
        sink(text_of(name), text_of(value.value));
    }
}

/// Hands name and value of `field` to `sink`: once for each value that it has.
template <header_field T, class Sink>
void show_field(const T& field, const Sink& sink) {
    if constexpr (pair_field<T>) {
        show_pair(field.first, field.second, sink);
    } else if constexpr (name_string_field<T>) {
        // Boost.Beast, whose name() is a number.
        sink(text_of(field.name_string()), text_of(field.value()));
    } else if constexpr (name_function_field<T>) {
        sink(text_of(field.name()), text_of(field.value()));
    } else if constexpr (name_member_field<T>) {
        sink(text_of(field.name), text_of(field.value));
    } else {
        sink(text_of(field.key), text_of(field.value));
    }
}

}  // namespace webhookpp::detail

#endif
