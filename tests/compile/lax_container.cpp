// SPDX-License-Identifier: MIT
// nlohmann would fill it, but cut numbers off without a word.
#include <webhookpp/json/nlohmann.hpp>

#include <list>
#include <vector>

struct order {
#ifdef MUST_NOT_COMPILE
    std::list<int> counts;
#else
    std::vector<int> counts;
#endif
    static constexpr webhookpp::member members[] = {{"counts", webhookpp::field<&order::counts>}};
};

const webhookpp::value_type& type = webhookpp::detail::value_type_of<order>;
