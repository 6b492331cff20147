// SPDX-License-Identifier: MIT
// What the tests of the PostgreSQL store share.
#ifndef WEBHOOKPP_TESTS_STORES_POSTGRES_BENCH_HPP
#define WEBHOOKPP_TESTS_STORES_POSTGRES_BENCH_HPP

#include <webhookpp/stores/postgres.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/message_key.hpp>

#include "../catch.hpp"
#include "postgres_server.hpp"

namespace postgres_bench {

namespace wh = webhookpp;
using wh::stores::postgres;
using wh::stores::postgres_options;

inline constexpr std::int64_t start = 1'700'000'000'000;
inline constexpr std::int64_t minute = 60'000;
inline constexpr std::int64_t week = 7 * 24 * 60 * minute;

/// A store with tables of its own.
inline postgres open_store(postgres_options options = {}) {
    if (options.schema == "webhookpp") options.schema = servers::postgres_server::fresh_schema();
    return postgres(servers::postgres_server::shared().connection_string(), options);
}

inline servers::client connect() {
    return servers::client(servers::postgres_server::shared().connection_string());
}

inline wh::new_entry message(std::string_view id) {
    return {.key = wh::message_key::of_id("stripe", "orders", id).value(),
            .provider = "stripe",
            .endpoint = "orders",
            .message_id = id,
            .event_type = "order.created",
            .body = R"({"type":"order.created"})",
            .accepted_at = start,
            .keep_until = start + week};
}

inline wh::new_entry message_with(std::string_view body, std::string_view id) {
    wh::new_entry made = message(id);
    made.body = body;
    made.body_key = wh::message_key::of_body("stripe", "orders", body).value();
    return made;
}

inline wh::result<wh::acceptance> accept(postgres& store, const wh::new_entry& entry) {
    wh::acceptance outcome = wh::acceptance::stored;
    const auto done = store.accept(std::span(&entry, 1), std::span(&outcome, 1));
    if (!done) return wh::unexpected(done.error());
    return outcome;
}

inline wh::result<std::vector<wh::acceptance>> accept(postgres& store,
                                                      const std::vector<wh::new_entry>& entries) {
    std::vector<wh::acceptance> outcomes(entries.size(), wh::acceptance::stored);
    const auto done = store.accept(entries, outcomes);
    if (!done) return wh::unexpected(done.error());
    return outcomes;
}

inline wh::lease lease_of(const wh::entry& claimed) {
    return {.number = claimed.number, .fence = claimed.fence};
}

}  // namespace postgres_bench

#endif
