// SPDX-License-Identifier: MIT
// A list that names a member twice could never be told which of the two is meant.
#include <webhookpp/event.hpp>

#include <string>

struct order {
    std::string id;
    std::string name;
    static constexpr webhookpp::member members[] = {
        {"id", webhookpp::field<&order::id>},
#ifdef MUST_NOT_COMPILE
        {"id", webhookpp::field<&order::name>},
#else
        {"name", webhookpp::field<&order::name>},
#endif
    };
};

const webhookpp::value_type& type = webhookpp::detail::value_type_of<order>;
