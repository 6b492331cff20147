// SPDX-License-Identifier: MIT
// Parts of Markdown files that programs write: between two marks, compared by tests and renewed by
// scripts.
#ifndef WEBHOOKPP_TESTS_GENERATED_TEXT_HPP
#define WEBHOOKPP_TESTS_GENERATED_TEXT_HPP

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace generated {

/// `text` as code, also in a table, where a `|` would end the cell.
inline std::string code(std::string_view text) {
    const auto bar = text.find('|');
    if (bar == std::string_view::npos) return "`" + std::string(text) + "`";
    return "<code>" + std::string(text.substr(0, bar)) + "&#124;" +
           std::string(text.substr(bar + 1)) + "</code>";
}

/// What stands between `<!-- mark: generated from the descriptions -->` and `<!-- mark: end -->`.
struct part {
    std::string mark;
    std::string text;
};

inline std::string read(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// `whole` with `replacement` between its two marks, if it has them.
inline std::string with_part(const std::string& whole, const part& replacement) {
    const std::string begin =
        "<!-- " + replacement.mark + ": generated from the descriptions -->\n";
    const std::string end = "<!-- " + replacement.mark + ": end -->\n";
    const std::size_t first = whole.find(begin);
    const std::size_t last = whole.find(end);
    if (first == std::string::npos || last == std::string::npos) return whole;
    return whole.substr(0, first + begin.size()) + replacement.text + whole.substr(last);
}

/// The main function of a program that is called with `check` or `write` and the names of files:
/// fails if a part of them is not what it should be, or makes it so. `script` does that for people.
inline int run(int argc, char** argv, const std::vector<part>& parts, std::string_view script) {
    const std::string command = argc > 2 ? argv[1] : "";
    if (command != "check" && command != "write") {
        throw std::runtime_error("usage: check|write FILE...");
    }
    bool good = true;
    for (int i = 2; i < argc; ++i) {
        const std::string text = read(argv[i]);
        if (text.find(": generated from the descriptions -->") == std::string::npos) {
            throw std::runtime_error(std::string(argv[i]) + " has no place for what is generated");
        }
        std::string wanted = text;
        for (const part& each : parts) wanted = with_part(wanted, each);
        if (text == wanted) continue;
        if (command == "write") {
            std::ofstream(argv[i], std::ios::binary) << wanted;
        } else {
            std::cerr << argv[i] << " is out of date: " << script << " writes it anew\n";
            good = false;
        }
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace generated

#endif
