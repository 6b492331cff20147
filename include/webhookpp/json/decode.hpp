// Fills a described struct from a JSON document, whichever engine read that.
#ifndef WEBHOOKPP_JSON_DECODE_HPP
#define WEBHOOKPP_JSON_DECODE_HPP

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <webhookpp/event.hpp>
#include <webhookpp/json/source_text.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::json {

namespace detail {

/// A step on the way from the root to a value. The steps live on the stack of the decoder, whose
/// depth is that of the description and not of the document.
struct step {
    const step* above = nullptr;
    std::string_view name = {};
    std::size_t index = 0;
    bool is_index = false;
};

inline void write_path(decltype(error::where)& path, const step* last) {
    if (!last) return;
    write_path(path, last->above);
    if (last->is_index) {
        char digits[24];
        const char* const end = std::to_chars(digits, digits + sizeof digits, last->index).ptr;
        path.append("[").append({digits, static_cast<std::size_t>(end - digits)}).append("]");
    } else {
        if (!path.empty()) path.append(".");
        path.append(last->name);
    }
}

/// The step to a value of a map. Its key comes from the body, so it is shown only if it is short
/// and plain, else its number.
[[nodiscard]] constexpr step map_step(const step* above, std::string_view key,
                                      std::size_t index) noexcept {
    bool plain = !key.empty() && key.size() <= 16;
    for (const char c : key) {
        plain = plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '_' || c == '-');
    }
    return {above, key, index, !plain};
}

/// Decodes values of one engine. Each function returns whether that went well; if not, `failure`
/// says what is bad.
template <class Value>
class decoder {
public:
    /// `known`: a member of the outermost object that is nobody's concern any more. `lenient`: a
    /// bad member is left at its default, and makes nothing else bad.
    explicit decoder(std::string_view known, bool lenient = false) noexcept
        : known_(known), lenient_(lenient) {}

    bool decode(const Value& from, const value_type& type, void* target, source_text& text,
                const step* path) {
        switch (type.which) {
            case value_type::shape::object: return decode_object(from, type, target, text, path);
            case value_type::shape::map: return decode_map(from, type, target, text, path);
            case value_type::shape::list: return decode_list(from, type, target, text, path);
            case value_type::shape::scalar:
                if (from.is_object() || from.is_array()) return bad(path);
                return type.assign(target, from.scalar()) || bad(path);
            case value_type::shape::json_text: {
                const json_scalar whole{.which = json_scalar::kind::json, .text = text.value()};
                return type.assign(target, whole) || bad(path);
            }
            case value_type::shape::optional: break;
        }
        return from.is_null() || decode(from, *type.element, type.append(target), text, path);
    }

    [[nodiscard]] const error& failure() const noexcept { return failure_; }

private:
    static constexpr std::size_t none = SIZE_MAX;

    bool bad(const step* path) {
        failure_ = {errc::invalid_payload, {}};
        write_path(failure_.where, path);
        return false;
    }

    // Of all bad members the first of the description is reported, so that every engine and every
    // order of the document gives the same error. So what stands behind a bad one in the
    // description need not be decoded any more.
    bool decode_object(const Value& from, const value_type& type, void* target, source_text& text,
                       const step* path) {
        if (!from.is_object()) return bad(path);
        const auto members = type.members();
        void* const owner = type.described_part(target);
        webhookpp::detail::member_set seen;
        std::size_t first_bad = none;
        std::size_t expected = 0;
        source_text source(text, true);
        from.for_each_member([&](std::string_view name, const Value& value) {
            source.next();
            const std::size_t i = type.names->find(members, name, expected);
            if (i >= members.size()) {
                if (first_bad == none && (path || name != known_)) {
                    keep_other(value, type, owner, source, map_step(path, name, 0));
                }
                return;
            }
            expected = i + 1;
            const bool doubled = !seen.add(i);
            if (i > first_bad) return;
            const step here{path, members[i].name};
            const field_reference& field = members[i].field;
            const bool good = doubled
                                  ? bad(&here)
                                  : decode(value, *field.type, field.locate(owner), source, &here);
            if (good) return;
            if (lenient_) {
                field.type->reset(field.locate(owner));
            } else {
                first_bad = i;
            }
        });
        if (lenient_) return true;
        const std::size_t missing = seen.first_missing(type.names->required());
        if (missing >= first_bad) return first_bad == none;
        const step here{path, members[missing].name};
        return bad(&here);
    }

    // No description speaks of this member, so neither a wrong type nor a second one is bad.
    void keep_other(const Value& from, const value_type& type, void* owner, source_text& text,
                    const step& here) {
        const member* const others = type.names->others();
        if (!others) return;
        const value_type& map = *others->field.type;
        void* const kept = others->field.locate(owner);
        void* const element = map.insert(kept, here.name);
        if (!element || decode(from, *map.element, element, text, &here)) return;
        map.erase(kept, here.name);
    }

    bool decode_map(const Value& from, const value_type& type, void* target, source_text& text,
                    const step* path) {
        if (!from.is_object()) return bad(path);
        source_text source(text, true);
        bool good = true;
        std::size_t index = 0;
        from.for_each_member([&](std::string_view name, const Value& value) {
            source.next();
            const step here = map_step(path, name, index++);
            if (!good) return;
            void* const element = type.insert(target, name);
            good = element ? decode(value, *type.element, element, source, &here) : bad(&here);
        });
        return good;
    }

    bool decode_list(const Value& from, const value_type& type, void* target, source_text& text,
                     const step* path) {
        if (!from.is_array()) return bad(path);
        source_text source(text, false);
        std::size_t index = 0;
        return from.for_each_element([&](const Value& element) {
            source.next();
            const step here{path, {}, index++, true};
            return decode(element, *type.element, type.append(target), source, &here);
        });
    }

    std::string_view known_;
    bool lenient_;
    error failure_;
};

}  // namespace detail

/// Decodes `from` into `target`, a default constructed struct with described members. `text` is the
/// JSON text that an engine read `from` from; no longer needed afterwards. `type_member` names the
/// one that told the type of an event: it is not among the `other_members`.
///
/// Errors: `invalid_payload` with the path of the first bad member, in the order of the
/// description. A member is bad when it is absent (and not optional), doubled, of another type or
/// out of range.
template <class T, class Value>
[[nodiscard]] result<void> decode(const Value& from, T& target, std::string_view text,
                                  std::string_view type_member = {}) {
    constexpr const value_type& type = webhookpp::detail::value_type_of<T>;
    detail::decoder<Value> decoder(type_member);
    source_text source(text);
    if (decoder.decode(from, type, &target, source, nullptr)) return {};
    return unexpected(decoder.failure());
}

/// Decodes what fits: a member that is bad stays at its default.
template <class T, class Value>
void decode_what_fits(const Value& from, T& target, std::string_view text,
                      std::string_view type_member = {}) {
    detail::decoder<Value> decoder(type_member, true);
    source_text source(text);
    static_cast<void>(
        decoder.decode(from, webhookpp::detail::value_type_of<T>, &target, source, nullptr));
}

}  // namespace webhookpp::json

#endif
