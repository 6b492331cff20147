// SPDX-License-Identifier: MIT
// What a host server hands over for one delivery.
#ifndef WEBHOOKPP_REQUEST_HPP
#define WEBHOOKPP_REQUEST_HPP

#include <concepts>
#include <string_view>
#include <type_traits>

#include <webhookpp/detail/host_text.hpp>
#include <webhookpp/header_source.hpp>

namespace webhookpp {

class body_view;

namespace detail {

template <class T>
concept body_container =
    sized_bytes<std::remove_cvref_t<T>> && !std::same_as<std::remove_cvref_t<T>, body_view>;

// Whether the bytes of a `T` given by value live on after it: views are trivially copyable classes,
// and std::array, which is that too but owns, is an aggregate.
template <class T>
concept outlived_by_its_bytes = std::is_lvalue_reference_v<T> ||
    pointer_and_length<std::remove_cvref_t<T>> ||
    (std::is_trivially_copyable_v<T> && !std::is_aggregate_v<T>);

template <class T>
concept lasting_body = body_container<T> && outlived_by_its_bytes<T>;

template <class T>
concept temporary_body = body_container<T> && !outlived_by_its_bytes<T>;

}  // namespace detail

/// The bytes of a body exactly as they arrived, by reference: made implicitly from whatever holds
/// contiguous bytes (`std::string`, `std::string_view`, `std::vector<unsigned char>`,
/// `std::span<const std::byte>`, a struct of `buf`, `base` or `data` and `len` ...), which must
/// outlive it and all that is verified from it. From a temporary container it cannot be made; from
/// a bare pointer, which has no length, neither.
class body_view {
public:
    constexpr body_view() noexcept = default;

    /// A view of `body`.
    template <detail::lasting_body T>
    body_view(T&& body) noexcept : bytes_(detail::text_of(body)) {}

    template <detail::temporary_body T>
    body_view(T&& temporary) = delete;

    /// All of it. Valid as long as what holds the bytes.
    [[nodiscard]] constexpr std::string_view bytes() const noexcept { return bytes_; }

private:
    std::string_view bytes_;
};

/// One request as it arrived. A view: it owns nothing, and is best made in the call that uses it:
/// `receiver.receive({request.headers, request.body})`.
struct delivery {
    header_source headers;             ///< as the server keeps them
    body_view body = {};               ///< exactly as it arrived
    std::string_view method = "POST";  ///< read where the scheme signs it, and by handshakes
    std::string_view target = {};      ///< path and query, where a scheme reads them
};

/// Path and query of `url` as they stand there: what a request to it has as its target. Empty where
/// the URL has neither; a text that starts with `/` is a target already. Views `url`.
[[nodiscard]] constexpr std::string_view target_of(std::string_view url) noexcept {
    url = url.substr(0, url.find('#'));
    if (const auto scheme = url.find("://"); scheme < url.find_first_of("/?")) {
        url.remove_prefix(scheme + 3);
    }
    const auto path = url.find_first_of("/?");
    return path == std::string_view::npos ? std::string_view() : url.substr(path);
}

}  // namespace webhookpp

#endif
