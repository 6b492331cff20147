// SPDX-License-Identifier: MIT
// Zoom.
#ifndef WEBHOOKPP_SCHEMES_ZOOM_HPP
#define WEBHOOKPP_SCHEMES_ZOOM_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The key is the text of the secret token.
///
/// Source: https://developers.zoom.us/docs/api/webhooks
inline constexpr scheme zoom{
    .name = "zoom",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {"v0:", timestamp, ":", body},
    .signature = {.header = "x-zm-signature", .prefix = "v0=", .encoding = hex},
    .timestamp = {.header = "x-zm-request-timestamp"},
};

}  // namespace webhookpp::schemes

#endif
