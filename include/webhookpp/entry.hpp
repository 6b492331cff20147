// SPDX-License-Identifier: MIT
// What an inbox keeps of each message.
#ifndef WEBHOOKPP_ENTRY_HPP
#define WEBHOOKPP_ENTRY_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <webhookpp/message_key.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp {

/// How far an entry has come. Numbers are stable: they stand in databases.
enum class entry_state : std::uint8_t {
    ready = 0,   ///< waits to be handled, now or at a later time
    leased = 1,  ///< somebody is handling it
    done = 2,    ///< handled
    dead = 3,    ///< given up: a dead letter, which a person may have handled again
};

/// The name of a state: `ready`. Static text.
[[nodiscard]] constexpr std::string_view name(entry_state state) noexcept {
    switch (state) {
        case entry_state::ready: return "ready";
        case entry_state::leased: return "leased";
        case entry_state::done: return "done";
        case entry_state::dead: return "dead";
    }
    return "unknown";
}

/// What verification has proved about a message, beside its id: what `verified_message` tells.
struct message_proof {
    std::optional<std::int64_t> timestamp = std::nullopt;  ///< Unix seconds
    std::optional<std::size_t> key_index = std::nullopt;   ///< which key matched, from 0
    bool body_is_signed = false;                           ///< the body is part of what was signed
    bool id_is_signed = false;                             ///< the id is, too
    bool replay_possible = true;  ///< nothing that was signed limits its age
    bool assumed = false;         ///< nothing was proved: `assume_verified`

    friend bool operator==(const message_proof&, const message_proof&) noexcept = default;
};

/// A verified message on its way into an inbox. All views are valid during the call that gets it.
struct new_entry {
    message_key key;                                     ///< what the message is remembered by
    std::optional<message_key> body_key = std::nullopt;  ///< of its body, where that is compared
    bool drop_same_body = false;       ///< a body that is there already makes it a duplicate
    std::string_view provider = {};    ///< the name of the scheme
    std::string_view endpoint = {};    ///< where it came in
    std::string_view message_id = {};  ///< visible ASCII, or empty
    std::string_view event_type = {};  ///< visible ASCII, or empty where it is not known
    std::string_view partition = {};   ///< entries of the same one are handled one after the other
    std::string_view body = {};        ///< any bytes
    message_proof proof = {};          ///< what verification found out
    std::int64_t accepted_at = 0;      ///< Unix milliseconds
    std::int64_t keep_until = 0;       ///< the same; how long its key is remembered at least
};

/// What became of an entry that an inbox was given.
enum class acceptance : std::uint8_t {
    stored,     ///< it is durable
    duplicate,  ///< its message was there before, in whatever state, and is durable
};

/// An entry of an inbox. Owns all that it holds.
struct entry {
    std::int64_t number = 0;  ///< its name in the inbox; later entries mostly have higher ones
    entry_state state = entry_state::ready;  ///< how far it has come
    message_key key = {};                    ///< what its message is remembered by
    std::string provider = {};               ///< the name of the scheme
    std::string endpoint = {};               ///< where it came in
    std::string message_id = {};             ///< empty if it has none
    std::string event_type = {};             ///< empty where it is not known
    std::string partition = {};  ///< those of the same one are handled one after the other
    std::optional<std::string> body = std::nullopt;  ///< nothing once purged, and in lists
    std::size_t body_size = 0;                       ///< in bytes
    message_proof proof = {};                        ///< what verification found out
    std::int64_t accepted_at = 0;                    ///< Unix milliseconds, as all times here

    /// When it may be claimed, while it is ready. Nothing while another one of its partition is
    /// before it.
    std::optional<std::int64_t> ready_at = std::nullopt;

    std::int64_t lease_until = 0;  ///< while it is leased
    std::int64_t finished_at = 0;  ///< once it is done or dead
    std::int64_t keep_until = 0;   ///< its key is remembered until then, at least
    std::int64_t fence = 0;        ///< proves who has the lease; goes up with each claim
    std::uint32_t attempts = 0;    ///< how often it was claimed, and not handed back
    std::uint32_t duplicates = 0;  ///< how many more deliveries of it came
    bool possible_replay = false;  ///< its body was there before under another id
    std::string last_error = {};   ///< why the last attempt failed
};

/// Proves that an entry is the caller's to finish.
struct lease {
    std::int64_t number = 0;  ///< of the entry
    std::int64_t fence = 0;   ///< as it was when the entry was claimed
};

/// How an attempt ends.
struct ending {
    entry_state state = entry_state::done;  ///< never `leased`
    std::int64_t ready_at = 0;    ///< Unix milliseconds: when it is to be tried again, if `ready`
    std::string_view error = {};  ///< plain text of at most `max_error` bytes
    bool counts = true;           ///< false: the attempt was none, and `last_error` stays

    /// Unix milliseconds: its key is remembered so long if that is longer than it was to be.
    std::int64_t keep_until = 0;

    /// The most bytes of `error`.
    static constexpr std::size_t max_error = 500;
};

/// What waits in an inbox: ready or leased.
struct inbox_backlog {
    std::uint64_t entries = 0;                          ///< how many
    std::uint64_t bytes = 0;                            ///< of the bodies
    std::optional<std::int64_t> oldest = std::nullopt;  ///< `accepted_at` of the first of them
};

/// How many entries of an inbox are in each state.
struct inbox_stats {
    std::uint64_t ready = 0;       ///< those that wait
    std::uint64_t leased = 0;      ///< those that are being handled
    std::uint64_t done = 0;        ///< those that were handled
    std::uint64_t dead = 0;        ///< those that were given up
    std::uint64_t duplicates = 0;  ///< deliveries of messages that are there
    inbox_backlog backlog = {};    ///< what is ready or leased
};

/// Which entries of an inbox to list, in the order of their numbers.
struct entry_query {
    std::optional<entry_state> state = std::nullopt;  ///< any if empty
    std::string_view endpoint = {};                   ///< all if empty
    std::int64_t after = 0;                           ///< only higher numbers than this
    std::size_t most = 100;                           ///< how many to list
};

/// What to remove from an inbox: entries that are done or dead and whose `keep_until` is before
/// `now`, and bodies. Times are Unix milliseconds.
struct purge_request {
    std::int64_t now = 0;  ///< the present time

    /// The bodies of entries that were finished before this, of which the keys stay. Dead ones
    /// keep theirs, since they may be handled again.
    std::int64_t bodies_before = 0;

    std::size_t most = 1000;  ///< how many entries to touch
};

}  // namespace webhookpp

#endif
