// SPDX-License-Identifier: MIT
// The code of docs/troubleshooting.md: why a delivery is refused.

#include <cstdlib>
#include <ctime>
#include <exception>
#include <iostream>
#include <span>
#include <string>

#include <webhookpp/explain.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/verifier.hpp>

namespace wh = webhookpp;

namespace {

void receive(const wh::testing::signed_delivery& request) {
    const wh::key secret = wh::key::from_environment("SECRET");
    const wh::verifier<wh::schemes::standard_webhooks> verifier{secret};
    // [explain]
    const auto message = verifier.verify({request.headers, request.body});
    if (!message) {
        const auto why = wh::explain(wh::schemes::standard_webhooks, std::span(&secret, 1),
                                     {request.headers, request.body}, {}, std::time(nullptr));
        std::clog << in_words(why);  // a line for the refusal, and one for each likely cause
    }
    // [explain]
}

}  // namespace

int main() try {
    std::clog.rdbuf(std::cout.rdbuf());
    setenv("SECRET", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", 1);
    auto request = wh::testing::sign_delivery(wh::schemes::standard_webhooks,
                                              wh::key::from_environment("SECRET"),
                                              R"({"type":"ping"})", wh::system_clock().now());
    receive(request);
    request.body += '\n';
    receive(request);
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
