// SPDX-License-Identifier: MIT
// The code of docs/own-schemes.md, with own_scheme.cpp: ways to sign, described.

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/verifier.hpp>

namespace wh = webhookpp;

// [list]
// Time and signatures in one header: `Anvil-Signature: t=1700000000,v2=5257...`.
inline constexpr wh::scheme anvil{
    .name = "anvil",
    .algorithm = wh::schemes::hmac_sha512,
    .key = wh::key_form::base64,
    .content = {wh::schemes::timestamp, ".", wh::schemes::body},
    .signature = {.header = "Anvil-Signature",
                  .pairs = wh::schemes::pairs("v2"),
                  .encoding = wh::schemes::hex},
    .timestamp = {.element = "t"},
    .tolerance = {.past = wh::seconds(180), .future = wh::seconds(30)},
};
// [list]

// [key_pair]
// Signed with a key pair, over id, time in milliseconds, URL and body.
inline constexpr wh::scheme rocket{
    .name = "rocket",
    .algorithm = wh::schemes::ed25519,
    .key = wh::key_form::ed25519_base64,
    .content = {wh::schemes::id, "|", wh::schemes::timestamp, "|", wh::schemes::url, "|",
                wh::schemes::body},
    .signature = {.header = "Rocket-Signature", .encoding = wh::schemes::base64url},
    .id = {.header = "Rocket-Delivery"},
    .timestamp = {.header = "Rocket-Sent-At", .format = wh::schemes::milliseconds},
    .event_type = {.header = "Rocket-Event"},
};
// [key_pair]

// [token]
// A token in a header, and an id that stops retries: nothing is signed.
inline constexpr wh::scheme magnet{
    .name = "magnet",
    .algorithm = wh::schemes::token,
    .key = wh::key_form::token,
    .signature = {.header = "X-Magnet-Token", .encoding = wh::schemes::plain},
    .id = {.header = "X-Magnet-Delivery"},
};
// [token]

namespace {

// [check]
// Each rule of a description refuses something: bend it, and see.
template <const wh::scheme& Scheme>
bool notices_a_changed_body(const wh::key& signing, const wh::key& verifying,
                            const wh::verifier_options& options = {}) {
    const wh::verifier<Scheme> verifier{verifying, options};
    auto sent = wh::testing::sign_delivery(Scheme, signing, "{}", wh::system_clock().now(), "id-1",
                                           options.url);
    const bool genuine = verifier.verify(sent.view()).has_value();
    sent.body += ' ';
    const auto changed = verifier.verify(sent.view());
    return genuine && !changed && changed.error().code == wh::errc::signature_mismatch;
}
// [check]

}  // namespace

int main() try {
    const auto secret = wh::key::from_text("c2VjcmV0IG9mIHRoZSBhbnZpbCBjb21wYW55");
    std::cout << "anvil: " << notices_a_changed_body<anvil>(secret, secret) << '\n';

    // The key pair of RFC 8032, section 7.1, test 1.
    const auto signing = wh::key::from_text("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
    const auto verifying = wh::key::from_text("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    std::cout << "rocket: "
              << notices_a_changed_body<rocket>(signing, verifying,
                                                {.url = "https://hooks.example.com/rocket"})
              << '\n';

    const auto token = wh::key::from_text("a-token-of-magnets");
    std::cout << "magnet: " << notices_a_changed_body<magnet>(token, token) << '\n';
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
