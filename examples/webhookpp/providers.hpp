// SPDX-License-Identifier: MIT
// The providers whose events the tool decodes.
#ifndef WEBHOOKPP_EXAMPLES_PROVIDERS_HPP
#define WEBHOOKPP_EXAMPLES_PROVIDERS_HPP

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include <webhookpp/scheme.hpp>

namespace tool {

/// Decodes a body into the JSON that the tool prints.
using decoder = nlohmann::ordered_json (*)(const std::string& body);

struct provider {
    std::string_view name;
    const webhookpp::scheme* scheme = nullptr;
    std::span<const std::string_view> types = {};
    decoder with_nlohmann = nullptr;
    decoder with_simdjson = nullptr;

    /// For an engine that the command line knows: `nlohmann` or `simdjson`.
    [[nodiscard]] decoder decoder_with(std::string_view engine) const {
        return engine == "simdjson" ? with_simdjson : with_nlohmann;
    }
};

/// All of them, in the order of their names.
std::span<const provider> all_providers();

/// The provider of that name, or null.
const provider* find_provider(std::string_view name);

/// Their names, for people.
std::string provider_names();

}  // namespace tool

#endif
