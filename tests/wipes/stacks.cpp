// SPDX-License-Identifier: MIT
// The stacks of threads that have ended: none may hold a part of a secret.
#include <openssl/evp.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/bearer.hpp>
#include <webhookpp/detail/handshake_reader.hpp>
#include <webhookpp/expected_handshake.hpp>
#include <webhookpp/handshakes/asana.hpp>
#include <webhookpp/handshakes/meta.hpp>
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/sign.hpp>

#include "../golden.hpp"
#include "../scheme_keys.hpp"
#include "../secret_parts.hpp"
#include "memory.hpp"

namespace wh = webhookpp;

namespace {

// Sanitizers keep copies of their own on the stack.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#elif defined(__has_feature)
constexpr bool is_sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool is_sanitized = false;
#endif

int failures = 0;

// The stack of a thread. Static, so that it can be looked at once the thread has ended.
alignas(65536) std::array<unsigned char, std::size_t{512} * 1024> stack;

// Calls `work` far down the stack, where the end of the thread overwrites nothing.
template <class Work>
bool call_below(Work& work) {
    volatile unsigned char above[std::size_t{64} * 1024];
    above[0] = 0;
    // Not inlined, since that would put its variables beside the others.
    bool (*volatile const call)(Work&) = [](Work& called) { return called(); };
    return call(work) && above[0] == 0;
}

// Whether a thread with this stack, of zeros, ran and `work` did what it should.
template <class Work>
bool works_on_stack(Work& work) {
    struct task {
        Work& work;
        bool worked = false;
    } given{work};
    const auto run = [](void* argument) -> void* {
        auto* const mine = static_cast<task*>(argument);
        mine->worked = call_below(mine->work);
        return nullptr;
    };
    stack.fill(0);
    pthread_attr_t attributes;
    pthread_t thread;
    const bool ran = pthread_attr_init(&attributes) == 0 &&
                     pthread_attr_setstack(&attributes, stack.data(), stack.size()) == 0 &&
                     pthread_create(&thread, &attributes, run, &given) == 0 &&
                     pthread_join(thread, nullptr) == 0;
    pthread_attr_destroy(&attributes);
    return ran && given.worked;
}

// Runs `work` in a thread, on whose stack it leaves no part of any of `secrets`.
template <class Work>
void check(const std::string& what, const std::vector<std::string>& secrets, Work work,
           bool leaves = false) {
    // Twice, since the loader that looks up functions when they are first called puts the registers
    // on the stack.
    const bool works = works_on_stack(work) && works_on_stack(work);
    const std::string_view left(reinterpret_cast<const char*>(stack.data()), stack.size());
    const bool found = std::any_of(secrets.begin(), secrets.end(), [&](const std::string& each) {
        return secrets::shows_part(left, each);
    });
    const bool good = works && found == leaves;
    failures += good ? 0 : 1;
    std::printf("%s - %s: %s on the stack\n", good ? "ok" : "not ok", what.c_str(),
                found ? "some is left" : "nothing is left");
}

// Tokens that fit into the objects themselves.
void check_tokens(const std::string& mark) {
    const std::string other = mark + "x";
    const golden::header_list genuine{{"Authorization", "Bearer " + mark}};
    const golden::header_list other_word{{"Authorization", "Token " + mark}};
    const golden::header_list differing{{"Authorization", "Bearer " + mark},
                                        {"Authorization", "Bearer " + other}};
    const auto refuses = [](const golden::header_list& headers, wh::errc as,
                            const wh::limits& allowed = {}) {
        const auto token = wh::bearer_token_of({headers, golden::body}, allowed);
        return !token && token.error().code == as;
    };
    check("a bearer token that is taken out", {mark}, [&] {
        auto owned = wh::bearer_token_of({genuine, golden::body});
        wipes::wipe(*owned);
        return true;
    });
    check("a bearer token behind another word", {mark},
          [&] { return refuses(other_word, wh::errc::no_supported_signature); });
    check("two bearer tokens that differ", {mark},
          [&] { return refuses(differing, wh::errc::duplicate_header); });
    check("a bearer token that is too large", {mark}, [&] {
        return refuses(genuine, wh::errc::header_too_large,
                       {.header_value = genuine[0].second.size() - 2});
    });
    const wh::any_verifier<> bearer(wh::schemes::bearer_token, wh::key::from_text(mark));
    check("a token that was accepted", {mark}, [&] {
        return bearer.verify({genuine, golden::body}).has_value();
    });
    check("a token that was refused", {mark}, [&] {
        return !bearer.verify({differing, golden::body});
    });
    check("a secret that a handshake brings twice", {mark},
          [&] { return !wh::detail::header_value(differing, "Authorization"); });
}

// A key as a program is configured with it, and what nobody may learn: its text but for a prefix,
// what it stands for, and what algorithms begin by making of that.
//
// Not among them is what OpenSSL only computes with. Of that, 3.0 leaves some on the stack, as
// docs/security.md says: on processors without instructions for SHA the words to which SHA-256
// expands the last block that is made of a key, in EVP_DigestUpdate; and the secret number of an
// ECDSA signature with its inverse, in EVP_DigestSign.
struct written_key {
    const wh::scheme* scheme;
    std::string text;
    std::size_t prefix = 0;

