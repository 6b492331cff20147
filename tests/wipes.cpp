// SPDX-License-Identifier: MIT
// Looks at all memory of ours that is given back, and at stacks when their threads have ended: none
// of it may hold a part of a secret.

#include <openssl/evp.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
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
#include <webhookpp/explain.hpp>
#include <webhookpp/handshakes/asana.hpp>
#include <webhookpp/handshakes/meta.hpp>
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/sign.hpp>

#include "golden.hpp"
#include "scheme_keys.hpp"
#include "secret_parts.hpp"

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

// What no memory may hold, and what was seen of it. Plain, since one thread works at a time.
std::string_view wanted;
int seen = 0;
int given_back = 0;
bool out_of_memory = false;  // for what throws then

// Before each block stands its size.
constexpr std::size_t room = alignof(std::max_align_t) > sizeof(std::size_t)
                                 ? alignof(std::max_align_t)
                                 : sizeof(std::size_t);

void* take(std::size_t size) noexcept {
    // Of zeros, so that nothing in it is of those who had it before.
    void* const block = std::calloc(1, room + size);
    if (!block) return nullptr;
    ::new (block) std::size_t(size);
    return static_cast<char*>(block) + room;
}

void give_back(void* memory) noexcept {
    if (!memory) return;
    char* const begin = static_cast<char*>(memory);
    void* const block = begin - room;
    const std::size_t size = *static_cast<const std::size_t*>(block);
    if (!wanted.empty()) {
        ++given_back;
        seen += secrets::shows_part({begin, size}, wanted) ? 1 : 0;
    }
    std::free(block);
}

}  // namespace

void* operator new(std::size_t size) {
    if (void* const memory = out_of_memory ? nullptr : take(size)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return take(size);
}
void* operator new[](std::size_t size) {
    return ::operator new(size);
}
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept {
    return ::operator new(size, tag);
}
void operator delete(void* memory) noexcept {
    give_back(memory);
}
void operator delete[](void* memory) noexcept {
    give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    give_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    give_back(memory);
}

namespace {

int failures = 0;

// Runs `work`, which gives memory back, and none that holds a part of `secret`.
template <class Work>
void check(const char* what, std::string_view secret, Work work, bool holds = false) {
    seen = 0;
    given_back = 0;
    wanted = secret;
    const bool worked = work();
    wanted = {};
    const bool good = worked && given_back > 0 && (seen > 0) == holds;
    failures += good ? 0 : 1;
    std::printf("%s - %s: %d of %d blocks hold some of it\n", good ? "ok" : "not ok", what, seen,
                given_back);
}

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

// Runs `work` in a thread, on whose stack it leaves no part of any of `secrets`.
template <class Work>
void check_stack(const std::string& what, const std::vector<std::string>& secrets, Work work,
                 bool leaves = false) {
    struct task {
        Work& work;
        bool worked = false;
    } given{work};
    const auto run = [](void* argument) -> void* {
        auto* const mine = static_cast<task*>(argument);
        mine->worked = call_below(mine->work);
        return nullptr;
    };
    // Once before, since the loader that looks up functions when they are first called puts the
    // registers on the stack, and a new thread begins with those of the old one.
    static_cast<void>(work());
    stack.fill(0);
    pthread_attr_t attributes;
    pthread_t thread;
    const bool ran = pthread_attr_init(&attributes) == 0 &&
                     pthread_attr_setstack(&attributes, stack.data(), stack.size()) == 0 &&
                     pthread_create(&thread, &attributes, run, &given) == 0 &&
                     pthread_join(thread, nullptr) == 0;
    pthread_attr_destroy(&attributes);
    const std::string_view left(reinterpret_cast<const char*>(stack.data()), stack.size());
    const bool found = std::any_of(secrets.begin(), secrets.end(), [&](const std::string& each) {
        return secrets::shows_part(left, each);
    });
    const bool good = ran && given.worked && found == leaves;
    failures += good ? 0 : 1;
    std::printf("%s - %s: %s on the stack\n", good ? "ok" : "not ok", what.c_str(),
                found ? "some is left" : "nothing is left");
}

// What is left to the caller.
void wipe(std::string& text) {
    wh::crypto::wipe({reinterpret_cast<unsigned char*>(text.data()), text.size()});
}

void wipe(wh::signed_request& made) {
    for (auto& [name, value] : made.headers) wipe(value);
    wipe(made.url);
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
        wipe(*owned);
        return true;
    });
    check("one behind another word is wiped", mark,
          [&] { return refusal_of(taken(other_word)) == wh::errc::no_supported_signature; });
    check("two that differ are wiped", mark,
          [&] { return refusal_of(taken(differing)) == wh::errc::duplicate_header; });
    check("one for which there is no memory is wiped", mark, [&] {
        bool thrown = false;
        out_of_memory = true;
        try {
            static_cast<void>(taken(genuine));
        } catch (const std::bad_alloc&) {
            thrown = true;
        }
        out_of_memory = false;
        return thrown;
    });
    check("what is kept of one that is too large is wiped", mark, [&] {
        const wh::limits allowed{.header_value = genuine[0].second.size() - 1};
        return refusal_of(taken(genuine, allowed)) == wh::errc::header_too_large;
    });
}

