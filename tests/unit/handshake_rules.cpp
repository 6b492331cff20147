// SPDX-License-Identifier: MIT
// Each rule of handshakes with its broken twin: a receiver that lacks just this rule, and a request
// that it answers and ours refuses. So each bad request is known to be bad for the reason that is
// named, and a rule that is lost does not go unseen.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../handshake_fixture.hpp"

namespace wh = webhookpp;
using shaken::fixture;
using shaken::header_list;
using shaken::now;
using wh::errc;

namespace {

enum class broken {
    nothing,
    answers_before_verification,  // looks at the body first: an oracle and a reflector for anybody
    age_unchecked,                // answers recorded handshakes for ever
    signs_any_text,               // makes the MAC of whatever is asked
    any_text,                     // sends back what it gets: pages, headers, megabytes
    no_length,                    // plain words of any length
    mode_unread,                  // any GET with a verify token subscribes
    token_prefix,                 // compares as much of the token as the sender shows
    token_case,                   // folds letters
    token_unread,                 // answers whatever the token is
    always_open,                  // takes a secret from whoever brings one
    open_for_ever,                // does not look at the deadline
    never_closes,                 // takes a second secret
    any_secret,                   // takes every text for a secret
    first_header_wins,            // of two different secrets takes the first
};

constexpr const char* verify_token = "Verify-Token";
const std::string brought = "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5";

// A request, and what the host has done before.
struct sample {
    const wh::handshake* expected = nullptr;
    wh::testing::signed_delivery sent = {};
    std::string method = "POST";
    bool opened = false;
    std::int64_t opened_at = now;
    bool taken_before = false;
};

// The text behind `start` up to the next quotation mark.
std::string between(const std::string& text, const std::string& start) {
    const auto at = text.find(start);
    if (at == std::string::npos) return {};
    return text.substr(at + start.size(), text.find('"', at + start.size()) - at - start.size());
}

std::string query(const std::string& target, const std::string& name) {
    const auto at = target.find(name + "=");
    if (at == std::string::npos) return {};
    return target.substr(at + name.size() + 1, target.find('&', at) - at - name.size() - 1);
}

bool is_word(const std::string& text, const char* others) {
    const std::string all =
        std::string("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") + others;
    return !text.empty() && text.find_first_not_of(all) == std::string::npos;
}

bool may_send_back(const std::string& text, broken fault) {
    if (fault == broken::any_text) return true;
    return is_word(text, "-._~+/=") && (text.size() <= 256 || fault == broken::no_length);
}

// What a careful but short implementation does, less one rule: whether it answers with 200.
bool control_answers(const sample& request, broken fault) {
    const std::string& body = request.sent.body;
    const std::string& target = request.sent.target;
    const std::string_view provider = request.expected->name;
    if (provider == "slack" || provider == "zoom") {
        const auto& described = provider == "slack" ? wh::schemes::slack : wh::schemes::zoom;
        wh::verifier_options options;
        if (fault == broken::age_unchecked) options.tolerance = wh::tolerance::unlimited();
        const shaken::verifier verifier(described, fixture::key_of(described).verify, options,
                                        {now});
        if (fault != broken::answers_before_verification && !verifier.verify(request.sent.view())) {
            return false;
        }
        if (provider == "slack") {
            return may_send_back(between(body, R"("challenge":")"), fault);
        }
        const std::string token = between(body, R"("plainToken":")");
        return fault == broken::signs_any_text || (is_word(token, "-_") && token.size() <= 128);
    }
    if (provider == "dropbox") return may_send_back(query(target, "challenge"), fault);
    if (provider == "meta") {
        if (query(target, "hub.mode") != "subscribe" && fault != broken::mode_unread) return false;
        std::string shown = query(target, "hub.verify_token");
        std::string wanted = verify_token;
        if (fault == broken::token_prefix) wanted.resize(std::min(wanted.size(), shown.size()));
        if (fault == broken::token_case) wanted[0] = 'v';
        return (shown == wanted || fault == broken::token_unread) &&
               may_send_back(query(target, "hub.challenge"), fault);
    }
    bool open = request.opened && (!request.taken_before || fault == broken::never_closes) &&
                (now - request.opened_at <= 600 || fault == broken::open_for_ever);
    open = open || fault == broken::always_open;
    std::vector<std::string> secrets;
    for (const auto& [name, value] : request.sent.headers) {
        if (name == "X-Hook-Secret") secrets.push_back(value);
    }
    if (!open || secrets.empty()) return false;
    if (secrets.size() > 1 && fault != broken::first_header_wins) return false;
    if (fault == broken::any_secret) return true;
    return secrets[0].size() >= 16 && secrets[0].size() <= 256 &&
           secrets[0].find_first_of(" \r\n") == std::string::npos;
}

// What ours answers, and the name of the refusal.
std::pair<int, std::optional<errc>> ours(const sample& request) {
    fixture all;
    shaken::fixture_clock clock;
    clock.set(request.opened_at);
    wh::registration setup(clock);
    if (request.opened) setup.open(wh::seconds(600), [](const wh::key&) {});
    if (request.taken_before) REQUIRE(setup.take(wh::key::from_text(brought)));
    clock.set(now);
    const std::string_view provider = request.expected->name;
    const auto& scheme = provider == "slack"     ? wh::schemes::slack
                         : provider == "zoom"    ? wh::schemes::zoom
                         : provider == "meta"    ? wh::schemes::meta
                         : provider == "dropbox" ? wh::schemes::dropbox
                                                 : wh::schemes::asana;
    wh::expected_handshake expected;
    if (provider == "meta") {
        expected = {*request.expected, wh::key::from_text(verify_token)};
    } else if (provider == "asana") {
        expected = {*request.expected, setup};
    } else {
        expected = *request.expected;
    }
    const auto receiver = all.receiver(scheme, expected);
    auto view = request.sent.view();
    view.method = request.method;
    const int status = receiver.receive(view).status;
    return {status, all.last.code};
}

sample slack(const std::string& challenge, std::int64_t at = now) {
    return {.expected = &wh::handshakes::slack,
            .sent = fixture::signed_by(
                wh::schemes::slack,
                R"({"type":"url_verification","challenge":")" + challenge + "\"}", at)};
}
sample zoom(const std::string& token, std::int64_t at = now) {
    return {.expected = &wh::handshakes::zoom,
            .sent = fixture::signed_by(
                wh::schemes::zoom,
                R"({"event":"endpoint.url_validation","payload":{"plainToken":")" + token + "\"}}",
                at)};
}
sample forged(sample made) {
    for (auto& [name, value] : made.sent.headers) {
        if (value.ends_with('0')) {
            value.back() = '1';
        } else if (value.starts_with("v0=")) {
            value.back() = '0';
        }
    }
    return made;
}
sample get(const wh::handshake& expected, std::string target) {
    return {.expected = &expected, .sent = {.target = std::move(target)}, .method = "GET"};
}
sample meta(const std::string& token, const std::string& mode = "subscribe") {
    return get(wh::handshakes::meta,
               "/?hub.mode=" + mode + "&hub.challenge=1158201444&hub.verify_token=" + token);
}
sample asana(const std::string& secret, bool opened = true) {
    sample made{.expected = &wh::handshakes::asana, .opened = opened};
    made.sent.headers.push_back({"X-Hook-Secret", secret});
    return made;
}
sample with(sample made, const std::function<void(sample&)>& change) {
    change(made);
    return made;
}