    [[nodiscard]] wh::result<wh::key> read(const wh::key& key) const {
        return key.read_as(scheme->key, wh::secret_length::usual, wh::key_use::sign);
    }

    [[nodiscard]] std::vector<std::string> secrets() const {
        std::vector<std::string> all{text.substr(prefix)};
        const wh::key read = this->read(wh::key::from_text(text)).value();
        std::string bytes(reinterpret_cast<const char*>(read.bytes().data()), read.bytes().size());
        if (read.which() == wh::key::kind::p256_signing_key) {
            // In PKCS #8 the number stands there. Numbers in memory begin with their lowest byte.
            bytes = bytes.substr(36, 32);
            all.emplace_back(bytes.rbegin(), bytes.rend());
        } else if (read.which() == wh::key::kind::ed25519_signing_key) {
            bytes = bytes.substr(0, wh::crypto::ed25519_key_size);  // the public half follows
            all.push_back(digest(bytes, EVP_sha512()));
        } else if (scheme->algorithm == wh::algorithm::token) {
            all.emplace_back(wh::detail::sent_token(scheme->signature, read).text());
        } else {
            constexpr std::size_t block = 64;
            all.push_back(bytes.size() > block ? digest(bytes, EVP_sha256()) : bytes);
            const std::string start = all.back();
            for (const unsigned mask : {0x36U, 0x5cU}) {
                std::string& masked = all.emplace_back(start);
                for (char& c : masked) c = static_cast<char>(static_cast<unsigned char>(c) ^ mask);
            }
        }
        all.push_back(bytes);
        return all;
    }

