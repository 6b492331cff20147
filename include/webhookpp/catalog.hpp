// The events that an endpoint expects, as one variant.
#ifndef WEBHOOKPP_CATALOG_HPP
#define WEBHOOKPP_CATALOG_HPP

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
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

/// A struct with described members that names the event type which it stands for.
template <class T>
concept event_type = described<T> && requires {
    { T::type } -> std::convertible_to<std::string_view>;
};

/// The events that one endpoint receives. Choose those that the program handles: the cost of
/// compiling a variant grows with the square of its alternatives.
///
/// A provider whose bodies name the event type in another member than `type` derives from this and
/// declares its own `type_member`.
template <class... Events>
struct catalog {
    static_assert((event_type<Events> && ...),
                  "each event needs `static constexpr std::string_view type` and `members`");

    /// One of `Events`, or `unknown_event`.
    using event = std::variant<unknown_event, Events...>;

    /// The member of a body that names the event type.
    static constexpr std::string_view type_member = "type";

    /// The event types, in the order of `Events`.
    static constexpr std::array<std::string_view, sizeof...(Events)> types{Events::type...};

    static_assert(
        [] {
            for (std::size_t i = 0; i < types.size(); ++i) {
                for (std::size_t j = 0; j < i; ++j) {
                    if (types[i] == types[j]) return false;
                }
            }
            return true;
        }(),
        "two events of the catalog have the same type");
};

}  // namespace webhookpp

#endif
