// SPDX-License-Identifier: MIT
// What receivers and workers do with a store.
#ifndef WEBHOOKPP_TESTS_FAULT_INJECTION_RECEIVER_PATHS_HPP
#define WEBHOOKPP_TESTS_FAULT_INJECTION_RECEIVER_PATHS_HPP

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>

#include <webhookpp/entry.hpp>
#include <webhookpp/inbox.hpp>
#include <webhookpp/inbox_receiver.hpp>
#include <webhookpp/json/simdjson.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/receiver.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/worker.hpp>

#include "../golden.hpp"
#include "../sample_bodies.hpp"
#include "path.hpp"
#include "seen.hpp"
#include "store_facts.hpp"
#include "stored_messages.hpp"

namespace fault_injection {

using simdjson_parser = wh::parser<wh::seatsio::catalog, wh::json::simdjson_engine>;

/// A worker handles an entry: in the end it is done, once as far as the handler writes with it.
template <class Store>
void try_worker(const store_facts& facts, Store store) {
    std::int64_t now = start;
    const wh::inbox<Store, set_clock> inbox(store, {}, set_clock{&now});
    effects<Store> written(store);
    numbered_message message(true);
    const std::string body = seatsio_body();
    int handled = 0;
    bool is_done = false;
    wh::worker worker(inbox, {.log = [&](const wh::attempt_outcome& ended) {
                          is_done = ended.state == wh::entry_state::done && !ended.lost;
                      }});
    std::string last;
    worker.handle("default", simdjson_parser(),
                  wh::handlers{[&](const wh::seatsio::chart_published& event, wh::work<Store>& of) {
                      ++handled;
                      {
                          const unwatched here;
                          last = seen_of_event(event);
                      }
                      written.write(of.transaction(), of.entry().message_id).value();
                  }});
    auto each = facts.path_of(
        "a worker handles an entry",
        [&] {
            is_done = false;
            const auto had_one = worker.run_one();
            if (!had_one) return of(had_one);
            const unwatched here;
            return *had_one && is_done ? done(last) : outcome();
        },
        [&] {
            message.next(body);
            handled = 0;
            now += 10'000;
            if (!inbox.accept(message.get(),
                              {.as = {.provider = "seatsio", .endpoint = "default"}})) {
                std::abort();
            }
        },
        [&] {
            const bool at_once = is_done;
            for (int attempts = 0;; ++attempts) {
                now += day;  // leases and delays are over
                const auto had_one = worker.run_one();
                if (!had_one || attempts > 3) return false;
                if (!*had_one) break;
                if (at_once) return false;
            }
            const auto left = store.stats();
            return left && left->backlog.entries == 0 && left->dead == 0 && handled > 0 &&
                   (!at_once || handled == 1) && written.is(message.id(), 1);
        });
    each.expected = done(canonical(body));
    each.reasons.merge(std::set<int>{0, static_cast<int>(wh::errc::internal_error)});
    try_all(each);
}

/// A delivery that is genuine, and one that is not.
struct deliveries {
    wh::key key = wh::key::from_text(golden::secret);
    wh::testing::signed_delivery genuine =
        wh::testing::sign_delivery(wh::seatsio::scheme, key, seatsio_body(), golden::now);
    wh::testing::signed_delivery forged = genuine;

    deliveries() { forged.body.insert(forged.body.size() - 1, " "); }
};

/// A receiver with a guard: no message is handled twice within its lease.
template <class Store>
void try_guarded_receiver(const store_facts& facts, Store store) {
    std::int64_t now = start;
    const deliveries sent;
    int handled = 0;
    std::string last;
    const wh::receiver receiver{golden::verifier(sent.key, {}, {golden::now}), simdjson_parser(),
                                wh::replay_guard(store, wh::seatsio::scheme, {}, set_clock{&now}),
                                wh::handlers{[&](const wh::seatsio::chart_published& event) {
                                    ++handled;
                                    const unwatched here;
                                    last = seen_of_event(event);
                                }}};
    const auto receive = [&](const wh::testing::signed_delivery& each) {
        return of(receiver.receive(each.view()));
    };
    auto each = facts.path_with_openssl(
        "guarded receiver: genuine",
        [&] {
            outcome found = receive(sent.genuine);
            const unwatched here;
            if (handled == 1) found.handed_on = last;
            return found;
        },
        [&] {
            now += 400 * day;  // it is forgotten
            handled = 0;
        },
        [&] {
            if (handled > 1) return false;
            if (handled == 1) {
                static_cast<void>(receive(sent.genuine));
                if (handled != 1) return false;
            }
            // Where that could not be remembered, it is handled again when its lease is over.
            if (handled == 1 || facts.may_be_done()) now += 2 * lease_length;
            return receive(sent.genuine).done && handled >= 1;
        });
    each.expected = answered(200, canonical(sent.genuine.body));
    each.reasons = unavailable;
    each.may_overcome = true;  // what is handled is accepted, whether or not that is remembered
    try_all(each);
    each.name = facts.name + ": guarded receiver: forged";
    each.run = [&] { return receive(sent.forged); };
    each.expected = answered(401);
    each.makes_no = facts.calls_of_store();
    each.is_sound = [&] { return handled == 0; };
    try_all(each);
}

/// A receiver with an inbox.
template <class Parser = simdjson_parser, class Store>
void try_inbox_receiver(const store_facts& facts, Store store) {
    const deliveries sent;
    const wh::inbox<Store> inbox(store);
    const wh::inbox_receiver<golden::verifier, Parser, wh::inbox<Store>> receiver(
        golden::verifier(sent.key, {}, {golden::now}), Parser(), inbox, {.endpoint = "default"});
    const auto entries = [&store] { return store.stats().value().ready; };
    auto each = facts.path_with_openssl(
        "inbox receiver: forged", [&] { return of(receiver.receive(sent.forged.view())); }, {},
        [&] { return entries() == 0; });
    each.expected = answered(401);
    each.makes_no = facts.calls_of_store();
    each.reasons = unavailable;
    try_all(each);
    each.name = facts.name + ": inbox receiver: genuine";
    each.expected = answered(200);
    each.makes_no = {};
    wh::testing::signed_delivery genuine;
    std::string id;
    std::uint64_t count = 0;
    std::int64_t last = 0;
    each.before = [&] {
        id = "msg_" + std::to_string(++count);
        genuine = wh::testing::sign_delivery(wh::seatsio::scheme, sent.key, seatsio_body(),
                                             golden::now, id);
    };
    each.run = [&] { return of(receiver.receive(genuine.view())); };
    // Whatever became of it, a retry is accepted, and all of it is there, once.
    each.is_sound = [&] {
        if (receiver.receive(genuine.view()).status != 200 || entries() != count) return false;
        const auto listed = store.list({.after = last}).value();
        if (listed.size() != 1) return false;
        const wh::entry& found = listed.front();
        last = found.number;
        return found.message_id == id && found.provider == wh::seatsio::scheme.name &&
               found.endpoint == "default" && found.event_type == "chart.published" &&
               found.body_size == genuine.body.size() &&
               found.proof == wh::message_proof{.timestamp = golden::now,
                                                .key_index = 0,
                                                .body_is_signed = true,
                                                .id_is_signed = true,
                                                .replay_possible = false};
    };
    try_all(each);
}

}  // namespace fault_injection

#endif
