// SPDX-License-Identifier: MIT
// Where nothing separates two signed parts, no byte may change sides.
#include <webhookpp/schemes/all.hpp>

#include <string>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/detail/sent_time.hpp>
#include <webhookpp/detail/signature_tokens.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/testing/fixed_clock.hpp>

#include "../../catch.hpp"
#include "../../golden.hpp"
#include "../../scheme_keys.hpp"

namespace wh = webhookpp;
using wh::errc;

namespace {

constexpr const char* url = "https://h.example/in";

struct sample {
    std::string timestamp;
    std::string body;
};

// A delivery that the sender signed as `signed_as`, shown as `shown`.
struct moved {
    const wh::scheme& scheme;
    sample signed_as;
    sample shown;

    [[nodiscard]] wh::signed_headers headers() const {
        const auto number = wh::detail::parse_digits(signed_as.timestamp, 15);
        REQUIRE(number);
        const bool milliseconds = scheme.timestamp.format == wh::time_format::milliseconds;
        auto made = wh::sign(scheme, golden::keys_for(scheme.key).sign,
                             {.timestamp = milliseconds ? *number / 1000 : *number,
                              .body = signed_as.body,
                              .url = url})
                        .value()
                        .headers;
        for (auto& [name, value] : made) {
            const auto at = value.find(signed_as.timestamp);
            if (at != std::string::npos)
                value.replace(at, signed_as.timestamp.size(), shown.timestamp);
        }
        return made;
    }

    [[nodiscard]] std::optional<errc> refused() const {
        const wh::any_verifier<wh::testing::fixed_clock> verifier(
            scheme, golden::keys_for(scheme.key).verify,
            {.tolerance = wh::tolerance{wh::seconds::unlimited(), wh::seconds::unlimited()},
             .url = url},
            {golden::now});
        return golden::refusal(verifier.verify({headers(), shown.body, "POST", "/in"}));
    }

    // A verifier without the rule: it joins timestamp and body and finds the same bytes.
    [[nodiscard]] bool control_accepts() const {
        const auto joined = [this](const sample& each) {
            std::string text;
            for (std::size_t i = 0; i < scheme.content.count; ++i) {
                const auto& part = scheme.content.parts[i];
                text += wh::detail::plain_text(
                    part, {.timestamp = each.timestamp, .body = each.body, .url = url});
            }
            return text;
        };
        return joined(signed_as) == joined(shown) &&
               wh::detail::parse_digits(shown.timestamp, 15).has_value();
    }
};

}  // namespace

TEST_CASE("no digit changes sides between timestamp and body") {
    const std::string seconds = "1614265330";
    const std::string milliseconds = "1614265330000";
    struct row {
        const wh::scheme& scheme;
        sample genuine;
        sample shown;
    };
    const row table[] = {
        {wh::schemes::ticket_tailor, {seconds, "5"}, {seconds + "5", ""}},
        {wh::schemes::ticket_tailor, {seconds, "{}"}, {"161426533", "0{}"}},
        {wh::schemes::discord, {seconds, "5"}, {seconds + "5", ""}},
        {wh::schemes::discord, {seconds, "{}"}, {"161426533", "0{}"}},
        {wh::schemes::sendgrid, {seconds, "5"}, {seconds + "5", ""}},
        {wh::schemes::sendgrid, {seconds, "{}"}, {"161426533", "0{}"}},
        {wh::schemes::hubspot_v3, {milliseconds, "[1"}, {"1" + milliseconds, "["}},
        {wh::schemes::hubspot_v3, {milliseconds, "[1"}, {"614265330000", "[11"}},
    };
    for (const row& each : table) {
        INFO(each.scheme.name << " " << each.shown.timestamp);
        CHECK_FALSE((moved{each.scheme, each.genuine, each.genuine}.refused()));
        const moved bent{each.scheme, each.genuine, each.shown};
        CHECK(bent.control_accepts());
        CHECK(bent.refused() == errc::invalid_timestamp);
    }
}

TEST_CASE("where something separates them, a timestamp has as many digits as it likes") {
    const std::string sent = "161426533";
    const moved slack{wh::schemes::slack, {sent, "{}"}, {sent, "{}"}};
    CHECK_FALSE(slack.refused());
    const moved other{wh::schemes::slack, {sent, "0:{}"}, {sent + "0", ":{}"}};
    CHECK_FALSE(other.control_accepts());
    CHECK(other.refused() == errc::signature_mismatch);
}

TEST_CASE("no part of an RFC 3339 time changes sides") {
    const auto key = wh::key::from_text("a-secret");
    const wh::any_verifier<wh::testing::fixed_clock> verifier(wh::schemes::twitch, key, {},
                                                              {golden::now});
    struct row {
        const char* id;
        const char* timestamp;
        const char* body;
    };
    const row genuine{"m1", "2021-02-25T15:02:10Z", "0{}"};
    const auto refused = [&](const row& shown) {
        auto headers = wh::sign(wh::schemes::twitch, key,
                                {.id = genuine.id, .timestamp = golden::now, .body = genuine.body})
                           .value()
                           .headers;
        for (auto& [name, value] : headers) {
            if (value == genuine.id) value = shown.id;
            if (value == genuine.timestamp) value = shown.timestamp;
        }
        return golden::refusal(verifier.verify({headers, std::string_view(shown.body)}));
    };
    CHECK_FALSE(refused(genuine));
    const row moved_parts[] = {
        {"m12", "021-02-25T15:02:10Z", "0{}"},
        {"m", "12021-02-25T15:02:10Z", "0{}"},
        {"m1", "2021-02-25T15:02:10", "Z0{}"},
        {"m1", "2021-02-25T15:02:10Z0", "{}"},
    };
    for (const row& each : moved_parts) {
        INFO(each.id << " " << each.timestamp);
        CHECK(std::string(each.id) + each.timestamp + each.body ==
              std::string(genuine.id) + genuine.timestamp + genuine.body);
        CHECK(refused(each) == errc::invalid_timestamp);
    }
}

TEST_CASE("a timestamp beside other parts is recognised") {
    using namespace wh::schemes;
    using wh::detail::has_open_timestamp;
    CHECK(has_open_timestamp({timestamp, body}));
    CHECK(has_open_timestamp({body, timestamp}));
    CHECK(has_open_timestamp({".", timestamp, body}));
    CHECK(has_open_timestamp({id, timestamp, ".", body}));
    CHECK_FALSE(has_open_timestamp({timestamp, ".", body}));
    CHECK_FALSE(has_open_timestamp({"v0:", timestamp, ":", body}));
    CHECK_FALSE(has_open_timestamp({body}));
}
