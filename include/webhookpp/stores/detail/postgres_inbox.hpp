// SPDX-License-Identifier: MIT
// What a PostgreSQL store runs to accept entries and to end attempts.
#ifndef WEBHOOKPP_STORES_DETAIL_POSTGRES_INBOX_HPP
#define WEBHOOKPP_STORES_DETAIL_POSTGRES_INBOX_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/stores/detail/postgres_connection.hpp>
#include <webhookpp/stores/detail/postgres_entries.hpp>
#include <webhookpp/stores/detail/postgres_statements.hpp>
#include <webhookpp/stores/detail/postgres_values.hpp>

namespace webhookpp::stores::postgres_detail {

/// The statements that store a batch, in one transaction. Entries that share a key or a body with
/// one before them go into a later statement, which sees what those before it have done.
class acceptance_plan {
public:
    acceptance_plan(const inbox_statements& texts, std::int32_t space,
                    std::span<const new_entry> all)
        : texts_(texts) {
        lock(space, all);
        while (!all.empty()) {
            const std::size_t length = distinct(all);
            store(all.first(length));
            all = all.subspan(length);
        }
    }

    [[nodiscard]] std::span<const statement> statements() const noexcept { return statements_; }

    /// Says what the answers mean: all are duplicates but those whose places are named.
    void read(const answers& from, std::span<acceptance> outcomes) const {
        std::fill(outcomes.begin(), outcomes.end(), acceptance::duplicate);
        for (const part& each : parts_) {
            const answer& stored = from[each.statement];
            for (int i = 0; i < rows(stored); ++i) {
                const auto place = static_cast<std::size_t>(row(stored, i).number());
                outcomes[each.first + place - 1] = acceptance::stored;
            }
        }
    }

private:
    struct part {
        std::size_t statement;
        std::size_t first;
    };

    // In the order of their numbers, so that nobody waits in a circle.
    void lock(std::int32_t space, std::span<const new_entry> all) {
        std::set<std::int32_t> wanted;
        for (const new_entry& each : all) {
            if (each.body_key) wanted.insert(stripe_of_body(*each.body_key));
            if (!each.partition.empty()) wanted.insert(stripe_of_partition(each.partition));
        }
        if (wanted.empty()) return;
        array numbers = array::of_int4(wanted.size());
        for (const std::int32_t each : wanted) numbers.add(each);
        statements_.push_back(statement(texts_.lock_stripes).add_int4(space).add(numbers));
    }

    static bool collide(const new_entry& left, const new_entry& right) noexcept {
        return left.key == right.key || (left.body_key && left.body_key == right.body_key);
    }

    // How many at the front collide with none of each other.
    static std::size_t distinct(std::span<const new_entry> all) noexcept {
        for (std::size_t i = 1; i < all.size(); ++i) {
            const auto before = all.first(i);
            if (std::any_of(before.begin(), before.end(),
                            [&](const new_entry& each) { return collide(each, all[i]); })) {
                return i;
            }
        }
        return all.size();
    }

    void store(std::span<const new_entry> some) {
        entry_arrays arrays(some);
        if (arrays.drops()) statements_.push_back(arrays.count_dropped(texts_.count_dropped));
        parts_.push_back({statements_.size(), first_});
        statements_.push_back(arrays.store(texts_.store));
        first_ += some.size();
    }

    const inbox_statements& texts_;
    std::vector<statement> statements_;
    std::vector<part> parts_;
    std::size_t first_ = 0;
};

/// The statements that end an attempt: the last one says by its number of rows whether the lease
/// was the caller's.
inline std::vector<statement> settlement(const inbox_statements& texts, std::int32_t space,
                                         const lease& mine, const ending& how, std::int64_t now) {
    const std::string_view error = how.error.substr(0, ending::max_error);
    const std::int64_t uncounted = how.counts ? 0 : 1;
    std::vector<statement> all;
    if (how.state == entry_state::ready) {
        all.push_back(statement(texts.postpone)
                          .add(mine.number)
                          .add(mine.fence)
                          .add(how.ready_at)
                          .add(uncounted)
                          .add(error)
                          .add(how.keep_until));
        return all;
    }
    all.push_back(statement(texts.lock_waiting).add(mine.number).add_int4(space));
    all.push_back(statement(texts.finish)
                      .add(mine.number)
                      .add(mine.fence)
                      .add(now)
                      .add(static_cast<std::int64_t>(how.state))
                      .add(uncounted)
                      .add(error)
                      .add(how.keep_until));
    return all;
}

}  // namespace webhookpp::stores::postgres_detail

#endif
