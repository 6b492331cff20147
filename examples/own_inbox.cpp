// SPDX-License-Identifier: MIT
// Orders that are booked once each, whatever crashes: deliveries go into an inbox, and handlers
// write to its database. Sends a few deliveries to itself and prints what becomes of them.

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>

#include <webhookpp/inbox_receiver.hpp>
#include <webhookpp/stores/memory.hpp>
#include <webhookpp/stores/sqlite.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/webhookpp.hpp>
#include <webhookpp/workers.hpp>

namespace wh = webhookpp;

namespace {

struct order_paid {
    static constexpr std::string_view type = "order.paid";
    std::string number;
    std::int64_t cents = 0;
    static constexpr wh::member members[] = {
        {"number", wh::field<&order_paid::number>},
        {"cents", wh::field<&order_paid::cents>},
    };
};
using parser = wh::parser<wh::catalog<order_paid>>;
using verifier = wh::verifier<wh::schemes::standard_webhooks>;
using store = wh::stores::sqlite;

// What the rest of the program knows.
bool& warehouse_is_open() {
    static bool open = false;
    return open;
}

// [receiver] Answers with 200 when a delivery is stored: now, or when it came before.
auto make_receiver(const wh::key& secret, const wh::inbox<store>& inbox) {
    return wh::inbox_receiver{verifier{secret}, parser{}, inbox, {.endpoint = "orders"}};
}
// [receiver]

// [worker] Handles what was stored. What it writes in the transaction is committed together with
// the end of the attempt: both, or none.
auto make_worker(const wh::inbox<store>& inbox) {
    wh::worker worker{inbox};
    worker.handle("orders", parser{},
                  wh::handlers{[](const order_paid& order, wh::work<store>& work) {
                      if (order.cents < 0)
                          return wh::disposition::dead("an order of less than nothing");
                      if (!warehouse_is_open())
                          return wh::disposition::retry_after(wh::seconds(0), "closed");
                      work.transaction()
                          .execute("INSERT INTO bookings(number, cents) VALUES($1, $2)",
                                   {order.number, std::to_string(order.cents)})
                          .value();
                      return wh::disposition::done();
                  }});
    return worker;
}
// [worker]

// [threads] Four handlers at a time, until the program is asked to end.
void run(const wh::inbox<store>& inbox, void (*serve)()) {
    wh::workers workers{make_worker(inbox), {.threads = 4}};
    serve();  // returns when the HTTP server has stopped
    workers.stop(wh::seconds(10));
}
// [threads]

// [guard] Without an inbox: the handler runs before the answer, and once for each message.
auto make_guarded_receiver(const wh::key& secret, const store& keys) {
    return wh::receiver{
        verifier{secret}, parser{},
        wh::replay_guard{keys, wh::schemes::standard_webhooks, {.endpoint = "orders"}},
        wh::handlers{[](const order_paid& order) { std::cout << order.number << " paid\n"; }}};
}
// [guard]

wh::testing::signed_delivery order(const wh::key& secret, std::string_view id,
                                   const std::string& number, const std::string& cents) {
    return wh::testing::sign_delivery(
        wh::schemes::standard_webhooks, secret,
        R"({"type":"order.paid","number":")" + number + R"(","cents":)" + cents + "}",
        wh::system_clock().now(), id);
}

// Has everything handled that is ready.
void work_off(const wh::worker<wh::inbox<store>>& worker) {
    for (int i = 0; i < 100 && worker.run_one().value(); ++i) {
        if (!warehouse_is_open()) return;
    }
}

void print_entries(store& from) {
    const auto entries = from.list({}).value();
    for (const wh::entry& each : entries) {
        std::cout << each.message_id << ": " << name(each.state) << ", attempts " << each.attempts
                  << ", duplicates " << each.duplicates
                  << (each.last_error.empty() ? "" : ", " + each.last_error) << '\n';
    }
}

void show_inbox(const std::string& file) {
    const auto secret = wh::key::from_text("whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ubw==");
    store database(file);
    database.execute("CREATE TABLE bookings(number TEXT NOT NULL, cents INTEGER NOT NULL)").value();
    const wh::inbox inbox{database};
    const auto receiver = make_receiver(secret, inbox);
    const auto first = order(secret, "msg_1", "A-1", "1250");
    for (const auto& delivery :
         {first, first, order(secret, "msg_2", "A-2", "-1"),
          order(wh::key::from_text("whsec_c29tZWJvZHkgZWxzZXMga2V5IQ=="), "msg_3", "A-3", "1")}) {
        std::cout << receiver.receive(delivery.view()).status << '\n';
    }
    const auto worker = make_worker(inbox);
    work_off(worker);
    print_entries(database);
    warehouse_is_open() = true;
    work_off(worker);
    print_entries(database);
    const auto guarded = make_guarded_receiver(secret, database);
    for (int i = 0; i < 2; ++i) std::cout << guarded.receive(first.view()).status << '\n';
}

}  // namespace

int main() try {
    std::string directory = (std::filesystem::temp_directory_path() / "own_inbox_XXXXXX").string();
    if (!mkdtemp(directory.data())) return EXIT_FAILURE;
    show_inbox(directory + "/inbox.db");
    std::filesystem::remove_all(directory);
    static_cast<void>(run);
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
