// SPDX-License-Identifier: MIT
// Schemes whose sender shows a token in a header, each rule with its broken twin.
#include <webhookpp/schemes/basic_auth.hpp>
#include <webhookpp/schemes/bearer_token.hpp>
#include <webhookpp/schemes/shared_token.hpp>

#include <cstring>
#include <string>
#include <vector>

#include <webhookpp/verifier.hpp>

#include "../../catch.hpp"
#include "../../golden.hpp"
#include "../../secret_parts.hpp"

namespace wh = webhookpp;
namespace schemes = wh::schemes;
using wh::errc;

// A user's own scheme.
inline constexpr wh::scheme gitlab = schemes::shared_token_in("X-Gitlab-Token");

namespace {

constexpr const char* valid = "tok-0123456789";

template <const wh::scheme& Scheme>
std::optional<errc> refusal(const std::string& name, const std::string& value,
                            const char* key = valid) {
    const wh::verifier<Scheme> verifier(wh::key::from_text(key));
    const golden::header_list headers{{name, value}};
    return golden::refusal(verifier.verify({headers, golden::body}));
}

}  // namespace

TEST_CASE("a token proves its sender, and nothing about the body") {
    const wh::verifier<gitlab> verifier(
        {wh::key::from_text("other-token"), wh::key::from_text(valid)});
    const golden::header_list headers{{"x-gitlab-token", valid}};
    for (const std::string_view any_body : {golden::body, std::string_view("{}")}) {
        const auto message = verifier.verify({headers, any_body});
        REQUIRE(message);
        CHECK(message->body() == any_body);
        CHECK_FALSE(message->body_is_signed());
        CHECK_FALSE(message->id_is_signed());
        CHECK(message->replay_possible());
        CHECK(message->key_index() == 1U);
        CHECK(message->skipped_tokens() == 0);
        CHECK(message->assumed_because().empty());
    }
    CHECK(refusal<gitlab>("X-Webhook-Token", valid) == errc::missing_header);
}

TEST_CASE("the message says which of several tokens was shown") {
    const auto index = [](std::initializer_list<const char*> texts) {
        std::vector<wh::key> keys;
        for (const char* text : texts) keys.push_back(wh::key::from_text(text));
        const golden::header_list headers{{"X-Gitlab-Token", valid}};
        return wh::verifier<gitlab>(keys).verify({headers, golden::body}).value().key_index();
    };
    CHECK(index({valid}) == 0U);
    CHECK(index({valid, "other-token", "third-token"}) == 0U);
    CHECK(index({"other-token", "third-token", valid}) == 2U);
    // Of equal ones the first.
    CHECK(index({valid, valid}) == 0U);
    CHECK(index({"other-token", valid, "third-token", valid}) == 1U);
}

TEST_CASE("each rule about tokens refuses what a verifier without it accepts") {
    using twin = bool (*)(const std::string&);
    struct rule {
        const char* name;
        std::string value;
        twin accepts;
        errc refused_as;
    };
    const rule rules[] = {
        {"a token is compared in the length of the key", "tok-",
         [](const std::string& v) { return std::string(valid).starts_with(v); },
         errc::signature_mismatch},
        {"and in its own length", "tok-01234567890",
         [](const std::string& v) { return v.starts_with(valid); }, errc::signature_mismatch},
        {"letter case counts", "TOK-0123456789",
         [](const std::string& v) { return wh::detail::equal_names(v, valid); },
         errc::signature_mismatch},
        {"what follows a NUL counts", std::string(valid) + '\0' + "x",
         [](const std::string& v) { return std::strcmp(v.c_str(), valid) == 0; },
         errc::no_supported_signature},
        {"a token somewhere in the value does not count", "x, tok-0123456789",
         [](const std::string& v) { return v.find(valid) != std::string::npos; },
         errc::no_supported_signature},
    };
    for (const rule& each : rules) {
        INFO(each.name);
        CHECK(each.accepts(valid));
        CHECK(each.accepts(each.value));
        CHECK_FALSE(refusal<gitlab>("X-Gitlab-Token", valid));
        CHECK(refusal<gitlab>("X-Gitlab-Token", each.value) == each.refused_as);
    }
}

TEST_CASE("every prefix of a token is refused, and every token with one bit flipped") {
    const std::string good(valid);
    for (std::size_t size = 0; size < good.size(); ++size) {
        CHECK(refusal<schemes::shared_token>("X-Webhook-Token", good.substr(0, size)));
    }
    for (std::size_t i = 0; i < good.size() * 8; ++i) {
        std::string changed = good;
        changed[i / 8] = static_cast<char>(changed[i / 8] ^ static_cast<char>(1U << (i % 8)));
        CHECK(refusal<schemes::shared_token>("X-Webhook-Token", changed));
    }
}

