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

/// Whether a value of a type, or one in it, is given as its text.
[[nodiscard]] constexpr bool needs_text(const value_type& type) noexcept {
    switch (type.which) {
        case value_type::shape::scalar: return false;
        case value_type::shape::json_text: return true;
        case value_type::shape::optional:
        case value_type::shape::list:
        case value_type::shape::map: return needs_text(*type.element);
        case value_type::shape::object: break;
    }
    for (const member& each : type.members()) {
        if (needs_text(*each.field.type)) return true;
    }
    return false;
}

/// Decodes values of one engine. Each function returns whether that went well; if not, `failure`
/// says what is bad.
template <class Value>
class decoder {
public:
    /// `text`: of the outermost value; or null, for a type that does not need it. `known`: a member
    /// of the outermost object that is nobody's concern any more. `lenient`: a bad member is left
    /// at its default, and makes nothing else bad.
    decoder(source_text* text, std::string_view known, bool lenient = false) noexcept
        : text_(text), known_(known), lenient_(lenient) {}

    bool decode(const Value& from, const value_type& described, void* target, const step* path) {
        const value_type* type = &described;
        if (type->which == value_type::shape::optional) {
            if (from.is_null()) {
                if (text_) text_->skip_value();
                return true;
            }
            target = type->append(target);
            type = type->element;
        }
        if (type->which != value_type::shape::scalar) {
            return decode_compound(from, *type, target, path);
        }
        if (from.is_object() || from.is_array()) return bad(path);
        const json_scalar scalar = from.scalar();
        if (text_) text_->skip_value(scalar.text.size());
        return type->assign(target, scalar) || bad(path);
    }

    [[nodiscard]] const error& failure() const noexcept { return failure_; }

private:
    static constexpr std::size_t none = SIZE_MAX;

    bool bad(const step* path) {
        error found{errc::invalid_payload, {}};
        write_path(found.where, path);
        failure_ = found;
        return false;
    }

    // Past a value that the text stands before. Returns its text.
    std::string_view skip(const Value& from) {
        if (!text_) return {};
        const char* const begin = text_->position();
        const bool is_scalar = !from.is_object() && !from.is_array();
        text_->skip_value(is_scalar ? from.scalar().text.size() : 0);
        return text_->since(begin);
    }

    bool decode_compound(const Value& from, const value_type& type, void* target,
                         const step* path) {
        switch (type.which) {
            case value_type::shape::object: return decode_object(from, type, target, path);
            case value_type::shape::map: return decode_map(from, type, target, path);
            case value_type::shape::list: return decode_list(from, type, target, path);
            case value_type::shape::json_text:
            case value_type::shape::scalar:
            case value_type::shape::optional: break;
        }
        const json_scalar whole{.which = json_scalar::kind::json, .text = skip(from)};
        return type.assign(target, whole) || bad(path);
    }

    // An object on the way through its members.
    struct open_object {
        const value_type& type;
        std::span<const member> members;
        void* owner;
        const step* path;
        webhookpp::detail::member_set seen = {};
        std::size_t first_bad = none;
        std::size_t expected = 0;
    };

    // Of all bad members the first of the description is reported, so that every engine and every
    // order of the document gives the same error. So what stands behind a bad one in the
    // description need not be decoded any more.
    bool decode_object(const Value& from, const value_type& type, void* target, const step* path) {
        if (!from.is_object()) return bad(path);
        open_object here{type, type.members(), type.described_part(target), path};
        if (text_) text_->enter();
        from.for_each_member([&](std::string_view name, const Value& value) {
            if (!text_) {
                decode_member(here, name, value);
                return;
            }
            text_->to_member(name);
            const char* const begin = text_->position();
            if (decode_member(here, name, value)) return;
            text_->go_back(begin);
            skip(value);
        });
        if (text_) text_->leave();
        if (lenient_) return true;
        const std::size_t missing = here.seen.first_missing(type.names->required());
        if (missing >= here.first_bad) return here.first_bad == none;
        const step last{path, here.members[missing].name};
        return bad(&last);
    }

    bool decode_member(open_object& of, std::string_view name, const Value& value) {
        const std::size_t i = of.type.names->find(of.members, name, of.expected);
        if (i >= of.members.size()) return keep_other(of, name, value);
        of.expected = i + 1;
        const bool doubled = !of.seen.add(i);
        if (i > of.first_bad) return false;
        const step here{of.path, of.members[i].name};
        const field_reference& field = of.members[i].field;
        if (doubled ? bad(&here) : decode(value, *field.type, field.locate(of.owner), &here)) {
            return true;
        }
        if (lenient_) {
            field.type->reset(field.locate(of.owner));
        } else {
            of.first_bad = i;
        }
        return false;
    }

    // No description speaks of this member, so neither a wrong type nor a second one is bad.
    bool keep_other(const open_object& of, std::string_view name, const Value& value) {
        const member* const others = of.type.names->others();
        if (!others || of.first_bad != none || (!of.path && name == known_)) return false;
        const value_type& map = *others->field.type;
        void* const kept = others->field.locate(of.owner);
        void* const element = map.insert(kept, name);
        if (!element) return false;
        const step here = map_step(of.path, name, 0);
        if (decode(value, *map.element, element, &here)) return true;
        map.erase(kept, name);
        return false;
    }

    bool decode_map(const Value& from, const value_type& type, void* target, const step* path) {
        if (!from.is_object()) return bad(path);
        if (text_) text_->enter();
        bool good = true;
        std::size_t index = 0;
        from.for_each_member([&](std::string_view name, const Value& value) {
            const step here = map_step(path, name, index++);
            if (!good) return;
            if (text_) text_->to_member(name);
            void* const element = type.insert(target, name);
            good = element ? decode(value, *type.element, element, &here) : bad(&here);
        });
        if (text_) text_->leave();
        return good;
    }

    bool decode_list(const Value& from, const value_type& type, void* target, const step* path) {
        if (!from.is_array()) return bad(path);
        if (text_) text_->enter();
        if (type.reserve) type.reserve(target, from.size());
        std::size_t index = 0;
        const bool good = from.for_each_element([&](const Value& element) {
            if (text_) text_->to_element();
            const step here{path, {}, index++, true};
            return decode(element, *type.element, type.append(target), &here);
        });
        if (text_) text_->leave();
        return good;
    }

    source_text* text_;
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
    constexpr bool needs_text = detail::needs_text(type);
    source_text source(text);
    detail::decoder<Value> decoder(needs_text ? &source : nullptr, type_member);
    if (decoder.decode(from, type, &target, nullptr)) return {};
    return unexpected(decoder.failure());
}

/// Decodes what fits: a member that is bad stays at its default.
template <class T, class Value>
void decode_what_fits(const Value& from, T& target, std::string_view text,
                      std::string_view type_member = {}) {
    constexpr const value_type& type = webhookpp::detail::value_type_of<T>;
    constexpr bool needs_text = detail::needs_text(type);
    source_text source(text);
    detail::decoder<Value> decoder(needs_text ? &source : nullptr, type_member, true);
    static_cast<void>(decoder.decode(from, type, &target, nullptr));
}

}  // namespace webhookpp::json

#endif
