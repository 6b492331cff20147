// SPDX-License-Identifier: MIT
// The types that members of events may have.
#ifndef WEBHOOKPP_VALUE_TRAITS_HPP
#define WEBHOOKPP_VALUE_TRAITS_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <webhookpp/local_time.hpp>
#include <webhookpp/open_enum.hpp>
#include <webhookpp/raw_json.hpp>
#include <webhookpp/timestamp.hpp>
#include <webhookpp/value_type.hpp>

namespace webhookpp {

/// Text: a JSON string.
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

/// `true` or `false`.
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

namespace detail {

/// An integer that is no character.
template <class T>
concept integer =
    std::integral<T> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

}  // namespace detail

/// Integers of any size. A number with a fraction, or out of the type's range, does not fit.
template <detail::integer T>
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

namespace detail {

// Types that are made from text by `parse` and written by `to_string`.
template <class T>
struct text_traits {
    static bool assign(T& target, const json_scalar& from) {
        if (from.which != json_scalar::kind::text) return false;
        const auto parsed = T::parse(from.text);
        if (parsed) target = *parsed;
        return parsed.has_value();
    }
    static json_scalar read(const T& source, std::string& text) {
        text = source.to_string();
        return {.which = json_scalar::kind::text, .text = text};
    }
};

}  // namespace detail

/// RFC 3339 text.
template <>
struct value_traits<timestamp> : detail::text_traits<timestamp> {};

/// ISO 8601 text without a zone.
template <>
struct value_traits<local_time> : detail::text_traits<local_time> {};

/// Any text; the enumerators that are known are told apart.
template <class Enum>
struct value_traits<open_enum<Enum>> {
    static bool assign(open_enum<Enum>& target, const json_scalar& from) {
        if (from.which != json_scalar::kind::text) return false;
        target = open_enum<Enum>(from.text);
        return true;
    }
    static json_scalar read(const open_enum<Enum>& source, std::string&) {
        return {.which = json_scalar::kind::text, .text = source.text()};
    }
};

/// Any JSON value, kept as it stands in the body.
template <>
struct value_traits<raw_json> {
    static consteval value_type make() {
        return {.which = value_type::shape::json_text,
                .assign =
                    [](void* target, const json_scalar& from) {
                        *static_cast<raw_json*>(target) = raw_json(std::string(from.text));
                        return true;
                    },
                .read = [](const void* source, std::string&) -> json_scalar {
                    return {.which = json_scalar::kind::json,
                            .text = static_cast<const raw_json*>(source)->text()};
                }};
    }
};

/// A member that may be absent or null; both give an empty optional.
template <class T>
struct value_traits<std::optional<T>> {
    static_assert(detail::value_type_of<T>.which != value_type::shape::optional,
                  "an optional within an optional: absent and null are the same");

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
                },
                .reserve =
                    [](void* target, std::size_t size) {
                        static_cast<std::vector<T>*>(target)->reserve(
                            size < most_reserved ? size : most_reserved);
                    }};
    }

private:
    // Elements that turn out bad may be much smaller in JSON.
    static constexpr std::size_t most_reserved = std::size_t{16} * 1024 / sizeof(T) + 1;
};

namespace detail {

/// A map whose keys are text, such as `std::map<std::string, T>`.
template <class T>
concept string_keyed_map = std::same_as<typename T::key_type, std::string> &&
    requires(T& map, std::string key) {
    typename T::mapped_type;
    { map.try_emplace(std::move(key)).second } -> std::convertible_to<bool>;
};

}  // namespace detail

/// A JSON object whose member names are data. A name that stands there twice makes it bad.
template <detail::string_keyed_map T>
struct value_traits<T> {
    static consteval value_type make() {
        using element = typename T::mapped_type;
        return {
            .which = value_type::shape::map,
            .element = &detail::value_type_of<element>,
            .insert = [](void* target, std::string_view key) -> void* {
                const auto added = static_cast<T*>(target)->try_emplace(std::string(key));
                return added.second ? &added.first->second : nullptr;
            },
            .erase = [](void* target,
                        std::string_view key) { static_cast<T*>(target)->erase(std::string(key)); },
            .for_each =
                [](const void* source, void* context,
                   void (*visit)(void*, std::string_view, const void*)) {
                    for (const auto& [key, value] : *static_cast<const T*>(source)) {
                        visit(context, key, &value);
                    }
                }};
    }
};

}  // namespace webhookpp

#endif
