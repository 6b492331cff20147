// SPDX-License-Identifier: MIT
// A list of members with a field of another struct would write past this one.
#include <webhookpp/event.hpp>

#include <string>

struct order {
    std::string id;
    static constexpr webhookpp::member members[] = {{"id", webhookpp::field<&order::id>}};
};

struct refund {
    std::string id;
#ifdef MUST_NOT_COMPILE
    static constexpr webhookpp::member members[] = {{"id", webhookpp::field<&order::id>}};
#else
    static constexpr webhookpp::member members[] = {{"id", webhookpp::field<&refund::id>}};
#endif
};

const webhookpp::value_type& type = webhookpp::detail::value_type_of<refund>;
