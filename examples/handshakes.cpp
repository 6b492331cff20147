// SPDX-License-Identifier: MIT
// Endpoints that answer the handshakes of their providers: a signed one, one that shows a token,
// one that brings the secret, and one of your own. Sends each its handshake and prints the answer.

#include <cstdint>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <webhookpp/handshakes/asana.hpp>
#include <webhookpp/handshakes/meta.hpp>
#include <webhookpp/handshakes/slack.hpp>
#include <webhookpp/schemes/asana.hpp>
#include <webhookpp/schemes/meta.hpp>
#include <webhookpp/schemes/slack.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/webhookpp.hpp>

namespace wh = webhookpp;

namespace {

// What an endpoint wants to hear of is not the subject here.
struct task_added {
    static constexpr std::string_view type = "task_added";
    std::int64_t id = 0;
    static constexpr wh::member members[] = {{"id", wh::field<&task_added::id>}};
};
using parser = wh::parser<wh::catalog<task_added>>;
const wh::handlers handlers{[](const auto&) {}};

void print(const wh::reply& reply) {
    std::cout << reply.status << '\n';
    for (const auto& [name, value] : reply.headers) {
        std::cout << name << ": " << value.view() << '\n';
    }
    std::cout << '\n' << reply.body.view() << "\n\n";
}

wh::testing::signed_delivery signed_now(const wh::scheme& described, const wh::key& key,
                                        std::string body) {
    return wh::testing::sign_delivery(described, key, std::move(body), wh::system_clock().now());
}

using header_list = std::vector<std::pair<std::string, std::string>>;

// The program's own.
void store(const wh::key& /*secret*/) {}
void report(const wh::error& /*why*/) {}

// [signed] Signed handshakes are verified as events are, and then answered.
auto slack_receiver(const wh::key& signing_secret) {
    return wh::receiver{wh::verifier<wh::schemes::slack>{signing_secret},
                        parser{},
                        handlers,
                        {.handshake = wh::handshakes::slack}};
}
// [signed]

// [token] Meta asks with a GET that shows the verify token of the App Dashboard.
auto meta_receiver(const wh::key& app_secret, const wh::key& verify_token) {
    return wh::receiver{wh::verifier<wh::schemes::meta>{app_secret},
                        parser{},
                        handlers,
                        {.handshake = {wh::handshakes::meta, verify_token}}};
}
// [token]

// [target] The server hands over method and target too, and routes GET to the receiver.
template <class Receiver>
wh::reply receive_get(const Receiver& receiver, const header_list& headers,
                      const std::string& target) {
    return receiver.receive({.headers = headers, .method = "GET", .target = target});
}
// [target]

// [registration] Until the secret is there, no delivery is genuine.
auto asana_receiver(wh::registration& setup) {
    return wh::receiver{wh::verifier<wh::schemes::asana>{wh::placeholder_key()},
                        parser{},
                        handlers,
                        {.handshake = {wh::handshakes::asana, setup}}};
}
// [registration]

// [open] Called right before the request that creates the webhook. If `store` throws, Asana gets
// 500: it is only told 200 when the secret is safe.
template <class Receiver>
void expect_secret(const Receiver& receiver, wh::registration& setup) {
    setup.open(wh::seconds(60), [&receiver](const wh::key& secret) {
        store(secret);
        if (const auto used = receiver.verifier().replace({secret}); !used) report(used.error());
    });
}
// [open]

// [own] A handshake of your own: what tells it from events, what is answered.
using namespace wh::handshakes;
constexpr wh::handshake my_handshake{
    .name = "mine",
    .marker = {.field = in_body("kind"), .text = "hello"},
    .challenge = in_body("data.nonce"),
    .answer = {.content_type = json_text, .body = {R"({"nonce":")", challenge, R"("})"}},
};
// [own]

}  // namespace

int main() {
    const auto secret = wh::key::from_text("8f742231b10e8888abcd99yyyzzz85a5");

    const auto verification =
        signed_now(wh::schemes::slack, secret,
                   R"({"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY"})");
    print(slack_receiver(secret).receive(verification.view()));

    const auto pages = meta_receiver(secret, wh::key::from_text("meatyhamhock"));
    print(receive_get(pages, {},
                      "/webhooks/meta?hub.mode=subscribe&hub.challenge=1158201444"
                      "&hub.verify_token=meatyhamhock"));

    wh::registration setup;
    const auto tasks = asana_receiver(setup);
    expect_secret(tasks, setup);
    const header_list brought{
        {"X-Hook-Secret", "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5"}};
    print(tasks.receive({.headers = brought}));
    print(tasks.receive({.headers = brought}));  // the registration is closed by now
    const auto event = signed_now(wh::schemes::asana, wh::key::from_text(brought[0].second),
                                  R"({"type":"task_added","id":1})");
    print(tasks.receive(event.view()));

    const wh::receiver own{
        wh::verifier<wh::schemes::slack>{secret}, parser{}, handlers, {.handshake = my_handshake}};
    const auto hello =
        signed_now(wh::schemes::slack, secret, R"({"kind":"hello","data":{"nonce":"n0nce"}})");
    print(own.receive(hello.view()));
    return 0;
}
