// SPDX-License-Identifier: MIT
// WorkOS.
#ifndef WEBHOOKPP_SCHEMES_WORKOS_HPP
#define WEBHOOKPP_SCHEMES_WORKOS_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The time is in milliseconds. The key is the
/// text of the secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://workos.com/docs/events/data-syncing/webhooks
inline constexpr scheme workos{
    .name = "workos",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ".", body},
    .signature = {.header = "WorkOS-Signature", .pairs = pairs("v1"), .encoding = hex},
    .timestamp = {.element = "t", .format = milliseconds},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
