// SPDX-License-Identifier: MIT
// Proves who sent a delivery, in a way that is chosen while the program runs.
#ifndef WEBHOOKPP_ANY_VERIFIER_HPP
#define WEBHOOKPP_ANY_VERIFIER_HPP

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

#include <webhookpp/clock.hpp>
#include <webhookpp/collected_headers.hpp>
#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/crypto/hmac.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/detail/verification.hpp>
#include <webhookpp/detail/verifier_core.hpp>
#include <webhookpp/fixed_text.hpp>
#include <webhookpp/header_source.hpp>
#include <webhookpp/key_ring.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/scratch.hpp>
#include <webhookpp/verified_message.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp {

/// Verifies deliveries in the way that a scheme describes, with one or several keys. The scheme,
/// such as `*schemes::find("waitwhile")`, must outlive the verifier and cannot be a temporary.
/// Where it is known when the program is compiled, `verifier` names it in its type.
///
/// `Clock` tells the time. All `const` functions may be called from any number of threads at the
/// same time. Can be moved while nobody uses it; a moved-from verifier can only be destroyed or
/// assigned to.
template <clock_source Clock = system_clock>
class any_verifier {
public:
    /// Makes a verifier with these keys, of which 4 may be public and 8 in all.
    ///
    /// Throws `exception` where `try_create` returns the error.
    any_verifier(detail::lasting_scheme described, const key& only,
                 const verifier_options& options = {}, Clock clock = {})
        : any_verifier(described, std::span(&only, 1), options, std::move(clock)) {}
    any_verifier(detail::lasting_scheme described, std::initializer_list<key> keys,
                 const verifier_options& options = {}, Clock clock = {})
        : any_verifier(described, std::span(keys.begin(), keys.size()), options, std::move(clock)) {
    }
    any_verifier(detail::lasting_scheme described, std::span<const key> keys,
                 const verifier_options& options = {}, Clock clock = {})
        : any_verifier(try_create(described, keys, options, std::move(clock)).value()) {}

    /// As the constructors, with the error as a value: `empty_key` also when there are no keys,
    /// `too_many_keys`, `key_whitespace`, `key_wrong_prefix`, `key_bad_encoding`,
    /// `key_wrong_length`, `key_weak`; `invalid_url` where the scheme signs the URL and `options`
    /// have none; `where` says what to do. `internal_error` when OpenSSL fails. Like all that sets
    /// up, throws `std::bad_alloc` when memory runs out; `verify` does not.
    [[nodiscard]] static result<any_verifier> try_create(detail::lasting_scheme described,
                                                         std::span<const key> keys,
                                                         const verifier_options& options = {},
                                                         Clock clock = {}) {
        auto core = detail::verifier_core::create(described, keys, options);
        if (!core) return unexpected(core.error());
        return any_verifier(*std::move(core), std::move(clock));
    }

    /// Decides whether `request` proves that its sender has one of the keys, and was sent within
    /// the tolerance where the scheme signs a timestamp.
    ///
    /// The message views the body of `request`, which must outlive it. Errors, in the order of the
    /// checks: `body_too_large`, `missing_header`, `header_too_large`, `duplicate_header`,
    /// `invalid_id`, `invalid_timestamp`, `too_many_signatures`, `no_supported_signature`,
    /// `signature_mismatch`, `timestamp_too_old`, `timestamp_too_new`; `internal_error` when memory
    /// or OpenSSL fails. For a token in the URL the target is checked as a header is, and is too
    /// large before anything is missing from it.
    ///
    /// Allocates nothing with secrets or tokens and ordinary headers, apart from what OpenSSL does,
    /// unless the scheme signs a form, or a URL that has to be put together.
    /// The form without `work` uses the calling thread's scratch.
    [[nodiscard]] result<verified_message> verify(const delivery& request,
                                                  scratch& work) const noexcept {
        return detail::verification(core_, request, work).run(clock_.now());
    }
    [[nodiscard]] result<verified_message> verify(const delivery& request) const noexcept {
        return verify(request, scratch::of_this_thread());
    }

