// SPDX-License-Identifier: MIT
// Verifies one delivery against the description of a scheme.
#ifndef WEBHOOKPP_DETAIL_VERIFICATION_HPP
#define WEBHOOKPP_DETAIL_VERIFICATION_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/challenge.hpp>
#include <webhookpp/detail/scheme_headers.hpp>
#include <webhookpp/detail/sent_token.hpp>
#include <webhookpp/detail/signature_tokens.hpp>
#include <webhookpp/detail/signed_message.hpp>
#include <webhookpp/detail/verification_steps.hpp>
#include <webhookpp/detail/verifier_core.hpp>
#include <webhookpp/key_ring.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/scratch.hpp>
#include <webhookpp/verified_message.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp::detail {

/// One verification: headers or target, then signatures or a token, keys, time.
class verification {
public:
    verification(const verifier_core& core, const delivery& request, scratch& work) noexcept
        : core_(core),
          scheme_(core.described()),
          options_(core.options()),
          request_(request),
          work_(work) {
        work_.context_.ensure();
    }

    verification(const verification&) = delete;
    verification& operator=(const verification&) = delete;

    ~verification() {
        // A large body, perhaps a forged one, must not leave its memory behind.
        work_.message_.release(std::size_t{16} * 1024);
        // The token of a genuine delivery is the key.
        if (shows_token()) work_.headers_.wipe();
    }

    [[nodiscard]] result<verified_message> run(std::int64_t now) noexcept {
        if (const auto good = read(); !good) return unexpected(good.error());
        const key_ring::reader reader(core_.ring());
        return decide(reader->keys(), now);
    }

    /// What the headers decide without the body: all that can be wrong with them, and the token.
    [[nodiscard]] result<void> check_headers() noexcept {
        if (scheme_.signature.in_target()) return {};
        if (auto good = read_headers(); !good) return good;
        const key_ring::reader reader(core_.ring());
        if (shows_token()) {
            const auto matched = matching_token(reader->keys());
            if (!matched) return unexpected(matched.error());
            return {};
        }
        for (const auto& key : reader->keys()) {
            if (tokens_.count(key.used_with) != 0) return {};
        }
        return unexpected(errc::no_supported_signature, headers_.signature_name);
    }

    /// Writes the MAC of `challenge` with the key that proves the delivery, if one does.
    [[nodiscard]] result<void> answer(std::int64_t now, std::string_view challenge,
                                      std::span<unsigned char, crypto::sha256_size> mac) noexcept {
        if (const auto good = read(); !good) return unexpected(good.error());
        // One set of keys for both, so that no exchange can come between.
        const key_ring::reader reader(core_.ring());
        const auto message = decide(reader->keys(), now);
        if (!message) return unexpected(message.error());
        if (!signs_challenges(scheme_)) {
            return unexpected(errc::unknown_scheme, "a challenge could be one of its messages");
        }
        if (!is_challenge(challenge)) return unexpected(errc::invalid_payload, "challenge");
        const auto& matched = reader->keys()[*message->key_index()];
        const crypto::bytes part = crypto::as_bytes(challenge);
        if (!matched.secret->compute(work_.context_, std::span(&part, 1), mac)) {
            return unexpected(errc::internal_error, "HMAC");
        }
        return {};
    }

private:
    using prepared_keys = std::span<const key_set::prepared_key>;

    [[nodiscard]] result<void> read() noexcept {
        if (request_.body.bytes().size() > options_.limits.body) {
            return unexpected(errc::body_too_large, "body");
        }
        return read_headers();
    }

    [[nodiscard]] result<verified_message> decide(prepared_keys keys, std::int64_t now) noexcept {
        const auto key_index = shows_token() ? matching_token(keys) : matching_key(keys);
        if (!key_index) return unexpected(key_index.error());
        const auto allowed = options_.tolerance.value_or(scheme_.tolerance);
        if (const auto fresh = check_sent_time(headers_, now, allowed); !fresh) {
            return unexpected(fresh.error());
        }
        return message_factory::make_result(
            request_.body, facts_of(scheme_, headers_, allowed, *key_index,
                                    tokens_.skipped() + candidates_without_key(keys)));
    }

    [[nodiscard]] bool shows_token() const noexcept {
        return scheme_.algorithm == algorithm::token;
    }

    [[nodiscard]] result<void> read_headers() noexcept {
        if (scheme_.reads_target() && request_.target.size() > options_.limits.query) {
            return unexpected(errc::header_too_large, "target");
        }
        if (scheme_.signature.in_target()) {
            const auto token = token_in(scheme_.signature, request_.target);
            if (!token) return unexpected(token.error());
            headers_.signature = *token;
            headers_.signature_name = token_in_target;
            return {};
        }
        auto read = scheme_header_reader(core_.plan(), options_, work_.headers_)
                        .read(request_.headers, headers_);
        if (!read || shows_token()) return read;
        return read_signatures(scheme_, options_.limits, headers_, tokens_);
    }

