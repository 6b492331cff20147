// SPDX-License-Identifier: MIT
// Usual mistakes, each prepared with a genuine delivery.
#ifndef WEBHOOKPP_TESTS_FAULTS_HPP
#define WEBHOOKPP_TESTS_FAULTS_HPP

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/explain.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/sign.hpp>

#include "catch.hpp"
#include "golden.hpp"

namespace faults {

namespace wh = webhookpp;
using wh::cause;

inline constexpr std::int64_t now = 1700000000;
inline constexpr const char* endpoint = "https://hooks.example.com/in/payments?shop=7";
inline constexpr const char* json =
    R"({"id":7,"url":"https://a.example/x","tags":["a","b"],"none":{}})";

// Keys that no English text has six bytes of.
inline constexpr const char* text_key = "k9Zq-Wv3xJ_7Lr2Qp8Tn5Bd";
inline constexpr const char* hex_key = "9f86d081884c7d659a2feaa0c55ad015";
inline constexpr const char* base64_key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
inline constexpr const char* credentials = "Zq9xkWv:7Lr2-Qp8Tn5Bd";

/// A delivery, and what its receiver is configured with.
struct sample {
    const wh::scheme* scheme = nullptr;
    std::vector<std::string> keys;
    golden::header_list headers;
    std::string body;
    std::string target;
    std::string url = endpoint;
    std::int64_t at = now;

    [[nodiscard]] wh::explanation explained() const {
        const std::vector<std::string_view> texts(keys.begin(), keys.end());
        return wh::explain(*scheme, texts, {headers, body, "POST", target}, {.url = url}, at);
    }

