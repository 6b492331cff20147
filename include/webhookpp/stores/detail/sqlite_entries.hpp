// SPDX-License-Identifier: MIT
// The entries of an inbox in SQLite: what is done with them in a transaction that others open.
#ifndef WEBHOOKPP_STORES_DETAIL_SQLITE_ENTRIES_HPP
#define WEBHOOKPP_STORES_DETAIL_SQLITE_ENTRIES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/entry.hpp>
#include <webhookpp/inbox_store.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/stores/detail/sqlite_connection.hpp>

// Each statement names the index that it is made for: it cannot be prepared without.
namespace webhookpp::stores::detail {

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): it has to be part of literals
#define WEBHOOKPP_SQLITE_COLUMNS                                                        \
    "number, state, attempts, fence, ready_at, lease_until, finished_at, keep_until, "  \
    "accepted_at, duplicates, body_size, possible_replay, signed_at, key_index, "       \
    "body_is_signed, id_is_signed, replay_possible, assumed, key, provider, endpoint, " \
    "message_id, event_type, partition, last_error"

template <class Number>
[[nodiscard]] Number sqlite_clamped(std::int64_t value) noexcept {
    const auto most = static_cast<std::uint64_t>((std::numeric_limits<Number>::max)());
    if (value < 0) return 0;
    return static_cast<Number>((std::min)(static_cast<std::uint64_t>(value), most));
}

[[nodiscard]] inline std::int64_t sqlite_limit(std::size_t most) noexcept {
    return static_cast<std::int64_t>((std::min)(std::uint64_t{most}, std::uint64_t{INT64_MAX}));
}

[[nodiscard]] constexpr std::int64_t zero_or_one(bool value) noexcept {
    return value ? 1 : 0;
}

/// The entry in a row of `WEBHOOKPP_SQLITE_COLUMNS`.
[[nodiscard]] inline entry read_entry(const sqlite_statement& row) {
    int column = 0;
    entry made;
    made.number = row.integer(column++);
    made.state = static_cast<entry_state>(row.integer(column++));
    made.attempts = sqlite_clamped<std::uint32_t>(row.integer(column++));
    made.fence = row.integer(column++);
    made.ready_at = row.optional_integer(column++);
    made.lease_until = row.integer(column++);
    made.finished_at = row.integer(column++);
    made.keep_until = row.integer(column++);
    made.accepted_at = row.integer(column++);
    made.duplicates = sqlite_clamped<std::uint32_t>(row.integer(column++));
    made.body_size = sqlite_clamped<std::size_t>(row.integer(column++));
    made.possible_replay = row.integer(column++) != 0;
    made.proof.timestamp = row.optional_integer(column++);
    if (const auto index = row.optional_integer(column++)) {
        made.proof.key_index = sqlite_clamped<std::size_t>(*index);
    }
    made.proof.body_is_signed = row.integer(column++) != 0;
    made.proof.id_is_signed = row.integer(column++) != 0;
    made.proof.replay_possible = row.integer(column++) != 0;
    made.proof.assumed = row.integer(column++) != 0;
    const crypto::bytes key = crypto::as_bytes(row.text(column++));
    if (key.size() == message_key::size) made.key = message_key(key.first<message_key::size>());
    for (std::string* const text : {&made.provider, &made.endpoint, &made.message_id,
                                    &made.event_type, &made.partition, &made.last_error}) {
        *text = row.text(column++);
    }
    return made;
}

[[nodiscard]] inline acceptance accept_entry(sqlite_connection& connection,
                                             const new_entry& added) {
    const crypto::bytes key = added.key.bytes();
    if (sqlite_statement(connection,
                         "UPDATE webhookpp_entries SET duplicates = duplicates + 1 WHERE key = ?",
                         key)
            .run() > 0) {
        return acceptance::duplicate;
    }
    std::optional<crypto::bytes> body_key;
    bool possible_replay = false;
    if (added.body_key) {
        body_key = added.body_key->bytes();
        sqlite_statement same(connection,
                              "SELECT number FROM webhookpp_entries "
                              "INDEXED BY webhookpp_body_keys WHERE body_key = ? "
                              "ORDER BY number LIMIT 1",
                              *body_key);
        possible_replay = same.step();
        if (possible_replay && added.drop_same_body) {
            sqlite_statement(connection,
                             "UPDATE webhookpp_entries SET duplicates = duplicates + 1 "
                             "WHERE number = ?",
                             same.integer(0))
                .run();
            return acceptance::duplicate;
        }
    }
    const message_proof& proof = added.proof;
    std::optional<std::int64_t> key_index;
    if (proof.key_index) key_index = sqlite_limit(*proof.key_index);
    // The first of a partition is ready at once; those behind it wait for their turn.
    sqlite_statement(connection,
                     "INSERT INTO webhookpp_entries (ready_at, keep_until, accepted_at, body_size, "
                     "possible_replay, signed_at, key_index, body_is_signed, id_is_signed, "
                     "replay_possible, assumed, key, body_key, provider, endpoint, message_id, "
                     "event_type, partition) "
                     "SELECT CASE WHEN ?16 = x'' OR NOT EXISTS ("
                     "SELECT 1 FROM webhookpp_entries INDEXED BY webhookpp_turns "
                     "WHERE partition = ?16 AND partition <> x'' AND state <= 1) THEN ?2 END, "
                     "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?17, ?16",
                     added.keep_until, added.accepted_at, sqlite_limit(added.body.size()),
                     zero_or_one(possible_replay), proof.timestamp, key_index,
                     zero_or_one(proof.body_is_signed), zero_or_one(proof.id_is_signed),
                     zero_or_one(proof.replay_possible), zero_or_one(proof.assumed), key, body_key,
                     added.provider, added.endpoint, added.message_id,
                     crypto::as_bytes(added.partition), added.event_type)
        .run();
    sqlite_statement(connection,
                     "INSERT INTO webhookpp_bodies (number, body) VALUES (last_insert_rowid(), ?)",
                     crypto::as_bytes(added.body))
        .run();
    return acceptance::stored;
}

