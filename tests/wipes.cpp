// SPDX-License-Identifier: MIT
// Looks at all memory of ours that is given back, and at stacks when their threads have ended: none
// of it may hold a part of a secret.

#include <pthread.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/bearer.hpp>
#include <webhookpp/detail/handshake_reader.hpp>
#include <webhookpp/explain.hpp>
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/schemes/all.hpp>

#include "golden.hpp"
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

// Runs `work` in a thread, on whose stack it leaves no part of `secret`.
template <class Work>
void check_stack(const char* what, std::string_view secret, Work work, bool leaves = false) {
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
    const bool found = secrets::shows_part(left, secret);
    const bool good = ran && given.worked && found == leaves;
    failures += good ? 0 : 1;
    std::printf("%s - %s: %s on the stack\n", good ? "ok" : "not ok", what,
                found ? "some is left" : "nothing is left");
}

// What is left to the caller.
void wipe(std::string& text) {
    wh::crypto::wipe({reinterpret_cast<unsigned char*>(text.data()), text.size()});
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
    check_stack("a bearer token that is taken out", mark, [&] {
        auto owned = wh::bearer_token_of({genuine, golden::body});
        wipe(*owned);
        return true;
    });
    check_stack("a bearer token behind another word", mark,
                [&] { return refuses(other_word, wh::errc::no_supported_signature); });
    check_stack("two bearer tokens that differ", mark,
                [&] { return refuses(differing, wh::errc::duplicate_header); });
    check_stack("a bearer token that is too large", mark, [&] {
        return refuses(genuine, wh::errc::header_too_large,
                       {.header_value = genuine[0].second.size() - 2});
    });
    const wh::any_verifier<> bearer(wh::schemes::bearer_token, wh::key::from_text(mark));
    check_stack("a token that was accepted", mark, [&] {
        return bearer.verify({genuine, golden::body}).has_value();
    });
    check_stack("a token that was refused", mark, [&] {
        return !bearer.verify({differing, golden::body});
    });
    check_stack("a secret that a handshake brings twice", mark,
                [&] { return !wh::detail::header_value(differing, "Authorization"); });
}

void check_macs_on_stacks() {
    // Whoever sees the right signature of a forged delivery can send it.
    const auto forged = golden::parts().headers();
    const std::string body = "{}";
    const std::string right = golden::signed_with_secret(golden::id, golden::timestamp, body);
    std::array<unsigned char, wh::crypto::sha256_size> mac{};
    static_cast<void>(wh::crypto::base64_decode(std::string_view(right).substr(3), mac));
    const std::string_view text(reinterpret_cast<const char*>(mac.data()), mac.size());
    const auto verifier = golden::make_verifier();
    check_stack("the right signature of a forged delivery", text, [&] {
        return !verifier.verify({forged, body});
    });
    const wh::incremental_verifier<wh::schemes::standard_webhooks, wh::testing::fixed_clock> pieces(
        wh::key::from_text(golden::secret), {}, {golden::now});
    check_stack("and of one that arrives in pieces", text, [&] {
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
        "what is not wiped", mark,
        [&] {
            volatile char copy[64];
            for (std::size_t i = 0; i < part.size(); ++i) copy[i] = part[i];
            return copy[0] == part[0];
        },
        true);
}

}  // namespace

int main() {
    // Long enough to need memory of its own, and short enough for the inside of a string.
    const std::string mark = "nobody-knows-this";
    const std::string token = long_token(mark, 1500);
    check_keys(mark);
    check_decoded_keys();
    check_deliveries(mark, token);
    check_explanations(mark, token);
    check_bearer(mark);
    if (!is_sanitized) check_stacks(mark);
    for (std::size_t size = 8; size <= 15; ++size) {
        const std::string small = std::string("k9Zq-Wv3xJ_7Lr2").substr(0, size);
        check_keys(small);
        check_deliveries(small, small);
        check_explanations(small, small);
        if (!is_sanitized) check_stacks(small);
    }
    if (!is_sanitized) check_macs_on_stacks();
    check_that_parts_are_seen();
    return failures == 0 ? 0 : 1;
}
