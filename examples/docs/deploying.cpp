// SPDX-License-Identifier: MIT
// The code of docs/deploying.md: how a receiver is set up in production, and what it logs.

#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include <webhookpp/providers/waitwhile.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/webhookpp.hpp>

namespace wh = webhookpp;

namespace {

// [log]
// A line for each delivery. No body and no header: they hold personal data, and tokens. Ids are
// visible ASCII, so nobody can begin another line with one.
void log(const wh::outcome& outcome) {
    std::string line = "webhook " + std::to_string(outcome.status);
    if (outcome.error) {
        line.append(" ").append(name(outcome.error->code)).append(" ").append(outcome.error->where);
    }
    if (outcome.message != nullptr) {
        if (!outcome.message->id().empty()) line.append(" id=").append(outcome.message->id());
        line += " key=" + std::to_string(outcome.message->key_index().value_or(0));
        if (outcome.message->skipped_tokens() > 0) line += " skipped";
    }
    if (outcome.duplicate) line += " duplicate";
    if (!outcome.error && !outcome.duplicate && !outcome.handled) line += " unhandled";
    std::clog << line + '\n';
}
// [log]

auto make_receiver() {
    const wh::handlers handlers{[](const wh::waitwhile::visit_created& /*event*/) {}};
    // [receiver]
    return wh::receiver{
        wh::verifier<wh::waitwhile::scheme>{
            wh::key::from_environment("WAITWHILE_SECRET"),
            {.limits = {.body = 262'144},                              // that of the proxy
             .url = "https://hooks.example.com/webhooks/waitwhile"}},  // as Waitwhile calls it
        wh::parser<wh::waitwhile::catalog>{},
        handlers,
        {.log = log}};
    // [receiver]
}

}  // namespace

int main() try {
    std::clog.rdbuf(std::cout.rdbuf());
    setenv("WAITWHILE_SECRET", "a secret of Waitwhile", 1);
    const auto receiver = make_receiver();
    auto sent = wh::testing::sign_delivery(
        wh::waitwhile::scheme, wh::key::from_environment("WAITWHILE_SECRET"),
        R"({"id":"e1","created":"2024-05-19T15:00:00Z","accountId":"a","type":"visit.renamed"})",
        wh::system_clock().now(), {}, "https://hooks.example.com/webhooks/waitwhile");
    std::cout << receiver.receive(sent.view()).status << '\n';
    sent.body += ' ';
    std::cout << receiver.receive(sent.view()).status << '\n';
    sent.body.assign(std::size_t{256} * 1024 + 1, ' ');
    std::cout << receiver.receive(sent.view()).status << '\n';
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
