// SPDX-License-Identifier: MIT
// A small replay store with any one of many flaws, to see that the conformance kit finds each.
#ifndef WEBHOOKPP_TESTS_FLAWED_GUARD_HPP
#define WEBHOOKPP_TESTS_FLAWED_GUARD_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <webhookpp/message_key.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/result.hpp>

namespace flawed {

namespace wh = webhookpp;

enum class guard_flaw : std::uint8_t {
    none,
    looked_up_before_the_transaction,
    commits_in_two_transactions,
    failure_told_as_fresh,
    reservation_is_over_too_late,
    reservation_is_over_too_early,
    duplicate_is_over_too_late,
    clock_set_back_not_seen,
    clock_set_back_seen_too_early,
    clock_set_back_frees_duplicates,
    fence_given_again,
    fence_begins_anew_when_forgotten,
    fence_is_zero,
    in_progress_told_as_duplicate,
    until_of_the_asker_told,
    commit_ignores_the_fence,
    commit_ends_at_the_lease,
    commit_refused_when_over,
    commit_twice,
    release_ignores_the_fence,
    releases_duplicates,
    release_does_nothing,
    extends_what_is_over,
    extend_ignores_the_fence,
    extend_adds_to_the_lease,
    extend_counts_as_refused,
    forgets_reservations,
    forgets_too_early,
    forget_ignores_most,
    forget_counts_one_too_many,
    forgets_nothing,
    keys_end_at_nul,
    remembered_by_threads,
    last,  // none: how many there are
};

class guard {
    struct slot {
        std::int64_t until = 0;
        std::int64_t fence = 0;
        bool committed = false;
    };
    struct tables {
        std::mutex mutex;
        std::map<std::string, slot> slots;
        std::map<std::string, std::int64_t> fences;
        std::size_t asked = 0;
    };
    using flaw = guard_flaw;

public:
    explicit guard(flaw has) : tables_(std::make_shared<tables>()), has_(has) {}

    wh::result<wh::reservation> reserve(const wh::message_key& key, std::int64_t now,
                                        std::int64_t lease) noexcept {
        const std::string name = name_of(key);
        if (const auto known = remembered(name, now, lease)) return *known;
        std::unique_lock lock(tables_->mutex);
        const bool fails = has_ == flaw::failure_told_as_fresh && ++tables_->asked % 40 == 0;
        const auto found = tables_->slots.find(name);
        const bool is_known = found != tables_->slots.end() && !is_over(found->second, now, lease);
        if (is_known && !fails) {
            const slot& held = found->second;
            const bool duplicate = held.committed || has_ == flaw::in_progress_told_as_duplicate;
            const wh::reservation given{
                duplicate ? wh::reservation::state::duplicate : wh::reservation::state::in_progress,
                0, has_ == flaw::until_of_the_asker_told ? now + lease : held.until};
            remember(name, given, now, lease);
            return given;
        }
        if (has_ == flaw::looked_up_before_the_transaction) let_others(lock);
        const std::int64_t fence = next_fence(name);
        tables_->slots[name] = {.until = now + lease, .fence = fence};
        return wh::reservation{wh::reservation::state::fresh,
                               has_ == flaw::fence_is_zero ? 0 : fence, now + lease};
    }

    wh::result<bool> commit(const wh::message_key& key, std::int64_t fence, std::int64_t now,
                            std::int64_t keep_until) noexcept {
        std::unique_lock lock(tables_->mutex);
        slot* const mine =
            held(key, fence, has_ == flaw::commit_ignores_the_fence, has_ == flaw::commit_twice);
        if (!mine || (has_ == flaw::commit_refused_when_over && mine->until <= now)) return false;
        slot kept = *mine;
        if (has_ == flaw::commits_in_two_transactions) let_others(lock);
        kept.committed = true;
        if (has_ != flaw::commit_ends_at_the_lease) kept.until = keep_until;
        tables_->slots[name_of(key)] = kept;
        return true;
    }

    wh::result<bool> release(const wh::message_key& key, std::int64_t fence) noexcept {
        forget_what_was_told();
        const std::lock_guard lock(tables_->mutex);
        slot* const mine = held(key, fence, has_ == flaw::release_ignores_the_fence,
                                has_ == flaw::releases_duplicates);
        if (!mine) return false;
        if (has_ != flaw::release_does_nothing) tables_->slots.erase(name_of(key));
        return true;
    }

