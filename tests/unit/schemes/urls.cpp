// SPDX-License-Identifier: MIT
// Schemes that sign the URL: what of it is configured, what comes from the request, how it is
// written.
#include <webhookpp/schemes/all.hpp>

#include <string>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/testing/fixed_clock.hpp>

#include "../../catch.hpp"
#include "../../golden.hpp"

namespace wh = webhookpp;
namespace schemes = wh::schemes;
using wh::errc;

namespace {

const wh::key secret = wh::key::from_text("a-secret");

// What a sender signed for `signed_url`, for a receiver with `configured` that is called at
// `target`.
struct exchange {
    const wh::scheme& scheme;
    std::string body = "{}";
    bool form = true;
    std::string method = "POST";

    [[nodiscard]] std::optional<errc> refused(const std::string& signed_url,
                                              const std::string& configured,
                                              std::string target) const {
        const auto made = wh::sign(scheme, secret,
                                   {.id = "i",
                                    .timestamp = golden::now,
                                    .body = body,
                                    .url = signed_url,
                                    .method = method,
                                    .form_body = form})
                              .value();
        const wh::any_verifier<wh::testing::fixed_clock> verifier(
            scheme, secret, {.url = configured}, {golden::now});
        return golden::refusal(verifier.verify({made.headers, body, "POST", target}));
    }

    [[nodiscard]] std::optional<errc> refused(const std::string& signed_url,
                                              const std::string& configured) const {
        return refused(signed_url, configured, std::string(wh::target_of(configured)));
    }
};

}  // namespace

TEST_CASE("a URL is signed byte by byte") {
    const std::string url = "https://hooks.example.com/in";
    for (const wh::scheme* const scheme : {&schemes::waitwhile, &schemes::square, &schemes::trello,
                                           &schemes::hubspot_v3, &schemes::twilio}) {
        INFO(scheme->name);
        const exchange with{*scheme};
        CHECK_FALSE(with.refused(url, url));
        for (const char* other :
             {"http://hooks.example.com/in", "https://hooks.example.org/in",
              "https://Hooks.example.com/in", "https://hooks.example.com:8443/in",
              "https://hooks.example.com:80/in", "https://hooks.example.com/in/",
              "https://hooks.example.com/in?", "https://hooks.example.com/in?a=1",
              "https://hooks.example.com/In", "https://hooks.example.com//in",
              "https://hooks.example.com/%69n", "https://hooks.example.com"}) {
            INFO(other);
            CHECK(with.refused(url, other) == errc::signature_mismatch);
            CHECK(with.refused(other, url) == errc::signature_mismatch);
        }
    }
}

TEST_CASE("the request decides nothing of a URL but, for some senders, its query") {
    const std::string url = "https://hooks.example.com/in?a=1";
    for (const wh::scheme* const scheme :
         {&schemes::waitwhile, &schemes::square, &schemes::trello}) {
        CHECK_FALSE(exchange{*scheme}.refused(url, url, "/other?a=2"));
    }
    for (const wh::scheme* const scheme : {&schemes::hubspot_v3, &schemes::twilio}) {
        const exchange with{*scheme};
        CHECK_FALSE(with.refused(url, "https://hooks.example.com/in", "/other?a=1"));
        CHECK_FALSE(with.refused(url, "https://hooks.example.com/in?a=2", "/?a=1"));
        for (const char* target : {"", "/in", "/in?", "/in?a=2", "/in?a=1&b=2", "/in?a=%31"}) {
            INFO(target);
            CHECK(with.refused(url, url, target) == errc::signature_mismatch);
        }
        CHECK(with.refused(url, url, "/in?" + std::string(8192, 'a')) == errc::header_too_large);
    }
}

