// SPDX-License-Identifier: MIT
// Fills a described struct from a JSON document, whichever engine read that.
#ifndef WEBHOOKPP_JSON_DECODE_HPP
#define WEBHOOKPP_JSON_DECODE_HPP

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/event.hpp>
#include <webhookpp/json/source_text.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::json {

namespace detail {

/// An object or array that is being decoded, and which of its members or elements. They live on the
/// stack of the decoder, whose depth is that of the description and not of the document.
struct place {
    const place* above = nullptr;  ///< what this object or array is in; null: the outermost
    std::string_view name = {};    ///< of the member; without data, its number is shown
    std::size_t index = 0;
};

inline void write_path(decltype(error::where)& path, const place* last) {
    if (!last) return;
    write_path(path, last->above);
    if (last->name.data()) {
        if (!path.empty()) path.append(".");
        path.append(last->name);
    } else {
        char digits[24];
        const char* const end = std::to_chars(digits, digits + sizeof digits, last->index).ptr;
        path.append("[").append({digits, static_cast<std::size_t>(end - digits)}).append("]");
    }
}

/// A key of a map as paths show it. It comes from the body: itself only if it is short and plain.
[[nodiscard]] constexpr std::string_view shown_key(std::string_view key) noexcept {
    bool plain = !key.empty() && key.size() <= 16;
    for (const char c : key) {
        plain = plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '_' || c == '-');
    }
    return plain ? key : std::string_view();
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

    /// `at`: where `from` is; null for the outermost value.
    bool decode(Value from, const value_type& described, void* target, const place* at) {
        const value_type* type = &described;
        if (type->which == value_type::shape::optional) {
            if (from.is_null()) {
                if (text_) text_->skip_value();
                return true;
            }
            target = type->append(target);
            type = type->element;
        }
        // What most members are, without calls.
        if (type == &webhookpp::detail::value_type_of<std::string>) {
            std::string_view text;
            if (!from.get_text(text)) return bad(at);
            static_cast<std::string*>(target)->assign(text);
            if (text_) text_->skip_value(text.size());
            return true;
        }
        if (type->which != value_type::shape::scalar) {
            return decode_compound(from, *type, target, at);
        }
        const json_scalar scalar = from.scalar();
        if (scalar.which == json_scalar::kind::json) return bad(at);
        if (text_) text_->skip_value(scalar.text.size());
        return type->assign(target, scalar) || bad(at);
    }

    [[nodiscard]] const error& failure() const noexcept { return failure_; }

private:
    static constexpr std::size_t none = SIZE_MAX;

    bool bad(const place* at) {
        if (passing_over_) return false;
        failure_ = error{errc::invalid_payload, {}};
        write_path(failure_.where, at);
        return false;
    }

    // Past a value that the text stands before. Returns its text.
    std::string_view skip(Value from) {
        if (!text_) return {};
        const char* const begin = text_->position();
        text_->skip_value(from.scalar().text.size());
        return text_->since(begin);
    }

    bool decode_compound(Value from, const value_type& type, void* target, const place* at) {
        switch (type.which) {
            case value_type::shape::object: return decode_object(from, type, target, at);
            case value_type::shape::map: return decode_map(from, type, target, at);
            case value_type::shape::list: return decode_list(from, type, target, at);
            case value_type::shape::json_text:
            case value_type::shape::scalar:
            case value_type::shape::optional: break;
        }
        const json_scalar whole{.which = json_scalar::kind::json, .text = skip(from)};
        return type.assign(target, whole) || bad(at);
    }

    // An object on the way through its members.
    struct open_object {
        const value_type& type;
        std::span<const member> members;
        void* owner;
        place here;
        webhookpp::detail::member_set seen = {};
        std::size_t first_bad = none;
        std::size_t expected = 0;
    };

