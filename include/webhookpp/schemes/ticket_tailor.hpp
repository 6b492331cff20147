// SPDX-License-Identifier: MIT
// Ticket Tailor.
#ifndef WEBHOOKPP_SCHEMES_TICKET_TAILOR_HPP
#define WEBHOOKPP_SCHEMES_TICKET_TAILOR_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. Nothing stands
/// between the two, so the time has to have all of its 10 digits. A delivery can be replayed
/// within the tolerance, and no longer. The key is the text of the secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developers.tickettailor.com/docs/webhook/security
inline constexpr scheme ticket_tailor{
    .name = "ticket_tailor",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, body},
    .signature = {.header = "Tickettailor-Webhook-Signature",
                  .pairs = pairs("v1"),
                  .encoding = hex},
    .timestamp = {.element = "t"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

#endif
