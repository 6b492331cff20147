// SPDX-License-Identifier: MIT
// Signs deliveries of every scheme, changes them on their way, and holds verifiers to what a slow
// reference says: accepted is what was signed, whatever else was changed, and nothing else.
//
// usage: mutate_deliveries [--count N] [--seed S] [--threads T] [--planted NAME|all]
//
// With --planted the verifier has a fault on purpose, or one after the other all that there are,
// and it is an error if N deliveries do not show it.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iomanip>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <webhookpp/schemes/all.hpp>

#include "mutations/mutation.hpp"
#include "mutations/planted.hpp"

namespace {

using namespace mutations;

constexpr std::size_t block_size = 10'000;  // deliveries that depend on one random seed
constexpr std::size_t outcomes = 3;         // accepted, accepted but for the time, refused

struct options {
    std::size_t count = 100'000;
    std::uint64_t seed = 1;
    std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
    std::string planted = {};
};

using outcome_counts = std::array<std::size_t, outcomes>;

struct counts {
    std::vector<outcome_counts> of_schemes;
    std::vector<std::size_t> unmutated;  // and accepted, of each scheme
    std::array<outcome_counts, kinds> of_kinds{};

    explicit counts(std::size_t schemes) : of_schemes(schemes), unmutated(schemes) {}

    void add(const counts& other) {
        const auto sum = [](outcome_counts& to, const outcome_counts& from) {
            for (std::size_t i = 0; i < outcomes; ++i) to[i] += from[i];
        };
        for (std::size_t i = 0; i < of_schemes.size(); ++i) {
            sum(of_schemes[i], other.of_schemes[i]);
            unmutated[i] += other.unmutated[i];
        }
        for (std::size_t i = 0; i < kinds; ++i) sum(of_kinds[i], other.of_kinds[i]);
    }
};

std::string printable(std::string_view text) {
    std::ostringstream out;
    for (const char c : text.substr(0, 300)) {
        if (c >= ' ' && c <= '~' && c != '\\') {
            out << c;
        } else {
            out << "\\x" << std::hex << std::setw(2) << std::setfill('0')
                << static_cast<int>(static_cast<unsigned char>(c)) << std::dec;
        }
    }
    if (text.size() > 300) out << "... of " << text.size() << " bytes";
    return out.str();
}

std::string described(const verdict& said) {
    if (!said.accepted) return said.stale ? "refused for its time" : "refused";
    return "accepted with id \"" + printable(said.id) + "\", event type \"" +
           printable(said.event_type) + "\", time " +
           (said.time ? std::to_string(*said.time) : "none") + ", key " + std::to_string(said.key);
}

class campaign {
public:
    explicit campaign(const options& chosen)
        : options_(chosen), planted_(find_fault(chosen.planted)), total_(make_endpoints().size()) {}

    // Runs blocks on all threads until all are done or a fault is found.
    void run() {
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < options_.threads; ++i) {
            threads.emplace_back([this] {
                try {
                    work();
                } catch (const std::exception& e) {
                    report(e.what());
                    failed_ = true;
                }
            });
        }
        for (std::thread& each : threads) each.join();
        if (failed_) throw std::runtime_error(found_);
    }

    [[nodiscard]] const std::string& found() const { return found_; }
    [[nodiscard]] const counts& total() const { return total_; }

private:
    void work() {
        auto endpoints = make_endpoints();
        counts mine(endpoints.size());
        while (found_at_ == 0) {
            const std::size_t block = next_block_++;
            const std::size_t begin = block * block_size;
            if (begin >= options_.count) break;
            run_block(endpoints, block, std::min(block_size, options_.count - begin), mine);
        }
        const std::lock_guard lock(mutex_);
        total_.add(mine);
    }

