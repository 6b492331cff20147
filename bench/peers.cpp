// SPDX-License-Identifier: MIT
// Verifies, decodes and dispatches one delivery again and again: what bench/peers does in other
// languages. With a file that it wrote before it prints how many nanoseconds each row takes.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/catalog.hpp>
#include <webhookpp/handlers.hpp>
#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/json/simdjson.hpp>
#include <webhookpp/parser.hpp>
#include <webhookpp/receiver.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/schemes/stripe.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/verifier.hpp>

#include "samples.hpp"

namespace {

namespace wh = webhookpp;

constexpr const char* stripe_secret = "whsec_32_bytes_of_secret_for_measuring";
constexpr const char* secret = "whsec_MzIgYnl0ZXMgb2Ygc2VjcmV0IGZvciBtZWFzdXJpbmc=";

struct item {
    std::string sku;
    std::string name;
    std::int64_t quantity = 0;
    double price = 0;
    static constexpr wh::member members[] = {{"sku", wh::field<&item::sku>},
                                             {"name", wh::field<&item::name>},
                                             {"quantity", wh::field<&item::quantity>},
                                             {"price", wh::field<&item::price>}};
};

/// What all six events have.
struct order {
    std::string id;
    std::string created;
    std::string customer;
    std::string email;
    std::string currency;
    double total = 0;
    bool paid = false;
    std::vector<item> items;
    static constexpr wh::member members[] = {{"id", wh::field<&order::id>},
                                             {"created", wh::field<&order::created>},
                                             {"customer", wh::field<&order::customer>},
                                             {"email", wh::field<&order::email>},
                                             {"currency", wh::field<&order::currency>},
                                             {"total", wh::field<&order::total>},
                                             {"paid", wh::field<&order::paid>},
                                             {"items", wh::field<&order::items>}};
};

struct order_event {
    using described_by = order_event;
    order data;
    static constexpr wh::member members[] = {{"data", wh::field<&order_event::data>}};
};

struct order_created : order_event {
    static constexpr std::string_view type = "order.created";
};
struct order_paid : order_event {
    static constexpr std::string_view type = "order.paid";
};
struct order_packed : order_event {
    static constexpr std::string_view type = "order.packed";
};
struct order_sent : order_event {
    static constexpr std::string_view type = "order.sent";
};
struct order_returned : order_event {
    static constexpr std::string_view type = "order.returned";
};
struct order_closed : order_event {
    static constexpr std::string_view type = "order.closed";
};

using orders =
    wh::catalog<order_created, order_paid, order_packed, order_sent, order_returned, order_closed>;

/// 1,024 bytes, as a server hands them over: seven headers of no account, and those that count.
nlohmann::json make_sample() {
    nlohmann::ordered_json items = nlohmann::ordered_json::array();
    for (int i = 0; i < 8; ++i) {
        items.push_back({{"sku", "chair-of-oak-" + std::to_string(100 + i)},
                         {"name", "A chair of oak, without arms"},
                         {"quantity", 1 + i},
                         {"price", 49.5 + i}});
    }
    nlohmann::ordered_json event{{"type", "order.sent"},
                                 {"data",
                                  {{"id", "ord_5d2b1c708a444c579d0e3f6a1b7c9e25"},
                                   {"created", "2024-01-10T10:03:02.147433Z"},
                                   {"customer", ""},
                                   {"email", "alex@example.com"},
                                   {"currency", "EUR"},
                                   {"total", 1890.5},
                                   {"paid", true},
                                   {"items", items}}}};
    event["data"]["customer"] = std::string(1024 - event.dump().size(), 'x');
    const std::string body = event.dump();

    const auto signed_by = [&](const wh::scheme& scheme, std::string_view key) {
        const auto made = wh::sign(scheme, wh::key::from_text(key),
                                   {.id = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
                                    .timestamp = static_cast<std::int64_t>(std::time(nullptr)),
                                    .body = body})
                              .value();
        header_list headers = usual_headers(body.size());
        headers.insert(headers.end(), made.headers.begin(), made.headers.end());
        return headers;
    };
    return {{"body", body},
            {"secret", secret},
            {"headers", signed_by(wh::schemes::standard_webhooks, secret)},
            {"stripe_secret", stripe_secret},
            {"stripe_headers", signed_by(wh::schemes::stripe, stripe_secret)}};
}

/// The nanoseconds that `run` takes, of which each call has to return true.
template <class Run>
double measure(double seconds, const Run& run) {
    using clock = std::chrono::steady_clock;
    const auto begin = clock::now();
    const auto end = begin + std::chrono::duration<double>(seconds);
    std::int64_t times = 0;
    auto now = begin;
    do {
        for (int i = 0; i < 100; ++i) {
            if (!run()) throw std::runtime_error("the delivery was not handled");
        }
        times += 100;
        now = clock::now();
    } while (now < end);
    return std::chrono::duration<double, std::nano>(now - begin).count() /
           static_cast<double>(times);
}

void print(const char* name, double nanoseconds) {
    std::printf("%s\t%.1f\n", name, nanoseconds);
}

template <class Engine, const wh::scheme& Scheme>
double measure_receiver(double seconds, std::string_view key, const wh::delivery& delivery) {
    std::size_t sent = 0;
    const wh::receiver receiver(
        wh::verifier<Scheme>(wh::key::from_text(key)), wh::parser<orders, Engine>(),
        wh::handlers{[&sent](const order_sent& event) { sent += event.data.items.size() == 8; },
                     [](const auto&) {}});
    return measure(seconds, [&] {
        const std::size_t before = sent;
        return receiver.receive(delivery).status == 200 && sent == before + 1;
    });
}

void measure_all(const nlohmann::json& sample, double seconds) {
    const auto body = sample["body"].get<std::string>();
    const auto headers = sample["headers"].get<header_list>();
    const auto stripe_headers = sample["stripe_headers"].get<header_list>();
    const wh::delivery delivery{.headers = headers, .body = body};
    const wh::delivery by_stripe{.headers = stripe_headers, .body = body};

    const wh::verifier<wh::schemes::standard_webhooks> verifier(wh::key::from_text(secret));
    print("verify", measure(seconds, [&] { return verifier.verify(delivery).has_value(); }));
    print("all, simdjson",
          measure_receiver<wh::json::simdjson_engine, wh::schemes::standard_webhooks>(
              seconds, secret, delivery));
    print("all, nlohmann",
          measure_receiver<wh::json::nlohmann_engine, wh::schemes::standard_webhooks>(
              seconds, secret, delivery));
    print("all, Stripe, simdjson", measure_receiver<wh::json::simdjson_engine, wh::schemes::stripe>(
                                       seconds, stripe_secret, by_stripe));
    print("parse, nlohmann",
          measure(seconds, [&] { return !nlohmann::json::parse(body).is_discarded(); }));
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc == 2) {
            std::ofstream(argv[1]) << make_sample();
            return EXIT_SUCCESS;
        }
        if (argc == 3) {
            measure_all(nlohmann::json::parse(std::ifstream(argv[1])), std::stod(argv[2]));
            return EXIT_SUCCESS;
        }
        std::fputs("usage: peers SAMPLE [SECONDS]\n", stderr);
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "%s\n", failed.what());
    }
    return EXIT_FAILURE;
}
