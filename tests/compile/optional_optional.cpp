// SPDX-License-Identifier: MIT
// Absent and null are the same, so there is nothing for the inner one to say.
#include <webhookpp/event.hpp>

#include <optional>

struct order {
#ifdef MUST_NOT_COMPILE
    std::optional<std::optional<int>> id;
#else
    std::optional<int> id;
#endif
    static constexpr webhookpp::member members[] = {{"id", webhookpp::field<&order::id>}};
};

const webhookpp::value_type& type = webhookpp::detail::value_type_of<order>;
