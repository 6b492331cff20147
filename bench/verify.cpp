// Measures what verify costs beyond the MAC: each row is a ratio to the least that OpenSSL needs.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/verifier.hpp>

namespace {

using headers = std::vector<std::pair<std::string, std::string>>;
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
    headers accepted;
    headers refused;

    explicit sample(std::size_t size) : body(R"({"type":"chart.published","data":")") {
        body.append(size - body.size() - 2, 'x').append("\"}");
        const auto timestamp = static_cast<std::int64_t>(std::time(nullptr));
        const auto made = webhookpp::sign(webhookpp::schemes::standard_webhooks, signing_key(),
                                          {.id = message_id, .timestamp = timestamp, .body = body})
                              .value();
        signed_text = std::string(message_id) + '.' + std::to_string(timestamp) + '.' + body;
        token = made.back().second;

        accepted = {{"Host", "hooks.example.com"},
                    {"User-Agent", "Svix-Webhooks/1.24.0 (sender-9YMgn; +https://www.svix.com)"},
                    {"Content-Type", "application/json"},
                    {"Content-Length", std::to_string(size)},
                    {"Accept", "*/*"},
                    {"X-Forwarded-For", "203.0.113.7"},
                    {"X-Request-Id", "7b1c8a0e5f2d4c6b9a3e1d0f8c7b6a59"}};
        accepted.insert(accepted.end(), made.begin(), made.end());
        refused = accepted;
        char& changed = refused.back().second[10];
        changed = changed == 'A' ? 'B' : 'A';
    }
};

const sample& sample_of(std::size_t size) {
    static std::map<std::size_t, sample> samples;
    return samples.try_emplace(size, size).first->second;
}

// ---- The peers: the MAC alone. Their input is in one piece already, which spares them the work
// of putting it together.

using context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

context empty_context() {
    return {EVP_MD_CTX_new(), &EVP_MD_CTX_free};
}

context started_with(unsigned char mask) {
    std::array<unsigned char, 64> block{};
    for (std::size_t i = 0; i < block.size(); ++i) {
        const char byte = i < secret.size() ? secret[i] : '\0';
        block[i] = static_cast<unsigned char>(static_cast<unsigned char>(byte) ^ mask);
    }
    context made = empty_context();
    EVP_DigestInit_ex(made.get(), EVP_sha256(), nullptr);
    EVP_DigestUpdate(made.get(), block.data(), block.size());
    return made;
}

/// The least that OpenSSL 3.0 needs without deprecated calls: two prepared states, one context.
class floor_mac {
public:
    mac_bytes operator()(std::string_view text) const {
        mac_bytes mac;
        EVP_MD_CTX_copy_ex(work_.get(), inner_.get());
        EVP_DigestUpdate(work_.get(), text.data(), text.size());
        EVP_DigestFinal_ex(work_.get(), mac.data(), nullptr);
        EVP_MD_CTX_copy_ex(work_.get(), outer_.get());
        EVP_DigestUpdate(work_.get(), mac.data(), mac.size());
        EVP_DigestFinal_ex(work_.get(), mac.data(), nullptr);
        return mac;
    }

private:
    context inner_ = started_with(0x36);
    context outer_ = started_with(0x5c);
    context work_ = empty_context();
};

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
void run_mac(benchmark::State& state, const sample& with) {
    const Mac mac;
    std::array<char, 44> text;
    webhookpp::crypto::base64_encode(mac(with.signed_text), text);
    if ("v1," + std::string(text.data(), text.size()) != with.token) {
        state.SkipWithError("computes another MAC than the one that was signed with");
    }
    for (auto _ : state) benchmark::DoNotOptimize(mac(with.signed_text));
}

// ---- webhookpp

void run_verify(benchmark::State& state, const headers& fields, const sample& with, bool expected) {
    // One for all threads. Unlimited, so that no sample grows too old; the clock is read anyway.
    static const webhookpp::verifier<webhookpp::schemes::standard_webhooks> verifier(
        signing_key(), {.tolerance = webhookpp::tolerance::unlimited()});
    const webhookpp::delivery delivery{.headers = fields, .body = with.body};
    if (verifier.verify(delivery).has_value() != expected) state.SkipWithError("wrong verdict");
    for (auto _ : state) {
        const auto verdict = verifier.verify(delivery);
        benchmark::DoNotOptimize(verdict.has_value());
    }
}

// ---- The report

struct times {
    double processor = 0;  // of all threads together, each iteration
    double elapsed = 0;
};

