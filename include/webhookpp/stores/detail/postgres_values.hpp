// SPDX-License-Identifier: MIT
// What goes to PostgreSQL and comes back from it, in its binary format: no value is ever part of
// a statement's text, and any bytes pass unchanged.
#ifndef WEBHOOKPP_STORES_DETAIL_POSTGRES_VALUES_HPP
#define WEBHOOKPP_STORES_DETAIL_POSTGRES_VALUES_HPP

#include <libpq-fe.h>

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/detail/owner.hpp>
#include <webhookpp/message_key.hpp>

namespace webhookpp::stores::postgres_detail {

using answer = webhookpp::detail::owner<PGresult, PQclear>;

/// The numbers of types in `pg_type`, which never change.
enum class type : Oid {
    inferred = 0,  // by the server, from the place where it stands; written as text
    boolean = 16,
    bytes = 17,
    int8 = 20,
    int4 = 23,
    text = 25,
    boolean_array = 1000,
    bytes_array = 1001,
    int4_array = 1007,
    int8_array = 1016,
};

template <std::integral Number>
void append_number(std::string& to, Number number) {
    const auto bits = static_cast<std::make_unsigned_t<Number>>(number);
    for (int shift = 8 * static_cast<int>(sizeof bits) - 8; shift >= 0; shift -= 8) {
        to += static_cast<char>(static_cast<unsigned char>(bits >> shift & 0xffU));
    }
}

inline std::string_view bytes_of(const message_key& key) noexcept {
    return {reinterpret_cast<const char*>(key.bytes().data()), message_key::size};
}

/// An array of one dimension that is filled from front to back.
class array {
public:
    array(type of, type element, std::size_t size) : type_(of) {
        append_number(text_, std::int32_t{1});  // dimensions
        append_number(text_, std::int32_t{1});  // there may be nulls
        append_number(text_, static_cast<std::uint32_t>(element));
        append_number(text_, static_cast<std::int32_t>(size));
        append_number(text_, std::int32_t{1});  // the first index
    }

    static array of_bytes(std::size_t size) { return {type::bytes_array, type::bytes, size}; }
    static array of_int8(std::size_t size) { return {type::int8_array, type::int8, size}; }
    static array of_int4(std::size_t size) { return {type::int4_array, type::int4, size}; }
    static array of_boolean(std::size_t size) { return {type::boolean_array, type::boolean, size}; }

    void add(std::string_view bytes) {
        append_number(text_, static_cast<std::int32_t>(bytes.size()));
        text_ += bytes;
    }
    void add(bool flag) {
        append_number(text_, std::int32_t{1});
        text_ += static_cast<char>(flag);
    }
    template <std::integral Number>
    void add(Number number) {
        append_number(text_, static_cast<std::int32_t>(sizeof number));
        append_number(text_, number);
    }
    void add_null() { append_number(text_, std::int32_t{-1}); }

    [[nodiscard]] type of() const noexcept { return type_; }
    [[nodiscard]] std::string& text() noexcept { return text_; }

private:
    type type_;
    std::string text_;
};

/// One statement and its parameters `$1`, `$2`... The text, and views that are added, have to
/// outlive it.
class statement {
public:
    explicit statement(const std::string& text) : text_(text.c_str()) {}
    explicit statement(std::string&&) = delete;

    statement& add(std::int64_t number) {
        std::string bytes;
        append_number(bytes, number);
        return own(type::int8, std::move(bytes));
    }
    statement& add_int4(std::int32_t number) {
        std::string bytes;
        append_number(bytes, number);
        return own(type::int4, std::move(bytes));
    }
    statement& add(std::string_view bytes) {
        parameters_.push_back({type::bytes, bytes, {}});
        return *this;
    }
    statement& add(const message_key& key) { return add(bytes_of(key)); }
    statement& add_text(std::string text) { return own(type::text, std::move(text)); }
    // What the place in the statement wants, written as text without NUL.
    statement& add_inferred(std::string_view text) {
        return own(type::inferred, std::string(text));
    }
    statement& add(array& values) { return own(values.of(), std::move(values.text())); }

    /// Hands the statement to libpq. False if it did not take it.
    [[nodiscard]] bool send(PGconn* to) const {
        std::vector<Oid> types;
        std::vector<const char*> values;
        std::vector<int> lengths;
        std::vector<int> formats;
        for (const parameter& each : parameters_) {
            const std::string_view bytes = each.own.empty() ? each.view : each.own;
            types.push_back(static_cast<Oid>(each.of));
            formats.push_back(each.of == type::inferred ? 0 : 1);
            // A null pointer would be NULL.
            values.push_back(bytes.data() != nullptr ? bytes.data() : "");
            lengths.push_back(static_cast<int>(bytes.size()));
        }
        return PQsendQueryParams(to, text_, static_cast<int>(parameters_.size()), types.data(),
                                 values.data(), lengths.data(), formats.data(), 1) == 1;
    }

private:
    struct parameter {
        type of;
        std::string_view view;
        std::string own;
    };

    statement& own(type of, std::string bytes) {
        parameters_.push_back({of, {}, std::move(bytes)});
        return *this;
    }

    const char* text_;
    std::vector<parameter> parameters_;
};

/// Reads the columns of one row from left to right. Views are valid as long as the answer.
class row {
public:
    row(const answer& from, int number) noexcept : from_(from.get()), row_(number) {}

    [[nodiscard]] bool null() const noexcept { return PQgetisnull(from_, row_, column_) != 0; }
    void skip() noexcept { ++column_; }

    std::string_view bytes() noexcept {
        const int column = column_++;
        return {PQgetvalue(from_, row_, column),
                static_cast<std::size_t>(PQgetlength(from_, row_, column))};
    }
    std::string text() { return std::string(bytes()); }

    /// An integer of 2, 4 or 8 bytes. 0 for NULL.
    std::int64_t number() noexcept {
        const std::string_view digits = bytes();
        if (digits.empty()) return 0;
        // The sign is that of the first byte.
        std::uint64_t value = (static_cast<unsigned char>(digits.front()) & 0x80U) != 0 ? ~0ULL : 0;
        for (const char each : digits) {
            value = value << 8U | static_cast<unsigned char>(each);
        }
        return static_cast<std::int64_t>(value);
    }
    bool flag() noexcept {
        const std::string_view byte = bytes();
        return !byte.empty() && byte.front() != 0;
    }
    message_key key() noexcept {
        const std::string_view given = bytes();
        std::array<unsigned char, message_key::size> copy{};
        if (given.size() == copy.size()) std::memcpy(copy.data(), given.data(), copy.size());
        return message_key(copy);
    }
    std::optional<std::int64_t> optional_number() noexcept {
        const bool missing = null();
        const std::int64_t value = number();
        return missing ? std::nullopt : std::optional(value);
    }

private:
    const PGresult* from_;
    int row_;
    int column_ = 0;
};

inline int rows(const answer& from) noexcept {
    return PQntuples(from.get());
}

/// How many rows the statement wrote.
inline std::size_t rows_written(const answer& from) noexcept {
    std::size_t count = 0;
    for (const char* digit = PQcmdTuples(from.get()); *digit >= '0' && *digit <= '9'; ++digit) {
        count = count * 10 + static_cast<std::size_t>(*digit - '0');
    }
    return count;
}

}  // namespace webhookpp::stores::postgres_detail

#endif
