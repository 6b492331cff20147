// SPDX-License-Identifier: MIT
// A view would dangle as soon as the body is gone.
#include <webhookpp/json/nlohmann.hpp>

#include <string>
#include <string_view>

struct order {
#ifdef MUST_NOT_COMPILE
    std::string_view id;
#else
    std::string id;
#endif
    static constexpr webhookpp::member members[] = {{"id", webhookpp::field<&order::id>}};
};

const webhookpp::value_type& type = webhookpp::detail::value_type_of<order>;
