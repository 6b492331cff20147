// SPDX-License-Identifier: MIT
// Environments of CGI programs: the request that a slow reader finds in them.
#include <webhookpp/adapters/cgi.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../mutations/choices.hpp"
#include "../reference/headers.hpp"
#include "../reference/times.hpp"
#include "harness.hpp"

namespace wh = webhookpp;

namespace {

using variables = std::vector<std::string>;

// The value of the first variable of that name.
std::string value_of(const variables& all, const std::string& name) {
    for (const std::string& each : all) {
        if (each.substr(0, name.size() + 1) == name + '=') return each.substr(name.size() + 1);
    }
    return {};
}

reference::header_list headers_in(const variables& all) {
    reference::header_list headers;
    for (const std::string& each : all) {
        const std::size_t equals = each.find('=');
        if (equals == std::string::npos) continue;
        std::string name = each.substr(0, equals);
        if (name.substr(0, 5) == "HTTP_") {
            name = name.substr(5);
        } else if (name != "CONTENT_TYPE" && name != "CONTENT_LENGTH") {
            continue;
        }
        if (name.size() > 128) continue;
        std::replace(name.begin(), name.end(), '_', '-');
        headers.emplace_back(name, each.substr(equals + 1));
    }
    return headers;
}

std::optional<std::uint64_t> number_in(std::string text) {
    if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) {
        return std::nullopt;
    }
    text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
    const std::string most = "18446744073709551615";
    if (text.size() > most.size() || (text.size() == most.size() && text > most)) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    for (const char digit : text) number = number * 10 + static_cast<std::uint64_t>(digit - '0');
    return number;
}

// The environment as a faulty reader understands it.
variables with_fault(variables all) {
    if (fuzz::is_planted("last_variable_of_a_name")) {
        for (const std::string_view name : {"REQUEST_METHOD=", "REQUEST_URI=", "CONTENT_LENGTH="}) {
            const auto has_name = [name](const std::string& each) {
                return each.starts_with(name);
            };
            const auto first = std::find_if(all.begin(), all.end(), has_name);
            const auto last = std::find_if(all.rbegin(), all.rend(), has_name);
            if (first != all.end()) std::iter_swap(first, last);
        }
    }
    for (std::string& each : all) {
        if (fuzz::is_planted("blanks_cut_off") && each.ends_with(' ')) each.pop_back();
        if (fuzz::is_planted("sign_in_a_length") && each.starts_with("CONTENT_LENGTH=+")) {
            each.erase(each.find('+'), 1);
        }
        if (fuzz::is_planted("target_without_query") && each.starts_with("REQUEST_URI=")) {
            each.resize(std::min(each.find('?'), each.size()));
        }
    }
    return all;
}

}  // namespace

std::vector<std::string_view> fuzz::faults() {
    return {"blanks_cut_off", "sign_in_a_length", "last_variable_of_a_name",
            "target_without_query"};
}

void fuzz::try_input(input bytes) {
    variables all;
    // A NUL ends each variable, as in a process.
    for (const std::string& each : reference::cut_at(text_of(bytes), '\0')) all.push_back(each);
    const variables shown = with_fault(all);
    std::vector<const char*> environment;
    for (const std::string& each : shown) environment.push_back(each.c_str());
    environment.push_back(nullptr);

    const wh::adapters::cgi_request request(environment.data());
    require(request.method() == value_of(all, "REQUEST_METHOD"), "another method is found");
    require(request.target() == value_of(all, "REQUEST_URI"), "another target is found");
    require(request.content_length() == number_in(value_of(all, "CONTENT_LENGTH")),
            "another length is found");
    reference::header_list found;
    auto take = [&found](std::string_view name, std::string_view value) {
        found.emplace_back(name, value);
    };
    wh::header_source(request).visit({}, take);
    require(found == headers_in(all), "other headers are found");
}