/// Prints medians and their spread, and keeps the medians.
class median_reporter : public benchmark::ConsoleReporter {
public:
    void ReportRuns(const std::vector<Run>& runs) override {
        std::vector<Run> shown;
        for (const Run& run : runs) {
            const bool median = run.aggregate_name == "median";
            if (median) {
                medians_[run.run_name.function_name + (run.threads > 1 ? ", 2 threads" : "")] = {
                    run.GetAdjustedCPUTime(), run.GetAdjustedRealTime()};
            }
            if (median || run.aggregate_name == "cv" || run.error_occurred) shown.push_back(run);
        }
        ConsoleReporter::ReportRuns(shown);
    }

    /// Zero for what was filtered out or failed.
    [[nodiscard]] times median(const std::string& name) const {
        const auto found = medians_.find(name);
        return found == medians_.end() ? times() : found->second;
    }

private:
    std::map<std::string, times> medians_;
};

struct row {
    std::string name;
    std::string baseline;
    double budget;  // 0: a peer, shown for comparison
};

void print_ratios(const median_reporter& measured, std::span<const row> rows) {
    std::printf("\n%-24s %8s %12s %8s %7s %7s\n", "processor time", "ns", "floor ns", "more ns",
                "ratio", "budget");
    for (const row& each : rows) {
        const double own = measured.median(each.name).processor;
        const double floor = measured.median(each.baseline).processor;
        if (own <= 0 || floor <= 0) continue;
        std::printf("%-24s %8.0f %12.0f %8.0f %7.2f", each.name.c_str(), own, floor, own - floor,
                    own / floor);
        if (each.budget <= 0) {
            std::printf("%8s\n", "-");
            continue;
        }
        const bool within = own / floor <= each.budget && own - floor <= 170;
        std::printf("%8.2f%s\n", each.budget, within ? "" : "  over budget");
    }
    std::puts("Besides the ratio, at most 170 ns more than the floor at any size.");

    std::printf("\n%-24s %8s %12s %8s %7s\n", "elapsed time", "ns", "1 thread ns", "speedup",
                "budget");
    for (const row& each : {row{"verify 1 KiB", "", 1.9}, row{"floor 1 KiB", "", 0}}) {
        const double both = measured.median(each.name + ", 2 threads").elapsed;
        const double one = measured.median(each.name).elapsed;
        if (both <= 0 || one <= 0) continue;
        std::printf("%-24s %8.0f %12.0f %8.2f", (each.name + ", 2 threads").c_str(), both, one,
                    one / both);
        if (each.budget <= 0) {
            std::printf("%8s\n", "-");
        } else {
            std::printf("%8.2f%s\n", each.budget, one / both >= each.budget ? "" : "  over budget");
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    // Interleaved, so that a change of the processor's speed hits all rows alike. What the command
    // line says comes later and wins.
    std::vector<std::string> defaults{argv[0], "--benchmark_repetitions=9",
                                      "--benchmark_min_time=0.1",
                                      "--benchmark_enable_random_interleaving=true"};
    std::vector<char*> arguments;
    for (std::string& each : defaults) arguments.push_back(each.data());
    arguments.insert(arguments.end(), argv + 1, argv + argc);
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return EXIT_FAILURE;

    std::vector<row> rows;
    const auto add = [&rows](const std::string& name, const std::string& baseline, double budget,
                             auto&& run) {
        rows.push_back({name, baseline, budget});
        return benchmark::RegisterBenchmark(name.c_str(), run);
    };
    struct size_row {
        std::size_t size;
        std::string label;
        double budget;
    };
    for (const auto& [size, label, budget] :
         {size_row{160, " 160 B", 1.5}, {1024, " 1 KiB", 1.2}, {10240, " 10 KiB", 1.05}}) {
        const std::string floor = "floor" + label;
        const sample& with = sample_of(size);
        const auto run_floor = [&with](auto& state) { run_mac<floor_mac>(state, with); };
        const auto accept = [&with](auto& state) { run_verify(state, with.accepted, with, true); };
        add(floor, floor, 0, run_floor);
        add("verify" + label, floor, budget, accept);
        if (size == 1024) {
            add("refuse" + label, floor, budget,
                [&with](auto& state) { run_verify(state, with.refused, with, false); });
            benchmark::RegisterBenchmark(floor.c_str(), run_floor)->Threads(2);
            benchmark::RegisterBenchmark(("verify" + label).c_str(), accept)->Threads(2);
        }
        add("HMAC()" + label, floor, 0,
            [&with](auto& state) { run_mac<one_shot_mac>(state, with); });
    }

    median_reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    print_ratios(reporter, rows);
    return EXIT_SUCCESS;
}
