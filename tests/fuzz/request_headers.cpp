// SPDX-License-Identifier: MIT
// Headers of requests in each shape that hosts have: the values are found that a slow search finds.
#include <webhookpp/collected_headers.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../mutations/choices.hpp"
#include "../reference/headers.hpp"
#include "harness.hpp"

namespace wh = webhookpp;

namespace {

constexpr std::size_t limit = 24;

// One may be the beginning of another, or be there twice; and an empty one matches nothing.
constexpr std::string_view names[] = {"webhook-id", "webhook-timestamp", "X-Signature", "x", "",
                                      "webhook-i",  "webhook-signature", "X-SIGNATURE"};

struct header {
    std::string name;
    std::string value;
};

void compare(const wh::header_source& source, const reference::header_list& expected) {
    wh::collected_headers collected;
    fuzz::require(collected.collect(source, names, limit), "headers cannot be collected");
    wh::collected_headers again;
    fuzz::require(again.collect(collected, names, limit), "a collection cannot be collected");
    for (std::size_t i = 0; i < std::size(names); ++i) {
        using state = reference::field::state;
        const auto field = names[i].empty() ? reference::field()
                                            : reference::find_field(expected, names[i], limit);
        for (const wh::collected_headers* each : {&collected, &again}) {
            using found = wh::collected_headers::state;
            const found wanted = field.which == state::missing     ? found::missing
                                 : field.which == state::single    ? found::single
                                 : field.which == state::duplicate ? found::duplicate
                                                                   : found::too_large;
            fuzz::require(each->which(i) == wanted, "a header is there, or twice, that is not");
            fuzz::require(wanted != found::single || each->value(i) == field.value,
                          "a header has another value");
            const bool is_found = (each->found() & wh::detail::name_at(i)) != 0;
            const bool is_flawed = (each->flawed() & wh::detail::name_at(i)) != 0;
            fuzz::require(is_found == (wanted != found::missing), "found() has another answer");
            fuzz::require(is_flawed == (wanted == found::duplicate || wanted == found::too_large),
                          "flawed() has another answer");
        }
    }
}

// The headers as a faulty reader sees them.
reference::header_list with_fault(const reference::header_list& list) {
    reference::header_list shown;
    for (const auto& [name, sent] : list) {
        const std::string folded = reference::in_lower_case(name);
        const auto has_name = [&folded](const auto& before) {
            return reference::in_lower_case(before.first) == folded;
        };
        std::string value = sent;
        const bool is_known =
            std::find(std::begin(names), std::end(names), name) != std::end(names);
        if (fuzz::is_planted("names_in_one_case") && !is_known) continue;
        if (fuzz::is_planted("first_of_several") &&
            std::any_of(shown.begin(), shown.end(), has_name)) {
            continue;
        }
        if (fuzz::is_planted("values_end_at_nul"))
            value.resize(std::min(value.find('\0'), value.size()));
        if (fuzz::is_planted("long_values_cut")) value.resize(std::min(value.size(), limit));
        shown.emplace_back(name, value);
    }
    if (fuzz::is_planted("last_header_lost") && !shown.empty()) shown.pop_back();
    return shown;
}

}  // namespace

std::vector<std::string_view> fuzz::faults() {
    return {"last_header_lost", "names_in_one_case", "values_end_at_nul", "first_of_several",
            "long_values_cut"};
}

void fuzz::try_input(input bytes) {
    mutations::choices chosen(bytes);
    reference::header_list list;
    const std::size_t shape = chosen.below(5);
    while (!chosen.used_up() && list.size() < 20) {
        std::string name(chosen.one_of(names));
        if (chosen.one_in(3)) name = chosen.text(20);
        for (char& c : name) {
            if (chosen.one_in(8)) c = static_cast<char>(c ^ 0x20);
        }
        list.emplace_back(name, chosen.text(limit + 4));
    }
    const reference::header_list shown = with_fault(list);

    if (shape == 0) {
        compare(shown, list);
    } else if (shape == 1) {
        std::vector<header> objects;
        for (const auto& [name, value] : shown) objects.push_back({name, value});
        compare(objects, list);
    } else if (shape == 2) {
        compare(
            [&shown](wh::header_sink sink) {
                for (const auto& [name, value] : shown) sink(name, value);
            },
            list);
    } else if (shape == 3) {
        std::map<std::string, std::vector<std::string>> several;
        for (const auto& [name, value] : shown) several[name].push_back(value);
        compare(several, list);
    } else {
        // A lookup shows the first value of each name only.
        reference::header_list firsts;
        for (const auto& [name, value] : list) {
            bool known = false;
            for (const auto& [other, unused] : firsts) {
                known = known || reference::in_lower_case(other) == reference::in_lower_case(name);
            }
            if (!known) firsts.emplace_back(name, value);
        }
        compare(
            [&shown](std::string_view wanted) -> std::string {
                for (const auto& [name, value] : shown) {
                    if (reference::in_lower_case(name) == reference::in_lower_case(wanted))
                        return value;
                }
                return {};
            },
            firsts);
    }
}
