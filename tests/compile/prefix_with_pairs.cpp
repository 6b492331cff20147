// SPDX-License-Identifier: MIT
// In a list of `name=value` elements nothing else stands before the signatures.
#include <webhookpp/scheme.hpp>

namespace schemes = webhookpp::schemes;

constexpr webhookpp::scheme mine{
    .name = "mine",
    .algorithm = schemes::hmac_sha256,
    .key = webhookpp::key_form::text,
    .content = {schemes::body},
    .signature = {.header = "X-Signature",
#ifdef MUST_NOT_COMPILE
                  .prefix = "sha256=",
#endif
                  .pairs = schemes::pairs("v1"),
                  .encoding = schemes::hex},
};

static_assert(mine.name == "mine");
