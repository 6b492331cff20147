// SPDX-License-Identifier: MIT
// That no key is seen in anything that the library says: errors, exceptions, replies, logs,
// explanations. For each scheme, with keys that are right, wrong, or in the wrong place.
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/explain.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/webhookpp.hpp>

#include "../catch.hpp"
#include "../scheme_keys.hpp"
#include "../spellings.hpp"

namespace wh = webhookpp;
using any_verifier = wh::any_verifier<wh::testing::fixed_clock>;

namespace {

// The keys of a sender and a receiver, of which no English text has six bytes.
struct key_texts {
    std::string sign;
    std::string verify;
};

key_texts texts_for(wh::key_form form) {
    const auto both = [](const std::string& text) { return key_texts{text, text}; };
    switch (form) {
        case wh::key_form::standard_webhooks:
            return both(std::string("whsec_") + faults::base64_key);
        case wh::key_form::base64: return both(faults::base64_key);
        case wh::key_form::hex: return both(faults::hex_key);
        case wh::key_form::credentials: return both(faults::credentials);
        case wh::key_form::ed25519_hex:
        case wh::key_form::ed25519_base64: return {golden::signing_key, golden::public_key};
        case wh::key_form::p256_base64: return {golden::p256_signing_key, golden::p256_public_key};
        case wh::key_form::text:
        case wh::key_form::token:
        case wh::key_form::url_token: break;
    }
    return both(faults::text_key);
}

// What is wrong with a key that was copied badly, or is another one.
std::vector<std::string> bad_keys(const std::string& key) {
    const std::string doubled = key + key;
    return {" " + key,
            key + "\n",
            key + "!",
            key + "\xff",
            "\"" + key + "\"",
            "v1," + key,
            "whsec_" + key,
            "whsec_whsec_" + key,
            "whpk_" + key,
            "whsk_" + key,
            "WHSEC_" + key,
            "Bearer " + key,
            "-----BEGIN PRIVATE KEY-----\n" + key,
            key.substr(1),
            key.substr(0, key.size() - 1),
            doubled,
            std::string(4'096, 'x') + key};
}

// All that is said, to be searched.
class listener {
public:
    void hear(std::string_view text) { said_.append(text).append("\n"); }
    void hear(const wh::error& error) {
        hear(name(error.code));
        hear(error.where.view());
        hear(wh::exception(error).what());
    }
    template <class T>
    void hear(const wh::result<T>& made) {
        if (!made) hear(made.error());
    }
    void hear(const wh::reply& answered) {
        hear(std::to_string(answered.status));
        hear(answered.body);
        for (const auto& [name, value] : answered.headers) {
            hear(name);
            hear(value);
        }
    }
    [[nodiscard]] const std::string& said() const { return said_; }

private:
    std::string said_;
};

void hear_set_up(listener& all, const wh::scheme& scheme, const std::string& text) {
    const auto made = wh::key::try_from_text(text);
    all.hear(made);
    all.hear(wh::key::try_from_whsec(text));
    all.hear(wh::key::try_from_whpk(text));
    all.hear(wh::key::try_from_whsk(text));
    all.hear(wh::key::try_from_environment(text.c_str()));
    if (!made) return;
    const wh::verifier_options options{.url = faults::endpoint};
    all.hear(any_verifier::try_create(scheme, std::span(&*made, 1), options, {faults::now}));
    const std::vector<wh::key> nine(9, *made);
    all.hear(any_verifier::try_create(scheme, nine, options, {faults::now}));
    all.hear(
        wh::sign(scheme, *made,
                 {.id = "msg_1", .timestamp = faults::now, .body = "{}", .url = faults::endpoint}));
    all.hear(wh::sign(scheme, *made, {.id = "a b", .timestamp = -1, .url = "no URL"}));
}

void hear_deliveries(listener& all, const wh::scheme& scheme, const key_texts& texts) {
    const auto sent = wh::sign(scheme, wh::key::from_text(texts.sign),
                               {.id = "msg_1",
                                .timestamp = faults::now,
                                .body = faults::json,
                                .url = faults::endpoint})
                          .value();
    const std::string target(wh::target_of(sent.url));
    std::string other_target = target;
    if (const auto at = target.find(texts.verify); at != std::string::npos) {
        other_target.insert(at + 1, "x");
    }
    golden::header_list changed = sent.headers;
    golden::header_list doubled = sent.headers;
    golden::header_list oversized = sent.headers;
    for (auto& [name, value] : changed) {
        char& last = value[value.find_last_not_of('=')];
        last = last == '1' ? '2' : '1';
    }
    doubled.insert(doubled.end(), changed.begin(), changed.end());
    for (auto& [name, value] : oversized) value.append(10'000, 'x');

    const wh::receiver receiver{any_verifier(scheme, wh::key::from_text(texts.verify),
                                             {.url = faults::endpoint}, {faults::now}),
                                wh::parser<wh::seatsio::catalog>(),
                                wh::handlers{[](const wh::seatsio::chart_published&) {}},
                                wh::receiver_options{.log = [&all](const wh::outcome& what) {
                                    if (what.error) all.hear(*what.error);
                                    all.hear(what.exception_text);
                                }}};
    const auto explained = [&](std::string_view key, const wh::delivery& delivery) {
        return in_words(wh::explain(scheme, std::span(&key, 1), delivery, {.url = faults::endpoint},
                                    faults::now));
    };
    const wh::delivery genuine{sent.headers, std::string_view(faults::json), "POST", target};
    all.hear(explained(texts.sign, genuine));
    for (const std::string& bad : bad_keys(texts.verify)) {
        all.hear(explained(bad, genuine));
    }
    for (const auto& headers : {sent.headers, changed, doubled, oversized, golden::header_list()}) {
        for (const std::string& where : {target, other_target, std::string("/")}) {
            for (const std::string_view body :
                 {std::string_view(faults::json), std::string_view("{}")}) {
                all.hear(receiver.verifier().verify({headers, body, "POST", where}));
                all.hear(receiver.receive({headers, body, "POST", where}));
                all.hear(explained(texts.verify, {headers, body, "POST", where}));
            }
        }
        all.hear(receiver.verifier().check_headers(headers));
        if (const auto early = receiver.refuse_early(headers, 1)) all.hear(*early);
    }
}

}  // namespace

TEST_CASE("no text that the library makes shows a part of a key") {
    CHECK(secrets::shows_part("one k9Zq-W two", faults::text_key));
    for (const wh::scheme* const scheme : wh::schemes::all()) {
        INFO(scheme->name);
        const key_texts texts = texts_for(scheme->key);
        listener all;
        for (const std::string& key : {texts.sign, texts.verify}) {
            hear_set_up(all, *scheme, key);
            for (const std::string& bad : bad_keys(key)) hear_set_up(all, *scheme, bad);
        }
        hear_deliveries(all, *scheme, texts);
        CHECK(all.said().size() > 1'000);
        CHECK(all.said().find("signature_mismatch") != std::string::npos);
        for (const std::string& key : {texts.sign, texts.verify}) {
            const std::size_t start = key.starts_with("wh") ? key.find('_') + 1 : 0;
            for (const std::string& spelled : secrets::spellings(key.substr(start))) {
                CHECK_FALSE(secrets::shows_part(all.said(), spelled));
            }
        }
    }
}
