// SPDX-License-Identifier: MIT
#include <webhookpp/crypto/key.hpp>

#include <cstdlib>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <webhookpp/crypto/base64.hpp>

#include "../../catch.hpp"
#include "../../golden.hpp"

namespace wh = webhookpp;
using wh::errc;
using wh::key;

namespace {

std::string whsec(std::size_t bytes) {
    const std::string secret(bytes, 's');
    std::string text(wh::crypto::base64_encoded_size(bytes), '\0');
    wh::crypto::base64_encode(wh::crypto::as_bytes(secret), text);
    return "whsec_" + text;
}

// Text as a program is configured with it, read as a verifier of Standard Webhooks does.
wh::result<key> configured(std::string_view text,
                           wh::secret_length lengths = wh::secret_length::usual) {
    const auto made = key::try_from_text(text);
    return made ? made->read_as(wh::key_form::standard_webhooks, lengths) : made;
}

bool mentions(const wh::error& error, std::string_view words) {
    return error.where.view().find(words) != std::string_view::npos;
}

template <class T>
concept printable = requires(std::ostream& out, const T& value) {
    out << value;
};

}  // namespace

TEST_CASE("keys are read in all documented forms") {
    CHECK(configured(golden::secret)->bytes().size() == 24);
    CHECK(configured(golden::secret)->which() == key::kind::secret);
    CHECK(configured(golden::public_key)->bytes().size() == 32);
    CHECK(configured(golden::public_key)->which() == key::kind::ed25519_public_key);
    CHECK(configured(golden::signing_key)->bytes().size() == 64);
    CHECK(configured("whsk_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=")->bytes().size() == 32);

    SECTION("a DER public key is the raw one in a wrapper") {
        const auto der =
            configured("whpk_MCowBQYDK2VwAyEAkp3dScDPIzT1CwUFUMdzyPbWOAQaCF9z4ucuKuZD7Io=");
        const auto raw = configured("whpk_kp3dScDPIzT1CwUFUMdzyPbWOAQaCF9z4ucuKuZD7Io=");
        CHECK(wh::crypto::equal(der->bytes(), raw->bytes()));
    }
}

