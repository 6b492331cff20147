// SPDX-License-Identifier: MIT
// What receivers and workers do with a store.
#ifndef WEBHOOKPP_TESTS_FAULT_INJECTION_RECEIVER_PATHS_HPP
#define WEBHOOKPP_TESTS_FAULT_INJECTION_RECEIVER_PATHS_HPP

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>

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
    bool done = false;
    wh::worker worker(inbox, {.log = [&](const wh::attempt_outcome& ended) {
                          done = ended.state == wh::entry_state::done && !ended.lost;
                      }});
    worker.handle("default", simdjson_parser(),
                  wh::handlers{[&](const wh::seatsio::chart_published&, wh::work<Store>& of) {
                      ++handled;
                      written.write(of.transaction(), of.entry().message_id).value();
                  }});
    auto each = facts.path_of(
        "a worker handles an entry",
        [&] {
            done = false;
            const auto had_one = worker.run_one();
            return had_one ? outcome{*had_one && done} : of(had_one);
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
            const bool at_once = done;
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
    const wh::receiver receiver{
        golden::verifier(sent.key, {}, {golden::now}), simdjson_parser(),
        wh::replay_guard(store, wh::seatsio::scheme, {}, set_clock{&now}),
        wh::handlers{[&](const wh::seatsio::chart_published&) { ++handled; }}};
    const auto receive = [&](const wh::testing::signed_delivery& each) {
        return of(receiver.receive(each.view()));
    };
    auto each = facts.path_of(
        "guarded receiver: genuine",
        [&] {
            const outcome found = receive(sent.genuine);
            return outcome{found.done && handled == 1, found.why};
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
    each.reasons = unavailable;
    each.may_overcome = true;  // what is handled is accepted, whether or not that is remembered
    try_all(each);
    each.name = facts.name + ": guarded receiver: forged";
    each.run = [&] { return receive(sent.forged); };
    each.is_sound = [&] { return handled == 0; };
    try_all(each);
}

/// A receiver with an inbox.
template <class Store>
void try_inbox_receiver(const store_facts& facts, Store store) {
    const deliveries sent;
    const wh::inbox<Store> inbox(store);
    const wh::inbox_receiver<golden::verifier, simdjson_parser, wh::inbox<Store>> receiver(
        golden::verifier(sent.key, {}, {golden::now}), simdjson_parser(), inbox,
        {.endpoint = "default"});
    const auto entries = [&store] { return store.stats().value().ready; };
    auto each = facts.path_of(
        "inbox receiver: forged", [&] { return of(receiver.receive(sent.forged.view())); }, {},
        [&] { return entries() == 0; });
    each.reasons = unavailable;
    try_all(each);
    each.name = facts.name + ": inbox receiver: genuine";
    each.run = [&] { return of(receiver.receive(sent.genuine.view())); };
    each.is_sound = [&] {
        return receiver.receive(sent.genuine.view()).status == 200 && entries() == 1;
    };
    try_all(each);
}

}  // namespace fault_injection

#endif