    // Of all bad members the first of the description is reported, so that every engine and every
    // order of the document gives the same error. So what stands behind a bad one in the
    // description need not be decoded any more.
    bool decode_object(Value from, const value_type& type, void* target, const place* above) {
        if (!from.is_object()) return bad(above);
        open_object open{type, type.members(), type.described_part(target), {.above = above}};
        if (text_) text_->enter();
        from.for_each_member([&](std::string_view name, Value value) {
            const char* begin = nullptr;
            if (text_) {
                text_->to_member(name);
                begin = text_->position();
            }
            if (decode_member(open, name, value) || !text_) return;
            text_->go_back(begin);
            skip(value);
        });
        if (text_) text_->leave();
        if (lenient_) return true;
        const std::size_t missing = open.seen.first_missing(type.names->required());
        if (missing >= open.first_bad) return open.first_bad == none;
        open.here.name = open.members[missing].name;
        return bad(&open.here);
    }

    // Returns whether the value was gone through.
    bool decode_member(open_object& of, std::string_view name, Value value) {
        const std::size_t i = of.type.names->find(of.members, name, of.expected);
        if (i >= of.members.size()) return keep_other(of, name, value);
        of.expected = i + 1;
        const bool doubled = !of.seen.add(i);
        if (i > of.first_bad) return false;
        const member& described = of.members[i];
        of.here.name = described.name;
        void* const target = described.field.locate(of.owner);
        if (doubled ? bad(&of.here) : decode(value, *described.field.type, target, &of.here)) {
            return true;
        }
        if (lenient_) {
            described.field.type->reset(target);
        } else {
            of.first_bad = i;
        }
        return false;
    }

    // No description speaks of this member, so neither a wrong type nor a second one is bad.
    bool keep_other(open_object& of, std::string_view name, Value value) {
        const member* const others = of.type.names->others();
        if (!others || of.first_bad != none || (!of.here.above && name == known_)) return false;
        const value_type& map = *others->field.type;
        void* const kept = others->field.locate(of.owner);
        void* const element = map.insert(kept, name);
        if (!element) return false;
        const bool outer = std::exchange(passing_over_, true);
        const bool fits = decode(value, *map.element, element, &of.here);
        passing_over_ = outer;
        if (!fits) map.erase(kept, name);
        return fits;
    }

    bool decode_map(Value from, const value_type& type, void* target, const place* above) {
        if (!from.is_object()) return bad(above);
        if (text_) text_->enter();
        place here{.above = above};
        std::size_t index = 0;
        bool good = true;
        from.for_each_member([&](std::string_view name, Value value) {
            if (!good) return;
            if (text_) text_->to_member(name);
            here.name = shown_key(name);
            here.index = index++;
            void* const element = type.insert(target, name);
            good = element ? decode(value, *type.element, element, &here) : bad(&here);
        });
        if (text_) text_->leave();
        return good;
    }

    bool decode_list(Value from, const value_type& type, void* target, const place* above) {
        if (!from.is_array()) return bad(above);
        if (text_) text_->enter();
        if (type.reserve) type.reserve(target, from.size());
        place here{.above = above};
        std::size_t index = 0;
        const bool good = from.for_each_element([&](Value element) {
            if (text_) text_->to_element();
            here.index = index++;
            return decode(element, *type.element, type.append(target), &here);
        });
        if (text_) text_->leave();
        return good;
    }

    source_text* text_;
    std::string_view known_;
    bool lenient_;
    bool passing_over_ = false;  // whatever is bad now
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
[[nodiscard]] result<void> decode(Value from, T& target, std::string_view text,
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
void decode_what_fits(Value from, T& target, std::string_view text,
                      std::string_view type_member = {}) {
    constexpr const value_type& type = webhookpp::detail::value_type_of<T>;
    constexpr bool needs_text = detail::needs_text(type);
    source_text source(text);
    detail::decoder<Value> decoder(needs_text ? &source : nullptr, type_member, true);
    static_cast<void>(decoder.decode(from, type, &target, nullptr));
}

}  // namespace webhookpp::json

#endif