TEST_CASE("no header says where a URL points to") {
    const std::string url = "https://hooks.example.com/in";
    const std::string other = "https://attacker.example/in";
    for (const wh::scheme* const scheme : {&schemes::waitwhile, &schemes::square, &schemes::trello,
                                           &schemes::hubspot_v3, &schemes::twilio}) {
        INFO(scheme->name);
        const auto refused = [&](const std::string& signed_url, const std::string& host,
                                 const std::string& configured) {
            const wh::any_verifier<wh::testing::fixed_clock> verifier(
                *scheme, secret, {.url = configured}, {golden::now});
            auto headers = wh::sign(*scheme, secret,
                                    {.timestamp = golden::now, .body = "{}", .url = signed_url})
                               .value()
                               .headers;
            const std::string called = "https://" + host + "/in";
            for (const auto& [name, value] :
                 golden::header_list{{"Host", host},
                                     {"X-Forwarded-Host", host},
                                     {"X-Forwarded-Proto", "https"},
                                     {"X-Forwarded-Port", "443"},
                                     {"Forwarded", "host=" + host + ";proto=https"},
                                     {"X-Original-URL", called},
                                     {"X-Rewrite-URL", called},
                                     {"Referer", called}}) {
                headers.emplace_back(name, value);
            }
            return golden::refusal(
                verifier.verify({headers, std::string_view("{}"), "POST", "/in"}));
        };
        CHECK(refused(other, "attacker.example", url) == errc::signature_mismatch);
        CHECK_FALSE(refused(url, "attacker.example", url));
        CHECK(refused(other, "hooks.example.com", url) == errc::signature_mismatch);
        // Who took the URL from the headers would accept the first one.
        CHECK_FALSE(refused(other, "attacker.example", other));
    }
}

TEST_CASE("Twilio may write the default port or leave it out") {
    const exchange twilio{schemes::twilio, "a=1"};
    const auto both_ways = [&](const std::string& left, const std::string& right) {
        const auto one = twilio.refused(left, right);
        CHECK(one == twilio.refused(right, left));
        return one;
    };
    CHECK_FALSE(both_ways("https://h.example/in?a=1", "https://h.example:443/in?a=1"));
    CHECK_FALSE(both_ways("http://h.example/in", "http://h.example:80/in"));
    CHECK_FALSE(both_ways("https://h.example", "https://h.example:443"));
    CHECK_FALSE(both_ways("https://[2001:db8::1]/in", "https://[2001:db8::1]:443/in"));
    CHECK(both_ways("https://h.example/in", "https://h.example:80/in") == errc::signature_mismatch);
    CHECK(both_ways("http://h.example/in", "http://h.example:443/in") == errc::signature_mismatch);
    CHECK(both_ways("https://h.example:8443/in", "https://h.example/in") ==
          errc::signature_mismatch);
    CHECK(both_ways("https://h.example:8443/in", "https://h.example:443/in") ==
          errc::signature_mismatch);
    // Nobody else does.
    CHECK(exchange{schemes::square}.refused("https://h.example:443/in", "https://h.example/in") ==
          errc::signature_mismatch);
}

TEST_CASE("Twilio signs a body that is no form by its digest in the URL") {
    const std::string digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    const std::string url = "https://h.example/in?a=1&bodySHA256=";
    const auto verify = [&](const std::string& signed_url, const std::string& body) {
        // What the sender signs is the URL alone.
        const auto prepared =
            wh::crypto::hmac_key::create(secret.bytes(), wh::crypto::hash::sha1).value();
        const wh::crypto::bytes all[] = {wh::crypto::as_bytes(signed_url)};
        unsigned char mac[20];
        REQUIRE(prepared.compute(wh::crypto::digest_context(), all, mac));
        const golden::header_list headers{
            {"X-Twilio-Signature", wh::detail::encoded(wh::encoding::base64, mac)}};
        const wh::any_verifier verifier(schemes::twilio, secret, {.url = "https://h.example/in"});
        const auto verified = verifier.verify({headers, body, "POST", wh::target_of(signed_url)});
        return verified ? std::nullopt : std::optional(verified.error().code);
    };
    const auto made =
        wh::sign(schemes::twilio, secret,
                 {.body = "{}", .url = "https://h.example/in?a=1", .form_body = false});
    REQUIRE(made);
    CHECK(made->url == url + digest);
    CHECK_FALSE(verify(url + digest, "{}"));
    CHECK(verify(url + digest, "[]") == errc::signature_mismatch);
    CHECK(verify(url + digest, "") == errc::signature_mismatch);
    // Missing, empty, twice, under another name: then the body is a form, and that was not signed.
    CHECK(verify("https://h.example/in?a=1", "{}") == errc::signature_mismatch);
    CHECK(verify(url, "{}") == errc::signature_mismatch);
    CHECK(verify(url + digest + "&bodySHA256=" + digest, "{}") == errc::signature_mismatch);
    CHECK(verify("https://h.example/in?bodysha256=" + digest, "{}") == errc::signature_mismatch);
    CHECK(verify("https://h.example/in?xbodySHA256=" + digest, "{}") == errc::signature_mismatch);
    // Wrong, too short, too long, no hex.
    CHECK(verify(url + std::string(64, '0'), "{}") == errc::signature_mismatch);
    CHECK(verify(url + digest.substr(2), "{}") == errc::signature_mismatch);
    CHECK(verify(url + digest + "00", "{}") == errc::signature_mismatch);
    CHECK(verify(url + "x" + digest.substr(1), "{}") == errc::signature_mismatch);
}

