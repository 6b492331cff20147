// SPDX-License-Identifier: MIT
// Measures what decoding costs: each row is a ratio to a JSON library that reads the same text and
// does nothing with it, to the usual way from text to a struct, or to the decoding of a smaller
// catalog.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/handlers.hpp>
#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/json/simdjson.hpp>
#include <webhookpp/parser.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>

#include "median_reporter.hpp"
#include "samples.hpp"

namespace {

using webhookpp::json::nlohmann_engine;
using webhookpp::json::simdjson_engine;

void run_nlohmann_alone(benchmark::State& state, std::string_view body) {
    for (auto _ : state) {
        const auto value = nlohmann::json::parse(body);
        benchmark::DoNotOptimize(value);
    }
}

void run_simdjson_alone(benchmark::State& state, std::string_view body) {
    simdjson::dom::parser parser;
    for (auto _ : state) {
        simdjson::dom::element root;
        simdjson::dom::element type;
        simdjson::dom::element id;
        if (parser.parse(body.data(), body.size()).get(root) || root["type"].get(type) ||
            root["id"].get(id)) {
            state.SkipWithError("cannot read the body");
            break;
        }
        benchmark::DoNotOptimize(type);
        benchmark::DoNotOptimize(id);
    }
}

// The usual way: a tree that is read whole, and a struct with the same members that is filled from
// it. Times stay text, and nothing but what `at` and `get_to` throw is checked.

struct plain_chart {
    std::string workspace_key;
    std::string key;
};
void from_json(const nlohmann::json& from, plain_chart& to) {
    from.at("workspaceKey").get_to(to.workspace_key);
    from.at("key").get_to(to.key);
}

struct plain_field {
    std::string id;
    std::string name;
    std::string input_type;
    std::vector<std::string> values;
};
void from_json(const nlohmann::json& from, plain_field& to) {
    from.at("id").get_to(to.id);
    from.at("name").get_to(to.name);
    from.at("inputType").get_to(to.input_type);
    from.at("values").get_to(to.values);
}

template <class T>
void get_optional(const nlohmann::json& from, std::optional<T>& to) {
    if (!from.is_null()) to = from.get<T>();
}

struct plain_visit {
    std::string id, location_id, state, customer_id, first_name, last_name, phone, name;
    std::string external_customer_id, notes, public_id, created, created_by, updated, updated_by;
    std::string remote_ip, country, region, city, source, waitlist_time, ticket;
    std::optional<std::string> locale, serve_time, completed_time;
    bool is_anonymized = false;
    bool is_block = false;
    std::int64_t party_size = 0;
    std::int64_t est_wait_duration = 0;
    std::int64_t position = 0;
    std::int64_t last_waiting_position = 0;
    std::int64_t original_position = 0;
    std::int64_t num_visits = 0;
    std::int64_t original_est_wait_duration = 0;
    std::vector<std::string> resource_ids, service_ids, tags;
    std::vector<plain_field> data_fields;
};
void from_json(const nlohmann::json& from, plain_visit& to) {
    from.at("id").get_to(to.id);
    from.at("locationId").get_to(to.location_id);
    from.at("state").get_to(to.state);
    from.at("customerId").get_to(to.customer_id);
    from.at("firstName").get_to(to.first_name);
    from.at("lastName").get_to(to.last_name);
    from.at("phone").get_to(to.phone);
    from.at("name").get_to(to.name);
    from.at("externalCustomerId").get_to(to.external_customer_id);
    from.at("notes").get_to(to.notes);
    from.at("publicId").get_to(to.public_id);
    from.at("isAnonymized").get_to(to.is_anonymized);
    from.at("created").get_to(to.created);
    from.at("createdBy").get_to(to.created_by);
    from.at("updated").get_to(to.updated);
    from.at("updatedBy").get_to(to.updated_by);
    from.at("remoteIp").get_to(to.remote_ip);
    from.at("country").get_to(to.country);
    from.at("region").get_to(to.region);
    from.at("city").get_to(to.city);
    from.at("isBlock").get_to(to.is_block);
    from.at("source").get_to(to.source);
    get_optional(from.at("locale"), to.locale);
    from.at("partySize").get_to(to.party_size);
    from.at("resourceIds").get_to(to.resource_ids);
    from.at("serviceIds").get_to(to.service_ids);
    from.at("dataFields").get_to(to.data_fields);
    from.at("tags").get_to(to.tags);
    from.at("waitlistTime").get_to(to.waitlist_time);
    get_optional(from.at("serveTime"), to.serve_time);
    get_optional(from.at("completedTime"), to.completed_time);
    from.at("estWaitDuration").get_to(to.est_wait_duration);
    from.at("position").get_to(to.position);
    from.at("lastWaitingPosition").get_to(to.last_waiting_position);
    from.at("originalPosition").get_to(to.original_position);
    from.at("ticket").get_to(to.ticket);
    from.at("numVisits").get_to(to.num_visits);
    from.at("originalEstWaitDuration").get_to(to.original_est_wait_duration);
}

struct plain_chart_published {
    std::int64_t id = 0;
    std::string type;
    std::string timestamp;
    plain_chart data;
};
void from_json(const nlohmann::json& from, plain_chart_published& to) {
    from.at("id").get_to(to.id);
    from.at("type").get_to(to.type);
    from.at("timestamp").get_to(to.timestamp);
    from.at("data").get_to(to.data);
}

struct plain_visit_created {
    std::string id, type, created, account_id;
    plain_visit data;
};
void from_json(const nlohmann::json& from, plain_visit_created& to) {
    from.at("id").get_to(to.id);
    from.at("type").get_to(to.type);
    from.at("created").get_to(to.created);
    from.at("accountId").get_to(to.account_id);
    from.at("data").get_to(to.data);
}

template <class Plain>
void run_parse_and_get(benchmark::State& state, std::string_view body) {
    for (auto _ : state) {
        const auto event = nlohmann::json::parse(body).get<Plain>();
        benchmark::DoNotOptimize(event);
    }
}

template <class Catalog, class Engine>
void run_decode(benchmark::State& state, std::string_view body) {
    const webhookpp::parser<Catalog, Engine> parser;
    const auto message = webhookpp::assume_verified(body, "made by the benchmark");
    if (const auto event = parser.parse(message); !event || event->index() == 0) {
        state.SkipWithError("gives no event of the catalog");
    }
    for (auto _ : state) {
        const auto event = parser.parse(message);
        benchmark::DoNotOptimize(event);
    }
}

// Events of one shape and of equally long types, so that nothing but their number differs.

constexpr std::string_view type_prefix = "event.type.";

constexpr auto numbered_type(std::size_t index) {
    std::array<char, type_prefix.size() + 2> type{};
    type_prefix.copy(type.data(), type.size());
    type[type_prefix.size()] = static_cast<char>('0' + index / 10);
    type[type_prefix.size() + 1] = static_cast<char>('0' + index % 10);
    return type;
}

template <std::size_t Index>
struct numbered_event : webhookpp::seatsio::event_log_item {
    static constexpr auto name = numbered_type(Index);
    static constexpr std::string_view type{name.data(), name.size()};
};

template <class Indices>
struct numbered_events;
template <std::size_t... Index>
struct numbered_events<std::index_sequence<Index...>> {
    using catalog = webhookpp::catalog<numbered_event<Index>...>;
};

template <std::size_t Size>
using numbered_catalog = typename numbered_events<std::make_index_sequence<Size>>::catalog;

/// `Index` at or beyond the size of the catalog stands for a type that it does not list.
template <class Catalog, class Engine>
void run_dispatch(benchmark::State& state, std::size_t index) {
    const webhookpp::parser<Catalog, Engine> parser;
    const webhookpp::handlers handlers{[](const auto& event) { benchmark::DoNotOptimize(event); }};
    const auto type = numbered_type(index);
    const std::string body = seatsio_body({type.data(), type.size()});
    const auto message = webhookpp::assume_verified(body, "made by the benchmark");
    const std::size_t alternative = index < Catalog::types.size() ? index + 1 : 0;
    if (const auto event = parser.parse(message); !event || event->index() != alternative) {
        state.SkipWithError("gives another event");
    }
    for (auto _ : state) {
        const auto event = parser.parse(message);
        // What a receiver does after it has verified.
        if (event) webhookpp::detail::dispatch(handlers, *event, message);
    }
}

template <class Engine, std::size_t Size>
void add_dispatch(const std::string& engine, std::vector<row>& rows) {
    constexpr double flat = 1.2;
    const std::string label = engine + ' ' + std::to_string(Size);
    using place_index = std::pair<const char*, std::size_t>;
    for (const auto& [place, index] :
         {place_index(" first", 0), {" middle", Size / 2}, {" last", Size - 1}}) {
        rows.push_back({label + place, engine + " 6 first", flat});
        benchmark::RegisterBenchmark((label + place).c_str(), [index = index](auto& state) {
            run_dispatch<numbered_catalog<Size>, Engine>(state, index);
        });
    }
    rows.push_back({label + " unknown", engine + " 6 unknown", flat});
    benchmark::RegisterBenchmark((label + " unknown").c_str(), [](auto& state) {
        run_dispatch<numbered_catalog<Size>, Engine>(state, Size);
    });
}

struct decode_rows {
    std::vector<row> to_nlohmann;
    std::vector<row> to_simdjson;
    std::vector<row> to_usual_way;
};

template <class Catalog, class Plain>
void add_decode(const std::string& label, const std::string& body, decode_rows& rows) {
    const std::string nlohmann_alone = "json::parse" + label;
    const std::string simdjson_alone = "dom::parser" + label;
    const std::string usual_way = "parse and get" + label;
    const auto add = [&](const std::string& name,
                         void (*run)(benchmark::State&, std::string_view)) {
        rows.to_nlohmann.push_back({name, nlohmann_alone, 0});
        rows.to_simdjson.push_back({name, simdjson_alone, 0});
        rows.to_usual_way.push_back({name, usual_way, 0});
        benchmark::RegisterBenchmark(name.c_str(), run, body);
    };
    add(nlohmann_alone, &run_nlohmann_alone);
    add(usual_way, &run_parse_and_get<Plain>);
    add("nlohmann" + label, &run_decode<Catalog, nlohmann_engine>);
    add(simdjson_alone, &run_simdjson_alone);
    add("simdjson" + label, &run_decode<Catalog, simdjson_engine>);
}

void print_ratios(const median_reporter& measured, std::span<const row> rows) {
    for (const row& each : rows) {
        const double own = measured.median(each.name, processor_time);
        const double baseline = measured.median(each.baseline, processor_time);
        print_ratio(each.name.c_str(), own, baseline, own / baseline, each.budget,
                    own / baseline <= each.budget);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (!initialize_benchmarks(argc, argv)) return EXIT_FAILURE;

    decode_rows decode;
    add_decode<webhookpp::seatsio::catalog, plain_chart_published>(
        " 200 B", seatsio_body("chart.published"), decode);
    add_decode<webhookpp::waitwhile::catalog, plain_visit_created>(" 1 KiB", waitwhile_body(1),
                                                                   decode);
    add_decode<webhookpp::waitwhile::catalog, plain_visit_created>(" 10 KiB", waitwhile_body(65),
                                                                   decode);
    std::vector<row> dispatch;
    add_dispatch<nlohmann_engine, 6>("nlohmann", dispatch);
    add_dispatch<nlohmann_engine, 20>("nlohmann", dispatch);
    add_dispatch<nlohmann_engine, 60>("nlohmann", dispatch);
    add_dispatch<simdjson_engine, 6>("simdjson", dispatch);
    add_dispatch<simdjson_engine, 20>("simdjson", dispatch);
    add_dispatch<simdjson_engine, 60>("simdjson", dispatch);

    median_reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    print_heading("decode, processor time", "json::parse", "ratio");
    print_ratios(reporter, decode.to_nlohmann);
    print_heading("decode, processor time", "dom::parser", "ratio");
    print_ratios(reporter, decode.to_simdjson);
    print_heading("decode, processor time", "usual way", "ratio");
    print_ratios(reporter, decode.to_usual_way);
    std::puts("The usual way is json::parse and get<> into a struct, without any other check.");
    std::puts("Decoding alone has no budget: those that there are include verification.");
    print_heading("decode and dispatch", "6 types", "ratio");
    print_ratios(reporter, dispatch);
    std::puts("To the first of 6 event types; of types that the catalog lacks, to 6 unknown.");
    return EXIT_SUCCESS;
}
