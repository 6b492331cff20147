// webhookpp verify: says whether a delivery is genuine.

#include <webhookpp/any_verifier.hpp>

#include <iostream>

#include <webhookpp/schemes/all.hpp>
#include <webhookpp/testing/fixed_clock.hpp>

#include "commands.hpp"
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

// Headers of vectors are Latin-1, which JSON text holds as UTF-8.
std::string latin1_bytes(const std::string& utf8) {
    std::string bytes;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        if ((lead == 0xc2 || lead == 0xc3) && i + 1 < utf8.size()) {
            const auto next = static_cast<unsigned char>(utf8[++i]);
            bytes += static_cast<char>((lead & 0x03U) << 6U | (next & 0x3fU));
        } else {
            bytes += utf8[i];
        }
    }
    return bytes;
}

json verdict_on(const json& vector) {
    const wh::scheme* const scheme = wh::schemes::find(vector.at("scheme").get<std::string>());
    if (scheme == nullptr) return {{"verdict", "unsupported"}};
    std::vector<wh::key> keys;
    for (const auto& text : vector.at("keys")) {
        auto key = wh::key::try_from_text(text.get<std::string>());
        if (!key) return {{"verdict", "bad_key"}, {"error", name(key.error().code)}};
        keys.push_back(*std::move(key));
    }
    const wh::testing::fixed_clock clock{vector.at("now").get<std::int64_t>()};
    const std::string url = vector.value("url", "");
    const auto ready = verifier::try_create(*scheme, keys, {.url = url}, clock);
    if (!ready) return {{"verdict", "bad_key"}, {"error", name(ready.error().code)}};

    header_list headers;
    for (const auto& header : vector.at("headers")) {
        headers.emplace_back(latin1_bytes(header.at(0).get<std::string>()),
                             latin1_bytes(header.at(1).get<std::string>()));
    }
    const std::string body = decode_base64(vector.at("body_base64").get<std::string>());
    const std::string method = vector.value("method", "POST");
    const auto message = ready->verify({headers, body, method, wh::target_of(url)});
    if (message) return {{"verdict", "accept"}};
    return {{"verdict", "reject"}, {"error", name(message.error().code)}};
}

bool differs(const json& vector, const json& given) {
    return given.at("verdict") != vector.at("expect") ||
           (vector.contains("error") && given.value("error", "") != vector.at("error"));
}

}  // namespace

int verify(const verify_options& options) {
    if (!options.vectors.empty()) {
        return run_vectors(options.vectors, options.check, verdict_on, differs);
    }
    const wh::scheme& scheme = known_scheme(options.request.scheme);
    const auto keys = load_keys(options.request.keys);
    wh::verifier_options set_up;
    if (options.tolerance) {
        set_up.tolerance = {wh::seconds(*options.tolerance), wh::seconds(*options.tolerance)};
    }
    set_up.url = options.request.url;
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
