// SPDX-License-Identifier: MIT
// Verifies one delivery while its body arrives.
#ifndef WEBHOOKPP_DETAIL_RUNNING_VERIFICATION_HPP
#define WEBHOOKPP_DETAIL_RUNNING_VERIFICATION_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <span>
#include <string_view>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/crypto/hmac.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/owner.hpp>
#include <webhookpp/detail/scheme_headers.hpp>
#include <webhookpp/detail/signature_tokens.hpp>
#include <webhookpp/detail/signed_message.hpp>
#include <webhookpp/detail/verification_steps.hpp>
#include <webhookpp/detail/verifier_core.hpp>
#include <webhookpp/header_source.hpp>
#include <webhookpp/key_ring.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/tolerance.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp::detail {

/// Whether one of the scheme's signatures is made with a shared secret.
[[nodiscard]] constexpr bool uses_hmac(const scheme& described) noexcept {
    return described.uses(algorithm::hmac_sha1) || described.uses(algorithm::hmac_sha256) ||
           described.uses(algorithm::hmac_sha512);
}

/// Whether all that is signed before the body is known before the body, and nothing comes after it.
[[nodiscard]] constexpr bool ends_with_body(const scheme& described) noexcept {
    const signed_content& content = described.content;
    return has_plain_parts(described) && content.count > 0 &&
           content.parts[content.count - 1].which == content_part::kind::body;
}

/// One verification under way. Owns copies of all that it needs, so that headers, keys and verifier
/// may go; of the body it keeps nothing.
class running_verification {
public:
    /// Reads the headers and starts a MAC with each secret key.
    [[nodiscard]] static result<owner<running_verification>> begin(
        const verifier_core& core, const header_source& headers, std::string_view method) noexcept {
        owner<running_verification> made(new (std::nothrow) running_verification(core));
        if (!made) return unexpected(errc::internal_error, "headers");
        if (const auto good = made->start(core, headers, method); !good) {
            return unexpected(good.error());
        }
        return made;
    }

    [[nodiscard]] result<void> update(std::string_view chunk) noexcept {
        if (failed_) return unexpected(*failed_);
        if (chunk.size() > body_limit_ - received_) {
            stop(error{errc::body_too_large, "body"});
            return unexpected(*failed_);
        }
        received_ += chunk.size();
        for (std::size_t i = 0; i < count_; ++i) macs_[i]->update(crypto::as_bytes(chunk));
        return {};
    }

    /// The verdict on what has passed. The message has no body. To be called once.
    [[nodiscard]] result<verified_message> finish(std::int64_t now) noexcept {
        return finish_with({}, now, false);
    }

    /// The verdict on what has passed, and on `body`, which has to be the same.
    [[nodiscard]] result<verified_message> finish(const body_view& body,
                                                  std::int64_t now) noexcept {
        return finish_with(body, now, true);
    }

private:
    explicit running_verification(const verifier_core& core) noexcept
        : scheme_(core.described()),
          allowed_(core.options().tolerance.value_or(core.described().tolerance)),
          body_limit_(core.options().limits.body) {}

    [[nodiscard]] result<void> start(const verifier_core& core, const header_source& source,
                                     std::string_view method) noexcept {
        auto read =
            scheme_header_reader(core.plan(), core.options(), collected_).read(source, headers_);
        if (!read) return read;
        read = read_signatures(scheme_, core.options().limits, headers_, tokens_);
        if (!read) return read;

        const content_values values{.id = headers_.id,
                                    .timestamp = headers_.timestamp,
                                    .url = core.options().url,
                                    .method = method};
        std::array<crypto::bytes, signed_content::max_parts> parts;
        const std::size_t before_body = scheme_.content.count - 1;
        for (std::size_t i = 0; i < before_body; ++i) {
            parts[i] = crypto::as_bytes(plain_text(scheme_.content.parts[i], values));
        }
        // Held only while the keys are copied: a body may take its time.
        const key_ring::reader reader(core.ring());
        const auto keys = reader->keys();
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (!is_hmac(keys[i].used_with) || tokens_.count(keys[i].used_with) == 0) continue;
            places_[count_] = i;
            macs_[count_++].emplace(*keys[i].secret, std::span(parts).first(before_body));
        }
        if (count_ == 0) return unexpected(errc::no_supported_signature, headers_.signature_name);
        return {};
    }

    // Whatever comes now, the answer is `why`; and what was copied of the keys is wiped.
    void stop(const error& why) noexcept {
        failed_ = why;
        for (auto& each : macs_) each.reset();
    }

    [[nodiscard]] result<verified_message> finish_with(const body_view& body, std::int64_t now,
                                                       bool has_body) noexcept {
        if (failed_) return unexpected(*failed_);
        auto verdict = conclude(body, now, has_body);
        stop(error{errc::internal_error, "the verification is finished already"});
        return verdict;
    }

    [[nodiscard]] result<verified_message> conclude(const body_view& body, std::int64_t now,
                                                    bool has_body) noexcept {
        wiped_mac mac;
        const auto matched = matching_mac(mac);
        if (!matched) return unexpected(matched.error());
        if (!*matched) return unexpected(errc::signature_mismatch, headers_.signature_name);
        if (const auto fresh = check_sent_time(headers_, now, allowed_); !fresh) {
            return unexpected(fresh.error());
        }
        const std::size_t at = **matched;
        // Whatever the caller says: only bytes with this MAC are handed on.
        if (has_body && !is_mac_of(body.bytes(), *macs_[at], mac)) {
            return unexpected(errc::internal_error, "the body is not the one that was verified");
        }
        const auto without_secret =
            tokens_.count_if([](algorithm made_by) { return !is_hmac(made_by); });
        return message_factory::make_result(body, facts_of(scheme_, headers_, allowed_, places_[at],
                                                           tokens_.skipped() + without_secret));
    }

    // The right signature of a forged delivery is worth as much as the key.
    struct wiped_mac {
        wiped_mac() noexcept = default;
        wiped_mac(const wiped_mac&) = delete;
        wiped_mac& operator=(const wiped_mac&) = delete;
        ~wiped_mac() { crypto::wipe(bytes); }
        unsigned char bytes[crypto::largest_hash_size] = {};
    };

    // Where in `macs_` the first one stands that matches, which is then `mac`; the inner nothing if
    // none does.
    [[nodiscard]] result<std::optional<std::size_t>> matching_mac(wiped_mac& mac) noexcept {
        for (std::size_t i = 0; i < count_; ++i) {
            if (!macs_[i]->finish(mac.bytes)) return unexpected(errc::internal_error, "HMAC");
            if (is_mac(tokens_, crypto::bytes(mac.bytes).first(macs_[i]->size()))) {
                return std::optional(i);
            }
        }
        return std::optional<std::size_t>();
    }

    [[nodiscard]] static bool is_mac_of(std::string_view body, const crypto::running_hmac& with,
                                        const wiped_mac& wanted) noexcept {
        wiped_mac mac;
        return with.compute(crypto::as_bytes(body), mac.bytes) &&
               crypto::equal(mac.bytes, wanted.bytes);
    }

    const scheme& scheme_;
    tolerance allowed_;
    std::size_t body_limit_;
    std::size_t received_ = 0;
    collected_headers collected_;
    scheme_headers headers_;  // views into the collected ones
    signature_tokens tokens_;
    std::optional<crypto::running_hmac> macs_[key_set::max_keys];
    std::size_t places_[key_set::max_keys] = {};  // of their keys in the key set
    std::size_t count_ = 0;
    std::optional<error> failed_ = std::nullopt;
};

}  // namespace webhookpp::detail

#endif
