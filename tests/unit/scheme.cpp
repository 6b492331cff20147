// SPDX-License-Identifier: MIT
#include <webhookpp/scheme.hpp>

#include <string>

#include <webhookpp/schemes/all.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>

#include "../catch.hpp"
#include "../mistake.hpp"

namespace wh = webhookpp;
namespace schemes = wh::schemes;

namespace {

using source = wh::signature_source;

const source signature{.header = "X-Signature", .versions = {{"v1", schemes::hmac_sha256}}};

}  // namespace

TEST_CASE("a scheme that contradicts itself is refused with the reason") {
    using schemes::body;
    using schemes::id;
    using schemes::timestamp;
    CHECK(mistake_in([] {
              return wh::scheme{.name = "good", .content = {body}, .signature = signature};
          }).empty());
    CHECK(mistake_in([] {
              return wh::scheme{.name = "", .content = {body}, .signature = signature};
          }) == "the scheme has no .name");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x", .content = {"a"}, .signature = signature};
          }) == "the .content has to sign the body or the form in it, once");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x", .content = {id, body}, .signature = signature};
          }) == "the .content signs an id, but .id does not say where it stands");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x", .content = {timestamp, body}, .signature = signature};
          }) == "the .content signs a timestamp, but .timestamp does not say where it stands");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x",
                                .content = {body},
                                .signature = signature,
                                .timestamp = {.header = "X-Time"}};
          }) == "the .timestamp is not part of the .content: what is not signed proves nothing");
    CHECK(mistake_in([] { return wh::scheme{.name = "x", .content = {body}, .signature = {}}; }) ==
          "the .signature stands nowhere: in a .header, .query member or at .end_of_path");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x",
                                .content = {timestamp, body},
                                .signature = signature,
                                .timestamp = {.header = {"X-Time", "Y-Time"}}};
          }) == "all headers need the same number of names");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x",
                                .content = {body},
                                .signature = signature,
                                .retention = wh::seconds(0)};
          }) == "the .retention is at least 1 second");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x",
                                .content = {body},
                                .signature = signature,
                                .retention = wh::seconds(1)};
          }).empty());
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x",
                                .content = {timestamp, body},
                                .signature = signature,
                                .timestamp = {.header = ""}};
          }) == "a header has an empty name");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x",
                                .content = {body},
                                .signature = {.header = "X",
                                              .versions = {{"v1", schemes::hmac_sha256},
                                                           {"v1", schemes::ed25519}}}};
          }) == "two .versions of the .signature have the same label");
}

TEST_CASE("a scheme says once where its signature stands") {
    using schemes::body;
    const auto with = [](const wh::signature_source& source) {
        return mistake_in([&] {
            return wh::scheme{.name = "x",
                              .algorithm = schemes::token,
                              .key = wh::key_form::url_token,
                              .signature = source};
        });
    };
    CHECK(with(source{.query = "token", .encoding = schemes::plain}).empty());
    CHECK(with(source{.end_of_path = true, .encoding = schemes::plain}).empty());
    CHECK(with(source{.header = "X-Token", .encoding = schemes::plain}).empty());
    CHECK(with(source{}) ==
          "the .signature stands nowhere: in a .header, .query member or at .end_of_path");
    const std::string twice =
        "the .signature stands in two places: .header, .query and .end_of_path exclude";
    CHECK(with(source{.header = "X-Token", .query = "token"}).starts_with(twice));
    CHECK(with(source{.header = "X-Token", .end_of_path = true}).starts_with(twice));
    CHECK(with(source{.query = "token", .end_of_path = true}).starts_with(twice));
    CHECK(with(source{.query = "a b"}) ==
          "the name of the .query member has only letters, digits and - . _ ~");
    CHECK(with(source{.word = "Bearer", .query = "token"}) == "only a .header has a .word");
    CHECK(with(source{.header = "X-Token", .word = "To ken"}) ==
          "the .word is one word in visible ASCII");
    CHECK(with(source{.query = "token"}) ==
          "a token in the URL stands there as it is: .encoding = plain");
}

