// SPDX-License-Identifier: MIT
// Handshakes: whatever fails, each is answered as it has to be or refused, none is taken for an
// event, and a secret is taken once, with the answer that says so.
#include <webhookpp/receiver.hpp>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/handlers.hpp>
#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/json/simdjson.hpp>
#include <webhookpp/parser.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/registration.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>

#include "../golden.hpp"
#include "../handshake_fixture.hpp"
#include "../scheme_keys.hpp"
#include "parts.hpp"
#include "path.hpp"

namespace wh = webhookpp;
using namespace fault_injection;

namespace {

constexpr const char* secret = "secret_of_the_registration_0123456789abcdef";

// What shows nothing of the kind, in place of a signature.
wh::testing::signed_delivery unsigned_delivery(std::string body) {
    return {.headers = {{"Host", "hooks.example.com"}}, .body = std::move(body)};
}
wh::testing::signed_delivery signed_with(const char* key, const wh::scheme& scheme,
                                         std::string body) {
    return wh::testing::sign_delivery(scheme, wh::key::from_text(key), std::move(body),
                                      golden::now);
}

template <class Engine>
class handshake_paths {
public:
    explicit handshake_paths(std::string engine) : engine_(std::move(engine)) {}

    void try_each() {
        try_signed();
        try_shown();
        try_brought();
    }

private:
    // Takes an event that it does not know too, as what would be left of a handshake.
    auto receiver(const wh::scheme& scheme, wh::expected_handshake expected) {
        return wh::receiver{wh::any_verifier<wh::testing::fixed_clock>(
                                scheme, golden::keys_for(scheme.key).verify, {}, {golden::now}),
                            wh::parser<wh::seatsio::catalog, Engine>(),
                            wh::handlers{[this](const auto&) { ++events_; }},
                            {.handshake = std::move(expected)}};
    }

    template <class Receiver>
    path path_of(const char* name, const Receiver& receiver, const wh::delivery& request,
                 outcome expected) {
        return {.name = engine_ + ", handshake: " + name,
                .run =
                    [this, &receiver, &request] {
                        const wh::reply answer = receiver.receive(request);
                        const unwatched here;
                        is_answered_ = answer.status == 200;
                        return answered(answer.status,
                                        is_answered_ ? shaken::text_of(answer) : std::string());
                    },
                .expected = std::move(expected),
                .reasons = unavailable,
                .before = [this] { events_ = 0; },
                .is_sound = [this] { return events_ == 0; }};
    }

    template <class Receiver>
    void try_request(const char* name, const Receiver& receiver,
                     const wh::testing::signed_delivery& sent, outcome expected) {
        const auto request = sent.view();
        try_all(path_of(name, receiver, request, std::move(expected)));
    }

