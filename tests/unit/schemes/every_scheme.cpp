// SPDX-License-Identifier: MIT
// What holds for every scheme alike.
#include <webhookpp/schemes/all.hpp>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/testing/fixed_clock.hpp>

#include "../../catch.hpp"
#include "../../golden.hpp"
#include "../../scheme_keys.hpp"

namespace wh = webhookpp;
using wh::errc;

namespace {

using any = wh::any_verifier<wh::testing::fixed_clock>;

constexpr const char* url = "https://hooks.example.com/in?a=1";

struct sample {
    golden::header_list headers;
    std::string body;
    std::string target;

    [[nodiscard]] wh::delivery view() const {
        return {.headers = headers, .body = body, .target = target};
    }

    /// The value of the header of that name; null if there is none.
    std::string* find(std::string_view name) {
        for (auto& [each, value] : headers) {
            if (!name.empty() && each == name) return &value;
        }
        return nullptr;
    }
};

sample sign(const wh::scheme& scheme, std::string body, bool form = true) {
    auto made = wh::sign(scheme, golden::keys_for(scheme.key).sign,
                         {.id = "msg_1",
                          .timestamp = golden::now,
                          .body = body,
                          .url = url,
                          .form_body = form,
                          .event_type = "a.type"})
                    .value();
    return {made.headers, std::move(body), std::string(wh::target_of(made.url))};
}

any verifier_of(const wh::scheme& scheme) {
    return any(scheme, golden::keys_for(scheme.key).verify, {.url = url}, {golden::now});
}

bool signs_forms(const wh::scheme& scheme) {
    return scheme.signs(wh::content_part::kind::form);
}

// How many of the single-bit flips of `text`, from the byte `begin` on, pass.
std::size_t accepted_flips(const any& verifier, const sample& sent, std::string& text,
                           std::size_t begin = 0) {
    std::size_t accepted = 0;
    for (std::size_t bit = 8 * begin; bit < 8 * text.size(); ++bit) {
        const char original = text[bit / 8];
        text[bit / 8] = static_cast<char>(original ^ (1 << bit % 8));
        accepted += verifier.verify(sent.view()) ? 1 : 0;
        text[bit / 8] = original;
    }
    return accepted;
}

void for_each_scheme(const std::function<void(const wh::scheme&)>& check) {
    for (const wh::scheme* const scheme : wh::schemes::all()) {
        INFO(scheme->name);
        check(*scheme);
    }
}

}  // namespace

TEST_CASE("sign and verify agree on every body") {
    std::string all_bytes;
    for (int byte = 0; byte < 256; ++byte) all_bytes += static_cast<char>(byte);
    std::mt19937 random(1);
    std::string large(std::size_t{1024} * 1024, '\0');
    for (char& c : large) c = static_cast<char>(random());
    std::vector<std::string> bodies{"", "x", "\n", std::string(1, '\0'), all_bytes};
    for (int i = 0; i < 20; ++i) bodies.push_back(large.substr(random() % 1000, random() % 1000));
    for_each_scheme([&](const wh::scheme& scheme) {
        const any verifier = verifier_of(scheme);
        for (const bool form : {true, false}) {
            // Of random bytes every 256th is a separator of form fields.
            std::string largest = large;
            if (form && signs_forms(scheme)) std::replace(largest.begin(), largest.end(), '&', '+');
            if (!form && !signs_forms(scheme)) continue;
            for (const std::string& body : bodies) {
                REQUIRE_FALSE(golden::refusal(verifier.verify(sign(scheme, body, form).view())));
            }
            sample sent = sign(scheme, largest, form);
            const auto message = verifier.verify(sent.view());
            REQUIRE(message);
            CHECK(message->body() == largest);
            sent.body += 'x';
            CHECK(golden::refusal(verifier.verify(sent.view())) == errc::body_too_large);
        }
    });
}

TEST_CASE("every single-bit flip of what is signed is refused") {
    for_each_scheme([](const wh::scheme& scheme) {
        const any verifier = verifier_of(scheme);
        sample sent =
            sign(scheme, "field=" + std::string(100, 'v') + "&other=" + std::string(87, 'w'));
        REQUIRE(verifier.verify(sent.view()));
        // The word before a token is the same in any letter case.
        const std::size_t word = scheme.signature.word.size();
        if (std::string* const value = sent.find(scheme.signature.header[0])) {
            CHECK(accepted_flips(verifier, sent, *value, word) == 0);
        }
        if (scheme.signature.in_target()) {
            const std::size_t token = sent.target.find("a-token");
            std::string& target = sent.target;
            REQUIRE(token != std::string::npos);
            for (std::size_t bit = 8 * token; bit < 8 * (token + 7); ++bit) {
                target[bit / 8] = static_cast<char>(target[bit / 8] ^ (1 << bit % 8));
                CHECK_FALSE(verifier.verify(sent.view()));
                target[bit / 8] = static_cast<char>(target[bit / 8] ^ (1 << bit % 8));
            }
        }
        if (std::string* const value = sent.find(scheme.timestamp.header[0])) {
            CHECK(accepted_flips(verifier, sent, *value) == 0);
        }
        if (std::string* const value = sent.find(scheme.id.header[0]);
            value && scheme.signs(wh::content_part::kind::id)) {
            CHECK(accepted_flips(verifier, sent, *value) == 0);
        }
        if (scheme.algorithm != wh::algorithm::token) {
            CHECK(accepted_flips(verifier, sent, sent.body) == 0);
        }
    });
}

