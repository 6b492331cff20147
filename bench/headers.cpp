// SPDX-License-Identifier: MIT
// Measures what it costs to collect the three headers of a delivery out of eighteen, from the kinds
// of containers that HTTP servers have: in nanoseconds, and as a share of the whole verification of
// a 1 KiB body.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <ctime>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/verifier.hpp>

#include "median_reporter.hpp"
#include "samples.hpp"

namespace wh = webhookpp;

namespace {

wh::key secret() {
    return wh::key::from_bytes(wh::crypto::as_bytes("32 bytes of secret for measuring"));
}

const std::string& body() {
    static const std::string text = waitwhile_body(1);
    return text;
}

// As it arrives behind two proxies: fifteen headers of no account, and the three among them.
header_list eighteen_headers() {
    header_list all = usual_headers(body().size());
    const header_list more{{"X-Forwarded-Proto", "https"},
                           {"X-Forwarded-Host", "hooks.example.com"},
                           {"X-Forwarded-Port", "443"},
                           {"X-Real-IP", "203.0.113.7"},
                           {"X-Amzn-Trace-Id", "Root=1-65a1b2c3-0123456789abcdef01234567"},
                           {"Accept-Encoding", "gzip, deflate"},
                           {"Via", "1.1 proxy.example.com"},
                           {"Connection", "keep-alive"}};
    const auto made = wh::sign(wh::schemes::standard_webhooks, secret(),
                               {.id = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
                                .timestamp = static_cast<std::int64_t>(std::time(nullptr)),
                                .body = body()})
                          .value()
                          .headers;
    all.insert(all.end(), made.begin(), made.end());
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

// The same headers as servers keep them.
struct sources {
    header_list list = eighteen_headers();
    std::multimap<std::string, std::string> sorted{list.begin(), list.end()};
    std::unordered_multimap<std::string, std::string> hashed{list.begin(), list.end()};
    std::vector<std::pair<const char*, const char*>> pointers;

    sources() {
        for (const auto& [name, value] : list) pointers.emplace_back(name.c_str(), value.c_str());
    }
};

const sources& all_sources() {
    static const sources all;
    return all;
}

const wh::verifier<wh::schemes::standard_webhooks>& verifier() {
    static const wh::verifier<wh::schemes::standard_webhooks> made{secret()};
    return made;
}

template <class Source>
void collect(benchmark::State& state, const Source& source) {
    if (!verifier().verify({source, body()})) return state.SkipWithError("it does not verify");
    for (auto _ : state) benchmark::DoNotOptimize(verifier().collect(source));
}

template <class Source>
void verify(benchmark::State& state, const Source& source) {
    for (auto _ : state) {
        const auto message = verifier().verify({source, body()});
        if (!message) return state.SkipWithError("it does not verify");
        benchmark::DoNotOptimize(message->key_index());
    }
}

std::vector<std::string> names;

template <class Source>
void add(const std::string& name, const Source& source) {
    names.push_back(name);
    benchmark::RegisterBenchmark(("collect/" + name).c_str(), collect<Source>, source);
    benchmark::RegisterBenchmark(("verify/" + name).c_str(), verify<Source>, source);
}

void add_all() {
    const sources& all = all_sources();
    add("vector of pairs", all.list);
    add("multimap", all.sorted);
    add("unordered_multimap", all.hashed);
    add("pairs of const char*", all.pointers);
    add("visitor", [&all](wh::header_sink sink) {
        for (const auto& [name, value] : all.list) sink(name, value);
    });
    add("lookup in a multimap", [&all](const std::string& wanted) -> const std::string* {
        const auto found = all.sorted.find(wanted);
        return found == all.sorted.end() ? nullptr : &found->second;
    });
}

}  // namespace

int main(int argc, char** argv) {
    if (!initialize_benchmarks(argc, argv)) return 1;
    add_all();
    median_reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    std::printf("\n%-24s %12s %12s %8s\n", "3 headers of 18", "collect, ns", "verify, ns", "share");
    for (const std::string& name : names) {
        const double collecting = reporter.median("collect/" + name, processor_time);
        const double verifying = reporter.median("verify/" + name, processor_time);
        if (collecting <= 0 || verifying <= 0) continue;
        std::printf("%-24s %12.0f %12.0f %7.0f%%\n", name.c_str(), collecting, verifying,
                    100 * collecting / verifying);
    }
    return 0;
}