TEST_CASE("a form has at most 1,000 fields") {
    const std::string url = "https://h.example/in";
    std::string body = "f=0";
    for (int i = 1; i < 1000; ++i) body += "&f=" + std::to_string(i);
    const exchange most{schemes::twilio, body};
    CHECK_FALSE(most.refused(url, url));
    const auto more = wh::sign(schemes::twilio, secret, {.body = body + "&g=", .url = url});
    REQUIRE_FALSE(more);
    CHECK(more.error().code == errc::body_too_large);
    const auto made = wh::sign(schemes::twilio, secret, {.body = body, .url = url}).value();
    const wh::any_verifier verifier(schemes::twilio, secret, {.url = url});
    const std::string over = body + "&g=";
    CHECK(verifier.verify({made.headers, over}).error().code == errc::body_too_large);
    const wh::any_verifier lower(schemes::twilio, secret,
                                 {.limits = {.form_fields = 999}, .url = url});
    CHECK(lower.verify({made.headers, body}).error().code == errc::body_too_large);
}

TEST_CASE("a form is signed as its fields are decoded") {
    const std::string url = "https://h.example/in";
    const auto made =
        wh::sign(schemes::twilio, secret, {.body = "b=2&a=1+1&a=0&a=0", .url = url}).value();
    const wh::any_verifier verifier(schemes::twilio, secret, {.url = url});
    const auto accepts = [&](const std::string& body) {
        return verifier.verify({made.headers, body}).has_value();
    };
    // Order, repetition of equal fields and the spelling of characters do not count.
    for (const char* same : {"b=2&a=1+1&a=0&a=0", "a=0&a=1+1&b=2", "a=1%201&a=0&b=%32",
                             "%61=0&a=1+1&b=2&", "&&b=2&a=0&a=1%201"}) {
        INFO(same);
        CHECK(accepts(same));
    }
    for (const char* other : {"b=2&a=1+1&a=1", "b=2&a=1+1", "b=2&a=11&a=0",
                              "b=2&a=1+1&a=0&c=", "b=2&A=1+1&a=0", "b=2&a=1%2b1&a=0"}) {
        INFO(other);
        CHECK_FALSE(accepts(other));
    }
}

TEST_CASE("HubSpot signs some characters as they are where the URL escapes them") {
    const exchange hubspot{schemes::hubspot_v3};
    const auto signed_as = [](const std::string& escaped) {
        wh::detail::byte_buffer<512> out;
        REQUIRE(wh::detail::append_signed_url(out, schemes::hubspot_v3.url,
                                              "https://h.example/" + escaped,
                                              "/" + escaped + "?q=" + escaped, false));
        return std::string(out.view());
    };
    const auto both = [](const std::string& text) {
        return "https://h.example/" + text + "?q=" + text;
    };
    CHECK(signed_as("%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B") == both(":/?@!$'()*,;"));
    CHECK(signed_as("%3a%2f") == both(":/"));
    // All others stay, and what is decoded once is not decoded again.
    for (const char* kept : {"%20", "%25", "%26", "%3D", "%41", "%", "%3", "%3x", "%%", "+", "a"}) {
        CHECK(signed_as(kept) == both(kept));
    }
    CHECK(signed_as("%253A") == both("%253A"));
    CHECK_FALSE(hubspot.refused("https://h.example/in?a=%3A", "https://h.example/in?a=%3A"));
    CHECK_FALSE(hubspot.refused("https://h.example/in?a=:", "https://h.example/in?a=%3A"));
    CHECK(hubspot.refused("https://h.example/in?a=%20", "https://h.example/in?a=+") ==
          errc::signature_mismatch);
}

TEST_CASE("HubSpot signs the method") {
    const std::string url = "https://h.example/in";
    CHECK((exchange{schemes::hubspot_v3, "{}", true, "GET"}.refused(url, url)) ==
          errc::signature_mismatch);
    CHECK_FALSE((exchange{schemes::hubspot_v3, "{}", true, "POST"}.refused(url, url)));
}