    /// Copies what the scheme reads out of `headers`, and what is called as one of `more`, which
    /// are literals; in all `collected_headers::max_names`. For hosts whose headers are gone, or
    /// are other ones, when the body has arrived: what it returns is a header source for `verify`.
    ///
    /// It is empty when memory ran out or the host's code threw; then `verify` finds no headers.
    [[nodiscard]] collected_headers collect(
        const header_source& headers, std::span<const std::string_view> more = {}) const noexcept {
        std::string_view names[collected_headers::max_names];
        std::size_t count = 0;
        for (const auto& list : {core_.plan().names(), more}) {
            for (const std::string_view name : list) {
                if (count < collected_headers::max_names) names[count++] = name;
            }
        }
        collected_headers collected;
        static_cast<void>(collected.collect(headers, std::span(names).first(count),
                                            core_.options().limits.header_value));
        return collected;
    }

    /// Refuses what `headers` decide without the body, so that it need not be read: with the error
    /// that `verify` would give for a body within the limit, or with nothing. Errors:
    /// `missing_header`, `header_too_large`, `duplicate_header`, `invalid_header`, `invalid_id`,
    /// `invalid_timestamp`, `too_many_signatures`, `no_supported_signature`; `signature_mismatch`
    /// only for a token in a header; `internal_error`. A time of sending is not compared with the
    /// clock, since nothing proves it before the signature does.
    [[nodiscard]] result<void> check_headers(const header_source& headers) const noexcept {
        const delivery request{.headers = headers};
        return detail::verification(core_, request, scratch::of_this_thread()).check_headers();
    }

    /// The most bytes that a body may have, as it was chosen in `verifier_options`.
    [[nodiscard]] std::size_t body_limit() const noexcept { return core_.options().limits.body; }

    /// How far a signed timestamp may be from now: as `verifier_options` say, or else the scheme.
    [[nodiscard]] webhookpp::tolerance tolerance() const noexcept {
        return core_.options().tolerance.value_or(core_.described().tolerance);
    }

    /// The scheme that it verifies. Lives as long as it was given to.
    [[nodiscard]] const scheme& described() const noexcept { return core_.described(); }

    /// The HMAC-SHA256 of `challenge`, in hex, with the key that proves `request`: for providers
    /// that let an endpoint show that it has the key, as Zoom does.
    ///
    /// Nobody can have a message signed in this way. `request` is verified first. A challenge has 1
    /// to 128 letters, digits, `-` and `_`, and the scheme must sign messages with a literal of
    /// other characters, such as the colons of `v0:1700000000:{}`: so no challenge is a message.
    ///
    /// Errors: those of `verify`; then `unknown_scheme` for another scheme, `invalid_payload` for
    /// another challenge.
    [[nodiscard]] result<fixed_text<2 * crypto::sha256_size>> answer_challenge(
        const delivery& request, std::string_view challenge) const noexcept {
        unsigned char mac[crypto::sha256_size];
        const auto made = detail::verification(core_, request, scratch::of_this_thread())
                              .answer(clock_.now(), challenge, mac);
        if (!made) return unexpected(made.error());
        char digits[2 * crypto::sha256_size];
        crypto::hex_encode(mac, digits);
        return fixed_text<2 * crypto::sha256_size>(std::string_view(digits, sizeof digits));
    }

    /// Exchanges the keys. Verifications that are under way finish with the old ones, those that
    /// begin afterwards use the new ones. If a key is refused, the old keys stay. Errors: as for
    /// `try_create`.
    [[nodiscard]] result<void> replace(std::span<const key> keys) const {
        return core_.replace(keys);
    }
    [[nodiscard]] result<void> replace(std::initializer_list<key> keys) const {
        return replace(std::span(keys.begin(), keys.size()));
    }

private:
    any_verifier(detail::verifier_core core, Clock clock)
        : core_(std::move(core)), clock_(std::move(clock)) {}

    detail::verifier_core core_;
    [[no_unique_address]] Clock clock_;
};

}  // namespace webhookpp

#endif
