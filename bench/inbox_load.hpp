// SPDX-License-Identifier: MIT
// What the benchmarks of inboxes share: messages, threads that have them accepted, and the tables
// of what that took.
#ifndef WEBHOOKPP_BENCH_INBOX_LOAD_HPP
#define WEBHOOKPP_BENCH_INBOX_LOAD_HPP

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/inbox.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/verified_message.hpp>
#include <webhookpp/webhookpp.hpp>
#include <webhookpp/worker.hpp>

namespace inbox_load {

namespace wh = webhookpp;
using steady = std::chrono::steady_clock;

inline constexpr std::size_t body_size = 1024;
inline constexpr std::chrono::milliseconds round_length{1'000};
inline constexpr int rounds = 7;
inline constexpr std::int64_t accepted_at = 1'700'000'000'000;

inline std::string id_of(std::uint64_t number) {
    return "msg_" + std::to_string(number);
}

inline std::string body_of(std::uint64_t number) {
    std::string body =
        R"({"id":)" + std::to_string(number) + R"(,"type":"chart.published","data":")";
    body.resize(body_size - 2, 'x');
    return body + "\"}";
}

inline wh::message_key key_of(const std::string& id) {
    return wh::message_key::of_id("standard_webhooks", "bench", id).value();
}

inline wh::new_entry entry_of(const std::string& id, const std::string& body) {
    return {.key = key_of(id),
            .provider = "standard_webhooks",
            .endpoint = "bench",
            .message_id = id,
            .event_type = "chart.published",
            .body = body,
            .accepted_at = accepted_at,
            .keep_until = accepted_at};
}

/// Gives `count` messages to a store, in one call.
template <class Store>
bool store_batch(Store& store, std::uint64_t first, std::size_t count) {
    std::vector<std::string> ids;
    std::vector<std::string> bodies;
    for (std::uint64_t number = first; number < first + count; ++number) {
        ids.push_back(id_of(number));
        bodies.push_back(body_of(number));
    }
    std::vector<wh::new_entry> entries;
    for (std::size_t i = 0; i < count; ++i) entries.push_back(entry_of(ids[i], bodies[i]));
    std::vector<wh::acceptance> outcomes(count);
    return store.accept(entries, outcomes).has_value();
}

/// Has an inbox accept one message, as a receiver does.
template <class Store>
bool accept_one(const wh::inbox<Store>& inbox, std::uint64_t number) {
    const std::string body = body_of(number);
    const auto message = wh::assume_verified(body, "made by the benchmark");
    return inbox
        .accept(message,
                {.as = {.provider = "standard_webhooks", .endpoint = "bench", .id = id_of(number)}})
        .has_value();
}

/// One row of the table.
struct subject {
    const char* name;
    const char* baseline;  // null: none
    double budget;         // of the ratio of accepts; 0: none
    std::size_t threads;
    std::size_t each;  // messages of one call
    std::function<bool(std::uint64_t)> accept;
};

/// What one round has done.
struct measured {
    double accepts_a_second = 0;
    double median_milliseconds = 0;
    double slow_milliseconds = 0;  // of 99 in 100 not more
};

inline double at_fraction(const std::vector<double>& sorted, double fraction) {
    if (sorted.empty()) return 0;
    const auto at = static_cast<std::size_t>(fraction * static_cast<double>(sorted.size() - 1));
    return sorted[at];
}

/// Lets the threads of `what` call its `accept` for a round.
inline measured run_round(const subject& what) {
    static std::atomic<std::uint64_t> number = 0;
    std::mutex mutex;
    std::vector<double> times;
    std::atomic<std::uint64_t> accepted = 0;
    const auto began = steady::now();
    std::vector<std::thread> running;
    for (std::size_t i = 0; i < what.threads; ++i) {
        running.emplace_back([&] {
            std::vector<double> mine;
            while (steady::now() - began < round_length) {
                const auto start = steady::now();
                if (!what.accept(number.fetch_add(what.each))) std::abort();
                mine.push_back(
                    std::chrono::duration<double, std::milli>(steady::now() - start).count());
                accepted += what.each;
            }
            const std::lock_guard lock(mutex);
            times.insert(times.end(), mine.begin(), mine.end());
        });
    }
    for (std::thread& thread : running) thread.join();
    const std::chrono::duration<double> took = steady::now() - began;
    std::sort(times.begin(), times.end());
    return {static_cast<double>(accepted) / took.count(), at_fraction(times, 0.5),
            at_fraction(times, 0.99)};
}

inline double median(const std::vector<measured>& of, double measured::*what) {
    std::vector<double> values;
    for (const measured& each : of) values.push_back(each.*what);
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Measures all rows and prints them. One after the other in each round, so that a disk that is
/// slow for a while hits all alike.
inline void measure_accepting(const std::vector<subject>& subjects) {
    std::map<std::string, std::vector<measured>> results;
    for (int round = 0; round < rounds; ++round) {
        for (const subject& each : subjects) results[each.name].push_back(run_round(each));
    }
    std::printf("\n%-30s %12s %8s %8s %7s %7s\n", "accept, bodies of 1 KiB", "each second",
                "p50 ms", "p99 ms", "ratio", "budget");
    for (const subject& each : subjects) {
        const auto& own = results[each.name];
        const double rate = median(own, &measured::accepts_a_second);
        std::printf("%-30s %12.0f %8.2f %8.2f", each.name, rate,
                    median(own, &measured::median_milliseconds),
                    median(own, &measured::slow_milliseconds));
        if (each.baseline) {
            const double ratio = rate / median(results[each.baseline], &measured::accepts_a_second);
            std::printf(" %7.2f", ratio);
            if (each.budget > 0) {
                std::printf(" %7.2f%s", each.budget, ratio < each.budget ? "  under budget" : "");
            }
        }
        std::puts("");
    }
    std::puts(
        "Ratios are to the database alone with as many rows in each commit; of 8 threads, to one "
        "row.");
}

/// Measures how long claims take, the first after opening and others. `fill(from, to)` brings the
/// entries up to `to`, `open()` opens the store.
template <class Fill, class Open>
void measure_claiming(Fill fill, Open open) {
    std::printf("\n%-30s %12s %12s\n", "claim", "entries", "median us");
    const auto print = [](const char* what, std::uint64_t entries, double microseconds) {
        std::printf("%-30s %12llu %12.0f\n", what, static_cast<unsigned long long>(entries),
                    microseconds);
    };
    const auto since = [](steady::time_point start) {
        return std::chrono::duration<double, std::micro>(steady::now() - start).count();
    };
    std::uint64_t filled = 0;
    for (const std::uint64_t entries : {1'000ULL, 1'000'000ULL}) {
        fill(filled, entries);
        filled = entries;
        const auto opened = steady::now();
        auto store = open();
        std::vector<double> times;
        for (int i = 0; i < 101; ++i) {
            const auto start = steady::now();
            const auto claimed = store.claim({.now = accepted_at + 1, .lease = 60'000});
            if (!claimed || !*claimed) std::abort();
            times.push_back(since(start));
            if (i == 0) print("from opening to the first", entries, since(opened));
        }
        std::sort(times.begin(), times.end());
        print("after that", entries, at_fraction(times, 0.5));
        const auto start = steady::now();
        if (!store.backlog()) std::abort();
        print("backlog", entries, since(start));
    }
}

struct chart_published {
    static constexpr std::string_view type = "chart.published";
    std::int64_t id = 0;
    static constexpr wh::member members[] = {{"id", wh::field<&chart_published::id>}};
};

/// How many entries `threads` threads handle each second.
template <class Store>
measured handle_for_a_round(const wh::inbox<Store>& inbox, std::size_t threads, bool writes) {
    wh::worker worker{inbox};
    worker.handle("bench", wh::parser<wh::catalog<chart_published>>{},
                  wh::handlers{[writes](const chart_published& event, wh::work<Store>& work) {
                      if (!writes) return;
                      work.transaction()
                          .execute("INSERT INTO effects(item) VALUES($1)",
                                   {std::to_string(event.id)})
                          .value();
                  }});
    return run_round({.name = "",
                      .baseline = nullptr,
                      .budget = 0,
                      .threads = threads,
                      .each = 1,
                      .accept = [&](std::uint64_t) {
                          const auto ran = worker.run_one();
                          return ran && *ran;
                      }});
}

/// Measures how many entries are handled each second, by handlers that write a row to the table
/// `effects(item)` in the entry's transaction, and by ones that write nothing.
template <class Store>
void measure_handling(Store store) {
    std::printf("\n%-30s %12s %12s\n", "handle, each second", "nothing", "a row");
    const wh::inbox inbox{store};
    std::uint64_t filled = 0;
    for (const std::size_t threads : {1U, 2U, 8U}) {
        std::printf("threads: %-21zu", threads);
        for (const bool writes : {false, true}) {
            std::vector<measured> results;
            for (int round = 0; round < rounds; ++round) {
                for (const std::uint64_t end = filled + 10'000; filled < end; filled += 50) {
                    if (!store_batch(store, filled, 50)) std::abort();
                }
                results.push_back(handle_for_a_round(inbox, threads, writes));
            }
            std::printf(" %12.0f", median(results, &measured::accepts_a_second));
        }
        std::puts("");
    }
}

}  // namespace inbox_load

#endif
