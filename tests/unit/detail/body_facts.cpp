// SPDX-License-Identifier: MIT
#include <webhookpp/detail/body_facts.hpp>

#include <string>
#include <string_view>

#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/parser.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>

#include "../../catch.hpp"
#include "../../messages.hpp"

namespace wh = webhookpp;
using wh::detail::read_body_facts;
using wh::detail::wanted_facts;

namespace {

// Those of Waitwhile have their id in the body; those of seats.io have it in a header.
const wh::parser<wh::waitwhile::catalog> with_id;
const wh::parser<wh::seatsio::catalog> without_id;

// `id|type` of what was read.
template <class Parser>
std::string facts_of(const Parser& parser, std::string_view body,
                     const wh::detail::verified_facts& known = {},
                     wanted_facts wanted = wanted_facts::id_and_event_type) {
    const auto facts = read_body_facts(parser, messages::make(body, known), wanted).value();
    return std::string(facts.id.view()) + '|' + std::string(facts.event_type.view());
}

}  // namespace

TEST_CASE("id and event type are read from the body, unless a header has told them") {
    const std::string body = R"({"id":"i","type":"t"})";
    CHECK(facts_of(with_id, body) == "i|t");
    CHECK(facts_of(with_id, body, {}, wanted_facts::id) == "i|");
    CHECK(facts_of(with_id, body, {.id = "header"}) == "|t");
    CHECK(facts_of(with_id, body, {.event_type = "header"}) == "i|header");
    CHECK(facts_of(with_id, body, {.event_type = "header"}, wanted_facts::id) == "i|header");
    CHECK(facts_of(with_id, body, {.id = "x", .event_type = "y"}) == "|y");
    CHECK(facts_of(without_id, body) == "|t");
    CHECK(facts_of(without_id, R"({"":"i","type":"t"})") == "|t");
}

TEST_CASE("what is doubled, no plain text, or too long is not known") {
    for (const std::string& body :
         {std::string(R"({"id":"i","type":"t","id":"i","type":"t"})"),
          std::string(R"({"id":1,"type":true})"), std::string(R"({"id":"","type":""})"),
          std::string(R"({"id":"a b","type":"\u00e9"})"), std::string(R"([{"id":"i","type":"t"}])"),
          std::string(R"({"nested":{"id":"i","type":"t"}})"), std::string("broken"), std::string(),
          R"({"id":")" + std::string(257, 'i') + R"(","type":")" + std::string(129, 't') + "\"}"}) {
        INFO(body);
        CHECK(facts_of(with_id, body) == "|");
    }
    const std::string longest_id(256, 'i');
    const std::string longest_type(128, 't');
    CHECK(facts_of(with_id, R"({"id":")" + longest_id + R"(","type":")" + longest_type + "\"}") ==
          longest_id + '|' + longest_type);
}
