// SPDX-License-Identifier: MIT
// What a replay store has to answer for one key, and whether it did, whoever asked at once.
#ifndef WEBHOOKPP_TESTING_DETAIL_REPLAY_MODEL_HPP
#define WEBHOOKPP_TESTING_DETAIL_REPLAY_MODEL_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <webhookpp/replay_guard.hpp>

namespace webhookpp::testing::detail {

/// What is known of a key.
struct modelled_key {
    enum class state : std::uint8_t { free, reserved, committed };

    state which = state::free;
    std::int64_t fence = 0;
    std::int64_t until = 0;

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the default for a null pointer
    friend auto operator<=>(const modelled_key&, const modelled_key&) = default;
};

/// An operation on a key, with its answer.
struct replay_call {
    enum class kind : std::uint8_t { reserve, commit, release, extend, forget };

    kind what = kind::reserve;
    std::int64_t now = 0;
    std::int64_t time = 0;  ///< a length, or until when it is kept
    std::int64_t fence = 0;
    reservation given = {};  ///< the answer of `reserve`
    bool granted = false;    ///< the answer of the others

    // When it was called and when it had its answer, by a clock that never goes back.
    std::int64_t began = 0;
    std::int64_t ended = 0;
};

/// What the key is like after `call`; nothing if its answer is wrong for what the key was like.
/// `forget` is not asked here.
[[nodiscard]] inline std::optional<modelled_key> after(const modelled_key& before,
                                                       const replay_call& call) {
    using state = modelled_key::state;
    const bool is_over = before.which == state::free || before.until <= call.now;
    const bool is_callers = before.which == state::reserved && before.fence == call.fence;
    const auto told = [&](bool expected, const modelled_key& next) -> std::optional<modelled_key> {
        if (call.granted != expected) return std::nullopt;
        return expected ? next : before;
    };
    switch (call.what) {
        case replay_call::kind::commit:
            return told(is_callers, {state::committed, before.fence, call.time});
        case replay_call::kind::release: return told(is_callers, {});
        case replay_call::kind::extend:
            return told(is_callers && !is_over,
                        {state::reserved, before.fence, call.now + call.time});
        default: break;
    }
    const bool too_far = before.which == state::reserved && before.until > call.now + 2 * call.time;
    if (is_over || too_far) {
        const bool right = call.given.which == reservation::state::fresh &&
                           call.given.until == call.now + call.time;
        if (!right) return std::nullopt;
        return modelled_key{state::reserved, call.given.fence, call.given.until};
    }
    const auto expected = before.which == state::committed ? reservation::state::duplicate
                                                           : reservation::state::in_progress;
    if (call.given.which != expected || call.given.until != before.until) return std::nullopt;
    return before;
}

/// Whether there is an order in which the calls could have been answered one after the other as
/// they were, in which each comes after all that had ended when it began: the search of Wing and
/// Gong, which remembers where it was.
class linearization {
public:
    enum class verdict : std::uint8_t { exists, none, unknown };

    /// The calls of each thread, in their order. All for one key, which nobody had before.
    explicit linearization(std::vector<std::vector<replay_call>> threads)
        : threads_(std::move(threads)) {}

    /// `unknown` after `most` steps.
    [[nodiscard]] verdict find(std::size_t most = 1'000'000) {
        visit({std::vector<std::uint32_t>(threads_.size()), {}});
        for (std::size_t steps = 0; !open_.empty(); ++steps) {
            if (steps == most) return verdict::unknown;
            place at = std::move(open_.back());
            open_.pop_back();
            pass_refusals(at);
            if (is_end(at)) return verdict::exists;
            go_on(at);
        }
        return verdict::none;
    }

private:
    // How many calls of each thread are behind us, and what the key is like then.
    using place = std::pair<std::vector<std::uint32_t>, modelled_key>;

    [[nodiscard]] const replay_call* next(const place& at, std::size_t thread) const {
        const std::uint32_t passed = at.first[thread];
        return passed < threads_[thread].size() ? &threads_[thread][passed] : nullptr;
    }

    [[nodiscard]] bool is_end(const place& at) const {
        for (std::size_t i = 0; i < threads_.size(); ++i) {
            if (next(at, i)) return false;
        }
        return true;
    }

    // What begins later than this cannot come next: another call had ended before.
    [[nodiscard]] std::int64_t first_end(const place& at) const {
        std::int64_t first = INT64_MAX;
        for (std::size_t i = 0; i < threads_.size(); ++i) {
            if (const auto* call = next(at, i)) first = (std::min)(first, call->ended);
        }
        return first;
    }

    [[nodiscard]] static bool is_refusal(const replay_call& call) {
        if (call.what == replay_call::kind::forget) return false;
        return call.what == replay_call::kind::reserve
                   ? call.given.which != reservation::state::fresh
                   : !call.granted;
    }

    // A refusal that is right now is as good now as at any later time, since it changes nothing.
    void pass_refusals(place& at) const {
        for (bool passed = true; passed;) {
            passed = false;
            const std::int64_t end = first_end(at);
            for (std::size_t i = 0; i < threads_.size(); ++i) {
                const auto* call = next(at, i);
                if (!call || call->began > end || !is_refusal(*call)) continue;
                if (!after(at.second, *call)) continue;
                ++at.first[i];
                passed = true;
            }
        }
    }

    void go_on(const place& at) {
        const std::int64_t end = first_end(at);
        for (std::size_t i = 0; i < threads_.size(); ++i) {
            const auto* call = next(at, i);
            if (!call || call->began > end) continue;
            place then = at;
            ++then.first[i];
            if (call->what == replay_call::kind::forget) {
                // It may have looked at the key before this was over, or have had enough others.
                visit(then);
                if (at.second.until > call->now) continue;
                then.second = {};
            } else {
                const auto changed = after(at.second, *call);
                if (!changed) continue;
                then.second = *changed;
            }
            visit(then);
        }
    }

    void visit(const place& at) {
        if (seen_.insert(at).second) open_.push_back(at);
    }

    std::vector<std::vector<replay_call>> threads_;
    std::set<place> seen_;
    std::vector<place> open_;
};

}  // namespace webhookpp::testing::detail

#endif
