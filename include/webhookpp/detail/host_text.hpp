// SPDX-License-Identifier: MIT
// Text and bytes as host programs hold them, recognised by shape.
#ifndef WEBHOOKPP_DETAIL_HOST_TEXT_HPP
#define WEBHOOKPP_DETAIL_HOST_TEXT_HPP

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace webhookpp::detail {

template <class T>
concept byte_sized = sizeof(T) == 1;

// A pointer to bytes of any type, or to memory without one.
template <class P>
concept byte_pointer = std::is_pointer_v<std::remove_cvref_t<P>> &&
    (std::is_void_v<std::remove_pointer_t<std::remove_cvref_t<P>>> || requires(P pointer) {
        { *pointer } -> byte_sized;
    });

// Something that holds contiguous bytes: std::string, std::vector<std::byte>, QByteArray ...
template <class T>
concept byte_container = requires(const T& t) {
    { t.data() } -> byte_pointer;
    { t.size() } -> std::convertible_to<std::size_t>;
};

// The same with other names: oat++.
template <class T>
concept get_data_container = requires(const T& t) {
    { t.getData() } -> byte_pointer;
    { t.getSize() } -> std::convertible_to<std::size_t>;
};

// A pointer and a length, as C programs write it: mongoose, h2o and nginx.
template <class T>
concept buf_len = requires(const T& t) {
    { t.buf } -> byte_pointer;
    { t.len } -> std::convertible_to<std::size_t>;
};
template <class T>
concept base_len = requires(const T& t) {
    { t.base } -> byte_pointer;
    { t.len } -> std::convertible_to<std::size_t>;
};
template <class T>
concept data_len = requires(const T& t) {
    { t.data } -> byte_pointer;
    { t.len } -> std::convertible_to<std::size_t>;
};
template <class T>
concept pointer_and_length = buf_len<T> || base_len<T> || data_len<T>;

/// Something that knows its bytes and how many they are.
template <class T>
concept sized_bytes = byte_container<T> || get_data_container<T> || pointer_and_length<T>;

/// Any text, also one that ends at a NUL.
template <class T>
concept text = sized_bytes<T> || std::convertible_to<const T&, std::string_view>;

template <class Size>
[[nodiscard]] std::string_view bytes_at(const void* data, Size size) noexcept {
    // A length below zero stands for "none" where lengths have a sign.
    const auto count = static_cast<std::ptrdiff_t>(size);
    if (!data || count <= 0) return {};
    return {static_cast<const char*>(data), static_cast<std::size_t>(count)};
}

// What knows its length comes first: some of it converts to `const char*` as well, which would stop
// at a NUL.
template <text T>
[[nodiscard]] std::string_view text_of(const T& t) noexcept {
    if constexpr (byte_container<T>) {
        return bytes_at(t.data(), t.size());
    } else if constexpr (get_data_container<T>) {
        return bytes_at(t.getData(), t.getSize());
    } else if constexpr (buf_len<T>) {
        return bytes_at(t.buf, t.len);
    } else if constexpr (base_len<T>) {
        return bytes_at(t.base, t.len);
    } else if constexpr (data_len<T>) {
        return bytes_at(t.data, t.len);
    } else if constexpr (std::is_pointer_v<T>) {
        return t ? std::string_view(t) : std::string_view();
    } else {
        return t;
    }
}

}  // namespace webhookpp::detail

#endif
