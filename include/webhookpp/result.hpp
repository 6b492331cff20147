// SPDX-License-Identifier: MIT
// A value or the error that took its place.
#ifndef WEBHOOKPP_RESULT_HPP
#define WEBHOOKPP_RESULT_HPP

#include <cstdlib>
#include <exception>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include <webhookpp/error.hpp>

namespace webhookpp {

template <class T>
class result;

/// Wraps an error so that it converts to any `result`.
class unexpected {
public:
    /// Wraps `e`, or makes an error of `code` and `where`.
    constexpr explicit unexpected(const error& e) noexcept : error_(e) {}
    constexpr explicit unexpected(errc code, std::string_view where = {}) noexcept
        : error_{code, where} {}

    /// The error.
    [[nodiscard]] constexpr const webhookpp::error& error() const noexcept { return error_; }

private:
    webhookpp::error error_;
};

/// The one exception of this library, thrown by constructors when something is configured wrongly
/// and by `result::value()` when there is none. `what()` is the error's name and its cause.
class exception : public std::exception {
public:
    /// Reports `e`.
    explicit exception(const error& e) noexcept : error_(e) {
        text_.append(name(e.code));
        if (!e.where.empty()) text_.append(": ").append(e.where);
        text_.append(std::string_view("\0", 1));
    }
    /// The error.
    [[nodiscard]] const webhookpp::error& error() const noexcept { return error_; }
    /// Name and cause: `empty_key: SEATSIO_SECRET is not set`. Valid as long as this.
    [[nodiscard]] const char* what() const noexcept override { return text_.view().data(); }

private:
    webhookpp::error error_;
    fixed_text<200> text_;
};

namespace detail {

[[noreturn]] inline void raise(const error& e) {
#if defined(__cpp_exceptions)
    throw exception(e);
#else
    static_cast<void>(e);
    std::abort();
#endif
}

// What a result of `T` can be made from, and that is not a result or a failure itself.
template <class U, class T>
concept value_for =
    std::is_constructible_v<T, U> && !std::is_same_v<std::remove_cvref_t<U>, result<T>> &&
    !std::is_same_v<std::remove_cvref_t<U>, unexpected>;

}  // namespace detail

/// A `T` or an `error`, with names and meanings of C++23's `std::expected<T, error>`: the same type
/// in every language standard, so that programs built from parts with different standards agree.
///
/// Reading a value that is not there through `*` or `->` is undefined, as in the standard;
/// `value()` throws `exception` (without exceptions: aborts).
template <class T>
class [[nodiscard]] result {
public:
    /// What a success holds.
    using value_type = T;
    /// What a failure holds.
    using error_type = webhookpp::error;

    /// A success.
    template <detail::value_for<T> U = T>
    constexpr explicit(!std::is_convertible_v<U, T>) result(U&& value)
        : value_(std::in_place, std::forward<U>(value)) {}
    /// A failure: `return unexpected(errc::invalid_header, name)`.
    constexpr result(const unexpected& failure) noexcept : error_(failure.error()) {}

    /// A value made in place from `arguments`, for what is costly to move.
    template <class... Arguments>
    constexpr explicit result(std::in_place_t, Arguments&&... arguments)
        : value_(std::in_place, std::forward<Arguments>(arguments)...) {}

    /// Whether there is a value.
    [[nodiscard]] constexpr bool has_value() const noexcept { return value_.has_value(); }
    /// Whether there is a value.
    constexpr explicit operator bool() const noexcept { return has_value(); }

    /// The value, which has to be there.
    constexpr T& operator*() & noexcept { return *value_; }
    constexpr const T& operator*() const& noexcept { return *value_; }
    constexpr T&& operator*() && noexcept { return *std::move(value_); }
    /// A member of the value, which has to be there.
    constexpr T* operator->() noexcept { return &*value_; }
    constexpr const T* operator->() const noexcept { return &*value_; }

    /// The value. Throws `exception` with the error where there is none.
    constexpr T& value() & { return require(), *value_; }
    constexpr const T& value() const& { return require(), *value_; }
    constexpr T&& value() && { return require(), *std::move(value_); }

    /// The error. Only to be asked for where there is no value.
    [[nodiscard]] constexpr const error_type& error() const noexcept { return error_; }

    /// The value, or `otherwise` where there is none.
    template <class U>
    constexpr T value_or(U&& otherwise) const& {
        return has_value() ? *value_ : static_cast<T>(std::forward<U>(otherwise));
    }
    template <class U>
    constexpr T value_or(U&& otherwise) && {
        return has_value() ? *std::move(value_) : static_cast<T>(std::forward<U>(otherwise));
    }

    /// `f(value)`, which returns another `result`; or this error.
    template <class F>
    constexpr auto and_then(F&& f) const& -> std::invoke_result_t<F, const T&> {
        if (has_value()) return std::forward<F>(f)(*value_);
        return unexpected(error_);
    }
    template <class F>
    constexpr auto and_then(F&& f) && -> std::invoke_result_t<F, T&&> {
        if (has_value()) return std::forward<F>(f)(*std::move(value_));
        return unexpected(error_);
    }

    /// A `result` of `f(value)`; or this error.
    template <class F>
    constexpr auto transform(F&& f) const& -> result<std::invoke_result_t<F, const T&>> {
        if (has_value()) return std::forward<F>(f)(*value_);
        return unexpected(error_);
    }
    template <class F>
    constexpr auto transform(F&& f) && -> result<std::invoke_result_t<F, T&&>> {
        if (has_value()) return std::forward<F>(f)(*std::move(value_));
        return unexpected(error_);
    }

    /// This value; or `f(error)`, which returns the same kind of `result`.
    template <class F>
    constexpr result or_else(F&& f) const& {
        if (has_value()) return *this;
        return std::forward<F>(f)(error_);
    }

    /// This value; or the error that `f(error)` returns.
    template <class F>
    constexpr result transform_error(F&& f) const& {
        if (has_value()) return *this;
        return unexpected(std::forward<F>(f)(error_));
    }

private:
    constexpr void require() const {
        if (!has_value()) detail::raise(error_);
    }

    std::optional<T> value_;
    error_type error_;
};

/// Success without a value, or an `error`.
template <>
class [[nodiscard]] result<void> {
public:
    using value_type = void;
    using error_type = webhookpp::error;

    constexpr result() noexcept = default;
    constexpr result(const unexpected& failure) noexcept : error_(failure.error()) {}

    [[nodiscard]] constexpr bool has_value() const noexcept { return !error_.has_value(); }
    constexpr explicit operator bool() const noexcept { return has_value(); }
    constexpr void operator*() const noexcept {}
    constexpr void value() const {
        if (!has_value()) detail::raise(*error_);
    }
    [[nodiscard]] constexpr const error_type& error() const noexcept { return *error_; }

private:
    std::optional<error_type> error_;
};

}  // namespace webhookpp

#endif