    void run_block(std::vector<endpoint>& endpoints, std::size_t block, std::size_t size,
                   counts& mine) {
        std::mt19937_64 random(options_.seed * 1'000'003 + block);
        std::array<unsigned char, 384> bytes{};
        const auto fill = [&] {
            for (std::size_t i = 0; i < bytes.size(); i += 8) {
                const std::uint64_t eight = random();
                for (std::size_t at = 0; at < 8; ++at) {
                    bytes[i + at] = static_cast<unsigned char>(eight >> (8 * at));
                }
            }
        };
        for (endpoint& each : endpoints) {
            each.forget();
            for (int i = 0; i < 8; ++i) {
                fill();
                choices chosen(bytes);
                each.add_genuine(chosen);
            }
        }
        for (std::size_t i = 0; i < size && found_at_ == 0; ++i) {
            fill();
            choices chosen(bytes);
            const std::size_t which = chosen.below(endpoints.size());
            try_one(endpoints[which], which, chosen, block * block_size + i, mine);
        }
    }

    void try_one(const endpoint& at, std::size_t which, choices& chosen, std::size_t number,
                 counts& mine) {
        const request& original = chosen.one_of(at.genuine());
        request sent = original;
        mutator change(at, chosen);
        bool harmless = true;
        std::vector<kind> applied;
        const std::size_t times = 1 + (chosen.one_in(3) ? chosen.below(3) : 0);
        for (std::size_t i = 0; i < times; ++i) {
            applied.push_back(static_cast<kind>(chosen.below(kinds)));
            harmless = change.apply(applied.back(), sent) && harmless;
        }
        const verdict wanted = at.expect(sent);
        const verdict good = at.verify(sent);
        const verdict said = planted_ ? planted_->verify(at, sent, good) : good;

        std::string why;
        if (said != wanted) why = "the reference says: " + described(wanted) + "; ";
        // What changes nothing that is read makes no difference, whatever the reference thinks.
        if (harmless && said != at.expect(original)) {
            why += "it was harmless to change it: " + described(at.expect(original)) + "; ";
        }
        if (said.accepted && !at.is_as_signed(sent, said)) {
            why += "body, id and time were not signed together";
        }
        if (!why.empty()) report(found_text(at, sent, applied, number, said, why), number + 1);

        const std::size_t outcome = said.accepted ? 0 : (said.stale ? 1 : 2);
        ++mine.of_schemes[which][outcome];
        for (const kind each : applied) ++mine.of_kinds[static_cast<std::size_t>(each)][outcome];
        if (applied == std::vector{kind::nothing} && said.accepted) ++mine.unmutated[which];
    }

    [[nodiscard]] std::string found_text(const endpoint& at, const request& sent,
                                         const std::vector<kind>& applied, std::size_t number,
                                         const verdict& said, const std::string& why) const {
        std::ostringstream out;
        out << "delivery " << number << " of seed " << options_.seed << ", scheme "
            << at.scheme().name << ", changed:";
        for (const kind each : applied) out << ' ' << kind_names[static_cast<std::size_t>(each)];
        out << "\n  is " << described(said) << "\n  " << why << "\n  endpoint " << at.url()
            << "\n  " << printable(sent.method) << ' ' << printable(sent.target) << '\n';
        for (const auto& [name, value] : sent.headers) {
            out << "  " << printable(name) << ": " << printable(value) << '\n';
        }
        out << "  body " << printable(sent.body) << '\n';
        return out.str();
    }

    void report(const std::string& text, std::size_t at = 1) {
        const std::lock_guard lock(mutex_);
        if (found_.empty()) found_ = text;
        found_at_ = at;
    }

    options options_;
    const planted_fault* planted_;
    std::atomic<std::size_t> next_block_ = 0;
    std::atomic<std::size_t> found_at_ = 0;  // counted from 1
    std::atomic<bool> failed_ = false;       // something went wrong that no delivery explains
    std::mutex mutex_;
    std::string found_;
    counts total_;
};

