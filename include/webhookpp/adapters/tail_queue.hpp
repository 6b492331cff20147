// SPDX-License-Identifier: MIT
// Headers in a BSD tail queue, as libevent's evhttp keeps them.
#ifndef WEBHOOKPP_ADAPTERS_TAIL_QUEUE_HPP
#define WEBHOOKPP_ADAPTERS_TAIL_QUEUE_HPP

#include <type_traits>

#include <webhookpp/detail/header_field.hpp>
#include <webhookpp/header_source.hpp>

namespace webhookpp {

namespace detail {

// `struct evkeyvalq` and its like: a list whose members have `key`, `value` and `next.tqe_next`.
template <class T>
concept header_tail_queue = requires(const T& queue) {
    requires std::is_pointer_v<decltype(queue.tqh_first)>;
    requires std::is_same_v<std::remove_cvref_t<decltype(queue.tqh_first->next.tqe_next)>,
                            std::remove_cvref_t<decltype(queue.tqh_first)>>;
    requires header_field<std::remove_pointer_t<decltype(queue.tqh_first)>>;
};

}  // namespace detail

/// With this header included, a tail queue of headers is a header source:
///
///     #include <event2/keyvalq_struct.h>
///     receiver.receive({*evhttp_request_get_input_headers(request), body});
template <detail::header_tail_queue Queue>
struct header_traits<Queue> {
    static void visit(const Queue& queue, header_sink sink) {
        for (const auto* field = queue.tqh_first; field != nullptr; field = field->next.tqe_next) {
            detail::show_field(*field, sink);
        }
    }
};

}  // namespace webhookpp

#endif
