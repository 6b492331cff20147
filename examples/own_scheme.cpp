// SPDX-License-Identifier: MIT
// A way to sign of your own: described, signed with, verified.

#include <cstdlib>
#include <iostream>
#include <string>

#include <webhookpp/sign.hpp>
#include <webhookpp/verifier.hpp>

namespace wh = webhookpp;

// [description] "v1:<time>:<body>", signed with HMAC-SHA256, in hex behind "v1=".
inline constexpr wh::scheme acme{
    .name = "acme",
    .algorithm = wh::schemes::hmac_sha256,
    .key = wh::key_form::text,
    .content = {"v1:", wh::schemes::timestamp, ":", wh::schemes::body},
    .signature = {.header = "X-Acme-Signature", .prefix = "v1=", .encoding = wh::schemes::hex},
    .timestamp = {.header = "X-Acme-Timestamp"},
};
// [description]

int main() {
    setenv("ACME_SECRET", "a secret that both know", 1);
    // [verifier]
    const wh::verifier<acme> verifier{wh::key::from_environment("ACME_SECRET")};
    // [verifier]

    const wh::key key = wh::key::from_environment("ACME_SECRET");
    std::string body = R"({"type":"anvil.dropped"})";
    const auto sent =
        wh::sign(acme, key, {.timestamp = wh::system_clock().now(), .body = body}).value();
    std::cout << (verifier.verify({sent.headers, body}) ? "genuine" : "refused") << '\n';

    body += ' ';
    const auto changed = verifier.verify({sent.headers, body});
    std::cout << (changed ? "genuine" : name(changed.error().code)) << '\n';
}
