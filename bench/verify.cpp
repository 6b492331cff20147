// SPDX-License-Identifier: MIT
// Measures what verify costs beyond the MAC: each row is a ratio to the least that OpenSSL needs.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/verifier.hpp>

#include "floor_mac.hpp"
#include "median_reporter.hpp"
#include "samples.hpp"

namespace {

using mac_bytes = std::array<unsigned char, 32>;

constexpr std::string_view secret = "32 bytes of secret for measuring";
constexpr std::string_view message_id = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";

webhookpp::key signing_key() {
    return webhookpp::key::from_bytes(webhookpp::crypto::as_bytes(secret));
}

/// A delivery as a server hands it over: seven headers of no account, and the three that count.
struct sample {
    std::string body;
    std::string signed_text;  // id.timestamp.body in one piece, for the peers
    std::string token;
    header_list accepted;
    header_list refused;

    explicit sample(std::size_t size) {
        if (size != 0) {
            body = R"({"type":"chart.published","data":")";
            body.append(size - body.size() - 2, 'x').append("\"}");
        }
        const auto timestamp = static_cast<std::int64_t>(std::time(nullptr));
        const auto made = webhookpp::sign(webhookpp::schemes::standard_webhooks, signing_key(),
                                          {.id = message_id, .timestamp = timestamp, .body = body})
                              .value()
                              .headers;
        signed_text = std::string(message_id) + '.' + std::to_string(timestamp) + '.' + body;
        token = made.back().second;

        accepted = usual_headers(size);
        accepted.insert(accepted.end(), made.begin(), made.end());
        refused = accepted;
        char& changed = refused.back().second[10];
        changed = changed == 'A' ? 'B' : 'A';
    }
};

/// The headers of `with`, with wrong signatures before the right one: `count` in all.
header_list with_signatures(const sample& with, std::size_t count) {
    header_list fields = with.accepted;
    std::string& tokens = fields.back().second;
    const std::string& wrong = with.refused.back().second;
    for (std::size_t i = 1; i < count; ++i) tokens.insert(0, wrong + ' ');
    return fields;
}

const sample& sample_of(std::size_t size) {
    static std::map<std::size_t, sample> samples;
    return samples.try_emplace(size, size).first->second;
}

// The peers compute the MAC alone. Their input is in one piece already, which spares them the work
// of putting it together.

/// What most receivers call.
struct one_shot_mac {
    mac_bytes operator()(std::string_view text) const {
        mac_bytes mac;
        HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), nullptr);
        return mac;
    }
};

template <class Mac>
void run_mac(benchmark::State& state, const sample& with, Mac mac) {
    std::array<char, 44> text;
    webhookpp::crypto::base64_encode(mac(with.signed_text), text);
    if ("v1," + std::string(text.data(), text.size()) != with.token) {
        state.SkipWithError("computes another MAC than the one that was signed with");
    }
    for (auto _ : state) benchmark::DoNotOptimize(mac(with.signed_text));
}

// Unlimited, so that no sample grows too old; the clock is read anyway.
const webhookpp::verifier_options any_age{.tolerance = webhookpp::tolerance::unlimited()};

template <class Verifier>
void run_with(benchmark::State& state, const Verifier& verifier, const header_list& fields,
              const sample& with, bool expected = true) {
    const webhookpp::delivery delivery{.headers = fields, .body = with.body};
    if (verifier.verify(delivery).has_value() != expected) state.SkipWithError("wrong verdict");
    for (auto _ : state) {
        const auto verdict = verifier.verify(delivery);
        benchmark::DoNotOptimize(verdict.has_value());
    }
}

using standard_verifier = webhookpp::verifier<webhookpp::schemes::standard_webhooks>;

void run_verify(benchmark::State& state, const header_list& fields, const sample& with,
                bool expected = true) {
    static const standard_verifier verifier(signing_key(), any_age);  // one for all threads
    run_with(state, verifier, fields, with, expected);
}

/// With several keys, of which the last one has signed.
void run_keys(benchmark::State& state, const sample& with, std::size_t count) {
    std::vector<webhookpp::key> keys;
    for (std::size_t i = 1; i < count; ++i) {
        keys.push_back(webhookpp::key::from_bytes(
            webhookpp::crypto::as_bytes("another secret of 32 bytes, no. " + std::to_string(i))));
    }
    keys.push_back(signing_key());
    run_with(state, standard_verifier(keys, any_age), with.accepted, with);
}

