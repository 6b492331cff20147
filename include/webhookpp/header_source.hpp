// Reads request headers from whatever a host server keeps them in, recognised by shape.
#ifndef WEBHOOKPP_HEADER_SOURCE_HPP
#define WEBHOOKPP_HEADER_SOURCE_HPP

#include <concepts>
#include <cstddef>
#include <iterator>
#include <span>
#include <string_view>
#include <type_traits>

namespace webhookpp {

class header_sink;

namespace detail {

template <class T>
concept byte_sized = sizeof(T) == 1;

// Something that holds contiguous bytes: std::string, std::vector<std::byte>, QByteArray ...
template <class T>
concept byte_container = requires(const T& t) {
    { *t.data() } -> byte_sized;
    { t.size() } -> std::convertible_to<std::size_t>;
};

template <class T>
concept text = byte_container<T> || std::convertible_to<const T&, std::string_view>;

// Containers first: some convert to `const char*` as well, which would stop at a NUL.
template <text T>
[[nodiscard]] std::string_view text_of(const T& t) noexcept {
    if constexpr (byte_container<T>) {
        return {reinterpret_cast<const char*>(t.data()), static_cast<std::size_t>(t.size())};
    } else if constexpr (std::is_pointer_v<T>) {
        return t ? std::string_view(t) : std::string_view();
    } else {
        return t;
    }
}

template <class T>
concept name_value_pair = requires(const T& pair) {
    requires text<std::remove_cvref_t<decltype(pair.first)>>;
    requires text<std::remove_cvref_t<decltype(pair.second)>>;
};

template <class F>
concept header_taker =
    std::invocable<F&, std::string_view, std::string_view> && !std::same_as<F, header_sink>;

}  // namespace detail

/// Where a source hands over headers, one call each. Refers to a callable and does not own it:
/// valid during the call that it was passed to.
class header_sink {
public:
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

/// A range of pairs of texts, such as `std::multimap<std::string, std::string>`.
template <class T>
concept header_range = requires(const T& range) {
    std::begin(range) != std::end(range);
    requires detail::name_value_pair<std::remove_cvref_t<decltype(*std::begin(range))>>;
};

/// A callable that visits all headers: `void(header_sink)`.
template <class T>
concept header_visitor = std::invocable<const T&, header_sink>;

/// A callable that finds one header by its name: from `std::string_view` to text (empty means
/// absent), a pointer to text (null means absent) or an optional text.
template <class T>
concept header_lookup =
    !header_visitor<T> && std::invocable<const T&, std::string_view> &&
    (detail::text<std::remove_cvref_t<std::invoke_result_t<const T&, std::string_view>>> ||
     requires(std::invoke_result_t<const T&, std::string_view> found) {
         static_cast<bool>(found);
         requires detail::text<std::remove_cvref_t<decltype(*found)>>;
     });

/// Any host's headers, by reference: made implicitly from a `header_range`, a `header_visitor` or a
/// `header_lookup`, which it does not own and which must outlive it.
///
/// A range or visitor should show duplicates as they arrived. A lookup shows one value for each
/// name, so differing duplicates go unseen: such a delivery is accepted where the visible value
/// verifies, never where none does.
class header_source {
public:
    template <class T>
    header_source(const T& source) noexcept : source_(&source), visit_(&visit_as<T>) {
        static_assert(header_range<T> || header_visitor<T> || header_lookup<T>,
                      "headers have to be a range of pairs of texts, a callable "
                      "void(webhookpp::header_sink) that visits all of them, or a callable that "
                      "takes a std::string_view name and returns text, a pointer or an optional");
    }

    /// Hands headers to `sink`: at least all whose name is in `wanted`, in any order and any letter
    /// case. Throws what the host's own code throws.
    void visit(std::span<const std::string_view> wanted, header_sink sink) const {
        visit_(source_, wanted, sink);
    }

private:
    template <class T>
    static void visit_as(const void* erased, std::span<const std::string_view> wanted,
                         header_sink sink) {
        const T& source = *static_cast<const T*>(erased);
        if constexpr (header_range<T>) {
            for (auto&& field : source) {
                sink(detail::text_of(field.first), detail::text_of(field.second));
            }
        } else if constexpr (header_visitor<T>) {
            source(sink);
        } else {
            for (const std::string_view name : wanted) {
                if (name.empty()) continue;
                auto&& found = source(name);
                using found_type = std::remove_cvref_t<decltype(found)>;
                if constexpr (detail::text<found_type>) {
                    sink(name, detail::text_of(found));
                } else if (static_cast<bool>(found)) {
                    sink(name, detail::text_of(*found));
                }
            }
        }
    }

    const void* source_;
    void (*visit_)(const void*, std::span<const std::string_view>, header_sink);
};

}  // namespace webhookpp

#endif
