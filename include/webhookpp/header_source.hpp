// SPDX-License-Identifier: MIT
// Reads request headers from whatever a host server keeps them in, recognised by shape.
#ifndef WEBHOOKPP_HEADER_SOURCE_HPP
#define WEBHOOKPP_HEADER_SOURCE_HPP

#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <webhookpp/detail/header_field.hpp>
#include <webhookpp/detail/host_text.hpp>

namespace webhookpp {

class header_sink;
class header_source;

namespace detail {

template <class T>
concept header_host = !std::same_as<std::remove_cvref_t<T>, header_source>;

template <class F>
concept header_taker =
    std::invocable<F&, std::string_view, std::string_view> && !std::same_as<F, header_sink>;

}  // namespace detail

/// Where a source hands over headers, one call each. Refers to a callable and does not own it:
/// valid during the call that it was passed to.
class header_sink {
public:
    /// A view of `take`, which is called with the name and the value of each header.
    template <detail::header_taker F>
    header_sink(F& take) noexcept : target_(&take), call_(&call<F>) {}

    /// Takes one header. Both views need to be valid only during the call.
    void operator()(std::string_view name, std::string_view value) const {
        call_(target_, name, value);
    }

private:
    template <class F>
    static void call(void* target, std::string_view name, std::string_view value) {
        (*static_cast<F*>(target))(name, value);
    }

    void* target_;
    void (*call_)(void*, std::string_view, std::string_view);
};

/// For hosts whose headers have none of the shapes below: specialise it for the type that holds
/// them, which may be a C library's.
///
///     template <>
///     struct webhookpp::header_traits<MHD_Connection> {
///         static void visit(MHD_Connection& connection, webhookpp::header_sink sink);
///     };
///
/// `visit` hands every header to `sink`. It may take its parameter as const.
template <class T>
struct header_traits;

/// A type with `header_traits`.
template <class T>
concept described_headers = requires(T& source, header_sink sink) {
    header_traits<std::remove_const_t<T>>::visit(source, sink);
};

/// A range of headers, such as `std::multimap<std::string, std::string>`. A header is a pair
/// (`first`, `second`; the second is text, a range of texts, or an object with `value()` or
/// `value`), or an object with `name_string()` and `value()`, `name()` and `value()`, `name` and
/// `value`, or `key` and `value`. Texts are whatever holds contiguous bytes, converts to
/// `std::string_view`, or is a pointer and a length (`buf`, `base` or `data`, and `len`).
template <class T>
concept header_range = requires(T& range) {
    std::begin(range) != std::end(range);
    requires detail::header_field<std::remove_cvref_t<decltype(*std::begin(range))>>;
};

namespace detail {

// Stand for the callables that member visitors take. Only declared: they are never called.
struct any_field_taker {
    template <class Field>
    void operator()(const Field& field) const;
};
struct any_pair_taker {
    template <class Name, class Value>
    void operator()(const Name& name, const Value& value) const;
};

// restinio
template <class T>
concept for_each_field_source = requires(T& source) {
    source.for_each_field(any_field_taker());
};

// proxygen
template <class T>
concept for_each_source = requires(T& source) {
    source.forEach(any_pair_taker());
};

// oat++
template <class T>
concept get_all_source = requires(T& source) {
    requires header_range<std::remove_reference_t<decltype(source.getAll())>>;
};

}  // namespace detail

/// An object with a member function that shows all headers: `for_each_field(f)`, where `f` takes a
/// header as in a `header_range`; `forEach(f)`, where `f` takes name and value; or `getAll()`,
/// which returns a `header_range`.
template <class T>
concept header_member_visitor =
    detail::for_each_field_source<T> || detail::for_each_source<T> || detail::get_all_source<T>;

/// A callable that visits all headers: `void(header_sink)`.
template <class T>
concept header_visitor = std::invocable<T&, header_sink>;

namespace detail {

// What a lookup for a header's name may return.
template <class T>
concept found_header = text<std::remove_cvref_t<T>> || requires(T found) {
    static_cast<bool>(found);
    requires text<std::remove_cvref_t<decltype(*found)>>;
};

template <class T, class Name>
concept looks_up_by = std::invocable<T&, Name> && requires {
    requires found_header<std::invoke_result_t<T&, Name>>;
};

}  // namespace detail

/// A callable that finds one header by its name: from `std::string_view`, `const std::string&` or
/// `const char*` to text (empty means absent), a pointer to text (null means absent) or an optional
/// text.
template <class T>
concept header_lookup = !header_visitor<T> && (detail::looks_up_by<T, std::string_view> ||
                                               detail::looks_up_by<T, const std::string&> ||
                                               detail::looks_up_by<T, const char*>);

/// Any host's headers, by reference: made implicitly from what has `header_traits`, a
/// `header_range`, a `header_member_visitor`, a `header_visitor` or a `header_lookup`, the first of
/// these that fits. It does not own them, and they must outlive it.
///
/// A range or visitor should show duplicates as they arrived. A lookup shows one value for each
/// name, so differing duplicates go unseen: such a delivery is accepted where the visible value
/// verifies, never where none does.
///
/// A generic lambda (`[](auto name)`) fits nothing, since asking what it takes would compile it:
/// write the type of its parameter.
class header_source {
public:
    /// A view of `source`.
    template <detail::header_host T>
    header_source(T&& source) noexcept
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): `visit_as` knows what was const
        : source_(const_cast<void*>(static_cast<const void*>(&source))),
          visit_(visit_of<seen_as<std::remove_reference_t<T>>>()) {}

