// SPDX-License-Identifier: MIT
// Other members have names, which only a map can keep.
#include <webhookpp/event.hpp>

#include <map>
#include <string>
#include <vector>

struct order {
#ifdef MUST_NOT_COMPILE
    std::vector<std::string> others;
#else
    std::map<std::string, std::string> others;
#endif
    static constexpr webhookpp::member members[] = {
        {webhookpp::other_members, webhookpp::field<&order::others>}};
};

const webhookpp::value_type& type = webhookpp::detail::value_type_of<order>;