/// The number of the entry that is to be claimed next, if there is one.
[[nodiscard]] inline std::optional<std::int64_t> claimable_entry(sqlite_connection& connection,
                                                                 const claim_request& request) {
    sqlite_statement over(connection,
                          "SELECT number FROM webhookpp_entries INDEXED BY webhookpp_leased "
                          "WHERE state = 1 AND lease_until <= ? "
                          "ORDER BY lease_until, number LIMIT 1",
                          request.now);
    if (over.step()) return over.integer(0);
    // Leases from before the clock was set back.
    sqlite_statement too_far(connection,
                             "SELECT number FROM webhookpp_entries INDEXED BY webhookpp_leased "
                             "WHERE state = 1 AND lease_until > ?1 + 2 * ?2 "
                             "ORDER BY lease_until DESC LIMIT 1",
                             request.now, request.lease);
    if (too_far.step()) return too_far.integer(0);
    sqlite_statement ready(connection,
                           "SELECT number FROM webhookpp_entries INDEXED BY webhookpp_ready "
                           "WHERE state = 0 AND ready_at <= ? ORDER BY ready_at, number LIMIT 1",
                           request.now);
    if (ready.step()) return ready.integer(0);
    return std::nullopt;
}

[[nodiscard]] inline std::optional<entry> find_entry(sqlite_connection& connection,
                                                     std::int64_t number) {
    sqlite_statement row(connection,
                         "SELECT " WEBHOOKPP_SQLITE_COLUMNS
                         ", (SELECT body FROM webhookpp_bodies AS b "
                         "WHERE b.number = webhookpp_entries.number) "
                         "FROM webhookpp_entries WHERE number = ?",
                         number);
    if (!row.step()) return std::nullopt;
    constexpr int body = 25;
    entry found = read_entry(row);
    if (!row.is_null(body)) found.body = std::string(row.text(body));
    return found;
}

[[nodiscard]] inline std::optional<entry> claim_entry(sqlite_connection& connection,
                                                      const claim_request& request) {
    constexpr std::size_t max_owner = 128;
    const auto number = claimable_entry(connection, request);
    if (!number) return std::nullopt;
    sqlite_statement(connection,
                     "UPDATE webhookpp_entries SET state = 1, ready_at = NULL, "
                     "lease_until = ?1 + ?2, attempts = attempts + 1, fence = fence + 1, "
                     "owner = ?3 WHERE number = ?4",
                     request.now, request.lease, request.owner.substr(0, max_owner), *number)
        .run();
    return find_entry(connection, *number);
}

[[nodiscard]] inline bool renew_entry(sqlite_connection& connection, const lease& mine,
                                      std::int64_t now, std::int64_t length) {
    return sqlite_statement(connection,
                            "UPDATE webhookpp_entries SET lease_until = ?1 + ?2 "
                            "WHERE number = ?3 AND fence = ?4 AND state = 1",
                            now, length, mine.number, mine.fence)
               .run() > 0;
}

/// False if the lease is not the caller's any more: then nothing has been changed.
[[nodiscard]] inline bool settle_entry(sqlite_connection& connection, const lease& mine,
                                       const ending& how, std::int64_t now) {
    const bool again = how.state == entry_state::ready;
    std::optional<std::int64_t> ready_at;
    if (again) ready_at = how.ready_at;
    std::string partition;
    {
        sqlite_statement ended(
            connection,
            "UPDATE webhookpp_entries SET state = ?1, ready_at = ?2, lease_until = 0, "
            "finished_at = ?3, keep_until = max(keep_until, ?4), "
            "last_error = iif(?6 = 0, ?5, last_error), attempts = attempts - ?6, fence = fence + "
            "1, owner = '' "
            "WHERE number = ?7 AND fence = ?8 AND state = 1 RETURNING partition",
            static_cast<std::int64_t>(how.state), ready_at, again ? 0 : now, how.keep_until,
            how.error.substr(0, ending::max_error), std::int64_t{how.counts ? 0 : 1}, mine.number,
            mine.fence);
        if (!ended.step()) return false;
        partition = ended.text(0);
    }
    if (again || partition.empty()) return true;
    sqlite_statement(connection,
                     "UPDATE webhookpp_entries SET ready_at = ?1 WHERE number = ("
                     "SELECT number FROM webhookpp_entries INDEXED BY webhookpp_turns "
                     "WHERE partition = ?2 AND partition <> x'' AND state <= 1 "
                     "ORDER BY number LIMIT 1) AND state = 0",
                     now, crypto::as_bytes(partition))
        .run();
    return true;
}

