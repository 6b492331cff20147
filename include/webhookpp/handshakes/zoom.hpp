// SPDX-License-Identifier: MIT
// The handshake of Zoom.
#ifndef WEBHOOKPP_HANDSHAKES_ZOOM_HPP
#define WEBHOOKPP_HANDSHAKES_ZOOM_HPP

#include <webhookpp/handshake.hpp>

namespace webhookpp::handshakes {

/// `endpoint.url_validation`, signed as every event, when the endpoint is set up and every 72
/// hours: the endpoint shows that it has the secret token. Zoom waits for 3 seconds.
///
/// Source: https://developers.zoom.us/docs/api/webhooks
inline constexpr handshake zoom{
    .name = "zoom",
    .marker = {.field = in_body("event"), .text = "endpoint.url_validation"},
    .challenge = in_body("payload.plainToken"),
    .answer = {.content_type = json_text,
               .body = {R"({"plainToken":")", challenge, R"(","encryptedToken":")", mac, R"("})"}},
};

}  // namespace webhookpp::handshakes

#endif
