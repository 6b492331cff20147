// SPDX-License-Identifier: MIT
// A sender that only shows a token has signed nothing.
#include <webhookpp/scheme.hpp>

namespace schemes = webhookpp::schemes;

constexpr webhookpp::scheme mine{
    .name = "mine",
    .algorithm = schemes::token,
    .key = webhookpp::key_form::token,
#ifdef MUST_NOT_COMPILE
    .content = {schemes::body},
#endif
    .signature = {.header = "X-Token", .encoding = schemes::plain},
};

static_assert(mine.name == "mine");
