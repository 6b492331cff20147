// SPDX-License-Identifier: MIT
// Tokens in the target of the request, each rule with its broken twin.
#include <webhookpp/schemes/url_token.hpp>

#include <string>

#include <webhookpp/verifier.hpp>

#include "../../catch.hpp"
#include "../../golden.hpp"

namespace wh = webhookpp;
namespace schemes = wh::schemes;
using wh::errc;

// A user's own scheme.
inline constexpr wh::scheme by_key = schemes::url_token_in("key");

namespace {

template <const wh::scheme& Scheme>
std::optional<errc> refusal(const std::string& target, const wh::verifier_options& options = {}) {
    const wh::verifier<Scheme> verifier(wh::key::from_text("tok-1"), options);
    return golden::refusal(verifier.verify({golden::header_list(), golden::body, "POST", target}));
}

// A receiver that looks for the token as text.
bool finds_anywhere(const std::string& target) {
    return target.find("token=tok-1") != std::string::npos;
}

// A receiver that takes the first of two, as most frameworks do.
bool takes_first(const std::string& target) {
    const auto at = target.find_first_of('=');
    return target.substr(at + 1, target.find('&') - at - 1) == "tok-1";
}

// A receiver that compares as many characters as were sent.
bool compares_prefix(const std::string& target) {
    return std::string("tok-1").starts_with(target.substr(target.find('=') + 1));
}

}  // namespace

TEST_CASE("a token in the URL proves its sender, and nothing about the body") {
    const wh::verifier<schemes::url_token> verifier(wh::key::from_text("tok-1"));
    const auto message =
        verifier.verify({golden::header_list(), golden::body, "POST", "/in?token=tok-1"});
    REQUIRE(message);
    CHECK_FALSE(message->body_is_signed());
    CHECK(message->replay_possible());
    CHECK_FALSE(refusal<by_key>("/in?key=tok-1"));
    CHECK(refusal<by_key>("/in?token=tok-1") == errc::missing_header);
    CHECK_FALSE(refusal<schemes::path_token>("/in/tok-1"));
}

TEST_CASE("each rule about tokens in URLs refuses what a receiver without it accepts") {
    struct rule {
        const char* name;
        bool (*accepts)(const std::string&);
        const char* target;
        errc refused_as;
    };
    const rule rules[] = {
        {"the member has exactly its name", finds_anywhere, "/in?xtoken=tok-1",
         errc::missing_header},
        {"the token is the whole value", finds_anywhere, "/in?token=tok-12",
         errc::signature_mismatch},
        {"the token stands in the query", finds_anywhere, "/token=tok-1", errc::missing_header},
        {"two different tokens are refused", takes_first, "/in?token=tok-1&token=x",
         errc::duplicate_header},
        {"a part of the token is not enough", compares_prefix, "/in?token=tok",
         errc::signature_mismatch},
        {"nothing is not enough", compares_prefix, "/in?token=", errc::missing_header},
    };
    for (const rule& each : rules) {
        INFO(each.name);
        CHECK(each.accepts("/in?token=tok-1"));
        CHECK(each.accepts(each.target));
        CHECK_FALSE(refusal<schemes::url_token>("/in?token=tok-1"));
        CHECK(refusal<schemes::url_token>(each.target) == each.refused_as);
    }
}

TEST_CASE("an empty member is none, wherever it stands") {
    CHECK_FALSE(refusal<schemes::url_token>("/in?token=&token=tok-1"));
    CHECK_FALSE(refusal<schemes::url_token>("/in?token=tok-1&token="));
    CHECK_FALSE(refusal<schemes::url_token>("/in?token=&token=tok-1&token="));
    for (const char* target :
         {"/in?token=", "/in?token=&token=", "/in?token=&a=tok-1", "/in?token", "/in?"}) {
        INFO(target);
        CHECK(refusal<schemes::url_token>(target) == errc::missing_header);
    }
    for (const char* target : {"/", "/in/", "/in/?tok-1"}) {
        INFO(target);
        CHECK(refusal<schemes::path_token>(target) == errc::missing_header);
    }
}

TEST_CASE("the message says which of several tokens stood in the URL") {
    const auto tok = wh::key::from_text("tok-1");
    const auto other = wh::key::from_text("other");
    const auto index = [](std::initializer_list<wh::key> keys) {
        const wh::verifier<schemes::url_token> verifier(keys);
        return verifier.verify({golden::header_list(), golden::body, "POST", "/in?token=tok-1"})
            .value()
            .key_index();
    };
    CHECK(index({tok, other}) == 0U);
    CHECK(index({other, tok}) == 1U);
    CHECK(index({tok, tok}) == 0U);
}

TEST_CASE("the target has a limit, which is checked first") {
    wh::verifier_options options;
    const std::string target = "/in?token=tok-1";
    options.limits.query = target.size();
    CHECK_FALSE(refusal<schemes::url_token>(target, options));
    options.limits.query = target.size() - 1;
    CHECK(refusal<schemes::url_token>(target, options) == errc::header_too_large);
    CHECK(refusal<schemes::path_token>("/in/tok-1?" + target, options) == errc::header_too_large);
    // What no scheme reads has none.
    const golden::parts parts;
    CHECK(golden::make_verifier().verify(
        {parts.headers(), parts.body, "POST", std::string(100'000, 'x')}));
}

TEST_CASE("errors about targets say where, and hold no token") {
    const wh::verifier<schemes::url_token> verifier(wh::key::from_text("tok-1"));
    const auto where = [&](const std::string& target) {
        return std::string(
            verifier.verify({golden::header_list(), golden::body, "POST", target}).error().where);
    };
    CHECK(where("/in") == "token in the target");
    CHECK(where("/in?token=secret") == "token in the target");
    CHECK(where("/in?token=secret&token=other") == "token in the target");
    CHECK(where("/in?token=" + std::string(9000, 's')) == "target");
}

TEST_CASE("a key that could be percent-encoded on its way is refused") {
    for (const char* text : {"a b", "a+b", "a%20", "a/b", "a=b", "a&b", "\xc3\xa9", "a:b"}) {
        INFO(text);
        const auto key = wh::key::from_text(text);
        CHECK(wh::verifier<schemes::path_token>::try_create(std::span(&key, 1)).error().code ==
              errc::key_bad_encoding);
    }
}

TEST_CASE("a key that clients take out of a path is refused") {
    for (const char* text : {".", ".."}) {
        INFO(text);
        const auto key = wh::key::from_text(text);
        for (const wh::scheme* const scheme : {&schemes::path_token, &schemes::url_token}) {
            const auto made = wh::any_verifier<>::try_create(*scheme, std::span(&key, 1));
            REQUIRE_FALSE(made);
            CHECK(made.error().code == errc::key_bad_encoding);
            CHECK(made.error().where.view().find("choose another") != std::string_view::npos);
        }
    }
    for (const char* text : {"...", ".a", "a.", "-", "~"}) {
        INFO(text);
        CHECK_NOTHROW(wh::verifier<schemes::path_token>(wh::key::from_text(text)));
    }
}
