// SPDX-License-Identifier: MIT
// SendGrid event webhook.
#ifndef WEBHOOKPP_SCHEMES_SENDGRID_HPP
#define WEBHOOKPP_SCHEMES_SENDGRID_HPP

#include <webhookpp/scheme.hpp>

namespace webhookpp::schemes {

/// Signed: the time of sending and the body, by ECDSA over P-256. Nothing stands between the
/// two, so the time has to have all of its 10 digits. The body ends with a line break, which
/// belongs to it. A delivery can be replayed within the tolerance, and no longer. The key is
/// the verification key of the account: a SubjectPublicKeyInfo in base64.
///
/// Source: https://github.com/sendgrid/sendgrid-python helpers/eventwebhook
inline constexpr scheme sendgrid{
    .name = "sendgrid",
    .algorithm = ecdsa_p256,
    .key = key_form::p256_base64,
    .content = {timestamp, body},
    .signature = {.header = "X-Twilio-Email-Event-Webhook-Signature", .encoding = base64},
    .timestamp = {.header = "X-Twilio-Email-Event-Webhook-Timestamp"},
};

}  // namespace webhookpp::schemes

#endif
