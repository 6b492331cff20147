// Proves who sent a delivery.
#ifndef WEBHOOKPP_VERIFIER_HPP
#define WEBHOOKPP_VERIFIER_HPP

#include <initializer_list>
#include <span>
#include <utility>

#include <webhookpp/clock.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/detail/owner.hpp>
#include <webhookpp/detail/verification.hpp>
#include <webhookpp/key_ring.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/scratch.hpp>
#include <webhookpp/verified_message.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp {

/// Verifies deliveries that are signed as `Scheme` describes, with one or several keys.
///
/// `Scheme` is a `constexpr` description (`schemes::standard_webhooks`), `Clock` tells the time.
/// All `const` functions and `replace` may be called from any number of threads at the same time.
/// Can be moved while nobody uses it; a moved-from verifier can only be destroyed or assigned to.
template <const scheme& Scheme, clock_source Clock = system_clock>
class verifier {
public:
    /// Makes a verifier with these keys, of which 4 may be public and 8 in all.
    ///
    /// Throws `exception` where `try_create` returns the error.
    explicit verifier(const key& only, const verifier_options& options = {}, Clock clock = {})
        : verifier(std::span(&only, 1), options, std::move(clock)) {}
    verifier(std::initializer_list<key> keys, const verifier_options& options = {},
             Clock clock = {})
        : verifier(std::span(keys.begin(), keys.size()), options, std::move(clock)) {}
    explicit verifier(std::span<const key> keys, const verifier_options& options = {},
                      Clock clock = {})
        : verifier(try_create(keys, options, std::move(clock)).value()) {}

    /// As the constructors, with the error as a value: `empty_key` also when there are no keys,
    /// `too_many_keys`, `key_whitespace`, `key_wrong_prefix`, `key_bad_encoding`,
    /// `key_wrong_length`, `key_weak`; `where` says what to do. `internal_error` when OpenSSL
    /// fails.
    [[nodiscard]] static result<verifier> try_create(std::span<const key> keys,
                                                     const verifier_options& options = {},
                                                     Clock clock = {}) {
        auto prepared = key_set::create(keys, Scheme.key, options.secrets);
        if (!prepared) return unexpected(prepared.error());
        return verifier(*std::move(prepared), options, std::move(clock));
    }

    /// Decides whether `request` was signed with one of the keys and sent within the tolerance.
    ///
    /// The message views the body of `request`, which must outlive it. Errors, in the order of the
    /// checks: `body_too_large`, `missing_header`, `header_too_large`, `duplicate_header`,
    /// `invalid_id`, `invalid_timestamp`, `too_many_signatures`, `no_supported_signature`,
    /// `signature_mismatch`, `timestamp_too_old`, `timestamp_too_new`; `internal_error` when memory
    /// or OpenSSL fails.
    ///
    /// Allocates nothing with secrets and ordinary headers, apart from what OpenSSL does. The form
    /// without `work` uses the calling thread's scratch.
    [[nodiscard]] result<verified_message> verify(const delivery& request,
                                                  scratch& work) const noexcept {
        return detail::verification(Scheme, options_, request, work)
            .run(*ring_.get(), clock_.now());
    }
    [[nodiscard]] result<verified_message> verify(const delivery& request) const noexcept {
        return verify(request, scratch::of_this_thread());
    }

    /// Exchanges the keys. Verifications that are under way finish with the old ones, those that
    /// begin afterwards use the new ones. If a key is refused, the old keys stay. Errors: as for
    /// `try_create`.
    [[nodiscard]] result<void> replace(std::span<const key> keys) const {
        auto prepared = key_set::create(keys, Scheme.key, options_.secrets);
        if (!prepared) return unexpected(prepared.error());
        ring_->replace(*std::move(prepared));
        return {};
    }
    [[nodiscard]] result<void> replace(std::initializer_list<key> keys) const {
        return replace(std::span(keys.begin(), keys.size()));
    }

private:
    verifier(key_set keys, const verifier_options& options, Clock clock)
        : ring_(new key_ring(std::move(keys))), options_(options), clock_(std::move(clock)) {}

    detail::owner<key_ring> ring_;
    verifier_options options_;
    [[no_unique_address]] Clock clock_;
};

}  // namespace webhookpp

#endif
