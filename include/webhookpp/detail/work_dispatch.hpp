// SPDX-License-Identifier: MIT
// Finds the function that handles an event of an inbox.
#ifndef WEBHOOKPP_DETAIL_WORK_DISPATCH_HPP
#define WEBHOOKPP_DETAIL_WORK_DISPATCH_HPP

#include <concepts>
#include <type_traits>
#include <utility>
#include <variant>

#include <webhookpp/handlers.hpp>
#include <webhookpp/verified_message.hpp>
#include <webhookpp/work.hpp>

namespace webhookpp::detail {

// A concept, so that what takes any second parameter is never tried with a message.
template <class Handlers, class Event, class Work>
concept takes_work = std::invocable<const Handlers&, const Event&, Work&> ||
    std::invocable<const Handlers&, const Event&> ||
    std::invocable<const Handlers&, const Event&, const verified_message&>;

template <class Function, class Work, class Variant>
inline constexpr bool takes_work_of_any = false;
template <class Function, class Work, class... Events>
inline constexpr bool takes_work_of_any<Function, Work, std::variant<Events...>> =
    (takes_work<handlers<Function>, Events, Work> || ...);

template <class Work, class Event, class... Functions>
inline constexpr bool is_unambiguous_work = takes_work<handlers<Functions...>, Event, Work> ||
                                            !(takes_work<handlers<Functions>, Event, Work> || ...);

// Calls `function` and keeps what it wants.
template <class Function>
void keep_disposition(Function function, disposition& wanted) {
    using returned = decltype(function());
    static_assert(std::is_void_v<returned> || std::is_same_v<returned, disposition>,
                  "a handler of an inbox returns nothing or a webhookpp::disposition");
    if constexpr (std::is_same_v<returned, disposition>) {
        wanted = function();
    } else {
        function();
    }
}

// Calls the function that takes the event. Returns whether there is one.
template <class... Functions, class... Events, class Work>
bool dispatch_work(const handlers<Functions...>& all, const std::variant<Events...>& event,
                   Work& of, disposition& wanted) {
    using set = handlers<Functions...>;
    static_assert((takes_work_of_any<Functions, Work, std::variant<Events...>> && ...),
                  "each handler has to take an event of the catalog, as `const E&`");
    static_assert((is_unambiguous_work<Work, Events, Functions...> && ...),
                  "two handlers fit the same event equally well");
    return std::visit(
        [&]<class Event>(const Event& alternative) {
            if constexpr (std::invocable<const set&, const Event&, Work&>) {
                keep_disposition([&] { return all(alternative, of); }, wanted);
                return true;
            } else if constexpr (std::invocable<const set&, const Event&,
                                                const verified_message&>) {
                keep_disposition([&] { return all(alternative, of.message()); }, wanted);
                return true;
            } else if constexpr (std::invocable<const set&, const Event&>) {
                keep_disposition([&] { return all(alternative); }, wanted);
                return true;
            } else {
                return false;
            }
        },
        event);
}

}  // namespace webhookpp::detail

#endif