// The same for what fits into the objects themselves.
void check_stacks(const std::string& mark) {
    const std::string other = mark + "x";
    const golden::header_list genuine{{"Authorization", "Bearer " + mark}};
    const golden::header_list other_word{{"Authorization", "Token " + mark}};
    const golden::header_list differing{{"Authorization", "Bearer " + mark},
                                        {"Authorization", "Bearer " + other}};
    const auto refuses = [](const golden::header_list& headers, wh::errc as,
                            const wh::limits& allowed = {}) {
        return refusal_of(wh::bearer_token_of({headers, golden::body}, allowed)) == as;
    };
    check_stack("a bearer token that is taken out", {mark}, [&] {
        auto owned = wh::bearer_token_of({genuine, golden::body});
        wipe(*owned);
        return true;
    });
    check_stack("a bearer token behind another word", {mark},
                [&] { return refuses(other_word, wh::errc::no_supported_signature); });
    check_stack("two bearer tokens that differ", {mark},
                [&] { return refuses(differing, wh::errc::duplicate_header); });
    check_stack("a bearer token that is too large", {mark}, [&] {
        return refuses(genuine, wh::errc::header_too_large,
                       {.header_value = genuine[0].second.size() - 2});
    });
    const wh::any_verifier<> bearer(wh::schemes::bearer_token, wh::key::from_text(mark));
    check_stack("a token that was accepted", {mark}, [&] {
        return bearer.verify({genuine, golden::body}).has_value();
    });
    check_stack("a token that was refused", {mark}, [&] {
        return !bearer.verify({differing, golden::body});
    });
    check_stack("a secret that a handshake brings twice", {mark},
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
void check_keys_on_stacks() {
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
        check_stack(name + " is made of text", secrets,
                    [&] { return wh::key::try_from_text(each.text).has_value(); });
        check_stack(name + " is made of bytes", secrets,
                    [&] { return wh::key::try_from_bytes(bytes).has_value(); });
        check_stack(name + " is read", secrets, [&] { return each.read(key).has_value(); });
        check_stack(name + " signs", secrets, [&] {
            auto made = wh::sign(scheme, key, message);
            if (made) wipe(*made);
            return made.has_value();
        });
        const std::string flawed = each.text + "\xff";
        check_stack(name + " is none with another character", secrets, [&] {
            const auto made = wh::key::try_from_text(flawed);
            return made &&
                   (each.read(*made).has_value() ==
                    (scheme.key == wh::key_form::text || scheme.key == wh::key_form::credentials));
        });
        // The others are public where they verify.
        if (each.read(key)->which() != wh::key::kind::secret) continue;

        using verifier = wh::any_verifier<wh::testing::fixed_clock>;
        check_stack(name + " is that of a new verifier", secrets, [&] {
            return verifier::try_create(scheme, std::span(&key, 1), options).has_value();
        });
        const verifier made(scheme, key, options, {golden::now});
        const std::vector<wh::key> both{
            wh::key::from_text(golden::key_texts_for(scheme.key).verify), key};
        check_stack(name + " takes the place of others, and they that of it", secrets, [&] {
            return made.replace(both).has_value() && made.replace({both[0]}).has_value() &&
                   made.replace({key}).has_value();
        });
        const auto sent = wh::sign(scheme, key, message).value();
        check_stack(name + " verifies", secrets, [&] {
            return made
                .verify({sent.headers, golden::body, message.method, wh::target_of(sent.url)})
                .has_value();
        });
    }
}

// What is signed with a token has it, and nothing else does.
void check_sent_tokens(const std::string& mark, const std::string& token) {
    const wh::key key = wh::key::from_text(token);
    for (const wh::scheme* const scheme : {&wh::schemes::shared_token, &wh::schemes::bearer_token,
                                           &wh::schemes::url_token, &wh::schemes::path_token}) {
        check("a token that is sent is left to the caller alone", mark, [&] {
            auto made = wh::sign(*scheme, key, {.url = "https://h.example/in?a=1"});
            if (made) wipe(*made);
            return made.has_value();
        });
    }
    const std::string longest = "https://h.example/" + std::string(8192, 'x');
    for (const wh::scheme* const scheme : {&wh::schemes::url_token, &wh::schemes::path_token}) {
        check("a token that makes a URL too long is wiped", mark,
              [&] { return !wh::sign(*scheme, key, {.url = longest}); });
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
void check_handshakes_on_stacks() {
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
        check_stack(
            right ? "a token that a handshake shows" : "and a wrong one that begins with it",
            {token}, [&] {
                return handled(shown, {none, golden::body, "GET", target}) == right;
            });
    }
    check_stack("a secret that nobody waits for", {token}, [&] {
        return handled(brought, {secret, golden::body, "POST", "/"}) == false;
    });
}

void check_macs_on_stacks() {
    // Whoever sees the right signature of a forged delivery can send it.
    const auto forged = golden::parts().headers();
    const std::string body = "{}";
    const std::string right = golden::signed_with_secret(golden::id, golden::timestamp, body);
    std::array<unsigned char, wh::crypto::sha256_size> mac{};
    static_cast<void>(wh::crypto::base64_decode(std::string_view(right).substr(3), mac));
    const std::string text(reinterpret_cast<const char*>(mac.data()), mac.size());
    const auto verifier = golden::make_verifier();
    check_stack("the right signature of a forged delivery", {text}, [&] {
        return !verifier.verify({forged, body});
    });
    const wh::incremental_verifier<wh::schemes::standard_webhooks, wh::testing::fixed_clock> pieces(
        wh::key::from_text(golden::secret), {}, {golden::now});
    check_stack("and of one that arrives in pieces", {text}, [&] {
        auto started = pieces.begin(forged);
        return started && started->update(body) && !std::move(*started).finish(body);
    });
}

// What is not wiped is seen, were it only a part.
void check_that_parts_are_seen() {
    const std::string mark = "nobody-knows-this";
    const std::string part = "xxxxxx-knows-xxxxx";
    check(
        "a text is not wiped, and found", mark,
        [&] { return std::string(long_token(part, 100)).size() > 100; }, true);
    if (is_sanitized) return;
    check_stack(
        "what is not wiped", {mark},
        [&] {
            volatile char copy[64];
            for (std::size_t i = 0; i < part.size(); ++i) copy[i] = part[i];
            return copy[0] == part[0];
        },
        true);
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
    if (!is_sanitized) check_stacks(mark);
    for (std::size_t size = 8; size <= 15; ++size) {
        const std::string small = std::string("k9Zq-Wv3xJ_7Lr2").substr(0, size);
        check_keys(small);
        check_deliveries(small, small);
        check_explanations(small, small);
        check_sent_tokens(small, small);
        if (!is_sanitized) check_stacks(small);
    }
    if (!is_sanitized) {
        check_keys_on_stacks();
        check_handshakes_on_stacks();
        check_macs_on_stacks();
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
