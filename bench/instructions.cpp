// SPDX-License-Identifier: MIT
// Runs one of the main paths a number of times, for callgrind: scripts/instruction-counts says how
// many instructions of the library's own each takes.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/handlers.hpp>
#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/json/simdjson.hpp>
#include <webhookpp/parser.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>
#include <webhookpp/receiver.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>

#include "../tests/scheme_keys.hpp"
#include "samples.hpp"

namespace {

namespace wh = webhookpp;

constexpr std::int64_t sent_at = 1'700'000'000;
constexpr const char* url = "https://hooks.example.com/in";

void require(bool expected) {
    if (!expected) throw std::runtime_error("the path ends elsewhere");
}

/// One path: what is run, with everything that it needs.
using path = std::function<void()>;

using verifier_type = wh::any_verifier<wh::testing::fixed_clock>;

struct sample {
    golden::key_pair keys;
    wh::testing::signed_delivery sent;

    sample(const wh::scheme& described, std::string body) : keys(golden::keys_for(described.key)) {
        sent.body = std::move(body);
        const auto made = wh::sign(described, keys.sign,
                                   {.id = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
                                    .timestamp = sent_at,
                                    .body = sent.body,
                                    .url = url})
                              .value();
        sent.target = wh::target_of(made.url);
        sent.headers = usual_headers(sent.body.size());
        sent.headers.insert(sent.headers.end(), made.headers.begin(), made.headers.end());
    }

    [[nodiscard]] verifier_type verifier(const wh::scheme& described) const {
        return {described, keys.verify, {.url = url}, {sent_at}};
    }
};

path verify(const wh::scheme& described) {
    const sample with(described, waitwhile_body(1));
    return [with, verifier = std::make_shared<verifier_type>(with.verifier(described))] {
        require(verifier->verify(with.sent.view()).has_value());
    };
}

path refuse(const wh::scheme& described) {
    sample with(described, waitwhile_body(1));
    with.sent.body.back() = ' ';
    return [with, verifier = std::make_shared<verifier_type>(with.verifier(described))] {
        const auto verdict = verifier->verify(with.sent.view());
        require(!verdict && verdict.error().code == wh::errc::signature_mismatch);
    };
}

template <class Catalog, class Engine>
path decode(std::string body) {
    return [body = std::move(body), parser = wh::parser<Catalog, Engine>()] {
        const auto event = parser.parse(wh::assume_verified(body, "made for measuring"));
        require(event && event->index() != 0);
    };
}

template <class Engine>
path receive() {
    const auto& described = wh::schemes::standard_webhooks;
    sample with(described, seatsio_body());
    auto handled = std::make_shared<std::size_t>(0);
    const wh::handlers count{[handled](const wh::seatsio::chart_published&) { ++*handled; }};
    wh::receiver receiver(with.verifier(described), wh::parser<wh::seatsio::catalog, Engine>(),
                          count);
    return [with, handled, receiver = std::make_shared<decltype(receiver)>(std::move(receiver))] {
        const std::size_t before = *handled;
        require(receiver->receive(with.sent.view()).status == 200 && *handled == before + 1);
    };
}

const std::map<std::string, std::function<path()>>& paths() {
    using wh::json::nlohmann_engine;
    using wh::json::simdjson_engine;
    static const std::map<std::string, std::function<path()>> all{
        {"verify Standard Webhooks", [] { return verify(wh::schemes::standard_webhooks); }},
        {"refuse Standard Webhooks", [] { return refuse(wh::schemes::standard_webhooks); }},
        {"verify Stripe", [] { return verify(wh::schemes::stripe); }},
        {"verify GitHub", [] { return verify(wh::schemes::github); }},
        {"verify Waitwhile", [] { return verify(wh::schemes::waitwhile); }},
        {"decode seats.io, nlohmann",
         [] { return decode<wh::seatsio::catalog, nlohmann_engine>(seatsio_body()); }},
        {"decode seats.io, simdjson",
         [] { return decode<wh::seatsio::catalog, simdjson_engine>(seatsio_body()); }},
        {"decode Waitwhile, nlohmann",
         [] { return decode<wh::waitwhile::catalog, nlohmann_engine>(waitwhile_body(1)); }},
        {"decode Waitwhile, simdjson",
         [] { return decode<wh::waitwhile::catalog, simdjson_engine>(waitwhile_body(1)); }},
        {"receive seats.io, nlohmann", [] { return receive<nlohmann_engine>(); }},
        {"receive seats.io, simdjson", [] { return receive<simdjson_engine>(); }},
    };
    return all;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 1) {
        for (const auto& [name, make] : paths()) std::puts(name.c_str());
        return EXIT_SUCCESS;
    }
    const auto found = argc == 3 ? paths().find(argv[1]) : paths().end();
    if (found == paths().end()) {
        std::fputs("usage: instructions [PATH TIMES], without arguments for all paths\n", stderr);
        return EXIT_FAILURE;
    }
    try {
        const path run = found->second();
        for (long left = std::strtol(argv[2], nullptr, 10); left > 0; --left) run();
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "%s: %s\n", argv[1], failed.what());
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
