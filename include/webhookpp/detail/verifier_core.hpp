// SPDX-License-Identifier: MIT
// What verifiers are made of, whatever they do with it: a scheme, keys and options that fit.
#ifndef WEBHOOKPP_DETAIL_VERIFIER_CORE_HPP
#define WEBHOOKPP_DETAIL_VERIFIER_CORE_HPP

#include <cstdint>
#include <span>
#include <utility>

#include <webhookpp/crypto/key.hpp>
#include <webhookpp/detail/endpoint_url.hpp>
#include <webhookpp/detail/owner.hpp>
#include <webhookpp/detail/scheme_headers.hpp>
#include <webhookpp/detail/signature_tokens.hpp>
#include <webhookpp/key_ring.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp::detail {

/// A scheme that outlives whoever refers to it.
class lasting_scheme {
public:
    constexpr lasting_scheme(const scheme& described) noexcept : described_(&described) {}
    lasting_scheme(const scheme&& temporary) = delete;

    constexpr const scheme& operator*() const noexcept { return *described_; }
    constexpr const scheme* operator->() const noexcept { return described_; }

private:
    const scheme* described_;
};

/// Which keys a verifier has a use for.
enum class usable_keys : std::uint8_t {
    all,
    secrets,  ///< one of them at least; others wait for verifiers that use them
};

class verifier_core {
public:
    [[nodiscard]] static result<verifier_core> create(lasting_scheme described,
                                                      std::span<const key> keys,
                                                      const verifier_options& options,
                                                      usable_keys usable = usable_keys::all) {
        if (described->signs(content_part::kind::url)) {
            if (const auto good = check_endpoint_url(options.url); !good) {
                return unexpected(good.error());
            }
        }
        auto prepared = prepare(keys, *described, options, usable);
        if (!prepared) return unexpected(prepared.error());
        return verifier_core(described, *std::move(prepared), options, usable);
    }

    /// Exchanges the keys; if one is refused, the old ones stay.
    [[nodiscard]] result<void> replace(std::span<const key> keys) const {
        auto prepared = prepare(keys, described(), options_, usable_);
        if (!prepared) return unexpected(prepared.error());
        ring_->replace(*std::move(prepared));
        return {};
    }

    [[nodiscard]] const scheme& described() const noexcept { return plan_.described(); }
    [[nodiscard]] const header_plan& plan() const noexcept { return plan_; }
    [[nodiscard]] const key_ring& ring() const noexcept { return *ring_.get(); }
    [[nodiscard]] const verifier_options& options() const noexcept { return options_; }

private:
    verifier_core(lasting_scheme described, key_set keys, const verifier_options& options,
                  usable_keys usable)
        : plan_(*described),
          ring_(new key_ring(std::move(keys))),
          options_(options),
          usable_(usable) {}

    static result<key_set> prepare(std::span<const key> keys, const scheme& described,
                                   const verifier_options& options, usable_keys usable) {
        auto made = key_set::create(keys, described, options.secrets);
        if (!made || usable == usable_keys::all) return made;
        for (const auto& each : made->keys()) {
            if (is_hmac(each.used_with)) return made;
        }
        return unexpected(errc::key_wrong_prefix,
                          "bodies that arrive in pieces are verified with a shared secret "
                          "(whsec_), and there are only public keys (whpk_)");
    }

    header_plan plan_;
    owner<key_ring> ring_;
    verifier_options options_;
    usable_keys usable_;
};

}  // namespace webhookpp::detail

#endif