TEST_CASE("a key of the wrong form is refused with its cause") {
    struct row {
        std::string text;
        errc code;
        const char* cause;
    };
    const std::string good = golden::secret;
    const row table[] = {
        {"", errc::empty_key, "empty"},
        {"whsec_", errc::empty_key, "after the prefix"},
        {"   ", errc::key_whitespace, "whitespace"},
        {good + "\n", errc::key_whitespace, "newline"},
        {good + " ", errc::key_whitespace, "surrounding whitespace"},
        {"\t" + good, errc::key_whitespace, "surrounding whitespace"},
        {"v1," + good, errc::key_wrong_prefix, "strip the `v1,`"},
        {"WHSEC_" + good.substr(6), errc::key_wrong_prefix, "lower case"},
        {"whsec_" + good, errc::key_wrong_prefix, "twice"},
        {good.substr(6), errc::key_wrong_prefix, "starts with whsec_"},
        {"my-shared-secret", errc::key_wrong_prefix, "starts with whsec_"},
        {"-----BEGIN PUBLIC KEY-----", errc::key_wrong_prefix, "PEM"},
        {"whsec_!!!!", errc::key_bad_encoding, "not canonical"},
        {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", errc::key_bad_encoding, "padding"},
        {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa==", errc::key_bad_encoding, "not canonical"},
        {"whsec_----____----____----____", errc::key_bad_encoding, "url-safe"},
        {"whsec_MfKQ 9r8GKYqrTwjUPD8ILPZIo2LaLaSw", errc::key_bad_encoding, "white space"},
        {whsec(15), errc::key_wrong_length, "16 to 75 bytes"},
        {whsec(76), errc::key_wrong_length, "16 to 75 bytes"},
        {std::string(5000, 'x'), errc::key_wrong_length, "4,096"},
        {"whpk_BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQ==", errc::key_wrong_length, "32 bytes"},
        {"whpk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", errc::key_weak, "forged"},
        {"whsk_AAAA", errc::key_wrong_length, "32 or 64"},
    };
    for (const row& each : table) {
        INFO(each.text);
        const auto refused = configured(each.text);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == each.code);
        INFO(refused.error().where.view());
        CHECK(mentions(refused.error(), each.cause));
    }
    for (const char* text : {"WHPK_x", "WHSK_x"}) {
        CHECK(mentions(configured(text).error(), "lower case"));
    }
    CHECK_FALSE(mentions(configured("my-shared-secret").error(), "PEM"));
    CHECK(key::try_from_whsec("").error().code == errc::empty_key);
    CHECK(key::try_from_whsec(" whsec_").error().code == errc::key_whitespace);
}

TEST_CASE("only DER of Ed25519 is taken for a wrapper of a key") {
    // As many bytes as a wrapped key has, which are no wrapper.
    const auto in_base64 = [](std::string_view prefix, std::size_t size) {
        std::string text(wh::crypto::base64_encoded_size(size), '\0');
        wh::crypto::base64_encode(std::vector<unsigned char>(size, 5), text);
        return std::string(prefix) + text;
    };
    CHECK(configured(in_base64("whpk_", 44)).error().code == errc::key_wrong_length);
    CHECK(configured(in_base64("whsk_", 48)).error().code == errc::key_wrong_length);
}

TEST_CASE("bytes are a secret in every form, and a decoded key of Ed25519 is one in its forms") {
    const std::string secret(32, 'x');
    const auto bytes = wh::crypto::as_bytes(secret);
    for (const auto form : {wh::key_form::text, wh::key_form::base64, wh::key_form::hex}) {
        const auto read = key::from_bytes(bytes).read_as(form);
        REQUIRE(read);
        CHECK(wh::crypto::equal(read->bytes(), bytes));
    }
    for (const auto form : {wh::key_form::ed25519_hex, wh::key_form::ed25519_base64}) {
        const key decoded = key::from_whpk(golden::public_key);
        const auto read = decoded.read_as(form);
        REQUIRE(read);
        CHECK(read->which() == key::kind::ed25519_public_key);
        CHECK(wh::crypto::equal(read->bytes(), decoded.bytes()));
        CHECK(key::from_whsk(golden::signing_key)
                  .read_as(form, wh::secret_length::usual, wh::key_use::sign));
    }
}

TEST_CASE("secrets of 16 to 75 bytes pass, in strict mode of 24 to 64") {
    CHECK(configured(whsec(16)));
    CHECK(configured(whsec(75)));
    const auto strict = wh::secret_length::strict;
    CHECK(configured(whsec(24), strict));
    CHECK(configured(whsec(64), strict));
    CHECK(configured(whsec(23), strict).error().code == errc::key_wrong_length);
    CHECK(configured(whsec(65), strict).error().code == errc::key_wrong_length);
}

TEST_CASE("each named factory takes its own kind of key only") {
    CHECK(key::try_from_whsec(golden::secret));
    CHECK(key::try_from_whpk(golden::public_key));
    CHECK(key::try_from_whsk(golden::signing_key));

    CHECK(mentions(key::try_from_whsec(golden::public_key).error(), "this is a public key"));
    CHECK(mentions(key::try_from_whsec(golden::signing_key).error(), "belongs to the sender"));
    CHECK(mentions(key::try_from_whpk(golden::secret).error(), "shared secret"));
    CHECK(key::try_from_whsk(golden::secret).error().code == errc::key_wrong_prefix);
    CHECK_THROWS_AS(key::from_whsec(golden::public_key), wh::exception);
    CHECK_THROWS_AS(key::from_whpk(golden::secret), wh::exception);
    CHECK_THROWS_AS(key::from_whsk("whsk_"), wh::exception);
    CHECK_THROWS_AS(key::from_text(""), wh::exception);
}

TEST_CASE("a secret can be given as bytes") {
    const std::string secret(20, 'x');
    const auto made = key::from_bytes(wh::crypto::as_bytes(secret));
    CHECK(made.which() == key::kind::secret);
    CHECK(key::try_from_bytes({}).error().code == errc::empty_key);
    CHECK(key::try_from_bytes(wh::crypto::as_bytes(std::string(4096, 'x'))));
    const std::string longest(4097, 'x');
    CHECK(key::try_from_bytes(wh::crypto::as_bytes(longest)).error().code ==
          errc::key_wrong_length);
    CHECK_THROWS_AS(key::from_bytes({}), wh::exception);

    SECTION("but the scheme has a say about its length") {
        const std::string small(15, 'x');
        CHECK(key::from_bytes(wh::crypto::as_bytes(small))
                  .read_as(wh::key_form::standard_webhooks, wh::secret_length::usual)
                  .error()
                  .code == errc::key_wrong_length);
    }
}

TEST_CASE("keys that are text are taken as they stand") {
    const auto as_text = [](std::string_view text) {
        return key::from_text(text).read_as(wh::key_form::text, wh::secret_length::strict);
    };
    for (const char* text : {"x", "a b", "whsec_x", "v1,whsec_x", "caf\xc3\xa9", golden::secret}) {
        INFO(text);
        const auto read = as_text(text);
        REQUIRE(read);
        CHECK(read->which() == key::kind::secret);
        CHECK(wh::crypto::equal(read->bytes(), wh::crypto::as_bytes(text)));
    }
    CHECK(as_text(std::string(4096, 'x')));
    CHECK(key::try_from_text(std::string(4097, 'x')).error().code == errc::key_wrong_length);
    CHECK(key::try_from_text("x ").error().code == errc::key_whitespace);
    const unsigned char any_bytes[] = {0, ' ', 0xff};
    CHECK(key::from_bytes(any_bytes).read_as(wh::key_form::text, wh::secret_length::usual));
}

TEST_CASE("a key that is sent has only characters that can be sent") {
    struct row {
        const char* text;
        bool token;
        bool url_token;
        bool credentials;
    };
    const row table[] = {
        {"aZ09-._~", true, true, false},  {"a+b/c==", true, false, false},
        {"user:pass", true, false, true}, {"us er:p\xc3\xa4ss", false, false, true},
        {"a b", false, false, false},     {":", true, false, false},
        {"a:", true, false, true},        {":a", true, false, true},
        {"::", true, false, true},        {".", true, false, false},
        {"..", true, false, false},       {"...", true, true, false},
    };
    for (const row& each : table) {
        INFO(each.text);
        const auto reads = [&](wh::key_form form) {
            const auto read = key::from_text(each.text).read_as(form, wh::secret_length::usual);
            if (!read) CHECK(read.error().code == errc::key_bad_encoding);
            return read.has_value();
        };
        CHECK(reads(wh::key_form::token) == each.token);
        CHECK(reads(wh::key_form::url_token) == each.url_token);
        CHECK(reads(wh::key_form::credentials) == each.credentials);
    }
}

TEST_CASE("a key that was decoded is no text") {
    for (const key& decoded : {key::from_whsec(golden::secret), key::from_whpk(golden::public_key),
                               key::from_whsk(golden::signing_key)}) {
        CHECK(decoded.read_as(wh::key_form::standard_webhooks, wh::secret_length::usual));
        for (const auto form : {wh::key_form::text, wh::key_form::token, wh::key_form::url_token,
                                wh::key_form::credentials}) {
            const auto refused = decoded.read_as(form, wh::secret_length::usual);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == errc::key_wrong_prefix);
            CHECK(mentions(refused.error(), "from_text"));
        }
    }
}

