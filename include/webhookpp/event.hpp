// Describes once how a struct stands in JSON; decoding, encoding and error paths use that.
#ifndef WEBHOOKPP_EVENT_HPP
#define WEBHOOKPP_EVENT_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <webhookpp/fwd.hpp>
#include <webhookpp/timestamp.hpp>

namespace webhookpp {

/// One JSON value that is neither object nor array, as an engine read it.
struct json_scalar {
    enum class kind : std::uint8_t {
        null,
        boolean,
        integer,           ///< fits into std::int64_t
        unsigned_integer,  ///< fits into std::uint64_t only
        number,            ///< with a fraction or an exponent, or longer than 64 bits
        text,
        out_of_range,  ///< a number that not even a double can hold
    };

    kind which = kind::null;
    bool boolean = false;
    std::int64_t integer = 0;
    std::uint64_t unsigned_integer = 0;
    double number = 0;
    std::string_view text = {};  ///< valid during the call that gets it
};

struct member;

/// How values of one C++ type stand in JSON, with the type erased. Made by `value_traits`.
struct value_type {
    enum class shape : std::uint8_t { scalar, optional, list, object };

    shape which = shape::scalar;

    // A scalar. `assign` returns false when the JSON value does not fit; `read` may put text into
    // the string, which then outlives the result.
    bool (*assign)(void* target, const json_scalar& from) = nullptr;
    json_scalar (*read)(const void* source, std::string& text) = nullptr;

    // An optional or a list: its elements.
    const value_type* element = nullptr;
    void* (*append)(void* target) = nullptr;  ///< a new element, set to its default
    std::size_t (*size)(const void* source) = nullptr;
    const void* (*at)(const void* source, std::size_t index) = nullptr;

    // An object: its members, and the part of it that they describe.
    std::span<const member> (*members)() = nullptr;
    void* (*described_part)(void* target) = nullptr;
    const void* (*const_described_part)(const void* source) = nullptr;
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
                  "std::optional or std::vector of these, a struct with `members`, or a type with "
                  "webhookpp::value_traits of its own");
};

/// A struct that describes its members.
template <class T>
concept described = requires {
    {std::span<const member>(T::members)};
};

