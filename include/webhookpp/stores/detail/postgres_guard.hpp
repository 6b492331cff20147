// SPDX-License-Identifier: MIT
// The statements by which a PostgreSQL store keeps the keys of guards.
#ifndef WEBHOOKPP_STORES_DETAIL_POSTGRES_GUARD_HPP
#define WEBHOOKPP_STORES_DETAIL_POSTGRES_GUARD_HPP

#include <string>
#include <string_view>

#include <webhookpp/replay_guard.hpp>
#include <webhookpp/stores/detail/postgres_schema.hpp>
#include <webhookpp/stores/detail/postgres_values.hpp>

namespace webhookpp::stores::postgres_detail {

/// The texts of all statements, in one schema.
struct guard_statements {
    explicit guard_statements(std::string_view schema)
        : reserve(in_schema(reserve_text, schema)),
          look(in_schema("SELECT committed, fence, until FROM @keys WHERE key = $1", schema)),
          commit(in_schema("UPDATE @keys SET committed = true, until = $3"
                           " WHERE key = $1 AND fence = $2 AND NOT committed",
                           schema)),
          release(in_schema("DELETE FROM @keys WHERE key = $1 AND fence = $2 AND NOT committed",
                            schema)),
          extend(in_schema("UPDATE @keys SET until = $4"
                           " WHERE key = $1 AND fence = $2 AND NOT committed AND until > $3",
                           schema)),
          forget(in_schema(forget_text, schema)) {}

    std::string reserve;
    std::string look;
    std::string commit;
    std::string release;
    std::string extend;
    std::string forget;

private:
    // Locks the row also where it changes nothing, so `look` in the same transaction sees what
    // decided.
    static constexpr std::string_view reserve_text = R"(
INSERT INTO @keys AS k (key, until, fence, committed)
VALUES ($1, $3, nextval('@fences'), false)
ON CONFLICT (key) DO UPDATE SET until = $3, fence = excluded.fence, committed = false
  WHERE k.until <= $2 OR (NOT k.committed AND k.until > $4))";

    static constexpr std::string_view forget_text = R"(
WITH over AS MATERIALIZED (
  SELECT key FROM @keys WHERE until <= $1 ORDER BY until LIMIT $2 FOR UPDATE SKIP LOCKED)
DELETE FROM @keys k USING over WHERE k.key = over.key)";
};

/// What `look` has found, after a `reserve` that has written something or nothing.
inline reservation reservation_from(bool written, row columns) {
    const bool committed = columns.flag();
    const std::int64_t fence = columns.number();
    const std::int64_t until = columns.number();
    if (written) return {reservation::state::fresh, fence, until};
    return {committed ? reservation::state::duplicate : reservation::state::in_progress, 0, until};
}

}  // namespace webhookpp::stores::postgres_detail

#endif
