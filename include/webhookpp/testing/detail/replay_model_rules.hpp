// SPDX-License-Identifier: MIT
// Rules for replay stores: random operations, one after the other and at once.
#ifndef WEBHOOKPP_TESTING_DETAIL_REPLAY_MODEL_RULES_HPP
#define WEBHOOKPP_TESTING_DETAIL_REPLAY_MODEL_RULES_HPP

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/message_key.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/testing/detail/broken_rule.hpp>
#include <webhookpp/testing/detail/in_threads.hpp>
#include <webhookpp/testing/detail/random_numbers.hpp>
#include <webhookpp/testing/detail/replay_bench.hpp>
#include <webhookpp/testing/detail/replay_model.hpp>
#include <webhookpp/testing/detail/sample_messages.hpp>

namespace webhookpp::testing::detail {

/// Asks the store for what `call` says, and writes its answer there.
inline void carry_out(const replay_bench& bench, const message_key& key, replay_call& call) {
    switch (call.what) {
        case replay_call::kind::reserve:
            call.given = bench.reserve(key, call.now, call.time);
            break;
        case replay_call::kind::commit:
            call.granted = bench.commit(key, call.fence, call.now, call.time);
            break;
        case replay_call::kind::release: call.granted = bench.release(key, call.fence); break;
        case replay_call::kind::extend:
            call.granted = bench.extend(key, call.fence, call.now, call.time);
            break;
        case replay_call::kind::forget: static_cast<void>(bench.forget(call.now, 1'000'000)); break;
    }
}

/// One of the operations on a key: mostly with the fence `mine`, if there is one.
[[nodiscard]] inline replay_call some_call(random_numbers& random, std::int64_t now,
                                           std::int64_t length, std::int64_t mine) {
    using enum replay_call::kind;
    replay_call made{.now = now, .time = length, .fence = mine};
    if (mine == 0 || random.one_in(3)) return made;
    const std::array kinds = {commit, release, release, extend};
    made.what = kinds[random.below(kinds.size())];
    if (made.what == commit) made.time = now + length + length / 2;
    return made;
}

/// Does the same to a store and to a model.
class replay_comparison {
public:
    replay_comparison(const replay_bench& bench, std::uint64_t seed)
        : bench_(bench), random_(seed) {
        for (const std::string& id : ids_of(30)) keys_.push_back({.key = key_of(id)});
    }

