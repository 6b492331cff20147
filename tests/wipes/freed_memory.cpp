// SPDX-License-Identifier: MIT
// All memory of ours that is given back: none of it may hold a part of a secret.
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/bearer.hpp>
#include <webhookpp/explain.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/sign.hpp>

#include "../golden.hpp"
#include "memory.hpp"

namespace wh = webhookpp;

namespace {

int failures = 0;

// Runs `work`, which gives memory back, and none that holds a part of `secret`.
template <class Work>
void check(const char* what, std::string_view secret, Work work, bool holds = false) {
    wipes::seen = 0;
    wipes::given_back = 0;
    wipes::wanted = secret;
    const bool worked = work();
    wipes::wanted = {};
    const bool good = worked && wipes::given_back > 0 && (wipes::seen > 0) == holds;
    failures += good ? 0 : 1;
    std::printf("%s - %s: %d of %d blocks hold some of it\n", good ? "ok" : "not ok", what,
                wipes::seen, wipes::given_back);
}

wh::errc refusal_of(const wh::result<std::string>& token) {
    return token ? wh::errc::internal_error : token.error().code;
}

void check_keys(const std::string& mark) {
    const auto text = wh::crypto::as_bytes(mark);
    check("secret bytes are wiped with their owner", mark, [&] {
        const wh::crypto::secret_bytes bytes(text);
        const wh::crypto::secret_bytes copy(bytes);
        return copy.text() == mark;
    });
    check("and when others take their place", mark, [&] {
        wh::crypto::secret_bytes bytes(text);
        bytes = wh::crypto::secret_bytes(wh::crypto::as_bytes("other"));
        return bytes.text() == "other";
    });
    for (const wh::scheme* const scheme :
         {&wh::schemes::github, &wh::schemes::waitwhile, &wh::schemes::shared_token,
          &wh::schemes::bearer_token, &wh::schemes::url_token, &wh::schemes::path_token}) {
        check("a key is wiped with its verifier, and when it is replaced", mark, [&] {
            const auto key = wh::key::from_text(mark);
            const wh::any_verifier<> verifier(*scheme, key, {.url = "https://h.example/in"});
            return verifier.replace({wh::key::from_text("other"), key}).has_value();
        });
    }
    const std::string no_key = "whsec_" + mark + "!";
    check("a text that is no key is wiped as well", mark, [&] {
        const auto key = wh::key::from_text(no_key);
        return !golden::verifier::try_create(std::span(&key, 1));
    });
}

void check_decoded_keys() {
    check("credentials are wiped, and what is sent of them",
          "dXNlcjpub2JvZHkta25vd3MtdGhpcw==", [&] {
              const auto key = wh::key::from_text("user:nobody-knows-this");
              const wh::any_verifier<> verifier(wh::schemes::basic_auth, key);
              return verifier.replace({key}).has_value();
          });
    // MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
    constexpr std::string_view decoded =
        "\x31\xf2\x90\xf6\xbf\x06\x29\x8a\xab\x4f\x08\xd4\x3c\x3f\x08\x2c\xf6\x48\xa3\x62";
    check("a secret is wiped as it was decoded", decoded, [] {
        const auto verifier = golden::make_verifier({golden::secret});
        return verifier.replace({wh::key::from_whsec(golden::secret)}).has_value();
    });
}

// Values that need memory of their own, and more of it than the value before.
std::string long_token(const std::string& mark, std::size_t size) {
    return std::string(size, 'x') + mark;
}

// `token` ends in `mark`.
void check_deliveries(const std::string& mark, const std::string& token) {
    const golden::header_list genuine{{"X-Webhook-Token", token}};
    const golden::header_list forged{{"X-Webhook-Token", token + "x"}};
    const golden::header_list differing{{"X-Webhook-Token", token},
                                        {"X-Webhook-Token", long_token(mark, 3500)},
                                        {"X-Webhook-Token", std::string(20'000, 'y')}};
    const golden::header_list oversized{{"X-Webhook-Token", token}};
    const wh::any_verifier<> verifier(wh::schemes::shared_token, wh::key::from_text(token));
    const wh::any_verifier<> narrow(wh::schemes::shared_token, wh::key::from_text(token),
                                    {.limits = {.header_value = token.size() - 1}});
    const auto verifies = [&](const wh::any_verifier<>& with, const golden::header_list& headers,
                              bool accepted) {
        // On the heap, so that what it holds in place is looked at as well.
        const auto work = std::make_unique<wh::scratch>();
        return with.verify({headers, golden::body}, *work).has_value() == accepted;
    };
    check("a token that was accepted is wiped", mark,
          [&] { return verifies(verifier, genuine, true); });
    check("one that was refused", mark, [&] { return verifies(verifier, forged, false); });
    check("those of two headers that differ", mark,
          [&] { return verifies(verifier, differing, false); });
    check("and one that is too large", mark, [&] { return verifies(narrow, oversized, false); });
    check("memory is wiped as it grows", mark, [&] {
        wh::detail::byte_buffer<16> buffer;
        bool good = true;
        while (good && buffer.size() < 5000) good = buffer.append(token);
        buffer.wipe();
        return good;
    });
}

void check_explanations(const std::string& mark, const std::string& token) {
    const struct {
        const wh::scheme* scheme;
        golden::header_list headers;
        std::string target;
    } refused[] = {
        {&wh::schemes::shared_token, {{"X-Webhook-Token", token}}, "/"},
        {&wh::schemes::shared_token, {{"X-Webhook-Token", '"' + token + " x\""}}, "/"},
        {&wh::schemes::shared_token, {{"X-Webhook-Token", token}, {"X-Webhook-Token", "x"}}, "/"},
        {&wh::schemes::shared_token, {{"X-Webhook-Token", "x y"}, {"Cookie", token}}, "/"},
        {&wh::schemes::bearer_token, {{"Authorization", "Token " + token}}, "/"},
        {&wh::schemes::bearer_token, {{"Authorization", token}}, "/"},
        {&wh::schemes::basic_auth, {{"Authorization", "Basic " + token}}, "/"},
        {&wh::schemes::url_token, {}, "/in?token=%20" + token},
        {&wh::schemes::url_token, {}, "/in?tok=" + token + "&a=" + token},
        {&wh::schemes::url_token, {}, "/in/" + token},
        {&wh::schemes::path_token, {}, "/in/" + token + "/"},
        {&wh::schemes::path_token, {}, "/in?token=" + token},
    };
    for (const auto& each : refused) {
        const wh::key other = wh::key::from_text("another:" + std::string(mark.size(), 'z'));
        const wh::key unreserved = wh::key::from_text(std::string(mark.size(), 'z'));
        const wh::key right = wh::key::from_text(token);
        const bool in_target = each.scheme->signature.in_target();
        for (const wh::key* const configured : {in_target ? &unreserved : &other, &right}) {
            check("what an explanation has copied is wiped", mark, [&] {
                const auto found =
                    wh::explain(*each.scheme, std::span(configured, 1),
                                {each.headers, golden::body, "POST", each.target}, {}, golden::now);
                return found.refusal.has_value() || configured == &right;
            });
        }
    }
}

void check_bearer(const std::string& mark) {
    const auto taken = [](const golden::header_list& headers, const wh::limits& allowed = {}) {
        return wh::bearer_token_of({headers, golden::body}, allowed);
    };
    const std::string token = long_token(mark, 1500);
    const golden::header_list genuine{{"Authorization", "Bearer " + token}};
    const golden::header_list other_word{{"Authorization", "Token " + token}};
    const golden::header_list differing{{"Authorization", "Bearer " + token},
                                        {"Authorization", "Bearer " + token + "x"}};
    check("a bearer token that is taken out is left to the caller alone", mark, [&] {
        auto owned = taken(genuine);
        wipes::wipe(*owned);
        return true;
    });
    check("one behind another word is wiped", mark,
          [&] { return refusal_of(taken(other_word)) == wh::errc::no_supported_signature; });
    check("two that differ are wiped", mark,
          [&] { return refusal_of(taken(differing)) == wh::errc::duplicate_header; });
    check("one for which there is no memory, or not enough, is wiped", mark, [&] {
        for (int blocks = 0; blocks < 100; ++blocks) {
            wipes::blocks_left = blocks;
            try {
                auto owned = taken(genuine);
                wipes::blocks_left = -1;
                if (owned) wipes::wipe(*owned);
                if (owned) return blocks > 1;
            } catch (const std::bad_alloc&) {
                wipes::blocks_left = -1;
            }
        }
        return false;
    });
    check("what is kept of one that is too large is wiped", mark, [&] {
        const wh::limits allowed{.header_value = genuine[0].second.size() - 1};
        return refusal_of(taken(genuine, allowed)) == wh::errc::header_too_large;
    });
}

// What is signed with a token has it, and nothing else does.
void check_sent_tokens(const std::string& mark, const std::string& token) {
    const wh::key key = wh::key::from_text(token);
    for (const wh::scheme* const scheme : {&wh::schemes::shared_token, &wh::schemes::bearer_token,
                                           &wh::schemes::url_token, &wh::schemes::path_token}) {
        check("a token that is sent is left to the caller alone", mark, [&] {
            auto made = wh::sign(*scheme, key, {.url = "https://h.example/in?a=1"});
            if (made) wipes::wipe(*made);
            return made.has_value();
        });
    }
    const std::string longest = "https://h.example/" + std::string(8192, 'x');
    for (const wh::scheme* const scheme : {&wh::schemes::url_token, &wh::schemes::path_token}) {
        check("a token that makes a URL too long is wiped", mark,
              [&] { return !wh::sign(*scheme, key, {.url = longest}); });
    }
}

// What is not wiped is seen, were it only a part.
void check_that_parts_are_seen() {
    check(
        "a text is not wiped, and found", "nobody-knows-this",
        [] { return long_token("xxxxxx-knows-xxxxx", 100).size() > 100; }, true);
}

void check_all() {
    // Long enough to need memory of its own, and short enough for the inside of a string.
    const std::string mark = "nobody-knows-this";
    const std::string token = long_token(mark, 1500);
    check_keys(mark);
    check_decoded_keys();
    check_deliveries(mark, token);
    check_explanations(mark, token);
    check_sent_tokens(mark, token);
    check_bearer(mark);
    for (std::size_t size = 8; size <= 15; ++size) {
        const std::string small = std::string("k9Zq-Wv3xJ_7Lr2").substr(0, size);
        check_keys(small);
        check_deliveries(small, small);
        check_explanations(small, small);
        check_sent_tokens(small, small);
    }
    check_that_parts_are_seen();
}

}  // namespace

int main() try {
    check_all();
    return failures == 0 ? 0 : 1;
} catch (const std::exception& failure) {
    std::printf("not ok - %s\n", failure.what());
    return 1;
}
