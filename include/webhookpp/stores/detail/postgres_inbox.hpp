// The statements by which a PostgreSQL store keeps an inbox.
#ifndef WEBHOOKPP_STORES_DETAIL_POSTGRES_INBOX_HPP
#define WEBHOOKPP_STORES_DETAIL_POSTGRES_INBOX_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/inbox_store.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/stores/detail/postgres_connection.hpp>
#include <webhookpp/stores/detail/postgres_schema.hpp>
#include <webhookpp/stores/detail/postgres_values.hpp>

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

/// What the columns of `inbox_statements` hold.
inline entry entry_from(row columns) {
    entry made;
    made.number = columns.number();
    made.state = static_cast<entry_state>(columns.number());
    made.key = columns.key();
    made.provider = columns.text();
    made.endpoint = columns.text();
    made.message_id = columns.text();
    made.event_type = columns.text();
    made.partition = columns.text();
    if (columns.null()) {
        columns.skip();
    } else {
        made.body = columns.text();
    }
    made.body_size = static_cast<std::size_t>(columns.number());
    made.proof.timestamp = columns.optional_number();
    if (const auto index = columns.optional_number()) {
        made.proof.key_index = static_cast<std::size_t>(*index);
    }
    made.proof.body_is_signed = columns.flag();
    made.proof.id_is_signed = columns.flag();
    made.proof.replay_possible = columns.flag();
    made.proof.assumed = columns.flag();
    made.accepted_at = columns.number();
    made.ready_at = columns.optional_number();
    made.lease_until = columns.number();
    made.finished_at = columns.number();
    made.keep_until = columns.number();
    made.fence = columns.number();
    made.attempts = static_cast<std::uint32_t>(columns.number());
    made.duplicates =
        static_cast<std::uint32_t>((std::min<std::int64_t>)(columns.number(), UINT32_MAX));
    made.possible_replay = columns.flag();
    made.last_error = columns.text();
    return made;
}

inline inbox_backlog backlog_from(row columns) {
    inbox_backlog counted;
    counted.entries = static_cast<std::uint64_t>(columns.number());
    counted.bytes = static_cast<std::uint64_t>(columns.number());
    counted.oldest = columns.optional_number();
    return counted;
}

/// Entries that are stored by one statement.
class entry_arrays {
public:
    explicit entry_arrays(std::span<const new_entry> all) : size_(all.size()) {
        for (const new_entry& each : all) add(each);
    }

    [[nodiscard]] bool drops() const noexcept { return drops_; }

    /// The statement takes what it sends with it: once each.
    statement count_dropped(const std::string& text) {
        statement made(text);
        made.add(dropped_keys_).add(dropped_bodies_);
        return made;
    }
    statement store(const std::string& text) {
        statement made(text);
        made.add(key_).add(body_key_).add(drop_same_body_).add(provider_).add(endpoint_);
        made.add(message_id_).add(event_type_).add(partition_).add(stripe_).add(body_);
        made.add(signed_at_).add(key_index_).add(flags_).add(accepted_at_).add(keep_until_);
        return made;
    }

private:
    void add(const new_entry& from) {
        const bool drops = from.drop_same_body && from.body_key.has_value();
        key_.add(bytes_of(from.key));
        if (from.body_key) {
            body_key_.add(bytes_of(*from.body_key));
        } else {
            body_key_.add_null();
        }
        drop_same_body_.add(drops);
        provider_.add(from.provider);
        endpoint_.add(from.endpoint);
        message_id_.add(from.message_id);
        event_type_.add(from.event_type);
        partition_.add(from.partition);
        stripe_.add(stripe_of_partition(from.partition));
        body_.add(from.body);
        add_optional(signed_at_, from.proof.timestamp);
        add_optional(key_index_, from.proof.key_index);
        flags_.add(flags_of(from.proof));
        accepted_at_.add(from.accepted_at);
        keep_until_.add(from.keep_until);
        drops_ = drops_ || drops;
        // Too few would do as well, but an array says at its front how long it is.
        dropped_keys_.add(bytes_of(from.key));
        if (drops) {
            dropped_bodies_.add(bytes_of(*from.body_key));
        } else {
            dropped_bodies_.add_null();
        }
    }

    template <class Number>
    static void add_optional(array& to, const std::optional<Number>& value) {
        if (value) {
            to.add(static_cast<std::int64_t>(*value));
        } else {
            to.add_null();
        }
    }

    static std::int32_t flags_of(const message_proof& proof) noexcept {
        return (proof.body_is_signed ? 1 : 0) + (proof.id_is_signed ? 2 : 0) +
               (proof.replay_possible ? 4 : 0) + (proof.assumed ? 8 : 0);
    }

    std::size_t size_;
    bool drops_ = false;
    array key_ = array::of_bytes(size_);
    array body_key_ = array::of_bytes(size_);
    array drop_same_body_ = array::of_boolean(size_);
    array provider_ = array::of_bytes(size_);
    array endpoint_ = array::of_bytes(size_);
    array message_id_ = array::of_bytes(size_);
    array event_type_ = array::of_bytes(size_);
    array partition_ = array::of_bytes(size_);
    array stripe_ = array::of_int4(size_);
    array body_ = array::of_bytes(size_);
    array signed_at_ = array::of_int8(size_);
    array key_index_ = array::of_int8(size_);
    array flags_ = array::of_int4(size_);
    array accepted_at_ = array::of_int8(size_);
    array keep_until_ = array::of_int8(size_);
    array dropped_keys_ = array::of_bytes(size_);
    array dropped_bodies_ = array::of_bytes(size_);
};

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