TEST_CASE("a scheme says once how its sender proves itself") {
    using schemes::body;
    const auto with = [](std::optional<wh::algorithm> algorithm,
                         const wh::signature_source& source) {
        return mistake_in([&] {
            return wh::scheme{
                .name = "x", .algorithm = algorithm, .content = {body}, .signature = source};
        });
    };
    CHECK(with(schemes::hmac_sha256, source{.header = "X"}).empty());
    CHECK(with(schemes::ed25519, source{.header = "X"}).empty());
    CHECK(with(std::nullopt, source{.header = "X"}) ==
          "the scheme has no .algorithm, and the .signature lists no .versions");
    CHECK(with(schemes::hmac_sha256, signature) ==
          "the .versions of the .signature say the algorithm: leave out .algorithm");
    CHECK(with(std::nullopt, source{.header = "X", .versions = {{"v1", schemes::token}}}) ==
          "a token has no .versions");
    CHECK(with(std::nullopt, source{.query = "x", .versions = {{"v1", schemes::ed25519}}}) ==
          "the .versions are listed in a .header");
    CHECK(with(std::nullopt,
               source{.header = "X", .word = "HMAC", .versions = {{"v1", schemes::hmac_sha256}}}) ==
          "a list of .versions has no .word before it");
    CHECK(with(std::nullopt, source{.header = "X",
                                    .encoding = schemes::plain,
                                    .versions = {{"v1", schemes::hmac_sha256}}}) ==
          "signatures of .versions are in base64");
    const std::string gap = "the second of the .versions has a label, and the first has none";
    const source second_alone{.header = "X", .versions = {{}, {"v1", schemes::hmac_sha256}}};
    CHECK(with(schemes::hmac_sha256, second_alone) == gap);
    CHECK(with(schemes::ed25519, second_alone) == gap);
    CHECK(with(std::nullopt, second_alone) == gap);
    CHECK(with(schemes::hmac_sha256, source{.query = "x"}) == "only a token stands in the URL");
    CHECK(with(schemes::hmac_sha256, source{.header = "X", .encoding = schemes::plain}) ==
          "a computed signature is never .encoding = plain");
}

TEST_CASE("a scheme signs something, unless its sender shows a token") {
    using schemes::body;
    using schemes::url;
    const auto with = [](wh::algorithm algorithm, wh::key_form key,
                         const wh::signed_content& content) {
        return mistake_in([&] {
            const bool is_token = algorithm == schemes::token;
            return wh::scheme{
                .name = "x",
                .algorithm = algorithm,
                .key = key,
                .content = content,
                .signature = {.header = "X",
                              .encoding = is_token ? schemes::plain : schemes::base64}};
        });
    };
    using form = wh::key_form;
    CHECK(with(schemes::hmac_sha256, form::text, {url, body}).empty());
    CHECK(with(schemes::token, form::token, {}).empty());
    CHECK(with(schemes::token, form::token, {body}) ==
          "a token signs nothing: leave out the .content");
    CHECK(with(schemes::token, form::text, {}) ==
          "the .key of a token is key_form::token, url_token or credentials");
    CHECK(with(schemes::token, form::credentials, {}) ==
          "credentials are sent in .encoding = base64");
    CHECK(with(schemes::hmac_sha256, form::text, {}) ==
          "there is no .content: say which bytes are signed");
    CHECK(with(schemes::hmac_sha256, form::text, {url}) ==
          "the .content has to sign the body or the form in it, once");
    CHECK(with(schemes::hmac_sha256, form::text, {url, url, body}) ==
          "the .content signs something twice");
    CHECK(with(schemes::hmac_sha256, form::credentials, {body}) ==
          "only a token has a .key that is sent");
    CHECK(with(schemes::ed25519, form::text, {body}) ==
          "the .key of Ed25519 is key_form::ed25519_hex, ed25519_base64 or standard_webhooks");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x",
                                .algorithm = schemes::token,
                                .key = form::token,
                                .signature = {.query = "token", .encoding = schemes::plain}};
          }) == "a token in the URL needs .key = key_form::url_token: it is compared undecoded");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x",
                                .algorithm = schemes::token,
                                .key = form::token,
                                .signature = {.header = "X", .encoding = schemes::plain},
                                .timestamp = {.header = "X-Time"}};
          }) == "the .timestamp is not part of the .content: what is not signed proves nothing");
}

