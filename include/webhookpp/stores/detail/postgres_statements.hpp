// SPDX-License-Identifier: MIT
// The texts of the statements by which a PostgreSQL store keeps an inbox.
#ifndef WEBHOOKPP_STORES_DETAIL_POSTGRES_STATEMENTS_HPP
#define WEBHOOKPP_STORES_DETAIL_POSTGRES_STATEMENTS_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/message_key.hpp>
#include <webhookpp/stores/detail/postgres_schema.hpp>

namespace webhookpp::stores::postgres_detail {

// Advisory locks serialize what would not be seen otherwise: two transactions that store the same
// body under different ids, or enter and leave the same partition. There are so few of them that
// the server's lock table has room; two that share one only wait for each other.
inline constexpr std::uint32_t stripes = 1024;

inline std::int32_t stripe_of_body(const message_key& key) noexcept {
    const auto bytes = key.bytes();
    return static_cast<std::int32_t>((bytes[0] * 256U + bytes[1]) % stripes);
}

inline std::int32_t stripe_of_partition(std::string_view name) noexcept {
    return static_cast<std::int32_t>(stripes + stable_hash(name) % stripes);
}

/// The texts of all statements, in one schema. Each is planned anew whenever it is used: a plan
/// made while the tables were empty would read them whole once they are full.
struct inbox_statements {
    explicit inbox_statements(std::string_view schema)
        : lock_stripes("SELECT pg_advisory_xact_lock($1, stripe) FROM unnest($2) AS stripe"),
          count_dropped(in_schema(count_dropped_text, schema)),
          store(in_schema(store_text, schema)),
          claim(in_schema(claim_text, schema) + columns("e.body") +
                in_schema(" FROM claimed q JOIN @entries e USING (number)", schema)),
          renew(in_schema("UPDATE @queue SET lease_until = $3"
                          " WHERE number = $1 AND fence = $2 AND state = 1",
                          schema)),
          lock_waiting(in_schema("SELECT pg_advisory_xact_lock($2, stripe) FROM @queue"
                                 " WHERE number = $1 AND partition <> ''",
                                 schema)),
          lock_kept(in_schema("SELECT pg_advisory_xact_lock($2, stripe) FROM @entries"
                              " WHERE number = $1 AND partition <> ''",
                              schema)),
          finish(in_schema(finish_text, schema)),
          postpone(in_schema(postpone_text, schema)),
          find(select(columns("e.body"), schema) + " WHERE e.number = $1"),
          redrive(in_schema(redrive_text, schema)),
          purge(in_schema(purge_text, schema)),
          backlog(in_schema("SELECT count(*), COALESCE(sum(body_size), 0)::bigint,"
                            " min(accepted_at) FROM @queue",
                            schema)),
          stats(in_schema(stats_text, schema)) {
        // The planner sees which state is meant, and takes that one's index.
        static constexpr std::string_view conditions[] = {"q.state = 0", "q.state = 1",
                                                          "e.state = 2", "e.state = 3", "true"};
        for (const std::string_view condition : conditions) {
            list.push_back(select(columns("NULL::bytea"), schema) + " WHERE e.number > $1 AND ($2" +
                           " = '' OR e.endpoint = $2) AND " + std::string(condition) +
                           " ORDER BY e.number LIMIT $3");
        }
    }

    std::string lock_stripes;
    std::string count_dropped;
    std::string store;
    std::string claim;
    std::string renew;
    std::string lock_waiting;
    std::string lock_kept;
    std::string finish;
    std::string postpone;
    std::string find;
    std::string redrive;
    std::string purge;
    std::string backlog;
    std::string stats;
    std::vector<std::string> list;  // by state, and then for all

private:
    static std::string columns(std::string_view body) {
        return "SELECT e.number, COALESCE(q.state, e.state), e.key, e.provider, e.endpoint,"
               " e.message_id, e.event_type, e.partition, " +
               std::string(body) +
               ", e.body_size, e.signed_at, e.key_index, e.body_is_signed, e.id_is_signed,"
               " e.replay_possible, e.assumed, e.accepted_at, q.ready_at,"
               " COALESCE(q.lease_until, 0), e.finished_at, e.keep_until,"
               " COALESCE(q.fence, e.fence), COALESCE(q.attempts, e.attempts), e.duplicates,"
               " e.possible_replay, e.last_error";
    }

