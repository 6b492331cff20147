// SPDX-License-Identifier: MIT
// The event in the vector.
#ifndef WEBHOOKPP_TESTS_CONSUMER_GREETING_HPP
#define WEBHOOKPP_TESTS_CONSUMER_GREETING_HPP

#include <string>
#include <string_view>

#include <webhookpp/webhookpp.hpp>

#include "vector.hpp"

struct greeting_sent {
    static constexpr std::string_view type = "greeting.sent";
    std::string text;
    static constexpr webhookpp::member members[] = {
        {"text", webhookpp::field<&greeting_sent::text>}};
};

/// Whether the vector is received, verified and decoded by `Engine`.
template <class Engine>
bool receives() {
    std::string text;
    const vector sent;
    const webhookpp::receiver receiver{
        webhookpp::verifier<webhookpp::schemes::standard_webhooks>{sent.secret, any_age},
        webhookpp::parser<webhookpp::catalog<greeting_sent>, Engine>{},
        webhookpp::handlers{[&text](const greeting_sent& event) { text = event.text; }}};
    return receiver.receive({.headers = sent.headers, .body = sent.body}).status == 200 &&
           text == "hello";
}

#endif