TEST_CASE("a list of elements has names, a separator and one header") {
    using schemes::body;
    using schemes::pairs;
    using schemes::timestamp;
    const auto with = [](const source& source, const wh::timestamp_source& time = {}) {
        return mistake_in([&] {
            return wh::scheme{.name = "x",
                              .algorithm = schemes::hmac_sha256,
                              .key = wh::key_form::text,
                              .content = time.element.empty()
                                             ? wh::signed_content(body)
                                             : wh::signed_content(timestamp, ".", body),
                              .signature = source,
                              .timestamp = time};
        });
    };
    CHECK(with(source{.header = "X", .pairs = pairs("v1")}).empty());
    CHECK(with(source{.header = "X", .pairs = pairs("v1", ';')}, {.element = "t"}).empty());
    CHECK(with(source{.header = "X"}, {.element = "t"}) ==
          "a .timestamp in an .element needs a signature header with .pairs");
    CHECK(with(source{
              .header = "X", .pairs = pairs("v1"), .versions = {{"v1", schemes::hmac_sha256}}}) ==
          "a header lists .pairs or .versions, not both");
    CHECK(with(source{.header = "X", .prefix = "sha256=", .pairs = pairs("v1")}) ==
          "a list of .pairs has no .prefix: the names stand before the signatures");
    CHECK(with(source{.header = "X", .word = "HMAC", .pairs = pairs("v1")}) ==
          "a list of .pairs has no .word before it");
    CHECK(with(source{.header = "X", .second_header = "Y", .pairs = pairs("v1")}) ==
          "a list of .pairs stands in one header");
    for (const char separator : {' ', '=', '\0', 'a', '&'}) {
        CHECK(with(source{.header = "X", .pairs = pairs("v1", separator)}) ==
              "the separator of .pairs is a comma or a semicolon");
    }
    const std::string names = "the names of .pairs have only letters, digits and - . _ ~";
    CHECK(with(source{.header = "X", .pairs = pairs("v=1")}) == names);
    CHECK(with(source{.header = "X", .pairs = pairs("v 1")}) == names);
    CHECK(with(source{.header = "X", .pairs = pairs("v1")}, {.element = "t,"}) == names);
    CHECK(with(source{.header = "X", .pairs = pairs("t")}, {.element = "t"}) ==
          "signature and timestamp are elements of the same name");
    CHECK(with(source{.header = "X", .pairs = pairs("v1")}, {.header = "X-Time", .element = "t"}) ==
          "the .timestamp stands in a .header or in an .element, not in both");
}

TEST_CASE("a prefix and a second header go with one header and one signature") {
    using schemes::body;
    const auto with = [](const source& source) {
        return mistake_in([&] {
            const bool lists = !source.versions[0].label.empty();
            return wh::scheme{.name = "x",
                              .algorithm = lists ? std::optional<wh::algorithm>()
                                                 : std::optional(schemes::hmac_sha256),
                              .content = {body},
                              .signature = source};
        });
    };
    CHECK(with(source{.header = "X", .second_header = "Y", .prefix = "a="}).empty());
    CHECK(with(source{.header = "X", .prefix = "a b"}) == "the .prefix is visible ASCII");
    CHECK(with(source{.header = "X", .prefix = "\xe9"}) == "the .prefix is visible ASCII");
    CHECK(with(source{.prefix = "a=", .query = "x"}) == "only a .header has a .prefix");
    CHECK(with(source{.second_header = "Y", .query = "x"}) ==
          "a .second_header needs a first .header");
    CHECK(with(source{.header = "X", .prefix = "a=", .versions = {{"v1", schemes::hmac_sha256}}}) ==
          "a list of .versions has no .prefix before it");
    CHECK(with(source{
              .header = "X", .second_header = "Y", .versions = {{"v1", schemes::hmac_sha256}}}) ==
          "a list of .versions stands in one header");
    for (const auto other : {schemes::hmac_sha1, schemes::hmac_sha512}) {
        CHECK(with(source{.header = "X", .versions = {{"v1", other}}}) ==
              "signatures of .versions are made by hmac_sha256 or ed25519");
    }
}

