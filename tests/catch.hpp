// SPDX-License-Identifier: MIT
// Catch2, version 2 or 3, and how this library's values are shown when a check fails.
#ifndef WEBHOOKPP_TESTS_CATCH_HPP
#define WEBHOOKPP_TESTS_CATCH_HPP

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/catch_tostring.hpp>
#include <catch2/generators/catch_generators.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <string>

#include <webhookpp/error.hpp>

template <>
struct Catch::StringMaker<webhookpp::errc> {
    static std::string convert(webhookpp::errc code) { return std::string(name(code)); }
};

template <>
struct Catch::StringMaker<webhookpp::error> {
    static std::string convert(const webhookpp::error& error) {
        return std::string(name(error.code)) + " (" + std::string(error.where) + ")";
    }
};

#endif
