// SPDX-License-Identifier: MIT
// Proves who sent a delivery.
#ifndef WEBHOOKPP_VERIFIER_HPP
#define WEBHOOKPP_VERIFIER_HPP

#include <initializer_list>
#include <span>
#include <utility>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/clock.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp {

/// Verifies deliveries in the way that `Scheme` describes, with one or several keys: an
/// `any_verifier` whose scheme is part of its type, so that one for another provider cannot take
/// its place.
///
/// `Scheme` is a `constexpr` description (`schemes::standard_webhooks`), `Clock` tells the time.
/// All `const` functions and `replace` may be called from any number of threads at the same time.
/// Can be moved while nobody uses it; a moved-from verifier can only be destroyed or assigned to.
template <const scheme& Scheme, clock_source Clock = system_clock>
class verifier : private any_verifier<Clock> {
    using base = any_verifier<Clock>;

public:
    /// Makes a verifier with these keys, of which 4 may be public and 8 in all.
    ///
    /// Throws `exception` where `try_create` returns the error.
    explicit verifier(const key& only, const verifier_options& options = {}, Clock clock = {})
        : base(Scheme, only, options, std::move(clock)) {}
    verifier(std::initializer_list<key> keys, const verifier_options& options = {},
             Clock clock = {})
        : base(Scheme, keys, options, std::move(clock)) {}
    explicit verifier(std::span<const key> keys, const verifier_options& options = {},
                      Clock clock = {})
        : base(Scheme, keys, options, std::move(clock)) {}

    /// As the constructors, with the error as a value: see `any_verifier::try_create`.
    [[nodiscard]] static result<verifier> try_create(std::span<const key> keys,
                                                     const verifier_options& options = {},
                                                     Clock clock = {}) {
        auto made = base::try_create(Scheme, keys, options, std::move(clock));
        if (!made) return unexpected(made.error());
        return verifier(*std::move(made));
    }

    /// Decides whether a delivery is genuine: see `any_verifier::verify`.
    using base::verify;

    /// Copies the headers that the scheme reads: see `any_verifier::collect`.
    using base::collect;

    /// Refuses what the headers decide without the body: see `any_verifier::check_headers`.
    using base::check_headers;

    /// The most bytes that a body may have.
    using base::body_limit;

    /// How far a signed timestamp may be from now.
    using base::tolerance;

    /// The scheme that it verifies.
    using base::described;

    /// Shows a provider that the key is here: see `any_verifier::answer_challenge`.
    using base::answer_challenge;

    /// Exchanges the keys while deliveries are being verified: see `any_verifier::replace`.
    using base::replace;

private:
    explicit verifier(base made) : base(std::move(made)) {}
};

}  // namespace webhookpp

#endif