std::vector<sample> genuine() {
    return {slack("challenge"), zoom("qgg8vlvZRS6UYooatFL8Aw"), meta(verify_token),
            get(wh::handshakes::dropbox, "/?challenge=abc123"), asana(brought)};
}

struct rule {
    const char* name;
    broken fault;
    sample request;
    errc refused_as;
};

std::vector<rule> rules() {
    const std::string event = R"({\"type\":\"thing.happened\",\"id\":1})";
    return {
        {"a forged Slack handshake is not answered", broken::answers_before_verification,
         forged(slack("challenge")), errc::signature_mismatch},
        {"nobody but Zoom gets a MAC", broken::answers_before_verification, forged(zoom("x")),
         errc::signature_mismatch},
        {"an old handshake is not answered", broken::age_unchecked, slack("challenge", now - 301),
         errc::timestamp_too_old},
        {"nor is one from the future", broken::age_unchecked, zoom("x", now + 301),
         errc::timestamp_too_new},
        {"no MAC is made of a body", broken::signs_any_text, zoom(event), errc::invalid_payload},
        {"no MAC is made of a signed message", broken::signs_any_text,
         zoom("v0:1700000000:" + event), errc::invalid_payload},
        {"no MAC is made of the start of one", broken::signs_any_text, zoom("v0:"),
         errc::invalid_payload},
        {"no MAC is made of a long text", broken::signs_any_text, zoom(std::string(129, 'x')),
         errc::invalid_payload},
        {"no MAC is made of nothing", broken::signs_any_text, zoom(""), errc::invalid_payload},
        {"a page is not sent back", broken::any_text,
         get(wh::handshakes::dropbox, "/?challenge=%3Cscript%3E"), errc::invalid_payload},
        {"raw brackets neither", broken::any_text,
         get(wh::handshakes::dropbox, "/?challenge=<script>"), errc::invalid_payload},
        {"a signed page neither", broken::any_text, slack("<script>"), errc::invalid_payload},
        {"a line break is not sent back", broken::any_text, slack("a\\r\\nX: y"),
         errc::invalid_payload},
        {"a long text is not sent back", broken::no_length,
         get(wh::handshakes::dropbox, "/?challenge=" + std::string(257, 'x')),
         errc::invalid_payload},
        {"a verify token is compared in its whole length", broken::token_prefix, meta("Verify"),
         errc::signature_mismatch},
        {"an empty one is none", broken::token_prefix, meta(""), errc::missing_header},
        {"a verify token is compared byte by byte", broken::token_case, meta("verify-Token"),
         errc::signature_mismatch},
        {"another one is refused", broken::token_unread, meta("other"), errc::signature_mismatch},
        {"the mode is subscribe", broken::mode_unread, meta(verify_token, "unsubscribe"),
         errc::missing_header},
        {"no secret is taken uninvited", broken::always_open, asana(brought, false),
         errc::no_supported_signature},
        {"no secret is taken late", broken::open_for_ever,
         with(asana(brought), [](sample& made) { made.opened_at = now - 601; }),
         errc::no_supported_signature},
        {"no second secret is taken", broken::never_closes,
         with(asana(brought), [](sample& made) { made.taken_before = true; }),
         errc::no_supported_signature},
        {"a short secret is not taken", broken::any_secret, asana("x"), errc::invalid_payload},
        {"a secret that breaks the line is not taken", broken::any_secret,
         asana("0123456789abcdef\r\nSet-Cookie: a=b"), errc::invalid_payload},
        {"of two secrets none is taken", broken::first_header_wins,
         with(asana(brought),
              [](sample& made) {
                  made.sent.headers.push_back({"X-Hook-Secret", "0123456789abcdef"});
              }),
         errc::duplicate_header},
    };
}

}  // namespace

TEST_CASE("genuine handshakes are answered by ours and by every control") {
    for (const sample& each : genuine()) {
        INFO(each.expected->name);
        CHECK(ours(each).first == 200);
        CHECK(control_answers(each, broken::nothing));
    }
    for (const rule& each : rules()) {
        INFO(each.name);
        for (const sample& good : genuine()) {
            if (good.expected == each.request.expected && each.fault != broken::token_case) {
                CHECK(control_answers(good, each.fault));
            }
        }
    }
}

TEST_CASE("each rule refuses a handshake that a receiver without it answers") {
    for (const rule& each : rules()) {
        INFO(each.name);
        CHECK(control_answers(each.request, each.fault));
        CHECK_FALSE(control_answers(each.request, broken::nothing));
        const auto [status, code] = ours(each.request);
        CHECK(status == wh::http_status(each.refused_as));
        CHECK(code == each.refused_as);
    }
}
