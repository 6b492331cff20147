// SPDX-License-Identifier: MIT
// Switches mutants on: small changes of the sources, all compiled at once, of which at most one is
// active while a program runs.
#ifndef WEBHOOKPP_TESTS_CODE_MUTATIONS_MUTANTS_HPP
#define WEBHOOKPP_TESTS_CODE_MUTATIONS_MUTANTS_HPP

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <type_traits>

namespace webhookpp_mutants {

/// Writes which mutants were met to the file that WEBHOOKPP_MUTANTS_MET names, a number a line,
/// when the program ends.
class record {
public:
    static constexpr int limit = 100'000;

    void meet(int number) noexcept { met_[number].store(true, std::memory_order_relaxed); }

    ~record() {
        const char* const name = std::getenv("WEBHOOKPP_MUTANTS_MET");
        std::FILE* const file = name ? std::fopen(name, "w") : nullptr;
        if (!file) return;
        for (int number = 0; number < limit; ++number) {
            if (met_[number].load(std::memory_order_relaxed)) std::fprintf(file, "%d\n", number);
        }
        std::fclose(file);
    }

private:
    std::atomic<bool> met_[limit] = {};
};

inline bool look_up(int number) noexcept {
    static record met;
    static const int active = [] {
        const char* const chosen = std::getenv("WEBHOOKPP_MUTANT");
        return chosen ? std::atoi(chosen) : -1;
    }();
    met.meet(number);
    return number == active;
}

/// Whether the mutant is active. Constants are computed without.
constexpr bool is(int number) noexcept {
    return std::is_constant_evaluated() ? false : look_up(number);
}

// Each operator, and what takes its place.
#define WEBHOOKPP_MUTANT_OF(name, own, other)                               \
    template <class Left, class Right>                                      \
    constexpr auto name(int number, const Left& left, const Right& right) { \
        return is(number) ? (left other right) : (left own right);          \
    }
WEBHOOKPP_MUTANT_OF(less, <, <=)
WEBHOOKPP_MUTANT_OF(less_or_equal, <=, <)
WEBHOOKPP_MUTANT_OF(greater, >, >=)
WEBHOOKPP_MUTANT_OF(greater_or_equal, >=, >)
WEBHOOKPP_MUTANT_OF(equal, ==, !=)
WEBHOOKPP_MUTANT_OF(not_equal, !=, ==)
WEBHOOKPP_MUTANT_OF(plus, +, -)
WEBHOOKPP_MUTANT_OF(minus, -, +)
WEBHOOKPP_MUTANT_OF(times, *, +)
WEBHOOKPP_MUTANT_OF(bits_of_both, &, |)
WEBHOOKPP_MUTANT_OF(bits_of_either, |, &)
WEBHOOKPP_MUTANT_OF(other_bits, ^, |)
#undef WEBHOOKPP_MUTANT_OF

}  // namespace webhookpp_mutants

#endif
