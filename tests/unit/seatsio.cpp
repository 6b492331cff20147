// SPDX-License-Identifier: MIT
#include <webhookpp/providers/seatsio.hpp>

#include <string>
#include <vector>

#include <webhookpp/json/encode.hpp>
#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/parser.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/verifier.hpp>

#include "../catch.hpp"

namespace wh = webhookpp;
using namespace wh::seatsio;

namespace {

struct example {
    const char* body;
    std::size_t alternative;
};

// One body of each documented type.
const example examples[] = {
    {R"({"type":"chart.created","id":169,"timestamp":"2024-01-10T10:03:02.147433Z","data":{"workspaceKey":"ws-0001","key":"chart-0001"}})",
     1},
    {R"({"type":"chart.published","id":170,"timestamp":"2024-01-10T10:04:00Z","data":{"workspaceKey":"ws-0001","key":"chart-0001"}})",
     2},
    {R"({"type":"event.for.sale.config.updated","id":171,"timestamp":"2024-01-10T10:05:00.500Z","data":{"workspaceKey":"ws-0001","key":"event-0001"}})",
     3},
    {R"({"type":"event.channels.updated","id":172,"timestamp":"2024-01-10T10:06:00.123Z","data":{"workspaceKey":"ws-0001","key":"event-0001"}})",
     4},
    {R"({"type":"event.categories.updated","id":173,"timestamp":"2024-01-10T10:07:00.123456Z","data":{"workspaceKey":"ws-0001","key":"event-0001"}})",
     5},
    {R"({"type":"event.table.booking.config.updated","id":174,"timestamp":"2024-01-10T10:08:00.123456789Z","data":{"workspaceKey":"ws-0001","key":"event-0001"}})",
     6},
};

}  // namespace

TEST_CASE("each of the six documented events is an alternative, and round trips") {
    REQUIRE(catalog::types.size() == std::size(examples));
    for (const auto& [text, alternative] : examples) {
        const std::string body = text;
        const auto received =
            wh::parser<catalog>().parse(wh::assume_verified(body, "a documented example"));
        REQUIRE(received);
        CHECK(received->index() == alternative);
        std::visit(
            [&]<class E>(const E& e) {
                if constexpr (wh::event_type<E>) CHECK(wh::json::encode(e) == body);
            },
            *received);
    }
}

TEST_CASE("a delivery by Svix is accepted with the endpoint's secret") {
    // Computed with `openssl dgst -sha256 -mac HMAC`.
    const std::vector<std::pair<std::string, std::string>> headers{
        {"svix-id", "msg_0000000000000000000000001"},
        {"svix-timestamp", "1704880982"},
        {"svix-signature", "v1,gp70r0K+99v281/013yADFShLmI1kDGQpi8TPslawEM="}};
    const std::string body =
        R"({"id":169,"type":"chart.created","timestamp":"2024-01-10T10:03:02.147433Z","data":{"workspaceKey":"ws-0001","key":"chart-0001"}})";
    const wh::verifier<wh::seatsio::scheme, wh::testing::fixed_clock> verifier(
        wh::key::from_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"), {}, {1704880982});
    const auto message = verifier.verify({headers, body});
    REQUIRE(message);
    const auto received = wh::parser<catalog>().parse(*message);
    REQUIRE(received);
    const auto& created = std::get<chart_created>(*received);
    CHECK(created.id == 169);
    CHECK(created.timestamp == wh::timestamp(1704880982, 147'433'000));
    CHECK(created.data.workspace_key == "ws-0001");
    CHECK(created.data.key == "chart-0001");
}

TEST_CASE("an item of the event log is decoded without a signature") {
    const std::string item = examples[0].body;
    const auto event =
        wh::parser<catalog>().parse(wh::assume_verified(item, "an item of the event log"));
    REQUIRE(event);
    CHECK(std::get<chart_created>(*event).data.key == "chart-0001");
}