    static std::string select(const std::string& columns, std::string_view schema) {
        return columns + in_schema(" FROM @entries e LEFT JOIN @queue q USING (number)", schema);
    }

    // Of entries that are duplicates by their bodies: counted where the body was first.
    static constexpr std::string_view count_dropped_text = R"(
WITH given AS MATERIALIZED (SELECT * FROM unnest($1, $2) AS g (key, body_key)),
first AS MATERIALIZED (
  SELECT (SELECT e.number FROM @entries e
           WHERE e.body_key = given.body_key ORDER BY e.number LIMIT 1) AS number
    FROM given WHERE NOT EXISTS (SELECT FROM @entries k WHERE k.key = given.key))
UPDATE @entries e SET duplicates = e.duplicates + 1 FROM first WHERE e.number = first.number)";

    // Numbers are given in the order of the call, rows are written in the order of keys: two calls
    // that share keys never wait for each other in a circle. A row that was there keeps its
    // number, by which it is told from a new one.
    static constexpr std::string_view store_text = R"(
WITH given AS MATERIALIZED (
  SELECT nextval('@numbers') AS number, g.*
    FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         WITH ORDINALITY AS g (key, body_key, drop_same_body, provider, endpoint, message_id,
                               event_type, partition, stripe, body, signed_at, key_index, flags,
                               accepted_at, keep_until, place)),
same AS MATERIALIZED (
  SELECT place, (SELECT e.number FROM @entries e
                  WHERE e.body_key = given.body_key ORDER BY e.number LIMIT 1) AS number
    FROM given WHERE body_key IS NOT NULL),
stored AS (
  INSERT INTO @entries AS e
         (number, key, body_key, provider, endpoint, message_id, event_type, partition, stripe,
          body, body_size, signed_at, key_index, body_is_signed, id_is_signed, replay_possible,
          assumed, possible_replay, accepted_at, keep_until)
  SELECT given.number, key, body_key, provider, endpoint, message_id, event_type, partition, stripe,
         body, octet_length(body), signed_at, key_index, flags & 1 <> 0, flags & 2 <> 0,
         flags & 4 <> 0, flags & 8 <> 0, same.number IS NOT NULL, accepted_at, keep_until
    FROM given LEFT JOIN same USING (place)
   WHERE NOT (drop_same_body AND same.number IS NOT NULL
              AND NOT EXISTS (SELECT FROM @entries k WHERE k.key = given.key))
   ORDER BY key
  ON CONFLICT (key) DO UPDATE SET duplicates = e.duplicates + 1
  RETURNING e.number),
fresh AS MATERIALIZED (
  SELECT number, place, accepted_at, octet_length(body) AS body_size, stripe, partition
    FROM given JOIN stored USING (number)),
queued AS (
  INSERT INTO @queue (number, ready_at, accepted_at, body_size, stripe, partition)
  SELECT number,
         CASE WHEN partition = ''
                OR (row_number() OVER (PARTITION BY partition ORDER BY number) = 1
                    AND NOT EXISTS (SELECT FROM @queue q
                                     WHERE q.partition = fresh.partition AND q.partition <> ''))
              THEN accepted_at END,
         accepted_at, body_size, stripe, partition
    FROM fresh)
SELECT place FROM fresh)";

    // Each of the three ways is tried only if the ones before have found nothing.
    static constexpr std::string_view claim_text = R"(
WITH over AS MATERIALIZED (
  SELECT number FROM @queue WHERE state = 1 AND lease_until <= $1
   ORDER BY lease_until, number LIMIT 1 FOR UPDATE SKIP LOCKED),
set_back AS MATERIALIZED (
  SELECT number FROM @queue WHERE state = 1 AND lease_until > $2 AND NOT EXISTS (SELECT FROM over)
   ORDER BY lease_until DESC, number DESC LIMIT 1 FOR UPDATE SKIP LOCKED),
due AS MATERIALIZED (
  SELECT number FROM @queue
   WHERE state = 0 AND ready_at <= $1
     AND NOT EXISTS (SELECT FROM over) AND NOT EXISTS (SELECT FROM set_back)
   ORDER BY ready_at, number LIMIT 1 FOR UPDATE SKIP LOCKED),
chosen AS MATERIALIZED (
  SELECT number FROM over UNION ALL SELECT number FROM set_back UNION ALL SELECT number FROM due),
