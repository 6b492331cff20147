// SPDX-License-Identifier: MIT
// 256 members and no more.
#include <webhookpp/event.hpp>

// clang-format off
#define TEN(m, p) m(p##0) m(p##1) m(p##2) m(p##3) m(p##4) m(p##5) m(p##6) m(p##7) m(p##8) m(p##9)
#define HUNDRED(m, p) TEN(m, p##0) TEN(m, p##1) TEN(m, p##2) TEN(m, p##3) TEN(m, p##4) \
                      TEN(m, p##5) TEN(m, p##6) TEN(m, p##7) TEN(m, p##8) TEN(m, p##9)
#define FIFTY(m, p) TEN(m, p##0) TEN(m, p##1) TEN(m, p##2) TEN(m, p##3) TEN(m, p##4)
#define ALL(m) HUNDRED(m, a_member_with_a_long_name_) HUNDRED(m, another_member_with_a_long_name_) \
               FIFTY(m, one_more_member_) m(x0) m(x1) m(x2) m(x3) m(x4) m(x5)
// clang-format on

struct order {
#define DECLARE(name) int name = 0;
    ALL(DECLARE)
    int last = 0;
    static constexpr webhookpp::member members[] = {
#define DESCRIBE(name) {#name, webhookpp::field<&order::name>},
        ALL(DESCRIBE)
#ifdef MUST_NOT_COMPILE
            {"last", webhookpp::field<&order::last>},
#endif
    };
};

const webhookpp::value_type& type = webhookpp::detail::value_type_of<order>;
