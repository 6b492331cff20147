// Decodes the signatures of a header: one, or a list of `version,signature` tokens.
#ifndef WEBHOOKPP_DETAIL_SIGNATURE_TOKENS_HPP
#define WEBHOOKPP_DETAIL_SIGNATURE_TOKENS_HPP

#include <cstddef>
#include <span>
#include <string_view>

#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/crypto/ed25519.hpp>
#include <webhookpp/crypto/hmac.hpp>
#include <webhookpp/detail/sent_token.hpp>
#include <webhookpp/scheme.hpp>

namespace webhookpp::detail {

/// How many bytes a signature of this algorithm has.
[[nodiscard]] constexpr std::size_t signature_size(algorithm made_by) noexcept {
    return made_by == algorithm::ed25519 ? crypto::ed25519_signature_size : crypto::sha256_size;
}

/// A token of the right form: a signature that may be compared.
struct signature_candidate {
    algorithm made_by;
    unsigned char bytes[crypto::ed25519_signature_size];

    [[nodiscard]] crypto::bytes signature() const noexcept {
        return crypto::bytes(bytes).first(signature_size(made_by));
    }
};

/// The tokens of one signature header.
class signature_tokens {
public:
    static constexpr std::size_t max_tokens = 16;

    /// Reads the value of the header. Returns false when it lists more than `limit` tokens, or more
    /// than `max_tokens`; nothing is decoded then.
    [[nodiscard]] bool read(const scheme& described, std::string_view list,
                            std::size_t limit) noexcept {
        const signature_source& source = described.signature;
        if (described.algorithm) {
            const auto only = after_word(list, source.word);
            if (!only || !decode(*only, *described.algorithm)) ++skipped_;
            return true;
        }
        std::size_t tokens = 0;
        for (std::string_view rest = list; !rest.empty();) {
            if (!next(rest).empty() && (++tokens > limit || tokens > max_tokens)) {
                return false;
            }
        }
        while (!list.empty()) {
            if (const auto token = next(list); !token.empty() && !decode(source, token)) ++skipped_;
        }
        return true;
    }

    [[nodiscard]] std::span<const signature_candidate> candidates() const noexcept {
        return std::span(candidates_).first(count_);
    }

    /// How many candidates are signatures of this algorithm.
    [[nodiscard]] std::size_t count(algorithm made_by) const noexcept {
        std::size_t found = 0;
        for (const auto& candidate : candidates()) found += candidate.made_by == made_by ? 1 : 0;
        return found;
    }

    /// How many tokens are no candidates.
    [[nodiscard]] std::size_t skipped() const noexcept { return skipped_; }

private:
    // Takes the text up to the next space from the front of `rest`.
    static std::string_view next(std::string_view& rest) noexcept {
        const std::size_t space = rest.find(' ');
        const std::string_view token = rest.substr(0, space);
        rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
        return token;
    }

    bool decode(const signature_source& source, std::string_view token) noexcept {
        const std::size_t comma = token.find(',');
        if (comma == std::string_view::npos) return false;
        const std::string_view label = token.substr(0, comma);
        const std::string_view text = token.substr(comma + 1);
        for (const signature_version& version : source.versions) {
            if (version.label.empty() || version.label != label) continue;
            return decode(text, version.algorithm);
        }
        return false;
    }

    bool decode(std::string_view text, algorithm made_by) noexcept {
        signature_candidate& candidate = candidates_[count_];
        if (crypto::base64_decode(text, candidate.bytes) != signature_size(made_by)) return false;
        candidate.made_by = made_by;
        ++count_;
        return true;
    }

    signature_candidate candidates_[max_tokens];
    std::size_t count_ = 0;
    std::size_t skipped_ = 0;
};

}  // namespace webhookpp::detail

#endif
