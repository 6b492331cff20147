// SPDX-License-Identifier: MIT
// webhookpp sign: prints the headers that go with a body, and the URL if a token stands in it.

#include <webhookpp/sign.hpp>

#include <iostream>
#include <random>

#include <webhookpp/clock.hpp>

#include "commands.hpp"

namespace wh = webhookpp;

namespace tool {

namespace {

std::string random_id() {
    constexpr std::string_view characters =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::random_device random;
    std::uniform_int_distribution<std::size_t> any(0, characters.size() - 1);
    std::string id = "msg_";
    for (int i = 0; i < 27; ++i) id += characters[any(random)];
    return id;
}

}  // namespace

int sign(const sign_options& options) {
    const wh::scheme& scheme = known_scheme(options.request.scheme);
    const auto keys = load_keys(options.request.keys);
    // Checked, so that a mistake in one does not go unseen; no scheme signs any other of them.
    static_cast<void>(split_headers(options.request.headers));
    const std::string id = options.id ? *options.id : random_id();
    const std::string body = read_file(options.request.body);
    const auto request =
        wh::sign(scheme, keys,
                 {.id = id,
                  .timestamp = options.timestamp.value_or(wh::system_clock().now()),
                  .body = body,
                  .url = options.request.url})
            .value();
    for (const auto& [name, value] : request.headers) std::cout << name << ": " << value << '\n';
    if (scheme.signature.in_target()) std::cout << "url: " << request.url << '\n';
    return success;
}

}  // namespace tool
