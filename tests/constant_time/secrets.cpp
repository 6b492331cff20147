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
#include <initializer_list>
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
std::size_t compared = 0;             // secrets that reached the comparison
std::size_t compared_sizes[64] = {};  // of the first ones, how many bytes
std::size_t taken = 0;                // blocks of memory
int given_back = 0;                   // blocks of memory that still held something of a secret
std::size_t padding_given_back = 0;   // bytes in a row that are none of it
int digests = 0;                      // that OpenSSL has finished
int sent_digest = 0;  // which of them is public, counted from 1: the MAC that is sent; 0 for none

// Whether more than `padding` bytes in a row are secret.
bool is_secret(const void* memory, std::size_t size, std::size_t padding = 0) {
    const auto* const bytes = static_cast<const unsigned char*>(memory);
    std::size_t row = 0;
    for (std::size_t i = 0; i < size; ++i) {
        unsigned char undefined = 0;
        const bool secret = VALGRIND_GET_VBITS(bytes + i, &undefined, 1) == 1 && undefined != 0;
        row = secret ? row + 1 : 0;
        if (row > padding) return true;
    }
    return false;
}

// Whether secrets of these sizes were compared, in this order, and no others.
bool compared_are(std::initializer_list<std::size_t> sizes) {
    return compared == sizes.size() && std::equal(sizes.begin(), sizes.end(), compared_sizes);
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

// In place of OpenSSL's own, which does the work: the verdict, and only that, is public. That of a
// part would be public too, so each check says which sizes were to be compared.
extern "C" int CRYPTO_memcmp(const void* in_a, const void* in_b, std::size_t len) {
    static const auto own =
        reinterpret_cast<decltype(&CRYPTO_memcmp)>(dlsym(RTLD_NEXT, "CRYPTO_memcmp"));
    if (is_secret(in_a, len) || is_secret(in_b, len)) {
        if (compared < std::size(compared_sizes)) compared_sizes[compared] = len;
        ++compared;
    }
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
    ++taken;
    return std::calloc(1, size == 0 ? 1 : size);
}
void replaced_new::give_back(void* memory) noexcept {
    if (memory && is_secret(memory, malloc_usable_size(memory), padding_given_back)) ++given_back;
    std::free(memory);
}

namespace {

int failures = 0;

// What a check has to find: nothing, unless it leaks.
struct findings {
    bool dependence = false;  // a branch or an address that depends on a secret
    int remains = 0;          // blocks that are given back with something of one, no more, no less
    std::size_t padding = 0;  // so many bytes in a row between members are what the stack held
};
constexpr findings dependence{.dependence = true};

template <class Work>
void check(const std::string& what, Work work, const findings& expected = {}) {
    compared = 0;
    given_back = 0;
    padding_given_back = expected.padding;
    digests = 0;
    const auto before = VALGRIND_COUNT_ERRORS;
    const bool worked = work();
    const auto reports = VALGRIND_COUNT_ERRORS - before;
    const bool good =
        worked && (reports > 0) == expected.dependence && given_back == expected.remains;
    failures += good ? 0 : 1;
    std::printf("%s - %s: %u reports, %zu secrets compared, %d left in memory\n",
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

std::size_t mac_size(const wh::scheme& scheme) {
    switch (scheme.algorithm.value_or(wh::algorithm::hmac_sha256)) {
        case wh::algorithm::hmac_sha1: return 20;
        case wh::algorithm::hmac_sha256: return 32;
        case wh::algorithm::hmac_sha512: return 64;
        case wh::algorithm::ed25519:
        case wh::algorithm::ecdsa_p256:
        case wh::algorithm::token: break;
    }
    return 0;
}

/// What is sent, and where in it the token stands, if one does.
struct sent_delivery {
    golden::header_list headers;
    std::string target;
    std::size_t token_at = 0;
    std::size_t token_size = 0;

    sent_delivery(const wh::signed_request& sent, const configured_key& key)
        : headers(sent.headers), target(wh::target_of(sent.url)) {
        token_at = headers.empty() ? target.find(key.text) : shows_token().rfind(' ') + 1;
        token_size = headers.empty() ? key.text.size() : shows_token().size() - token_at;
    }

    [[nodiscard]] std::string& shows_token() {
        return headers.empty() ? target : headers.back().second;
    }
};

void check_scheme(const wh::scheme& scheme, const configured_key& key) {
    const std::string name =
        std::string(scheme.name) + ", a key of " + std::to_string(key.text.size()) + " characters";
    digests = 0;
    const auto sent = wh::sign(scheme, wh::key::from_text(key.text), message_to_send()).value();
    const int digests_of_signing = digests;
    const sent_delivery genuine(sent, key);
    const bool is_token = scheme.algorithm == wh::algorithm::token;
    const std::size_t whole = is_token ? genuine.token_size : mac_size(scheme);
    const secret_text secret(key.text, key.public_size);
    const wh::verifier_options options{.url = endpoint};
    using verifier = wh::any_verifier<wh::testing::fixed_clock>;
    const auto is_accepted = [](const verifier& with, const sent_delivery& request) {
        compared = 0;
        return with.verify({request.headers, body, "POST", request.target}).has_value();
    };
    const auto is_forged = [](const verifier& with, const sent_delivery& request,
                              std::string_view sent_body) {
        compared = 0;
        const auto refused = with.verify({request.headers, sent_body, "POST", request.target});
        return !refused && refused.error().code == wh::errc::signature_mismatch;
    };

    check(name + " is read and wiped", [&] {
        const auto read = wh::key::try_from_text(secret.view());
        return read && read->read_as(scheme.key).has_value();
    });
    check(name + " verifies", [&] {
        const auto read = wh::key::try_from_text(secret.view());
        const auto made =
            verifier::try_create(scheme, std::span(&read.value(), 1), options, {golden::now});
        if (!made || !is_accepted(*made, genuine) || !compared_are({whole})) return false;
        if (!is_token) {
            // With and without its port, the endpoint has two URLs.
            return is_forged(*made, genuine, "{}") &&
                   (wh::detail::has_two_urls(scheme, endpoint) ? compared_are({whole, whole})
                                                               : compared_are({whole}));
        }
        sent_delivery other = genuine;
        const std::size_t last =
            other.shows_token().find_last_not_of('=', genuine.token_at + genuine.token_size - 1);
        other.shows_token()[last] = other.shows_token()[last] == 'A' ? 'Q' : 'A';
        // The size of a token is public, and decides alone.
        sent_delivery longer = genuine;
        longer.shows_token().insert(genuine.token_at, "AAAA");
        sent_delivery shorter = genuine;
        shorter.shows_token().erase(genuine.token_at, 4);
        return is_forged(*made, other, body) && compared_are({whole}) &&
               is_forged(*made, longer, body) && compared_are({}) &&
               is_forged(*made, shorter, body) && compared_are({});
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
    // The two verifications hold optional times, which compilers copy with the seven bytes behind
    // the flag, or without.
    check(
        "a delivery in pieces",
        [&] {
            const auto key = wh::key::try_from_whsec(secret.view());
            const auto verifier =
                wh::incremental_verifier<wh::schemes::standard_webhooks, wh::testing::fixed_clock>::
                    try_create(std::span(&key.value(), 1), {}, {golden::now});
            auto genuine = verifier->begin(headers);
            auto forged = verifier->begin(headers);
            compared = 0;
            // That the body is the one that arrived is seen by its MAC, in room for the largest.
            return genuine->update(golden::body) && forged->update(std::string_view("{}")) &&
                   std::move(*genuine).finish(golden::body) && !std::move(*forged).finish() &&
                   compared_are({32, 64, 32});
        },
        {.padding = 7});
}

// All are compared, so that the time does not tell which one matched.
void check_candidates() {
    const std::string wrong(golden::wrong_signature);
    const std::string right(golden::signature);
    for (const std::string& signatures :
         {right + ' ' + wrong + ' ' + wrong, wrong + ' ' + right + ' ' + wrong,
          wrong + ' ' + wrong + ' ' + right}) {
        const auto headers = golden::parts{.signature = signatures}.headers();
        const secret_text secret(golden::secret, 6);
        check("one of three signatures", [&] {
            const auto key = wh::key::try_from_whsec(secret.view());
            const auto verifier =
                golden::verifier::try_create(std::span(&key.value(), 1), {}, {golden::now});
            compared = 0;
            return verifier->verify({headers, golden::body}).has_value() &&
                   compared_are({32, 32, 32});
        });
    }
    const std::string texts[] = {"k9Zq-Wv3xJ", "Lr2k9Zq-Wv", "xJLr2k9Zq-"};
    for (const std::string& sent : texts) {
        const golden::header_list headers{{"X-Webhook-Token", sent}};
        check("one of three tokens", [&] {
            const secret_text first(texts[0]);
            const secret_text second(texts[1]);
            const secret_text third(texts[2]);
            std::vector<wh::key> keys;
            for (const auto* const text : {&first, &second, &third}) {
                keys.push_back(wh::key::try_from_text(text->view()).value());
            }
            const auto verifier = wh::any_verifier<>::try_create(wh::schemes::shared_token, keys);
            compared = 0;
            return verifier->verify({headers, body}).has_value() && compared_are({10, 10, 10});
        });
    }
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
        compared = 0;
        const auto answer = verifier.answer_challenge({sent.headers, body}, "qgg8vlvZRS6UYooatFL8");
        if (!answer) return false;
        const bool depends = is_secret(answer->view().data(), answer->view().size());
        return depends && compared_are({32});
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
               compared_are({sizeof secret, sizeof secret});
    });
    // Sizes are public: where they differ, no bytes are compared.
    check("the comparison, in every size", [&] {
        const wh::crypto::bytes left(secret);
        for (std::size_t size = 1; size <= left.size(); ++size) {
            compared = 0;
            // The third bytes differ.
            const bool same =
                wh::crypto::equal(left.first(size), wh::crypto::bytes(sent).first(size));
            if (same != (size < 3) || !compared_are({size})) return false;
            compared = 0;
            if (wh::crypto::equal(left.first(size - 1), wh::crypto::bytes(sent).first(size)) ||
                wh::crypto::equal(left.first(size), wh::crypto::bytes(sent).first(size - 1)) ||
                !compared_are({})) {
                return false;
            }
        }
        return true;
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

// Whether valgrind leaves this program its own `operator new`, which it does only when told to.
bool new_is_replaced() {
    const std::size_t before = taken;
    ::operator delete(::operator new(1));
    return taken > before;
}

}  // namespace

int main(int, char** arguments) {
    if (RUNNING_ON_VALGRIND == 0 || !new_is_replaced() ||
        CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1) {
        std::printf(
            "not ok - this program runs under valgrind, and with its own operator new:\n"
            "valgrind --quiet --soname-synonyms=somalloc=nouserintercepts %s\n",
            arguments[0]);
        return 1;
    }
    check_leaks();
    for (const wh::scheme* scheme : wh::schemes::all()) {
        if (scheme->uses_key_pairs() && scheme->key != wh::key_form::standard_webhooks) continue;
        for (const auto& key : keys_in(scheme->key)) check_scheme(*scheme, key);
    }
    check_candidates();
    check_pieces();
    check_challenge();
    check_refused_keys();
    std::printf("%d failed\n", failures);
    return failures == 0 ? 0 : 1;
}
