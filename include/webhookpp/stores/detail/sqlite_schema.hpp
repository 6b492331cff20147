// SPDX-License-Identifier: MIT
// The tables of the SQLite store.
#ifndef WEBHOOKPP_STORES_DETAIL_SQLITE_SCHEMA_HPP
#define WEBHOOKPP_STORES_DETAIL_SQLITE_SCHEMA_HPP

#include <cstdint>

#include <webhookpp/error.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/stores/detail/sqlite_connection.hpp>

namespace webhookpp::stores::detail {

inline constexpr std::int64_t sqlite_application_id = 0x7768'7070;  // "whpp"
inline constexpr std::int64_t sqlite_schema_version = 1;

// Bodies have a table of their own, since SQLite writes the whole row when a number in it changes.
//
// Each index is partial or small, so that what is claimed, counted or purged is found without
// passing what is not: `ready` holds no entry that waits for its turn in a partition.
//
// What waits is counted by triggers, in the transaction that changes it: a count of a million rows
// would take as long as hundreds of claims, and is asked for every second. Triggers also see what
// people change by hand.
//
// Numbers and fences are never given twice (`AUTOINCREMENT`), even after their rows are gone.
inline constexpr const char* sqlite_schema = R"sql(
CREATE TABLE webhookpp_entries (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3),
  attempts INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL DEFAULT 0,
  ready_at INTEGER,
  lease_until INTEGER NOT NULL DEFAULT 0,
  finished_at INTEGER NOT NULL DEFAULT 0,
  keep_until INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL,
  duplicates INTEGER NOT NULL DEFAULT 0,
  body_size INTEGER NOT NULL,
  has_body INTEGER NOT NULL DEFAULT 1,
  possible_replay INTEGER NOT NULL,
  signed_at INTEGER,
  key_index INTEGER,
  body_is_signed INTEGER NOT NULL,
  id_is_signed INTEGER NOT NULL,
  replay_possible INTEGER NOT NULL,
  assumed INTEGER NOT NULL,
  key BLOB NOT NULL UNIQUE,
  body_key BLOB,
  provider TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  message_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  partition BLOB NOT NULL,
  owner TEXT NOT NULL DEFAULT '',
  last_error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX webhookpp_ready ON webhookpp_entries (ready_at)
  WHERE state = 0 AND ready_at IS NOT NULL;
CREATE INDEX webhookpp_leased ON webhookpp_entries (lease_until) WHERE state = 1;
CREATE INDEX webhookpp_waiting ON webhookpp_entries (accepted_at) WHERE state <= 1;
CREATE INDEX webhookpp_turns ON webhookpp_entries (partition, number)
  WHERE state <= 1 AND partition <> x'';
CREATE INDEX webhookpp_body_keys ON webhookpp_entries (body_key) WHERE body_key IS NOT NULL;
CREATE INDEX webhookpp_done_bodies ON webhookpp_entries (finished_at)
  WHERE state = 2 AND has_body = 1;
CREATE INDEX webhookpp_finished ON webhookpp_entries (keep_until) WHERE state >= 2;
CREATE INDEX webhookpp_states ON webhookpp_entries (state, number);

CREATE TABLE webhookpp_bodies (number INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;

CREATE TABLE webhookpp_counts (
  state INTEGER PRIMARY KEY,
  entries INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  duplicates INTEGER NOT NULL
) STRICT;
INSERT INTO webhookpp_counts VALUES (0, 0, 0, 0), (1, 0, 0, 0), (2, 0, 0, 0), (3, 0, 0, 0);
CREATE TRIGGER webhookpp_entry_added AFTER INSERT ON webhookpp_entries BEGIN
  UPDATE webhookpp_counts SET entries = entries + 1, bytes = bytes + NEW.body_size,
    duplicates = duplicates + NEW.duplicates WHERE state = NEW.state;
END;
CREATE TRIGGER webhookpp_entry_changed AFTER UPDATE OF state, duplicates ON webhookpp_entries
WHEN OLD.state <> NEW.state OR OLD.duplicates <> NEW.duplicates BEGIN
  UPDATE webhookpp_counts SET entries = entries - 1, bytes = bytes - OLD.body_size,
    duplicates = duplicates - OLD.duplicates WHERE state = OLD.state;
  UPDATE webhookpp_counts SET entries = entries + 1, bytes = bytes + NEW.body_size,
    duplicates = duplicates + NEW.duplicates WHERE state = NEW.state;
END;
CREATE TRIGGER webhookpp_entry_removed AFTER DELETE ON webhookpp_entries BEGIN
  UPDATE webhookpp_counts SET entries = entries - 1, bytes = bytes - OLD.body_size,
    duplicates = duplicates - OLD.duplicates WHERE state = OLD.state;
  DELETE FROM webhookpp_bodies WHERE number = OLD.number;
END;

CREATE TABLE webhookpp_keys (
  fence INTEGER PRIMARY KEY AUTOINCREMENT,
  key BLOB NOT NULL UNIQUE,
  until INTEGER NOT NULL,
  committed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX webhookpp_key_ends ON webhookpp_keys (until);

PRAGMA application_id = 2003333232;
PRAGMA user_version = 1;
)sql";

static_assert(sqlite_application_id == 2003333232 && sqlite_schema_version == 1);

/// What a file is to the store.
enum class sqlite_file_kind : std::uint8_t { empty, ours, newer, foreign, unreadable };

/// Looks at what is in the file of `connection`, which may fail.
[[nodiscard]] inline sqlite_file_kind kind_of_file(sqlite_connection& connection) {
    const auto number = [&](const char* sql) {
        sqlite_statement asked(connection, sql);
        return asked.step() ? asked.integer(0) : 0;
    };
    const std::int64_t application = number("PRAGMA application_id");
    const std::int64_t version = number("PRAGMA user_version");
    const std::int64_t tables = number("SELECT count(*) FROM sqlite_master");
    if (connection.failure() != SQLITE_OK) return sqlite_file_kind::unreadable;
    if (application == 0 && version == 0 && tables == 0) return sqlite_file_kind::empty;
    if (application != sqlite_application_id || version < 1) return sqlite_file_kind::foreign;
    return version == sqlite_schema_version ? sqlite_file_kind::ours : sqlite_file_kind::newer;
}

/// Refuses a file that the store must not touch.
[[nodiscard]] inline result<void> check_file(sqlite_file_kind kind) noexcept {
    if (kind == sqlite_file_kind::foreign) {
        return unexpected(errc::invalid_option,
                          "the file holds another program's database: give the store a file of its "
                          "own, and add tables to that");
    }
    if (kind == sqlite_file_kind::newer) {
        return unexpected(errc::invalid_option,
                          "the file was made by a newer version of webhookpp: use that version, or "
                          "another file");
    }
    return {};
}

/// Creates the tables, unless another process has done so in the meantime.
[[nodiscard]] inline result<void> create_schema(sqlite_connection& connection) {
    connection.begin();
    const sqlite_file_kind kind = kind_of_file(connection);
    if (auto right = check_file(kind); !right) return right;
    if (kind == sqlite_file_kind::empty) connection.run(sqlite_schema);
    connection.commit();
    if (connection.failure() != SQLITE_OK) return sqlite_error(connection.failure());
    return {};
}

}  // namespace webhookpp::stores::detail

#endif
