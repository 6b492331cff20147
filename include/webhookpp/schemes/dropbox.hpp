// SPDX-License-Identifier: MIT
// Dropbox.
#ifndef WEBHOOKPP_SCHEMES_DROPBOX_HPP
#define WEBHOOKPP_SCHEMES_DROPBOX_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember nothing: bodies only say which accounts changed, and are
/// the same each time. The key is the app secret.
///
/// Source: https://www.dropbox.com/developers/reference/webhooks
inline constexpr scheme dropbox{
    .name = "dropbox",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Dropbox-Signature", .encoding = hex},
    .repeats_bodies = true,
};

}  // namespace webhookpp::schemes

#endif
