// SPDX-License-Identifier: MIT
// The fields of an HTML form in a body: application/x-www-form-urlencoded.
#ifndef WEBHOOKPP_DETAIL_FORM_FIELDS_HPP
#define WEBHOOKPP_DETAIL_FORM_FIELDS_HPP

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string_view>

#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/detail/byte_buffer.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::detail {

/// Appends `text` to `out` with `%41` and `+` decoded as browsers write them. A `%` before anything
/// but two hex digits stands for itself. Returns false when memory ran out.
template <std::size_t InPlace>
[[nodiscard]] bool append_form_decoded(byte_buffer<InPlace>& out, std::string_view text) noexcept {
    bool good = true;
    for (std::size_t i = 0; i < text.size() && good; ++i) {
        unsigned char byte[1] = {static_cast<unsigned char>(text[i] == '+' ? ' ' : text[i])};
        if (text[i] == '%' && i + 2 < text.size() &&
            crypto::hex_decode(text.substr(i + 1, 2), byte, crypto::hex_case::either)) {
            i += 2;
        }
        good = out.append({reinterpret_cast<const char*>(byte), 1});
    }
    return good;
}

/// How many texts stand in `body` between ampersands.
[[nodiscard]] constexpr std::size_t count_pairs(std::string_view body) noexcept {
    std::size_t count = 0;
    for (; !body.empty(); ++count) {
        const std::size_t end = body.find('&');
        body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
    }
    return count;
}

/// Appends names and values of the fields in `body` to `out`: sorted by name and then by value,
/// byte by byte, equal fields once.
///
/// Errors: `body_too_large` for more than `limit` fields; `internal_error` when memory ran out.
template <std::size_t InPlace>
[[nodiscard]] result<void> append_sorted_fields(byte_buffer<InPlace>& out, std::string_view body,
                                                std::size_t limit) noexcept {
    struct field {
        std::string_view name;
        std::string_view value;

        static int compare(const void* left, const void* right) {
            const auto& a = *static_cast<const field*>(left);
            const auto& b = *static_cast<const field*>(right);
            const int names = a.name.compare(b.name);
            return names != 0 ? names : a.value.compare(b.value);
        }
    };
    const std::size_t count = count_pairs(body);
    if (count > limit) return unexpected(errc::body_too_large, "form fields");
    if (count == 0) return {};

    byte_buffer<512> decoded;
    // Decoding shortens, so the texts never move.
    struct field_array {
        explicit field_array(std::size_t size) noexcept : data(new (std::nothrow) field[size]) {}
        field_array(const field_array&) = delete;
        field_array& operator=(const field_array&) = delete;
        ~field_array() { delete[] data; }
        field* data;
    };
    const field_array all(count);
    field* const fields = all.data;
    if (!fields || !decoded.reserve(body.size())) return unexpected(errc::internal_error, "body");
    std::size_t found = 0;
    for (std::string_view rest = body; !rest.empty();) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(pair.size() < rest.size() ? pair.size() + 1 : rest.size());
        const std::size_t equals = pair.find('=');
        const std::size_t name = decoded.size();
        bool good = append_form_decoded(decoded, pair.substr(0, equals));
        const std::size_t value = decoded.size();
        if (equals != std::string_view::npos) {
            good = good && append_form_decoded(decoded, pair.substr(equals + 1));
        }
        if (!good) return unexpected(errc::internal_error, "body");
        fields[found++] = {decoded.view().substr(name, value - name), decoded.view().substr(value)};
    }
    std::qsort(fields, found, sizeof(field), &field::compare);
    for (std::size_t i = 0; i < found; ++i) {
        if (i > 0 && field::compare(&fields[i - 1], &fields[i]) == 0) continue;
        if (!out.append(fields[i].name) || !out.append(fields[i].value)) {
            return unexpected(errc::internal_error, "body");
        }
    }
    return {};
}

}  // namespace webhookpp::detail

#endif
