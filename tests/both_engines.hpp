// SPDX-License-Identifier: MIT
// Parses with each JSON engine, which have to agree.
#ifndef WEBHOOKPP_TESTS_BOTH_ENGINES_HPP
#define WEBHOOKPP_TESTS_BOTH_ENGINES_HPP

#include "catch.hpp"
#include "outcome.hpp"

template <class Catalog>
webhookpp::result<typename Catalog::event> parse_with_both(
    std::string_view body, const webhookpp::parser_options& options = {}) {
    auto one = outcome::parse_with<Catalog, webhookpp::json::nlohmann_engine>(body, options);
    const auto other =
        outcome::parse_with<Catalog, webhookpp::json::simdjson_engine>(body, options);
    CHECK(outcome::text_of<Catalog>(one) == outcome::text_of<Catalog>(other));
    return one;
}

#endif
