// SPDX-License-Identifier: MIT
// Deliveries for receivers that remember what they have seen, and a catalog of their events.
#ifndef WEBHOOKPP_TESTS_INBOX_DELIVERIES_HPP
#define WEBHOOKPP_TESTS_INBOX_DELIVERIES_HPP

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/handshakes/slack.hpp>
#include <webhookpp/outcome.hpp>
#include <webhookpp/providers/waitwhile.hpp>
#include <webhookpp/schemes/dropbox.hpp>
#include <webhookpp/schemes/github.hpp>
#include <webhookpp/schemes/slack.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/manual_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/webhookpp.hpp>

#include "../catch.hpp"
#include "spy_store.hpp"
#include "waiting.hpp"

namespace inbox_tests {

inline constexpr std::int64_t now = 1'700'000'000;  // where manual_clock begins
inline constexpr const char* secret = "k9Zq-Wv3xJ_7Lr2Qp8Tn5Bd";
inline constexpr const char* whsec = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
inline constexpr const char* url = "https://hooks.example.com/in";

struct thing_made {
    static constexpr std::string_view type = "thing.made";
    std::int64_t number = 0;
    static constexpr wh::member members[] = {{"number", wh::field<&thing_made::number>}};
};
struct thing_gone {
    static constexpr std::string_view type = "thing.gone";
    std::int64_t number = 0;
    static constexpr wh::member members[] = {{"number", wh::field<&thing_gone::number>}};
};
struct things : wh::catalog<thing_made, thing_gone> {};

/// Events of which each has its id in the body.
struct numbered_things : wh::catalog<thing_made, thing_gone> {
    static constexpr std::string_view id_member = "id";
};

/// Counts how often JSON is read, and has no memory for it when it is told so.
struct counting_engine {
    static inline std::atomic<int> reads = 0;
    static inline std::atomic<bool> fails = false;

    template <class Use>
    [[nodiscard]] static auto read(std::string_view text, std::size_t depth, Use use) {
        ++reads;
        if (fails) throw std::bad_alloc();
        return wh::json::nlohmann_engine::read(text, depth, std::move(use));
    }
};

inline std::string made(int number = 1) {
    return R"({"type":"thing.made","number":)" + std::to_string(number) + "}";
}
inline std::string gone(int number = 1) {
    return R"({"type":"thing.gone","number":)" + std::to_string(number) + "}";
}
inline const std::string undecodable = R"({"type":"thing.made","number":"many"})";

using verifier = wh::any_verifier<wh::testing::fixed_clock>;

inline wh::key key_of(const wh::scheme& described) {
    return wh::key::from_text(
        described.key == wh::key_form::standard_webhooks ? std::string_view(whsec) : secret);
}
inline verifier verifier_of(const wh::scheme& described) {
    return verifier(described, key_of(described), {.url = url}, {now});
}
inline wh::testing::signed_delivery deliver(
    std::string body, std::string_view id = "msg_1",
    const wh::scheme& described = wh::schemes::standard_webhooks) {
    return wh::testing::sign_delivery(described, key_of(described), std::move(body), now, id, url);
}
inline wh::testing::signed_delivery forged(
    std::string body, std::string_view id = "msg_1",
    const wh::scheme& described = wh::schemes::standard_webhooks) {
    auto bent = deliver(std::move(body), id, described);
    bent.body += " ";
    return bent;
}

/// What a log keeps of an outcome.
struct logged {
    int status = 0;
    std::optional<wh::errc> code = std::nullopt;
    std::string where = {};
    std::string id = {};
    std::string exception_text = {};
    bool handled = false;
    bool duplicate = false;
    bool handshake = false;
};

/// Outcomes of any number of threads.
class outcome_log {
public:
    [[nodiscard]] auto writer() {
        return [this](const wh::outcome& what) {
            const std::lock_guard lock(mutex_);
            lines_.push_back(
                {what.status, what.error ? std::optional(what.error->code) : std::nullopt,
                 what.error ? std::string(what.error->where) : std::string(),
                 what.message ? std::string(what.message->id()) : std::string(),
                 std::string(what.exception_text), what.handled, what.duplicate, what.handshake});
        };
    }
    [[nodiscard]] std::vector<logged> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }
    [[nodiscard]] logged last() const {
        const std::lock_guard lock(mutex_);
        REQUIRE_FALSE(lines_.empty());
        return lines_.back();
    }

private:
    mutable std::mutex mutex_;
    std::vector<logged> lines_;
};

/// What `receiver` answers to a delivery.
template <class Receiver>
wh::reply receive(const Receiver& receiver, const wh::testing::signed_delivery& delivery) {
    return receiver.receive(delivery.view());
}

inline std::string header_of(const wh::reply& reply, std::string_view name) {
    for (const wh::reply_header& each : reply.headers) {
        if (each.name == name) return std::string(each.value);
    }
    return {};
}

}  // namespace inbox_tests

#endif
