// SPDX-License-Identifier: MIT
// What the benchmarks share: how they are run, and their medians as ratios to named baselines.
#ifndef WEBHOOKPP_BENCH_MEDIAN_REPORTER_HPP
#define WEBHOOKPP_BENCH_MEDIAN_REPORTER_HPP

#include <benchmark/benchmark.h>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

/// Takes the command line. Each repetition of a benchmark lasts `seconds` or longer. Returns
/// whether all of it was understood.
inline bool initialize_benchmarks(int argc, char** argv, const std::string& seconds = "0.1") {
    // Interleaved, so that a change of the processor's speed hits all rows alike. What the command
    // line says comes later and wins.
    std::string defaults[] = {"--benchmark_repetitions=9", "--benchmark_min_time=" + seconds,
                              "--benchmark_enable_random_interleaving=true"};
    // The library keeps a pointer to the first one, the program's name.
    std::vector<char*> arguments{argv[0]};
    for (std::string& each : defaults) arguments.push_back(each.data());
    arguments.insert(arguments.end(), argv + 1, argv + argc);
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    return !benchmark::ReportUnrecognizedArguments(count, arguments.data());
}

/// Prints medians and their spread, and keeps the medians.
class median_reporter : public benchmark::ConsoleReporter {
public:
    median_reporter() : ConsoleReporter(OO_None) {}

    void ReportRuns(const std::vector<Run>& runs) override {
        std::vector<Run> shown;
        for (const Run& run : runs) {
            const bool median = run.aggregate_name == "median";
            if (median) medians_.insert_or_assign(run.run_name.str(), run);
            if (median || run.aggregate_name == "cv" || run.error_occurred) shown.push_back(run);
        }
        ConsoleReporter::ReportRuns(shown);
    }

    /// The nanoseconds of `kind`. Zero for what was filtered out or failed.
    [[nodiscard]] double median(const std::string& name, double (Run::*kind)() const) const {
        const auto found = medians_.find(name);
        return found == medians_.end() ? 0 : (found->second.*kind)();
    }

private:
    std::map<std::string, Run> medians_;
};

// Of one iteration: the processor time of all threads, and the time that passed.
inline constexpr auto processor_time = &benchmark::BenchmarkReporter::Run::GetAdjustedCPUTime;
inline constexpr auto elapsed_time = &benchmark::BenchmarkReporter::Run::GetAdjustedRealTime;

/// A benchmark, and the one that it is compared with.
struct row {
    std::string name;
    std::string baseline;
    double budget;  // 0: none, shown for comparison
};

inline void print_heading(const char* what, const char* baseline, const char* ratio) {
    std::printf("\n%-24s %8s %12s %8s %7s %7s\n", what, "ns", baseline, "more ns", ratio, "budget");
}

/// A ratio or a budget of zero is left out.
inline void print_ratio(const char* name, double own, double baseline, double ratio, double budget,
                        bool within) {
    if (own <= 0 || baseline <= 0) return;
    std::printf("%-24s %8.0f %12.0f %8.0f", name, own, baseline, own - baseline);
    if (ratio > 0) std::printf(" %7.2f", ratio);
    if (budget > 0) std::printf(" %7.2f%s", budget, within ? "" : "  over budget");
    std::puts("");
}

#endif
