// SPDX-License-Identifier: MIT
// Telnyx.
#ifndef WEBHOOKPP_SCHEMES_TELNYX_HPP
#define WEBHOOKPP_SCHEMES_TELNYX_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body, by Ed25519. A delivery can be replayed within the
/// tolerance, and no longer. The key is the public key of the account, in base64.
///
/// Source: https://github.com/team-telnyx/telnyx-python lib/webhook_verification.py
inline constexpr scheme telnyx{
    .name = "telnyx",
    .algorithm = ed25519,
    .key = key_form::ed25519_base64,
    .content = {timestamp, "|", body},
    .signature = {.header = "telnyx-signature-ed25519", .encoding = base64},
    .timestamp = {.header = "telnyx-timestamp"},
};

}  // namespace webhookpp::schemes

#endif