namespace detail {

// Its address stands for a type in constant expressions.
template <class T>
inline constexpr char type_tag = 0;

template <class Struct>
consteval bool owns_members(std::span<const member> members);

// The struct that `T::members` describes: `T` itself, or the base that says so.
template <class T>
struct described_struct {
    using type = T;
};
template <class T>
    requires requires {
        typename T::described_by;
    }
struct described_struct<T> {
    using type = typename T::described_by;
};

template <class T>
consteval value_type make_object_type() {
    using part = typename described_struct<T>::type;
    static_assert(std::is_base_of_v<part, T>, "`described_by` has to name the struct or its base");
    static_assert(owns_members<part>(T::members),
                  "`members` lists a field of another struct; a struct that others inherit its "
                  "members from says `using described_by = ` and its own name");
    return {.which = value_type::shape::object,
            .members = [] { return std::span<const member>(T::members); },
            .described_part = [](void* target) -> void* {
                return static_cast<part*>(static_cast<T*>(target));
            },
            .const_described_part = [](const void* source) -> const void* {
                return static_cast<const part*>(static_cast<const T*>(source));
            }};
}

template <class T>
consteval value_type make_value_type() {
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
inline constexpr value_type value_type_of = make_value_type<T>();

template <class T>
struct member_pointer;
template <class Struct, class Value>
struct member_pointer<Value Struct::*> {
    using owner = Struct;
    using value = Value;
};

}  // namespace detail

/// Where a member lies in its struct, and of which type it is.
struct field_reference {
    const value_type* type = nullptr;
    const void* owner = nullptr;  ///< stands for the struct
    void* (*locate)(void* owner) = nullptr;
    const void* (*locate_const)(const void* owner) = nullptr;
};

/// The field that a pointer to member points to: `field<&chart::key>`.
template <auto Pointer>
inline constexpr field_reference field{
    &detail::value_type_of<typename detail::member_pointer<decltype(Pointer)>::value>,
    &detail::type_tag<typename detail::member_pointer<decltype(Pointer)>::owner>,
    [](void* owner) -> void* {
        using owner_type = typename detail::member_pointer<decltype(Pointer)>::owner;
        return &(static_cast<owner_type*>(owner)->*Pointer);
    },
    [](const void* owner) -> const void* {
        using owner_type = typename detail::member_pointer<decltype(Pointer)>::owner;
        return &(static_cast<const owner_type*>(owner)->*Pointer);
    }};

/// A member of a struct and its name in JSON.
///
/// A struct lists its members in `static constexpr webhookpp::member members[]`, in the order in
/// which errors are to be looked for. Structs may inherit list and members from a base that says
/// `using described_by = ` and its own name. A list with fields of another struct does not compile.
struct member {
    std::string_view name;
    field_reference field;
};

namespace detail {

template <class Struct>
consteval bool owns_members(std::span<const member> members) {
    for (const member& each : members) {
        if (each.field.owner != &type_tag<Struct>) return false;
    }
    return true;
}

}  // namespace detail

template <>
struct value_traits<std::string> {
    static bool assign(std::string& target, const json_scalar& from) {
        if (from.which != json_scalar::kind::text) return false;
        target = from.text;
        return true;
    }
    static json_scalar read(const std::string& source, std::string&) {
        return {.which = json_scalar::kind::text, .text = source};
    }
};

template <>
struct value_traits<bool> {
    static bool assign(bool& target, const json_scalar& from) {
        target = from.boolean;
        return from.which == json_scalar::kind::boolean;
    }
    static json_scalar read(const bool& source, std::string&) {
        return {.which = json_scalar::kind::boolean, .boolean = source};
    }
};

/// Integers of any size. A number with a fraction, or out of the type's range, does not fit.
template <std::integral T>
struct value_traits<T> {
    static bool assign(T& target, const json_scalar& from) {
        if (from.which == json_scalar::kind::integer && std::in_range<T>(from.integer)) {
            target = static_cast<T>(from.integer);
            return true;
        }
        if (from.which == json_scalar::kind::unsigned_integer &&
            std::in_range<T>(from.unsigned_integer)) {
            target = static_cast<T>(from.unsigned_integer);
            return true;
        }
        return false;
    }
    static json_scalar read(const T& source, std::string&) {
        if (std::in_range<std::int64_t>(source)) {
            return {.which = json_scalar::kind::integer,
                    .integer = static_cast<std::int64_t>(source)};
        }
        return {.which = json_scalar::kind::unsigned_integer,
                .unsigned_integer = static_cast<std::uint64_t>(source)};
    }
};

/// Floating point: any JSON number that the type can hold at least nearly.
template <std::floating_point T>
struct value_traits<T> {
    static bool assign(T& target, const json_scalar& from) {
        switch (from.which) {
            case json_scalar::kind::integer: target = static_cast<T>(from.integer); return true;
            case json_scalar::kind::unsigned_integer:
                target = static_cast<T>(from.unsigned_integer);
                return true;
            case json_scalar::kind::number:
                target = static_cast<T>(from.number);
                // A narrower type than double may not reach as far.
                return target >= std::numeric_limits<T>::lowest() &&
                       target <= (std::numeric_limits<T>::max)();
            default: return false;
        }
    }
    static json_scalar read(const T& source, std::string&) {
        return {.which = json_scalar::kind::number, .number = static_cast<double>(source)};
    }
};

/// RFC 3339 text.
template <>
struct value_traits<timestamp> {
    static bool assign(timestamp& target, const json_scalar& from) {
        if (from.which != json_scalar::kind::text) return false;
        const auto parsed = timestamp::parse(from.text);
        if (parsed) target = *parsed;
        return parsed.has_value();
    }
    static json_scalar read(const timestamp& source, std::string& text) {
        text = source.to_string();
        return {.which = json_scalar::kind::text, .text = text};
    }
};

/// A member that may be absent or null; both give an empty optional.
template <class T>
struct value_traits<std::optional<T>> {
    static consteval value_type make() {
        return {.which = value_type::shape::optional,
                .element = &detail::value_type_of<T>,
                .append = [](void* target) -> void* {
                    return &static_cast<std::optional<T>*>(target)->emplace();
                },
                .size = [](const void* source) -> std::size_t {
                    return static_cast<const std::optional<T>*>(source)->has_value() ? 1 : 0;
                },
                .at = [](const void* source, std::size_t) -> const void* {
                    return &**static_cast<const std::optional<T>*>(source);
                }};
    }
};

/// A JSON array.
template <class T>
struct value_traits<std::vector<T>> {
    static_assert(!std::is_same_v<T, bool>, "std::vector<bool> has no elements to refer to");

    static consteval value_type make() {
        return {.which = value_type::shape::list,
                .element = &detail::value_type_of<T>,
                .append = [](void* target) -> void* {
                    return &static_cast<std::vector<T>*>(target)->emplace_back();
                },
                .size =
                    [](const void* source) {
                        return static_cast<const std::vector<T>*>(source)->size();
                    },
                .at = [](const void* source, std::size_t index) -> const void* {
                    return &(*static_cast<const std::vector<T>*>(source))[index];
                }};
    }
};

}  // namespace webhookpp

#endif
