// SPDX-License-Identifier: MIT
// Reads the deliveries of test vectors, and what verifiers are set up with.

#include "deliveries.hpp"

#include <webhookpp/schemes/all.hpp>

namespace wh = webhookpp;

namespace tool {

namespace {

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

}  // namespace

vector_delivery::vector_delivery(const json& vector)
    : scheme(wh::schemes::find(vector.at("scheme").get<std::string>())) {
    if (scheme == nullptr) return;
    for (const auto& text : vector.at("keys")) keys.push_back(text.get<std::string>());
    for (const auto& header : vector.at("headers")) {
        headers.emplace_back(latin1_bytes(header.at(0).get<std::string>()),
                             latin1_bytes(header.at(1).get<std::string>()));
    }
    body = decode_base64(vector.at("body_base64").get<std::string>());
    method = vector.value("method", "POST");
    url = vector.value("url", "");
    now = vector.at("now").get<std::int64_t>();
}

wh::delivery vector_delivery::request() const {
    return {headers, body, method, wh::target_of(url)};
}

bool verdict_differs(const json& vector, const json& given) {
    return given.at("verdict") != vector.at("expect") ||
           (vector.contains("error") && given.value("error", "") != vector.at("error"));
}

wh::verifier_options set_up_of(const verify_options& options) {
    wh::verifier_options set_up;
    if (options.tolerance) {
        set_up.tolerance = {wh::seconds(*options.tolerance), wh::seconds(*options.tolerance)};
    }
    set_up.url = options.request.url;
    return set_up;
}

}  // namespace tool
