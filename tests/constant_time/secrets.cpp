// SPDX-License-Identifier: MIT
// Under valgrind's memcheck: nothing that the library does depends on a secret, by a branch or by
// an address, and no memory that it gives back holds what was made of one. Secrets are marked as
// undefined, which memcheck follows through all that is computed from them. Public are the length
// of a secret, its prefix and padding, whether it is a key at all, the name in credentials, and the
// verdict on a delivery. Checks that are not constant on purpose have to be reported.

#include <dlfcn.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <valgrind/memcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/testing/fixed_clock.hpp>

#include "../golden.hpp"
#include "../replaced_new.hpp"
#include "../scheme_keys.hpp"

namespace wh = webhookpp;

namespace {

// Plain, since this program has one thread.
int compared = 0;     // secrets that reached the comparison
int given_back = 0;   // blocks of memory that still held something of a secret
int digests = 0;      // that OpenSSL has finished
int sent_digest = 0;  // which of them is public, counted from 1: the MAC that is sent; 0 for none

bool is_secret(const void* memory, std::size_t size) {
    const auto* const bytes = static_cast<const unsigned char*>(memory);
    for (std::size_t i = 0; i < size; ++i) {
        unsigned char undefined = 0;
        if (VALGRIND_GET_VBITS(bytes + i, &undefined, 1) == 1 && undefined != 0) return true;
    }
    return false;
}

void* openssl_malloc(std::size_t size, const char*, int) {
    return size == 0 ? nullptr : replaced_new::take(size);
}
void* openssl_realloc(void* memory, std::size_t size, const char*, int) {
    void* const moved = replaced_new::take(size);
    if (memory && moved) std::memcpy(moved, memory, std::min(size, malloc_usable_size(memory)));
    replaced_new::give_back(memory);
    return moved;
}
void openssl_free(void* memory, const char*, int) {
    replaced_new::give_back(memory);
}

}  // namespace

// In place of OpenSSL's own, which does the work: the verdict, and only that, is public.
extern "C" int CRYPTO_memcmp(const void* in_a, const void* in_b, std::size_t len) {
    static const auto own =
        reinterpret_cast<decltype(&CRYPTO_memcmp)>(dlsym(RTLD_NEXT, "CRYPTO_memcmp"));
    if (is_secret(in_a, len) || is_secret(in_b, len)) ++compared;
    int differs = own(in_a, in_b, len);
    static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(&differs, sizeof differs));
    return differs;
}

// In place of OpenSSL's own, which does the work: a MAC that is sent is public once it is finished.
extern "C" int EVP_DigestFinal_ex(EVP_MD_CTX* ctx, unsigned char* md, unsigned int* s) {
    static const auto own =
        reinterpret_cast<decltype(&EVP_DigestFinal_ex)>(dlsym(RTLD_NEXT, "EVP_DigestFinal_ex"));
    unsigned int size = 0;
    const int good = own(ctx, md, &size);
    if (s) *s = size;
    if (++digests == sent_digest) static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(md, size));
    return good;
}

// Memory begins as zeros, so that what is undefined in it comes from a secret.
void* replaced_new::take(std::size_t size) noexcept {
    return std::calloc(1, size == 0 ? 1 : size);
}
void replaced_new::give_back(void* memory) noexcept {
    if (memory && is_secret(memory, malloc_usable_size(memory))) ++given_back;
    std::free(memory);
}

namespace {

int failures = 0;

// What a check has to find: nothing, unless it leaks.
struct findings {
    bool dependence = false;  // a branch or an address that depends on a secret
    int remains = 0;          // blocks that are given back with something of one, no more, no less
};
constexpr findings dependence{.dependence = true};

template <class Work>
void check(const std::string& what, Work work, const findings& expected = {}) {
    compared = 0;
    given_back = 0;
    digests = 0;
    const auto before = VALGRIND_COUNT_ERRORS;
    const bool worked = work();
    const auto reports = VALGRIND_COUNT_ERRORS - before;
    const bool good =
        worked && (reports > 0) == expected.dependence && given_back == expected.remains;
    failures += good ? 0 : 1;
    std::printf("%s - %s: %u reports, %d secrets compared, %d left in memory\n",
                good ? "ok" : "not ok", what.c_str(), static_cast<unsigned>(reports), compared,
                given_back);
}

void make_secret(void* memory, std::size_t size) {
    static_cast<void>(VALGRIND_MAKE_MEM_UNDEFINED(memory, size));
}
void make_public(const void* memory, std::size_t size) {
    static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(memory, size));
}

