// SPDX-License-Identifier: MIT
// Describes once how a struct stands in JSON; decoding, encoding and error paths use that.
#ifndef WEBHOOKPP_EVENT_HPP
#define WEBHOOKPP_EVENT_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include <webhookpp/value_traits.hpp>
#include <webhookpp/value_type.hpp>

namespace webhookpp {

namespace detail {

// Its address stands for a type in constant expressions.
template <class T>
inline constexpr char type_tag = 0;

template <class T>
struct member_pointer;
template <class Struct, class Value>
struct member_pointer<Value Struct::*> {
    static_assert(!std::is_const_v<Value> && !std::is_volatile_v<Value>,
                  "a member that is decoded cannot be const");
    using owner = Struct;
    using value = Value;
};

}  // namespace detail

/// Where a member lies in its struct, and of which type it is.
struct field_reference {
    const value_type* type = nullptr;        ///< how values of the member stand in JSON
    const void* owner = nullptr;             ///< stands for the struct
    void* (*locate)(void* owner) = nullptr;  ///< the member in a struct

    /// The same in a struct that is only read.
    [[nodiscard]] const void* locate_in(const void* struct_) const {
        // Nothing is changed through the pointer; one function for both halves the code.
        return locate(const_cast<void*>(struct_));  // NOLINT(*-const-cast)
    }
};

namespace detail {

// A function of its own: unlike a lambda it is made when the struct is complete.
template <auto Pointer, class Owner>
void* locate_field(void* owner) {
    return &(static_cast<Owner*>(owner)->*Pointer);
}

}  // namespace detail

/// The field that a pointer to member points to: `field<&chart::key>`. One that a struct inherits
/// is written with that struct: `field<&chart::id, chart>`.
template <auto Pointer, class Owner = typename detail::member_pointer<decltype(Pointer)>::owner>
inline constexpr field_reference field{
    &detail::value_type_of<typename detail::member_pointer<decltype(Pointer)>::value>,
    &detail::type_tag<Owner>, &detail::locate_field<Pointer, Owner>};

/// Stands in place of a name, before a string-keyed map that gets all members which no other
/// description names, as far as they fit its element type.
inline constexpr std::string_view other_members{};

/// A member of a struct and its name in JSON.
///
/// A struct lists its members in `static constexpr webhookpp::member members[]`, in the order in
/// which errors are to be looked for, at most 256. Structs may inherit list and members from a base
/// that says `using described_by = ` and its own name. A list with fields of another struct, or
/// with a name that stands there twice, does not compile; nor does a struct that holds itself.
struct member {
    std::string_view name;  ///< as it stands in JSON
    field_reference field;  ///< where it lies: `field<&chart::key>`

    /// Whether this is the place for `other_members`.
    [[nodiscard]] constexpr bool takes_others() const noexcept { return name.data() == nullptr; }
};

namespace detail {

inline constexpr std::size_t max_members = 256;

// The struct that `T::members` describes: `T` itself, or the base that says so.
template <class T>
struct described_struct {
    using type = T;
};
template <class T>
    requires requires {
        typename T::described_by;
    }
struct described_struct<T> {
    using type = typename T::described_by;
};

template <class Struct>
consteval bool owns_members(std::span<const member> members) {
    for (const member& each : members) {
        if (each.field.owner != &type_tag<Struct>) return false;
    }
    return true;
}

consteval bool others_are_one_map(std::span<const member> members) {
    std::size_t places = 0;
    for (const member& each : members) {
        if (!each.takes_others()) continue;
        ++places;
        if (each.field.type->which != value_type::shape::map) return false;
    }
    return places <= 1;
}

/// The members of a struct in a hash table that the compiler makes: at most half of it is taken.
template <std::size_t Size>
struct name_table {
    std::array<std::uint16_t, Size> places = {};
    bool has_distinct_names = true;
};

/// Some of the members of a struct.
class member_set {
public:
    /// Adds a member. Returns whether it is new.
    constexpr bool add(std::size_t index) noexcept {
        std::uint64_t& word = words_[index / 64];
        const std::uint64_t bit = std::uint64_t{1} << (index % 64);
        const bool added = (word & bit) == 0;
        word |= bit;
        return added;
    }

    /// The first member of `others` that is not here; SIZE_MAX if all are.
    [[nodiscard]] constexpr std::size_t first_missing(const member_set& others) const noexcept {
        for (std::size_t i = 0; i < words; ++i) {
            const std::uint64_t missing = others.words_[i] & ~words_[i];
            if (missing != 0) return 64 * i + static_cast<std::size_t>(std::countr_zero(missing));
        }
        return SIZE_MAX;
    }

private:
    static constexpr std::size_t words = max_members / 64;

    std::uint64_t words_[words] = {};
};

/// Finds members by their names.
class member_names {
public:
    /// `places` were made for `members`.
    consteval member_names(std::span<const member> members, std::span<const std::uint16_t> places)
        : places_(places) {
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (members[i].takes_others()) {
                others_ = &members[i];
            } else if (members[i].field.type->which != value_type::shape::optional) {
                required_.add(i);
            }
        }
    }