    std::string& header(std::string_view name) {
        for (auto& [each, value] : headers) {
            if (wh::detail::equal_names(each, name)) return value;
        }
        FAIL("no header " << name);
        std::abort();
    }
    void rename(std::string_view from, const char* to) {
        for (auto& [each, value] : headers) {
            if (wh::detail::equal_names(each, from)) each = to;
        }
    }
};

// What a sender with `signing_key` sends to an endpoint that is configured with it.
inline sample sent_with(const char* scheme, const std::string& signing_key, std::string body = json,
                        const std::string& url = endpoint, std::int64_t timestamp = now) {
    sample made;
    made.scheme = wh::schemes::find(scheme);
    REQUIRE(made.scheme != nullptr);
    const auto request = wh::sign(*made.scheme, wh::key::from_text(signing_key),
                                  {.id = "msg_1", .timestamp = timestamp, .body = body, .url = url})
                             .value();
    made.keys = {signing_key};
    made.headers = request.headers;
    made.body = std::move(body);
    made.target = wh::target_of(request.url);
    return made;
}
inline sample sent(const char* scheme, std::string body = json) {
    return sent_with(scheme,
                     scheme == std::string_view("standard_webhooks")
                         ? std::string("whsec_") + base64_key
                         : std::string(text_key),
                     std::move(body));
}
// What arrives is `received` in place of `signed_body`.
inline sample changed(const char* scheme, std::string signed_body, std::string received) {
    sample made = sent(scheme, std::move(signed_body));
    made.body = std::move(received);
    return made;
}
// A delivery signed with the bytes `secret`, to a receiver that has `configured`.
inline sample with_keys(const char* scheme, std::string_view secret, std::string configured) {
    sample made = sent(scheme);
    wh::scheme in_text = *made.scheme;
    in_text.key = wh::key_form::text;
    made.headers = wh::sign(in_text, wh::key::from_bytes(wh::crypto::as_bytes(secret)),
                            {.id = "msg_1", .timestamp = now, .body = json, .url = endpoint})
                       .value()
                       .headers;
    made.keys = {std::move(configured)};
    return made;
}

inline std::string decoded(std::string_view base64) {
    std::string bytes(wh::crypto::base64_decoded_size_limit(base64.size()), '\0');
    const auto size = wh::crypto::base64_decode(
        base64, {reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
    bytes.resize(size.value());
    return bytes;
}
// The signature in `value`, which is base64 after `prefix`, in hex.
inline std::string base64_to_hex(const std::string& value) {
    const std::string bytes = decoded(value);
    std::string hex(2 * bytes.size(), '\0');
    wh::crypto::hex_encode(wh::crypto::as_bytes(bytes), hex);
    return hex;
}
inline std::string hex_to_base64(const std::string& hex) {
    unsigned char bytes[32];
    REQUIRE(wh::crypto::hex_decode(hex, bytes) == 32U);
    std::string text(wh::crypto::base64_encoded_size(32), '\0');
    wh::crypto::base64_encode(bytes, text);
    return text;
}
inline std::string upper(std::string text) {
    for (char& c : text) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
    return text;
}

/// A mistake, the cause that has to be named first, and a part of its evidence.
struct fault {
    const char* sentence;
    cause first;
    const char* evidence;
    std::function<sample()> make;
};

/// All of them.
inline const std::vector<fault>& all() {
    static const std::vector<fault> list = {
        // Bodies.
        {"a line break was added", cause::newline_added, "without its last line break",
         [] { return changed("github", json, json + std::string("\n")); }},
        {"a line break of Windows was added", cause::newline_added, "without its last line break",
         [] { return changed("stripe", json, json + std::string("\r\n")); }},
        {"several line breaks were added", cause::newline_added, "line breaks at its end",
         [] { return changed("shopify", json, json + std::string("\n\n\n")); }},
        {"line breaks became those of Windows", cause::newline_added, "LF in place of each CRLF",
         [] { return changed("shopify", "{\n}\n", "{\r\n}\r\n"); }},
        {"line breaks were those of Windows", cause::body_trimmed, "CRLF in place of each LF",
         [] { return changed("slack", "{\r\n}\r\n", "{\n}\n"); }},
        {"the last line break was cut off", cause::body_trimmed, "a line break (LF) at its end",
         [] { return changed("standard_webhooks", json + std::string("\n"), json); }},
        {"the last line break of Windows was cut off", cause::body_trimmed, "(CRLF) at its end",
         [] { return changed("slack", json + std::string("\r\n"), json); }},
        {"white space was removed from the JSON", cause::body_reserialised,
         "a space after each comma and colon",
         [] {
             return changed("standard_webhooks", R"({"a": [1, 2], "b": {"c": "x: y, z"}})",
                            R"({"a":[1,2],"b":{"c":"x: y, z"}})");
         }},
        {"white space was added to the JSON", cause::body_reserialised,
         "no white space between its tokens",
         [] {
             return changed("stripe", R"({"a":[1,2]})", "{\n  \"a\": [\n    1,\n    2\n  ]\n}");
         }},
        {"indented JSON was made compact", cause::body_reserialised, "an indentation of 2 spaces",
         [] {
             return changed("github", "{\n  \"a\": [\n    1,\n    {}\n  ]\n}", R"({"a":[1,{}]})");
         }},
        {"indented JSON with a line break at its end was made compact", cause::body_reserialised,
         "an indentation of 2 spaces and a line break (LF) at its end",
         [] { return changed("github", "{\n  \"a\": []\n}\n", R"({"a":[]})"); }},
        {"escaped slashes were unescaped", cause::body_reserialised, "\\/ for each slash",
         [] { return changed("square", R"({"u":"https:\/\/a"})", R"({"u":"https://a"})"); }},
        {"escapes became characters", cause::body_reserialised, "\\u escapes for all but ASCII",
         [] {
             return changed("standard_webhooks", R"({"u": "caf\u00e9 \ud83d\ude00"})",
                            "{\"u\":\"caf\xc3\xa9 \xf0\x9f\x98\x80\"}");
         }},
        {"characters became escapes", cause::body_reserialised, "in place of \\u",
         [] {
             return changed("github", "{\"u\":\"caf\xc3\xa9 \xf0\x9f\x98\x80/\"}",
                            R"({"u":"caf\u00E9 \uD83D\uDE00\/"})");
         }},
        {"escapes of HTML were lost", cause::body_reserialised, "<, > and &",
         [] { return changed("github", R"({"u":"\u003cb\u003e\u0026"})", R"({"u":"<b>&"})"); }},
        {"a byte order mark was added", cause::body_reserialised, "without the byte order mark",
         [] { return changed("github", json, std::string("\xef\xbb\xbf") + json); }},
        {"UTF-8 was read as Latin-1", cause::body_reserialised, "Latin-1",
         [] { return changed("github", "{\"a\":\"\xc3\xa9\"}", "{\"a\":\"\xc3\x83\xc2\xa9\"}"); }},
        {"a form was decoded", cause::body_reserialised, "a form with the body",
         [] { return changed("github", "payload=%7B%22a%22%3A%22x+y%22%7D", R"({"a":"x y"})"); }},
        {"a body is packed", cause::body_reserialised, "gzip",
         [] { return changed("github", json, "\x1f\x8b\x08 and so on"); }},
        {"a body was unpacked", cause::body_reserialised, "may have unpacked it",
         [] {
             sample made = changed("github", "\x1f\x8b\x08 and so on", json);
             made.headers.emplace_back("Content-Encoding", "gzip");
             return made;
         }},
        {"something has read the body before", cause::body_trimmed, "the body is empty",
         [] { return changed("stripe", json, ""); }},
        {"something has read the body before, and its length is known", cause::length_differs,
         "Content-Length is 67, the body has 0 bytes: something has read it",
         [] {
             sample made = changed("stripe", json, "");
             made.headers.emplace_back("content-length", "67");
             return made;
         }},
        {"the body was cut off", cause::length_differs, "Content-Length is 2,000, the body has 63",
         [] {
             sample made = changed("shopify", std::string(2000, 'x'), json);
             made.headers.emplace_back("Content-Length", "2000");
             return made;
         }},
        {"more than the body was read", cause::length_differs, "the first 63 bytes",
         [] {
             sample made = changed("shopify", json, json + std::string("GET / HTTP/1.1"));
             made.headers.emplace_back("Content-Length", "63");
             return made;
         }},
        // Keys.
        {"the text of a base64 key signs", cause::key_form, "the text of the key, not with",
         [] {
             const std::string key = std::string("whsec_") + base64_key;
             return with_keys("standard_webhooks", key, key);
         }},
        {"the text after whsec_ signs", cause::key_form, "the text after the prefix",
         [] {
             return with_keys("standard_webhooks", base64_key, std::string("whsec_") + base64_key);
         }},
        {"a text key is taken for base64", cause::key_form, "what the base64 of the key stands for",
         [] { return with_keys("github", decoded(base64_key), base64_key); }},
        {"a text key is taken for hex", cause::key_form, "what the hex of the key stands for",
         [] {
             unsigned char bytes[16];
             REQUIRE(wh::crypto::hex_decode(hex_key, bytes) == 16U);
             return with_keys("slack", {reinterpret_cast<char*>(bytes), 16}, hex_key);
         }},
        {"whsec_ was taken off a text key", cause::key_form, "with its prefix whsec_",
         [] { return with_keys("stripe", std::string("whsec_") + base64_key, base64_key); }},
        {"whsec_ is missing where set-up wants it", cause::key_form, "set-up says key_wrong_prefix",
         [] { return with_keys("standard_webhooks", decoded(base64_key), base64_key); }},
        {"v1, stands before whsec_", cause::key_form, "strip the `v1,`",
         [] {
             return with_keys("standard_webhooks", decoded(base64_key),
                              std::string("v1,whsec_") + base64_key);
         }},
        {"a key cannot be read, and is not the sender's", cause::key_form, "refused at set-up",
         [] { return with_keys("standard_webhooks", "another", hex_key); }},
        {"a public key is in base64 where hex is wanted", cause::key_form, "written in base64",
         [] {
             sample made = sent_with("discord", golden::signing_key);
             made.keys = {std::string(golden::public_key).substr(5)};
             return made;
         }},
        {"a line break stands behind the key", cause::key_whitespace, "set-up says key_whitespace",
         [] { return with_keys("github", text_key, std::string(text_key) + "\n"); }},
        {"quotes stand around the key", cause::key_whitespace, "quotes stand around the key",
         [] { return with_keys("stripe", text_key, '"' + std::string(text_key) + '"'); }},
        {"a space stands before a key of Standard Webhooks", cause::key_whitespace,
         "without them the delivery is genuine",
         [] {
             return with_keys("standard_webhooks", decoded(base64_key),
                              std::string(" whsec_") + base64_key);
         }},
        {"the sender signs with a line break", cause::key_whitespace, "the sender signs with",
         [] { return with_keys("github", std::string(text_key) + "\n", text_key); }},
        {"white space stands around the key of another endpoint", cause::key_whitespace,
         "refused at set-up: key_whitespace",
         [] { return with_keys("github", "another", std::string(text_key) + " "); }},
        // Encodings.
        {"hex in place of base64", cause::encoding, "lower-case hex, the scheme wants base64",
         [] {
             sample made = sent("shopify");
             auto& value = made.header("X-Shopify-Hmac-Sha256");
             value = base64_to_hex(value);
             return made;
         }},
        {"base64 in place of hex", cause::encoding, "base64, the scheme wants lower-case hex",
         [] {
             sample made = sent("github");
             auto& value = made.header("X-Hub-Signature-256");
             value = "sha256=" + hex_to_base64(value.substr(7));
             return made;
         }},
        {"hex in upper case", cause::encoding, "upper-case letters",
         [] {
             sample made = sent("stripe");
             auto& value = made.header("Stripe-Signature");
             const auto at = value.find("v1=") + 3;
             value = value.substr(0, at) + upper(value.substr(at));
             return made;
         }},
        {"base64 without its padding", cause::encoding, "without padding",
         [] {
             sample made = sent("square");
             made.header("x-square-hmacsha256-signature").pop_back();
             return made;
         }},
        {"base64url in place of base64", cause::encoding, "base64url",
         [] {
             sample made;
             // Some signature has a character that the alphabets do not share.
             for (char c = 'a'; made.headers.empty(); ++c) {
                 sample each = sent("standard_webhooks", std::string(1, c));
                 auto& value = each.header("webhook-signature");
                 if (value.find_first_of("+/") == std::string_view::npos) continue;
                 for (char& letter : value) letter = letter == '+' ? '-' : letter;
                 for (char& letter : value) letter = letter == '/' ? '_' : letter;
                 made = each;
             }
             return made;
         }},
        {"hex in Standard Webhooks", cause::encoding, "hex, the scheme wants base64",
         [] {
             sample made = sent("standard_webhooks");
             auto& value = made.header("webhook-signature");
             value = "v1," + base64_to_hex(value.substr(3));
             return made;
         }},
        {"the version is missing", cause::encoding, "without the version `v1,`",
         [] {
             sample made = sent("standard_webhooks");
             made.header("webhook-signature").erase(0, 3);
             return made;
         }},
        {"the prefix is missing", cause::encoding, "without the prefix `sha256=`",
         [] {
             sample made = sent("github");
             made.header("X-Hub-Signature-256").erase(0, 7);
             return made;
         }},
        {"signatures are joined by a proxy", cause::encoding, "not separated by single spaces",
         [] {
             sample made = sent("standard_webhooks");
             made.header("webhook-signature").append(", ").append(golden::signature);
             return made;
         }},
        {"a prefix is there that should not be", cause::encoding, "a prefix stands before",
         [] {
             sample made = sent("shopify");
             made.header("X-Shopify-Hmac-Sha256").insert(0, "sha256=");
             return made;
         }},
        // Schemes and headers.
        {"the delivery is another provider's", cause::other_scheme, "in the way of shopify",
         [] {
             sample made = sent("shopify");
             made.scheme = wh::schemes::find("github");
             return made;
         }},
        {"the older header of GitHub is there, with another key", cause::other_scheme,
         "X-Hub-Signature is there, which is read by bitbucket",
         [] {
             sample made = sent_with("intercom", "another");
             made.scheme = wh::schemes::find("github");
             made.keys = {text_key};
             return made;
         }},
        {"the signature stands in a header of its own", cause::other_scheme, "in another header",
         [] {
             sample made = sent("shopify");
             made.rename("X-Shopify-Hmac-Sha256", "X-My-Signature");
             return made;
         }},
        {"headers are spelled as in CGI", cause::other_scheme, "with underscores",
         [] {
             sample made = sent("slack");
             made.rename("X-Slack-Signature", "HTTP_X_SLACK_SIGNATURE");
             made.rename("X-Slack-Request-Timestamp", "HTTP_X_SLACK_REQUEST_TIMESTAMP");
             return made;
         }},
        {"headers of both families", cause::families_mixed,
         "the signature matches svix-signature and webhook-timestamp",
         [] {
             sample made = sent("standard_webhooks");
             made.rename("webhook-signature", "svix-signature");
             return made;
         }},
        {"headers of both families, and another key", cause::families_mixed, "neither is complete",
         [] {
             sample made = sent("standard_webhooks");
             made.rename("webhook-id", "svix-id");
             made.keys = {golden::other_secret};
             return made;
         }},
        {"a whole family that is wrong decides", cause::families_mixed,
         "webhook-signature and webhook-timestamp and webhook-id",
         [] {
             sample made = sent("standard_webhooks");
             made.headers.emplace_back("svix-id", "msg_2");
             made.headers.emplace_back("svix-timestamp", std::to_string(now));
             made.headers.emplace_back("svix-signature", std::string(golden::signature));
             return made;
         }},
        // Times.
        {"an old delivery", cause::clock_skew, "valid, but 3,725 s old; the limit is 300 s",
         [] {
             sample made = sent("standard_webhooks");
             made.at += 3725;
             return made;
         }},
        {"a delivery from the future", cause::clock_skew,
         "valid, but 7,200 s in the future; the limit is 300 s: about as far as two time zones",
         [] {
             sample made = sent("stripe");
             made.at -= 7200;
             return made;
         }},
        {"a timestamp in milliseconds", cause::clock_skew,
         "its timestamp is in milliseconds, the scheme wants seconds",
         [] {
             sample made = sent("slack");
             wh::scheme other = wh::schemes::slack;
             other.timestamp.format = wh::time_format::milliseconds;
             made.headers =
                 wh::sign(other, wh::key::from_text(text_key), {.timestamp = now, .body = json})
                     .value()
                     .headers;
             return made;
         }},
        {"a clock in milliseconds", cause::clock_skew, "the receiver's clock is in milliseconds",
         [] {
             sample made = sent("zoom");
             made.at *= 1000;
             return made;
         }},
        // URLs.
        {"another scheme of the URL", cause::url_differs, "http in place of https",
         [] { return sent_with("waitwhile", text_key, json, "http" + std::string(endpoint + 5)); }},
        {"a slash too few", cause::url_differs, "with a slash at the end of the path",
         [] {
             return sent_with("square", text_key, json,
                              "https://hooks.example.com/in/payments/?shop=7");
         }},
        {"a port too few", cause::url_differs, "with the port 443",
         [] {
             return sent_with("waitwhile", text_key, json,
                              "https://hooks.example.com:443/in/payments?shop=7");
         }},
        {"another host", cause::url_differs, "the host of the header Host",
         [] {
             sample made = sent_with("waitwhile", text_key, json,
                                     "https://other.example.org/in/payments?shop=7");
             made.headers.emplace_back("Host", "other.example.org");
             return made;
         }},
        {"another query", cause::url_differs, "with no query",
         [] {
             return sent_with("trello", text_key, json, "https://hooks.example.com/in/payments");
         }},
        {"another query, which the request has", cause::url_differs, "the query of the request",
         [] {
             return sent_with("square", text_key, json,
                              "https://hooks.example.com/in/payments?shop=8");
         }},
        {"another scheme and a slash too few", cause::url_differs,
         "with http in place of https and a slash at the end of the path",
         [] {
             return sent_with("waitwhile", text_key, json,
                              "http://hooks.example.com/in/payments/?shop=7");
         }},
        // Tokens.
        {"Bearer is missing", cause::encoding, "without the word Bearer",
         [] {
             sample made = sent("bearer_token");
             made.header("Authorization").erase(0, 7);
             return made;
         }},
        {"Token stands in place of Bearer", cause::encoding, "another word than Bearer",
         [] {
             sample made = sent("bearer_token");
             made.header("Authorization").replace(0, 6, "Token");
             return made;
         }},
        {"Bearer is there where it is not wanted", cause::encoding, "does not want",
         [] {
             sample made = sent("gitlab_token");
             made.header("X-Gitlab-Token").insert(0, "Bearer ");
             return made;
         }},
        {"Bearer is part of the configured key", cause::key_form, "a word such as Bearer",
         [] {
             sample made = sent("bearer_token");
             made.keys = {"Bearer " + made.keys[0]};
             return made;
         }},
        {"credentials are not in base64", cause::encoding, "not in base64",
         [] {
             sample made = sent_with("basic_auth", credentials);
             made.header("Authorization") = std::string("Basic ") + credentials;
             return made;
         }},
        {"the configured credentials are in base64", cause::key_form, "the base64",
         [] {
             sample made = sent_with("basic_auth", credentials);
             made.keys = {made.header("Authorization").substr(6)};
             return made;
         }},
        {"a token has other upper-case letters", cause::encoding, "upper-case letters",
         [] {
             sample made = sent("shared_token");
             made.header("X-Webhook-Token")[2] = 'z';
             return made;
         }},
        {"a token in the URL is percent-encoded", cause::encoding, "percent-encoded",
         [] {
             sample made = sent("url_token");
             made.target.replace(made.target.find("k9Zq-"), 5, "k9Zq%2D");
             return made;
         }},
        {"a token has another name in the query", cause::url_differs, "under another name",
         [] {
             sample made = sent("url_token");
             made.target.replace(made.target.find("token="), 6, "key=");
             return made;
         }},
        {"a slash stands behind the token", cause::url_differs, "a slash stands behind",
         [] {
             sample made = sent("path_token");
             made.target.insert(made.target.find('?'), "/");
             return made;
         }},
        {"a token stands in another header", cause::other_scheme, "in the way of gitlab_token",
         [] {
             sample made = sent("gitlab_token");
             made.scheme = wh::schemes::find("shared_token");
             return made;
         }},
    };
    return list;
}

}  // namespace faults

#endif
