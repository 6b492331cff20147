// SPDX-License-Identifier: MIT
#include "failing_calls.hpp"

#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdlib>
#include <type_traits>

#include "../replaced_new.hpp"
#include "stand_in.hpp"

// Where the program's own code begins and ends, as the linker knows.
extern "C" const char __executable_start;  // NOLINT(bugprone-reserved-identifier)
extern "C" const char etext;

namespace {

using fault_injection::fails;
using fault_injection::is_failing;
using fault_injection::kind;

// Plain, since the programs that use this have one thread.
bool armed = false;
kind what = kind::allocation;
long failing = 0;
long calls = 0;
const char* failed = "";

bool call_fails(const char* name, const void* caller) {
    return (is_failing(kind::openssl_call) || is_failing(kind::openssl_error)) &&
           fault_injection::is_ours(caller) && fails(name);
}

bool allocation_fails(const char* name) {
    return is_failing(kind::allocation) && fails(name);
}

template <class Returned>
Returned failure() {
    // As OpenSSL leaves one behind.
    ERR_raise(ERR_LIB_USER, 1);
    if constexpr (std::is_pointer_v<Returned>) {
        return nullptr;
    } else {
        return what == kind::openssl_error ? -1 : 0;
    }
}

}  // namespace

// In place of OpenSSL's own, which it hands on to.
// NOLINTBEGIN(bugprone-macro-parentheses): types and lists of parameters
#define WEBHOOKPP_MAY_FAIL(returned, function, parameters, arguments)                   \
    extern "C" returned function parameters {                                           \
        static const auto own = WEBHOOKPP_OWN(function);                                \
        return call_fails(#function, __builtin_return_address(0)) ? failure<returned>() \
                                                                  : own arguments;      \
    }
// NOLINTEND(bugprone-macro-parentheses)
// clang-format off
WEBHOOKPP_MAY_FAIL(EVP_MD_CTX*, EVP_MD_CTX_new, (), ())
WEBHOOKPP_MAY_FAIL(int, EVP_MD_CTX_copy_ex, (EVP_MD_CTX* out, const EVP_MD_CTX* in), (out, in))
WEBHOOKPP_MAY_FAIL(int, EVP_DigestInit_ex, (EVP_MD_CTX* ctx, const EVP_MD* type, ENGINE* impl), (ctx, type, impl))
WEBHOOKPP_MAY_FAIL(int, EVP_DigestUpdate, (EVP_MD_CTX* ctx, const void* d, std::size_t cnt), (ctx, d, cnt))
WEBHOOKPP_MAY_FAIL(int, EVP_DigestFinal_ex, (EVP_MD_CTX* ctx, unsigned char* md, unsigned int* s), (ctx, md, s))
WEBHOOKPP_MAY_FAIL(int, EVP_Digest, (const void* data, std::size_t count, unsigned char* md, unsigned int* size, const EVP_MD* type, ENGINE* impl), (data, count, md, size, type, impl))
WEBHOOKPP_MAY_FAIL(EVP_PKEY*, EVP_PKEY_new_raw_public_key, (int type, ENGINE* e, const unsigned char* pub, std::size_t len), (type, e, pub, len))
WEBHOOKPP_MAY_FAIL(EVP_PKEY*, EVP_PKEY_new_raw_private_key, (int type, ENGINE* e, const unsigned char* priv, std::size_t len), (type, e, priv, len))
WEBHOOKPP_MAY_FAIL(int, EVP_PKEY_get_raw_public_key, (const EVP_PKEY* pkey, unsigned char* pub, std::size_t* len), (pkey, pub, len))
WEBHOOKPP_MAY_FAIL(int, EVP_PKEY_is_a, (const EVP_PKEY* pkey, const char* name), (pkey, name))
WEBHOOKPP_MAY_FAIL(int, EVP_PKEY_get_group_name, (const EVP_PKEY* pkey, char* name, std::size_t name_sz, std::size_t* gname_len), (pkey, name, name_sz, gname_len))
WEBHOOKPP_MAY_FAIL(int, EVP_DigestVerifyInit, (EVP_MD_CTX* ctx, EVP_PKEY_CTX** pctx, const EVP_MD* type, ENGINE* e, EVP_PKEY* pkey), (ctx, pctx, type, e, pkey))
WEBHOOKPP_MAY_FAIL(int, EVP_DigestVerify, (EVP_MD_CTX* ctx, const unsigned char* sigret, std::size_t siglen, const unsigned char* tbs, std::size_t tbslen), (ctx, sigret, siglen, tbs, tbslen))
WEBHOOKPP_MAY_FAIL(int, EVP_DigestSignInit, (EVP_MD_CTX* ctx, EVP_PKEY_CTX** pctx, const EVP_MD* type, ENGINE* e, EVP_PKEY* pkey), (ctx, pctx, type, e, pkey))
WEBHOOKPP_MAY_FAIL(int, EVP_DigestSign, (EVP_MD_CTX* ctx, unsigned char* sigret, std::size_t* siglen, const unsigned char* tbs, std::size_t tbslen), (ctx, sigret, siglen, tbs, tbslen))
WEBHOOKPP_MAY_FAIL(EVP_PKEY_CTX*, EVP_PKEY_CTX_new, (EVP_PKEY* pkey, ENGINE* e), (pkey, e))
WEBHOOKPP_MAY_FAIL(int, EVP_PKEY_public_check, (EVP_PKEY_CTX* ctx), (ctx))
WEBHOOKPP_MAY_FAIL(OSSL_DECODER_CTX*, OSSL_DECODER_CTX_new_for_pkey, (EVP_PKEY** pkey, const char* input_type, const char* input_struct, const char* keytype, int selection, OSSL_LIB_CTX* libctx, const char* propquery), (pkey, input_type, input_struct, keytype, selection, libctx, propquery))
WEBHOOKPP_MAY_FAIL(int, OSSL_DECODER_from_data, (OSSL_DECODER_CTX* ctx, const unsigned char** pdata, std::size_t* pdata_len), (ctx, pdata, pdata_len))
WEBHOOKPP_MAY_FAIL(EVP_PKEY*, d2i_AutoPrivateKey, (EVP_PKEY** a, const unsigned char** pp, long length), (a, pp, length))
WEBHOOKPP_MAY_FAIL(int, RAND_priv_bytes, (unsigned char* buf, int num), (buf, num))
// clang-format on
#undef WEBHOOKPP_MAY_FAIL

namespace {

void* openssl_malloc(std::size_t size, const char*, int) {
    return allocation_fails("OpenSSL's malloc") ? nullptr : std::malloc(size);
}
void* openssl_realloc(void* memory, std::size_t size, const char*, int) {
    return allocation_fails("OpenSSL's realloc") ? nullptr : std::realloc(memory, size);
}
void openssl_free(void* memory, const char*, int) {
    std::free(memory);
}

}  // namespace

void* replaced_new::take(std::size_t size) noexcept {
    return allocation_fails("operator new") ? nullptr : std::malloc(size == 0 ? 1 : size);
}
void replaced_new::give_back(void* memory) noexcept {
    std::free(memory);
}

namespace fault_injection {

failing_call::failing_call(kind of, long place) noexcept {
    what = of;
    failing = place;
    calls = 0;
    failed = "";
    armed = true;
}
failing_call::~failing_call() {
    armed = false;
}
unwatched::unwatched() noexcept : was_armed_(armed) {
    armed = false;
}
unwatched::~unwatched() {
    armed = was_armed_;
}
bool failing_call::has_failed() const noexcept {
    return calls >= failing;
}
const char* failing_call::name() const noexcept {
    return failed;
}

bool is_failing(kind of) noexcept {
    return armed && what == of;
}
bool fails(const char* name) noexcept {
    if (++calls != failing) return false;
    failed = name;
    return true;
}
bool is_ours(const void* address) noexcept {
    const auto* const at = static_cast<const char*>(address);
    return at >= &__executable_start && at < &etext;
}
bool store_may_fail(const void* caller) noexcept {
    return armed && what >= kind::store_call && is_ours(caller);
}

bool count_allocations() noexcept {
    return CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1;
}

}  // namespace fault_injection
