// SPDX-License-Identifier: MIT
// What the single header holds: verification, typed events, providers, inboxes, schemes by name,
// explanations, signed deliveries.
#include "greeting.hpp"

namespace {

namespace wh = webhookpp;

const char* const created =
    R"({"type":"chart.created","id":1,"timestamp":"2024-01-10T10:03:02Z","data":{"workspaceKey":"w","key":"k"}})";

/// Whether what a sender signs is stored once, and handled.
bool handles_from_an_inbox() {
    const vector like;
    const auto sent = wh::testing::sign_delivery(wh::seatsio::scheme, like.secret, created,
                                                 wh::system_clock().now());
    const wh::inbox inbox{wh::stores::memory()};
    const wh::inbox_receiver receiver{wh::verifier<wh::seatsio::scheme>{like.secret},
                                      wh::parser<wh::seatsio::catalog>{},
                                      inbox,
                                      {.endpoint = "charts"}};
    std::string handled;
    wh::worker worker{inbox};
    worker.handle("charts", wh::parser<wh::seatsio::catalog>{},
                  wh::handlers{[&handled](const wh::seatsio::chart_created& event) {
                      handled += event.data.key;
                  }});
    for (int i = 0; i < 2; ++i) {
        if (receiver.receive(sent.view()).status != 200) return false;
    }
    for (int i = 0; i < 2; ++i) static_cast<void>(worker.run_one());
    return handled == "k";
}

/// Whether a scheme that is found by its name verifies, and its refusal is explained.
bool finds_and_explains() {
    vector sent;
    const wh::scheme* const described = wh::schemes::find("standard_webhooks");
    if (!described) return false;
    const wh::any_verifier verifier{*described, sent.secret, any_age};
    if (!verifier.verify({.headers = sent.headers, .body = sent.body})) return false;
    sent.body += '\n';
    const auto why = wh::explain(*described, std::span(&sent.secret, 1),
                                 {.headers = sent.headers, .body = sent.body}, any_age, 1614265330);
    return why.causes.size() == 1 && why.causes.front().which == wh::cause::newline_added;
}

}  // namespace

int main() {
    return verifies() && receives<wh::json::nlohmann_engine>() && handles_from_an_inbox() &&
                   finds_and_explains()
               ? 0
               : 1;
}
