// SPDX-License-Identifier: MIT
// The tables that a PostgreSQL store keeps, and how they come to be there.
#ifndef WEBHOOKPP_STORES_DETAIL_POSTGRES_SCHEMA_HPP
#define WEBHOOKPP_STORES_DETAIL_POSTGRES_SCHEMA_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include <webhookpp/result.hpp>
#include <webhookpp/stores/detail/postgres_connection.hpp>
#include <webhookpp/stores/detail/postgres_values.hpp>

namespace webhookpp::stores::postgres_detail {

/// The version of the tables that this code reads and writes.
inline constexpr std::int64_t schema_version = 1;

/// A name that needs no thought: 1 to 63 lower-case letters, digits and `_`, not first a digit.
inline bool is_schema_name(std::string_view name) noexcept {
    if (name.empty() || name.size() > 63 || (name[0] >= '0' && name[0] <= '9')) return false;
    for (const char c : name) {
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    }
    return true;
}

/// `text` with the schema's name in place of each `@`.
inline std::string in_schema(std::string_view text, std::string_view schema) {
    std::string written;
    for (const char c : text) {
        if (c != '@') {
            written += c;
        } else {
            written.append("\"").append(schema).append("\".");
        }
    }
    return written;
}

/// FNV-1a. What it gives stands in tables and names locks: never to be changed.
inline std::uint32_t stable_hash(std::string_view text) noexcept {
    std::uint32_t hash = 2'166'136'261U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
    return hash;
}

/// A number that tells the advisory locks of this schema from others.
inline std::int32_t lock_space(std::string_view schema) {
    return static_cast<std::int32_t>(stable_hash("webhookpp " + std::string(schema)));
}

// What waits stands in `queue` besides, in narrow rows that come and go: searching and vacuuming
// them costs the same however many entries are kept. Text is kept as bytes, so that neither NUL
// nor invalid UTF-8 is refused; the view `inbox` shows it to people.
inline constexpr std::string_view schema_text = R"(
CREATE SEQUENCE @numbers;
CREATE TABLE @entries (
  number bigint PRIMARY KEY,
  key bytea NOT NULL UNIQUE,
  body_key bytea,
  state smallint NOT NULL DEFAULT 0,
  provider bytea NOT NULL,
  endpoint bytea NOT NULL,
  message_id bytea NOT NULL,
  event_type bytea NOT NULL,
  partition bytea NOT NULL,
  stripe integer NOT NULL,
  body bytea,
  body_size bigint NOT NULL,
  signed_at bigint,
  key_index bigint,
  body_is_signed boolean NOT NULL,
  id_is_signed boolean NOT NULL,
  replay_possible boolean NOT NULL,
  assumed boolean NOT NULL,
  possible_replay boolean NOT NULL,
  accepted_at bigint NOT NULL,
  finished_at bigint NOT NULL DEFAULT 0,
  keep_until bigint NOT NULL,
  fence bigint NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  duplicates bigint NOT NULL DEFAULT 0,
  last_error bytea NOT NULL DEFAULT ''
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX entries_body_key ON @entries (body_key, number) WHERE body_key IS NOT NULL;
CREATE INDEX entries_dead ON @entries (number) WHERE state = 3;
CREATE INDEX entries_keep_until ON @entries (keep_until) WHERE state >= 2;
CREATE INDEX entries_with_body ON @entries (finished_at) WHERE state = 2 AND body IS NOT NULL;
CREATE TABLE @queue (
  number bigint PRIMARY KEY,
  state smallint NOT NULL DEFAULT 0,
  ready_at bigint,
  lease_until bigint NOT NULL DEFAULT 0,
  fence bigint NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  accepted_at bigint NOT NULL,
  body_size bigint NOT NULL,
  stripe integer NOT NULL,
  partition bytea NOT NULL,
  owner bytea NOT NULL DEFAULT ''
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.1,
        autovacuum_vacuum_cost_delay = 0);
CREATE INDEX queue_ready ON @queue (ready_at, number) WHERE state = 0 AND ready_at IS NOT NULL;
CREATE INDEX queue_leased ON @queue (lease_until, number) WHERE state = 1;
CREATE INDEX queue_partition ON @queue (partition, number) WHERE partition <> '';
CREATE SEQUENCE @fences;
CREATE TABLE @keys (
  key bytea PRIMARY KEY,
  until bigint NOT NULL,
  fence bigint NOT NULL,
  committed boolean NOT NULL
);
CREATE INDEX keys_until ON @keys (until);
CREATE VIEW @inbox AS
  SELECT e.number,
         CASE COALESCE(q.state, e.state) WHEN 0 THEN 'ready' WHEN 1 THEN 'leased'
              WHEN 2 THEN 'done' WHEN 3 THEN 'dead' END AS state,
         encode(e.provider, 'escape') AS provider, encode(e.endpoint, 'escape') AS endpoint,
         encode(e.message_id, 'escape') AS message_id,
         encode(e.event_type, 'escape') AS event_type,
         encode(e.partition, 'escape') AS partition,
         to_timestamp(e.accepted_at / 1000.0) AS accepted_at,
         to_timestamp(q.ready_at / 1000.0) AS ready_at,
         to_timestamp(NULLIF(q.lease_until, 0) / 1000.0) AS lease_until,
         encode(q.owner, 'escape') AS owner,
         to_timestamp(NULLIF(e.finished_at, 0) / 1000.0) AS finished_at,
         COALESCE(q.attempts, e.attempts) AS attempts, e.duplicates, e.possible_replay,
         e.body_size, encode(e.last_error, 'escape') AS last_error
    FROM @entries e LEFT JOIN @queue q USING (number);
CREATE TABLE @version (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  version bigint NOT NULL
);
)";

/// What a user of the database who may create tables can run, if the program's user may not.
inline std::string schema_definition(std::string_view schema) {
    return "CREATE SCHEMA \"" + std::string(schema) + "\";" + in_schema(schema_text, schema) +
           in_schema("INSERT INTO @version (version) VALUES (", schema) +
           std::to_string(schema_version) + ");\n";
}

/// Creates the tables unless they are there, however many do so at once. Errors:
/// `store_unavailable`; `invalid_option` if they are of another version.
class schema_setup {
public:
    schema_setup(connection& on, std::string_view schema) : on_(on), schema_(schema) {}

