// SPDX-License-Identifier: MIT
// A list of versions begins with its first one.
#include <webhookpp/scheme.hpp>

namespace schemes = webhookpp::schemes;

constexpr webhookpp::scheme mine{
    .name = "mine",
#ifdef MUST_NOT_COMPILE
    .algorithm = schemes::hmac_sha256,
#endif
    .content = {schemes::body},
    .signature = {.header = "X-Signature",
#ifdef MUST_NOT_COMPILE
                  .versions = {{}, {"v1", schemes::hmac_sha256}}},
#else
                  .versions = {{"v1", schemes::hmac_sha256}}},
#endif
};

static_assert(mine.name == "mine");
