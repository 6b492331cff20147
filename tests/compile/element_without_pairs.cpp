// SPDX-License-Identifier: MIT
// A timestamp is an element of a list, so there has to be one.
#include <webhookpp/scheme.hpp>

namespace schemes = webhookpp::schemes;

constexpr webhookpp::scheme mine{
    .name = "mine",
    .algorithm = schemes::hmac_sha256,
    .key = webhookpp::key_form::text,
    .content = {schemes::timestamp, ".", schemes::body},
    .signature = {.header = "X-Signature",
#ifndef MUST_NOT_COMPILE
                  .pairs = schemes::pairs("v1"),
#endif
                  .encoding = schemes::hex},
    .timestamp = {.element = "t"},
};

static_assert(mine.name == "mine");