TEST_CASE("a key from the environment names its variable when it is refused") {
    const char* const name = "WEBHOOKPP_TEST_KEY";
    ::unsetenv(name);
    CHECK(key::try_from_environment(name).error() ==
          wh::error{errc::empty_key, "WEBHOOKPP_TEST_KEY is not set"});
    ::setenv(name, "", 1);
    CHECK(key::try_from_environment(name).error() ==
          wh::error{errc::empty_key, "WEBHOOKPP_TEST_KEY is empty"});
    ::setenv(name, " whsec_x", 1);
    CHECK(mentions(key::try_from_environment(name).error(), "WEBHOOKPP_TEST_KEY: surrounding"));
    ::setenv(name, "v1,whsec_abc", 1);
    const auto read = key::from_environment(name).read_as(wh::key_form::standard_webhooks,
                                                          wh::secret_length::usual);
    CHECK(mentions(read.error(), "WEBHOOKPP_TEST_KEY: looks like `v1,whsec_`"));
    CHECK(key::try_from_environment("user:password").error() ==
          wh::error{errc::empty_key, "the environment variable is not set"});
    for (const std::string unset : {"A", "Z", "_", "_0", "AZ09_", "ZZ"}) {
        ::unsetenv(unset.c_str());
        CHECK(key::try_from_environment(unset.c_str()).error() ==
              wh::error{errc::empty_key, wh::fixed_text<64>(unset).append(" is not set").view()});
    }
    for (const char* text : {"9f86d081884c7d65", "9F86D081884C7D65", "lower_case", "MfKQ9r8GKYqr",
                             "", "0A", "9A", "A/", "A:", "A@", "A[", "A`", "a"}) {
        CHECK(key::try_from_environment(text).error() ==
              wh::error{errc::empty_key, "the environment variable is not set"});
    }
    ::setenv(name, golden::secret, 1);
    CHECK(key::from_environment(name).which() == key::kind::configured_text);
    ::unsetenv(name);
    CHECK_THROWS_AS(key::from_environment(name), wh::exception);
}

TEST_CASE("no error shows any part of a key") {
    // Text that could be recognised in a message, in every form of bad key.
    const std::string mark = "Zm9yYmlkZGVuZm9yYmlkZGVu";
    for (const std::string& text :
         {mark, " " + mark, "whsec_" + mark + "!", "v1,whsec_" + mark, "whpk_" + mark,
          "whsk_" + mark, "whsec_whsec_" + mark, "WHSEC_" + mark,
          "whsec_" + mark + mark + mark + mark + mark + mark + mark}) {
        const auto refused = configured(text);
        REQUIRE_FALSE(refused);
        CHECK_FALSE(mentions(refused.error(), mark.substr(0, 6)));
        CHECK(std::string(wh::exception(refused.error()).what()).find(mark.substr(0, 6)) ==
              std::string::npos);
    }
}

TEST_CASE("a key in place of a variable's name is not shown either") {
    for (const char* text :
         {golden::secret, golden::public_key, golden::signing_key, "v1,whsec_x"}) {
        const auto refused = key::try_from_environment(text);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::key_wrong_prefix);
        CHECK_FALSE(mentions(refused.error(), std::string(text).substr(6)));
    }
}

TEST_CASE("keys and their bytes cannot be printed") {
    CHECK_FALSE(printable<key>);
    CHECK_FALSE(printable<wh::crypto::secret_bytes>);
    CHECK(printable<int>);
}
