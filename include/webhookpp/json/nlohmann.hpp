// SPDX-License-Identifier: MIT
// The default JSON engine: nlohmann/json.
#ifndef WEBHOOKPP_JSON_NLOHMANN_HPP
#define WEBHOOKPP_JSON_NLOHMANN_HPP

#include <cstddef>
#include <cstdint>
#include <new>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <webhookpp/event.hpp>
#include <webhookpp/fwd.hpp>
#include <webhookpp/json/document.hpp>
#include <webhookpp/json/oversized_numbers.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::json {

namespace detail {

// Takes the events of nlohmann's reader. Each function returns whether to go on.
class document_builder {
public:
    // `oversized`: which numbers, counted from 0, stand in the text as 0 but are too large.
    document_builder(document& out, std::size_t depth, std::span<const std::size_t> oversized)
        : out_(out), depth_(depth), oversized_(oversized) {}

    bool null() { return add({}); }
    bool boolean(bool value) {
        return add({.which = json_scalar::kind::boolean, .boolean = value});
    }
    bool number_integer(std::int64_t value) {
        return add_number({.which = json_scalar::kind::integer, .integer = value});
    }
    bool number_unsigned(std::uint64_t value) {
        if (value <= INT64_MAX) return number_integer(static_cast<std::int64_t>(value));
        return add_number(
            {.which = json_scalar::kind::unsigned_integer, .unsigned_integer = value});
    }
    bool number_float(double value, const std::string&) {
        return add_number({.which = json_scalar::kind::number, .number = value});
    }
    bool string(std::string& value) {
        return add({.which = json_scalar::kind::text, .text = value});
    }
    // Part of the interface; JSON text has no binary values.
    bool binary(const std::vector<std::uint8_t>&) { return false; }

    bool start_object(std::size_t) { return begin(document::kind::object); }
    bool key(std::string& name) { return string(name); }
    bool end_object() { return end(); }
    bool start_array(std::size_t) { return begin(document::kind::array); }
    bool end_array() { return end(); }

    template <class Exception>
    bool parse_error(std::size_t, const std::string&, const Exception& what) {
        // The library's number for a number that is too large for a double.
        stopped_at_oversized_ = what.id == 406;
        return false;
    }

    [[nodiscard]] bool stopped_at_oversized() const noexcept { return stopped_at_oversized_; }

private:
    bool add(const json_scalar& value) {
        out_.add(value);
        return true;
    }
    bool add_number(const json_scalar& value) {
        if (!oversized_.empty() && oversized_.front() == numbers_++) {
            oversized_ = oversized_.subspan(1);
            return add({.which = json_scalar::kind::out_of_range});
        }
        return add(value);
    }
    bool begin(document::kind which) {
        if (out_.depth() == depth_) return false;
        out_.begin(which);
        return true;
    }
    bool end() {
        out_.end();
        return true;
    }

    document& out_;
    std::size_t depth_;
    std::span<const std::size_t> oversized_;
    std::size_t numbers_ = 0;
    bool stopped_at_oversized_ = false;
};

}  // namespace detail

/// Reads JSON text with nlohmann/json, and refuses what that lets pass but RFC 8259 does not.
class nlohmann_engine {
public:
    /// Reads `text`, which may nest `depth` arrays and objects, and returns what `use` makes of its
    /// outermost value: a `result`.
    ///
    /// Errors: `malformed_json` for grammar, UTF-8, depth, a byte order mark, and anything but
    /// white space behind the document; `body_too_large` from 4 GiB on. Throws `std::bad_alloc`.
    template <class Use>
    [[nodiscard]] static auto read(std::string_view text, std::size_t depth, Use use)
        -> decltype(use(std::declval<const document::value&>())) {
        const auto read = read_document(text, depth);
        if (!read) return unexpected(read.error());
        return use(read->root());
    }

private:
    static result<document> read_document(std::string_view text, std::size_t depth) {
        if (text.size() > document::max_size) return unexpected(errc::body_too_large, "body");
        // The library skips a byte order mark, and takes a NUL for the end of the text.
        if (text.starts_with("\xEF\xBB\xBF") || text.find('\0') != std::string_view::npos) {
            return unexpected(errc::malformed_json);
        }
        document out(text.size());
        detail::document_builder builder(out, depth, {});
        if (::nlohmann::json::sax_parse(text, &builder)) return out;
        if (builder.stopped_at_oversized()) {
            const auto replaced = replace_oversized_numbers(text);
            document again(replaced.text.size());
            detail::document_builder second(again, depth, replaced.replaced);
            if (::nlohmann::json::sax_parse(replaced.text, &second)) return again;
        }
        return unexpected(errc::malformed_json);
    }
};

}  // namespace webhookpp::json

namespace webhookpp {

namespace json {

/// Reads and writes a member as nlohmann's `from_json` and `to_json` do. For a type whose functions
/// stand in a specialised `nlohmann::adl_serializer`, ask for it:
/// ```
/// template <> struct webhookpp::value_traits<theirs> : webhookpp::json::nlohmann_traits<theirs>
/// {};
/// ```
/// What `from_json` throws makes the member bad.
template <class T>
struct nlohmann_traits {
#if !defined(__cpp_exceptions)
    static_assert(std::is_same_v<T, ::nlohmann::json>,
                  "a type with from_json needs exceptions: without them a sender could end the "
                  "program. Describe its members, or take nlohmann::json");
#endif

    /// What decoding and encoding work from.
    static consteval value_type make() {
        return {.which = value_type::shape::json_text,
                .assign = &assign,
                .read = [](const void* source, std::string& text) -> json_scalar {
                    const T& value = *static_cast<const T*>(source);
                    if constexpr (requires { ::nlohmann::json(value); }) {
                        text = ::nlohmann::json(value).dump(-1, ' ', false, replace);
                    } else {
                        webhookpp::detail::raise(
                            error{errc::invalid_payload, "a type without to_json is encoded"});
                    }
                    return {.which = json_scalar::kind::json, .text = text};
                }};
    }

private:
    static constexpr auto replace = ::nlohmann::json::error_handler_t::replace;

    static bool assign(void* target, const json_scalar& from) {
        // Well-formed, but for numbers that are too large for a double.
        auto value = ::nlohmann::json::parse(from.text, nullptr, false);
        if (value.is_discarded()) return false;
        if constexpr (std::is_same_v<T, ::nlohmann::json>) {
            *static_cast<T*>(target) = std::move(value);
            return true;
        } else {
#if defined(__cpp_exceptions)
            try {
                value.get_to(*static_cast<T*>(target));
                return true;
            } catch (const std::bad_alloc&) {
                throw;
            } catch (...) {
                return false;
            }
#else
            return false;
#endif
        }
    }
};

}  // namespace json

namespace detail {

namespace from_json_lookup {

// Hides whatever the surrounding namespaces call so: only what belongs to the type itself is found,
// and not nlohmann's own conversions, which cut numbers off and let views dangle.
void from_json() = delete;

template <class T>
concept has_own_from_json = requires(const ::nlohmann::json& from, T& target) {
    from_json(from, target);
};

}  // namespace from_json_lookup

template <class T>
concept nlohmann_readable = !described<T> && (std::is_same_v<T, ::nlohmann::json> ||
                                              from_json_lookup::has_own_from_json<T>);

}  // namespace detail

/// Classes with nlohmann's own `from_json` (for encoding also `to_json`) beside them work
/// unchanged, as members and as whole events, and so does `nlohmann::json` itself.
template <detail::nlohmann_readable T>
struct value_traits<T> : json::nlohmann_traits<T> {};

}  // namespace webhookpp

#endif