    static std::string digest(const std::string& bytes, const EVP_MD* with) {
        std::string made(static_cast<std::size_t>(EVP_MD_get_size(with)), '\0');
        static_cast<void>(EVP_Digest(bytes.data(), bytes.size(),
                                     reinterpret_cast<unsigned char*>(made.data()), nullptr, with,
                                     nullptr));
        return made;
    }
};

std::vector<written_key> keys_of_all_forms() {
    const std::string text = "k9Zq-Wv3xJ_7Lr2";
    const std::string longer =
        text + "Qp8Tn5Bd.4Hy6Mc0Gs1Fa_Xe-Uj7Ki3Ro9Pw2Vb8Nt5Dz4Lq6Y.3Gh1Sx7Cm0Jf";
    const char* const seed_in_hex =
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    const char* const seed_in_base64 = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
    return {{&wh::schemes::standard_webhooks, golden::secret, 6},
            {&wh::schemes::standard_webhooks, golden::signing_key, 5},
            {&wh::schemes::github, text.substr(0, 8)},
            {&wh::schemes::github, text},
            {&wh::schemes::github, longer},
            {&wh::schemes::airtable, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
            {&wh::schemes::adyen_body, "44782DEF547AAA06C910c43932b1eb0c71fc68d9"},
            {&wh::schemes::discord, seed_in_hex},
            {&wh::schemes::telnyx, seed_in_base64},
            {&wh::schemes::sendgrid, golden::p256_signing_key},
            {&wh::schemes::shared_token, text},
            {&wh::schemes::shared_token, longer},
            {&wh::schemes::bearer_token, text.substr(0, 8)},
            {&wh::schemes::bearer_token, longer},
            {&wh::schemes::url_token, text},
            {&wh::schemes::path_token, text.substr(0, 8)},
            {&wh::schemes::path_token, longer},
            {&wh::schemes::basic_auth, "user:" + text, 5},
            {&wh::schemes::basic_auth, "user:" + longer, 5}};
}

// Texts of keys, verifiers that are made of them and get others, and what is signed with them.
void check_keys() {
    const std::string url = "https://h.example/in";
    // Static, since a string on the stack of this thread may hold, where it has no text, a part of
    // one that was there before; which is copied with it.
    static const wh::verifier_options options{.url = url};
    const wh::unsigned_message message{.id = "msg_1",
                                       .timestamp = golden::now,
                                       .body = golden::body,
                                       .url = url,
                                       .event_type = "test"};
    for (const written_key& each : keys_of_all_forms()) {
        const wh::scheme& scheme = *each.scheme;
        const std::string name =
            std::string(scheme.name) + ", a key of " + std::to_string(each.text.size()) + " bytes";
        const auto secrets = each.secrets();
        const wh::key key = wh::key::from_text(each.text);
        const auto bytes = wh::crypto::as_bytes(each.text);
        check(name + " is made of text", secrets,
              [&] { return wh::key::try_from_text(each.text).has_value(); });
        check(name + " is made of bytes", secrets,
              [&] { return wh::key::try_from_bytes(bytes).has_value(); });
        check(name + " is read", secrets, [&] { return each.read(key).has_value(); });
        check(name + " signs", secrets, [&] {
            auto made = wh::sign(scheme, key, message);
            if (made) wipes::wipe(*made);
            return made.has_value();
        });
        const std::string flawed = each.text + "\xff";
        check(name + " is none with another character", secrets, [&] {
            const auto made = wh::key::try_from_text(flawed);
            return made &&
                   (each.read(*made).has_value() ==
                    (scheme.key == wh::key_form::text || scheme.key == wh::key_form::credentials));
        });
        // The others are public where they verify.
        if (each.read(key)->which() != wh::key::kind::secret) continue;

        using verifier = wh::any_verifier<wh::testing::fixed_clock>;
        check(name + " is that of a new verifier", secrets, [&] {
            return verifier::try_create(scheme, std::span(&key, 1), options).has_value();
        });
        const verifier made(scheme, key, options, {golden::now});
        const std::vector<wh::key> both{
            wh::key::from_text(golden::key_texts_for(scheme.key).verify), key};
        check(name + " takes the place of others, and they that of it", secrets, [&] {
            return made.replace(both).has_value() && made.replace({both[0]}).has_value() &&
                   made.replace({key}).has_value();
        });
        const auto sent = wh::sign(scheme, key, message).value();
        check(name + " verifies", secrets, [&] {
            return made
                .verify({sent.headers, golden::body, message.method, wh::target_of(sent.url)})
                .has_value();
        });
    }
}

// The handshakes here have nothing in the body.
struct no_parser {
    template <class Read>
    [[nodiscard]] wh::result<wh::detail::handshake_body> read(const wh::verified_message&,
                                                              const Read&) const noexcept {
        return wh::unexpected(wh::errc::internal_error);
    }
};

// Tokens that handshakes show, and secrets that they bring.
void check_handshakes() {
    const std::string token = "k9Zq-Wv3xJ_7Lr2Q";
    const wh::key key = wh::key::from_text(token);
    const wh::any_verifier<> verifier(wh::schemes::github, wh::key::from_text("another"));
    const wh::expected_handshake shown(wh::handshakes::meta, key);
    wh::registration closed;
    const wh::expected_handshake brought(wh::handshakes::asana, closed);
    const golden::header_list none;
    const golden::header_list secret{{"X-Hook-Secret", token}};
    const auto handled = [&](const wh::expected_handshake& expected, const wh::delivery& request) {
        const wh::detail::handshake_reader reader(expected, verifier, no_parser(), request);
        const auto answer = reader.before_verification();
        return answer ? std::optional(answer->has_value()) : std::nullopt;
    };
    const auto query = [](const std::string& sent) {
        return "/in?hub.mode=subscribe&hub.challenge=1&hub.verify_token=" + sent;
    };
    for (const bool right : {true, false}) {
        const std::string target = query(right ? token : token + "x");
        check(right ? "a token that a handshake shows" : "and a wrong one that begins with it",
              {token}, [&] {
                  return handled(shown, {none, golden::body, "GET", target}) == right;
              });
    }
    check("a secret that nobody waits for", {token}, [&] {
        return handled(brought, {secret, golden::body, "POST", "/"}) == false;
    });
}

void check_macs() {
    // Whoever sees the right signature of a forged delivery can send it.
    const auto forged = golden::parts().headers();
    const std::string body = "{}";
    const std::string right = golden::signed_with_secret(golden::id, golden::timestamp, body);
    std::array<unsigned char, wh::crypto::sha256_size> mac{};
    static_cast<void>(wh::crypto::base64_decode(std::string_view(right).substr(3), mac));
    const std::string text(reinterpret_cast<const char*>(mac.data()), mac.size());
    const auto verifier = golden::make_verifier();
    check("the right signature of a forged delivery", {text}, [&] {
        return !verifier.verify({forged, body});
    });
    const wh::incremental_verifier<wh::schemes::standard_webhooks, wh::testing::fixed_clock> pieces(
        wh::key::from_text(golden::secret), {}, {golden::now});
    check("and of one that arrives in pieces", {text}, [&] {
        auto started = pieces.begin(forged);
        return started && started->update(body) && !std::move(*started).finish(body);
    });
}

// What is not wiped is seen, were it only a part.
void check_that_parts_are_seen() {
    const std::string part = "xxxxxx-knows-xxxxx";
    check(
        "what is not wiped", {"nobody-knows-this"},
        [&] {
            volatile char copy[64];
            for (std::size_t i = 0; i < part.size(); ++i) copy[i] = part[i];
            return copy[0] == part[0];
        },
        true);
}

void check_all() {
    check_tokens("nobody-knows-this");
    for (std::size_t size = 8; size <= 15; ++size) {
        check_tokens(std::string("k9Zq-Wv3xJ_7Lr2").substr(0, size));
    }
    check_keys();
    check_handshakes();
    check_macs();
    check_that_parts_are_seen();
}

}  // namespace

int main() try {
    if (is_sanitized) {
        std::puts("skipped: sanitizers keep copies of their own on the stack");
        return 77;
    }
    check_all();
    return failures == 0 ? 0 : 1;
} catch (const std::exception& failure) {
    std::printf("not ok - %s\n", failure.what());
    return 1;
}
