// SPDX-License-Identifier: MIT
// The events that an endpoint expects, as one variant.
#ifndef WEBHOOKPP_CATALOG_HPP
#define WEBHOOKPP_CATALOG_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include <webhookpp/event.hpp>
#include <webhookpp/fwd.hpp>

namespace webhookpp {

/// An event of a type that the catalog does not list: new at the provider, or not wanted here.
/// Nothing is wrong with it.
struct unknown_event {
    std::string type;  ///< as it stands in the body
    std::string body;  ///< the whole body, as it arrived
};

/// A struct that names the event type which it stands for. Its members are described, or it has
/// nlohmann's `from_json`.
template <class T>
concept event_type = requires {
    { T::type } -> std::convertible_to<std::string_view>;
    requires !std::is_member_pointer_v<decltype(&T::type)>;
};

/// A catalog whose events of other types are `Unknown`, derived from `unknown_event`. If that
/// describes members of its own, they are filled as far as the body fits.
template <class Unknown, class... Events>
struct catalog_with_unknown {
    static_assert((event_type<Events> && ...),
                  "each event needs `static constexpr std::string_view type`");
    static_assert(std::derived_from<Unknown, unknown_event>);

    /// What stands for types that are not listed.
    using unknown = Unknown;

    /// One of `Events`, or `Unknown`.
    using event = std::variant<Unknown, Events...>;

    /// The member of a body that names the event type.
    static constexpr std::string_view type_member = "type";

    /// The member of a body that is the message id; empty where there is none, or a header has it.
    static constexpr std::string_view id_member = {};

    /// The event types, in the order of `Events`.
    static constexpr std::array<std::string_view, sizeof...(Events)> types{Events::type...};

    /// Where `type` stands in `types`; `types.size()` if it does not. Case matters.
    [[nodiscard]] static constexpr std::size_t find(std::string_view type) noexcept {
        std::size_t first = 0;
        for (std::size_t last = types.size(); first < last;) {
            const std::size_t middle = first + (last - first) / 2;
            if (is_before(types[sorted[middle]], type)) {
                first = middle + 1;
            } else {
                last = middle;
            }
        }
        return first < types.size() && types[sorted[first]] == type ? sorted[first] : types.size();
    }

private:
    static constexpr bool is_before(std::string_view left, std::string_view right) noexcept {
        return left.size() != right.size() ? left.size() < right.size() : left < right;
    }

    static constexpr auto sorted = [] {
        std::array<std::size_t, sizeof...(Events)> order{};
        for (std::size_t i = 0; i < order.size(); ++i) {
            std::size_t at = i;
            for (; at > 0 && is_before(types[i], types[order[at - 1]]); --at) {
                order[at] = order[at - 1];
            }
            order[at] = i;
        }
        return order;
    }();

    static_assert(
        [] {
            for (std::size_t i = 1; i < sorted.size(); ++i) {
                if (types[sorted[i - 1]] == types[sorted[i]]) return false;
            }
            return true;
        }(),
        "two events of the catalog have the same type");
};

/// The events that one endpoint receives. Choose those that the program handles: the cost of
/// compiling a variant grows with its alternatives.
///
/// For bodies that name the event type in another member than `type`, derive from this and declare
/// `static constexpr std::string_view type_member` with its name.
template <class... Events>
struct catalog : catalog_with_unknown<unknown_event, Events...> {};

}  // namespace webhookpp

#endif