/// A text from its place `public_size` on is secret, apart from the padding of base64. Public again
/// when it is destroyed, since the memory is that of this test.
class secret_text {
public:
    explicit secret_text(std::string text, std::size_t public_size = 0) : text_(std::move(text)) {
        const std::size_t end = text_.find_last_not_of('=') + 1;
        make_secret(text_.data() + public_size, end - public_size);
    }
    secret_text(const secret_text&) = delete;
    secret_text& operator=(const secret_text&) = delete;
    ~secret_text() { make_public(text_.data(), text_.size()); }

    [[nodiscard]] std::string_view view() const { return text_; }

private:
    std::string text_;
};

/// A key as a program is configured with it, and how many of its characters are public.
struct configured_key {
    std::string text;
    std::size_t public_size = 0;
};

// Keys whose base64 has no padding, one and two `=`; longer than a block of the hash, too; tokens
// that a string holds in itself, and longer ones.
std::vector<configured_key> keys_in(wh::key_form form) {
    const std::string base64 = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    switch (form) {
        case wh::key_form::standard_webhooks:
            return {{golden::secret, 6},
                    {"whsec_" + base64.substr(0, 28) + "aQ==", 6},
                    {"whsec_" + base64.substr(0, 28) + "aSo=", 6}};
        case wh::key_form::credentials:
            return {{"user:p+ss/w0rd~", 5}, {"user:" + std::string(40, 'p') + "w0rd", 5}};
        case wh::key_form::base64: return {{base64}, {"c2Ftc2FyYS1rZXk="}, {"YQ=="}};
        case wh::key_form::hex: return {{"44782DEF547AAA06c910c43932b1eb0c71fc68d9"}};
        case wh::key_form::text: return {{"k9Zq-Wv3xJ"}, {std::string(200, 'k') + "9Zq"}};
        case wh::key_form::token:
        case wh::key_form::url_token: return {{"k9Zq-Wv3xJ_7Lr2"}, {std::string(40, 'k') + "9Zq"}};
        case wh::key_form::ed25519_hex:
        case wh::key_form::ed25519_base64:
        case wh::key_form::p256_base64: break;
    }
    return {};
}

constexpr const char* endpoint = "https://hooks.example.com/in?shop=7";
constexpr std::string_view body = R"({"test":1})";

wh::unsigned_message message_to_send() {
    return {.id = "msg_1",
            .timestamp = golden::now,
            .body = body,
            .url = endpoint,
            .event_type = "test"};
}

void check_scheme(const wh::scheme& scheme, const configured_key& key) {
    const std::string name =
        std::string(scheme.name) + ", a key of " + std::to_string(key.text.size()) + " characters";
    digests = 0;
    const auto sent = wh::sign(scheme, wh::key::from_text(key.text), message_to_send()).value();
    const int digests_of_signing = digests;
    const bool is_token = scheme.algorithm == wh::algorithm::token;
    const auto target = wh::target_of(sent.url);
    const secret_text secret(key.text, key.public_size);
    const wh::verifier_options options{.url = endpoint};
    using verifier = wh::any_verifier<wh::testing::fixed_clock>;

    check(name + " is read and wiped", [&] {
        const auto read = wh::key::try_from_text(secret.view());
        return read && read->read_as(scheme.key).has_value();
    });
    check(name + " verifies", [&] {
        const auto read = wh::key::try_from_text(secret.view());
        const auto made =
            verifier::try_create(scheme, std::span(&read.value(), 1), options, {golden::now});
        if (!made) return false;
        compared = 0;
        const bool accepted =
            made->verify({sent.headers, body, "POST", target}).has_value() && compared > 0;
        // Another body, or for a token another token.
        golden::header_list forged = sent.headers;
        std::string forged_target(target);
        if (is_token && !forged.empty()) {
            const std::size_t last = forged.back().second.find_last_not_of('=');
            forged.back().second[last] = forged.back().second[last] == 'A' ? 'Q' : 'A';
        } else if (is_token) {
            forged_target[forged_target.find(key.text)] = 'x';
        }
        compared = 0;
        const std::string_view forged_body = is_token ? body : "{}";
        const auto refused = made->verify({forged, forged_body, "POST", forged_target});
        return accepted && !refused && refused.error().code == wh::errc::signature_mismatch &&
               compared > 0;
    });
    // What is sent is public, and nothing else: the last digest, which is the MAC, from when it is
    // finished; a token once it stands where the caller takes it over. Who writes a token into a
    // URL reads that URL.
    sent_digest = digests_of_signing;
    const bool in_target = scheme.signature.in_target();
    check(name + " signs",
          [&] {
              const auto read = wh::key::try_from_text(secret.view());
              const auto made = wh::sign(scheme, read.value(), message_to_send());
              if (!made) return false;
              const std::string& shown = in_target ? made->url : made->headers.back().second;
              if (is_token) make_public(shown.data(), shown.size());
              return true;
          },
          {.dependence = in_target});
    sent_digest = 0;
}

