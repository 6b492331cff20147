// SPDX-License-Identifier: MIT
// What is said about usual mistakes, and what is never shown.

#include <webhookpp/explain.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../faults.hpp"
#include "../scheme_keys.hpp"
#include "../spellings.hpp"

namespace wh = webhookpp;
using namespace faults;
using secrets::shows_part;
using secrets::spellings;

namespace {

// `key` without what may stand before any key.
std::string_view without_public_start(std::string_view key) {
    key = wh::detail::without_whsec(wh::detail::without_surroundings(key));
    if (key.starts_with("Bearer ")) key.remove_prefix(7);
    return key;
}

}  // namespace

TEST_CASE("the cause of each fault is named first, with its evidence") {
    for (const faults::fault& each : faults::all()) {
        INFO(each.sentence);
        const auto found = each.make().explained();
        INFO(in_words(found));
        CHECK_FALSE(found.accepted());
        REQUIRE_FALSE(found.causes.empty());
        CHECK(std::string(name(found.causes[0].which)) == std::string(name(each.first)));
        CHECK(found.causes[0].evidence.find(each.evidence) != std::string::npos);
    }
}

TEST_CASE("every cause is the first of some fault") {
    for (int i = 0; i <= static_cast<int>(cause::length_differs); ++i) {
        const auto which = static_cast<cause>(i);
        INFO(name(which));
        CHECK(name(which) != "unknown_cause");
        CHECK(std::any_of(faults::all().begin(), faults::all().end(),
                          [&](const faults::fault& each) { return each.first == which; }));
    }
    CHECK(name(static_cast<cause>(200)) == "unknown_cause");
}

TEST_CASE("what explains a delivery never shows a part of its keys or of the body") {
    CHECK(shows_part("one k9Zq-W two", text_key));
    CHECK_FALSE(shows_part("one k9Zq- two", text_key));
    for (const faults::fault& each : faults::all()) {
        INFO(each.sentence);
        const sample made = each.make();
        const std::string shown = in_words(made.explained());
        std::vector<std::string> secrets{text_key, hex_key, base64_key, credentials, made.body};
        for (const std::string& key : made.keys) secrets.emplace_back(without_public_start(key));
        for (const auto& [name, value] : made.headers) {
            if (value.size() > 30) secrets.push_back(value.substr(value.size() - 20));
        }
        for (const std::string& secret : secrets) {
            for (const std::string& spelled : spellings(secret)) {
                CHECK_FALSE(shows_part(shown, spelled));
            }
        }
        CHECK_FALSE(shows_part(shown, endpoint + 8));
    }
}

TEST_CASE("what explains a delivery never shows the signature that would be right") {
    for (const faults::fault& each : faults::all()) {
        INFO(each.sentence);
        const sample made = each.make();
        const auto key = wh::key::try_from_text(made.keys[0]);
        if (!key || made.scheme->algorithm == wh::algorithm::token) continue;
        const auto right =
            wh::sign(*made.scheme, *key,
                     {.id = "msg_1", .timestamp = now, .body = made.body, .url = made.url});
        if (!right) continue;
        const std::string shown = in_words(made.explained());
        for (const auto& [name, value] : right->headers) {
            if (value.size() < 30) continue;
            CHECK_FALSE(shows_part(shown, std::string_view(value).substr(value.size() - 20)));
        }
    }
}

TEST_CASE("a genuine delivery of any scheme is accepted, and explained by nothing") {
    for (const wh::scheme* const scheme : wh::schemes::all()) {
        INFO(scheme->name);
        const auto keys = golden::keys_for(scheme->key);
        const auto request =
            wh::sign(*scheme, keys.sign,
                     {.id = "msg_1", .timestamp = now, .body = json, .url = endpoint})
                .value();
        const wh::delivery delivery{request.headers, std::string_view(json), "POST",
                                    wh::target_of(request.url)};
        const auto found =
            wh::explain(*scheme, std::span(&keys.verify, 1), delivery, {.url = endpoint}, now);
        INFO(in_words(found));
        CHECK(found.accepted());
        CHECK(found.causes.empty());
        CHECK(in_words(found) == "accepted\n");
    }
}

TEST_CASE("the key of another endpoint is none of the usual mistakes") {
    for (const wh::scheme* const scheme : wh::schemes::all()) {
        INFO(scheme->name);
        if (scheme->key != wh::key_form::text) continue;
        sample made = sent_with(std::string(scheme->name).c_str(), text_key);
        made.keys = {hex_key};
        const auto found = made.explained();
        INFO(in_words(found));
        CHECK(found.refusal->code == wh::errc::signature_mismatch);
        CHECK(found.causes.empty());
        CHECK(in_words(found).find("the key is probably of another endpoint") != std::string::npos);
    }
}

