// SPDX-License-Identifier: MIT
// What a parser makes of a body, as one text, to compare engines by.
#ifndef WEBHOOKPP_TESTS_OUTCOME_HPP
#define WEBHOOKPP_TESTS_OUTCOME_HPP

#include <string>

#include <webhookpp/json/encode.hpp>
#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/json/simdjson.hpp>
#include <webhookpp/parser.hpp>

namespace outcome {

namespace wh = webhookpp;

/// The alternative and all values of an event, or the error's name and path.
template <class Catalog>
std::string text_of(const wh::result<typename Catalog::event>& parsed) {
    if (!parsed) {
        return std::string(name(parsed.error().code)) + " at '" +
               std::string(parsed.error().where.view()) + "'";
    }
    std::string text = std::to_string(parsed->index()) + " ";
    if (const auto* unknown = std::get_if<0>(&*parsed)) {
        text += unknown->type + " ";
        if constexpr (wh::described<typename Catalog::unknown>) text += wh::json::encode(*unknown);
    }
    return text + wh::json::encode_event<Catalog>(*parsed);
}

template <class Catalog, class Engine>
wh::result<typename Catalog::event> parse_with(std::string_view body,
                                               const wh::parser_options& options = {}) {
    return wh::parser<Catalog, Engine>(options).parse(wh::assume_verified(body, "a test"));
}

}  // namespace outcome

#endif
