// Fills a described struct from a JSON document, whichever engine read that.
#ifndef WEBHOOKPP_JSON_DECODE_HPP
#define WEBHOOKPP_JSON_DECODE_HPP

#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <webhookpp/event.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::json {

namespace detail {

// A step on the way from the root to a value. The steps live on the stack of the decoder, whose
// depth is that of the description and not of the document.
struct step {
    const step* above = nullptr;
    std::string_view name;
    std::optional<std::size_t> index;
};

inline void write_path(decltype(error::where)& path, const step* last) {
    if (!last) return;
    write_path(path, last->above);
    if (last->index) {
        char digits[24];
        const char* const end = std::to_chars(digits, digits + sizeof digits, *last->index).ptr;
        path.append("[").append({digits, static_cast<std::size_t>(end - digits)}).append("]");
    } else {
        if (!path.empty()) path.append(".");
        path.append(last->name);
    }
}

[[nodiscard]] inline result<void> bad_member(const step* where) {
    error bad{errc::invalid_payload, {}};
    write_path(bad.where, where);
    return unexpected(bad);
}

template <class Value>
[[nodiscard]] result<void> decode(const Value& from, const value_type& type, void* target,
                                  const step* path);

// Members are looked at in the order of the description, so that every engine and every order of
// the document gives the same error first.
template <class Value>
[[nodiscard]] result<void> decode_object(const Value& from, const value_type& type, void* target,
                                         const step* path) {
    struct found {
        std::optional<Value> value;
        bool doubled = false;
    };
    if (!from.is_object()) return bad_member(path);
    const auto members = type.members();
    std::vector<found> all(members.size());
    from.for_each_member([&](std::string_view name, const Value& value) {
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (members[i].name != name) continue;
            all[i].doubled = all[i].value.has_value();
            all[i].value = value;
            return;
        }
    });
    for (std::size_t i = 0; i < members.size(); ++i) {
        const step here{path, members[i].name, std::nullopt};
        const field_reference& field = members[i].field;
        if (all[i].doubled) return bad_member(&here);
        if (!all[i].value) {
            if (field.type->which == value_type::shape::optional) continue;
            return bad_member(&here);
        }
        auto decoded =
            decode(*all[i].value, *field.type, field.locate(type.described_part(target)), &here);
        if (!decoded) return decoded;
    }
    return {};
}

template <class Value>
result<void> decode(const Value& from, const value_type& type, void* target, const step* path) {
    switch (type.which) {
        case value_type::shape::object: return decode_object(from, type, target, path);
        case value_type::shape::scalar: {
            if (from.is_object() || from.is_array()) return bad_member(path);
            if (!type.assign(target, from.scalar())) return bad_member(path);
            return {};
        }
        case value_type::shape::optional: {
            const bool null = !from.is_object() && !from.is_array() &&
                              from.scalar().which == json_scalar::kind::null;
            if (null) return {};
            return decode(from, *type.element, type.append(target), path);
        }
        case value_type::shape::list: break;
    }
    if (!from.is_array()) return bad_member(path);
    result<void> decoded;
    std::size_t index = 0;
    static_cast<void>(from.for_each_element([&](const Value& element) {
        const step here{path, {}, index++};
        decoded = decode(element, *type.element, type.append(target), &here);
        return decoded.has_value();
    }));
    return decoded;
}

}  // namespace detail

/// Decodes `from` into `target`, a default constructed struct with described members.
///
/// Errors: `invalid_payload` with the path of the first bad member, in the order of the
/// description. A member is bad when it is absent (and not optional), doubled, of another type or
/// out of range.
template <described T, class Value>
[[nodiscard]] result<void> decode(const Value& from, T& target) {
    return detail::decode(from, webhookpp::detail::value_type_of<T>, &target, nullptr);
}

}  // namespace webhookpp::json

#endif