    wh::result<bool> extend(const wh::message_key& key, std::int64_t fence, std::int64_t now,
                            std::int64_t lease) noexcept {
        forget_what_was_told();
        const std::lock_guard lock(tables_->mutex);
        slot* const mine = held(key, fence, has_ == flaw::extend_ignores_the_fence, false);
        if (!mine || (mine->until <= now && has_ != flaw::extends_what_is_over)) return false;
        mine->until = (has_ == flaw::extend_adds_to_the_lease ? mine->until : now) + lease;
        return has_ != flaw::extend_counts_as_refused;
    }

    wh::result<std::size_t> forget(std::int64_t now, std::size_t most) noexcept {
        forget_what_was_told();
        const std::lock_guard lock(tables_->mutex);
        if (has_ == flaw::forgets_nothing) return std::size_t{0};
        std::size_t forgotten = 0;
        for (auto each = tables_->slots.begin(); each != tables_->slots.end();) {
            if (forgotten == most && has_ != flaw::forget_ignores_most) break;
            const std::int64_t early = has_ == flaw::forgets_too_early ? 1 : 0;
            const bool over =
                each->second.until - early <= now ||
                (has_ == flaw::forgets_reservations && !each->second.committed && now > 0);
            if (!over) {
                ++each;
                continue;
            }
            if (has_ == flaw::fence_begins_anew_when_forgotten) tables_->fences.erase(each->first);
            each = tables_->slots.erase(each);
            ++forgotten;
        }
        const bool counts_more = has_ == flaw::forget_counts_one_too_many && forgotten < most;
        return forgotten + (counts_more ? 1 : 0);
    }

private:
    // What a store does that looks in one transaction and writes in the next.
    static void let_others(std::unique_lock<std::mutex>& lock) {
        lock.unlock();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        lock.lock();
    }

    [[nodiscard]] std::string name_of(const wh::message_key& key) const {
        const auto bytes = key.bytes();
        const auto end =
            has_ == flaw::keys_end_at_nul ? std::find(bytes.begin(), bytes.end(), 0) : bytes.end();
        return {bytes.begin(), end};
    }

    [[nodiscard]] bool is_over(const slot& held, std::int64_t now, std::int64_t lease) const {
        std::int64_t late = 0;
        if (has_ == flaw::reservation_is_over_too_late && !held.committed) late = 1;
        if (has_ == flaw::reservation_is_over_too_early && !held.committed) late = -1;
        if (has_ == flaw::duplicate_is_over_too_late && held.committed) late = 1;
        if (held.until + late <= now) return true;
        if (held.committed && has_ != flaw::clock_set_back_frees_duplicates) return false;
        const std::int64_t two_leases =
            2 * lease - (has_ == flaw::clock_set_back_seen_too_early ? 1 : 0);
        return held.until > now + two_leases && has_ != flaw::clock_set_back_not_seen;
    }

    std::int64_t next_fence(const std::string& name) {
        std::int64_t& fence = tables_->fences[name];
        if (has_ != flaw::fence_given_again || fence == 0) ++fence;
        return fence;
    }

    slot* held(const wh::message_key& key, std::int64_t fence, bool by_anybody, bool committed) {
        const auto found = tables_->slots.find(name_of(key));
        if (found == tables_->slots.end()) return nullptr;
        if (found->second.committed && !committed) return nullptr;
        return by_anybody || found->second.fence == fence ? &found->second : nullptr;
    }

    // What one thread was told, it believes once more, as long as it does nothing else.
    struct memory {
        std::weak_ptr<tables> of;
        std::string name;
        wh::reservation given;
        std::int64_t now = 0;
        std::int64_t lease = 0;
    };
    static memory& mine() {
        thread_local memory last;
        return last;
    }
    [[nodiscard]] std::optional<wh::reservation> remembered(const std::string& name,
                                                            std::int64_t now,
                                                            std::int64_t lease) const {
        if (has_ != flaw::remembered_by_threads) return std::nullopt;
        const memory last = std::exchange(mine(), {});
        const bool believed = last.of.lock() == tables_ && last.name == name &&
                              last.lease == lease && last.now <= now && now < last.given.until;
        return believed ? std::optional(last.given) : std::nullopt;
    }
    void remember(const std::string& name, const wh::reservation& given, std::int64_t now,
                  std::int64_t lease) const {
        if (has_ == flaw::remembered_by_threads) mine() = {tables_, name, given, now, lease};
    }
    void forget_what_was_told() const {
        if (has_ == flaw::remembered_by_threads) mine() = {};
    }

    std::shared_ptr<tables> tables_;
    flaw has_;
};

static_assert(wh::replay_store<guard>);

}  // namespace flawed

#endif
