// SPDX-License-Identifier: MIT
// The keys of a replay guard in SQLite: what is done with them in a transaction that others open.
#ifndef WEBHOOKPP_STORES_DETAIL_SQLITE_KEYS_HPP
#define WEBHOOKPP_STORES_DETAIL_SQLITE_KEYS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <webhookpp/message_key.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/stores/detail/sqlite_connection.hpp>

namespace webhookpp::stores::detail {

[[nodiscard]] inline reservation reserve_key(sqlite_connection& connection, const message_key& key,
                                             std::int64_t now, std::int64_t lease) {
    {
        sqlite_statement known(connection,
                               "SELECT committed, until FROM webhookpp_keys WHERE key = ?1 "
                               "AND until > ?2 AND (committed = 1 OR until <= ?2 + 2 * ?3)",
                               key.bytes(), now, lease);
        if (known.step()) {
            const bool committed = known.integer(0) != 0;
            return {committed ? reservation::state::duplicate : reservation::state::in_progress, 0,
                    known.integer(1)};
        }
    }
    // A row of its own for each reservation, since the number of the row is the fence.
    sqlite_statement fresh(connection,
                           "REPLACE INTO webhookpp_keys (key, until) VALUES (?1, ?2 + ?3) "
                           "RETURNING fence, until",
                           key.bytes(), now, lease);
    if (!fresh.step()) return {};
    return {reservation::state::fresh, fresh.integer(0), fresh.integer(1)};
}

[[nodiscard]] inline bool commit_key(sqlite_connection& connection, const message_key& key,
                                     std::int64_t fence, std::int64_t keep_until) {
    return sqlite_statement(connection,
                            "UPDATE webhookpp_keys SET committed = 1, until = ? "
                            "WHERE fence = ? AND key = ? AND committed = 0",
                            keep_until, fence, key.bytes())
               .run() > 0;
}

[[nodiscard]] inline bool release_key(sqlite_connection& connection, const message_key& key,
                                      std::int64_t fence) {
    return sqlite_statement(connection,
                            "DELETE FROM webhookpp_keys "
                            "WHERE fence = ? AND key = ? AND committed = 0",
                            fence, key.bytes())
               .run() > 0;
}

[[nodiscard]] inline bool extend_key(sqlite_connection& connection, const message_key& key,
                                     std::int64_t fence, std::int64_t now, std::int64_t lease) {
    return sqlite_statement(connection,
                            "UPDATE webhookpp_keys SET until = ?1 + ?2 "
                            "WHERE fence = ?3 AND key = ?4 AND committed = 0 AND until > ?1",
                            now, lease, fence, key.bytes())
               .run() > 0;
}

[[nodiscard]] inline std::size_t forget_keys(sqlite_connection& connection, std::int64_t now,
                                             std::size_t most) {
    const auto limit = (std::min)(std::uint64_t{most}, std::uint64_t{INT64_MAX});
    return sqlite_statement(connection,
                            "DELETE FROM webhookpp_keys WHERE fence IN ("
                            "SELECT fence FROM webhookpp_keys INDEXED BY webhookpp_key_ends "
                            "WHERE until <= ?1 ORDER BY until LIMIT ?2)",
                            now, static_cast<std::int64_t>(limit))
        .run();
}

}  // namespace webhookpp::stores::detail

#endif
