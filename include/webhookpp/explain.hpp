// SPDX-License-Identifier: MIT
// Finds out why a delivery was refused: for developers and logs, not for the path of requests.
#ifndef WEBHOOKPP_EXPLAIN_HPP
#define WEBHOOKPP_EXPLAIN_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/detail/explain_body.hpp>
#include <webhookpp/detail/explain_headers.hpp>
#include <webhookpp/detail/explain_key.hpp>
#include <webhookpp/detail/explain_signature.hpp>
#include <webhookpp/detail/explain_token.hpp>
#include <webhookpp/detail/explain_url.hpp>
#include <webhookpp/detail/failed_delivery.hpp>
#include <webhookpp/explanation.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp {

namespace detail {

// What a verifier says, or its set-up.
[[nodiscard]] inline std::optional<error> refusal_of(const scheme& described,
                                                     std::span<const configured_key> keys,
                                                     const delivery& request,
                                                     const verifier_options& options,
                                                     std::int64_t now) {
    std::vector<key> usable;
    for (const configured_key& each : keys) {
        if (each.refusal) return each.refusal;
        usable.push_back(*each.made);
    }
    const auto ready =
        any_verifier<stopped_clock>::try_create(described, usable, options, stopped_clock{now});
    if (!ready) return ready.error();
    scratch work;
    const auto message = ready->verify(request, work);
    return message ? std::nullopt : std::optional(message.error());
}

// Whether looking at bytes can help.
[[nodiscard]] constexpr bool is_explicable(errc code) noexcept {
    return code != errc::body_too_large && code != errc::header_too_large &&
           code != errc::too_many_signatures && code != errc::internal_error;
}

[[nodiscard]] inline std::vector<likely_cause> causes_of(failed_delivery& failed, errc refusal) {
    std::vector<likely_cause> causes;
    if (refusal == errc::timestamp_too_old || refusal == errc::timestamp_too_new) {
        if (!find_format(failed, causes) && failed.matches(failed.as_it_is())) {
            find_age(failed, causes);
        }
        return causes;
    }
    key_mistakes keys(failed, causes);
    header_mistakes headers(failed, causes);
    body_mistakes body(failed, causes);
    // The first of these that makes the signature match is what was wrong. The keys come first,
    // because what set-up refuses is to be said in any case.
    const bool matched = keys.find() || failed.matches(failed.as_it_is()) ||
                         headers.find_families() || find_spelling(failed, causes) ||
                         token_mistakes(failed, causes).find() || find_format(failed, causes) ||
                         url_mistakes(failed, causes).find() || body.find() ||
                         headers.find_other_scheme() || headers.find_other_name();
    if (matched) {
        const auto last = causes.empty() ? cause::key_form : causes.back().which;
        if (last != cause::clock_skew) find_age(failed, causes);
    } else {
        headers.find_traces();
    }
    const bool has_length = std::any_of(causes.begin(), causes.end(), [](const likely_cause& each) {
        return each.which == cause::length_differs;
    });
    if (!has_length) body.find_length_trace();
    if (!matched) body.find_traces();
    return causes;
}

[[nodiscard]] inline explanation explain_delivery(const scheme& described,
                                                  std::span<const configured_key> keys,
                                                  const delivery& request,
                                                  const verifier_options& options,
                                                  std::int64_t now) {
    explanation found;
    found.refusal = refusal_of(described, keys, request, options, now);
    if (!found.refusal) return found;
    if (request.body.bytes().size() > options.limits.body || !is_explicable(found.refusal->code)) {
        return found;
    }
    failed_delivery failed(described, keys.first((std::min)(keys.size(), key_set::max_keys)),
                           request, options, now);
    found.causes = causes_of(failed, found.refusal->code);
    if (failed.is_incomplete()) return {.refusal = error{errc::internal_error, "explain"}};
    return found;
}

}  // namespace detail

/// Says whether a verifier with these keys and `options` accepts `request` at `now`, in Unix
/// seconds, and if not, which usual mistake explains it.
///
/// `key_texts` are the keys as a program is configured with them. Those that set-up refuses, for
/// white space around them for instance, are explained as well.
///
/// One mistake at a time is looked for, apart from white space around keys: the delivery is
/// verified again with one thing changed, until its signature matches. What speaks for a mistake
/// without proving it, such as a wrong `Content-Length`, comes after that. Other keys cannot be
/// guessed: without any cause it is probably the key of another endpoint that signed.
///
/// Slow, and allocates: verifies up to 320 times, with up to 8 keys, what has at most four times
/// the bytes of the body, which is within `options.limits`; larger ones get no causes. So it is for
/// developers and for logs of few deliveries, not for every request that is refused. Never tell the
/// sender: it would help to forge. When OpenSSL fails, which cannot always be told from a public
/// key that does not fit, the refusal is `internal_error`, without causes. Throws what the header
/// source throws, and when memory runs out. May be called from several threads at the same time.
[[nodiscard]] inline explanation explain(const scheme& described,
                                         std::span<const std::string_view> key_texts,
                                         const delivery& request, const verifier_options& options,
                                         std::int64_t now) {
    std::vector<detail::configured_key> keys;
    for (const std::string_view text : key_texts) {
        keys.push_back(detail::read_configured(described, options.secrets,
                                               crypto::secret_bytes(crypto::as_bytes(text)),
                                               key::try_from_text(text)));
    }
    return detail::explain_delivery(described, keys, request, options, now);
}

/// As above, with keys that are made already.
[[nodiscard]] inline explanation explain(const scheme& described, std::span<const key> keys,
                                         const delivery& request, const verifier_options& options,
                                         std::int64_t now) {
    std::vector<detail::configured_key> configured;
    for (const key& each : keys) {
        configured.push_back(detail::read_configured(described, options.secrets,
                                                     crypto::secret_bytes(each.bytes()), each));
    }
    return detail::explain_delivery(described, configured, request, options, now);
}

}  // namespace webhookpp

#endif
