// SPDX-License-Identifier: MIT
// Decodes the signatures of a header: one, or a list of them.
#ifndef WEBHOOKPP_DETAIL_SIGNATURE_TOKENS_HPP
#define WEBHOOKPP_DETAIL_SIGNATURE_TOKENS_HPP

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/crypto/base64url.hpp>
#include <webhookpp/crypto/ecdsa.hpp>
#include <webhookpp/crypto/ed25519.hpp>
#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/crypto/hmac.hpp>
#include <webhookpp/detail/sent_token.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>

namespace webhookpp::detail {

/// The hash function of an HMAC algorithm.
[[nodiscard]] constexpr crypto::hash hash_of(algorithm made_by) noexcept {
    if (made_by == algorithm::hmac_sha1) return crypto::hash::sha1;
    return made_by == algorithm::hmac_sha512 ? crypto::hash::sha512 : crypto::hash::sha256;
}

[[nodiscard]] constexpr bool is_hmac(algorithm made_by) noexcept {
    return made_by == algorithm::hmac_sha1 || made_by == algorithm::hmac_sha256 ||
           made_by == algorithm::hmac_sha512;
}

/// How many bytes a signature of this algorithm has; 0 where they differ.
[[nodiscard]] constexpr std::size_t signature_size(algorithm made_by) noexcept {
    if (made_by == algorithm::ed25519) return crypto::ed25519_signature_size;
    return is_hmac(made_by) ? crypto::hash_size(hash_of(made_by)) : 0;
}

/// The most bytes that a signature of any algorithm has.
inline constexpr std::size_t signature_limit = crypto::ecdsa_p256_signature_limit;

/// A token of the right form: a signature that may be compared.
struct signature_candidate {
    algorithm made_by;
    std::size_t size;
    unsigned char bytes[signature_limit];

    [[nodiscard]] crypto::bytes signature() const noexcept {
        return crypto::bytes(bytes).first(size);
    }
};

/// The signatures of one delivery.
class signature_tokens {
public:
    static constexpr std::size_t max_tokens = 16;

    /// Reads the value of a signature header. May be called for each of two headers.
    ///
    /// Errors, for which `where` is yet to be said: `too_many_signatures` when there are more than
    /// `limit` or `max_tokens` of any kind, before any is decoded; `invalid_header` when the
    /// timestamp element is there twice or not at all.
    [[nodiscard]] result<void> read(const scheme& described, std::string_view value,
                                    std::size_t limit) noexcept {
        const signature_source& source = described.signature;
        if (!source.pairs.name.empty()) return read_pairs(described, value, limit);
        if (described.algorithm) {
            const auto only = after_word(value, source.word);
            if (!only || !only->starts_with(source.prefix) ||
                !decode(source.encoding, only->substr(source.prefix.size()),
                        *described.algorithm)) {
                ++skipped_;
            }
            return {};
        }
        std::size_t tokens = 0;
        for (std::string_view rest = value; !rest.empty();) {
            if (!next(rest, ' ').empty() && (++tokens > limit || tokens > max_tokens)) {
                return unexpected(errc::too_many_signatures);
            }
        }
        while (!value.empty()) {
            const auto token = next(value, ' ');
            if (!token.empty() && !decode_version(source, token)) ++skipped_;
        }
        return {};
    }

    [[nodiscard]] std::span<const signature_candidate> candidates() const noexcept {
        return std::span(candidates_).first(count_);
    }

    /// How many candidates are signatures of an algorithm for which `wanted(algorithm)` is true.
    template <class Wanted>
    [[nodiscard]] std::size_t count_if(Wanted wanted) const noexcept {
        std::size_t found = 0;
        for (const auto& candidate : candidates()) found += wanted(candidate.made_by) ? 1 : 0;
        return found;
    }

    /// How many candidates are signatures of this algorithm.
    [[nodiscard]] std::size_t count(algorithm made_by) const noexcept {
        return count_if([made_by](algorithm other) { return other == made_by; });
    }

    /// How many tokens are no candidates.
    [[nodiscard]] std::size_t skipped() const noexcept { return skipped_; }

    /// The timestamp element, where the scheme has one. A view into the value that was read.
    [[nodiscard]] std::string_view timestamp() const noexcept { return timestamp_; }

private:
    // Takes the text up to the next separator from the front of `rest`.
    static std::string_view next(std::string_view& rest, char separator) noexcept {
        const std::size_t end = rest.find(separator);
        const std::string_view token = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        return token;
    }

    result<void> read_pairs(const scheme& described, std::string_view value,
                            std::size_t limit) noexcept {
        const signature_source& source = described.signature;
        const auto is_timestamp = [&described](std::string_view name) {
            return !described.timestamp.element.empty() && name == described.timestamp.element;
        };
        std::size_t tokens = 0;
        std::size_t timestamps = 0;
        for (std::string_view rest = value; !rest.empty();) {
            const auto element = trim_blanks(next(rest, source.pairs.separator));
            const std::string_view name = element.substr(0, element.find('='));
            if (is_timestamp(name) && name.size() < element.size()) {
                ++timestamps;
                timestamp_ = element.substr(name.size() + 1);
            } else if (!element.empty() && (++tokens > limit || tokens > max_tokens)) {
                return unexpected(errc::too_many_signatures);
            }
        }
        if (timestamps != (described.timestamp.element.empty() ? 0 : 1)) {
            return unexpected(errc::invalid_header);
        }
        while (!value.empty()) {
            const auto element = trim_blanks(next(value, source.pairs.separator));
            const std::string_view name = element.substr(0, element.find('='));
            if (element.empty() || is_timestamp(name)) continue;
            if (name != source.pairs.name || name.size() == element.size() ||
                !decode(source.encoding, element.substr(name.size() + 1), *described.algorithm)) {
                ++skipped_;
            }
        }
        return {};
    }

    bool decode_version(const signature_source& source, std::string_view token) noexcept {
        const std::size_t comma = token.find(',');
        if (comma == std::string_view::npos) return false;
        const std::string_view label = token.substr(0, comma);
        const std::string_view text = token.substr(comma + 1);
        for (const signature_version& version : source.versions) {
            if (version.label.empty() || version.label != label) continue;
            return decode(source.encoding, text, version.algorithm);
        }
        return false;
    }

    bool decode(encoding written_in, std::string_view text, algorithm made_by) noexcept {
        if (count_ == max_tokens) return false;
        signature_candidate& candidate = candidates_[count_];
        const auto size = [&]() -> std::optional<std::size_t> {
            switch (written_in) {
                case encoding::hex: return crypto::hex_decode(text, candidate.bytes);
                case encoding::base64url: return crypto::base64url_decode(text, candidate.bytes);
                case encoding::base64: return crypto::base64_decode(text, candidate.bytes);
                case encoding::plain: break;
            }
            return std::nullopt;
        }();
        const std::size_t wanted = signature_size(made_by);
        if (!size || *size == 0 || (wanted != 0 && *size != wanted)) return false;
        candidate.made_by = made_by;
        candidate.size = *size;
        ++count_;
        return true;
    }

    signature_candidate candidates_[max_tokens];
    std::size_t count_ = 0;
    std::size_t skipped_ = 0;
    std::string_view timestamp_ = {};
};

}  // namespace webhookpp::detail

#endif
