// SPDX-License-Identifier: MIT
// What the paths of all stores share. What a store says that it did is done, and once; no fence is
// given twice; and when it has failed, the same works afterwards, at the latest when leases are
// over.
#ifndef WEBHOOKPP_TESTS_FAULT_INJECTION_STORE_FACTS_HPP
#define WEBHOOKPP_TESTS_FAULT_INJECTION_STORE_FACTS_HPP

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/error.hpp>

#include "path.hpp"

namespace fault_injection {

namespace wh = webhookpp;

/// What is particular to a store.
struct store_facts {
    std::string name;
    std::vector<kind> kinds = usual_kinds;
    // The names of paths: those that allocate nothing, those on which the store itself calls
    // OpenSSL, and those on which it has nothing to do.
    std::set<std::string_view> without_allocations = {};
    std::set<std::string_view> with_openssl = {};
    std::set<std::string_view> without_calls = {};
    std::set<std::string_view> overcomes = {};  // it can do without these functions
    bool is_server = false;                     // it may have done what nobody got the answer to
    std::function<void()> after = {};           // waits until the server has nothing more to do
    std::set<int> reasons = {static_cast<int>(wh::errc::store_unavailable)};

    [[nodiscard]] path path_of(const std::string& what, std::function<outcome()> run,
                               std::function<void()> before, std::function<bool()> is_sound) const {
        std::set<kind> none;
        if (!with_openssl.contains(what)) none = openssl_calls;
        if (without_allocations.contains(what)) none.insert(kind::allocation);
        if (without_calls.contains(what)) none.insert(kinds.begin(), kinds.end());
        return {.name = name + ": " + what,
                .run = std::move(run),
                .makes_no = std::move(none),
                .reasons = reasons,
                .before = std::move(before),
                .is_sound = std::move(is_sound),
                .kinds = kinds,
                .overcomes = overcomes,
                .after = after};
    }

    /// The same where more than the store is at work, which calls OpenSSL.
    [[nodiscard]] path path_with_openssl(const std::string& what, std::function<outcome()> run,
                                         std::function<void()> before,
                                         std::function<bool()> is_sound) const {
        path made = path_of(what, std::move(run), std::move(before), std::move(is_sound));
        for (const kind each : openssl_calls) made.makes_no.erase(each);
        return made;
    }

    /// What is refused before the store is asked.
    [[nodiscard]] std::set<kind> calls_of_store() const {
        std::set<kind> found;
        for (const kind each : kinds) {
            if (each >= kind::store_call) found.insert(each);
        }
        return found;
    }

    /// Whether what failed may be done all the same.
    [[nodiscard]] bool may_be_done() const {
        return present >= kind::store_call || (is_server && present == kind::allocation);
    }
};

/// A clock that shows what a test says.
struct set_clock {
    const std::int64_t* at;

    [[nodiscard]] std::int64_t now() const noexcept { return *at / 1000; }
    [[nodiscard]] std::int64_t milliseconds() const noexcept { return *at; }
};

inline constexpr std::int64_t start = 1'700'000'000'000;
inline constexpr std::int64_t lease_length = 60'000;
inline constexpr std::int64_t day = 86'400'000;

/// The fences that were given out.
class given_fences {
public:
    /// False if it was given out before, for the same thing.
    bool add(std::int64_t thing, std::int64_t fence) { return all_.emplace(thing, fence).second; }

private:
    std::set<std::pair<std::int64_t, std::int64_t>> all_;
};

}  // namespace fault_injection

#endif
