// SPDX-License-Identifier: MIT
// What is const cannot be decoded into.
#include <webhookpp/event.hpp>

#include <string>

struct order {
#ifdef MUST_NOT_COMPILE
    const std::string id;
#else
    std::string id;
#endif
    static constexpr webhookpp::member members[] = {{"id", webhookpp::field<&order::id>}};
};

const webhookpp::value_type& type = webhookpp::detail::value_type_of<order>;
