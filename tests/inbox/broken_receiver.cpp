// SPDX-License-Identifier: MIT
// A receiver with an inbox that is broken on purpose, so that it is known that the kill test can
// fail: it does in two steps what has to be one.

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/stores/sqlite.hpp>
#include <webhookpp/webhookpp.hpp>
#include <webhookpp/workers.hpp>

#include "inbox_endpoint.hpp"
#include "webhook_server.hpp"

namespace {

namespace wh = webhookpp;
using wh::seatsio::chart_published;

struct settings {
    example::inbox_settings inbox;
    std::string fault;
};

// Answers before anything is stored.
class early_answers {
public:
    explicit early_answers(wh::inbox<wh::stores::sqlite> inbox) : inbox_(std::move(inbox)) {}
    early_answers(const early_answers&) = delete;
    early_answers& operator=(const early_answers&) = delete;
    ~early_answers() {
        while (storing_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }

    wh::reply receive(const wh::delivery& delivery, const example::seatsio_verifier& verifier) {
        const auto message = verifier.verify(delivery);
        if (!message) return wh::refusal_reply(message.error().code);
        ++storing_;
        std::thread([this, id = std::string(message->id()), body = std::string(message->body())] {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            const auto late = wh::assume_verified(body, "verified before it was answered");
            static_cast<void>(
                inbox_.accept(late, {.as = {.provider = "x", .endpoint = "seatsio", .id = id}}));
            --storing_;
        }).detach();
        return wh::accepted_reply();
    }

private:
    wh::inbox<wh::stores::sqlite> inbox_;
    std::atomic<int> storing_ = 0;
};

constexpr const char* insertion =
    "INSERT INTO seatsio_changes(item, type, workspace, object) VALUES($1, $2, $3, $4)";

void save(wh::stores::sqlite& store, const chart_published& e) {
    store.execute(insertion, {std::to_string(e.id), "", e.data.workspace_key, e.data.key}).value();
}

void serve(const settings& how, const example::address& where) {
    const example::stop_signals signals;
    wh::stores::sqlite store(how.inbox.store);
    store
        .execute(
            "CREATE TABLE IF NOT EXISTS seatsio_changes(item BIGINT NOT NULL, "
            "type TEXT NOT NULL, workspace TEXT NOT NULL, object TEXT NOT NULL)")
        .value();
    const wh::inbox inbox{store};
    const auto secret = wh::key::from_environment("SEATSIO_SECRET");
    const wh::inbox_receiver receiver{example::seatsio_verifier(secret),
                                      example::seatsio_parser(),
                                      inbox,
                                      {.endpoint = "seatsio"}};
    early_answers early(inbox);
    wh::worker worker{
        inbox,
        {.lease = wh::seconds(how.inbox.lease), .retries = {.attempts = how.inbox.attempts}}};
    using work = decltype(worker)::work_type;
    const bool effect_alone = how.fault == "effect";
    worker.handle("seatsio", example::seatsio_parser(),
                  wh::handlers{[&store, effect_alone](const chart_published& e, work& of) {
                      if (effect_alone) {
                          // In a transaction of its own, before the one that ends the attempt.
                          save(store, e);
                          return;
                      }
                      of.transaction()
                          .execute(insertion,
                                   {std::to_string(e.id), "", e.data.workspace_key, e.data.key})
                          .value();
                  }});
    wh::workers workers{std::move(worker), {.threads = how.inbox.threads}};
    example::webhook_server server;
    server.add(example::inbox_path, [&](const wh::delivery& delivery) {
        return how.fault == "answer" ? early.receive(delivery, receiver.verifier())
                                     : receiver.receive(delivery);
    });
    server.serve(where);
    workers.stop(wh::seconds(how.inbox.grace));
}

}  // namespace

int main(int argc, char** argv) {
    settings how;
    return example::run(
        "A receiver with an inbox that is broken on purpose.", argc, argv,
        [&](CLI::App& app) {
            how.inbox.add_to(app);
            app.add_option("--fault", how.fault, "Where it is broken: effect or answer")
                ->required();
        },
        [&](const example::address& where) { serve(how, where); });
}
