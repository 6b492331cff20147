// SPDX-License-Identifier: MIT
// Rules for inbox stores: what holds when many threads do something at once.
#ifndef WEBHOOKPP_TESTING_DETAIL_INBOX_CONCURRENCY_RULES_HPP
#define WEBHOOKPP_TESTING_DETAIL_INBOX_CONCURRENCY_RULES_HPP

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/testing/detail/broken_rule.hpp>
#include <webhookpp/testing/detail/in_threads.hpp>
#include <webhookpp/testing/detail/inbox_bench.hpp>
#include <webhookpp/testing/detail/random_numbers.hpp>
#include <webhookpp/testing/detail/sample_messages.hpp>

namespace webhookpp::testing::detail {

/// A handle of the same store for each thread.
class handles {
public:
    handles(const inbox_bench& of, std::size_t count) : options_(&of.options()) {
        for (std::size_t i = 0; i < count; ++i) copies_.push_back(of.store().copy());
    }

    [[nodiscard]] inbox_bench operator[](std::size_t i) const {
        return {*copies_[i % copies_.size()], *options_};
    }

private:
    const store_check_options* options_;
    std::vector<std::unique_ptr<tested_inbox>> copies_;
};

/// How many of `storm_threads` threads are granted what `ask(bench of the thread, i)` asks for.
template <class F>
[[nodiscard]] std::size_t granted(const inbox_bench& bench, const handles& threads, const F& ask) {
    std::atomic<std::size_t> count = 0;
    in_threads(bench.options().storm_threads, [&](std::size_t i) {
        if (ask(threads[i], i)) count.fetch_add(1);
    });
    return count;
}

inline void a_storm_of_deliveries_is_stored_once(const inbox_bench& bench) {
    const handles threads(bench, bench.options().storm_threads);
    const auto ids = ids_of(bench.options().storms);
    for (const std::string& id : ids) {
        const std::size_t stored =
            granted(bench, threads, [&](const inbox_bench& mine, std::size_t) {
                return mine.accept(message(id)) == acceptance::stored;
            });
        require(stored == 1, "of a message that came many times at once " + std::to_string(stored) +
                                 " are stored");
        require(bench.of_key(key_of(id)).duplicates == bench.options().storm_threads - 1,
                "duplicates that came at once are not counted");
    }
    require(bench.stats().ready == ids.size(), "a message that came many times is there twice");
}

inline void a_storm_of_bodies_is_stored_once(const inbox_bench& bench) {
    const handles threads(bench, bench.options().storm_threads);
    const auto ids = ids_of(bench.options().storm_threads * bench.options().storms);
    for (std::size_t storm = 0; storm < bench.options().storms; ++storm) {
        const std::string body = "body " + std::to_string(storm);
        const std::size_t stored =
            granted(bench, threads, [&](const inbox_bench& mine, std::size_t i) {
                new_entry added =
                    message_with(body, ids[storm * bench.options().storm_threads + i]);
                added.drop_same_body = true;
                return mine.accept(added) == acceptance::stored;
            });
        require(stored == 1,
                "of a body that came many times at once " + std::to_string(stored) + " are stored");
    }
}

inline void batches_in_any_order_are_stored_once(const inbox_bench& bench) {
    const std::size_t size = (std::min)(bench.store().max_batch(), std::size_t{24});
    const std::size_t team = bench.options().threads;
    const handles threads(bench, team);
    const auto ids = ids_of(size * bench.options().storms);
    for (std::size_t storm = 0; storm < bench.options().storms; ++storm) {
        std::vector<std::atomic<int>> stored(size);
        in_threads(team, [&](std::size_t thread) {
            random_numbers random(bench.options().seed + storm * team + thread);
            std::vector<std::size_t> order;
            for (std::size_t i = 0; i < size; ++i) {
                order.insert(order.begin() + static_cast<std::ptrdiff_t>(random.below(i + 1)), i);
            }
            std::vector<new_entry> batch;
            batch.reserve(size);
            for (const std::size_t i : order) batch.push_back(message(ids[storm * size + i]));
            const auto outcomes = threads[thread].accept(batch);
            for (std::size_t i = 0; i < size; ++i) {
                if (outcomes[i] == acceptance::stored) stored[order[i]].fetch_add(1);
            }
        });
        for (const auto& times : stored) {
            require(times == 1, "a message that came in several batches at once is stored " +
                                    std::to_string(times) + " times");
        }
    }
    require(bench.stats().ready == ids.size(), "a message that came many times is there twice");
}

inline void a_storm_has_one_owner(const inbox_bench& bench) {
    const handles threads(bench, bench.options().storm_threads);
    const auto ids = ids_of(bench.options().storms);
    for (const std::string& id : ids) {
        const entry added = bench.stored(message(id));
        const auto one = [&](std::string_view what, const auto& ask) {
            const std::size_t count = granted(bench, threads, ask);
            require(count == 1, std::string(what) + " at once is granted to " +
                                    std::to_string(count) + " threads");
        };
        one("claim", [&](const inbox_bench& mine, std::size_t) {
            return mine.try_claim(start).has_value();
        });
        const entry claimed = bench.find(added.number);
        require(claimed.attempts == 1, "a claim is counted twice");
        one("settle", [&](const inbox_bench& mine, std::size_t i) {
            if (i % 2 == 0) return mine.try_settle(lease_of(claimed), dead_ending(), start);
            return answer(mine.store().settle_together({}, lease_of(claimed), dead_ending(), start),
                          "settle with a transaction");
        });
        one("redrive", [&](const inbox_bench& mine, std::size_t) {
            return mine.redrive(added.number, start);
        });
        bench.settle(bench.claim_this(added.number, start), done_ending(), start);
    }
}

/// Entries that threads work off, and what happened to each.
class work {
public:
    explicit work(std::size_t size)
        : ids_(ids_of(size)),
          finished_(size),
          in_hand_(partitions.size()),
          last_(partitions.size()) {}

