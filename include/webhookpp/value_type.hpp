// SPDX-License-Identifier: MIT
// How a C++ type stands in JSON, with the type erased: what decoding and encoding work from.
#ifndef WEBHOOKPP_VALUE_TYPE_HPP
#define WEBHOOKPP_VALUE_TYPE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <webhookpp/fwd.hpp>

namespace webhookpp {

/// One JSON value that is neither object nor array, as an engine read it; or the text of any value.
struct json_scalar {
    /// What a value is.
    enum class kind : std::uint8_t {
        null,              ///< `null`
        boolean,           ///< `true` or `false`
        integer,           ///< fits into std::int64_t
        unsigned_integer,  ///< fits into std::uint64_t only
        number,            ///< with a fraction or an exponent, or longer than 64 bits
        text,              ///< a string, without its quotes and escapes
        out_of_range,      ///< a number that not even a double can hold
        json,              ///< the JSON text of any value, in `text`; from an engine: array, object
    };

    kind which = kind::null;             ///< what the value is
    bool boolean = false;                ///< of a boolean
    std::int64_t integer = 0;            ///< of an integer
    std::uint64_t unsigned_integer = 0;  ///< of an unsigned integer
    double number = 0;                   ///< of a number
    std::string_view text = {};          ///< valid during the call that gets it
};

struct member;

namespace detail {
class member_names;
}

/// How values of one C++ type stand in JSON. Made by `value_traits`.
struct value_type {
    /// What values of a type are.
    enum class shape : std::uint8_t { scalar, json_text, optional, list, map, object };

    shape which = shape::scalar;  ///< what values of the type are

    // A scalar, or JSON text (which is given and taken as a scalar of that kind).

    /// Sets `target` to `from`. False when the JSON value does not fit.
    bool (*assign)(void* target, const json_scalar& from) = nullptr;

    /// The value of `source`. May put text into `text`, which then has to outlive the result.
    json_scalar (*read)(const void* source, std::string& text) = nullptr;

    void (*reset)(void* target) = nullptr;  ///< to the default

    // An optional, a list or a map: its elements.
    const value_type* element = nullptr;                ///< of which type they are
    void* (*append)(void* target) = nullptr;            ///< a new element, set to its default
    std::size_t (*size)(const void* source) = nullptr;  ///< how many elements
    const void* (*at)(const void* source, std::size_t index) = nullptr;  ///< one of them

    /// A list: makes room for `size` elements, or for as many as may be made on a sender's word.
    void (*reserve)(void* target, std::size_t size) = nullptr;

    // A map.
    void* (*insert)(void* target, std::string_view key) = nullptr;  ///< null if the key is there
    void (*erase)(void* target, std::string_view key) = nullptr;    ///< the element of a key

    /// Calls `visit`, with `context`, for all.
    void (*for_each)(const void* source, void* context,
                     void (*visit)(void* context, std::string_view key,
                                   const void* value)) = nullptr;

    // An object.

    /// Its members, in the order of their description.
    std::span<const member> (*members)() = nullptr;
    const detail::member_names* names = nullptr;      ///< finds them
    void* (*described_part)(void* target) = nullptr;  ///< the part that they describe
};

/// How `T` stands in JSON. Specialise it for a scalar type of your own:
/// ```
/// template <> struct webhookpp::value_traits<my_id> {
///     static bool assign(my_id& target, const json_scalar& from);
///     static json_scalar read(const my_id& source, std::string& text);
/// };
/// ```
template <class T>
struct value_traits {
    static_assert(!std::is_same_v<T, T>,
                  "a member has to be text (std::string), a number, bool, webhookpp::timestamp, "
                  "local_time, open_enum or raw_json, std::optional, std::vector or a "
                  "string-keyed map of these, a struct with `members`, a type with nlohmann's "
                  "from_json (include webhookpp/json/nlohmann.hpp), or a type with "
                  "webhookpp::value_traits of its own");
};

/// A struct that describes its members.
template <class T>
concept described = requires {
    {std::span<const member>(T::members)};
};

namespace detail {

template <described T>
consteval value_type make_object_type();

template <class T>
consteval value_type make_shape() {
    if constexpr (described<T>) {
        return make_object_type<T>();
    } else if constexpr (requires { value_traits<T>::make(); }) {
        return value_traits<T>::make();
    } else {
        return {.assign =
                    [](void* target, const json_scalar& from) {
                        return value_traits<T>::assign(*static_cast<T*>(target), from);
                    },
                .read =
                    [](const void* source, std::string& text) {
                        return value_traits<T>::read(*static_cast<const T*>(source), text);
                    }};
    }
}

template <class T>
consteval value_type make_value_type() {
    value_type type = make_shape<T>();
    type.reset = [](void* target) { *static_cast<T*>(target) = T(); };
    return type;
}

template <class T>
inline constexpr value_type value_type_of = make_value_type<T>();

}  // namespace detail

}  // namespace webhookpp

#endif
