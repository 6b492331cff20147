// SPDX-License-Identifier: MIT
// webhookpp explain: says why a delivery is refused.

#include <webhookpp/explain.hpp>

#include <iostream>
#include <string_view>
#include <vector>

#include <webhookpp/clock.hpp>

#include "commands.hpp"
#include "deliveries.hpp"
#include "vectors.hpp"

namespace wh = webhookpp;

namespace tool {

namespace {

// Set-up errors are not about the delivery.
bool is_of_set_up(wh::errc code) {
    return code >= wh::errc::empty_key;
}

std::vector<std::string_view> views(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

json causes_of(const json& vector) {
    const vector_delivery given(vector);
    if (given.scheme == nullptr) return {{"verdict", "unsupported"}};
    const auto found = wh::explain(*given.scheme, views(given.keys), given.request(),
                                   {.url = given.url}, given.now);
    if (found.accepted()) return {{"verdict", "accept"}};
    json causes = json::array();
    for (const auto& each : found.causes) causes.push_back(name(each.which));
    return {{"verdict", is_of_set_up(found.refusal->code) ? "bad_key" : "reject"},
            {"error", name(found.refusal->code)},
            {"causes", causes}};
}

}  // namespace

int explain(const verify_options& options) {
    if (!options.vectors.empty()) {
        return run_vectors(options.vectors, options.check, causes_of, verdict_differs);
    }
    const wh::scheme& scheme = known_scheme(options.request.scheme);
    const auto keys = load_key_texts(options.request.keys);
    const auto headers = split_headers(options.request.headers);
    const std::string body = read_file(options.request.body);
    const auto found =
        wh::explain(scheme, views(keys),
                    {headers, body, options.request.method, wh::target_of(options.request.url)},
                    set_up_of(options), options.now.value_or(wh::system_clock().now()));
    // A URL that is not given is no mistake of the delivery or its keys.
    if (found.refusal && found.refusal->code == wh::errc::invalid_url) {
        throw wh::exception(*found.refusal);
    }
    std::cout << in_words(found);
    return found.accepted() ? success : refused;
}

}  // namespace tool
