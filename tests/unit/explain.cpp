// Usual mistakes, each prepared with a genuine delivery, and what is said about them.

#include <webhookpp/explain.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <webhookpp/schemes/all.hpp>
#include <webhookpp/sign.hpp>

#include "../catch.hpp"
#include "../golden.hpp"
#include "../scheme_keys.hpp"

namespace wh = webhookpp;
using wh::cause;

namespace {

constexpr std::int64_t now = 1700000000;
constexpr const char* endpoint = "https://hooks.example.com/in/payments?shop=7";
constexpr const char* json = R"({"id":7,"url":"https://a.example/x","tags":["a","b"],"none":{}})";

// Keys that no English text has six bytes of.
constexpr const char* text_key = "k9Zq-Wv3xJ_7Lr2Qp8Tn5Bd";
constexpr const char* hex_key = "9f86d081884c7d659a2feaa0c55ad015";
constexpr const char* base64_key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr const char* credentials = "Zq9xkWv:7Lr2-Qp8Tn5Bd";

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
sample sent_with(const char* scheme, const std::string& signing_key, std::string body = json,
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
sample sent(const char* scheme, std::string body = json) {
    return sent_with(scheme,
                     scheme == std::string_view("standard_webhooks")
                         ? std::string("whsec_") + base64_key
                         : std::string(text_key),
                     std::move(body));
}
// What arrives is `received` in place of `signed_body`.
sample changed(const char* scheme, std::string signed_body, std::string received) {
    sample made = sent(scheme, std::move(signed_body));
    made.body = std::move(received);
    return made;
}
// A delivery signed with the bytes `secret`, to a receiver that has `configured`.
sample with_keys(const char* scheme, std::string_view secret, std::string configured) {
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

std::string decoded(std::string_view base64) {
    std::string bytes(wh::crypto::base64_decoded_size_limit(base64.size()), '\0');
    const auto size = wh::crypto::base64_decode(
        base64, {reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
    bytes.resize(size.value());
    return bytes;
}
// The signature in `value`, which is base64 after `prefix`, in hex.
std::string base64_to_hex(const std::string& value) {
    const std::string bytes = decoded(value);
    std::string hex(2 * bytes.size(), '\0');
    wh::crypto::hex_encode(wh::crypto::as_bytes(bytes), hex);
    return hex;
}
std::string hex_to_base64(const std::string& hex) {
    unsigned char bytes[32];
    REQUIRE(wh::crypto::hex_decode(hex, bytes) == 32U);
    std::string text(wh::crypto::base64_encoded_size(32), '\0');
    wh::crypto::base64_encode(bytes, text);
    return text;
}
std::string upper(std::string text) {
    for (char& c : text) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
    return text;
}

struct fault {
    const char* sentence;
    cause first;
    const char* evidence;
    std::function<sample()> make;
};

const std::vector<fault>& faults() {
    static const std::vector<fault> all = {
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
                 if (value.find_first_of("+/") == value.npos) continue;
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
    return all;
}

// Whether `text` holds six bytes in a row of `secret`.
bool shows_part(const std::string& text, std::string_view secret) {
    constexpr std::size_t piece = 6;
    for (std::size_t i = 0; i + piece <= secret.size(); ++i) {
        if (text.find(secret.substr(i, piece)) != std::string::npos) return true;
    }
    return false;
}

// All that must not be seen of a key: its text, what it stands for, and both in base64 and hex.
std::vector<std::string> spellings(const std::string& key) {
    std::vector<std::string> all{key};
    const auto keep = [&](const wh::crypto::secret_bytes& bytes) {
        all.emplace_back(bytes.text());
    };
    if (const auto bytes = wh::detail::any_base64(wh::detail::without_whsec(key)); bytes) {
        keep(*bytes);
    }
    if (const auto bytes = wh::detail::any_hex(key); bytes) keep(*bytes);
    for (std::size_t i = all.size(); i-- > 0;) {
        // Base64 looks different at each of three places.
        for (std::size_t skipped = 0; skipped < 3 && skipped < all[i].size(); ++skipped) {
            keep(wh::detail::in_base64(all[i].substr(skipped)));
        }
        keep(wh::detail::in_hex(all[i]));
        all.push_back(upper(all.back()));
    }
    return all;
}

// `key` without what may stand before any key.
std::string_view without_public_start(std::string_view key) {
    key = wh::detail::without_whsec(wh::detail::without_surroundings(key));
    if (key.starts_with("Bearer ")) key.remove_prefix(7);
    return key;
}

}  // namespace

TEST_CASE("the cause of each fault is named first, with its evidence") {
    for (const fault& each : faults()) {
        INFO(each.sentence);
        const auto found = each.make().explained();
        INFO(in_words(found));
        CHECK_FALSE(found.accepted());
        REQUIRE_FALSE(found.causes.empty());
        CHECK(std::string(name(found.causes[0].which)) == std::string(name(each.first)));
        CHECK(found.causes[0].evidence.find(each.evidence) != std::string::npos);
    }
}

TEST_CASE("every cause is the first of some fault") {
    for (int i = 0; i <= static_cast<int>(cause::length_differs); ++i) {
        const auto which = static_cast<cause>(i);
        INFO(name(which));
        CHECK(name(which) != "unknown_cause");
        CHECK(std::any_of(faults().begin(), faults().end(),
                          [&](const fault& each) { return each.first == which; }));
    }
    CHECK(name(static_cast<cause>(200)) == "unknown_cause");
}

TEST_CASE("what explains a delivery never shows a part of its keys or of the body") {
    CHECK(shows_part("one k9Zq-W two", text_key));
    CHECK_FALSE(shows_part("one k9Zq- two", text_key));
    for (const fault& each : faults()) {
        INFO(each.sentence);
        const sample made = each.make();
        const std::string shown = in_words(made.explained());
        std::vector<std::string> secrets{text_key, hex_key, base64_key, credentials, made.body};
        for (const std::string& key : made.keys) secrets.emplace_back(without_public_start(key));
        for (const auto& [name, value] : made.headers) {
            if (value.size() > 30) secrets.push_back(value.substr(value.size() - 20));
        }
        for (const std::string& secret : secrets) {
            for (const std::string& spelled : spellings(secret)) {
                CHECK_FALSE(shows_part(shown, spelled));
            }
        }
        CHECK_FALSE(shows_part(shown, endpoint + 8));
    }
}

TEST_CASE("what explains a delivery never shows the signature that would be right") {
    for (const fault& each : faults()) {
        INFO(each.sentence);
        const sample made = each.make();
        const auto key = wh::key::try_from_text(made.keys[0]);
        if (!key || made.scheme->algorithm == wh::algorithm::token) continue;
        const auto right =
            wh::sign(*made.scheme, *key,
                     {.id = "msg_1", .timestamp = now, .body = made.body, .url = made.url});
        if (!right) continue;
        const std::string shown = in_words(made.explained());
        for (const auto& [name, value] : right->headers) {
            if (value.size() < 30) continue;
            CHECK_FALSE(shows_part(shown, std::string_view(value).substr(value.size() - 20)));
        }
    }
}

TEST_CASE("a genuine delivery of any scheme is accepted, and explained by nothing") {
    for (const wh::scheme* const scheme : wh::schemes::all()) {
        INFO(scheme->name);
        const auto keys = golden::keys_for(scheme->key);
        const auto request =
            wh::sign(*scheme, keys.sign,
                     {.id = "msg_1", .timestamp = now, .body = json, .url = endpoint})
                .value();
        const wh::delivery delivery{request.headers, std::string_view(json), "POST",
                                    wh::target_of(request.url)};
        const auto found =
            wh::explain(*scheme, std::span(&keys.verify, 1), delivery, {.url = endpoint}, now);
        INFO(in_words(found));
        CHECK(found.accepted());
        CHECK(found.causes.empty());
        CHECK(in_words(found) == "accepted\n");
    }
}

TEST_CASE("the key of another endpoint is none of the usual mistakes") {
    for (const wh::scheme* const scheme : wh::schemes::all()) {
        INFO(scheme->name);
        if (scheme->key != wh::key_form::text) continue;
        sample made = sent_with(std::string(scheme->name).c_str(), text_key);
        made.keys = {hex_key};
        const auto found = made.explained();
        INFO(in_words(found));
        CHECK(found.refusal->code == wh::errc::signature_mismatch);
        CHECK(found.causes.empty());
        CHECK(in_words(found).find("the key is probably of another endpoint") != std::string::npos);
    }
}

TEST_CASE("keys that are made already are explained as their texts are") {
    for (const fault& each : faults()) {
        INFO(each.sentence);
        const sample made = each.make();
        std::vector<wh::key> keys;
        for (const std::string& text : made.keys) {
            if (auto key = wh::key::try_from_text(text); key) keys.push_back(*key);
        }
        if (keys.size() < made.keys.size()) continue;
        const auto found =
            wh::explain(*made.scheme, keys, {made.headers, made.body, "POST", made.target},
                        {.url = made.url}, made.at);
        CHECK(found.causes == made.explained().causes);
    }
    // One that was decoded before.
    sample made = with_keys("standard_webhooks", base64_key, "");
    const auto key = wh::key::from_whsec(std::string("whsec_") + base64_key);
    const auto found =
        wh::explain(*made.scheme, std::span(&key, 1), {made.headers, made.body}, {}, now);
    REQUIRE_FALSE(found.causes.empty());
    CHECK(found.causes[0].which == cause::key_form);
}

TEST_CASE("of several keys the one that is meant is named") {
    sample made = with_keys("github", text_key, hex_key);
    made.keys.push_back(std::string(text_key) + "\n");
    const auto found = made.explained();
    REQUIRE(found.causes.size() == 1);
    CHECK(found.causes[0].evidence.starts_with("key 2: "));
    CHECK(found.refusal->code == wh::errc::key_whitespace);

    made.keys = {text_key, std::string(text_key) + "\n"};
    const auto second = made.explained();
    CHECK(second.refusal->code == wh::errc::key_whitespace);
    REQUIRE_FALSE(second.causes.empty());
    CHECK(second.causes[0].which == cause::key_whitespace);
}

TEST_CASE("differing duplicates are not taken for another mistake") {
    sample made = sent("standard_webhooks");
    made.headers.emplace_back("webhook-id", "msg_2");
    CHECK(made.explained().refusal->code == wh::errc::duplicate_header);
    CHECK(made.explained().causes.empty());
    made = sent("bearer_token");
    made.headers.emplace_back("Authorization", "Bearer another");
    CHECK(made.explained().causes.empty());
    made = sent("url_token");
    made.target += "&token=another";
    CHECK(made.explained().refusal->code == wh::errc::duplicate_header);
    CHECK(made.explained().causes.empty());
}

TEST_CASE("two mistakes that show independently are both named") {
    sample made = changed("stripe", json + std::string("\n"), json);
    made.at += 4000;
    made.headers.emplace_back("Content-Length", "68");
    const auto found = made.explained();
    REQUIRE(found.causes.size() == 3);
    CHECK(found.causes[0].which == cause::body_trimmed);
    CHECK(found.causes[1].which == cause::clock_skew);
    CHECK(found.causes[2].which == cause::length_differs);
}

TEST_CASE("no keys, an empty key and too many keys are explained") {
    sample made = sent("github");
    made.keys = {};
    CHECK(made.explained().refusal->code == wh::errc::empty_key);
    made.keys = {""};
    CHECK(made.explained().refusal->code == wh::errc::empty_key);
    made.keys = std::vector<std::string>(9, text_key);
    CHECK(made.explained().refusal->code == wh::errc::too_many_keys);
    sample square = sent("square");
    square.url = "";
    CHECK(square.explained().refusal->code == wh::errc::invalid_url);
}

TEST_CASE("large bodies cost bounded work, and larger ones none") {
    const auto seconds_for = [](const sample& made) {
        const auto begin = std::chrono::steady_clock::now();
        const auto found = made.explained();
        CHECK_FALSE(found.accepted());
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    constexpr std::size_t size = std::size_t{1024} * 1024;
    for (const std::string& body :
         {std::string(size, '['), std::string(size, '\n'), std::string(size, '"'),
          std::string(size, '\\'), '{' + std::string(size - 1, '/'),
          '[' + std::string(size - 1, ','), "[\"" + std::string(size - 4, '\xc3') + "\"]"}) {
        INFO("a body of " << body[1]);
        sample made = changed("github", "{}", body);
        made.keys = std::vector<std::string>(8, hex_key);
        // A hundredth of a second for each of 320 verifications with 8 keys, and sanitizers.
        CHECK(seconds_for(made) < 60);
    }
    sample large = changed("github", "{}", std::string(size + 1, ' '));
    CHECK(large.explained().causes.empty());
    CHECK(seconds_for(large) < 1);
}

TEST_CASE("headers that can only be looked up are explained too") {
    sample made = sent("shopify");
    made.scheme = wh::schemes::find("github");
    const auto lookup = [&](std::string_view name) -> std::string {
        for (const auto& [each, value] : made.headers) {
            if (wh::detail::equal_names(each, name)) return value;
        }
        return {};
    };
    const std::string_view keys[] = {text_key};
    const auto found = wh::explain(*made.scheme, keys, {lookup, made.body}, {}, now);
    REQUIRE_FALSE(found.causes.empty());
    CHECK(found.causes[0].which == cause::other_scheme);
}
