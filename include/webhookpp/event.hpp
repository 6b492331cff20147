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
    using owner = Struct;
    using value = Value;
};

}  // namespace detail

/// Where a member lies in its struct, and of which type it is.
struct field_reference {
    const value_type* type = nullptr;
    const void* owner = nullptr;  ///< stands for the struct
    void* (*locate)(void* owner) = nullptr;

    /// The same in a struct that is only read.
    [[nodiscard]] const void* locate_in(const void* struct_) const {
        // Nothing is changed through the pointer; one function for both halves the code.
        return locate(const_cast<void*>(struct_));  // NOLINT(*-const-cast)
    }
};

/// The field that a pointer to member points to: `field<&chart::key>`.
template <auto Pointer>
inline constexpr field_reference field{
    &detail::value_type_of<typename detail::member_pointer<decltype(Pointer)>::value>,
    &detail::type_tag<typename detail::member_pointer<decltype(Pointer)>::owner>,
    [](void* owner) -> void* {
        using owner_type = typename detail::member_pointer<decltype(Pointer)>::owner;
        return &(static_cast<owner_type*>(owner)->*Pointer);
    }};

/// Stands in place of a name, before a string-keyed map that gets all members which no other
/// description names, as far as they fit its element type.
inline constexpr std::string_view other_members{};

/// A member of a struct and its name in JSON.
///
/// A struct lists its members in `static constexpr webhookpp::member members[]`, in the order in
/// which errors are to be looked for, at most 256. Structs may inherit list and members from a base
/// that says `using described_by = ` and its own name. A list with fields of another struct, or
/// with a name that stands there twice, does not compile.
struct member {
    std::string_view name;
    field_reference field;

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

consteval bool has_distinct_names(std::span<const member> members) {
    for (std::size_t i = 0; i < members.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (members[i].name == members[j].name &&
                members[i].takes_others() == members[j].takes_others()) {
                return false;
            }
        }
    }
    return true;
}

consteval bool others_are_maps(std::span<const member> members) {
    for (const member& each : members) {
        if (each.takes_others() && each.field.type->which != value_type::shape::map) return false;
    }
    return true;
}

/// Finds members by their names, which stand in a hash table that the compiler has made.
class member_names {
public:
    using slot = std::uint16_t;

    /// `slots` were filled for `members`.
    consteval member_names(std::span<const member> members, std::span<const slot> slots)
        : slots_(slots) {
        for (const member& each : members) {
            if (each.takes_others()) others_ = &each;
        }
    }

    /// At most half of the slots are taken.
    template <std::size_t Size>
    [[nodiscard]] static consteval std::array<slot, Size> fill(std::span<const member> members) {
        std::array<slot, Size> slots;
        for (slot& each : slots) each = empty;
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (members[i].takes_others()) continue;
            std::size_t at = hash(members[i].name) % Size;
            while (slots[at] != empty) at = (at + 1) % Size;
            slots[at] = static_cast<slot>(i);
        }
        return slots;
    }

    /// Where `name` stands in `members`; `members.size()` or more if it does not. `expected`: a
    /// place to look at first, since senders mostly keep to one order.
    [[nodiscard]] std::size_t find(std::span<const member> members, std::string_view name,
                                   std::size_t expected) const noexcept {
        if (expected < members.size() && members[expected].name == name &&
            !members[expected].takes_others()) {
            return expected;
        }
        const std::size_t last = slots_.size() - 1;
        for (std::size_t at = hash(name) & last; slots_[at] != empty; at = (at + 1) & last) {
            if (members[slots_[at]].name == name) return slots_[at];
        }
        return empty;
    }

    /// Where other members go, or null.
    [[nodiscard]] const member* others() const noexcept { return others_; }

private:
    static constexpr slot empty = UINT16_MAX;

    // A few characters tell the names of a struct apart well enough. Whatever a sender chooses, the
    // search ends at the next empty slot.
    static constexpr std::size_t hash(std::string_view name) noexcept {
        if (name.empty()) return 0;
        const auto at = [name](std::size_t i) { return static_cast<unsigned char>(name[i]); };
        return name.size() * 37U + at(0) * 11U + at(name.size() / 2) * 5U +
               at(name.size() - 1) * 3U;
    }

    std::span<const slot> slots_;
    const member* others_ = nullptr;
};

template <class T>
inline constexpr auto name_slots =
    member_names::fill<std::bit_ceil(2 * std::span(T::members).size() + 1)>(T::members);

template <class T>
inline constexpr member_names names_of{T::members, name_slots<T>};

template <described T>
consteval value_type make_object_type() {
    using part = typename described_struct<T>::type;
    constexpr std::span<const member> members = T::members;
    static_assert(std::is_base_of_v<part, T>, "`described_by` has to name the struct or its base");
    static_assert(owns_members<part>(members),
                  "`members` lists a field of another struct; a struct that others inherit its "
                  "members from says `using described_by = ` and its own name");
    static_assert(has_distinct_names(members), "`members` lists a name twice");
    static_assert(others_are_maps(members), "`other_members` has to go into a string-keyed map");
    static_assert(members.size() <= max_members, "a struct describes at most 256 members");
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
