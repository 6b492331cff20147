// SPDX-License-Identifier: MIT
// webhookpp list: what this version knows.

#include <iomanip>
#include <iostream>

#include <webhookpp/schemes/all.hpp>

#include "commands.hpp"
#include "providers.hpp"

namespace wh = webhookpp;

namespace tool {

namespace {

void print_row(std::string_view first, std::string_view second, std::string_view third) {
    std::cout << std::left << std::setw(12) << first << std::setw(20) << second << third << '\n';
}

std::string_view strength(const wh::scheme& scheme) {
    if (scheme.uses(wh::algorithm::token)) return "a token; nothing is signed";
    if (scheme.signs(wh::content_part::kind::timestamp)) return "signed, with the time of sending";
    return "signed, without a time: replay is possible";
}

}  // namespace

int list() {
    print_row("PROVIDER", "SCHEME", "EVENT TYPE");
    for (const provider& each : all_providers()) {
        for (const std::string_view type : each.types) {
            print_row(each.name, each.scheme->name, type);
        }
    }
    std::cout << '\n';
    print_row("SCHEME", "", "PROOF");
    for (const wh::scheme* const each : wh::schemes::all()) {
        std::cout << std::left << std::setw(32) << each->name << strength(*each) << '\n';
    }
    return success;
}

}  // namespace tool