TEST_CASE("an algorithm has keys of its own") {
    using form = wh::key_form;
    const auto with = [](wh::algorithm algorithm, form key) {
        return mistake_in([&] {
            return wh::scheme{.name = "x",
                              .algorithm = algorithm,
                              .key = key,
                              .content = {schemes::body},
                              .signature = {.header = "X"}};
        });
    };
    CHECK(with(schemes::ecdsa_p256, form::p256_base64).empty());
    CHECK(with(schemes::ed25519, form::ed25519_hex).empty());
    CHECK(with(schemes::ed25519, form::ed25519_base64).empty());
    for (const form key : {form::text, form::base64, form::hex}) {
        CHECK(with(schemes::hmac_sha1, key).empty());
    }
    const std::string p256 =
        "the .key of ECDSA P-256 is key_form::p256_base64, and of nothing else";
    CHECK(with(schemes::ecdsa_p256, form::text) == p256);
    CHECK(with(schemes::ecdsa_p256, form::ed25519_hex) == p256);
    CHECK(with(schemes::hmac_sha256, form::p256_base64) == p256);
    CHECK(with(schemes::ed25519, form::p256_base64) ==
          "the .key of Ed25519 is key_form::ed25519_hex, ed25519_base64 or standard_webhooks");
    for (const form key : {form::ed25519_hex, form::ed25519_base64}) {
        CHECK(with(schemes::hmac_sha512, key) ==
              "the .key is one of Ed25519, but the .algorithm is not");
    }
}

TEST_CASE("a token stands alone") {
    const auto with = [](const source& source, const wh::id_source& id = {}) {
        return mistake_in([&] {
            return wh::scheme{.name = "x",
                              .algorithm = schemes::token,
                              .key = wh::key_form::url_token,
                              .signature = source,
                              .id = id};
        });
    };
    CHECK(with(source{.header = "X", .encoding = schemes::base64}).empty());
    CHECK(with(source{.header = "X", .pairs = schemes::pairs("v1"), .encoding = schemes::plain}) ==
          "a token stands alone, not in .pairs");
    CHECK(with(source{.header = "X", .prefix = "a=", .encoding = schemes::plain}) ==
          "a token has no .prefix");
    CHECK(with(source{.header = "X", .second_header = "Y", .encoding = schemes::plain}) ==
          "a token stands in one header");
    for (const auto other : {schemes::hex, schemes::base64url}) {
        CHECK(with(source{.header = "X", .encoding = other}) ==
              "a token is sent in .encoding = plain or base64");
    }
    CHECK(with(source{.query = "token", .encoding = schemes::plain}, {.header = "X-Id"}) ==
          "a token in the URL goes with no headers");
}

