// SPDX-License-Identifier: MIT
// The code of docs/testing.md: tests of a receiver, with deliveries that are signed and clocks that
// stand still.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/clock.hpp>
#include <webhookpp/inbox_receiver.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/stores/memory.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/manual_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/testing/store_conformance.hpp>
#include <webhookpp/webhookpp.hpp>
#include <webhookpp/worker.hpp>

namespace wh = webhookpp;

namespace {

struct order_paid {
    static constexpr std::string_view type = "order.paid";
    std::string number;
    static constexpr wh::member members[] = {{"number", wh::field<&order_paid::number>}};
};
using parser = wh::parser<wh::catalog<order_paid>>;

// A test framework's macro would say where.
int& failures() {
    static int count = 0;
    return count;
}
void CHECK(bool good) {
    if (!good) std::cout << "check " << ++failures() << " failed\n";
}

// [receiver]
// The program's own: tests give it another clock, and look at what it books.
template <wh::clock_source Clock = wh::system_clock>
auto make_receiver(const wh::key& secret, std::vector<std::string>& booked, Clock clock = {}) {
    return wh::receiver{
        wh::verifier<wh::schemes::standard_webhooks, Clock>{secret, {}, clock}, parser{},
        wh::handlers{[&booked](const order_paid& order) { booked.push_back(order.number); }}};
}
// [receiver]

void a_genuine_delivery_is_booked_and_no_other() {
    // [delivery]
    const auto secret = wh::key::from_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
    const std::int64_t now = 1'700'000'000;
    std::vector<std::string> booked;
    const auto receiver = make_receiver(secret, booked, wh::testing::fixed_clock{now});

    auto sent = wh::testing::sign_delivery(wh::schemes::standard_webhooks, secret,
                                           R"({"type":"order.paid","number":"A-1"})", now);
    CHECK(receiver.receive(sent.view()).status == 200);
    CHECK(booked == std::vector<std::string>{"A-1"});

    sent.body.replace(sent.body.find("A-1"), 3, "A-2");  // forged
    CHECK(receiver.receive(sent.view()).status == 401);

    const auto stale =
        wh::testing::sign_delivery(wh::schemes::standard_webhooks, secret,
                                   R"({"type":"order.paid","number":"A-3"})", now - 301);
    CHECK(receiver.receive(stale.view()).status == 401);
    CHECK(booked.size() == 1);
    // [delivery]
}

void a_recorded_delivery_is_still_decoded() {
    std::ofstream("delivery.json") << R"({"type":"order.paid","number":"A-1"})";
    const auto secret = wh::key::from_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
    std::vector<std::string> booked;
    // [recorded]
    std::ifstream file("delivery.json", std::ios::binary);
    const std::string body(std::istreambuf_iterator<char>(file), {});
    const std::vector<std::pair<std::string, std::string>> headers{
        {"webhook-id", "msg_1"},
        {"webhook-timestamp", "1700000000"},
        {"webhook-signature", "v1,yTnp2skqz5G6xwQtfZSaG48C81HGYU1Ymhy+rDoaYxI="}};

    const auto receiver = make_receiver(secret, booked, wh::testing::fixed_clock{1'700'000'000});
    CHECK(receiver.receive({headers, body}).status == 200);
    // [recorded]
    CHECK(booked.size() == 1);
    static_cast<void>(std::remove("delivery.json"));
}

void a_retry_is_not_booked_again() {
    const auto secret = wh::key::from_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
    std::vector<std::string> booked;
    // [retry]
    const wh::testing::manual_clock clock;  // copies show the same time
    const wh::receiver receiver{
        wh::verifier<wh::schemes::standard_webhooks, wh::testing::manual_clock>{secret, {}, clock},
        parser{}, wh::replay_guard{wh::stores::memory(), wh::schemes::standard_webhooks, {}, clock},
        wh::handlers{[&](const order_paid& order) { booked.push_back(order.number); }}};

    for (int attempt = 0; attempt < 2; ++attempt) {  // with a new time and signature, as a retry is
        const auto sent = wh::testing::sign_delivery(wh::schemes::standard_webhooks, secret,
                                                     R"({"type":"order.paid","number":"A-1"})",
                                                     clock.now(), "msg_1");
        CHECK(receiver.receive(sent.view()).status == 200);
        clock.advance(3'600'000);  // an hour later
    }
    CHECK(booked.size() == 1);
    // [retry]
}

void what_fails_is_tried_again() {
    const auto secret = wh::key::from_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
    // [inbox]
    const wh::testing::manual_clock clock;
    const wh::inbox inbox{wh::stores::memory(), {}, clock};
    const wh::inbox_receiver receiver{
        wh::verifier<wh::schemes::standard_webhooks, wh::testing::manual_clock>{secret, {}, clock},
        parser{},
        inbox,
        {.endpoint = "orders"}};
    int attempts = 0;
    wh::worker worker{inbox};
    worker.handle("orders", parser{}, wh::handlers{[&](const order_paid&) {
                      if (++attempts == 1) throw std::runtime_error("the printer is out of paper");
                  }});

    const auto sent =
        wh::testing::sign_delivery(wh::schemes::standard_webhooks, secret,
                                   R"({"type":"order.paid","number":"A-1"})", clock.now());
    CHECK(receiver.receive(sent.view()).status == 200);  // stored, and not handled yet
    CHECK(worker.run_one().value());                     // fails
    clock.advance(1'000);                                // at most a second later it is due again
    CHECK(worker.run_one().value());
    CHECK(!worker.run_one().value());  // nothing is left
    CHECK(attempts == 2);
    CHECK(inbox.store().find(1).value()->state == wh::entry_state::done);
    // [inbox]
}

void a_store_keeps_the_rules() {
    using my_store = wh::stores::memory;
    // [store]
    const auto broken = wh::testing::check_replay_store([] { return my_store(); },
                                                        {.concurrent_operations = 10'000});
    for (const std::string& each : broken) std::cout << each << '\n';  // a rule, and what was found
    CHECK(broken.empty());
    // [store]
}

}  // namespace

int main() try {
    a_genuine_delivery_is_booked_and_no_other();
    a_recorded_delivery_is_still_decoded();
    a_retry_is_not_booked_again();
    what_fails_is_tried_again();
    a_store_keeps_the_rules();
    std::cout << failures() << " failures\n";
    return failures() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
