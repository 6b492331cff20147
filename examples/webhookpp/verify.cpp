// SPDX-License-Identifier: MIT
// webhookpp verify: says whether a delivery is genuine.

#include <webhookpp/any_verifier.hpp>

#include <iostream>

#include <webhookpp/testing/fixed_clock.hpp>

#include "commands.hpp"
#include "deliveries.hpp"
#include "vectors.hpp"

namespace wh = webhookpp;

namespace tool {

namespace {

using verifier = wh::any_verifier<wh::testing::fixed_clock>;

std::string in_words(const wh::error& error) {
    std::string text(name(error.code));
    if (!error.where.empty()) text.append(": ").append(error.where);
    return text;
}

std::string in_words(const wh::verified_message& message, std::size_t keys) {
    std::string text;
    if (!message.id().empty()) text.append("id ").append(message.id()).append(", ");
    text += "key " + std::to_string(*message.key_index() + 1) + " of " + std::to_string(keys);
    if (!message.body_is_signed()) return text + ", the body is not signed";
    return text + ", " + std::to_string(message.skipped_tokens()) + " signatures skipped";
}

json verdict_on(const json& vector) {
    const vector_delivery given(vector);
    if (given.scheme == nullptr) return {{"verdict", "unsupported"}};
    std::vector<wh::key> keys;
    for (const auto& text : given.keys) {
        auto key = wh::key::try_from_text(text);
        if (!key) return {{"verdict", "bad_key"}, {"error", name(key.error().code)}};
        keys.push_back(*std::move(key));
    }
    const wh::testing::fixed_clock clock{given.now};
    const auto ready = verifier::try_create(*given.scheme, keys, {.url = given.url}, clock);
    if (!ready) return {{"verdict", "bad_key"}, {"error", name(ready.error().code)}};
    const auto message = ready->verify(given.request());
    if (message) return {{"verdict", "accept"}};
    return {{"verdict", "reject"}, {"error", name(message.error().code)}};
}

}  // namespace

int verify(const verify_options& options) {
    if (!options.vectors.empty()) {
        return run_vectors(options.vectors, options.check, verdict_on, verdict_differs);
    }
    const wh::scheme& scheme = known_scheme(options.request.scheme);
    const auto keys = load_keys(options.request.keys);
    const wh::verifier_options set_up = set_up_of(options);
    const wh::testing::fixed_clock clock{options.now.value_or(wh::system_clock().now())};
    const verifier ready(scheme, keys, set_up, clock);
    const auto headers = split_headers(options.request.headers);
    const std::string body = read_file(options.request.body);
    const auto message =
        ready.verify({headers, body, options.request.method, wh::target_of(options.request.url)});
    if (!message) {
        std::cerr << in_words(message.error()) << '\n';
        return refused;
    }
    std::cout << "verified: " << in_words(*message, keys.size()) << '\n';
    return success;
}

}  // namespace tool
