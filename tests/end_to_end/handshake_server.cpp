// SPDX-License-Identifier: MIT
// A server with one endpoint for each handshake, for handshakes_with_curl.sh. Keys come from the
// environment. The endpoints whose secret comes with the handshake expect it for the first minute.

#include <optional>
#include <string>
#include <string_view>

#include <webhookpp/handshakes/asana.hpp>
#include <webhookpp/handshakes/discord.hpp>
#include <webhookpp/handshakes/dropbox.hpp>
#include <webhookpp/handshakes/meta.hpp>
#include <webhookpp/handshakes/notion.hpp>
#include <webhookpp/handshakes/slack.hpp>
#include <webhookpp/handshakes/twitch.hpp>
#include <webhookpp/handshakes/zoom.hpp>
#include <webhookpp/schemes/asana.hpp>
#include <webhookpp/schemes/discord.hpp>
#include <webhookpp/schemes/dropbox.hpp>
#include <webhookpp/schemes/meta.hpp>
#include <webhookpp/schemes/notion.hpp>
#include <webhookpp/schemes/slack.hpp>
#include <webhookpp/schemes/twitch.hpp>
#include <webhookpp/schemes/zoom.hpp>
#include <webhookpp/webhookpp.hpp>

#include "webhook_server.hpp"

namespace wh = webhookpp;

namespace {

struct something {
    static constexpr std::string_view type = "something";
    std::optional<std::string> text;
    static constexpr wh::member members[] = {{"text", wh::field<&something::text>}};
};
using parser = wh::parser<wh::catalog<something>>;

template <const wh::scheme& Scheme>
using receiver = wh::receiver<wh::verifier<Scheme>, parser>;

template <const wh::scheme& Scheme>
receiver<Scheme> make(const wh::key& key, const wh::expected_handshake& expected) {
    const auto log = [](const wh::outcome& outcome) {
        std::string line = outcome.handshake ? "handshake" : "delivery";
        line += " " + std::to_string(outcome.status);
        if (outcome.error) line.append(" ").append(name(outcome.error->code));
        example::print(line);
    };
    return receiver<Scheme>{wh::verifier<Scheme>{key}, parser{}, wh::handlers{[](const auto&) {}},
                            wh::receiver_options{.handshake = expected, .log = log}};
}

wh::key key_in(const char* name) {
    return wh::key::from_environment(name);
}

template <const wh::scheme& Scheme>
void take_secret(wh::registration& setup, const receiver<Scheme>& endpoint) {
    setup.open(wh::seconds(60), [&endpoint](const wh::key& secret) {
        const auto used = endpoint.verifier().replace({secret});
        example::print(used ? "secret taken" : "secret refused");
    });
}

void serve(const example::address& where) {
    namespace handshakes = wh::handshakes;
    namespace schemes = wh::schemes;
    wh::registration asana_setup;
    wh::registration notion_setup;

    const auto slack = make<schemes::slack>(key_in("SLACK"), handshakes::slack);
    const auto zoom = make<schemes::zoom>(key_in("ZOOM"), handshakes::zoom);
    const auto twitch = make<schemes::twitch>(key_in("TWITCH"), handshakes::twitch);
    const auto discord = make<schemes::discord>(key_in("DISCORD"), handshakes::discord);
    const auto discord_events =
        make<schemes::discord>(key_in("DISCORD"), handshakes::discord_events);
    const auto meta = make<schemes::meta>(key_in("META"), {handshakes::meta, key_in("META_TOKEN")});
    const auto dropbox = make<schemes::dropbox>(key_in("DROPBOX"), handshakes::dropbox);
    const auto notion =
        make<schemes::notion>(wh::placeholder_key(), {handshakes::notion, notion_setup});
    const auto asana =
        make<schemes::asana>(wh::placeholder_key(), {handshakes::asana, asana_setup});
    take_secret(notion_setup, notion);
    take_secret(asana_setup, asana);

    example::webhook_server server;
    const auto add = [&server](const char* path, const auto& endpoint) {
        const auto receive = [&](const wh::delivery& request) { return endpoint.receive(request); };
        server.add(path, receive);
        server.add_get(path, receive);
    };
    add("/slack", slack);
    add("/zoom", zoom);
    add("/twitch", twitch);
    add("/discord", discord);
    add("/discord_events", discord_events);
    add("/meta", meta);
    add("/dropbox", dropbox);
    add("/notion", notion);
    add("/asana", asana);
    server.serve(where);
}

}  // namespace

int main(int argc, char** argv) {
    return example::run(
        "Answers the handshakes of all providers.", argc, argv, [](CLI::App& /*app*/) {}, serve);
}
