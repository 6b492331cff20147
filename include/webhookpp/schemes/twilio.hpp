// SPDX-License-Identifier: MIT
// Twilio.
#ifndef WEBHOOKPP_SCHEMES_TWILIO_HPP
#define WEBHOOKPP_SCHEMES_TWILIO_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the URL, and of a form the fields; of other bodies their SHA-256, which the URL has
/// in `bodySHA256`. The URL comes from `verifier_options::url`, never from the request, but for
/// the query, which Twilio changes: that is the one of `delivery::target`. URLs with the
/// default port and without one both count.
///
/// Fields are signed as they are decoded, name and value without anything between them, so that
/// bytes can change sides: read the fields that you expect by their names. Not signed: any
/// header, the idempotency token among them. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember the ids in the fields. The key is the text of the auth
/// token.
///
/// Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security
inline constexpr scheme twilio{
    .name = "twilio",
    .algorithm = hmac_sha1,
    .key = key_form::text,
    .content = {url, form},
    .signature = {.header = "X-Twilio-Signature", .encoding = base64},
    .id = {.header = "I-Twilio-Idempotency-Token"},
    .url = {.query_of_request = true, .any_default_port = true},
    .form = {.body_digest = "bodySHA256"},
};

}  // namespace webhookpp::schemes

#endif
