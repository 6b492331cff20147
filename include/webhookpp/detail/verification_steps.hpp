// SPDX-License-Identifier: MIT
// The steps that are the same whether a body is verified at once or while it arrives.
#ifndef WEBHOOKPP_DETAIL_VERIFICATION_STEPS_HPP
#define WEBHOOKPP_DETAIL_VERIFICATION_STEPS_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <webhookpp/check_age.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/scheme_headers.hpp>
#include <webhookpp/detail/sent_time.hpp>
#include <webhookpp/detail/signature_tokens.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/tolerance.hpp>
#include <webhookpp/verified_message.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp::detail {

/// Decodes the signatures in `headers` into `tokens`, and adds the timestamp that stands among them
/// to `headers`.
///
/// Errors: `too_many_signatures`, `invalid_header`, `invalid_timestamp`.
[[nodiscard]] inline result<void> read_signatures(const scheme& described, const limits& most,
                                                  scheme_headers& headers,
                                                  signature_tokens& tokens) noexcept {
    for (const std::string_view value : {headers.signature, headers.second_signature}) {
        if (value.empty()) continue;
        const auto read = tokens.read(described, value, most.signatures);
        if (!read) return unexpected(read.error().code, headers.signature_name);
    }
    if (!described.timestamp.element.empty()) {
        headers.timestamp = tokens.timestamp();
        headers.timestamp_name = headers.signature_name;
        headers.time = parse_sent_time(described, headers.timestamp);
        if (!headers.time) return unexpected(errc::invalid_timestamp, headers.timestamp_name);
    }
    return {};
}

/// Whether `mac` is one of the candidates. All are compared.
[[nodiscard]] inline bool is_mac(const signature_tokens& tokens, crypto::bytes mac) noexcept {
    bool matched = false;
    for (const auto& candidate : tokens.candidates()) {
        if (is_hmac(candidate.made_by) && crypto::equal(mac, candidate.signature())) matched = true;
    }
    return matched;
}

/// Whether the delivery was sent recently enough. To be called once the signature has matched:
/// "valid but stale" and "forged" are told apart in the log.
[[nodiscard]] inline result<void> check_sent_time(const scheme_headers& headers, std::int64_t now,
                                                  const tolerance& allowed) noexcept {
    if (!headers.time) return {};
    const auto fresh = check_age(*headers.time, now, allowed);
    if (!fresh) return unexpected(fresh.error().code, headers.timestamp_name);
    return {};
}

/// What is known about a delivery of which the key at `key_index` made a signature.
[[nodiscard]] inline verified_facts facts_of(const scheme& described, const scheme_headers& headers,
                                             const tolerance& allowed, std::size_t key_index,
                                             std::size_t skipped_tokens) noexcept {
    return {.id = headers.id,
            .event_type = headers.event_type,
            .timestamp = headers.time,
            .key_index = key_index,
            .skipped_tokens = skipped_tokens,
            .body_is_signed = described.signs(content_part::kind::body) ||
                              described.signs(content_part::kind::form),
            .id_is_signed = described.signs(content_part::kind::id),
            .replay_possible = !headers.time || allowed.past == seconds::unlimited()};
}

}  // namespace webhookpp::detail

#endif
