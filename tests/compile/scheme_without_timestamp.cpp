// SPDX-License-Identifier: MIT
// A scheme that signs a timestamp says where it stands.
#include <webhookpp/scheme.hpp>

namespace schemes = webhookpp::schemes;

constexpr webhookpp::scheme mine{
    .name = "mine",
    .content = {schemes::timestamp, ".", schemes::body},
    .signature = {.header = "X-Signature", .versions = {{"v1", schemes::hmac_sha256}}},
#ifndef MUST_NOT_COMPILE
    .timestamp = {.header = "X-Timestamp"},
#endif
};

static_assert(mine.name == "mine");
