// SPDX-License-Identifier: MIT
// A delivery that was refused, to be verified again with one thing changed.
#ifndef WEBHOOKPP_DETAIL_FAILED_DELIVERY_HPP
#define WEBHOOKPP_DETAIL_FAILED_DELIVERY_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/copied_headers.hpp>
#include <webhookpp/detail/key_text.hpp>
#include <webhookpp/key_ring.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/tolerance.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp::detail {

/// A clock that always shows the same time.
struct stopped_clock {
    std::int64_t unix_seconds = 0;

    [[nodiscard]] std::int64_t now() const noexcept { return unix_seconds; }
};

/// A key as a program has it, usable or not.
struct configured_key {
    crypto::secret_bytes text = {};
    std::optional<key> made = std::nullopt;       ///< nothing where the text makes no key at all
    std::optional<error> refusal = std::nullopt;  ///< why no key of the scheme can be made of it
    std::optional<key> repaired = std::nullopt;   ///< made of the text without white space around
    [[nodiscard]] const std::optional<key>& usable() const noexcept {
        return refusal ? repaired : made;
    }
};

/// `key` as it is configured, with `made` and `text`, for `described`.
[[nodiscard]] inline configured_key read_configured(const scheme& described, secret_length lengths,
                                                    crypto::secret_bytes text,
                                                    const result<key>& made) {
    const auto refusal_of = [&](const result<key>& each) -> std::optional<error> {
        if (!each) return each.error();
        const auto set = key_set::create(std::span(&*each, 1), described, lengths);
        return set ? std::nullopt : std::optional(set.error());
    };
    configured_key read{.text = std::move(text), .refusal = refusal_of(made)};
    if (made) read.made = *made;
    if (!read.refusal) return read;
    const auto trimmed = key::try_from_text(without_surroundings(read.text.text()));
    const auto otherwise = refusal_of(trimmed);
    if (!otherwise) read.repaired = *trimmed;
    if (otherwise && otherwise->code == errc::internal_error) read.refusal = otherwise;
    return read;
}

/// One thing to verify in place of the delivery that failed. Views.
struct trial {
    const scheme* described;
    std::span<const key> keys;
    const copied_headers* headers;
    std::string_view body;
    std::string_view method;
    std::string_view target;
    std::string_view url;
};

/// What is known about the delivery. The request and the keys have to outlive it.
class failed_delivery {
public:
    /// The most verifications that one delivery is worth.
    static constexpr std::size_t most_trials = 320;

    failed_delivery(const scheme& described, std::span<const configured_key> keys,
                    const delivery& request, const verifier_options& options, std::int64_t now)
        : scheme_(described),
          keys_(keys),
          headers_(request.headers, described, options.limits.header_value),
          request_(request),
          options_(options),
          now_(now) {
        for (const configured_key& each : keys) {
            if (each.usable()) usable_.push_back(*each.usable());
        }
    }

    /// The delivery as it is, with the keys that can be used: to be changed and tried.
    [[nodiscard]] trial as_it_is() const noexcept {
        return {.described = &scheme_,
                .keys = usable_,
                .headers = &headers_,
                .body = body(),
                .method = request_.method,
                .target = request_.target,
                .url = options_.url};
    }

    /// Whether the signature of `changed` is right, however old it is. False when there were too
    /// many trials.
    [[nodiscard]] bool matches(const trial& changed) {
        if (changed.keys.empty() || trials_ == most_trials) return false;
        ++trials_;
        verifier_options options = options_;
        options.tolerance = webhookpp::tolerance::unlimited();
        options.limits.body = most_bytes();
        options.url = changed.url;
        const auto ready = any_verifier<stopped_clock>::try_create(*changed.described, changed.keys,
                                                                   options, stopped_clock{now_});
        if (!ready) return found_none(ready.error());
        const auto message =
            ready->verify({*changed.headers, changed.body, changed.method, changed.target}, work_);
        if (!message) return found_none(message.error());
        sent_ = message->timestamp();
        key_index_ = message->key_index().value_or(0);
        return true;
    }

    /// Whether a verifier of `with` takes `made`.
    [[nodiscard]] bool is_key_of(const scheme& with, const key& made) {
        const auto set = key_set::create(std::span(&made, 1), with, options_.secrets);
        return set ? true : found_none(set.error());
    }

    /// Whether OpenSSL or memory has failed on the way, so that a match may be missing.
    [[nodiscard]] bool is_incomplete() const noexcept { return incomplete_; }

    /// When the message that matched was sent, in Unix seconds.
    [[nodiscard]] std::optional<std::int64_t> sent() const noexcept { return sent_; }
    /// Which of its keys matched.
    [[nodiscard]] std::size_t key_index() const noexcept { return key_index_; }

    [[nodiscard]] const scheme& described() const noexcept { return scheme_; }
    [[nodiscard]] std::span<const configured_key> keys() const noexcept { return keys_; }
    [[nodiscard]] const copied_headers& headers() const noexcept { return headers_; }
    [[nodiscard]] std::string_view body() const noexcept { return request_.body.bytes(); }
    [[nodiscard]] const verifier_options& options() const noexcept { return options_; }
    [[nodiscard]] std::int64_t now() const noexcept { return now_; }

    /// The most bytes that a body may have that is tried.
    [[nodiscard]] std::size_t most_bytes() const noexcept {
        constexpr std::size_t room = std::size_t{64} * 1024;
        return 4 * (std::max)(body().size(), room);
    }

    /// How evidence about a key begins, where there are several.
    [[nodiscard]] std::string key_label(std::size_t index) const {
        return keys_.size() < 2 ? std::string() : "key " + std::to_string(index + 1) + ": ";
    }

private:
    bool found_none(const error& why) noexcept {
        if (why.code == errc::internal_error) incomplete_ = true;
        return false;
    }

    const scheme& scheme_;
    std::span<const configured_key> keys_;
    std::vector<key> usable_;
    copied_headers headers_;
    const delivery& request_;
    const verifier_options& options_;
    std::int64_t now_;
    scratch work_;
    std::size_t trials_ = 0;
    bool incomplete_ = false;
    std::optional<std::int64_t> sent_ = std::nullopt;
    std::size_t key_index_ = 0;
};

}  // namespace webhookpp::detail

#endif
