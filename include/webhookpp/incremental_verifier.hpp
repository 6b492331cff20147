// SPDX-License-Identifier: MIT
// Proves who sent a delivery while its body is still arriving.
#ifndef WEBHOOKPP_INCREMENTAL_VERIFIER_HPP
#define WEBHOOKPP_INCREMENTAL_VERIFIER_HPP

#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

#include <webhookpp/clock.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/detail/owner.hpp>
#include <webhookpp/detail/running_verification.hpp>
#include <webhookpp/detail/verifier_core.hpp>
#include <webhookpp/header_source.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/verified_message.hpp>
#include <webhookpp/verified_stream.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp {

/// The verification of one delivery, from its headers to the end of its body: what
/// `incremental_verifier::begin` returns. Give it the pieces of the body in their order with
/// `update`, then ask for the verdict with `finish`. Until then nothing is proved, and what a host
/// does with the pieces must be undone if the verdict is a refusal.
///
/// Owns all that it needs: the verifier, its keys and the headers may be gone. Takes about 5 KiB
/// whatever the size of the body, 1 KiB more for each key beyond the first, and what the headers
/// take beyond 1 KiB. Wipes its copies of key states. For one thread at a time.
template <clock_source Clock = system_clock>
class incremental_verification {
public:
    /// Takes the next piece of the body, of any size, and keeps none of it. Like a body, a piece is
    /// whatever holds contiguous bytes; a temporary will do.
    ///
    /// Errors: `body_too_large` as soon as the limit is exceeded; from then on it is the error of
    /// every call. `internal_error` after `finish`.
    template <detail::byte_container Piece>
    [[nodiscard]] result<void> update(const Piece& piece) noexcept {
        if (!running_) return moved_from();
        return running_->update(detail::text_of(piece));
    }

    /// Decides whether the pieces are a body whose sender has one of the keys, sent within the
    /// tolerance of the time that it is now. To be called once, at the end of the body: a body that
    /// was cut off is refused like a forged one.
    ///
    /// Errors: `body_too_large`, `signature_mismatch`, `timestamp_too_old`, `timestamp_too_new`;
    /// `internal_error` when OpenSSL fails or has failed, and when called twice.
    [[nodiscard]] result<verified_stream> finish() && noexcept {
        if (!running_) return moved_from();
        const auto about = running_->finish(clock_.now());
        if (!about) return unexpected(about.error());
        return detail::stream_factory::make(*about);
    }

    /// As above, for a host that has kept the body, in memory or mapped from a file, and wants to
    /// parse it. `body` must outlive the message and has to hold the pieces, all in their order:
    /// its signature is checked as well, so that no other bytes can pass for verified ones. Costs
    /// one more pass over the body.
    ///
    /// Errors: as above; `internal_error` when `body` is not what was given to `update`.
    [[nodiscard]] result<verified_message> finish(const body_view& body) && noexcept {
        if (!running_) return moved_from();
        return running_->finish(body, clock_.now());
    }

private:
    template <const scheme&, clock_source>
    friend class incremental_verifier;

    incremental_verification(detail::owner<detail::running_verification> running, Clock clock)
        : running_(std::move(running)), clock_(std::move(clock)) {}

    static unexpected moved_from() noexcept {
        return unexpected(errc::internal_error, "the verification was moved away");
    }

    detail::owner<detail::running_verification> running_;
    [[no_unique_address]] Clock clock_;
};

/// Verifies as `verifier` does, with the same scheme, keys, options and verdicts, deliveries whose
/// body arrives in pieces: starts with the headers, keeps nothing of the body, and refuses early
/// where headers alone decide. For schemes that sign with a shared secret and end with the body;
/// for others it does not compile, and says why.
///
/// Where a scheme has both kinds of keys (`standard_webhooks`), only its shared secrets (`v1`) are
/// tried; signatures by key pairs (`v1a`) are counted as skipped. There has to be a secret.
///
/// Threads, moves and the clock: as with `verifier`. A verification copies the clock.
template <const scheme& Scheme, clock_source Clock = system_clock>
class incremental_verifier {
    static_assert(Scheme.algorithm != algorithm::token,
                  "a token signs no body, so there is nothing to verify while it arrives: use "
                  "webhookpp::verifier when the headers are there");
    static_assert(Scheme.algorithm == algorithm::token || detail::uses_hmac(Scheme),
                  "signatures by key pairs need the whole body at once: use webhookpp::verifier");
    static_assert(!Scheme.signs(content_part::kind::form),
                  "the fields of a form are signed in sorted order, which needs the whole body at "
                  "once: use webhookpp::verifier");
    static_assert(Scheme.content.count == 0 || Scheme.signs(content_part::kind::form) ||
                      detail::ends_with_body(Scheme),
                  "the .content has to end with the body, after parts that are signed as they "
                  "are: use webhookpp::verifier");

public:
    /// Makes a verifier with these keys, of which 4 may be public and 8 in all.
    ///
    /// Throws `exception` where `try_create` returns the error.
    explicit incremental_verifier(const key& only, const verifier_options& options = {},
                                  Clock clock = {})
        : incremental_verifier(std::span(&only, 1), options, std::move(clock)) {}
    incremental_verifier(std::initializer_list<key> keys, const verifier_options& options = {},
                         Clock clock = {})
        : incremental_verifier(std::span(keys.begin(), keys.size()), options, std::move(clock)) {}
    explicit incremental_verifier(std::span<const key> keys, const verifier_options& options = {},
                                  Clock clock = {})
        : incremental_verifier(try_create(keys, options, std::move(clock)).value()) {}

    /// As the constructors, with the error as a value: those of `any_verifier::try_create`, and
    /// `key_wrong_prefix` when none of the keys is a secret.
    [[nodiscard]] static result<incremental_verifier> try_create(
        std::span<const key> keys, const verifier_options& options = {}, Clock clock = {}) {
        auto core =
            detail::verifier_core::create(Scheme, keys, options, detail::usable_keys::secrets);
        if (!core) return unexpected(core.error());
        return incremental_verifier(*std::move(core), std::move(clock));
    }

    /// Starts the verification of a delivery. `headers` have to live during this call only.
    /// `method` counts where the scheme signs it.
    ///
    /// Errors, in the order of the checks: `missing_header`, `header_too_large`,
    /// `duplicate_header`, `invalid_id`, `invalid_timestamp`, `invalid_header`,
    /// `too_many_signatures`, `no_supported_signature`; `internal_error` when memory ran out. Then
    /// the delivery is refused, and its body need not be read. Whether the timestamp is within the
    /// tolerance is told by `finish`, once the signature has matched.
    [[nodiscard]] result<incremental_verification<Clock>> begin(
        const header_source& headers, std::string_view method = "POST") const noexcept {
        auto running = detail::running_verification::begin(core_, headers, method);
        if (!running) return unexpected(running.error());
        return incremental_verification<Clock>(*std::move(running), clock_);
    }

    /// Exchanges the keys. Verifications that have begun finish with the old ones. If a key is
    /// refused, the old keys stay. Errors: as for `try_create`.
    [[nodiscard]] result<void> replace(std::span<const key> keys) const {
        return core_.replace(keys);
    }
    [[nodiscard]] result<void> replace(std::initializer_list<key> keys) const {
        return replace(std::span(keys.begin(), keys.size()));
    }

private:
    incremental_verifier(detail::verifier_core core, Clock clock)
        : core_(std::move(core)), clock_(std::move(clock)) {}

    detail::verifier_core core_;
    [[no_unique_address]] Clock clock_;
};

}  // namespace webhookpp

#endif
