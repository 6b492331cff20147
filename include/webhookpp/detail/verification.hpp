// Verifies one delivery against the description of a scheme.
#ifndef WEBHOOKPP_DETAIL_VERIFICATION_HPP
#define WEBHOOKPP_DETAIL_VERIFICATION_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <webhookpp/check_age.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/scheme_headers.hpp>
#include <webhookpp/detail/sent_token.hpp>
#include <webhookpp/detail/signature_tokens.hpp>
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
    verification(const scheme& described, const verifier_options& options, const delivery& request,
                 scratch& work) noexcept
        : scheme_(described), options_(options), request_(request), work_(work) {}

    verification(const verification&) = delete;
    verification& operator=(const verification&) = delete;

    ~verification() {
        // A large body, perhaps a forged one, must not leave its memory behind.
        work_.message_.release(std::size_t{16} * 1024);
        // The token of a genuine delivery is the key.
        if (shows_token()) work_.headers_.wipe();
    }

    [[nodiscard]] result<verified_message> run(const key_ring& ring, std::int64_t now) noexcept {
        if (request_.body.bytes().size() > options_.limits.body) {
            return unexpected(errc::body_too_large, "body");
        }
        const auto headers = read_headers();
        if (!headers) return unexpected(headers.error());
        headers_ = *headers;
        if (!shows_token() &&
            !tokens_.read(scheme_, headers->signature, options_.limits.signatures)) {
            return unexpected(errc::too_many_signatures, headers->signature_name);
        }

        const key_ring::reader reader(ring);
        const auto keys = reader->keys();
        const auto key_index = shows_token() ? matching_token(keys) : matching_key(keys);
        if (!key_index) return unexpected(key_index.error());
        // Only now the time: "valid but stale" and "forged" are told apart in the log.
        const auto allowed = options_.tolerance.value_or(scheme_.tolerance);
        if (headers->time) {
            if (const auto fresh = check_age(*headers->time, now, allowed); !fresh) {
                return unexpected(fresh.error().code, headers->timestamp_name);
            }
        }
        return message_factory::make(
            request_.body,
            {.id = headers->id,
             .timestamp = headers->time,
             .key_index = *key_index,
             .skipped_tokens = tokens_.skipped() + candidates_without_key(keys),
             .body_is_signed = scheme_.signs(content_part::kind::body),
             .id_is_signed = scheme_.signs(content_part::kind::id),
             .replay_possible = !headers->time || allowed.past == seconds::unlimited()});
    }

private:
    using prepared_keys = std::span<const key_set::prepared_key>;

    [[nodiscard]] bool shows_token() const noexcept {
        return scheme_.algorithm == algorithm::token;
    }

    [[nodiscard]] result<scheme_headers> read_headers() noexcept {
        if (!scheme_.signature.in_target()) {
            return read_scheme_headers(scheme_, options_, request_.headers, work_.headers_);
        }
        const auto token = token_in(scheme_.signature, request_.target, options_.limits.query);
        if (!token) return unexpected(token.error());
        scheme_headers read;
        read.signature = *token;
        read.signature_name = token_in_target;
        return read;
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

    static algorithm used_with(const key_set::prepared_key& key) noexcept {
        return key.secret ? algorithm::hmac_sha256 : algorithm::ed25519;
    }

    // Every key that could have made one of the candidates is tried, the cheap ones first.
    [[nodiscard]] result<std::size_t> matching_key(prepared_keys keys) noexcept {
        bool tried = false;
        for (const auto wanted : {algorithm::hmac_sha256, algorithm::ed25519}) {
            if (tokens_.count(wanted) == 0) continue;
            for (std::size_t i = 0; i < keys.size(); ++i) {
                if (used_with(keys[i]) != wanted) continue;
                tried = true;
                const auto matched = wanted == algorithm::hmac_sha256
                                         ? matches(*keys[i].secret)
                                         : matches(*keys[i].public_key);
                if (!matched) return unexpected(matched.error());
                if (*matched) return i;
            }
        }
        return unexpected(tried ? errc::signature_mismatch : errc::no_supported_signature,
                          headers_.signature_name);
    }

    [[nodiscard]] result<bool> matches(const crypto::hmac_sha256_key& secret) noexcept {
        std::array<crypto::bytes, signed_content::max_parts> parts;
        for (std::size_t i = 0; i < scheme_.content.count; ++i) {
            parts[i] = crypto::as_bytes(text_of(scheme_.content.parts[i]));
        }
        unsigned char mac[crypto::sha256_size];
        if (!secret.compute(work_.context_, std::span(parts).first(scheme_.content.count), mac)) {
            return unexpected(errc::internal_error, "HMAC");
        }
        bool matched = false;
        for (const auto& candidate : tokens_.candidates()) {
            if (candidate.made_by != algorithm::hmac_sha256) continue;
            if (crypto::equal(mac, candidate.signature())) matched = true;
        }
        // The right signature of a forged delivery is worth as much as the key.
        crypto::wipe(mac);
        return matched;
    }

    [[nodiscard]] result<bool> matches(const crypto::ed25519_public_key& public_key) noexcept {
        if (!message_is_joined_ && !join_message()) return unexpected(errc::internal_error, "body");
        const auto message = crypto::as_bytes(work_.message_.view());
        for (const auto& candidate : tokens_.candidates()) {
            if (candidate.made_by != algorithm::ed25519) continue;
            if (public_key_verifications_++ == options_.limits.public_key_verifications) {
                return unexpected(errc::too_many_signatures, headers_.signature_name);
            }
            if (public_key.verify(work_.context_, message, candidate.signature())) return true;
        }
        return false;
    }

    // Ed25519 reads the message twice, so it has to be in one piece.
    [[nodiscard]] bool join_message() noexcept {
        std::size_t size = 0;
        for (std::size_t i = 0; i < scheme_.content.count; ++i) {
            size += text_of(scheme_.content.parts[i]).size();
        }
        work_.message_.clear();
        if (!work_.message_.reserve(size)) return false;
        for (std::size_t i = 0; i < scheme_.content.count; ++i) {
            if (!work_.message_.append(text_of(scheme_.content.parts[i]))) return false;
        }
        message_is_joined_ = true;
        return true;
    }

    [[nodiscard]] std::string_view text_of(const content_part& part) const noexcept {
        switch (part.which) {
            case content_part::kind::id: return headers_.id;
            case content_part::kind::timestamp: return headers_.timestamp;
            case content_part::kind::body: return request_.body.bytes();
            case content_part::kind::url: return options_.url;
            case content_part::kind::literal: break;
        }
        return part.text;
    }

    [[nodiscard]] std::size_t candidates_without_key(prepared_keys keys) const noexcept {
        bool secrets = false;
        bool public_keys = false;
        for (const auto& key : keys) {
            (used_with(key) == algorithm::hmac_sha256 ? secrets : public_keys) = true;
        }
        return (secrets ? 0 : tokens_.count(algorithm::hmac_sha256)) +
               (public_keys ? 0 : tokens_.count(algorithm::ed25519));
    }

    const scheme& scheme_;
    const verifier_options& options_;
    const delivery& request_;
    scratch& work_;
    scheme_headers headers_;
    signature_tokens tokens_;
    std::size_t public_key_verifications_ = 0;
    bool message_is_joined_ = false;
};

}  // namespace webhookpp::detail

#endif