    template <std::size_t Size>
    [[nodiscard]] static consteval name_table<Size> make_table(std::span<const member> members) {
        name_table<Size> table;
        for (auto& each : table.places) each = empty;
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (members[i].takes_others()) continue;
            std::size_t at = hash(members[i].name) % Size;
            for (; table.places[at] != empty; at = (at + 1) % Size) {
                if (members[table.places[at]].name == members[i].name) {
                    table.has_distinct_names = false;
                }
            }
            table.places[at] = static_cast<std::uint16_t>(i);
        }
        return table;
    }

    /// Where `name` stands in `members`; `members.size()` or more if it does not. `expected`: a
    /// place to look at first, since senders mostly keep to one order.
    [[nodiscard]] std::size_t find(std::span<const member> members, std::string_view name,
                                   std::size_t expected) const noexcept {
        if (expected < members.size() && is_same(members[expected].name, name) &&
            !members[expected].takes_others()) {
            return expected;
        }
        return look_up(members, name);
    }

    /// Where other members go, or null.
    [[nodiscard]] const member* others() const noexcept { return others_; }

    /// Those that must not be absent.
    [[nodiscard]] const member_set& required() const noexcept { return required_; }

private:
    static constexpr std::uint16_t empty = UINT16_MAX;

    [[nodiscard]] std::size_t look_up(std::span<const member> members,
                                      std::string_view name) const noexcept {
        const std::size_t last = places_.size() - 1;
        for (std::size_t at = hash(name) & last; places_[at] != empty; at = (at + 1) & last) {
            if (is_same(members[places_[at]].name, name)) return places_[at];
        }
        return empty;
    }

    // Some bytes as one number, which costs one load.
    template <class Number>
    static constexpr Number number_at(const char* text) noexcept {
        std::array<char, sizeof(Number)> bytes{};
        std::string_view::traits_type::copy(bytes.data(), text, bytes.size());
        return std::bit_cast<Number>(bytes);
    }

    // By the first and the last bytes, which may overlap: names are short, and a call for each
    // comparison would cost more than that.
    template <class Number>
    static constexpr bool have_same_ends(std::string_view left, std::string_view right) noexcept {
        const std::size_t last = left.size() - sizeof(Number);
        return number_at<Number>(left.data()) == number_at<Number>(right.data()) &&
               number_at<Number>(left.data() + last) == number_at<Number>(right.data() + last);
    }
    static constexpr bool is_same(std::string_view left, std::string_view right) noexcept {
        if (left.size() != right.size()) return false;
        if (left.size() < 2 || left.size() > 16) return left == right;
        if (left.size() < 4) return have_same_ends<std::uint16_t>(left, right);
        if (left.size() < 8) return have_same_ends<std::uint32_t>(left, right);
        return have_same_ends<std::uint64_t>(left, right);
    }

    // Of both ends, in which names of one struct mostly differ. Whatever a sender chooses, the
    // search ends at the next empty place.
    static constexpr std::size_t hash(std::string_view name) noexcept {
        const char* const end = name.data() + name.size();
        std::uint64_t mixed = name.size();
        if (name.size() >= 8) {
            mixed += 3 * number_at<std::uint64_t>(name.data()) + number_at<std::uint64_t>(end - 8);
        } else if (name.size() >= 4) {
            mixed += std::uint64_t{3} * number_at<std::uint32_t>(name.data()) +
                     number_at<std::uint32_t>(end - 4);
        } else {
            for (const char c : name) mixed = mixed * 256 + static_cast<unsigned char>(c);
        }
        return static_cast<std::size_t>((mixed * 0x9E37'79B9'7F4A'7C15U) >> 48);
    }

    std::span<const std::uint16_t> places_;
    member_set required_;
    const member* others_ = nullptr;
};

template <class T>
inline constexpr auto name_table_of =
    member_names::make_table<std::bit_ceil(2 * std::span(T::members).size() + 1)>(T::members);

template <class T>
inline constexpr member_names names_of{T::members, name_table_of<T>.places};

template <described T>
consteval value_type make_object_type() {
    using part = typename described_struct<T>::type;
    constexpr std::span<const member> members = T::members;
    static_assert(std::is_base_of_v<part, T>, "`described_by` has to name the struct or its base");
    static_assert(owns_members<part>(members),
                  "`members` lists a field of another struct. An inherited one is written "
                  "`field<&derived::id, derived>`; a struct whose whole description others inherit "
                  "says `using described_by = ` and its own name");
    static_assert(members.size() <= max_members, "a struct describes at most 256 members");
    static_assert(name_table_of<T>.has_distinct_names, "`members` lists a name twice");
    static_assert(others_are_one_map(members),
                  "`other_members` has to go into one string-keyed map");
    return {.which = value_type::shape::object,
            .members = [] { return std::span<const member>(T::members); },
            .names = &names_of<T>,
            .described_part = [](void* target) -> void* {
                return static_cast<part*>(static_cast<T*>(target));
            }};
}

}  // namespace detail

}  // namespace webhookpp

#endif
