// SPDX-License-Identifier: MIT
// How the conformance kit for stores is set up.
#ifndef WEBHOOKPP_TESTING_STORE_CHECK_HPP
#define WEBHOOKPP_TESTING_STORE_CHECK_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include <webhookpp/inbox_store.hpp>

namespace webhookpp::testing {

/// How thoroughly a store is checked. What is random depends on nothing but `seed`, except for the
/// order in which threads run.
struct store_check_options {
    std::uint64_t seed = 1;  ///< any number

    /// How many random operations are compared with those of a model. Fewer for slow databases.
    std::size_t operations = 5'000;

    std::size_t concurrent_operations = 100'000;  ///< that threads carry out at the same time
    std::size_t concurrent_entries = 2'000;       ///< that they work off

    std::size_t threads = 8;         ///< for these
    std::size_t storm_threads = 64;  ///< that bring the same message at once
    std::size_t storms = 20;         ///< how often they do

    /// How long threads may take for what they have to do together before the rule is broken.
    std::chrono::seconds patience{300};

    /// The keys of a replay store go by themselves when their time is over, as those of servers
    /// with expiry do: `forget` may find fewer then.
    bool keys_go_by_themselves = false;

    /// Only the rules whose names hold this text are checked.
    std::string_view only = {};

    /// Called with the name of each rule before it is checked: to show how far the check is.
    std::function<void(std::string_view rule)> before_rule = {};
};

/// What handlers write, for stores whose transactions can hold more than the state of an entry:
/// with it the kit checks that both are committed together. Both are called from several threads.
template <inbox_store Store>
struct transaction_effects {
    /// Writes `value` with the transaction, to where `read` finds it; false when that failed.
    std::function<bool(typename Store::transaction& transaction, std::int64_t value)> write = {};

    /// All values that are committed, in any order.
    std::function<std::vector<std::int64_t>(Store& store)> read = {};
};

}  // namespace webhookpp::testing

#endif
