// SPDX-License-Identifier: MIT
// Whether a signature is right, asked of OpenSSL directly, with keys decoded slowly.
#ifndef WEBHOOKPP_TESTS_REFERENCE_SIGNATURES_HPP
#define WEBHOOKPP_TESTS_REFERENCE_SIGNATURES_HPP

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <webhookpp/scheme.hpp>

#include "encodings.hpp"
#include "headers.hpp"

namespace reference {

namespace wh = webhookpp;

inline const unsigned char* data_of(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// Whether a signature by this algorithm is a MAC.
inline bool is_mac(wh::algorithm made_by) {
    return made_by == wh::algorithm::hmac_sha1 || made_by == wh::algorithm::hmac_sha256 ||
           made_by == wh::algorithm::hmac_sha512;
}

inline std::string mac_of(wh::algorithm made_by, std::string_view key, std::string_view message) {
    const EVP_MD* const hash = made_by == wh::algorithm::hmac_sha1     ? EVP_sha1()
                               : made_by == wh::algorithm::hmac_sha512 ? EVP_sha512()
                                                                       : EVP_sha256();
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (!HMAC(hash, key.data(), static_cast<int>(key.size()), data_of(message), message.size(), mac,
              &size)) {
        throw std::runtime_error("OpenSSL makes no HMAC");
    }
    return {reinterpret_cast<const char*>(mac), size};
}

inline std::string sha256_of(std::string_view bytes) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(data_of(bytes), bytes.size(), digest);
    return {reinterpret_cast<const char*>(digest), sizeof digest};
}

/// The bytes of a key that a verifier has, which is written in a form that `scheme.key` may have.
inline std::string key_bytes(wh::key_form form, std::string_view text) {
    using form_of = wh::key_form;
    for (const std::string_view prefix : {"whsec_", "whpk_"}) {
        if (form != form_of::text && text.starts_with(prefix)) {
            return from_base64(text.substr(prefix.size())).value();
        }
    }
    if (form == form_of::base64 || form == form_of::p256_base64 ||
        form == form_of::ed25519_base64) {
        return from_base64(text).value();
    }
    if (form == form_of::hex || form == form_of::ed25519_hex) {
        return from_hex(in_lower_case(text)).value();
    }
    return std::string(text);
}

/// Whether `signature` is one of `message` that the key with these bytes made.
inline bool is_signature(wh::algorithm made_by, std::string_view key, std::string_view message,
                         std::string_view signature) {
    if (is_mac(made_by)) return mac_of(made_by, key, message) == signature;
    const bool is_ed25519 = made_by == wh::algorithm::ed25519;
    const unsigned char* der = data_of(key);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> public_key(
        is_ed25519 ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, der, key.size())
                   : d2i_PUBKEY(nullptr, &der, static_cast<long>(key.size())),
        &EVP_PKEY_free);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    if (!public_key ||
        EVP_DigestVerifyInit(context.get(), nullptr, is_ed25519 ? nullptr : EVP_sha256(), nullptr,
                             public_key.get()) != 1) {
        throw std::runtime_error("OpenSSL does not take the public key");
    }
    return EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(message),
                            message.size()) == 1;
}

}  // namespace reference

#endif