    /// Hands headers to `sink`: at least all whose name is in `wanted`, in any order and any letter
    /// case. Throws what the host's own code throws.
    void visit(std::span<const std::string_view> wanted, header_sink sink) const {
        visit_(source_, wanted, sink);
    }

private:
    template <class T>
    static constexpr bool is_source =
        described_headers<T> || header_range<T> || header_member_visitor<T> || header_visitor<T> ||
        header_lookup<T>;

    // Const wherever that will do: only what cannot be read otherwise is read as it was given, such
    // as the request of uWebSockets, whose begin() is not const.
    template <class T>
    using seen_as = std::conditional_t<is_source<const T>, const T, T>;

    using visit_function = void (*)(void*, std::span<const std::string_view>, header_sink);

    template <class T>
    static constexpr visit_function visit_of() noexcept {
        static_assert(is_source<T>,
                      "headers have to be a type with webhookpp::header_traits, a range of headers "
                      "(pairs, or objects with name and value), an object with for_each_field, "
                      "forEach or getAll, a callable void(webhookpp::header_sink) that visits all "
                      "of them, or a callable that takes a std::string_view name and returns text, "
                      "a pointer or an optional");
        return &visit_as<T>;
    }

    template <class T>
    static void visit_as(void* erased, std::span<const std::string_view> wanted, header_sink sink) {
        T& source = *static_cast<T*>(erased);
        if constexpr (described_headers<T>) {
            header_traits<std::remove_const_t<T>>::visit(source, sink);
        } else if constexpr (header_range<T>) {
            show_range(source, sink);
        } else if constexpr (detail::for_each_field_source<T>) {
            source.for_each_field([sink](const auto& field) { detail::show_field(field, sink); });
        } else if constexpr (detail::for_each_source<T>) {
            source.forEach([sink](const auto& name, const auto& value) {
                sink(detail::text_of(name), detail::text_of(value));
            });
        } else if constexpr (detail::get_all_source<T>) {
            auto&& all = source.getAll();
            show_range(all, sink);
        } else if constexpr (header_visitor<T>) {
            source(sink);
        } else {
            for (const std::string_view name : wanted) {
                if (!name.empty()) show_found(name, look_up(source, name), sink);
            }
        }
    }

    template <class Range>
    static void show_range(Range& range, header_sink sink) {
        for (auto&& field : range) detail::show_field(field, sink);
    }

    template <class T>
    static decltype(auto) look_up(T& source, std::string_view name) {
        if constexpr (detail::looks_up_by<T, std::string_view>) {
            return source(name);
        } else if constexpr (detail::looks_up_by<T, const std::string&>) {
            return source(std::string(name));
        } else {
            // What the scheme looks for are literals, but the header's name may be a part of one.
            return source(std::string(name).c_str());
        }
    }

    template <class Found>
    static void show_found(std::string_view name, Found&& found, header_sink sink) {
        if constexpr (detail::text<std::remove_cvref_t<Found>>) {
            sink(name, detail::text_of(found));
        } else if (static_cast<bool>(found)) {
            sink(name, detail::text_of(*found));
        }
    }

    void* source_;
    visit_function visit_;
};

}  // namespace webhookpp

#endif
