// SPDX-License-Identifier: MIT
// What a program does with its events: one function for each type it cares about.
#ifndef WEBHOOKPP_HANDLERS_HPP
#define WEBHOOKPP_HANDLERS_HPP

#include <concepts>
#include <utility>
#include <variant>

#include <webhookpp/verified_message.hpp>

namespace webhookpp {

/// A set of functions of which each takes one type of event: `const E&`, or `const E&` and the
/// `const verified_message&` that it came with (for the message id). A generic lambda takes all
/// that no other one of its kind does; functions with two parameters are asked before those with
/// one.
///
/// They may be called from several threads at the same time.
template <class... Functions>
struct handlers : Functions... {
    using Functions::operator()...;

    /// Whether any of the functions takes `Event`.
    template <class Event>
    static constexpr bool take =
        std::invocable<const handlers&, const Event&> ||
        std::invocable<const handlers&, const Event&, const verified_message&>;
};
template <class... Functions>
handlers(Functions...) -> handlers<Functions...>;

namespace detail {

template <class Function, class Variant>
inline constexpr bool takes_any_of = false;
template <class Function, class... Events>
inline constexpr bool takes_any_of<Function, std::variant<Events...>> =
    (handlers<Function>::template take<Events> || ...);

// Whether overload resolution finds a function for `Event`, if there is one.
template <class Event, class... Functions>
inline constexpr bool is_unambiguous = handlers<Functions...>::template take<Event> ||
                                       !(handlers<Functions>::template take<Event> || ...);

// Calls the function that takes the event. Returns whether there is one.
template <class... Functions, class... Events>
bool dispatch(const handlers<Functions...>& all, const std::variant<Events...>& event,
              const verified_message& message) {
    static_assert((takes_any_of<Functions, std::variant<Events...>> && ...),
                  "each handler has to take an event of the catalog, as `const E&`");
    static_assert((is_unambiguous<Events, Functions...> && ...),
                  "two handlers fit the same event equally well");
    return std::visit(
        [&]<class Event>(const Event& alternative) {
            if constexpr (std::invocable<const handlers<Functions...>&, const Event&,
                                         const verified_message&>) {
                all(alternative, message);
                return true;
            } else if constexpr (std::invocable<const handlers<Functions...>&, const Event&>) {
                all(alternative);
                return true;
            } else {
                return false;
            }
        },
        event);
}

}  // namespace detail

}  // namespace webhookpp

#endif
