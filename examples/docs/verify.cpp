// SPDX-License-Identifier: MIT
// The code of docs/verify.md: verifiers, what they say, and how they are set up.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/reply.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/verifier.hpp>

namespace wh = webhookpp;

namespace {

using request_type = wh::testing::signed_delivery;

void log(const wh::error& why) {
    std::cout << "refused: " << name(why.code) << ' ' << why.where.view() << '\n';
}

wh::reply verify(const request_type& request) {
    // [verify]
    // Made once, and shared by all threads.
    static const wh::verifier<wh::schemes::standard_webhooks> verifier{
        wh::key::from_environment("SECRET")};

    const wh::result<wh::verified_message> message =
        verifier.verify({request.headers, request.body});
    if (!message) {
        log(message.error());                            // what was wrong, and where
        return wh::refusal_reply(message.error().code);  // 401 or 413, and not a word more
    }
    std::cout << message->id() << ": " << message->body() << '\n';
    return wh::accepted_reply();
    // [verify]
}

void set_up() {
    // [try]
    const wh::result<wh::key> secret = wh::key::try_from_text("v1,whsec_c2VjcmV0");
    const auto made =
        wh::verifier<wh::schemes::standard_webhooks>::try_create(std::span(&secret.value(), 1));
    if (!made) std::cout << name(made.error().code) << ": " << made.error().where.view() << '\n';
    // [try]
}

void choose(const request_type& request) {
    using namespace std::chrono_literals;
    // [options]
    const wh::verifier<wh::schemes::hubspot_v3> verifier{
        wh::key::from_environment("HUBSPOT_SECRET"),
        {.tolerance = wh::tolerance{.past = 2min, .future = 30s},
         .limits = {.body = 262'144, .signatures = 4},
         .url = "https://hooks.example.com/hubspot"}};

    // Method and target count for some schemes: hand them over as they came.
    const auto message = verifier.verify({.headers = request.headers,
                                          .body = request.body,
                                          .method = "POST",
                                          .target = request.target});
    // [options]
    std::cout << (message ? "verified" : name(message.error().code)) << '\n';
}

void choose_at_run_time(const char* configured, const request_type& request) {
    // [any]
    const wh::scheme* const scheme = wh::schemes::find(configured);  // "slack", for instance
    if (scheme == nullptr) throw std::runtime_error("no such scheme");
    const wh::any_verifier<> verifier{*scheme, wh::key::from_environment("SLACK_SECRET")};

    const auto message = verifier.verify(request.view());
    // [any]
    std::cout << scheme->name << ": " << (message ? "verified" : name(message.error().code))
              << '\n';
}

void write(std::string_view piece) {
    std::cout << piece.size() << " bytes\n";
}

wh::reply verify_pieces(const request_type& request, std::span<const std::string_view> pieces) {
    const auto next_piece = [&pieces]() -> std::optional<std::string_view> {
        if (pieces.empty()) return std::nullopt;
        const std::string_view piece = pieces.front();
        pieces = pieces.subspan(1);
        return piece;
    };
    // [incremental]
    const wh::incremental_verifier<wh::schemes::standard_webhooks> verifier{
        wh::key::from_environment("SECRET")};

    auto verification = verifier.begin(request.headers);
    if (!verification) return wh::refusal_reply(verification.error().code);
    while (const auto piece = next_piece()) {
        write(*piece);  // not yet proved: to be undone if the end is a refusal
        if (const auto more = verification->update(*piece); !more) {
            return wh::refusal_reply(more.error().code);
        }
    }
    const auto proved = std::move(*verification).finish();
    if (!proved) return wh::refusal_reply(proved.error().code);
    return wh::accepted_reply();
    // [incremental]
}

}  // namespace

int main() try {
    setenv("SECRET", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", 1);
    setenv("HUBSPOT_SECRET", "a secret of HubSpot", 1);
    setenv("SLACK_SECRET", "8f742231b10e8888abcd99yyyzzz85a5", 1);
    const std::int64_t now = wh::system_clock().now();
    const auto secret = wh::key::from_environment("SECRET");

    auto request = wh::testing::sign_delivery(wh::schemes::standard_webhooks, secret,
                                              R"({"type":"ping"})", now, "msg_1");
    std::cout << verify(request).status << '\n';
    const std::string_view parts[] = {R"({"type":)", R"("ping"})"};
    std::cout << verify_pieces(request, parts).status << '\n';
    request.body += '\n';
    std::cout << verify(request).status << '\n';

    set_up();
    choose(wh::testing::sign_delivery(wh::schemes::hubspot_v3,
                                      wh::key::from_environment("HUBSPOT_SECRET"), "[]", now - 100,
                                      {}, "https://hooks.example.com/hubspot?portal=1"));
    choose_at_run_time(
        "slack", wh::testing::sign_delivery(wh::schemes::slack,
                                            wh::key::from_environment("SLACK_SECRET"), "{}", now));
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
