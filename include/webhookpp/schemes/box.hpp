// SPDX-License-Identifier: MIT
// Box.
#ifndef WEBHOOKPP_SCHEMES_BOX_HPP
#define WEBHOOKPP_SCHEMES_BOX_HPP

#include <webhookpp/scheme.hpp>
#include <webhookpp/tolerance.hpp>

namespace webhookpp::schemes {

/// Signed: the body and the time of sending. Not signed: the delivery id, and the headers that
/// name version and algorithm, which are not read: nothing else is accepted. A delivery can be
/// replayed for 600 s. There are two keys, primary and secondary, each with a header of its
/// own; one right signature is enough. The keys are texts.
///
/// Source: https://developer.box.com/guides/webhooks/v2/signatures-v2
inline constexpr scheme box{
    .name = "box",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body, timestamp},
    .signature = {.header = "BOX-SIGNATURE-PRIMARY",
                  .second_header = "BOX-SIGNATURE-SECONDARY",
                  .encoding = base64},
    .id = {.header = "BOX-DELIVERY-ID"},
    .timestamp = {.header = "BOX-DELIVERY-TIMESTAMP", .format = rfc3339},
    .tolerance = {.past = seconds(600), .future = seconds(600)},
};

}  // namespace webhookpp::schemes

#endif
