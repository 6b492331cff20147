// SPDX-License-Identifier: MIT
// webhookpp inbox: shows what is in an inbox, and has dead entries handled again.

#include <cstdint>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/entry.hpp>
#include <webhookpp/inbox.hpp>
#include <webhookpp/stores/sqlite.hpp>
#include <webhookpp/timestamp.hpp>
#if defined(WEBHOOKPP_EXAMPLES_POSTGRES)
#include <webhookpp/stores/postgres.hpp>
#endif

#include "commands.hpp"

namespace wh = webhookpp;

namespace tool {

namespace {

constexpr wh::entry_state all_states[] = {wh::entry_state::ready, wh::entry_state::leased,
                                          wh::entry_state::done, wh::entry_state::dead};

std::optional<wh::entry_state> state_named(const std::string& text) {
    for (const wh::entry_state state : all_states) {
        if (text == name(state)) return state;
    }
    return std::nullopt;
}

std::string time_text(std::int64_t unix_milliseconds) {
    const auto fraction = static_cast<std::uint32_t>((unix_milliseconds % 1000 + 1000) % 1000);
    return wh::timestamp((unix_milliseconds - fraction) / 1000, fraction * 1'000'000).to_string();
}

// What comes from senders must not speak to the terminal.
std::string plain(std::string_view text) {
    std::string shown(text);
    for (char& c : shown) {
        if (c < ' ' || c > '~') c = '?';
    }
    return shown.empty() ? "-" : shown;
}

void print_entry(const wh::entry& entry) {
    std::cout << std::left << std::setw(10) << entry.number << std::setw(8) << name(entry.state)
              << std::setw(9) << entry.attempts << std::setw(26) << time_text(entry.accepted_at)
              << std::setw(16) << plain(entry.endpoint) << std::setw(26) << plain(entry.event_type)
              << std::setw(30) << plain(entry.message_id) << plain(entry.last_error) << '\n';
}

nlohmann::ordered_json json_of(const wh::entry& entry) {
    using json = nlohmann::ordered_json;
    const auto time = [](std::int64_t unix_milliseconds) {
        return unix_milliseconds == 0 ? json() : json(time_text(unix_milliseconds));
    };
    json shown;
    shown["number"] = entry.number;
    shown["state"] = name(entry.state);
    std::string key(2 * wh::message_key::size, '0');
    wh::crypto::hex_encode(entry.key.bytes(), key);
    shown["key"] = key;
    shown["provider"] = entry.provider;
    shown["endpoint"] = entry.endpoint;
    shown["messageId"] = entry.message_id;
    shown["eventType"] = entry.event_type;
    shown["partition"] = entry.partition;
    shown["acceptedAt"] = time(entry.accepted_at);
    shown["sentAt"] = entry.proof.timestamp ? time(*entry.proof.timestamp * 1000) : json();
    shown["readyAt"] = entry.ready_at ? time(*entry.ready_at) : json();
    shown["leaseUntil"] = time(entry.lease_until);
    shown["finishedAt"] = time(entry.finished_at);
    shown["keepUntil"] = time(entry.keep_until);
    shown["attempts"] = entry.attempts;
    shown["duplicates"] = entry.duplicates;
    shown["bodyIsSigned"] = entry.proof.body_is_signed;
    shown["idIsSigned"] = entry.proof.id_is_signed;
    shown["replayPossible"] = entry.proof.replay_possible;
    shown["possibleReplay"] = entry.possible_replay;
    shown["lastError"] = entry.last_error;
    shown["bodySize"] = entry.body_size;
    shown["body"] = entry.body ? json(*entry.body) : json();
    return shown;
}

template <class Store>
int stats(Store& store) {
    const wh::inbox_stats counted = store.stats().value();
    std::cout << "ready " << counted.ready << "\nleased " << counted.leased << "\ndone "
              << counted.done << "\ndead " << counted.dead << "\nduplicates " << counted.duplicates
              << "\nwaiting bytes " << counted.backlog.bytes << "\nwaiting since "
              << (counted.backlog.oldest ? time_text(*counted.backlog.oldest) : "-") << '\n';
    return success;
}

template <class Store>
int list(Store& store, const inbox_options& options) {
    const auto found = store.list({.state = state_named(options.state),
                                   .endpoint = options.endpoint,
                                   .after = options.after,
                                   .most = options.most});
    std::cout << std::left << std::setw(10) << "NUMBER" << std::setw(8) << "STATE" << std::setw(9)
              << "ATTEMPTS" << std::setw(26) << "ACCEPTED" << std::setw(16) << "ENDPOINT"
              << std::setw(26) << "EVENT TYPE" << std::setw(30) << "MESSAGE ID"
              << "LAST ERROR\n";
    for (const wh::entry& each : found.value()) print_entry(each);
    return success;
}

template <class Store>
int show(Store& store, const inbox_options& options) {
    int status = success;
    for (const std::int64_t number : options.numbers) {
        const auto found = store.find(number).value();
        if (!found) {
            std::cerr << "there is no entry " << number << '\n';
            status = refused;
        } else if (options.body) {
            std::cout << found->body.value_or("");
        } else {
            // A body may be any bytes; what is no text is replaced here, and whole in --body.
            std::cout << json_of(*found).dump(2, ' ', false,
                                              nlohmann::ordered_json::error_handler_t::replace)
                      << '\n';
        }
    }
    return status;
}

template <class Store>
int redrive_all(const wh::inbox<Store>& inbox, const inbox_options& options) {
    std::uint64_t count = 0;
    std::int64_t after = 0;
    while (true) {
        const auto dead = inbox.store()
                              .list({.state = wh::entry_state::dead,
                                     .endpoint = options.endpoint,
                                     .after = after,
                                     .most = 1000})
                              .value();
        if (dead.empty()) break;
        for (const wh::entry& each : dead) count += inbox.redrive(each.number).value() ? 1 : 0;
        after = dead.back().number;
    }
    std::cout << count << " entries are ready again\n";
    return success;
}

template <class Store>
int redrive(const wh::inbox<Store>& inbox, const inbox_options& options) {
    if (options.all) return redrive_all(inbox, options);
    int status = success;
    for (const std::int64_t number : options.numbers) {
        if (inbox.redrive(number).value()) {
            std::cout << "entry " << number << " is ready again\n";
        } else {
            std::cerr << "entry " << number << " is not dead, or its body is gone\n";
            status = refused;
        }
    }
    return status;
}

template <class Store>
int purge(const wh::inbox<Store>& inbox) {
    std::uint64_t count = 0;
    while (true) {
        const std::size_t purged = inbox.purge().value();
        if (purged == 0) break;
        count += purged;
    }
    std::cout << count << " entries purged\n";
    return success;
}

template <class Store>
int run(Store store, const inbox_options& options) {
    const wh::inbox<Store> inbox(std::move(store),
                                 {.keep_bodies = wh::seconds(options.keep_bodies)});
    if (options.command == "stats") return stats(inbox.store());
    if (options.command == "list") return list(inbox.store(), options);
    if (options.command == "show") return show(inbox.store(), options);
    if (options.command == "redrive") return redrive(inbox, options);
    return purge(inbox);
}

}  // namespace

int inbox(const inbox_options& options) {
    const bool takes_entries = options.command == "show" || options.command == "redrive";
    if (takes_entries && options.numbers.empty() && !options.all) {
        throw misuse_error("which entries? Give their numbers, or --all");
    }
    if (options.store.starts_with("postgres://") || options.store.starts_with("postgresql://")) {
#if defined(WEBHOOKPP_EXAMPLES_POSTGRES)
        return run(wh::stores::postgres(options.store), options);
#else
        throw misuse_error("this program was built without PostgreSQL");
#endif
    }
    // A name that is mistyped must not become an empty inbox.
    if (!std::filesystem::exists(options.store)) {
        throw misuse_error("there is no inbox " + options.store);
    }
    return run(wh::stores::sqlite(options.store), options);
}

}  // namespace tool