void check_pieces() {
    const secret_text secret(golden::secret, 6);
    const auto headers = golden::parts().headers();
    // The two verifications hold errors, whose texts end in what the stack held.
    check(
        "a delivery in pieces",
        [&] {
            const auto key = wh::key::try_from_whsec(secret.view());
            const auto verifier =
                wh::incremental_verifier<wh::schemes::standard_webhooks, wh::testing::fixed_clock>::
                    try_create(std::span(&key.value(), 1), {}, {golden::now});
            auto genuine = verifier->begin(headers);
            auto forged = verifier->begin(headers);
            return genuine->update(golden::body) && forged->update(std::string_view("{}")) &&
                   std::move(*genuine).finish(golden::body) && !std::move(*forged).finish() &&
                   compared > 0;
        },
        {.remains = 2});
}

void check_challenge() {
    const std::string text = "k9Zq-Wv3xJ";
    const auto sent =
        wh::sign(wh::schemes::zoom, wh::key::from_text(text), message_to_send()).value();
    const secret_text secret(text);
    check("the answer to a challenge", [&] {
        const auto key = wh::key::try_from_text(secret.view());
        const wh::any_verifier<wh::testing::fixed_clock> verifier(wh::schemes::zoom, key.value(),
                                                                  {}, {golden::now});
        const auto answer = verifier.answer_challenge({sent.headers, body}, "qgg8vlvZRS6UYooatFL8");
        if (!answer) return false;
        const bool depends = is_secret(answer->view().data(), answer->view().size());
        return depends && compared > 0;
    });
}

void check_refused_keys() {
    // Not keys, but secrets nevertheless. Which check refuses them is public.
    for (const char* text : {"k9Zq Wv3xJ", "k9Zq-Wv3xJ!"}) {
        const secret_text secret(text);
        check("a text that is no key", [&] {
            const auto key = wh::key::try_from_text(secret.view());
            return key && !key->read_as(wh::key_form::url_token) &&
                   !key->read_as(wh::key_form::hex);
        });
    }
}

// What must be found. The volatile pointers keep the compiler from seeing through the calls.

bool equal_until_different(const unsigned char* left, const unsigned char* right,
                           std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
        if (left[i] != right[i]) return false;
    }
    return true;
}
bool (*volatile naive_equal)(const unsigned char*, const unsigned char*,
                             std::size_t) = equal_until_different;
int (*volatile plain_memcmp)(const void*, const void*, std::size_t) = std::memcmp;
const unsigned char* volatile lookup_table = wh::crypto::detail::base64_table.of;

void check_leaks() {
    unsigned char secret[32] = {1, 2, 3};
    constexpr unsigned char sent[32] = {1, 2, 4};
    make_secret(secret, sizeof secret);
    check("the comparison itself", [&] {
        return !wh::crypto::equal(secret, sent) && !wh::crypto::equal(sent, secret) &&
               compared == 2;
    });
    check(
        "a comparison that ends early is reported",
        [&] { return !naive_equal(secret, sent, sizeof secret); }, dependence);
    check(
        "memcmp is reported", [&] { return plain_memcmp(secret, sent, sizeof secret) != 0; },
        dependence);
    check(
        "a table that is looked up by a secret is reported",
        [&] {
            const volatile unsigned char found = lookup_table[secret[0]];
            return found != 0;
        },
        dependence);
    check(
        "base64 that is decoded by table is reported",
        [&] {
            const secret_text text("MfKQ9r8GKYqr");
            unsigned char out[9];
            return wh::crypto::base64_decode(text.view(), out) == 9U;
        },
        dependence);
    check(
        "hex that is decoded by branches is reported",
        [&] {
            const secret_text text("00fF");
            unsigned char out[2];
            return wh::crypto::hex_decode(text.view(), out, wh::crypto::hex_case::either) == 2U;
        },
        dependence);
    check("a secret that is not wiped is found",
          [&] {
              const std::vector<unsigned char> copy(std::begin(secret), std::end(secret));
              const unsigned char* const volatile kept = copy.data();
              return is_secret(kept, sizeof secret);
          },
          {.remains = 1});
    make_public(secret, sizeof secret);
}

}  // namespace

int main() {
    if (RUNNING_ON_VALGRIND == 0 ||
        CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1) {
        std::puts("not ok - this program runs under valgrind: valgrind --quiet PROGRAM");
        return 1;
    }
    check_leaks();
    for (const wh::scheme* scheme : wh::schemes::all()) {
        if (scheme->uses_key_pairs() && scheme->key != wh::key_form::standard_webhooks) continue;
        for (const auto& key : keys_in(scheme->key)) check_scheme(*scheme, key);
    }
    check_pieces();
    check_challenge();
    check_refused_keys();
    std::printf("%d failed\n", failures);
    return failures == 0 ? 0 : 1;
}
