// SPDX-License-Identifier: MIT
// What the example receivers with an inbox do, whatever the HTTP server and the database: a
// delivery from seats.io is stored and answered; afterwards a handler writes what it says into a
// table of the same database, once for each event.
#ifndef WEBHOOKPP_EXAMPLES_INBOX_ENDPOINT_HPP
#define WEBHOOKPP_EXAMPLES_INBOX_ENDPOINT_HPP

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <webhookpp/inbox_receiver.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/stores/sqlite.hpp>
#include <webhookpp/webhookpp.hpp>
#include <webhookpp/workers.hpp>
#if defined(WEBHOOKPP_EXAMPLES_POSTGRES)
#include <webhookpp/stores/postgres.hpp>
#endif

#include "program.hpp"

namespace example {

namespace wh = webhookpp;

using seatsio_verifier = wh::verifier<wh::seatsio::scheme>;
using seatsio_parser = wh::parser<wh::seatsio::catalog>;

/// The path to which seats.io posts.
inline constexpr const char* inbox_path = "/webhooks/seatsio";

/// What the command line says.
struct inbox_settings {
    std::string store = "inbox.db";  ///< a file of SQLite, or postgres://...
    std::optional<std::string> secret;
    std::size_t threads = 2;
    std::int64_t lease = 60;  ///< seconds
    std::int64_t grace = 10;  ///< seconds
    std::uint32_t attempts = 12;

    void add_to(CLI::App& app) {
        app.add_option("--store", store, "A file of SQLite, or postgres://user@host/database")
            ->capture_default_str();
        app.add_option("--secret", secret,
                       "The endpoint's secret (whsec_...). Others on this machine can see it: "
                       "better put it into the environment variable SEATSIO_SECRET");
        app.add_option("--threads", threads, "How many events are handled at the same time")
            ->check(CLI::Range(1, 64))
            ->capture_default_str();
        app.add_option("--lease", lease, "Seconds until the events of a crashed process are taken")
            ->check(CLI::Range(1, 86'400))
            ->capture_default_str();
        app.add_option("--attempts", attempts, "How often an event is tried")
            ->check(CLI::Range(1, 1'000))
            ->capture_default_str();
        app.add_option("--grace", grace, "Seconds that handlers have to finish when it is stopped")
            ->check(CLI::Range(0, 3'600))
            ->capture_default_str();
    }
};

/// The receiver, and the threads that work its inbox off.
template <class Store>
class inbox_endpoint {
public:
    inbox_endpoint(Store store, const inbox_settings& settings)
        : inbox_(prepared(std::move(store))),
          receiver_(seatsio_verifier{settings.secret ? wh::key::from_text(*settings.secret)
                                                     : wh::key::from_environment("SEATSIO_SECRET")},
                    seatsio_parser(), inbox_, {.endpoint = endpoint, .log = log_delivery}),
          workers_(make_worker(settings), {.threads = settings.threads}),
          grace_(settings.grace) {}

    /// Blocks until the delivery is stored, or is not. Any number of threads may call it.
    [[nodiscard]] wh::reply receive(const wh::delivery& delivery) const noexcept {
        return receiver_.receive(delivery);
    }

    [[nodiscard]] const auto& receiver() const noexcept { return receiver_; }

    /// Accepts nothing more, and returns when the handlers have finished.
    void stop() noexcept { workers_.stop(grace_); }

private:
    using inbox_type = wh::inbox<Store>;
    using work = wh::work<Store>;

    static constexpr const char* endpoint = "seatsio";

    // Where the handlers write.
    static Store prepared(Store store) {
        store
            .execute(
                "CREATE TABLE IF NOT EXISTS seatsio_changes("
                "item BIGINT NOT NULL, type TEXT NOT NULL, workspace TEXT NOT NULL, "
                "object TEXT NOT NULL)")
            .value();
        return store;
    }

    // Commits together with the end of the attempt: once for each event, whatever happens.
    template <class Event>
    static void save(const Event& event, work& of) {
        of.transaction()
            .execute(
                "INSERT INTO seatsio_changes(item, type, workspace, object) "
                "VALUES($1, $2, $3, $4)",
                {std::to_string(event.id), Event::type, event.data.workspace_key, event.data.key})
            .value();
        print("handled " + std::string(Event::type) + " of " + event.data.key + " (item " +
              std::to_string(event.id) + ", attempt " + std::to_string(of.entry().attempts) + ")");
    }

    auto make_worker(const inbox_settings& settings) const {
        using namespace wh::seatsio;
        wh::worker worker(inbox_, {.lease = wh::seconds(settings.lease),
                                   .retries = {.attempts = settings.attempts},
                                   .log = log_attempt});
        worker.handle(
            endpoint, seatsio_parser(),
            wh::handlers{
                [](const chart_created& e, work& of) { save(e, of); },
                [](const chart_published& e, work& of) { save(e, of); },
                [](const event_for_sale_config_updated& e, work& of) { save(e, of); },
                [](const event_channels_updated& e, work& of) { save(e, of); },
                [](const event_categories_updated& e, work& of) { save(e, of); },
                [](const event_table_booking_config_updated& e, work& of) { save(e, of); },
                [](const wh::unknown_event& e) {
                    return wh::disposition::dead("events of type " + e.type + " are new");
                },
            });
        return worker;
    }

    static void log_delivery(const wh::outcome& outcome) {
        if (!outcome.error) return;
        std::string line = "refused " + std::to_string(outcome.status) + " ";
        line.append(name(outcome.error->code)).append(" ").append(outcome.error->where);
        print(line);
    }

    static void log_attempt(const wh::attempt_outcome& attempt) {
        if (attempt.state == wh::entry_state::done && !attempt.lost) return;
        std::string line = "entry " + std::to_string(attempt.entry.number) + ", attempt " +
                           std::to_string(attempt.entry.attempts) + ": ";
        line.append(attempt.lost ? "lost" : name(attempt.state));
        if (attempt.error) {
            line.append(" ").append(name(attempt.error->code)).append(" ");
            line.append(attempt.error->where).append(" ").append(attempt.exception_text);
        }
        print(line);
    }

    inbox_type inbox_;
    wh::inbox_receiver<seatsio_verifier, seatsio_parser, inbox_type> receiver_;
    wh::workers<inbox_type> workers_;
    wh::seconds grace_;
};

/// Opens the store that `settings` names and runs `serve(endpoint)` with an endpoint that has it.
template <class Serve>
void with_inbox(const inbox_settings& settings, Serve serve) {
    const bool is_postgres =
        settings.store.starts_with("postgres://") || settings.store.starts_with("postgresql://");
    if (!is_postgres) {
        inbox_endpoint endpoint(wh::stores::sqlite(settings.store), settings);
        serve(endpoint);
        endpoint.stop();
        return;
    }
#if defined(WEBHOOKPP_EXAMPLES_POSTGRES)
    inbox_endpoint endpoint(wh::stores::postgres(settings.store), settings);
    serve(endpoint);
    endpoint.stop();
#else
    throw std::runtime_error("this program was built without PostgreSQL");
#endif
}

}  // namespace example

#endif
