// SPDX-License-Identifier: MIT
// What descriptions that are made at run time say is wrong with them.
#ifndef WEBHOOKPP_TESTS_MISTAKE_HPP
#define WEBHOOKPP_TESTS_MISTAKE_HPP

#include <string>

#include <webhookpp/error.hpp>
#include <webhookpp/result.hpp>

/// What is wrong with the description that `make` makes; empty if nothing is. A `constexpr` one
/// with the same mistake does not compile.
template <class Make>
std::string mistake_in(Make make) {
    try {
        static_cast<void>(make());
        return {};
    } catch (const webhookpp::exception& e) {
        return std::string(e.error().where);
    }
}

#endif
