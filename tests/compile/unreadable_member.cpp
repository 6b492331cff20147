// SPDX-License-Identifier: MIT
// A member of a type that nothing is known about.
#include <webhookpp/event.hpp>

#include <string>

struct opaque {};

struct order {
#ifdef MUST_NOT_COMPILE
    opaque id;
#else
    std::string id;
#endif
    static constexpr webhookpp::member members[] = {{"id", webhookpp::field<&order::id>}};
};

const webhookpp::value_type& type = webhookpp::detail::value_type_of<order>;
