// SPDX-License-Identifier: MIT
// Files of test vectors: one JSON object a line.
#ifndef WEBHOOKPP_EXAMPLES_VECTORS_HPP
#define WEBHOOKPP_EXAMPLES_VECTORS_HPP

#include <cstddef>
#include <exception>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "commands.hpp"

namespace tool {

using json = nlohmann::ordered_json;

/// Calls `answer` with each vector of `file` and prints what it returns, a line each. With `check`,
/// prints only the answers in which `differs` from what the vector expects, and how many there are.
/// Returns the exit status.
inline int run_vectors(const std::string& file, bool check,
                       const std::function<json(const json&)>& answer,
                       const std::function<bool(const json&, const json&)>& differs) {
    std::istringstream lines(read_file(file));
    std::size_t vectors = 0;
    std::size_t differences = 0;
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        try {
            const json vector = json::parse(line);
            json given{{"id", vector.at("id")}};
            given.update(answer(vector));
            ++vectors;
            if (check && !differs(vector, given)) continue;
            differences += check ? 1 : 0;
            std::cout << given.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
        } catch (const std::exception& e) {
            throw misuse_error(file + ":" + std::to_string(number) + ": " + e.what());
        }
    }
    if (vectors == 0) throw misuse_error(file + " holds no vectors");
    if (!check) return success;
    std::cout << vectors << " vectors, " << differences << " differences\n";
    return differences == 0 ? success : refused;
}

}  // namespace tool

#endif
