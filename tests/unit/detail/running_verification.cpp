// SPDX-License-Identifier: MIT
#include <webhookpp/detail/running_verification.hpp>

#include <webhookpp/schemes/bearer_token.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>

#include "../../catch.hpp"

namespace wh = webhookpp;
namespace schemes = wh::schemes;
using wh::algorithm;
using wh::detail::ends_with_body;
using wh::detail::uses_hmac;

namespace {

wh::scheme with(const wh::signed_content& content, algorithm made_by = algorithm::hmac_sha256,
                wh::key_form key = wh::key_form::text) {
    return wh::scheme{.name = "x",
                      .algorithm = made_by,
                      .key = key,
                      .content = content,
                      .signature = {.header = "X"}};
}

const wh::signed_content body{schemes::body};
const wh::signed_content url_and_body{schemes::url, schemes::body};
const wh::scheme rewritten{.name = "x",
                           .algorithm = algorithm::hmac_sha256,
                           .content = url_and_body,
                           .signature = {.header = "X"},
                           .url = {.decoded = ":"}};

}  // namespace

TEST_CASE("a body can be verified in pieces where it is the end of what is signed as it is") {
    CHECK(ends_with_body(with(body)));
    CHECK(ends_with_body(with(url_and_body)));
    CHECK_FALSE(ends_with_body(with({schemes::body, schemes::url})));
    CHECK_FALSE(ends_with_body(with({schemes::body, "."})));
    CHECK_FALSE(ends_with_body(rewritten));
    CHECK_FALSE(ends_with_body(schemes::bearer_token));
}

TEST_CASE("shared secrets make signatures of three algorithms") {
    for (const algorithm each :
         {algorithm::hmac_sha1, algorithm::hmac_sha256, algorithm::hmac_sha512}) {
        CHECK(uses_hmac(with(body, each)));
    }
    CHECK_FALSE(uses_hmac(with(body, algorithm::ed25519, wh::key_form::ed25519_hex)));
    CHECK_FALSE(uses_hmac(with(body, algorithm::ecdsa_p256, wh::key_form::p256_base64)));
    CHECK_FALSE(uses_hmac(schemes::bearer_token));
    CHECK(uses_hmac(schemes::standard_webhooks));
}
