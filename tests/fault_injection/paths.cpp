// SPDX-License-Identifier: MIT
// Lets each call of OpenSSL's and each allocation fail in turn, on each path from keys to inboxes:
// those up to receivers here, the others in the files of parts.hpp. Whatever fails, nothing forged
// is accepted, what is accepted is genuine, the answer is an error and no crash, OpenSSL's error
// queue is left as it was, and what was used can be used again. Only set-up may throw
// std::bad_alloc.
//
// fault_injection_tests [STEP [PART]]: where a path allocates hundreds of times, which is where
// OpenSSL decodes keys, every STEP-th allocation fails, and with 1 each. PART is one of those at
// the end.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/bearer.hpp>
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/json/encode.hpp>
#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/json/simdjson.hpp>
#include <webhookpp/providers/eventsair.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>
#include <webhookpp/receiver.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>

#include "../for_each_scheme.hpp"
#include "../golden.hpp"
#include "../sample_bodies.hpp"
#include "../scheme_keys.hpp"
#include "failing_calls.hpp"
#include "parts.hpp"
#include "path.hpp"
#include "seen.hpp"

namespace wh = webhookpp;
using namespace fault_injection;

namespace {

constexpr const char* endpoint = "https://hooks.example.com/in?shop=7";
constexpr const char* challenge = "qgg8vlvZRS6UYooatFL8Aw";
// As `openssl dgst -sha256 -hmac a-token` says.
constexpr const char* challenge_mac =
    "07b107c7feba2b4b78d3c1dfc86bc9f4538265a4eb6c9ad457c578afdc6bd6b8";
using any_verifier = wh::any_verifier<wh::testing::fixed_clock>;

/// For `of`: what is known of a message, which has to have this body.
auto seen_in(std::string_view body) {
    return [body](const wh::verified_message& message) {
        return message.body() == body ? seen_of(message) : "another body";
    };
}

/// Keys of a verifier: another one before that of the sender, where all of them are compared. A
/// failure of OpenSSL with a public key cannot be told from a key that does not fit.
std::vector<wh::key> verifying_keys(const wh::scheme& scheme) {
    const auto keys = golden::keys_for(scheme.key);
    if (scheme.uses_key_pairs()) return {keys.verify};
    const char* const other = golden::other_key_text_for(scheme.key);
    return {wh::key::from_text(other), keys.verify};
}

/// A scheme, keys for it, and a delivery that was made with them.
struct sample {
    const wh::scheme& scheme;
    golden::key_pair keys;
    bool is_form;
    std::string body;
    wh::signed_request sent;
    std::string target;

