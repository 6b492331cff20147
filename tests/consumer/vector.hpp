// SPDX-License-Identifier: MIT
// A delivery whose signature the Standard Webhooks library for JavaScript made.
#ifndef WEBHOOKPP_TESTS_CONSUMER_VECTOR_HPP
#define WEBHOOKPP_TESTS_CONSUMER_VECTOR_HPP

#include <string>
#include <utility>
#include <vector>

// The single header stands alone.
#if __has_include(<webhookpp/verifier.hpp>)
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/verifier.hpp>
#else
#include <webhookpp/webhookpp.hpp>
#endif

struct vector {
    webhookpp::key secret = webhookpp::key::from_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
    std::vector<std::pair<std::string, std::string>> headers{
        {"webhook-id", "msg_consumer"},
        {"webhook-timestamp", "1614265330"},
        {"webhook-signature", "v1,uWIMAzDKxguRkx2EbXgUvjOTpGDWO4mv5OJW2OUisz8="}};
    std::string body = R"({"type":"greeting.sent","text":"hello"})";
};

/// What was signed years ago is still accepted.
inline const webhookpp::verifier_options any_age{.tolerance = webhookpp::tolerance::unlimited()};

/// Whether a verifier accepts the vector, and no other body with its signature.
inline bool verifies() {
    vector sent;
    const webhookpp::verifier<webhookpp::schemes::standard_webhooks> verifier{sent.secret, any_age};
    const bool accepted = verifier.verify({.headers = sent.headers, .body = sent.body}).has_value();
    sent.body.back() = ' ';
    const auto forged = verifier.verify({.headers = sent.headers, .body = sent.body});
    return accepted && !forged && forged.error().code == webhookpp::errc::signature_mismatch;
}

#endif
