// SPDX-License-Identifier: MIT
// A genuine delivery, published with the reference libraries of Standard Webhooks, to be bent.
#ifndef WEBHOOKPP_TESTS_GOLDEN_HPP
#define WEBHOOKPP_TESTS_GOLDEN_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/crypto/key.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/verifier.hpp>

namespace golden {

namespace wh = webhookpp;

inline constexpr const char* secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
inline constexpr const char* other_secret = "whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQt";
inline constexpr const char* public_key = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
inline constexpr const char* signing_key =
    "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
inline constexpr std::int64_t now = 1614265330;
inline constexpr std::string_view id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
inline constexpr std::string_view timestamp = "1614265330";
inline constexpr std::string_view signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
inline constexpr std::string_view wrong_signature =
    "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
inline constexpr std::string_view signature_v1a =
    "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";
inline constexpr std::string_view body = R"({"test": 2432232314})";

using verifier = wh::verifier<wh::schemes::standard_webhooks, wh::testing::fixed_clock>;
using header_list = std::vector<std::pair<std::string, std::string>>;

/// The delivery as it was published, or with other parts.
struct parts {
    std::string id = std::string(golden::id);
    std::string timestamp = std::string(golden::timestamp);
    std::string signature = std::string(golden::signature);
    std::string body = std::string(golden::body);

    [[nodiscard]] header_list headers(const std::string& family = "webhook") const {
        return {{family + "-id", id},
                {family + "-timestamp", timestamp},
                {family + "-signature", signature}};
    }
};

inline verifier make_verifier(std::initializer_list<const char*> keys = {secret},
                              const wh::verifier_options& options = {}, std::int64_t time = now) {
    std::vector<wh::key> list;
    for (const char* text : keys) list.push_back(wh::key::from_text(text));
    return verifier(list, options, {time});
}

/// The error's name, or nothing when the delivery is accepted.
inline std::optional<wh::errc> refusal(const wh::result<wh::verified_message>& verified) {
    if (verified) return std::nullopt;
    return verified.error().code;
}
inline std::optional<wh::errc> refusal(const verifier& with, const header_list& headers,
                                       std::string_view sent = body) {
    return refusal(with.verify({headers, sent}));
}

/// The `v1` signature of any text in place of id and timestamp, as a sender with the secret could
/// make it: what `sign` refuses to.
inline std::string signed_with_secret(std::string_view as_id, std::string_view as_timestamp,
                                      std::string_view sent) {
    const auto key = wh::key::from_whsec(secret);
    const auto prepared = wh::crypto::hmac_key::create(key.bytes()).value();
    const wh::crypto::bytes all[] = {wh::crypto::as_bytes(as_id), wh::crypto::as_bytes("."),
                                     wh::crypto::as_bytes(as_timestamp), wh::crypto::as_bytes("."),
                                     wh::crypto::as_bytes(sent)};
    unsigned char mac[wh::crypto::sha256_size];
    if (!prepared.compute(wh::crypto::digest_context(), all, mac)) return {};
    std::string text(wh::crypto::base64_encoded_size(sizeof mac), '\0');
    wh::crypto::base64_encode(mac, text);
    return "v1," + text;
}

}  // namespace golden

#endif