TEST_CASE("a scheme says how a URL or a form is signed only if it signs one") {
    using schemes::body;
    using schemes::form;
    using schemes::url;
    const auto with = [](const wh::signed_content& content, const wh::url_source& url_form,
                         const wh::form_source& form_form = {}) {
        return mistake_in([&] {
            return wh::scheme{.name = "x",
                              .algorithm = schemes::hmac_sha1,
                              .key = wh::key_form::text,
                              .content = content,
                              .signature = {.header = "X"},
                              .url = url_form,
                              .form = form_form};
        });
    };
    CHECK(with({url, form}, {.query_of_request = true}, {.body_digest = "digest"}).empty());
    CHECK(with({form}, {}).empty());
    const std::string unsigned_url =
        "the scheme says how the .url is signed, but the .content does not sign it";
    CHECK(with({body}, {.query_of_request = true}) == unsigned_url);
    CHECK(with({body}, {.any_default_port = true}) == unsigned_url);
    CHECK(with({body}, {.decoded = ":"}) == unsigned_url);
    const std::string digest =
        "a .body_digest is for a .content with a form and a .url with the request's query";
    CHECK(with({url, body}, {.query_of_request = true}, {.body_digest = "digest"}) == digest);
    CHECK(with({url, form}, {}, {.body_digest = "digest"}) == digest);
    CHECK(with({body, form}, {}) == "the .content has to sign the body or the form in it, once");
}

TEST_CASE("all schemes pass at run time what they passed when they were compiled") {
    for (const wh::scheme* const each : schemes::all()) {
        INFO(each->name);
        CHECK(mistake_in([&] { return wh::detail::scheme_check(*each); }).empty());
    }
}

TEST_CASE("headers have as many names as the signature's, in a header or none at all") {
    using schemes::body;
    using schemes::id;
    const auto with = [](const wh::header_names& header, const wh::id_source& id_form,
                         const wh::timestamp_source& time_form = {}) {
        return mistake_in([&] {
            return wh::scheme{
                .name = "x",
                .content = time_form.header.count == 0
                               ? wh::signed_content(id, body)
                               : wh::signed_content(id, schemes::timestamp, ".", body),
                .signature = {.header = header, .versions = {{"v1", schemes::ed25519}}},
                .id = id_form,
                .timestamp = time_form};
        });
    };
    const std::string same = "all headers need the same number of names";
    CHECK(with({"X"}, {.header = {"I"}}).empty());
    CHECK(with({"X", "Y"}, {.header = {"I", "J"}}, {.header = {"T", "U"}}).empty());
    CHECK(with({"X", "Y"}, {.header = {"I"}}) == same);
    CHECK(with({"X"}, {.header = {"I", "J"}}) == same);
    CHECK(with({"X"}, {.header = {"I"}}, {.header = {"T", "U"}}) == same);
    CHECK(with({"X", "Y"}, {.header = {"I", "J"}}, {.header = {"T"}}) == same);
    CHECK(with({"X"}, {}) == "the .content signs an id, but .id does not say where it stands");
}

TEST_CASE("a token in the URL has no event type in a header") {
    const auto with = [](const wh::signature_source& source) {
        return mistake_in([&] {
            return wh::scheme{.name = "x",
                              .algorithm = schemes::token,
                              .key = wh::key_form::url_token,
                              .signature = source,
                              .event_type = {.header = "X-Type"}};
        });
    };
    CHECK(with(source{.header = "X-Token", .encoding = schemes::plain}).empty());
    CHECK(with(source{.query = "token", .encoding = schemes::plain}) ==
          "a token in the URL goes with no headers");
}

TEST_CASE("what is computed has no key that is sent, and a token in base64 may be credentials") {
    for (const auto key :
         {wh::key_form::token, wh::key_form::url_token, wh::key_form::credentials}) {
        CHECK(mistake_in([&] {
                  return wh::scheme{.name = "x",
                                    .algorithm = schemes::hmac_sha256,
                                    .key = key,
                                    .content = {schemes::body},
                                    .signature = {.header = "X"}};
              }) == "only a token has a .key that is sent");
    }
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x",
                                .algorithm = schemes::token,
                                .key = wh::key_form::credentials,
                                .signature = {.header = "X", .encoding = schemes::base64}};
          }).empty());
}

TEST_CASE("Standard Webhooks is described as the specification says") {
    const wh::scheme& scheme = schemes::standard_webhooks;
    CHECK(scheme.name == "standard_webhooks");
    CHECK(scheme.content.count == 5);
    CHECK(scheme.tolerance == wh::tolerance{wh::seconds(300), wh::seconds(300)});
}
