// SPDX-License-Identifier: MIT
// An inbox in memory: whatever is done with it, it answers as a model does.
#include <webhookpp/stores/memory.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/testing/detail/inbox_model_rules.hpp>

#include "../flawed_inbox.hpp"
#include "../mutations/choices.hpp"
#include "harness.hpp"

namespace wh = webhookpp;

namespace {

// The input in place of random numbers.
class chosen_numbers {
public:
    explicit chosen_numbers(mutations::choices& chosen) noexcept : chosen_(&chosen) {}

    std::size_t below(std::size_t end) noexcept { return chosen_->below(end); }
    bool one_in(std::size_t times) noexcept { return chosen_->one_in(times); }
    std::int64_t between(std::int64_t first, std::int64_t last) noexcept {
        return first + static_cast<std::int64_t>(below(static_cast<std::size_t>(last - first) + 1));
    }
    template <class T>
    const T& one_of(const std::vector<T>& all) noexcept {
        return all[below(all.size())];
    }

private:
    mutations::choices* chosen_;
};

template <class Store>
void compare(Store store, fuzz::input bytes) {
    mutations::choices chosen(bytes);
    const wh::testing::store_check_options options;
    wh::testing::detail::tested_inbox_of<Store> tested(store, {});
    wh::testing::detail::inbox_comparison both(wh::testing::detail::inbox_bench(tested, options),
                                               chosen_numbers(chosen));
    std::vector<std::string> failures;
    wh::testing::detail::collect(failures, "an operation", [&] {
        for (int i = 0; i < 300 && !chosen.used_up(); ++i) both.step();
        both.compare_all();
    });
    fuzz::require(failures.empty(), failures.empty() ? "" : failures.front());
}

constexpr struct flaw {
    std::string_view name;
    flawed::inbox_flaw which;
} flaws[] = {
    {"duplicate_not_counted", flawed::inbox_flaw::duplicate_not_counted},
    {"attempts_not_counted", flawed::inbox_flaw::attempts_not_counted},
    {"fence_stays", flawed::inbox_flaw::fence_stays},
    {"lease_is_never_over", flawed::inbox_flaw::lease_is_never_over},
    {"partition_ignored_by_claim", flawed::inbox_flaw::partition_ignored_by_claim},
    {"renew_ignores_the_state", flawed::inbox_flaw::renew_ignores_the_state},
    {"settle_ignores_the_fence", flawed::inbox_flaw::settle_ignores_the_fence},
};

}  // namespace

std::vector<std::string_view> fuzz::faults() {
    std::vector<std::string_view> names;
    for (const flaw& each : flaws) names.push_back(each.name);
    return names;
}

void fuzz::try_input(input bytes) {
    for (const flaw& each : flaws) {
        if (is_planted(each.name)) return compare(flawed::inbox(each.which), bytes);
    }
    compare(wh::stores::memory(), bytes);
}
