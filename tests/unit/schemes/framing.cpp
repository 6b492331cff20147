// SPDX-License-Identifier: MIT
// How signatures stand in their headers: prefixes, digits, lists of elements.
#include <webhookpp/schemes/all.hpp>

#include <algorithm>
#include <cctype>
#include <string>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>

#include "../../catch.hpp"
#include "../../golden.hpp"

namespace wh = webhookpp;
namespace schemes = wh::schemes;
using wh::errc;

namespace {

const wh::key secret = wh::key::from_text("a-secret");

// A signature header in place of the one of a genuine delivery, made from it.
struct framing {
    const wh::scheme& scheme;

    [[nodiscard]] std::string genuine() const { return sent().headers.back().second; }

    [[nodiscard]] wh::testing::signed_delivery sent() const {
        return wh::testing::sign_delivery(scheme, secret, "{}", golden::now);
    }

    [[nodiscard]] wh::result<wh::verified_message> verify(const std::string& value,
                                                          std::int64_t now = golden::now) const {
        auto delivery = sent();
        delivery.headers.back().second = value;
        // The message outlives its body, which nobody reads.
        return wh::any_verifier<wh::testing::fixed_clock>(scheme, secret, {}, {now})
            .verify(delivery.view());
    }

    [[nodiscard]] std::optional<errc> refused(const std::string& value) const {
        return golden::refusal(verify(value));
    }
};

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

}  // namespace

TEST_CASE("a prefix is as the scheme says, letter by letter") {
    const framing github{schemes::github};
    const std::string digits = github.genuine().substr(7);
    CHECK_FALSE(github.refused("sha256=" + digits));
    CHECK_FALSE(github.refused(" sha256=" + digits + "\t"));
    for (const std::string& wrong :
         {"sha1=" + digits, "SHA256=" + digits, digits, "=" + digits, "sha256=sha256=" + digits,
          "sha256 =" + digits, "sha256= " + digits, std::string("sha256="),
          "sha1=" + digits.substr(0, 40), "sha256=" + digits + ",sha1=" + digits}) {
        INFO(wrong);
        CHECK(github.refused(wrong) == errc::no_supported_signature);
    }
    const framing intercom{schemes::intercom};
    CHECK_FALSE(intercom.refused(intercom.genuine()));
    CHECK(intercom.refused("sha256=" + digits) == errc::no_supported_signature);
    // A longer digest whose beginning is right is another one.
    CHECK(intercom.refused(intercom.genuine() + std::string(24, '0')) ==
          errc::no_supported_signature);
}

TEST_CASE("hex has one spelling") {
    const framing github{schemes::github};
    const std::string digits = github.genuine().substr(7);
    for (const std::string& wrong :
         {upper(digits), digits.substr(1), digits + "0", digits + "00", digits.substr(2),
          digits.substr(0, 63) + "g", "0x" + digits, digits.substr(0, 62) + "\xc3\xa9"}) {
        INFO(wrong);
        CHECK(github.refused("sha256=" + wrong) == errc::no_supported_signature);
    }
    CHECK(github.refused("sha256=" + std::string(64, '0')) == errc::signature_mismatch);
}

TEST_CASE("base64 of a signature is that of its length") {
    const framing shopify{schemes::shopify};
    const std::string text = shopify.genuine();
    CHECK_FALSE(shopify.refused(text));
    for (const std::string& wrong :
         {text.substr(0, 43), text + "=", text.substr(0, 40), text + "AAAA", text.substr(4)}) {
        INFO(wrong);
        CHECK(shopify.refused(wrong) == errc::no_supported_signature);
    }
    const framing sanity{schemes::sanity};
    CHECK_FALSE(sanity.refused(sanity.genuine()));
    CHECK(sanity.refused(sanity.genuine() + "=") == errc::no_supported_signature);
}

TEST_CASE("a list has one timestamp") {
    const framing stripe{schemes::stripe};
    const std::string value = stripe.genuine();
    const std::size_t comma = value.find(',');
    const std::string stamp = value.substr(0, comma);
    const std::string signature = value.substr(comma + 1);
    CHECK_FALSE(stripe.refused(stamp + "," + signature));
    CHECK_FALSE(stripe.refused(signature + "," + stamp));
    CHECK_FALSE(stripe.refused(" " + stamp + " ,\t" + signature + " , "));
    CHECK_FALSE(stripe.refused(stamp + ",," + signature + ","));
    CHECK(stripe.refused(signature) == errc::invalid_header);
    CHECK(stripe.refused("t," + signature) == errc::invalid_header);
    CHECK(stripe.refused("T" + stamp.substr(1) + "," + signature) == errc::invalid_header);
    CHECK(stripe.refused(stamp + "," + stamp + "," + signature) == errc::invalid_header);
    CHECK(stripe.refused("t=1," + stamp + "," + signature) == errc::invalid_header);
    CHECK(stripe.refused("t=," + signature) == errc::invalid_timestamp);
    CHECK(stripe.refused("t= " + stamp.substr(2) + "," + signature) == errc::invalid_timestamp);
    CHECK(stripe.refused("t=0" + stamp.substr(2) + "," + signature) == errc::invalid_timestamp);
    CHECK(stripe.refused(stamp) == errc::no_supported_signature);
    CHECK(stripe.refused(stamp + ";" + signature) == errc::invalid_timestamp);
}

