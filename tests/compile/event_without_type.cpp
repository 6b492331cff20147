// SPDX-License-Identifier: MIT
// An event that does not say for which type it stands.
#include <webhookpp/catalog.hpp>

#include <string>

struct order {
#ifndef MUST_NOT_COMPILE
    static constexpr std::string_view type = "order";
#endif
    std::string id;
    static constexpr webhookpp::member members[] = {{"id", webhookpp::field<&order::id>}};
};

constexpr auto types = webhookpp::catalog<order>::types;