TEST_CASE("the word before a token is the same in any letter case") {
    for (const wh::scheme* const scheme : {&wh::schemes::basic_auth, &wh::schemes::bearer_token}) {
        sample sent = sign(*scheme, "{}");
        std::string& value = *sent.find("Authorization");
        for (std::size_t i = 0; i < scheme->signature.word.size(); ++i) {
            value[i] = static_cast<char>(value[i] ^ 0x20);
            CHECK(verifier_of(*scheme).verify(sent.view()));
        }
    }
}

TEST_CASE("what is not signed cannot make a delivery bad") {
    std::size_t ids = 0;
    std::size_t event_types = 0;
    const auto check = [](const wh::scheme& scheme, std::string_view header, bool is_id) {
        INFO(header);
        const any verifier = verifier_of(scheme);
        const auto seen = [&](const sample& sent) -> std::string {
            const auto message = verifier.verify(sent.view());
            REQUIRE(message);
            if (is_id) CHECK_FALSE(message->id_is_signed());
            return std::string(is_id ? message->id() : message->event_type());
        };
        const sample genuine = sign(scheme, "{}");
        CHECK(seen(genuine) == (is_id ? "msg_1" : "a.type"));
        const auto with = [&](const std::string& value) {
            sample changed = genuine;
            *changed.find(header) = value;
            return changed;
        };
        CHECK(seen(with("other.one")) == "other.one");
        for (const std::string& invalid :
             {std::string(), std::string("a b"), std::string("\xe9"), std::string(9000, 'x')}) {
            CHECK(seen(with(invalid)).empty());
        }
        // The longest passes whole; of a longer one no part is a type or an id.
        const std::string longest(is_id ? 256 : 128, 'i');
        CHECK(seen(with(longest)) == longest);
        CHECK(seen(with(longest + 'i')).empty());
        sample twice = genuine;
        twice.headers.emplace_back(header, "another");
        CHECK(seen(twice).empty());
        sample absent = genuine;
        std::erase_if(absent.headers, [&](const auto& each) { return each.first == header; });
        CHECK(seen(absent).empty());
    };
    for_each_scheme([&](const wh::scheme& scheme) {
        if (scheme.id.header.count != 0 && !scheme.signs(wh::content_part::kind::id)) {
            ++ids;
            check(scheme, scheme.id.header[0], true);
        }
        if (!scheme.event_type.header.empty()) {
            ++event_types;
            check(scheme, scheme.event_type.header, false);
        }
    });
    CHECK(ids == 14);
    CHECK(event_types == 10);
}

TEST_CASE("what is signed has to be there once") {
    for_each_scheme([](const wh::scheme& scheme) {
        const any verifier = verifier_of(scheme);
        const bool signs_id = scheme.signs(wh::content_part::kind::id);
        for (const std::string_view header :
             {scheme.signature.header[0], scheme.timestamp.header[0],
              signs_id ? scheme.id.header[0] : std::string_view()}) {
            if (header.empty()) continue;
            INFO(header);
            sample sent = sign(scheme, "{}");
            sent.headers.emplace_back(header, *sent.find(header));
            CHECK(verifier.verify(sent.view()));
            sent.headers.back().second += 'x';
            CHECK(golden::refusal(verifier.verify(sent.view())) == errc::duplicate_header);
            sent.headers.back().second = std::string(9000, 'x');
            CHECK(golden::refusal(verifier.verify(sent.view())) == errc::header_too_large);
            std::erase_if(sent.headers, [&](const auto& each) { return each.first == header; });
            CHECK(golden::refusal(verifier.verify(sent.view())) == errc::missing_header);
        }
    });
}

TEST_CASE("the window of each scheme includes both ends") {
    for_each_scheme([](const wh::scheme& scheme) {
        if (!scheme.has_timestamp()) return;
        const auto at = [&](std::int64_t difference, const char* text) {
            const auto key = golden::keys_for(scheme.key).verify;
            const any verifier(scheme, key, {.url = url}, {golden::now + difference});
            sample sent = sign(scheme, "{}");
            sent.body = text;
            return golden::refusal(verifier.verify(sent.view()));
        };
        const std::int64_t past = scheme.tolerance.past.count();
        const std::int64_t future = scheme.tolerance.future.count();
        CHECK_FALSE(at(past, "{}"));
        CHECK_FALSE(at(-future, "{}"));
        CHECK(at(past + 1, "{}") == errc::timestamp_too_old);
        CHECK(at(-future - 1, "{}") == errc::timestamp_too_new);
        CHECK(at(past + 1, "[]") == errc::signature_mismatch);
    });
}
