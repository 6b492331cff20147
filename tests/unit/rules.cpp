// SPDX-License-Identifier: MIT
// Each rule of Standard Webhooks verification with its broken twin: a verifier that lacks just this
// rule, and a delivery that it accepts and ours refuses. So each bad delivery is known to be bad
// for the reason that is named, and a rule that is lost does not go unseen.

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <webhookpp/detail/signature_tokens.hpp>
#include <webhookpp/detail/verification_steps.hpp>

#include "../catch.hpp"
#include "../golden.hpp"

namespace wh = webhookpp;
using wh::errc;

namespace {

enum class broken {
    nothing,
    prefix_compare,       // compares as many bytes as the sender gives: CVE-2024-21491
    lenient_base64,       // skips characters that are not of the alphabet, and surplus bits
    future_unchecked,     // looks at the past only, as Stripe's libraries do
    window_unchecked,     // signs the timestamp and does not look at it
    lenient_timestamp,    // strtoll, and signs the number printed again
    any_id,               // takes every text for an id
    last_header_wins,     // of two different headers takes the last
    families_mixed,       // takes each header from whichever family has it
    any_version,          // does not look at the version of a token
    empty_signature,      // a token without a signature passes
    case_folded_version,  // V1 is v1
};

using headers = golden::header_list;

struct sample {
    headers list;
    std::string body = std::string(golden::body);
};

std::string first_of(const headers& list, const std::string& name, broken fault) {
    std::string found;
    for (const auto& [each, value] : list) {
        if (each != name) continue;
        if (!found.empty() && value != found && fault != broken::last_header_wins) return {};
        found = value;
    }
    return found;
}

std::string lenient(std::string text) {
    std::erase_if(text, [](char c) {
        return !std::isalnum(static_cast<unsigned char>(c)) && c != '+' && c != '/' && c != '=';
    });
    return text;
}

bool token_matches(const std::string& token, const std::string& good, broken fault) {
    const auto comma = token.find(',');
    if (comma == std::string::npos) return false;
    std::string version = token.substr(0, comma);
    std::string given = token.substr(comma + 1);
    std::string wanted = good.substr(3);
    if (fault == broken::case_folded_version && version == "V1") version = "v1";
    if (version != "v1" && fault != broken::any_version) return false;
    if (given.empty()) return fault == broken::empty_signature;
    if (fault == broken::lenient_base64) {
        given = lenient(given);
        // The last character before the padding stands for four bits that count and two that don't.
        if (given.size() == wanted.size()) given[42] = wanted[42];
    }
    if (fault == broken::prefix_compare) wanted.resize(std::min(wanted.size(), given.size()));
    return given == wanted;
}

// What a careful but short implementation does, less one rule.
bool control_accepts(const sample& delivery, broken fault) {
    const auto find = [&](const std::string& name) {
        if (fault == broken::families_mixed) {
            const auto branded = first_of(delivery.list, "svix-" + name, fault);
            if (!branded.empty()) return branded;
        }
        return first_of(delivery.list, "webhook-" + name, fault);
    };
    const std::string id = find("id");
    std::string timestamp = find("timestamp");
    const std::string signature = find("signature");
    if (id.empty() && fault != broken::any_id) return false;
    if (timestamp.empty() || signature.empty()) return false;
    if (fault != broken::any_id &&
        (id.size() > 256 || id.find('.') != std::string::npos ||
         std::any_of(id.begin(), id.end(), [](char c) { return c < '!' || c > '~'; }))) {
        return false;
    }
    if (fault == broken::lenient_timestamp) {
        timestamp = std::to_string(std::strtoll(timestamp.c_str(), nullptr, 10));
    } else if (timestamp.size() > 12 || (timestamp.size() > 1 && timestamp[0] == '0') ||
               timestamp.find_first_not_of("0123456789") != std::string::npos) {
        return false;
    }
    const std::string good = golden::signed_with_secret(id, timestamp, delivery.body);
    bool matched = false;
    for (std::size_t at = 0; at <= signature.size();) {
        const auto space = std::min(signature.find(' ', at), signature.size());
        matched = matched || token_matches(signature.substr(at, space - at), good, fault);
        at = space + 1;
    }
    if (!matched) return false;
    const std::int64_t age = golden::now - std::stoll(timestamp);
    if (fault == broken::window_unchecked) return true;
    return age <= 300 && (age >= -300 || fault == broken::future_unchecked);
}

sample genuine() {
    return {golden::parts().headers()};
}

sample with(const std::string& name, std::string value) {
    sample made = genuine();
    for (auto& [each, old] : made.list) {
        if (each == name) old = std::move(value);
    }
    return made;
}

// A delivery that its sender signed with this id and timestamp.
sample signed_as(const std::string& id, const std::string& timestamp,
                 const std::string& signed_timestamp) {
    golden::parts parts;
    parts.id = id;
    parts.timestamp = timestamp;
    parts.signature = golden::signed_with_secret(id, signed_timestamp, parts.body);
    return {parts.headers()};
}

sample and_also(sample made, const std::string& name, const std::string& value) {
    made.list.emplace_back(name, value);
    return made;
}

struct rule {
    const char* name;
    broken fault;
    sample delivery;
    errc refused_as;
};

std::vector<rule> rules() {
    const std::string signature(golden::signature);
    const std::string stamp(golden::timestamp);
    const std::string id(golden::id);
    std::vector<rule> all{
        {"a signature is compared in its whole length", broken::prefix_compare,
         with("webhook-signature", signature.substr(0, 11)), errc::no_supported_signature},
        {"a character outside the alphabet makes a token malformed", broken::lenient_base64,
         with("webhook-signature", "v1,g0hM9SsE+O!TPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
         errc::no_supported_signature},
        {"unused bits of base64 are zero", broken::lenient_base64,
         with("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF="),
         errc::no_supported_signature},
        {"an empty signature matches nothing", broken::empty_signature,
         with("webhook-signature", "v1,"), errc::no_supported_signature},
        {"versions are told apart", broken::any_version,
         with("webhook-signature", "v2" + signature.substr(2)), errc::no_supported_signature},
        {"v1a is not v1", broken::any_version,
         with("webhook-signature", "v1a" + signature.substr(2)), errc::no_supported_signature},
        {"versions are case-sensitive", broken::case_folded_version,
         with("webhook-signature", "V1" + signature.substr(2)), errc::no_supported_signature},
        {"an old delivery is refused", broken::window_unchecked,
         signed_as(id, "1614265029", "1614265029"), errc::timestamp_too_old},
        {"a delivery from the future is refused", broken::future_unchecked,
         signed_as(id, "1614265631", "1614265631"), errc::timestamp_too_new},
        {"an id has no dot, which could shift bytes between id and body", broken::any_id,
         signed_as("a.1614265330", stamp, stamp), errc::invalid_id},
        {"an id is visible ASCII", broken::any_id, signed_as("m\xe9", stamp, stamp),
         errc::invalid_id},
        {"an id has no space", broken::any_id, signed_as("a b", stamp, stamp), errc::invalid_id},
        {"an id has no control character", broken::any_id, signed_as("a\x7f", stamp, stamp),
         errc::invalid_id},
        {"an id has at most 256 characters", broken::any_id,
         signed_as(std::string(257, 'i'), stamp, stamp), errc::invalid_id},
        {"an id is not empty", broken::any_id, signed_as("", stamp, stamp), errc::missing_header},
        {"two different ids are refused", broken::last_header_wins,
         and_also(with("webhook-id", "other"), "webhook-id", id), errc::duplicate_header},
        {"two different timestamps are refused", broken::last_header_wins,
         and_also(with("webhook-timestamp", "1614265331"), "webhook-timestamp", stamp),
         errc::duplicate_header},
        {"two different signatures are refused", broken::last_header_wins,
         and_also(with("webhook-signature", std::string(golden::wrong_signature)),
                  "webhook-signature", signature),
         errc::duplicate_header},
        {"header families are not mixed",
         broken::families_mixed,
         {{{"svix-id", id}, {"svix-timestamp", stamp}, {"webhook-signature", signature}}},
         errc::missing_header},
    };
    for (const char* odd : {"+1614265330", "001614265330", "1614265330.5", "1614265330abc",
                            "1614265330,1614265330", "1614265330 0"}) {
        all.push_back(
            {odd, broken::lenient_timestamp, signed_as(id, odd, stamp), errc::invalid_timestamp});
    }
    return all;
}

}  // namespace

TEST_CASE("the genuine delivery is accepted by ours and by every control") {
    CHECK_FALSE(golden::refusal(golden::make_verifier(), genuine().list));
    CHECK(control_accepts(genuine(), broken::nothing));
    for (const rule& each : rules()) CHECK(control_accepts(genuine(), each.fault));
}

TEST_CASE("each rule refuses a delivery that a verifier without it accepts") {
    for (const rule& each : rules()) {
        INFO(each.name);
        CHECK(control_accepts(each.delivery, each.fault));
        CHECK_FALSE(control_accepts(each.delivery, broken::nothing));
        CHECK(golden::refusal(golden::make_verifier(), each.delivery.list, each.delivery.body) ==
              each.refused_as);
    }
}

TEST_CASE("a timestamp is signed as it stands, in 1 to 12 digits") {
    for (const char* odd :
         {"+1614265330", "001614265330", "1614265330.0", "0x6037bbf2", "1e9", "1614_265330", "-1",
          "-9223372036854775808", "9223372036854775807", "1614265330000", "99999999999999999999",
          "inf", "nan", "hello", "00", "\xd9\xa1\xd9\xa2", "1614265330\n", "1,2", "1 2"}) {
        INFO(odd);
        // Signed verbatim, so that nothing but the form of the timestamp is wrong.
        const auto delivery = signed_as(std::string(golden::id), odd, odd);
        CHECK(golden::refusal(golden::make_verifier(), delivery.list) == errc::invalid_timestamp);
    }
    const auto zero = signed_as(std::string(golden::id), "0", "0");
    CHECK(golden::refusal(golden::make_verifier({golden::secret}, {}, 0), zero.list) ==
          std::nullopt);
    const auto longest = signed_as(std::string(golden::id), "999999999999", "999999999999");
    CHECK(golden::refusal(golden::make_verifier({golden::secret}, {}, 999'999'999'999),
                          longest.list) == std::nullopt);
}

TEST_CASE("forged and stale is forged, valid and stale is stale") {
    auto stale = signed_as(std::string(golden::id), "1614265029", "1614265029");
    CHECK(golden::refusal(golden::make_verifier(), stale.list) == errc::timestamp_too_old);
    stale.list.back().second = golden::wrong_signature;
    CHECK(golden::refusal(golden::make_verifier(), stale.list) == errc::signature_mismatch);
}

TEST_CASE("a MAC keyed with a public key is no signature") {
    // The algorithm belongs to the key: whoever knows the public key must not be able to sign,
    // whatever other keys stand beside it.
    const auto published = wh::key::from_whpk(golden::public_key);
    const std::string_view text = golden::public_key;
    const std::string message = std::string(golden::id) + "." + std::string(golden::timestamp) +
                                "." + std::string(golden::body);
    const wh::crypto::bytes all[] = {wh::crypto::as_bytes(message)};
    golden::parts parts;
    for (const wh::crypto::bytes secret :
         {published.bytes(), wh::crypto::as_bytes(text), wh::crypto::as_bytes(text.substr(5))}) {
        const auto confused = wh::crypto::hmac_key::create(secret).value();
        unsigned char mac[wh::crypto::sha256_size];
        REQUIRE(confused.compute(wh::crypto::digest_context(), all, mac));
        const std::string made = wh::detail::encoded(wh::encoding::base64, mac);
        for (const char* version : {"v1,", "v1a,"}) {
            INFO(version);
            parts.signature = version + made;
            CHECK(golden::refusal(golden::make_verifier({golden::public_key}), parts.headers()) ==
                  errc::no_supported_signature);
        }
        parts.signature = "v1," + made;
        for (const auto& ring : {golden::make_verifier({golden::secret, golden::public_key}),
                                 golden::make_verifier({golden::public_key, golden::secret})}) {
            CHECK(golden::refusal(ring, parts.headers()) == errc::signature_mismatch);
            parts.signature += " " + std::string(golden::signature_v1a);
            CHECK_FALSE(golden::refusal(ring, parts.headers()));
            parts.signature = "v1," + made;
        }
    }
}

TEST_CASE("signatures of secrets are not tried with public keys") {
    // Two public keys would have 30 tries at them, and a delivery has 16.
    const auto ring = golden::make_verifier(
        {golden::other_secret,
         "whpk_iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=", golden::public_key});
    golden::parts parts;
    parts.signature = golden::signature_v1a;
    for (int i = 0; i < 15; ++i) parts.signature.append(" ").append(golden::wrong_signature);
    CHECK_FALSE(golden::refusal(ring, parts.headers()));
}

TEST_CASE("a signature by a key pair is no MAC, whatever its bytes are") {
    wh::detail::signature_tokens tokens;
    REQUIRE(tokens.read(wh::schemes::standard_webhooks, golden::signature_v1a, 16));
    REQUIRE(tokens.candidates().size() == 1);
    CHECK_FALSE(wh::detail::is_mac(tokens, tokens.candidates()[0].signature()));
    wh::detail::signature_tokens macs;
    REQUIRE(macs.read(wh::schemes::standard_webhooks, golden::signature, 16));
    CHECK(wh::detail::is_mac(macs, macs.candidates()[0].signature()));
}