TEST_CASE("only elements of the right name are signatures") {
    const framing stripe{schemes::stripe};
    const std::string value = stripe.genuine();
    const std::size_t comma = value.find(',');
    const std::string stamp = value.substr(0, comma);
    const std::string digits = value.substr(comma + 4);
    for (const char* name : {"v0", "V1", "v", "v1 ", "v11", "", "s"}) {
        INFO(name);
        CHECK(stripe.refused(stamp + "," + name + "=" + digits) == errc::no_supported_signature);
    }
    const std::string forged(64, '0');
    const auto both = stripe.verify(stamp + ",v0=" + digits + ",v1=" + forged);
    CHECK(golden::refusal(both) == errc::signature_mismatch);
    const auto second = stripe.verify(stamp + ",v1=" + forged + ",v0=x,v1=" + digits + ",v1=x");
    REQUIRE(second);
    CHECK(second->skipped_tokens() == 2);
    CHECK(stripe.refused(stamp + ",v1=" + upper(digits)) == errc::no_supported_signature);
    // Elsewhere `v0` is the one that counts.
    const framing elevenlabs{schemes::elevenlabs};
    std::string downgraded = elevenlabs.genuine();
    CHECK_FALSE(elevenlabs.refused(downgraded));
    downgraded.replace(downgraded.find("v0"), 2, "v1");
    CHECK(elevenlabs.refused(downgraded) == errc::no_supported_signature);
}

TEST_CASE("a list has at most 16 elements beside its timestamp") {
    const framing stripe{schemes::stripe};
    std::string value = stripe.genuine();
    for (int i = 0; i < 15; ++i) value += ",v0=x";
    CHECK(stripe.verify(value)->skipped_tokens() == 15);
    CHECK(stripe.refused(value + ",v0=x") == errc::too_many_signatures);
    CHECK(stripe.refused("v1=" + value.substr(value.find("v1=") + 3) + ",v0=x") ==
          errc::too_many_signatures);
    const framing pagerduty{schemes::pagerduty};
    std::string many = pagerduty.genuine();
    for (int i = 0; i < 15; ++i) many = "v1=" + std::string(64, '0') + "," + many;
    CHECK_FALSE(pagerduty.refused(many));
    CHECK(pagerduty.refused(many + ",x") == errc::too_many_signatures);
}

TEST_CASE("the number of elements can be limited further") {
    auto sent = framing{schemes::stripe}.sent();
    const wh::any_verifier<wh::testing::fixed_clock> verifier(
        schemes::stripe, secret, {.limits = {.signatures = 1}}, {golden::now});
    CHECK(verifier.verify(sent.view()));
    sent.headers.back().second += ",v0=x";
    CHECK(golden::refusal(verifier.verify(sent.view())) == errc::too_many_signatures);
}

TEST_CASE("each list has its own separator") {
    const framing paddle{schemes::paddle};
    std::string value = paddle.genuine();
    CHECK(value.starts_with("ts="));
    CHECK_FALSE(paddle.refused(value));
    std::replace(value.begin(), value.end(), ';', ',');
    CHECK(paddle.refused(value) == errc::invalid_timestamp);
}

TEST_CASE("one of two headers is enough, and each may be of either key") {
    const wh::key keys[] = {wh::key::from_text("primary"), wh::key::from_text("secondary")};
    const wh::any_verifier<wh::testing::fixed_clock> verifier(schemes::box, keys, {},
                                                              {golden::now});
    const auto made =
        wh::sign(schemes::box, keys, {.id = "i", .timestamp = golden::now, .body = "{}"}).value();
    REQUIRE(made.headers.size() == 4);
    const std::string body = "{}";
    CHECK(verifier.verify({made.headers, body})->key_index() == 0U);
    CHECK(golden::refusal(verifier.verify({made.headers})) == errc::signature_mismatch);
    for (const auto& [left_out, index] :
         {std::pair("BOX-SIGNATURE-PRIMARY", 1U), std::pair("BOX-SIGNATURE-SECONDARY", 0U)}) {
        auto one = made.headers;
        std::erase_if(one, [name = left_out](const auto& each) { return each.first == name; });
        CHECK(verifier.verify({one, body})->key_index() == index);
    }
    auto none = made.headers;
    std::erase_if(none, [](const auto& each) { return each.first.starts_with("BOX-SIGNATURE"); });
    CHECK(golden::refusal(verifier.verify({none, body})) == errc::missing_header);
    auto forged = made.headers;
    for (auto& [name, value] : forged) {
        if (name == "BOX-SIGNATURE-PRIMARY") value = "x";
    }
    CHECK(verifier.verify({forged, body})->key_index() == 1U);

    // Either of them twice, with different values, or too large: a valid other one does not help.
    for (const char* name : {"BOX-SIGNATURE-PRIMARY", "BOX-SIGNATURE-SECONDARY"}) {
        auto doubled = made.headers;
        doubled.emplace_back(name, "x");
        CHECK(golden::refusal(verifier.verify({doubled, body})) == errc::duplicate_header);
        auto large = made.headers;
        for (auto& [each, value] : large) {
            if (each == name) value.assign(8 * 1024 + 1, 'x');
        }
        CHECK(golden::refusal(verifier.verify({large, body})) == errc::header_too_large);
    }
}
