// SPDX-License-Identifier: MIT
// Random values of every event: what is decoded from a body and encoded again is that body.

#include <webhookpp/json/encode.hpp>

#include <cstdint>
#include <random>
#include <set>
#include <string>

#include <webhookpp/providers/eventsair.hpp>
#include <webhookpp/providers/gatsby.hpp>
#include <webhookpp/providers/seably.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>

#include "../both_engines.hpp"

namespace wh = webhookpp;

namespace {

// Writes random JSON for a description, in the form in which it is encoded.
class random_body {
public:
    explicit random_body(std::uint64_t seed) : random_(seed) {}

    std::string value_of(const wh::value_type& type) {
        using shape = wh::value_type::shape;
        switch (type.which) {
            case shape::scalar: return scalar_of(type);
            case shape::json_text: return any_json(3);
            case shape::optional: return value_of(*type.element);
            case shape::list: {
                std::string list;
                for (std::size_t i = below(4); i > 0; --i) {
                    list += (list.empty() ? "" : ",") + value_of(*type.element);
                }
                return "[" + list + "]";
            }
            case shape::map: return "{" + map_members(type, "") + "}";
            case shape::object: break;
        }
        return "{" + members_of(type, "") + "}";
    }

    std::string members_of(const wh::value_type& type, std::string before) {
        for (const wh::member& each : type.members()) {
            const wh::value_type& of = *each.field.type;
            if (each.takes_others()) {
                before = map_members(of, before);
                continue;
            }
            if (of.which == wh::value_type::shape::optional && below(3) == 0) continue;
            before +=
                (before.empty() ? "" : ",") + quoted(std::string(each.name)) + ":" + value_of(of);
        }
        return before;
    }

private:
    std::uint64_t any() { return random_(); }
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

    static std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

    std::string any_text() {
        static const char* const pieces[] = {"a",  "Z",    "0",      " ", "\"", "\\",    "/",
                                             "\n", "\x01", "\u00e9", "🎫", "{",  "ab:cd", ","};
        std::string text;
        for (std::size_t i = below(12); i > 0; --i) text += pieces[below(std::size(pieces))];
        return text;
    }

    // In the order of std::map, and not named like a member that is described.
    std::string map_members(const wh::value_type& type, std::string before) {
        std::set<std::string> keys;
        for (std::size_t i = below(4); i > 0; --i) keys.insert("+" + any_text());
        for (const auto& key : keys) {
            before += (before.empty() ? "" : ",") + quoted(key) + ":" + value_of(*type.element);
        }
        return before;
    }

    std::string any_json(std::size_t depth) {
        switch (below(depth == 0 ? 6 : 8)) {
            case 0: return "true";
            case 1: return "-1.50e+3";
            case 2: return std::to_string(any());
            case 3: return quoted(any_text());
            case 4: return "{}";
            case 5: return "[ ]";
            case 6: return "[" + any_json(depth - 1) + " , " + any_json(depth - 1) + "]";
            default: return "{\"a\": " + any_json(depth - 1) + "}";
        }
    }

    std::string scalar_of(const wh::value_type& type) {
        using wh::detail::value_type_of;
        if (&type == &value_type_of<bool>) return below(2) == 0 ? "true" : "false";
        if (&type == &value_type_of<std::int64_t>) {
            return std::to_string(static_cast<std::int64_t>(any() >> below(64)) *
                                  (below(2) == 0 ? 1 : -1));
        }
        if (&type == &value_type_of<double>) {
            return nlohmann::json(static_cast<double>(any()) / 1024.0).dump();
        }
        if (&type == &value_type_of<wh::timestamp>) {
            static constexpr std::uint32_t steps[] = {1'000'000'000, 1'000'000, 1000, 1};
            const std::uint32_t step = steps[below(4)];
            const auto nanoseconds = static_cast<std::uint32_t>(below(1'000'000'000)) / step * step;
            return quoted(
                wh::timestamp(static_cast<std::int64_t>(any() % 200'000'000'000), nanoseconds)
                    .to_string());
        }
        if (&type == &value_type_of<wh::local_time>) {
            return quoted(std::to_string(1000 + below(9000)) + "-0" + std::to_string(1 + below(9)) +
                          "-1" + std::to_string(below(10)) + "T1" + std::to_string(below(10)) +
                          ":3" + std::to_string(below(10)));
        }
        return quoted(any_text());  // text and open enumerations
    }

    std::mt19937_64 random_;
};

template <class Catalog, class Event>
void check_round_trips(random_body& random) {
    for (int i = 0; i < 200; ++i) {
        const std::string type =
            nlohmann::json(Catalog::type_member).dump() + ":" + nlohmann::json(Event::type).dump();
        const std::string body =
            "{" + random.members_of(wh::detail::value_type_of<Event>, type) + "}";
        INFO(body);
        const auto event = parse_with_both<Catalog>(body);
        REQUIRE(event);
        REQUIRE(std::holds_alternative<Event>(*event));
        CHECK(wh::json::encode_event<Catalog>(*event) == body);
    }
}

template <class Catalog, class Unknown, class... Events>
void check_all(random_body& random, const std::variant<Unknown, Events...>* /*list*/) {
    (check_round_trips<Catalog, Events>(random), ...);
}

}  // namespace

TEMPLATE_TEST_CASE("random events of every type come back as they were", "", wh::seatsio::catalog,
                   wh::waitwhile::catalog, wh::eventsair::catalog, wh::gatsby::catalog,
                   wh::seably::catalog) {
    random_body random(TestType::types.size());
    check_all<TestType>(random, static_cast<const typename TestType::event*>(nullptr));
}
