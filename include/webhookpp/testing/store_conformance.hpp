// SPDX-License-Identifier: MIT
// Checks that a store does what guards and inboxes rely on.
#ifndef WEBHOOKPP_TESTING_STORE_CONFORMANCE_HPP
#define WEBHOOKPP_TESTING_STORE_CONFORMANCE_HPP

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <webhookpp/inbox_store.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/testing/detail/inbox_accept_rules.hpp>
#include <webhookpp/testing/detail/inbox_bench.hpp>
#include <webhookpp/testing/detail/inbox_claim_rules.hpp>
#include <webhookpp/testing/detail/inbox_concurrency_rules.hpp>
#include <webhookpp/testing/detail/inbox_edge_rules.hpp>
#include <webhookpp/testing/detail/inbox_model_rules.hpp>
#include <webhookpp/testing/detail/inbox_partition_rules.hpp>
#include <webhookpp/testing/detail/inbox_purge_rules.hpp>
#include <webhookpp/testing/detail/inbox_query_rules.hpp>
#include <webhookpp/testing/detail/inbox_settle_rules.hpp>
#include <webhookpp/testing/detail/replay_bench.hpp>
#include <webhookpp/testing/detail/replay_model_rules.hpp>
#include <webhookpp/testing/detail/replay_rules.hpp>
#include <webhookpp/testing/detail/tested_inbox.hpp>
#include <webhookpp/testing/store_check.hpp>

namespace webhookpp::testing {

namespace detail {

[[nodiscard]] inline bool is_wanted(std::string_view rule, const store_check_options& options) {
    if (rule.find(options.only) == std::string_view::npos) return false;
    if (options.before_rule) options.before_rule(rule);
    return true;
}

template <class Make>
using store_of = std::remove_cvref_t<std::invoke_result_t<Make&>>;

}  // namespace detail

/// Checks an inbox store:
///
///     const auto broken = webhookpp::testing::check_inbox_store([] { return my_store(...); });
///
/// `make_store` is called once for each rule and returns a handle to a store that is empty; the one
/// before is not used any more then, so it may be the same, emptied. `effects` lets the kit check,
/// for stores whose transactions hold what handlers write, that this is committed together with the
/// state of the entry. The times that the store is given are of about 2023, whatever its clock
/// says.
///
/// Returns what is broken, each as the name of a rule and what was found: nothing for a store that
/// conforms. Throws only what `options.before_rule` does: an exception of `make_store` or of the
/// effects breaks the rule. Without exceptions the first rule that is broken ends the program.
template <class Make>
    requires inbox_store<detail::store_of<Make>>
[[nodiscard]] std::vector<std::string> check_inbox_store(
    Make make_store, const store_check_options& options = {},
    const transaction_effects<detail::store_of<Make>>& effects = {}) {
    std::vector<std::string> failures;
    const auto check_all = [&](std::span<const detail::inbox_rule> rules) {
        for (const detail::inbox_rule& rule : rules) {
            if (rule.needs_effects && !(effects.write && effects.read)) continue;
            if (!detail::is_wanted(rule.name, options)) continue;
            detail::collect(failures, rule.name, [&] {
                detail::tested_inbox_of<detail::store_of<Make>> store(make_store(), effects);
                rule.check(detail::inbox_bench(store, options));
            });
        }
    };
    check_all(detail::accept_rules);
    check_all(detail::claim_rules);
    check_all(detail::settle_rules);
    check_all(detail::partition_rules);
    check_all(detail::purge_rules);
    check_all(detail::query_rules);
    check_all(detail::edge_rules);
    check_all(detail::model_rules);
    check_all(detail::concurrency_rules);
    return failures;
}

/// Checks a replay store. As `check_inbox_store`.
template <class Make>
    requires replay_store<detail::store_of<Make>>
[[nodiscard]] std::vector<std::string> check_replay_store(Make make_store,
                                                          const store_check_options& options = {}) {
    std::vector<std::string> failures;
    const auto check_all = [&](std::span<const detail::replay_rule> rules) {
        for (const detail::replay_rule& rule : rules) {
            if (!detail::is_wanted(rule.name, options)) continue;
            detail::collect(failures, rule.name, [&] {
                detail::tested_replay_of<detail::store_of<Make>> store(make_store());
                rule.check(detail::replay_bench(store, options));
            });
        }
    };
    check_all(detail::replay_rules);
    check_all(detail::replay_model_rules);
    return failures;
}

}  // namespace webhookpp::testing

#endif