    explicit sample(const wh::scheme& with, bool form = true)
        : scheme(with),
          keys(golden::keys_for(with.key)),
          is_form(form && with.signs(wh::content_part::kind::form)),
          body((is_form ? "a=" : "") + std::string(3000, '1')) {
        sent = wh::sign(scheme, keys.sign, message()).value();
        target = wh::target_of(sent.url);
    }
    [[nodiscard]] wh::unsigned_message message() const {
        return {.id = "msg_1",
                .timestamp = golden::now,
                .body = body,
                .url = endpoint,
                .form_body = is_form,
                .event_type = "test"};
    }
    [[nodiscard]] any_verifier verifier() const {
        return {
            scheme, verifying_keys(scheme), wh::verifier_options{.url = endpoint}, {golden::now}};
    }
    [[nodiscard]] wh::delivery request() const { return request_of(sent, target); }
    [[nodiscard]] wh::delivery request_of(const wh::signed_request& made,
                                          std::string_view to) const {
        return {made.headers, body, "POST", to};
    }
    /// What has to be known of it, with the key at `index`.
    [[nodiscard]] std::string known(std::size_t index) const {
        using kind = wh::content_part::kind;
        return in_words(
            facts{.id = scheme.id.header.count != 0 ? "msg_1" : "",
                  .event_type = scheme.event_type.header.empty() ? "" : "test",
                  .timestamp = scheme.has_timestamp() ? std::optional(golden::now) : std::nullopt,
                  .key_index = index,
                  .body_is_signed = scheme.signs(kind::body) || scheme.signs(kind::form),
                  .id_is_signed = scheme.signs(kind::id),
                  .replay_possible = !scheme.has_timestamp()});
    }
    [[nodiscard]] std::string known() const { return known(scheme.uses_key_pairs() ? 0 : 1); }
    /// What a verifier knows of it, or of another one that was signed in its place.
    [[nodiscard]] std::string seen_by(const any_verifier& verifier) const {
        return seen_by(verifier, sent);
    }
    [[nodiscard]] std::string seen_by(const any_verifier& verifier,
                                      const wh::signed_request& made) const {
        const auto to = wh::target_of(made.url);
        const auto message = verifier.verify(request_of(made, to));
        return message ? seen_of(*message) : std::string(name(message.error().code));
    }
    /// What a path of it makes no calls of.
    [[nodiscard]] std::set<kind> makes_no() const {
        return scheme.algorithm == wh::algorithm::token ? usual_calls : std::set<kind>();
    }
};

void try_set_up() {
    std::set<std::pair<wh::key_form, int>> seen;
    for (const wh::scheme* scheme : wh::schemes::all()) {
        const int made_by = scheme->algorithm ? static_cast<int>(*scheme->algorithm) : -1;
        if (!seen.emplace(scheme->key, made_by).second) continue;
        const sample delivery(*scheme);
        const auto& keys = delivery.keys;
        const std::string name(scheme->name);
        const wh::verifier_options options{.url = endpoint};
        const bool is_token = scheme->algorithm == wh::algorithm::token;
        try_all({.name = name + ": a verifier is made",
                 .run =
                     [&] {
                         return of(any_verifier::try_create(*scheme, std::span(&keys.verify, 1),
                                                            options, {golden::now}),
                                   [&](const auto& made) { return delivery.seen_by(made); });
                     },
                 .expected = done(delivery.known(0)),
                 .makes_no = is_token ? openssl_calls : std::set<kind>(),
                 .may_throw = true});
        const any_verifier verifier = delivery.verifier();
        const auto signed_with = [&](const wh::key& key) {
            return delivery.seen_by(verifier, wh::sign(*scheme, key, delivery.message()).value());
        };
        try_all({.name = name + ": a key is read to sign with",
                 .run =
                     [&] {
                         return of(keys.sign.read_as(scheme->key, wh::secret_length::usual,
                                                     wh::key_use::sign),
                                   signed_with);
                     },
                 .expected = done(delivery.known()),
                 .makes_no = scheme->uses_key_pairs() && scheme->algorithm ? std::set<kind>()
                                                                           : openssl_calls,
                 .may_throw = true});
        const std::array exchanged = {keys.verify, keys.verify};
        try_all({.name = name + ": keys are exchanged",
                 .run = [&] { return of(verifier.replace(exchanged)); },
                 .expected = done(),
                 .makes_no = is_token ? openssl_calls : std::set<kind>(),
                 .may_throw = true,
                 .is_sound = [&] { return delivery.seen_by(verifier) == delivery.known(0); }});
    }
    // Longer than a block, so that it is hashed.
    const std::string long_key(200, 'k');
    const auto delivery = wh::testing::sign_delivery(
        wh::schemes::github, wh::key::from_text(long_key), "body", golden::now);
    try_all({.name = "a long key is read",
             .run =
                 [&] {
                     const auto key = wh::key::try_from_text(long_key);
                     return of(
                         any_verifier::try_create(wh::schemes::github, std::span(&key.value(), 1)),
                         [&](const auto& made) {
                             return std::string(made.verify(delivery.view()) ? "verifies" : "");
                         });
                 },
             .expected = done("verifies"),
             .may_throw = true});
}

void try_signing(const std::string& name, const sample& genuine, const any_verifier& verifier,
                 const std::set<int>& reasons) {
    try_all({.name = name + ": signing",
             .run =
                 [&] {
                     return of(wh::sign(genuine.scheme, genuine.keys.sign, genuine.message()),
                               [&](const auto& made) { return genuine.seen_by(verifier, made); });
                 },
             .expected = done(genuine.known()),
             .may_throw = true,
             .may_overcome = true,
             .reasons = reasons});
}

void try_genuine(const std::string& name, const sample& genuine, const any_verifier& verifier,
                 const std::set<int>& reasons) {
    try_all({.name = name + ": genuine",
             .run = [&] { return of(verifier.verify(genuine.request()), seen_in(genuine.body)); },
             .expected = done(genuine.known()),
             .makes_no = genuine.makes_no(),
             .reasons = reasons});
}

void try_schemes() {
    for (const wh::scheme* scheme : wh::schemes::all()) {
        const sample genuine(*scheme);
        sample forged(*scheme);
        if (scheme->algorithm == wh::algorithm::token) {
            for (auto& [name, value] : forged.sent.headers) value[value.size() / 2] ^= 1;
            forged.target[forged.target.find("a-token") + 1] = '.';
        } else {
            forged.body.back() = '2';
        }
        const any_verifier verifier = genuine.verifier();
        const std::string name(scheme->name);
        // A failure of OpenSSL with a public key cannot be told from a wrong signature.
        const auto reasons = scheme->uses_key_pairs() ? std::set<int>() : internal;
        try_genuine(name, genuine, verifier, reasons);
        try_all({.name = name + ": forged",
                 .run = [&] { return of(verifier.verify(forged.request())); },
                 .expected = refused(wh::errc::signature_mismatch),
                 .makes_no = genuine.makes_no(),
                 .reasons = reasons});
        try_signing(name, genuine, verifier, reasons);
        if (scheme->form.body_digest.empty()) continue;
        const sample other(*scheme, false);
        try_genuine(name + ", no form", other, verifier, reasons);
        try_signing(name + ", no form", other, verifier, reasons);
    }
}

void try_pieces() {
    golden::for_each_incremental_scheme([]<const wh::scheme & Scheme>() {
        const sample genuine(Scheme);
        const std::string other(genuine.body.size(), '2');
        const wh::incremental_verifier<Scheme, wh::testing::fixed_clock> verifier(
            verifying_keys(Scheme), {.url = endpoint}, {golden::now});
        const auto verify = [&](const std::string& body, bool whole) {
            auto started = verifier.begin(genuine.sent.headers);
            if (!started) return of(started);
            for (std::size_t at = 0; at < body.size(); at += 1000) {
                const auto taken = started->update(std::string_view(body).substr(at, 1000));
                if (!taken) return of(taken);
            }
            return whole ? of(std::move(*started).finish(body), seen_in(body))
                         : of(std::move(*started).finish(),
                              [](const auto& stream) { return seen_of(stream); });
        };
        const std::string name = std::string(Scheme.name) + ", in pieces: ";
        for (const bool whole : {false, true}) {
            try_all({.name = name + "genuine",
                     .run = [&] { return verify(genuine.body, whole); },
                     .expected = done(genuine.known()),
                     .reasons = internal});
            try_all({.name = name + "forged",
                     .run = [&] { return verify(other, whole); },
                     .expected = refused(wh::errc::signature_mismatch),
                     .reasons = internal});
        }
    });
}

void try_verification() {
    try_schemes();
    try_pieces();
    const sample zoom(wh::schemes::zoom);
    const any_verifier verifier = zoom.verifier();
    const auto answer = [&](std::string_view body) {
        return of(verifier.answer_challenge({zoom.sent.headers, body}, challenge),
                  [](const auto& made) { return std::string(made.view()); });
    };
    try_all({.name = "the answer to a challenge",
             .run = [&] { return answer(zoom.body); },
             .expected = done(challenge_mac),
             .reasons = internal});
    try_all({.name = "no answer to a forged challenge",
             .run = [&] { return answer("{}"); },
             .expected = refused(wh::errc::signature_mismatch),
             .reasons = internal});
}

// A thread whose work space could not be made can verify later.
void try_scratch() {
    const sample genuine(wh::schemes::github);
    const any_verifier verifier = genuine.verifier();
    std::optional<wh::scratch> work;
    const auto verify = [&] {
        return of(verifier.verify(genuine.request(), *work), seen_in(genuine.body));
    };
    try_all({.name = "a work space is made",
             .run =
                 [&] {
                     work.emplace();
                     return verify();
                 },
             .expected = done(genuine.known()),
             .may_overcome = true,  // the verification makes it
             .is_sound = [&] { return verify() == done(genuine.known()); }});
}

template <class Catalog, class Engine>
void try_parser(const std::string& name, const std::string& body, const outcome& expected,
                const std::set<kind>& makes_no = openssl_calls) {
    const wh::parser<Catalog, Engine> parser;
    const auto message = wh::assume_verified(body, "made by the test");
    try_all({.name = name,
             .run =
                 [&] {
                     return of(parser.parse(message), [](const auto& event) {
                         return canonical(wh::json::encode_event<Catalog>(event));
                     });
                 },
             .expected = expected,
             .makes_no = makes_no,
             .reasons = internal});
}

template <class Engine>
void try_parsing(const std::string& engine, const std::set<kind>& of_malformed) {
    const std::string seatsio = seatsio_body();
    const std::string unknown = seatsio_body("other");
    const std::string waitwhile = waitwhile_body(3);
    const std::string open = R"({"type":"a.b","data":{"id":"1"}})";
    try_parser<wh::seatsio::catalog, Engine>(engine + ": an event", seatsio,
                                             done(canonical(seatsio)));
    try_parser<wh::seatsio::catalog, Engine>(engine + ": an unknown event", unknown,
                                             done(canonical(unknown)));
    try_parser<wh::waitwhile::catalog, Engine>(engine + ": a large event", waitwhile,
                                               done(canonical(waitwhile)));
    try_parser<wh::waitwhile::catalog, Engine>(
        engine + ": a large number",
        waitwhile.substr(0, waitwhile.size() - 1) + R"(,"n":123456789012345678901234567890})",
        done(canonical(waitwhile)));
    try_parser<wh::waitwhile::catalog, Engine>(engine + ": a cut off event",
                                               waitwhile.substr(0, 900),
                                               refused(wh::errc::malformed_json), of_malformed);
    try_parser<wh::eventsair::catalog, Engine>(engine + ": an event of an open list", open,
                                               done(canonical(open)));
}

template <class Engine>
void try_receivers(const std::string& engine) {
    const auto key = wh::key::from_text(golden::secret);
    const auto genuine =
        wh::testing::sign_delivery(wh::seatsio::scheme, key, seatsio_body(), golden::now);
    auto forged = genuine;
    forged.body.insert(forged.body.size() - 1, " ");
    auto undecodable =
        wh::testing::sign_delivery(wh::seatsio::scheme, key, R"({"type":7})", golden::now);
    std::string handled;
    const wh::receiver receiver{golden::verifier(key, {}, {golden::now}),
                                wh::parser<wh::seatsio::catalog, Engine>(),
                                wh::handlers{[&](const wh::seatsio::chart_published& event,
                                                 const wh::verified_message& message) {
                                    const unwatched here;
                                    handled += seen_of(message) + seen_of_event(event);
                                }}};
    const auto try_one = [&](const char* name, const wh::testing::signed_delivery& each,
                             const outcome& expected) {
        try_all({.name = engine + ", receiver: " + name,
                 .run =
                     [&] {
                         handled.clear();
                         outcome found = of(receiver.receive(each.view()));
                         const unwatched here;
                         found.handed_on = handled;
                         return found;
                     },
                 .expected = expected,
                 .reasons = unavailable});
    };
    const std::string known = in_words(facts{.id = "msg_test",
                                             .timestamp = golden::now,
                                             .key_index = 0,
                                             .body_is_signed = true,
                                             .id_is_signed = true,
                                             .replay_possible = false});
    try_one("genuine", genuine, answered(200, known + canonical(genuine.body)));
    try_one("forged", forged, answered(401));
    try_one("undecodable", undecodable, answered(400));
}

// The token is not checked, but taken out of the delivery as it is. Those of OAuth servers are
// long: there is no room for them but what is allocated.
void try_bearer() {
    const std::string token = "a-token." + std::string(2000, 'e');
    const golden::header_list headers = {{"Host", "a"}, {"Authorization", "Bearer " + token}};
    const golden::header_list other = {{"Authorization", "Basic " + token}};
    const auto take = [](const golden::header_list& from) {
        return of(wh::bearer_token_of({from, std::string_view("body")}),
                  [](const std::string& taken) { return taken; });
    };
    try_all({.name = "a bearer token is taken out",
             .run = [&] { return take(headers); },
             .expected = done(token),
             .makes_no = openssl_calls,
             .may_throw = true,
             .reasons = internal});
    try_all({.name = "what is no bearer token is not taken out",
             .run = [&] { return take(other); },
             .expected = refused(wh::errc::no_supported_signature),
             .makes_no = openssl_calls,
             .may_throw = true,
             .reasons = internal});
}

struct part {
    std::string_view name;
    void (*run)();
};

constexpr part parts[] = {
    {"scratch", try_scratch},
    {"set-up", try_set_up},
    {"verification", try_verification},
    {"parsing",
     [] {
         try_parsing<wh::json::nlohmann_engine>("nlohmann", openssl_calls);
         // What was allocated for another body is enough for a shorter one.
         try_parsing<wh::json::simdjson_engine>("simdjson", usual_calls);
     }},
    {"receivers",
     [] {
         try_receivers<wh::json::nlohmann_engine>("nlohmann");
         try_receivers<wh::json::simdjson_engine>("simdjson");
     }},
    {"bearer", try_bearer},
    {"random", try_random_numbers},
    {"identities", try_identities},
    {"handshakes", try_handshakes},
    {"explanations", try_explanations},
    {"memory", try_memory},
    {"sqlite", try_sqlite},
};

}  // namespace

int main(int argc, char** argv) try {
    if (argc > 1) step = std::max(1L, std::atol(argv[1]));
    const std::string_view chosen = argc > 2 ? argv[2] : "";
    if (!count_allocations() || !count_sqlite_allocations()) {
        std::puts("not ok - allocations cannot be counted");
        return 1;
    }
    int run = 0;
    for (const part& each : parts) {
        if (!chosen.empty() && each.name != chosen) continue;
        each.run();
        ++run;
    }
    if (run == 0) {
        std::puts("not ok - there is no such part");
        return 1;
    }
    return concluded();
} catch (const std::exception& thrown) {
    std::printf("not ok - %s was thrown at set-up\n", thrown.what());
    return 1;
}