    // Those that are signed as events are.
    void try_signed() {
        const auto slack = receiver(wh::schemes::slack, wh::handshakes::slack);
        auto sent =
            signed_with("a-token", wh::schemes::slack,
                        R"({"type":"url_verification","challenge":"a-challenge-of-some-length"})");
        try_request("signed", slack, sent,
                    answered(200, shaken::plain(200, "a-challenge-of-some-length")));
        sent.body.insert(sent.body.size() - 1, " ");
        try_request("signed, forged", slack, sent, answered(401));

        const auto zoom = receiver(wh::schemes::zoom, wh::handshakes::zoom);
        sent = signed_with(
            "a-token", wh::schemes::zoom,
            R"({"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}})");
        // As `openssl dgst -sha256 -hmac a-token` says.
        try_request("signed, with a MAC", zoom, sent,
                    answered(200, shaken::json(
                                      R"({"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":")"
                                      "07b107c7feba2b4b78d3c1dfc86bc9f4"
                                      R"(538265a4eb6c9ad457c578afdc6bd6b8"})")));
        sent.body.insert(sent.body.size() - 1, " ");
        try_request("signed, with a MAC, forged", zoom, sent, answered(401));
    }

    // Those that show a token, or nothing.
    void try_shown() {
        const auto meta =
            receiver(wh::schemes::meta, {wh::handshakes::meta, wh::key::from_text("verify-token")});
        auto sent = unsigned_delivery("");
        auto request = sent.view();
        request.method = "GET";
        request.target = "/in?hub.mode=subscribe&hub.verify_token=verify-token&hub.challenge=1158";
        auto each =
            path_of("shows a token", meta, request, answered(200, shaken::plain(200, "1158")));
        each.makes_no = usual_calls;
        try_all(each);
        request.target = "/in?hub.mode=subscribe&hub.verify_token=another-one&hub.challenge=1158";
        each.name = engine_ + ", handshake: shows another token";
        each.expected = answered(401);
        try_all(each);

        const auto dropbox = receiver(wh::schemes::dropbox, wh::handshakes::dropbox);
        request.target = "/in?challenge=1158";
        each =
            path_of("proves nothing", dropbox, request, answered(200, shaken::plain(200, "1158")));
        each.makes_no = usual_calls;
        try_all(each);
    }

    // The secret is taken while the registration is open, and once. The program keeps a copy of it,
    // for which there may be no memory: then it is to be sent again, as to any handler.
    template <class Receiver>
    void try_registration(const char* name, const Receiver& receiver,
                          const wh::testing::signed_delivery& sent, const outcome& expected,
                          const std::set<kind>& makes_no, bool is_open = true) {
        const auto request = sent.view();
        auto each = path_of(name, receiver, request, expected);
        each.makes_no = makes_no;
        each.reasons.insert(500);
        each.before = [this, is_open] {
            events_ = 0;
            taken_.reset();
            if (!is_open) return setup_.close();
            setup_.open(wh::seconds(60), [this](const wh::key& brought) { taken_ = brought; });
        };
        each.is_sound = [this, is_open] {
            if (events_ != 0) return false;
            if (!is_answered_) return !taken_ && setup_.is_open() == is_open;
            return taken_ && !setup_.is_open() &&
                   std::string_view(reinterpret_cast<const char*>(taken_->bytes().data()),
                                    taken_->bytes().size()) == secret;
        };
        try_all(each);
    }

    void try_brought() {
        const auto asana = receiver(wh::schemes::asana, {wh::handshakes::asana, setup_});
        auto sent = unsigned_delivery("");
        sent.headers.emplace_back("X-Hook-Secret", secret);
        const std::string good = shaken::plain(200, "");
        try_registration(
            "brings a secret in a header", asana, sent,
            answered(200, std::string(good).insert(good.size() - 1,
                                                   "X-Hook-Secret: " + std::string(secret) + "\n")),
            openssl_calls);
        try_registration("brings a secret uninvited", asana, sent, answered(401), usual_calls,
                         false);

        const auto notion = receiver(wh::schemes::notion, {wh::handshakes::notion, setup_});
        const std::string body = R"({"verification_token":")" + std::string(secret) + R"("})";
        try_registration("brings a secret in the body", notion, unsigned_delivery(body),
                         answered(200, good), {});
        try_registration("brings a secret, signed with it", notion,
                         signed_with(secret, wh::schemes::notion, body), answered(200, good), {});
        try_registration("brings a secret, signed with another", notion,
                         signed_with("another-secret-of-some-length", wh::schemes::notion, body),
                         answered(401), {});
        try_registration("brings a secret in the body, uninvited", notion, unsigned_delivery(body),
                         answered(401), usual_calls, false);
    }

    std::string engine_;
    int events_ = 0;
    bool is_answered_ = false;
    wh::registration setup_{wh::testing::fixed_clock{golden::now}};
    std::optional<wh::key> taken_;
};

}  // namespace

void fault_injection::try_handshakes() {
    handshake_paths<wh::json::nlohmann_engine>("nlohmann").try_each();
    handshake_paths<wh::json::simdjson_engine>("simdjson").try_each();
}
