// SPDX-License-Identifier: MIT
// HubSpot, signature version 3.
#ifndef WEBHOOKPP_SCHEMES_HUBSPOT_V3_HPP
#define WEBHOOKPP_SCHEMES_HUBSPOT_V3_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: method, URL, body and time of sending. The URL comes from `verifier_options::url`,
/// never from the request, but for the query, which HubSpot changes: that is the one of
/// `delivery::target`. Some characters are signed as they are where the URL has them
/// percent-encoded. Not signed: any other header. A delivery can be replayed within the
/// tolerance, and no longer. Nothing stands between the query and the body, so that bytes can
/// change sides: believe nothing in the query, and no body that is not the JSON you expect. The
/// time is in milliseconds, with nothing before it, so it has to have all of its 13 digits. The
/// key is the text of the client secret.
///
/// Source: https://developers.hubspot.com/docs/api/webhooks/validating-requests
inline constexpr scheme hubspot_v3{
    .name = "hubspot_v3",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {method, url, body, timestamp},
    .signature = {.header = "X-HubSpot-Signature-v3", .encoding = base64},
    .timestamp = {.header = "X-HubSpot-Request-Timestamp", .format = milliseconds},
    .url = {.query_of_request = true, .decoded = ":/?@!$'()*,;"},
};

}  // namespace webhookpp::schemes

#endif