    result<void> create() {
        const auto there = version();
        if (!there) return unexpected(there.error());
        if (*there == 0) return create_at_once();
        return check(*there);
    }

    /// Errors as before, also if there are no tables.
    result<void> verify() {
        const auto there = read_version();
        if (!there) return unexpected(there.error());
        return check(*there);
    }

private:
    // Of tables that are somebody else's.
    static constexpr std::int64_t unknown = -1;

    // 0 if there are no tables.
    result<std::int64_t> version() {
        const auto found = on_.run({statement(find_).add_text(std::string(schema_))});
        if (!found) return unexpected(found.error());
        if (row((*found)[0], 0).flag()) return read_version();
        return std::int64_t{0};
    }

    result<std::int64_t> read_version() {
        const std::string text = in_schema("SELECT version FROM @version", schema_);
        const auto read = on_.run({statement(text)});
        if (!read) return unexpected(read.error());
        const std::int64_t found = rows((*read)[0]) == 1 ? row((*read)[0], 0).number() : 0;
        return found == 0 ? unknown : found;
    }

    static result<void> check(std::int64_t version) {
        if (version == schema_version) return {};
        if (version > schema_version) {
            return unexpected(errc::invalid_option,
                              "postgres: the schema is of a newer version of webhookpp");
        }
        return unexpected(errc::invalid_option,
                          "postgres: the schema holds other tables: name another one");
    }

    // One transaction. Whoever comes at the same time waits, and then finds the tables.
    result<void> create_at_once() {
        if (auto locked = execute("BEGIN ISOLATION LEVEL READ COMMITTED"); !locked) return locked;
        auto made = create_locked();
        auto ended = execute(made ? "COMMIT" : "ROLLBACK");
        return made ? ended : made;
    }

    result<void> create_locked() {
        const std::string lock = "SELECT pg_advisory_xact_lock($1, -1)";
        const auto locked = on_.run({statement(lock).add_int4(lock_space(schema_))});
        if (!locked) return unexpected(locked.error());
        const auto there = version();
        if (!there) return unexpected(there.error());
        if (*there != 0) return check(*there);
        const std::string name = std::string(schema_);
        const auto exists = on_.run({statement(exists_).add_text(name)});
        if (!exists) return unexpected(exists.error());
        if (rows((*exists)[0]) == 0) {
            if (auto made = execute("CREATE SCHEMA \"" + name + "\""); !made) return made;
        }
        if (auto made = execute_each(in_schema(schema_text, schema_)); !made) return made;
        return execute(in_schema("INSERT INTO @version (version) VALUES (", schema_) +
                       std::to_string(schema_version) + ")");
    }

    result<void> execute(const std::string& text) {
        const auto done = on_.run({statement(text)});
        if (!done) return unexpected(done.error());
        return {};
    }

    // Statements are sent one by one; none of them has a semicolon within.
    result<void> execute_each(std::string_view all) {
        for (auto end = all.find(';'); end != std::string_view::npos; end = all.find(';')) {
            if (auto done = execute(std::string(all.substr(0, end))); !done) return done;
            all.remove_prefix(end + 1);
        }
        return {};
    }

    connection& on_;
    std::string_view schema_;
    // Not by to_regclass, which does not notice what others have created since it last looked.
    const std::string find_ =
        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = $1 AND c.relname = 'version')";
    const std::string exists_ = "SELECT FROM pg_namespace WHERE nspname = $1";
};

}  // namespace webhookpp::stores::postgres_detail

#endif