    // All keys are compared, so that the time does not tell which of them matched.
    [[nodiscard]] result<std::size_t> matching_token(prepared_keys keys) const noexcept {
        const auto token = shown_token(scheme_.signature, headers_.signature);
        if (!token) return unexpected(errc::no_supported_signature, headers_.signature_name);
        std::optional<std::size_t> matched;
        for (std::size_t i = keys.size(); i-- > 0;) {
            if (crypto::equal(keys[i].token.view(), crypto::as_bytes(*token))) matched = i;
        }
        if (!matched) return unexpected(errc::signature_mismatch, headers_.signature_name);
        return *matched;
    }

    // Every key that could have made one of the candidates is tried, the cheap ones first.
    [[nodiscard]] result<std::size_t> matching_key(prepared_keys keys) noexcept {
        bool tried = false;
        for (const bool with_secret : {true, false}) {
            for (std::size_t i = 0; i < keys.size(); ++i) {
                if (is_hmac(keys[i].used_with) != with_secret ||
                    tokens_.count(keys[i].used_with) == 0) {
                    continue;
                }
                tried = true;
                const auto matched = matches(keys[i]);
                if (!matched) return unexpected(matched.error());
                if (*matched) return i;
            }
        }
        return unexpected(tried ? errc::signature_mismatch : errc::no_supported_signature,
                          headers_.signature_name);
    }

    [[nodiscard]] result<bool> matches(const key_set::prepared_key& key) noexcept {
        if (is_hmac(key.used_with) && has_plain_parts(scheme_)) {
            return matches_mac(*key.secret, [this, with = values()](const auto& add) {
                for (std::size_t i = 0; i < scheme_.content.count; ++i) {
                    add(crypto::as_bytes(plain_text(scheme_.content.parts[i], with)));
                }
            });
        }
        // The others need the message in one piece.
        const bool two_urls = has_two_urls(scheme_, options_.url);
        for (const bool other_port : {false, true}) {
            if (other_port && !two_urls) break;
            if (!joined_ || *joined_ != other_port) {
                const auto good = join_message(work_.message_, scheme_, values(), other_port,
                                               work_.context_, options_.limits.form_fields);
                if (!good) return unexpected(good.error());
                joined_ = other_port;
            }
            const auto message = crypto::as_bytes(work_.message_.view());
            auto matched = is_hmac(key.used_with) ? matches_mac(*key.secret, std::span(&message, 1))
                                                  : matches_public(key, message);
            if (!matched || *matched) return matched;
        }
        return false;
    }

    template <class Message>
    [[nodiscard]] result<bool> matches_mac(const crypto::hmac_key& secret,
                                           const Message& message) noexcept {
        unsigned char mac[crypto::largest_hash_size];
        if (!secret.compute(work_.context_, message, mac)) {
            return unexpected(errc::internal_error, "HMAC");
        }
        const bool matched = is_mac(tokens_, crypto::bytes(mac).first(secret.size()));
        // The right signature of a forged delivery is worth as much as the key.
        crypto::wipe(mac);
        return matched;
    }

    [[nodiscard]] result<bool> matches_public(const key_set::prepared_key& key,
                                              crypto::bytes message) noexcept {
        for (const auto& candidate : tokens_.candidates()) {
            if (candidate.made_by != key.used_with) continue;
            if (public_key_verifications_++ == options_.limits.public_key_verifications) {
                return unexpected(errc::too_many_signatures, headers_.signature_name);
            }
            const auto signature = candidate.signature();
            if (key.ed25519 ? key.ed25519->verify(work_.context_, message, signature)
                            : key.p256->verify(work_.context_, message, signature)) {
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] content_values values() const noexcept {
        return {.id = headers_.id,
                .timestamp = headers_.timestamp,
                .body = request_.body.bytes(),
                .url = options_.url,
                .method = request_.method,
                .target = request_.target};
    }

    [[nodiscard]] std::size_t candidates_without_key(prepared_keys keys) const noexcept {
        return tokens_.count_if([keys](algorithm made_by) {
            for (const auto& key : keys) {
                if (key.used_with == made_by) return false;
            }
            return true;
        });
    }

    const verifier_core& core_;
    const scheme& scheme_;
    const verifier_options& options_;
    const delivery& request_;
    scratch& work_;
    scheme_headers headers_;
    signature_tokens tokens_;
    std::size_t public_key_verifications_ = 0;
    std::optional<bool> joined_ = std::nullopt;  // the message is, with the other port or not
};

}  // namespace webhookpp::detail

#endif
