// SPDX-License-Identifier: MIT
// Bodies of every provider: both JSON engines find the same event with the same values, or the same
// error at the same place; and what is written of an event is the same event when it is read.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

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
    std::string shown(body);
    if (fuzz::is_planted("text_behind_the_document")) shown.resize(shown.rfind('}') + 1);
    if (fuzz::is_planted("control_characters_in_texts")) {
        std::replace_if(
            shown.begin(), shown.end(), [](char c) { return c > '\0' && c < '\t'; }, ' ');
    }
    const auto other = outcome::parse_with<Catalog, wh::json::simdjson_engine>(shown);
    fuzz::require(outcome::text_of<Catalog>(one) == outcome::text_of<Catalog>(other),
                  "the engines differ");
    if (!one) return;
    std::string written = wh::json::encode_event<Catalog>(*one);
    if (fuzz::is_planted("written_without_escapes")) std::erase(written, '\\');
    const auto again = outcome::parse_with<Catalog, wh::json::nlohmann_engine>(written);
    fuzz::require(again.has_value() && wh::json::encode_event<Catalog>(*again) == written,
                  "a round trip changes an event");
}

}  // namespace

std::vector<std::string_view> fuzz::faults() {
    return {"text_behind_the_document", "control_characters_in_texts", "written_without_escapes"};
}

void fuzz::try_input(input bytes) {
    if (bytes.empty()) return;
    // A letter, so that an input can be written by hand.
    static constexpr void (*providers[])(std::string_view) = {
        &compare<wh::seatsio::catalog>, &compare<wh::waitwhile::catalog>,
        &compare<wh::eventsair::catalog>, &compare<wh::gatsby::catalog>,
        &compare<wh::seably::catalog>};
    providers[bytes[0] % std::size(providers)](text_of(bytes.subspan(1)));
}