TEST_CASE("credentials are told apart by their word") {
    CHECK_FALSE(refusal<schemes::bearer_token>("Authorization", "Bearer tok-0123456789"));
    CHECK(refusal<schemes::bearer_token>("Authorization", "Basic tok-0123456789") ==
          errc::no_supported_signature);
    for (const char* other : {"Bexrer", "Bearex", "Bxxxxx", "xearer", "Bearers", "Beare"}) {
        INFO(other);
        CHECK(refusal<schemes::bearer_token>("Authorization",
                                             std::string(other) + " tok-0123456789") ==
              errc::no_supported_signature);
    }
    CHECK_FALSE(refusal<schemes::basic_auth>("Authorization", "Basic YTpi", "a:b"));
    CHECK(refusal<schemes::basic_auth>("Authorization", "Bearer YTpi", "a:b") ==
          errc::no_supported_signature);
    CHECK(refusal<schemes::basic_auth>("Authorization", "Basic YTpj", "a:b") ==
          errc::signature_mismatch);
    // Longer than any key, but of the right form.
    CHECK(refusal<schemes::basic_auth>("Authorization", "Basic " + std::string(8000, 'A'), "a:b") ==
          errc::signature_mismatch);
}

TEST_CASE("tokens can be given as bytes") {
    const wh::verifier<schemes::basic_auth> verifier(
        wh::key::from_bytes(wh::crypto::as_bytes("a:b")));
    CHECK(verifier.verify({golden::header_list{{"Authorization", "Basic YTpi"}}, golden::body}));
    const auto no_colon = wh::key::from_bytes(wh::crypto::as_bytes("ab"));
    CHECK(wh::verifier<schemes::basic_auth>::try_create(std::span(&no_colon, 1)).error().code ==
          errc::key_bad_encoding);
    const auto nobody = wh::key::from_bytes(wh::crypto::as_bytes(":"));
    CHECK(wh::verifier<schemes::basic_auth>::try_create(std::span(&nobody, 1)).error().code ==
          errc::key_bad_encoding);
}

TEST_CASE("a scratch holds no token once a verification is done") {
    // In memory that this test owns, so that it can look at all of it.
    alignas(wh::scratch) unsigned char memory[sizeof(wh::scratch)] = {};
    auto* const work = ::new (memory) wh::scratch();
    const auto holds_token = [&] {
        return secrets::shows_part({reinterpret_cast<const char*>(memory), sizeof memory}, valid);
    };
    const golden::header_list headers{{"X-Webhook-Token", valid}};
    const wh::verifier<schemes::shared_token> verifier(wh::key::from_text(valid));
    CHECK(verifier.verify({headers, golden::body}, *work));
    CHECK_FALSE(holds_token());
    // Also not where values that need more memory have been before.
    const golden::header_list longer{{"X-Webhook-Token", valid},
                                     {"X-Webhook-Token", std::string(3000, 'x')}};
    CHECK_FALSE(verifier.verify({longer, golden::body}, *work));
    CHECK_FALSE(holds_token());
    work->~scratch();
    ::new (memory) wh::scratch();
    // The header of a scheme that signs is public, and stays: so this test would see a token.
    golden::parts parts;
    parts.id = valid;
    CHECK_FALSE(golden::make_verifier().verify({parts.headers(), parts.body}, *work));
    CHECK(holds_token());
    work->~scratch();
}

TEST_CASE("no error shows a token or a key") {
    const std::string mark = "forbidden";
    const auto check = [&](const wh::error& error) {
        CHECK(error.where.view().find(mark) == std::string_view::npos);
        CHECK(std::string(wh::exception(error).what()).find(mark) == std::string::npos);
    };
    const wh::verifier<schemes::basic_auth> basic(wh::key::from_text("user:" + mark));
    const wh::verifier<schemes::bearer_token> bearer(wh::key::from_text(mark));
    for (const char* value : {"forbidden", "Bearer forbidden1", "Basic forbidden", "Basic Zm9yYg==",
                              "Bearer forbidden ", "Bearer for forbidden", "forbidden forbidden"}) {
        const golden::header_list headers{{"Authorization", value}};
        for (const auto& verified :
             {basic.verify({headers, golden::body}), bearer.verify({headers, golden::body})}) {
            if (!verified) check(verified.error());
        }
    }
    for (const std::string& text : {mark, mark + " x", mark + "\xff", mark + "%", " " + mark}) {
        for (const auto form : {wh::key_form::text, wh::key_form::token, wh::key_form::url_token,
                                wh::key_form::credentials}) {
            const auto made = wh::key::try_from_text(text).and_then(
                [&](const wh::key& key) { return key.read_as(form, wh::secret_length::usual); });
            if (!made) check(made.error());
        }
    }
    check(wh::key::try_from_environment("user:forbidden").error());
}
