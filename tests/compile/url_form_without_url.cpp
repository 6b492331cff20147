// SPDX-License-Identifier: MIT
// A scheme that says how the URL is signed signs it.
#include <webhookpp/scheme.hpp>

namespace schemes = webhookpp::schemes;

constexpr webhookpp::scheme mine{
    .name = "mine",
    .algorithm = schemes::hmac_sha256,
    .key = webhookpp::key_form::text,
#ifdef MUST_NOT_COMPILE
    .content = {schemes::body},
#else
    .content = {schemes::url, schemes::body},
#endif
    .signature = {.header = "X-Signature"},
    .url = {.query_of_request = true},
};

static_assert(mine.name == "mine");