TEST_CASE("keys that are made already are explained as their texts are") {
    for (const faults::fault& each : faults::all()) {
        INFO(each.sentence);
        const sample made = each.make();
        std::vector<wh::key> keys;
        for (const std::string& text : made.keys) {
            if (auto key = wh::key::try_from_text(text); key) keys.push_back(*key);
        }
        if (keys.size() < made.keys.size()) continue;
        const auto found =
            wh::explain(*made.scheme, keys, {made.headers, made.body, "POST", made.target},
                        {.url = made.url}, made.at);
        CHECK(found.causes == made.explained().causes);
    }
    // One that was decoded before.
    sample made = with_keys("standard_webhooks", base64_key, "");
    const auto key = wh::key::from_whsec(std::string("whsec_") + base64_key);
    const auto found =
        wh::explain(*made.scheme, std::span(&key, 1), {made.headers, made.body}, {}, now);
    REQUIRE_FALSE(found.causes.empty());
    CHECK(found.causes[0].which == cause::key_form);
}

TEST_CASE("of several keys the one that is meant is named") {
    sample made = with_keys("github", text_key, hex_key);
    made.keys.push_back(std::string(text_key) + "\n");
    const auto found = made.explained();
    REQUIRE(found.causes.size() == 1);
    CHECK(found.causes[0].evidence.starts_with("key 2: "));
    CHECK(found.refusal->code == wh::errc::key_whitespace);

    made.keys = {text_key, std::string(text_key) + "\n"};
    const auto second = made.explained();
    CHECK(second.refusal->code == wh::errc::key_whitespace);
    REQUIRE_FALSE(second.causes.empty());
    CHECK(second.causes[0].which == cause::key_whitespace);
}

TEST_CASE("differing duplicates are not taken for another mistake") {
    sample made = sent("standard_webhooks");
    made.headers.emplace_back("webhook-id", "msg_2");
    CHECK(made.explained().refusal->code == wh::errc::duplicate_header);
    CHECK(made.explained().causes.empty());
    made = sent("bearer_token");
    made.headers.emplace_back("Authorization", "Bearer another");
    CHECK(made.explained().causes.empty());
    made = sent("url_token");
    made.target += "&token=another";
    CHECK(made.explained().refusal->code == wh::errc::duplicate_header);
    CHECK(made.explained().causes.empty());
}

TEST_CASE("two mistakes that show independently are both named") {
    sample made = changed("stripe", json + std::string("\n"), json);
    made.at += 4000;
    made.headers.emplace_back("Content-Length", "68");
    const auto found = made.explained();
    REQUIRE(found.causes.size() == 3);
    CHECK(found.causes[0].which == cause::body_trimmed);
    CHECK(found.causes[1].which == cause::clock_skew);
    CHECK(found.causes[2].which == cause::length_differs);
}

TEST_CASE("no keys, an empty key and too many keys are explained") {
    sample made = sent("github");
    made.keys = {};
    CHECK(made.explained().refusal->code == wh::errc::empty_key);
    made.keys = {""};
    CHECK(made.explained().refusal->code == wh::errc::empty_key);
    made.keys = std::vector<std::string>(9, text_key);
    CHECK(made.explained().refusal->code == wh::errc::too_many_keys);
    sample square = sent("square");
    square.url = "";
    CHECK(square.explained().refusal->code == wh::errc::invalid_url);
}

TEST_CASE("large bodies cost bounded work, and larger ones none") {
    // Work that grows with the square of the size would take hours, and CTest waits for minutes.
    constexpr std::size_t size = std::size_t{1024} * 1024;
    for (const std::string& body :
         {std::string(size, '['), std::string(size, '\n'), std::string(size, '"'),
          std::string(size, '\\'), '{' + std::string(size - 1, '/'),
          '[' + std::string(size - 1, ','), "[\"" + std::string(size - 4, '\xc3') + "\"]"}) {
        INFO("a body of " << body[1]);
        sample made = changed("github", "{}", body);
        made.keys = std::vector<std::string>(8, hex_key);
        CHECK_FALSE(made.explained().accepted());
    }
    const sample large = changed("github", "{}", std::string(size + 1, ' '));
    CHECK(large.explained().causes.empty());
}

TEST_CASE("a copied header is as good or as large as it was, wherever its blanks are") {
    constexpr std::string_view name[] = {"X-Hub-Signature-256"};
    using state = wh::collected_headers::state;
    for (const auto& [value, expected] :
         {std::pair{"1234", state::single}, std::pair{"1234 6", state::too_large},
          std::pair{"      1234     ", state::single}, std::pair{"       ", state::missing}}) {
        INFO(value);
        const golden::header_list headers{{"x-hub-signature-256", value}};
        const wh::detail::copied_headers copied(headers, wh::schemes::github, 4);
        wh::collected_headers collected;
        REQUIRE(collected.collect(copied, name, 4));
        CHECK(collected.which(0) == expected);
    }
}

TEST_CASE("headers that can only be looked up are explained too") {
    sample made = sent("shopify");
    made.scheme = wh::schemes::find("github");
    const auto lookup = [&](std::string_view name) -> std::string {
        for (const auto& [each, value] : made.headers) {
            if (wh::detail::equal_names(each, name)) return value;
        }
        return {};
    };
    const std::string_view keys[] = {text_key};
    const auto found = wh::explain(*made.scheme, keys, {lookup, made.body}, {}, now);
    REQUIRE_FALSE(found.causes.empty());
    CHECK(found.causes[0].which == cause::other_scheme);
}
