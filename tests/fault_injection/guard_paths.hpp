// SPDX-License-Identifier: MIT
// What is done with a store as a guard.
#ifndef WEBHOOKPP_TESTS_FAULT_INJECTION_GUARD_PATHS_HPP
#define WEBHOOKPP_TESTS_FAULT_INJECTION_GUARD_PATHS_HPP

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <webhookpp/message_key.hpp>
#include <webhookpp/replay_guard.hpp>

#include "store_facts.hpp"

namespace fault_injection {

/// The operations of a `replay_store`.
template <class Store>
class guard_paths {
public:
    guard_paths(store_facts facts, Store store)
        : facts_(std::move(facts)), store_(std::move(store)) {}

    void try_each() {
        try_reserve("reserve", [this] { next(); });
        try_reserve("reserve what was reserved", [this] {
            have_one();
            now_ += 2 * lease_length;
        });
        try_all(facts_.path_of(
            "commit", [this] { return noted(store_.commit(key(), fence_, now_, now_ + day)); },
            [this] { have_one(); },
            [this] {
                if (!done_ && !store_.commit(key(), fence_, now_, now_ + day)) return false;
                const auto again = store_.reserve(key(), now_ + 3 * lease_length, lease_length);
                return again && again->which == wh::reservation::state::duplicate;
            }));
        try_all(facts_.path_of(
            "release", [this] { return noted(store_.release(key(), fence_)); },
            [this] { have_one(); },
            [this] { return (done_ || store_.release(key(), fence_)) && is_free(); }));
        try_all(facts_.path_of(
            "extend",
            [this] { return noted(store_.extend(key(), fence_, now_, 2 * lease_length)); },
            [this] { have_one(); },
            [this] {
                if (done_) {
                    now_ += lease_length + lease_length / 2;
                    const auto other = store_.reserve(key(), now_, lease_length);
                    if (!other || other->which != wh::reservation::state::in_progress) return false;
                }
                return store_.commit(key(), fence_, now_, now_ + day).value();
            }));
        try_all(facts_.path_of(
            "forget", [this] { return of(store_.forget(now_ + 2 * lease_length, 1000)); },
            [this] { have_one(); },
            [this] {
                now_ += 2 * lease_length;
                return store_.forget(now_, 1000).has_value() && is_free();
            }));
    }

private:
    void try_reserve(const std::string& name, std::function<void()> before) {
        try_all(facts_.path_of(
            name,
            [this] {
                fence_ = 0;
                const auto made = store_.reserve(key(), now_, lease_length);
                if (!made) return of(made);
                fence_ = made->fence;
                return outcome{made->which == wh::reservation::state::fresh};
            },
            std::move(before),
            [this] {
                if (fence_ == 0) {
                    if (facts_.may_be_done()) now_ += 2 * lease_length;
                    return is_free();
                }
                const auto other = store_.reserve(key(), now_, lease_length);
                return other && other->which == wh::reservation::state::in_progress &&
                       given_.add(number_, fence_) &&
                       store_.commit(key(), fence_, now_, now_ + day).value();
            }));
    }

    [[nodiscard]] const wh::message_key& key() const { return *key_; }

    void next() {
        key_ = wh::message_key::of_id("p", facts_.name, std::to_string(++number_)).value();
    }
    void have_one() {
        next();
        fence_ = store_.reserve(key(), now_, lease_length).value().fence;
        if (!given_.add(number_, fence_)) std::abort();
    }
    // Whether the key can be reserved, under another fence than before.
    bool is_free() {
        const auto made = store_.reserve(key(), now_, lease_length);
        return made && made->which == wh::reservation::state::fresh &&
               given_.add(number_, made->fence);
    }
    outcome noted(const wh::result<bool>& made) {
        done_ = made && *made;
        return of(made);
    }

    store_facts facts_;
    Store store_;
    std::int64_t now_ = start;
    std::int64_t number_ = 0;
    std::optional<wh::message_key> key_;
    std::int64_t fence_ = 0;
    bool done_ = false;
    given_fences given_;
};

}  // namespace fault_injection

#endif
