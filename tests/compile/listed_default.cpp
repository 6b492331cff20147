// SPDX-License-Identifier: MIT
// Texts that are not known would look like the enumerator 0.
#include <webhookpp/event.hpp>

#include <array>

#ifdef MUST_NOT_COMPILE
enum class state { open, closed };
#else
enum class state { other, open, closed };
#endif
constexpr auto enumerators(state /*of*/) {
    return std::array{webhookpp::enumerator{"OPEN", state::open},
                      webhookpp::enumerator{"CLOSED", state::closed}};
}

struct order {
    webhookpp::open_enum<state> now;
    static constexpr webhookpp::member members[] = {{"now", webhookpp::field<&order::now>}};
};

const webhookpp::value_type& type = webhookpp::detail::value_type_of<order>;