    [[nodiscard]] std::size_t size() const noexcept { return ids_.size(); }
    [[nodiscard]] bool is_done() const noexcept { return count_ == ids_.size(); }

    [[nodiscard]] std::string_view id_of(std::size_t i) const noexcept { return ids_[i]; }

    /// The message `i`. One in two is of a partition.
    [[nodiscard]] new_entry message_at(std::size_t i) const {
        return message_of(partitions[partition_of(i)], ids_[i]);
    }

    /// In which partition a message is. Those of a partition come from one thread.
    [[nodiscard]] static std::size_t partition_of(std::size_t i) noexcept {
        return i % (2 * partitions.size() - 2) < partitions.size() ? i % (2 * partitions.size() - 2)
                                                                   : 0;
    }

    /// Which message `claimed` is.
    [[nodiscard]] std::size_t place_of(const entry& claimed) const {
        std::size_t place = ids_.size();
        const std::string_view digits = std::string_view(claimed.message_id).substr(4);
        std::from_chars(digits.data(), digits.data() + digits.size(), place);
        require(place < ids_.size() && claimed.message_id == ids_[place],
                "an entry is claimed that was never accepted");
        return place;
    }

    void begin(std::size_t place) {
        const std::size_t partition = partition_of(place);
        if (partition == 0) return;
        require(!in_hand_[partition].exchange(true),
                "two entries of a partition are handled at once");
        require(last_[partition] <= place, "a partition is not handled in order");
        last_[partition] = place;
    }

    void end(std::size_t place) { in_hand_[partition_of(place)] = false; }

    void finish(std::size_t place) {
        require(finished_[place].fetch_add(1) == 0, "an entry is finished twice");
        ++count_;
    }

private:
    static constexpr std::array<std::string_view, 5> partitions = {"", "p", "q", "r", "s"};

    std::vector<std::string> ids_;
    std::vector<std::atomic<int>> finished_;
    std::vector<std::atomic<bool>> in_hand_;
    std::vector<std::atomic<std::size_t>> last_;
    std::atomic<std::size_t> count_ = 0;
};

/// Claims one entry and settles it; one in eight fails at first. False if there was none.
inline bool work_off_one(const inbox_bench& mine, work& all, random_numbers& random) {
    const auto claimed = mine.try_claim(start, week);
    if (!claimed) return false;
    const std::size_t place = all.place_of(*claimed);
    all.begin(place);
    const bool fails = random.one_in(8);
    if (!fails) all.finish(place);
    all.end(place);
    mine.settle(*claimed, fails ? retry_at(start) : done_ending(), start);
    return true;
}

/// Accepts what falls to the share `which` of `shares`, in batches of any size, each twice.
inline void bring_share(const inbox_bench& mine, const work& all, std::size_t which,
                        std::size_t shares, random_numbers& random) {
    std::vector<new_entry> batch;
    std::size_t size = 1;
    const auto bring = [&] {
        if (batch.empty()) return;
        static_cast<void>(mine.accept(batch));
        for (const acceptance outcome : mine.accept(batch)) {
            require(outcome == acceptance::duplicate, "a duplicate is taken for a new message");
        }
        batch.clear();
        size = 1 + random.below((std::min)(mine.store().max_batch(), std::size_t{16}));
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        // All of one partition come from the same thread.
        const std::size_t partition = work::partition_of(i);
        if ((partition == 0 ? i : partition) % shares != which) continue;
        batch.push_back(all.message_at(i));
        if (batch.size() == size) bring();
    }
    bring();
}

inline void each_entry_is_worked_off_once(const inbox_bench& bench) {
    const std::size_t team = bench.options().threads;
    const handles threads(bench, team);
    const patience limit(bench.options().patience);
    work all(bench.options().concurrent_entries);
    in_threads(team, [&](std::size_t thread) {
        random_numbers random(bench.options().seed + thread);
        const inbox_bench mine = threads[thread];
        const std::size_t bringing = (team + 1) / 2;
        if (thread < bringing) bring_share(mine, all, thread, bringing, random);
        while (!all.is_done()) {
            if (random.one_in(64)) {
                const inbox_stats stats = mine.stats();
                require(stats.ready + stats.leased + stats.done <= all.size() && stats.dead == 0,
                        "stats count more than was accepted");
                require(mine.list({.most = 10}).size() <= 10, "a list is longer than it may be");
            }
            if (!work_off_one(mine, all, random)) limit.wait();
        }
    });
    const inbox_stats stats = bench.stats();
    require(stats.done == all.size() && stats.ready == 0 && stats.leased == 0 && stats.dead == 0,
            "not each entry was worked off");
    require(stats.duplicates == all.size(), "duplicates that came at once are not counted");
    require(stats.backlog.entries == 0 && stats.backlog.bytes == 0,
            "the backlog is not what waits");
}

/// Threads that are slow: they claim, and come back after others have had the entry.
class slow_work {
public:
    slow_work(const inbox_bench& bench, std::size_t size) : bench_(bench), all_(size) {}

