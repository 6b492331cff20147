// SPDX-License-Identifier: MIT
// Keys for every form in which schemes write them.
#ifndef WEBHOOKPP_TESTS_SCHEME_KEYS_HPP
#define WEBHOOKPP_TESTS_SCHEME_KEYS_HPP

#include <webhookpp/crypto/key.hpp>
#include <webhookpp/scheme.hpp>

#include "golden.hpp"

namespace golden {

// Made with `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256` for these tests.
inline constexpr const char* p256_signing_key =
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQ1/"
    "+pbYGW8av9DuNeTPxjg5Ux5OFt5Ifs2kSNdtUb76hRANCAARrtWaPNuru/"
    "znoJtXAhEApXBGftx9mnFcsTpNtz83KjLfAiVumLzEqGHXNlCxr53EqMhhLAicYSerdMsvyZil7";
inline constexpr const char* p256_public_key =
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEa7Vmjzbq7v856CbVwIRAKVwRn7cfZpxXLE6Tbc/"
    "Nyoy3wIlbpi8xKhh1zZQsa+dxKjIYSwInGEnq3TLL8mYpew==";

/// The keys of a sender and of its receiver: the same, unless the scheme uses key pairs.
struct key_pair {
    wh::key sign;
    wh::key verify;
};

/// The same as text, as a program is configured with it.
struct key_texts {
    const char* sign;
    const char* verify;
};

inline key_texts key_texts_for(wh::key_form form) {
    const auto both = [](const char* text) { return key_texts{text, text}; };
    switch (form) {
        case wh::key_form::standard_webhooks: return both(secret);
        case wh::key_form::credentials: return both("user:password");
        case wh::key_form::base64: return both("c2Ftc2FyYS1rZXk=");
        case wh::key_form::hex: return both("44782DEF547AAA06C910C43932B1EB0C71FC68D9");
        case wh::key_form::ed25519_hex:
        case wh::key_form::ed25519_base64: return {signing_key, public_key};
        case wh::key_form::p256_base64: return {p256_signing_key, p256_public_key};
        case wh::key_form::text:
        case wh::key_form::token:
        case wh::key_form::url_token: break;
    }
    return both("a-token");
}

/// Another shared secret or token of that form; empty for key pairs, of which tests have only one.
inline const char* other_key_text_for(wh::key_form form) {
    switch (form) {
        case wh::key_form::standard_webhooks: return other_secret;
        case wh::key_form::credentials: return "other:secret";
        case wh::key_form::base64: return "b3RoZXItc2Ftc2FyYS1rZXk=";
        case wh::key_form::hex: return "00112233445566778899aabbccddeeff";
        case wh::key_form::ed25519_hex:
        case wh::key_form::ed25519_base64:
        case wh::key_form::p256_base64: return "";
        case wh::key_form::text:
        case wh::key_form::token:
        case wh::key_form::url_token: break;
    }
    return "another-token";
}

inline key_pair keys_for(wh::key_form form) {
    const key_texts texts = key_texts_for(form);
    return {wh::key::from_text(texts.sign), wh::key::from_text(texts.verify)};
}

}  // namespace golden

#endif
