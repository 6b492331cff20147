// SPDX-License-Identifier: MIT
// The bytes that a sender signs, put together from the parts that a scheme names.
#ifndef WEBHOOKPP_DETAIL_SIGNED_MESSAGE_HPP
#define WEBHOOKPP_DETAIL_SIGNED_MESSAGE_HPP

#include <cstddef>
#include <string_view>

#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/crypto/hmac.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/byte_buffer.hpp>
#include <webhookpp/detail/form_fields.hpp>
#include <webhookpp/detail/signed_url.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>

namespace webhookpp::detail {

/// What the parts of a content stand for in one delivery. Views.
struct content_values {
    std::string_view id = {};
    std::string_view timestamp = {};
    std::string_view body = {};
    std::string_view url = {};  ///< as the endpoint is configured with it
    std::string_view method = {};
    std::string_view target = {};
};

/// Whether each part of the content stands somewhere as it is, so that nothing has to be put
/// together to sign it.
[[nodiscard]] constexpr bool has_plain_parts(const scheme& described) noexcept {
    const url_source& url = described.url;
    return !described.signs(content_part::kind::form) && !url.query_of_request &&
           !url.any_default_port && url.decoded.empty();
}

/// The text of a part that stands somewhere as it is.
[[nodiscard]] constexpr std::string_view plain_text(const content_part& part,
                                                    const content_values& values) noexcept {
    switch (part.which) {
        case content_part::kind::id: return values.id;
        case content_part::kind::timestamp: return values.timestamp;
        case content_part::kind::body: return values.body;
        case content_part::kind::url: return values.url;
        case content_part::kind::method: return values.method;
        case content_part::kind::literal: return part.text;
        case content_part::kind::form: break;
    }
    return {};
}

/// Whether there are two spellings of the URL that both count.
[[nodiscard]] constexpr bool has_two_urls(const scheme& described, std::string_view url) noexcept {
    return described.url.any_default_port && !has_other_port(split_url(url).authority);
}

/// Whether `text` is the SHA-256 of `body` in hex. `internal_error` when OpenSSL fails.
[[nodiscard]] inline result<bool> is_digest_of(const crypto::digest_context& context,
                                               std::string_view body,
                                               std::string_view text) noexcept {
    unsigned char shown[crypto::sha256_size];
    unsigned char digest[crypto::sha256_size];
    if (crypto::hex_decode(text, shown, crypto::hex_case::either) != sizeof shown) return false;
    if (!crypto::sha256(context, crypto::as_bytes(body), digest)) {
        return unexpected(errc::internal_error, "SHA-256");
    }
    return crypto::equal(shown, digest);
}

/// The most fields that a form may have.
inline constexpr std::size_t default_form_fields = 1000;

/// Puts the signed bytes together in `out`, which is cleared before. `other_port` chooses the
/// second spelling of the URL.
///
/// Errors: `signature_mismatch` when the digest of the body in the URL is wrong, `body_too_large`
/// for a form with more than `form_fields` fields, `internal_error` when memory or OpenSSL fails.
template <std::size_t InPlace>
[[nodiscard]] result<void> join_message(byte_buffer<InPlace>& out, const scheme& described,
                                        const content_values& values, bool other_port,
                                        const crypto::digest_context& context,
                                        std::size_t form_fields = default_form_fields) noexcept {
    out.clear();
    // Mostly the body is what takes room; with that, it is copied once.
    bool good = out.reserve(values.body.size() + values.url.size() + values.target.size() + 512);
    for (std::size_t i = 0; i < described.content.count && good; ++i) {
        const content_part& part = described.content.parts[i];
        if (part.which == content_part::kind::url) {
            good = append_signed_url(out, described.url, values.url, values.target, other_port);
        } else if (part.which == content_part::kind::form) {
            const auto digest = described.form.body_digest.empty()
                                    ? std::string_view()
                                    : query_member(values.target, described.form.body_digest);
            if (digest.empty()) {
                auto appended = append_sorted_fields(out, values.body, form_fields);
                if (!appended) return appended;
            } else {
                const auto right = is_digest_of(context, values.body, digest);
                if (!right) return unexpected(right.error());
                if (!*right) {
                    return unexpected(errc::signature_mismatch, described.form.body_digest);
                }
            }
        } else {
            good = out.append(plain_text(part, values));
        }
    }
    if (!good) return unexpected(errc::internal_error, "body");
    return {};
}

}  // namespace webhookpp::detail

#endif
