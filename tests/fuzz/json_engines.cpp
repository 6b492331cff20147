// SPDX-License-Identifier: MIT
// Bodies of every provider: both JSON engines find the same event with the same values, or the same
// error at the same place; and what is written of an event is the same event when it is read.
#include <string>
#include <string_view>

#include <webhookpp/providers/eventsair.hpp>
#include <webhookpp/providers/gatsby.hpp>
#include <webhookpp/providers/seably.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>

#include "../outcome.hpp"
#include "harness.hpp"

namespace wh = webhookpp;

namespace {

template <class Catalog>
void compare(std::string_view body) {
    const auto one = outcome::parse_with<Catalog, wh::json::nlohmann_engine>(body);
    std::string_view shown = body;
    // As parsers do that stop behind the document.
    if (fuzz::fault_is_planted()) shown = shown.substr(0, shown.rfind('}') + 1);
    const auto other = outcome::parse_with<Catalog, wh::json::simdjson_engine>(shown);
    fuzz::require(outcome::text_of<Catalog>(one) == outcome::text_of<Catalog>(other),
                  "the engines differ");
    if (!one) return;
    const std::string written = wh::json::encode_event<Catalog>(*one);
    const auto again = outcome::parse_with<Catalog, wh::json::nlohmann_engine>(written);
    fuzz::require(again.has_value() && wh::json::encode_event<Catalog>(*again) == written,
                  "a round trip changes an event");
}

}  // namespace

void fuzz::try_input(input bytes) {
    if (bytes.empty()) return;
    // A letter, so that an input can be written by hand.
    static constexpr void (*providers[])(std::string_view) = {
        &compare<wh::seatsio::catalog>, &compare<wh::waitwhile::catalog>,
        &compare<wh::eventsair::catalog>, &compare<wh::gatsby::catalog>,
        &compare<wh::seably::catalog>};
    providers[bytes[0] % std::size(providers)](text_of(bytes.subspan(1)));
}
