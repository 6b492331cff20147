// Measures what decoding costs: each row is a ratio to a JSON library that reads the same text and
// does nothing with it, or to the decoding of a smaller catalog.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <nlohmann/json.hpp>
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

/// About 200 bytes.
std::string seatsio_body(std::string_view type) {
    return R"({"id":1467233,"type":")" + std::string(type) +
           R"(","timestamp":"2024-01-10T10:03:02.147433Z","data":{)"
           R"("workspaceKey":"5d2b1c70-8a44-4c57-9d0e-3f6a1b7c9e25",)"
           R"("key":"e2f0a9b4-17c3-4d68-b5aa-90c4d1e7f836"}})";
}

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

template <class Catalog>
void add_decode(const std::string& label, const std::string& body, std::vector<row>& to_nlohmann,
                std::vector<row>& to_simdjson) {
    const std::string nlohmann_alone = "json::parse" + label;
    const std::string simdjson_alone = "dom::parser" + label;
    const auto add = [&](const std::string& name,
                         void (*run)(benchmark::State&, std::string_view)) {
        to_nlohmann.push_back({name, nlohmann_alone, 0});
        to_simdjson.push_back({name, simdjson_alone, 0});
        benchmark::RegisterBenchmark(name.c_str(), run, body);
    };
    add(nlohmann_alone, &run_nlohmann_alone);
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

    std::vector<row> to_nlohmann;
    std::vector<row> to_simdjson;
    add_decode<webhookpp::seatsio::catalog>(" 200 B", seatsio_body("chart.published"), to_nlohmann,
                                            to_simdjson);
    add_decode<webhookpp::waitwhile::catalog>(" 1 KiB", waitwhile_body(1), to_nlohmann,
                                              to_simdjson);
    add_decode<webhookpp::waitwhile::catalog>(" 10 KiB", waitwhile_body(65), to_nlohmann,
                                              to_simdjson);
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
    print_ratios(reporter, to_nlohmann);
    print_heading("decode, processor time", "dom::parser", "ratio");
    print_ratios(reporter, to_simdjson);
    std::puts("Decoding alone has no budget: those that there are include verification.");
    print_heading("decode and dispatch", "6 types", "ratio");
    print_ratios(reporter, dispatch);
    std::puts("To the first of 6 event types; of types that the catalog lacks, to 6 unknown.");
    return EXIT_SUCCESS;
}
