// SPDX-License-Identifier: MIT
// Verifies, remembers and stores with what returns errors as values.
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <webhookpp/inbox.hpp>
#include <webhookpp/replay_guard.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/stores/memory.hpp>
#include <webhookpp/verifier.hpp>

#if defined(__cpp_exceptions) || defined(__cpp_rtti)
#error "to be compiled without exceptions and run-time types"
#endif

namespace wh = webhookpp;

int main() {
    constexpr const auto& scheme = wh::schemes::standard_webhooks;
    if (wh::key::try_from_text("").error().code != wh::errc::empty_key) return 1;
    const auto key = wh::key::try_from_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
    if (!key) return 2;
    const auto verifier = wh::verifier<scheme>::try_create(std::span(&*key, 1));
    if (!verifier) return 3;

    const std::string body = R"({"type":"greeting.sent"})";
    const auto made = wh::sign(
        scheme, *key, {.id = "msg_1", .timestamp = wh::system_clock().now(), .body = body});
    if (!made) return 4;
    const auto message = verifier->verify({.headers = made->headers, .body = body});
    if (!message) return 5;
    const std::string other = body + ' ';
    const auto forged = verifier->verify({.headers = made->headers, .body = other});
    if (forged || forged.error().code != wh::errc::signature_mismatch) return 6;

    const wh::stores::memory store;
    const auto guard = wh::replay_guard<wh::stores::memory>::try_create(store, scheme);
    if (!guard ||
        wh::replay_guard<wh::stores::memory>::try_create(store, scheme, {.endpoint = ""})) {
        return 7;
    }
    const auto fresh = guard->reserve(*message);
    if (!fresh || !fresh->is_fresh() || !guard->commit(*fresh).value_or(false)) return 8;
    const auto again = guard->reserve(*message);
    if (!again || again->is_fresh()) return 9;

    const auto inbox = wh::inbox<wh::stores::memory>::try_create(store);
    if (!inbox) return 10;
    const wh::arrival from{.as = {.provider = scheme.name, .endpoint = "greetings"}};
    if (inbox->accept(*message, from).value_or(wh::acceptance::duplicate) !=
        wh::acceptance::stored) {
        return 11;
    }
    if (inbox->accept(*message, from).value_or(wh::acceptance::stored) !=
        wh::acceptance::duplicate) {
        return 12;
    }
    return 0;
}
