// SPDX-License-Identifier: MIT
// A receiver that expects a handshake, with all that can be seen of what it does.
#ifndef WEBHOOKPP_TESTS_HANDSHAKE_FIXTURE_HPP
#define WEBHOOKPP_TESTS_HANDSHAKE_FIXTURE_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/handshakes/asana.hpp>
#include <webhookpp/handshakes/discord.hpp>
#include <webhookpp/handshakes/dropbox.hpp>
#include <webhookpp/handshakes/meta.hpp>
#include <webhookpp/handshakes/notion.hpp>
#include <webhookpp/handshakes/slack.hpp>
#include <webhookpp/handshakes/twitch.hpp>
#include <webhookpp/handshakes/zoom.hpp>
#include <webhookpp/schemes/asana.hpp>
#include <webhookpp/schemes/discord.hpp>
#include <webhookpp/schemes/dropbox.hpp>
#include <webhookpp/schemes/meta.hpp>
#include <webhookpp/schemes/slack.hpp>
#include <webhookpp/schemes/twitch.hpp>
#include <webhookpp/schemes/zoom.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/webhookpp.hpp>

#include "scheme_keys.hpp"

namespace shaken {

namespace wh = webhookpp;

using header_list = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::int64_t now = 1'700'000'000;
inline constexpr const char* secret = "zoom_secret";

/// Counts how often JSON is read.
struct counting_engine {
    static inline thread_local int reads = 0;

    template <class Use>
    [[nodiscard]] static auto read(std::string_view text, std::size_t depth, Use use) {
        ++reads;
        return wh::json::nlohmann_engine::read(text, depth, std::move(use));
    }
};

/// The catalog of a provider whose events do not matter here.
struct thing_happened {
    static constexpr std::string_view type = "thing.happened";
    std::int64_t id = 0;
    static constexpr wh::member members[] = {{"id", wh::field<&thing_happened::id>}};
};
using parser = wh::parser<wh::catalog<thing_happened>, counting_engine>;

/// A clock that a test sets; copies show the same time.
class fixture_clock {
public:
    void set(std::int64_t unix_seconds) { *time_ = unix_seconds; }
    [[nodiscard]] std::int64_t now() const noexcept { return *time_; }

private:
    std::shared_ptr<std::atomic<std::int64_t>> time_ =
        std::make_shared<std::atomic<std::int64_t>>(shaken::now);
};

/// What the log of a receiver saw last.
struct logged {
    int status = 0;
    std::optional<wh::errc> code = std::nullopt;
    std::string where = {};
    bool verified = false;
    bool handled = false;
    bool handshake = false;
};

using verifier = wh::any_verifier<wh::testing::fixed_clock>;

struct fixture {
    logged last;
    int events = 0;

    auto receiver(const wh::scheme& described, wh::expected_handshake expected = {},
                  std::initializer_list<const char*> secrets = {}) {
        std::vector<wh::key> keys;
        for (const char* text : secrets) keys.push_back(wh::key::from_text(text));
        if (keys.empty()) keys.push_back(key_of(described).verify);
        return wh::receiver{verifier(described, keys, {}, {now}),
                            parser(),
                            wh::handlers{[this](const auto&) { ++events; }},
                            {.handshake = std::move(expected), .log = [this](const wh::outcome& o) {
                                 last = {o.status,
                                         o.error ? std::optional(o.error->code) : std::nullopt,
                                         o.error ? std::string(o.error->where) : std::string(),
                                         o.message != nullptr,
                                         o.handled,
                                         o.handshake};
                             }}};
    }

    static golden::key_pair key_of(const wh::scheme& described) {
        if (described.uses_key_pairs()) return golden::keys_for(described.key);
        return {wh::key::from_text(secret), wh::key::from_text(secret)};
    }

    static wh::testing::signed_delivery signed_by(const wh::scheme& described, std::string body,
                                                  std::int64_t at = now) {
        return wh::testing::sign_delivery(described, key_of(described).sign, std::move(body), at);
    }
};

/// All of a reply in one text.
inline std::string text_of(const wh::reply& reply) {
    std::string text = std::to_string(reply.status) + "\n";
    for (const auto& [name, value] : reply.headers) {
        text.append(name).append(": ").append(value).append("\n");
    }
    return text.append("\n").append(reply.body);
}

inline std::string plain(int status, std::string_view body) {
    return std::to_string(status) +
           "\nContent-Type: text/plain; charset=utf-8\nX-Content-Type-Options: nosniff\n\n" +
           std::string(body);
}
inline std::string json(std::string_view body) {
    return "200\nContent-Type: application/json\nX-Content-Type-Options: nosniff\n\n" +
           std::string(body);
}

inline const std::string refused =
    "401\nContent-Type: text/plain; charset=utf-8\n\nthe delivery could not be verified\n";
inline const std::string accepted = "200\nContent-Type: text/plain; charset=utf-8\n\nok\n";

}  // namespace shaken

#endif
