// SPDX-License-Identifier: MIT
// The code of docs/events.md beside that of own_events.cpp: parsers and their engines.

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <variant>

#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/webhookpp.hpp>

// [simdjson]
#include <webhookpp/json/simdjson.hpp>
// [simdjson]

namespace wh = webhookpp;

namespace {

struct order_placed {
    static constexpr std::string_view type = "order.placed";
    std::int64_t id = 0;
    static constexpr wh::member members[] = {{"id", wh::field<&order_placed::id>}};
};

void parse(const wh::verified_message& message) {
    // [parse]
    wh::parser<wh::catalog<order_placed>> parser;
    const auto event = parser.parse(message);  // result<std::variant<unknown_event, order_placed>>
    // [parse]
    std::cout << "order " << std::get<order_placed>(event.value()).id << '\n';
}

void parse_fast(const wh::verified_message& message) {
    using orders = wh::catalog<order_placed>;
    // [simdjson]
    wh::parser<orders, wh::json::simdjson_engine> parser;
    // [simdjson]
    std::cout << "order " << std::get<order_placed>(parser.parse(message).value()).id << '\n';
}

void parse_item(const std::string& item) {
    // [assumed]
    const auto event = wh::parser<wh::seatsio::catalog>().parse(
        wh::assume_verified(item, "from the seats.io API, over TLS, with our secret key"));
    // [assumed]
    std::cout << std::get<wh::seatsio::chart_published>(event.value()).data.key << '\n';
}

}  // namespace

int main() try {
    const std::string body = R"({"type":"order.placed","id":7})";
    const auto message = wh::assume_verified(body, "a body of this program");
    parse(message);
    parse_fast(message);
    parse_item(R"({"id":1,"type":"chart.published","timestamp":"2024-01-10T10:03:02Z",)"
               R"("data":{"workspaceKey":"ws-1","key":"chart-1"}})");
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