    void step() {
        now_ += random_.one_in(50) ? random_.between(-5 * minute, 5 * minute)
                                   : random_.between(0, 5'000);
        if (random_.one_in(20)) return forget();
        tested& on = keys_[random_.below(keys_.size())];
        const std::int64_t fence = on.fences.empty()   ? 0
                                   : random_.one_in(3) ? random_.one_of(on.fences)
                                                       : on.fences.back();
        replay_call call = some_call(random_, now_, random_.between(30'000, 2 * minute), fence);
        carry_out(bench_, on.key, call);
        if (call.what == replay_call::kind::reserve && call.given.fence != 0) {
            const bool is_new =
                std::find(on.fences.begin(), on.fences.end(), call.given.fence) == on.fences.end();
            require(is_new, "a fence is given twice");
            on.fences.push_back(call.given.fence);
        }
        const bool may_be_gone = std::exchange(on.may_be_gone, false);
        auto next = after(on.known, call);
        if (!next && may_be_gone) next = after({}, call);
        require(next.has_value(),
                std::string(names[static_cast<std::size_t>(call.what)]) + " has another answer");
        on.may_be_gone = may_be_gone && *next == on.known;
        on.known = *next;
    }

private:
    struct tested {
        message_key key;
        modelled_key known = {};
        std::vector<std::int64_t> fences = {};
        bool may_be_gone = false;  ///< the server may have forgotten it by itself
    };

    void forget() {
        std::size_t over = 0;
        for (const tested& each : keys_) {
            if (each.known.which != modelled_key::state::free && each.known.until <= now_) ++over;
        }
        const std::size_t most = 1 + random_.below(10);
        std::size_t forgotten = 0;
        for (std::size_t times = 0; times <= over / most + 1; ++times) {
            forgotten += bench_.forget(now_, most);
        }
        bench_.forgot(forgotten, over);
        for (tested& each : keys_) {
            if (each.known.until > now_) continue;
            if (bench_.options().keys_go_by_themselves) {
                each.may_be_gone = true;
            } else {
                each.known = {};
            }
        }
    }

    static constexpr std::array<std::string_view, 5> names = {"reserve", "commit", "release",
                                                              "extend", "forget"};

    replay_bench bench_;
    random_numbers random_;
    std::int64_t now_ = start;
    std::vector<tested> keys_;
};

inline void random_reservations_have_the_answers_of_a_model(const replay_bench& bench) {
    replay_comparison both(bench, bench.options().seed);
    for (std::size_t i = 0; i < bench.options().operations; ++i) {
        std::vector<std::string> failures;
        collect(failures, "operation " + std::to_string(i), [&] { both.step(); });
        if (!failures.empty()) broken(failures.front());
    }
}

inline void a_storm_of_reservations_has_one_owner(const replay_bench& bench) {
    const std::size_t team = bench.options().storm_threads;
    std::vector<std::unique_ptr<tested_replay>> copies;
    for (std::size_t i = 0; i < team; ++i) copies.push_back(bench.store().copy());
    const message_key key = key_of("a");
    std::set<std::int64_t> fences;
    const auto one = [&](std::string_view what, const auto& ask) {
        std::atomic<std::size_t> count = 0;
        in_threads(team, [&](std::size_t i) {
            if (ask(replay_bench(*copies[i], bench.options()))) ++count;
        });
        require(count == 1,
                std::string(what) + " at once is granted to " + std::to_string(count) + " threads");
    };
    for (std::size_t storm = 0; storm < bench.options().storms; ++storm) {
        std::atomic<std::int64_t> fence = 0;
        one("reserve", [&](const replay_bench& mine) {
            const reservation given = mine.reserve(key, start);
            if (given.fence == 0) return false;
            fence = given.fence;
            return true;
        });
        require(fences.insert(fence).second, "a fence is given twice");
        if (storm + 1 < bench.options().storms) {
            one("release", [&](const replay_bench& mine) { return mine.release(key, fence); });
        } else {
            one("commit", [&](const replay_bench& mine) {
                return mine.commit(key, fence, start, start + week);
            });
        }
    }
    bench.duplicate(key, start, start + week);
}

/// Many threads at few keys, one after the other, and all that they were answered.
class replay_history {
public:
    replay_history(const replay_bench& bench, std::size_t threads)
        : bench_(bench), calls_(threads), forgets_(threads) {
        // A hundred operations each, so that threads meet; a thousand keys by default.
        const std::size_t keys = bench.options().concurrent_operations / 100 + 1;
        for (const std::string& id : ids_of(keys)) keys_.push_back(key_of(id));
        fences_ = std::vector<std::atomic<std::int64_t>>(keys);
    }

    /// What one thread does.
    void run(const replay_bench& mine, std::size_t thread) {
        random_numbers random(bench_.options().seed + thread);
        const std::size_t all = bench_.options().concurrent_operations;
        std::size_t held_key = keys_.size();
        std::int64_t held = 0;
        for (std::size_t i = next_++; i < all; i = next_++) {
            // All are at the same key at a time, and go on to the next one together.
            const std::size_t key = i * keys_.size() / all;
            if (key != held_key) held = 0;
            held_key = key;
            std::int64_t now = clock_ += 5'000;
            if (random.one_in(100)) now -= 5 * minute;
            replay_call call =
                some_call(random, now, length, random.one_in(8) ? fences_[key].load() : held);
            if (random.one_in(200)) call = {.what = replay_call::kind::forget, .now = now};
            call.began = ticks();
            carry_out(mine, keys_[key], call);
            call.ended = ticks();
            if (call.given.fence != 0) fences_[key] = held = call.given.fence;
            if (call.what == replay_call::kind::forget) {
                forgets_[thread].push_back(call);
            } else {
                calls_[thread].push_back({key, call});
            }
        }
    }

    void check() const {
        const auto all = by_key();
        for (const auto& of_key : all) {
            auto threads = with_forgets(of_key);
            std::set<std::int64_t> fences;
            for (const auto& calls : threads) {
                for (const replay_call& call : calls) {
                    require(call.given.fence == 0 || fences.insert(call.given.fence).second,
                            "a fence is given twice");
                }
            }
            const auto verdict = linearization(std::move(threads)).find();
            require(verdict != linearization::verdict::none,
                    "what threads were answered for a key fits no order of their operations");
            require(verdict != linearization::verdict::unknown,
                    "what threads were answered for a key is too much to be checked");
        }
    }

private:
    struct numbered_call {
        std::size_t key = 0;
        replay_call call = {};
    };

    static constexpr std::int64_t length = 100'000;

    [[nodiscard]] static std::int64_t ticks() {
        return std::chrono::steady_clock::now().time_since_epoch().count();
    }

    using threads_calls = std::vector<std::vector<replay_call>>;

    /// What each thread did to each key.
    [[nodiscard]] std::vector<threads_calls> by_key() const {
        std::vector<threads_calls> found(keys_.size(), threads_calls(calls_.size()));
        for (std::size_t thread = 0; thread < calls_.size(); ++thread) {
            for (const auto& [key, call] : calls_[thread]) found[key][thread].push_back(call);
        }
        return found;
    }

    /// The same for one key, with what made the store forget keys meanwhile.
    [[nodiscard]] threads_calls with_forgets(threads_calls threads) const {
        std::int64_t began = INT64_MAX;
        std::int64_t ended = INT64_MIN;
        for (const auto& calls : threads) {
            if (calls.empty()) continue;
            began = (std::min)(began, calls.front().began);
            ended = (std::max)(ended, calls.back().ended);
        }
        for (std::size_t thread = 0; thread < threads.size(); ++thread) {
            std::vector<replay_call> forgets;
            for (const replay_call& call : forgets_[thread]) {
                if (call.ended >= began && call.began <= ended) forgets.push_back(call);
            }
            std::vector<replay_call> all;
            std::merge(
                threads[thread].begin(), threads[thread].end(), forgets.begin(), forgets.end(),
                std::back_inserter(all),
                [](const auto& left, const auto& right) { return left.began < right.began; });
            threads[thread] = std::move(all);
        }
        return threads;
    }

    replay_bench bench_;
    std::vector<message_key> keys_;
    std::vector<std::vector<numbered_call>> calls_;  // of each thread
    std::vector<std::vector<replay_call>> forgets_;  // the same
    std::vector<std::atomic<std::int64_t>> fences_;  // the last one of each key
    std::atomic<std::size_t> next_ = 0;
    std::atomic<std::int64_t> clock_ = start;
};

inline void operations_at_once_fit_an_order(const replay_bench& bench) {
    const std::size_t team = bench.options().threads;
    std::vector<std::unique_ptr<tested_replay>> copies;
    for (std::size_t i = 0; i < team; ++i) copies.push_back(bench.store().copy());
    replay_history history(bench, team);
    in_threads(team, [&](std::size_t thread) {
        history.run(replay_bench(*copies[thread], bench.options()), thread);
    });
    history.check();
}

inline constexpr std::array replay_model_rules = {
    replay_rule{"random reservations have the answers of a model",
                random_reservations_have_the_answers_of_a_model},
    replay_rule{"a storm of reservations has one owner", a_storm_of_reservations_has_one_owner},
    replay_rule{"operations at once fit an order", operations_at_once_fit_an_order},
};

}  // namespace webhookpp::testing::detail

#endif
