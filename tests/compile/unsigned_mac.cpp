// SPDX-License-Identifier: MIT
// Nobody gets the MAC of a text that is not signed: that would be a signature for everybody.
#include <webhookpp/handshake.hpp>

namespace handshakes = webhookpp::handshakes;

constexpr webhookpp::handshake mine{
    .name = "mine",
    .method = "GET",
    .proof = webhookpp::handshake_proof::nothing,
    .marker = {.field = handshakes::in_query("crc_token")},
    .challenge = handshakes::in_query("crc_token"),
#ifdef MUST_NOT_COMPILE
    .answer = {.body = {handshakes::mac}},
#else
    .answer = {.body = {handshakes::challenge}},
#endif
};

static_assert(mine.name == "mine");