claimed AS (
  UPDATE @queue w SET state = 1, ready_at = NULL, lease_until = $3, fence = w.fence + 1,
                      attempts = w.attempts + 1, owner = $4
    FROM chosen WHERE w.number = chosen.number RETURNING w.*)
)";

    // A statement does not see its own deletions, so the one that leaves is named.
    static constexpr std::string_view finish_text = R"(
WITH ended AS (
  DELETE FROM @queue WHERE number = $1 AND fence = $2 AND state = 1
  RETURNING number, fence, attempts, partition),
head AS MATERIALIZED (
  SELECT (SELECT n.number FROM @queue n
           WHERE n.partition = ended.partition AND n.partition <> '' AND n.number <> ended.number
           ORDER BY n.number LIMIT 1) AS number
    FROM ended WHERE partition <> ''),
next AS (
  UPDATE @queue w SET ready_at = $3 FROM head WHERE w.number = head.number)
UPDATE @entries e SET state = $4, finished_at = $3, fence = ended.fence + 1,
                      attempts = GREATEST(ended.attempts - $5, 0),
                      last_error = CASE $5 WHEN 0 THEN $6 ELSE e.last_error END,
                      keep_until = GREATEST(e.keep_until, $7)
  FROM ended WHERE e.number = ended.number)";

    static constexpr std::string_view postpone_text = R"(
WITH ended AS (
  UPDATE @queue SET state = 0, ready_at = $3, lease_until = 0, owner = '', fence = fence + 1,
                    attempts = GREATEST(attempts - $4, 0)
   WHERE number = $1 AND fence = $2 AND state = 1 RETURNING number)
UPDATE @entries e SET last_error = CASE $4 WHEN 0 THEN $5 ELSE e.last_error END,
                      keep_until = GREATEST(e.keep_until, $6)
  FROM ended WHERE e.number = ended.number)";

    static constexpr std::string_view redrive_text = R"(
WITH revived AS (
  UPDATE @entries SET state = 0, attempts = 0, finished_at = 0, fence = fence + 1
   WHERE number = $1 AND state = 3 AND body IS NOT NULL
  RETURNING number, fence, accepted_at, body_size, stripe, partition)
INSERT INTO @queue (number, ready_at, fence, accepted_at, body_size, stripe, partition)
SELECT number,
       CASE WHEN partition = ''
              OR NOT EXISTS (SELECT FROM @queue q
                              WHERE q.partition = revived.partition AND q.partition <> '')
            THEN $2 END,
       fence, accepted_at, body_size, stripe, partition
  FROM revived)";

    // Rows that somebody else has locked are left for the next time.
    static constexpr std::string_view purge_text = R"(
WITH over AS MATERIALIZED (
  SELECT number FROM @entries WHERE state >= 2 AND keep_until < $1
   ORDER BY keep_until LIMIT $3 FOR UPDATE SKIP LOCKED),
bare AS MATERIALIZED (
  SELECT number FROM @entries
   WHERE state = 2 AND body IS NOT NULL AND finished_at < $2 AND keep_until >= $1
   ORDER BY finished_at LIMIT $3 - (SELECT count(*) FROM over) FOR UPDATE SKIP LOCKED),
removed AS (DELETE FROM @entries e USING over WHERE e.number = over.number),
emptied AS (UPDATE @entries e SET body = NULL FROM bare WHERE e.number = bare.number)
SELECT (SELECT count(*) FROM over) + (SELECT count(*) FROM bare))";

    static constexpr std::string_view stats_text = R"(
SELECT q.ready, q.leased, e.done, e.dead, e.duplicates, q.entries, q.bytes, q.oldest
  FROM (SELECT count(*) FILTER (WHERE state = 0) AS ready,
               count(*) FILTER (WHERE state = 1) AS leased, count(*) AS entries,
               COALESCE(sum(body_size), 0)::bigint AS bytes, min(accepted_at) AS oldest
          FROM @queue) q,
       (SELECT count(*) FILTER (WHERE state = 2) AS done,
               count(*) FILTER (WHERE state = 3) AS dead,
               COALESCE(sum(duplicates), 0)::bigint AS duplicates
          FROM @entries) e)";
};

}  // namespace webhookpp::stores::postgres_detail

#endif