void print_row(std::string_view name, const outcome_counts& row, double all) {
    const std::size_t sum = row[0] + row[1] + row[2];
    std::cout << std::left << std::setw(20) << name << std::right << std::setw(11) << sum
              << std::setw(11) << row[0] << std::setw(11) << row[1] << std::setw(11) << row[2]
              << std::setw(9) << std::fixed << std::setprecision(2)
              << 100.0 * static_cast<double>(sum) / all << " %\n";
}

void print_title(std::string_view what) {
    std::cout << '\n'
              << std::left << std::setw(20) << what << std::right << std::setw(11) << "deliveries"
              << std::setw(11) << "accepted" << std::setw(11) << "stale" << std::setw(11)
              << "refused" << std::setw(9) << "share"
              << "\n";
}

// Prints the tables. False when something was hardly tried.
bool print_counts(const counts& total, std::size_t count) {
    const auto endpoints = make_endpoints();
    bool good = true;
    print_title("scheme");
    outcome_counts sum{};
    for (std::size_t i = 0; i < endpoints.size();) {
        const wh::scheme* const scheme = &endpoints[i].scheme();
        outcome_counts row{};
        for (; i < endpoints.size() && &endpoints[i].scheme() == scheme; ++i) {
            for (std::size_t at = 0; at < outcomes; ++at) row[at] += total.of_schemes[i][at];
            if (total.unmutated[i] == 0) {
                std::cerr << scheme->name << " accepted no delivery as it was signed for "
                          << endpoints[i].url() << '\n';
                good = false;
            }
        }
        for (std::size_t at = 0; at < outcomes; ++at) sum[at] += row[at];
        print_row(scheme->name, row, static_cast<double>(count));
    }
    print_row("all", sum, static_cast<double>(count));
    print_title("kind of change");
    for (std::size_t i = 0; i < kinds; ++i) {
        const outcome_counts& row = total.of_kinds[i];
        print_row(kind_names[i], row, static_cast<double>(count));
        if ((row[0] + row[1] + row[2]) * 100 < count) {
            std::cerr << "less than one delivery in a hundred was changed by: " << kind_names[i]
                      << '\n';
            good = false;
        }
    }
    return good;
}

int run(const options& chosen) {
    campaign running(chosen);
    running.run();
    if (!running.found().empty()) {
        std::cerr << "found: " << running.found();
        return EXIT_FAILURE;
    }
    const bool good = print_counts(running.total(), chosen.count);
    std::cout << '\n'
              << chosen.count << " deliveries, seed " << chosen.seed << ": "
              << (good ? "all were answered as they have to be\n" : "not all kinds were tried\n");
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

// Looks for a fault that is there. The first that shows it tells that it would be found.
int run_planted(options chosen) {
    chosen.threads = 1;
    bool all_found = true;
    const std::string wanted = chosen.planted;
    for (const planted_fault& each : planted_faults) {
        if (wanted != "all" && wanted != each.name) continue;
        chosen.planted = each.name;
        campaign running(chosen);
        running.run();
        const std::string& found = running.found();
        std::cout << std::left << std::setw(24) << each.name
                  << (found.empty() ? "NOT FOUND" : "found: " + found.substr(0, found.find('\n')))
                  << '\n';
        all_found = all_found && !found.empty();
    }
    return all_found ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) try {
    options chosen;
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        const std::string value = i + 1 < argc ? argv[i + 1] : "";
        if (name == "--count") {
            chosen.count = std::stoul(value);
        } else if (name == "--seed") {
            chosen.seed = std::stoull(value);
        } else if (name == "--threads") {
            chosen.threads = std::stoul(value);
        } else if (name == "--planted" && (value == "all" || find_fault(value))) {
            chosen.planted = value;
        } else {
            std::cerr << "unknown: " << name << ' ' << value << '\n';
            return EXIT_FAILURE;
        }
    }
    return chosen.planted.empty() ? run(chosen) : run_planted(chosen);
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
