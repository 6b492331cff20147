// SPDX-License-Identifier: MIT
// The code of README.md, each snippet in the surroundings that a reader would give it.

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <webhookpp/inbox_receiver.hpp>
#include <webhookpp/stores/sqlite.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/workers.hpp>

// [receiver]
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/webhookpp.hpp>
// [receiver]

namespace {

// What the snippets take for granted: a server like cpp-httplib's, and functions of the program.
using request_type = webhookpp::testing::signed_delivery;
struct response_type {
    int status = 0;
};
struct server_type {
    void Post(const char* /*path*/, std::function<void(const request_type&, response_type&)> f) {
        handler = std::move(f);
    }
    std::function<void(const request_type&, response_type&)> handler = {};
};
void sync_categories(std::string_view workspace, std::string_view chart) {
    std::cout << "categories of " << workspace << ' ' << chart << '\n';
}
void refresh(std::string_view key) {
    std::cout << "channels of " << key << '\n';
}
void note(std::string_view what, std::string_view type) {
    std::cout << what << ' ' << type << '\n';
}
void use(std::string_view id, std::string_view /*body*/, std::optional<std::size_t> key_index) {
    std::cout << id << " with key " << key_index.value_or(99) << '\n';
}
request_type signed_now(const char* variable, std::string body) {
    return webhookpp::testing::sign_delivery(
        webhookpp::schemes::standard_webhooks, webhookpp::key::from_environment(variable),
        std::move(body), webhookpp::system_clock().now(), "msg_1");
}

void receive(server_type& server) {
    // [receiver]
    namespace wh = webhookpp;
    using namespace wh::seatsio;

    wh::receiver receiver{
        wh::verifier<wh::seatsio::scheme>{wh::key::from_environment("SEATSIO_SECRET")},
        wh::parser<wh::seatsio::catalog>{},
        wh::handlers{
            [](const chart_published& e) { sync_categories(e.data.workspace_key, e.data.key); },
            [](const event_channels_updated& e) { refresh(e.data.key); },
            [](const wh::unknown_event& e) { note("new event type", e.type); }}};

    // In any server; this is cpp-httplib:
    server.Post("/webhooks/seatsio", [&](const auto& request, auto& response) {
        const wh::reply reply = receiver.receive({request.headers, request.body});
        response.status = reply.status;  // and reply.headers, reply.body
    });
    // [receiver]

    for (const char* type : {"chart.published", "event.channels.updated", "chart.renamed"}) {
        response_type response;
        server.handler(
            signed_now("SEATSIO_SECRET", std::string(R"({"id":1,"type":")") + type +
                                             R"(","timestamp":"2024-01-10T10:03:02Z",)"
                                             R"("data":{"workspaceKey":"ws-1","key":"thing-1"}})"),
            response);
        std::cout << response.status << '\n';
    }
}

namespace wh = webhookpp;

wh::reply verify(const request_type& request) {
    // [verifier]
    const wh::verifier<wh::schemes::standard_webhooks> verifier{
        {wh::key::from_environment("SECRET"), wh::key::from_environment("OLD_SECRET")}};

    const auto message = verifier.verify({request.headers, request.body});
    if (!message) return wh::refusal_reply(message.error().code);  // and log name(code)
    use(message->id(), message->body(), message->key_index());
    return wh::accepted_reply();
    // [verifier]
}

// [event]
struct order_placed {
    static constexpr std::string_view type = "order.placed";
    std::int64_t id = 0;
    wh::timestamp at;
    std::optional<std::string> note;
    static constexpr wh::member members[] = {{"id", wh::field<&order_placed::id>},
                                             {"at", wh::field<&order_placed::at>},
                                             {"note", wh::field<&order_placed::note>}};
};
using orders = wh::catalog<order_placed>;
// [event]

void parse(const wh::result<wh::verified_message>& message) {
    // [event]
    const auto event = wh::parser<orders>().parse(*message);
    // [event]
    std::cout << "order " << std::get<order_placed>(event.value()).id << '\n';
}

void store_first(const request_type& request) {
    // [inbox]
    wh::inbox inbox{wh::stores::sqlite("inbox.db")};
    wh::inbox_receiver receiver{
        wh::verifier<wh::schemes::standard_webhooks>{wh::key::from_environment("SECRET")},
        wh::parser<orders>{},
        inbox,
        {.endpoint = "orders"}};

    wh::worker worker{inbox};
    worker.handle("orders", wh::parser<orders>{},
                  wh::handlers{[](const order_placed& order, wh::work<wh::stores::sqlite>& work) {
                      // Committed together with the end of the attempt: exactly once.
                      const std::string id = std::to_string(order.id);
                      work.transaction().execute("INSERT INTO orders(id) VALUES($1)", {id}).value();
                  }});
    // [inbox]

    inbox.store().execute("CREATE TABLE orders(id)").value();
    std::cout << receiver.receive(request.view()).status << '\n';
    std::cout << receiver.receive(request.view()).status << '\n';
    {
        // [inbox]
        wh::workers workers{std::move(worker)};
        // [inbox]
        for (int i = 0; i < 500 && inbox.store().backlog().value().entries != 0; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
    std::cout << inbox.store().backlog().value().entries << " wait\n";
}

}  // namespace

int main() try {
    const auto directory = std::filesystem::temp_directory_path() / "webhookpp-readme-XXXXXX";
    std::string name = directory.string();
    if (mkdtemp(name.data()) == nullptr) return 1;
    std::filesystem::current_path(name);

    setenv("SEATSIO_SECRET", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", 1);
    setenv("SECRET", "whsec_MTIzNDU2Nzg5MGFiY2RlZjAxMjM0NTY3", 1);
    setenv("OLD_SECRET", "whsec_MjM0NTY3ODkwMWFiY2RlZjAxMjM0NTY3", 1);

    server_type server;
    receive(server);

    const auto request =
        signed_now("OLD_SECRET", R"({"type":"order.placed","id":7,"at":"2024-01-10T10:03:02Z"})");
    std::cout << verify(request).status << '\n';
    parse(wh::verifier<wh::schemes::standard_webhooks>{wh::key::from_environment("OLD_SECRET")}
              .verify(request.view()));
    store_first(signed_now("SECRET", request.body));

    std::filesystem::current_path("/");
    std::filesystem::remove_all(name);
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
