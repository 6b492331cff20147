// SPDX-License-Identifier: MIT
#include "failing_calls.hpp"

#include <dlfcn.h>
#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <sqlite3.h>

#include <cstddef>
#include <cstdlib>
#include <type_traits>

#include "../replaced_new.hpp"

// Where the program's own code begins and ends, as the linker knows.
extern "C" const char __executable_start;  // NOLINT(bugprone-reserved-identifier)
extern "C" const char etext;

namespace {

using fault_injection::kind;

// Plain, since the programs that use this have one thread.
bool armed = false;
kind what = kind::allocation;
long failing = 0;
long calls = 0;
const char* failed = "";

bool fails(bool is_allocation, const char* name) {
    if (!armed || is_allocation != (what == kind::allocation) || ++calls != failing) return false;
    failed = name;
    return true;
}

// Whether the address is one of this program, and not of libcrypto, which also calls its functions
// itself.
bool is_ours(const void* address) {
    const auto* const at = static_cast<const char*>(address);
    return at >= &__executable_start && at < &etext;
}

bool call_fails(const char* name, const void* caller) {
    return armed && what != kind::allocation && is_ours(caller) && fails(false, name);
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
        static const auto own =                                                         \
            reinterpret_cast<decltype(&function)>(dlsym(RTLD_NEXT, #function));         \
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
    return fails(true, "OpenSSL's malloc") ? nullptr : std::malloc(size);
}
void* openssl_realloc(void* memory, std::size_t size, const char*, int) {
    return fails(true, "OpenSSL's realloc") ? nullptr : std::realloc(memory, size);
}
void openssl_free(void* memory, const char*, int) {
    std::free(memory);
}

sqlite3_mem_methods sqlites_own;

void* sqlite_malloc(int size) {
    return fails(true, "SQLite's malloc") ? nullptr : sqlites_own.xMalloc(size);
}
void* sqlite_realloc(void* memory, int size) {
    return fails(true, "SQLite's realloc") ? nullptr : sqlites_own.xRealloc(memory, size);
}

}  // namespace

void* replaced_new::take(std::size_t size) noexcept {
    return fails(true, "operator new") ? nullptr : std::malloc(size == 0 ? 1 : size);
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
bool failing_call::has_failed() const noexcept {
    return calls >= failing;
}
const char* failing_call::name() const noexcept {
    return failed;
}

bool count_allocations() noexcept {
    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1) return false;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlites_own) != SQLITE_OK) return false;
    sqlite3_mem_methods counting = sqlites_own;
    counting.xMalloc = sqlite_malloc;
    counting.xRealloc = sqlite_realloc;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &counting) == SQLITE_OK;
}

}  // namespace fault_injection