    void fill() {
        for (std::size_t i = 0; i < all_.size(); ++i) {
            require(bench_.accept(message(all_.id_of(i))) == acceptance::stored,
                    "a new message is taken for a duplicate");
        }
    }

    /// What one thread does.
    void run(const inbox_bench& mine, std::uint64_t seed, const patience& limit) {
        random_numbers random(seed);
        std::deque<entry> in_hand;
        std::vector<lease> given;
        while (!all_.is_done()) {
            // Time passes with each claim, so that leases end while they are in hand.
            if (auto claimed = mine.try_claim(clock_, 20'000)) {
                clock_ += 1'000;
                given.push_back(lease_of(*claimed));
                in_hand.push_back(*std::move(claimed));
            } else {
                clock_ += 100;
                limit.wait();
            }
            while (!in_hand.empty() && (in_hand.size() > 4 || !random.one_in(3))) {
                finish(mine, in_hand.front(), random);
                in_hand.pop_front();
            }
        }
        for (const entry& late : in_hand) finish(mine, late, random);
        const std::lock_guard lock(mutex_);
        given_.insert(given_.end(), given.begin(), given.end());
    }

    void check() {
        const inbox_stats stats = bench_.stats();
        require(stats.done == all_.size() && stats.ready == 0 && stats.leased == 0,
                "not each entry was worked off");
        const auto order = [](const lease& left, const lease& right) {
            return std::pair(left.number, left.fence) < std::pair(right.number, right.fence);
        };
        std::sort(given_.begin(), given_.end(), order);
        const auto twice = std::adjacent_find(
            given_.begin(), given_.end(), [](const lease& left, const lease& right) {
                return left.number == right.number && left.fence == right.fence;
            });
        require(twice == given_.end(), "two claims have the same fence");
        if (!bench_.store().has_effects()) return;
        auto effects = bench_.store().effects();
        std::sort(effects.begin(), effects.end());
        std::vector<std::int64_t> expected;
        for (const lease& each : given_) {
            if (expected.empty() || expected.back() != each.number) expected.push_back(each.number);
        }
        require(effects == expected, "not each entry has had its effect once");
    }

private:
    void finish(const inbox_bench& mine, const entry& claimed, random_numbers& random) {
        const lease lease = lease_of(claimed);
        const std::int64_t now = clock_.load();
        const bool lost = random.one_in(4) && !mine.renew(lease, now, 20'000);
        const bool settled =
            random.one_in(2) && !mine.store().has_effects()
                ? mine.try_settle(lease, done_ending(), now)
                : answer(mine.store().settle_together(claimed.number, lease, done_ending(), now),
                         "settle with a transaction");
        require(!lost || !settled, "an entry is settled by somebody who has lost it");
        if (settled) all_.finish(all_.place_of(claimed));
    }

    inbox_bench bench_;
    work all_;
    std::atomic<std::int64_t> clock_ = start;
    std::mutex mutex_;
    std::vector<lease> given_;
};

inline void slow_owners_do_no_harm(const inbox_bench& bench) {
    const std::size_t team = bench.options().threads;
    const handles threads(bench, team);
    const patience limit(bench.options().patience);
    slow_work all(bench, (bench.options().concurrent_entries + 1) / 2);
    all.fill();
    in_threads(team, [&](std::size_t thread) {
        all.run(threads[thread], bench.options().seed + thread, limit);
    });
    all.check();
}

inline constexpr std::array concurrency_rules = {
    inbox_rule{"a storm of deliveries is stored once", a_storm_of_deliveries_is_stored_once},
    inbox_rule{"a storm of bodies is stored once", a_storm_of_bodies_is_stored_once},
    inbox_rule{"batches in any order are stored once", batches_in_any_order_are_stored_once},
    inbox_rule{"of a storm one is the owner", a_storm_has_one_owner},
    inbox_rule{"each entry is worked off once", each_entry_is_worked_off_once},
    inbox_rule{"slow owners do no harm", slow_owners_do_no_harm},
};

}  // namespace webhookpp::testing::detail

#endif