[[nodiscard]] inline std::vector<entry> list_entries(sqlite_connection& connection,
                                                     const entry_query& query) {
    std::optional<std::int64_t> state;
    if (query.state) state = static_cast<std::int64_t>(*query.state);
    sqlite_statement row(connection,
                         state ? "SELECT " WEBHOOKPP_SQLITE_COLUMNS
                                 " FROM webhookpp_entries INDEXED BY webhookpp_states "
                                 "WHERE number > ?1 AND (?2 = '' OR endpoint = ?2) "
                                 "AND state = ?4 ORDER BY number LIMIT ?3"
                               : "SELECT " WEBHOOKPP_SQLITE_COLUMNS
                                 " FROM webhookpp_entries NOT INDEXED "
                                 "WHERE number > ?1 AND (?2 = '' OR endpoint = ?2) AND ?4 IS NULL "
                                 "ORDER BY number LIMIT ?3",
                         query.after, query.endpoint, sqlite_limit(query.most), state);
    std::vector<entry> found;
    while (row.step()) found.push_back(read_entry(row));
    return found;
}

[[nodiscard]] inline bool redrive_entry(sqlite_connection& connection, std::int64_t number,
                                        std::int64_t now) {
    return sqlite_statement(
               connection,
               "UPDATE webhookpp_entries SET state = 0, attempts = 0, finished_at = 0, "
               "fence = fence + 1, ready_at = CASE WHEN partition = x'' OR NOT EXISTS ("
               "SELECT 1 FROM webhookpp_entries AS other INDEXED BY webhookpp_turns "
               "WHERE other.partition = webhookpp_entries.partition "
               "AND other.partition <> x'' AND other.state <= 1) THEN ?1 END "
               "WHERE number = ?2 AND state = 3 AND has_body = 1",
               now, number)
               .run() > 0;
}

[[nodiscard]] inline std::size_t purge_entries(sqlite_connection& connection,
                                               const purge_request& request) {
    // The trigger removes their bodies.
    std::size_t touched =
        sqlite_statement(connection,
                         "DELETE FROM webhookpp_entries WHERE number IN ("
                         "SELECT number FROM webhookpp_entries INDEXED BY webhookpp_finished "
                         "WHERE state >= 2 AND keep_until < ?1 ORDER BY keep_until LIMIT ?2)",
                         request.now, sqlite_limit(request.most))
            .run();
    const std::int64_t left = sqlite_limit(request.most - (std::min)(touched, request.most));
    if (left == 0) return touched;
    sqlite_statement(connection,
                     "DELETE FROM webhookpp_bodies WHERE number IN ("
                     "SELECT number FROM webhookpp_entries INDEXED BY webhookpp_done_bodies "
                     "WHERE state = 2 AND has_body = 1 AND finished_at < ?1 "
                     "ORDER BY finished_at, number LIMIT ?2)",
                     request.bodies_before, left)
        .run();
    touched +=
        sqlite_statement(connection,
                         "UPDATE webhookpp_entries SET has_body = 0 WHERE number IN ("
                         "SELECT number FROM webhookpp_entries INDEXED BY webhookpp_done_bodies "
                         "WHERE state = 2 AND has_body = 1 AND finished_at < ?1 "
                         "ORDER BY finished_at, number LIMIT ?2)",
                         request.bodies_before, left)
            .run();
    return touched;
}

[[nodiscard]] inline inbox_stats count_entries(sqlite_connection& connection) {
    inbox_stats counted;
    sqlite_statement row(connection,
                         "SELECT state, entries, bytes, duplicates, ("
                         "SELECT min(accepted_at) FROM webhookpp_entries "
                         "INDEXED BY webhookpp_waiting WHERE state <= 1) FROM webhookpp_counts");
    while (row.step()) {
        const auto entries = sqlite_clamped<std::uint64_t>(row.integer(1));
        const auto state = static_cast<entry_state>(row.integer(0));
        switch (state) {
            case entry_state::ready: counted.ready = entries; break;
            case entry_state::leased: counted.leased = entries; break;
            case entry_state::done: counted.done = entries; break;
            case entry_state::dead: counted.dead = entries; break;
        }
        counted.duplicates += sqlite_clamped<std::uint64_t>(row.integer(3));
        if (state != entry_state::ready && state != entry_state::leased) continue;
        counted.backlog.entries += entries;
        counted.backlog.bytes += sqlite_clamped<std::uint64_t>(row.integer(2));
        counted.backlog.oldest = row.optional_integer(4);
    }
    return counted;
}

#undef WEBHOOKPP_SQLITE_COLUMNS

}  // namespace webhookpp::stores::detail

#endif