/// A body that arrives in pieces of 16 KiB.
void run_incremental(benchmark::State& state, const sample& with) {
    constexpr std::size_t piece = 16 * 1024;
    const webhookpp::incremental_verifier<webhookpp::schemes::standard_webhooks> verifier(
        signing_key(), any_age);
    const auto verify = [&] {
        auto running = verifier.begin(with.accepted);
        if (!running) return false;
        for (std::string_view rest = with.body; !rest.empty();) {
            if (!running->update(rest.substr(0, piece))) return false;
            rest.remove_prefix(rest.size() < piece ? rest.size() : piece);
        }
        return std::move(*running).finish().has_value();
    };
    if (!verify()) state.SkipWithError("wrong verdict");
    for (auto _ : state) benchmark::DoNotOptimize(verify());
}

void print_ratios(const median_reporter& measured, std::span<const row> rows) {
    print_heading("processor time", "floor ns", "ratio");
    for (const row& each : rows) {
        const double own = measured.median(each.name, processor_time);
        const double floor = measured.median(each.baseline, processor_time);
        print_ratio(each.name.c_str(), own, floor, own / floor, each.budget,
                    own / floor <= each.budget && own - floor <= 170);
    }
    std::puts("Besides the ratio, at most 170 ns more than the floor. Each key takes a MAC.");

    print_heading("elapsed time", "1 thread ns", "speedup");
    for (const auto& [name, budget] : {std::pair("verify 1 KiB", 1.9), {"floor 1 KiB", 0}}) {
        const std::string both = std::string(name) + "/threads:2";
        const double own = measured.median(both, elapsed_time);
        const double one = measured.median(name, elapsed_time);
        print_ratio(both.c_str(), own, one, one / own, budget, one / own >= budget);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (!initialize_benchmarks(argc, argv)) return EXIT_FAILURE;

    std::vector<row> rows;
    const auto add = [&rows](const std::string& name, const std::string& baseline, double budget,
                             auto&& run) {
        rows.push_back({name, baseline, budget});
        benchmark::RegisterBenchmark(name.c_str(), run);
    };
    using size_label_budget = std::tuple<std::size_t, std::string, double>;
    for (const auto& [size, label, budget] : {size_label_budget(0, " 0 B", 0),
                                              {160, " 160 B", 1.5},
                                              {1024, " 1 KiB", 1.2},
                                              {10240, " 10 KiB", 1.05},
                                              {102400, " 100 KiB", 0},
                                              {1048576, " 1 MiB", 0}}) {
        const std::string floor = "floor" + label;
        const sample& with = sample_of(size);
        const auto run_floor = [&with](auto& state) {
            run_mac(state, with, floor_mac(EVP_sha256(), secret));
        };
        const auto accept = [&with](auto& state) { run_verify(state, with.accepted, with); };
        add(floor, floor, 0, run_floor);
        add("verify" + label, floor, budget, accept);
        add("HMAC()" + label, floor, 0,
            [&with](auto& state) { run_mac(state, with, one_shot_mac()); });
        if (size == 1024 || size == 1048576) {
            add("incremental" + label, floor, 0,
                [&with](auto& state) { run_incremental(state, with); });
        }
        if (size != 1024) continue;
        add("refuse" + label, floor, budget,
            [&with](auto& state) { run_verify(state, with.refused, with, false); });
        add("any_verifier" + label, floor, budget, [&with](auto& state) {
            const webhookpp::any_verifier verifier(webhookpp::schemes::standard_webhooks,
                                                   signing_key(), any_age);
            run_with(state, verifier, with.accepted, with);
        });
        for (const std::size_t count : {2, 16}) {
            add(std::to_string(count) + " signatures" + label, floor, 0,
                [&with, fields = with_signatures(with, count)](auto& state) {
                    run_verify(state, fields, with);
                });
        }
        for (const std::size_t count : {2, 8}) {
            add("the last of " + std::to_string(count) + " keys", floor, 0,
                [&with, count](auto& state) { run_keys(state, with, count); });
        }
        benchmark::RegisterBenchmark(floor.c_str(), run_floor)->Threads(2);
        benchmark::RegisterBenchmark(("verify" + label).c_str(), accept)->Threads(2);
    }

    median_reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    print_ratios(reporter, rows);
    return EXIT_SUCCESS;
}
