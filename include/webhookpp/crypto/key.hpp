// SPDX-License-Identifier: MIT
// A key as a program is configured with it: read strictly, wiped after use, never printed.
#ifndef WEBHOOKPP_CRYPTO_KEY_HPP
#define WEBHOOKPP_CRYPTO_KEY_HPP

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/crypto/ecdsa.hpp>
#include <webhookpp/crypto/ed25519.hpp>
#include <webhookpp/crypto/key_form.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/crypto/secret_text.hpp>
#include <webhookpp/detail/key_mistake.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp {

/// One key. Copies and the original are independent; each wipes its bytes when it is destroyed.
/// There is no way to print one, and no error message contains any part of one.
///
/// The factories throw `exception` (without exceptions: abort) where their `try_` twins return the
/// error: `empty_key`, `key_whitespace`, `key_wrong_prefix`, `key_bad_encoding`, `key_wrong_length`
/// or `key_weak`, with the cause and what to do about it in `where`.
class key {
public:
    /// What the bytes are, once they are known.
    enum class kind : std::uint8_t {
        configured_text,      ///< text that is yet to be read in the scheme's form
        secret,               ///< a shared secret, for HMAC
        ed25519_public_key,   ///< 32 bytes
        ed25519_signing_key,  ///< 32 or 64 bytes
        p256_public_key,      ///< a SubjectPublicKeyInfo in DER
        p256_signing_key,     ///< a PrivateKeyInfo in DER
    };

    /// `text` as the provider shows it. The scheme of the verifier that gets it says how to read
    /// it, so an error in it is found when the verifier is made.
    [[nodiscard]] static key from_text(std::string_view text) {
        return try_from_text(text).value();
    }
    /// As `from_text`, with the error as a value.
    [[nodiscard]] static result<key> try_from_text(std::string_view text) {
        return configured(text, {});
    }

    /// The value of the environment variable `name`, as for `from_text`. The error also names the
    /// variable, if its name is in upper case, when it is not set or empty. Not safe while another
    /// thread changes the environment.
    [[nodiscard]] static key from_environment(const char* name) {
        return try_from_environment(name).value();
    }
    /// As `from_environment`, with the error as a value.
    [[nodiscard]] static result<key> try_from_environment(const char* name) {
        if (is_key_text(name)) {
            return unexpected(errc::key_wrong_prefix,
                              "this is a key, where the name of an environment variable is wanted");
        }
        const char* const value = std::getenv(name);
        // Another text may well be a secret in the wrong place, so it is not shown.
        const origin shown = is_variable_name(name) ? name : "the environment variable";
        if (!value) return unexpected(error{errc::empty_key, cause(shown, " is not set")});
        if (*value == '\0') return unexpected(error{errc::empty_key, cause(shown, " is empty")});
        return configured(value, shown);
    }

    /// `whsec_` and 16 to 75 bytes in base64.
    [[nodiscard]] static key from_whsec(std::string_view text) {
        return try_from_whsec(text).value();
    }
    /// As `from_whsec`, with the error as a value.
    [[nodiscard]] static result<key> try_from_whsec(std::string_view text) {
        return read(text, {}, kind::secret);
    }

    /// `whpk_` and, in base64, 32 raw bytes or the 44 of an X.509 SubjectPublicKeyInfo.
    [[nodiscard]] static key from_whpk(std::string_view text) {
        return try_from_whpk(text).value();
    }
    /// As `from_whpk`, with the error as a value.
    [[nodiscard]] static result<key> try_from_whpk(std::string_view text) {
        return read(text, {}, kind::ed25519_public_key);
    }

    /// `whsk_` and, in base64, a seed of 32 bytes or seed and public key: 64. Only signs.
    [[nodiscard]] static key from_whsk(std::string_view text) {
        return try_from_whsk(text).value();
    }
    /// As `from_whsk`, with the error as a value.
    [[nodiscard]] static result<key> try_from_whsk(std::string_view text) {
        return read(text, {}, kind::ed25519_signing_key);
    }

    /// A shared secret or a token of 1 to 4,096 bytes, which are not decoded. The scheme may ask
    /// for more.
    [[nodiscard]] static key from_bytes(crypto::bytes secret) {
        return try_from_bytes(secret).value();
    }
    /// As `from_bytes`, with the error as a value.
    [[nodiscard]] static result<key> try_from_bytes(crypto::bytes secret) {
        if (secret.empty()) return unexpected(errc::empty_key, "the secret has no bytes");
        if (secret.size() > max_text) {
            return unexpected(errc::key_wrong_length, "a secret has at most 4,096 bytes");
        }
        return key(kind::secret, crypto::secret_bytes(secret), {});
    }

    /// This key in `form`, for `use`: text is decoded, its characters and its length are checked.
    /// `lengths` counts for `whsec_` secrets only. What verifiers and `sign` call. Errors: those of
    /// the class; `key_wrong_prefix` also for a key from `from_whsec`, `from_whpk` or `from_whsk`
    /// where another form is wanted.
    [[nodiscard]] result<key> read_as(key_form form, secret_length lengths = secret_length::usual,
                                      key_use use = key_use::verify) const {
        if (form == key_form::standard_webhooks) return read_standard(lengths);
        const bool wants_ed25519 =
            form == key_form::ed25519_hex || form == key_form::ed25519_base64;
        if (wants_ed25519 && kind_ == wanted_kind(form, use)) return *this;
        if (wants_ed25519 && bytes_.text().starts_with(prefix(wanted_kind(form, use)))) {
            return read(bytes_.text(), origin_, wanted_kind(form, use));
        }
        if (read_as_standard_) {
            return refuse(errc::key_wrong_prefix, origin_,
                          "this key was decoded as one of Standard Webhooks, and the scheme wants "
                          "its text: make it with from_text or from_environment");
        }
        if (const auto why = detail::mistake_in_form(form, bytes_.text()); !why.empty()) {
            return refuse(errc::key_bad_encoding, origin_, why);
        }
        // Bytes are what text stands for.
        if (kind_ != kind::configured_text || !is_encoded(form)) {
            return checked(wanted_kind(form, use), bytes_, origin_);
        }
        crypto::secret_bytes decoded(bytes_.view().size());
        const bool in_hex = form == key_form::hex || form == key_form::ed25519_hex;
        const auto size = in_hex ? crypto::hex_decode_secret(bytes_.text(), decoded.writable())
                                 : crypto::base64_decode_secret(bytes_.text(), decoded.writable());
        if (!size && in_hex) return refuse(errc::key_bad_encoding, origin_, "not hex");
        if (!size) {
            return refuse(errc::key_bad_encoding, origin_,
                          detail::mistake_in_base64(bytes_.text()));
        }
        decoded.truncate(*size);
        return checked(wanted_kind(form, use), std::move(decoded), origin_);
    }

    /// What the bytes are.
    [[nodiscard]] kind which() const noexcept { return kind_; }

    /// The decoded bytes; for `configured_text` the text. Valid as long as the key.
    [[nodiscard]] crypto::bytes bytes() const noexcept { return bytes_.view(); }

private:
    // Where the text came from, for messages: the name of an environment variable or nothing.
    using origin = fixed_text<64>;
    using message = decltype(error::where);

    static constexpr std::size_t max_text = 4096;

    key(kind which, crypto::secret_bytes bytes, const origin& from)
        : bytes_(std::move(bytes)), origin_(from), kind_(which) {}

    static kind wanted_kind(key_form form, key_use use) noexcept {
        const bool sign = use == key_use::sign;
        if (form == key_form::ed25519_hex || form == key_form::ed25519_base64) {
            return sign ? kind::ed25519_signing_key : kind::ed25519_public_key;
        }
        if (form == key_form::p256_base64) {
            return sign ? kind::p256_signing_key : kind::p256_public_key;
        }
        return kind::secret;
    }

    static bool is_encoded(key_form form) noexcept {
        return form == key_form::base64 || form == key_form::hex || form == key_form::ed25519_hex ||
               form == key_form::ed25519_base64 || form == key_form::p256_base64;
    }

    [[nodiscard]] result<key> read_standard(secret_length lengths) const {
        auto decoded = kind_ == kind::configured_text
                           ? read(bytes_.text(), origin_, prefixed_kind())
                           : result<key>(*this);
        if (decoded && decoded->kind_ == kind::secret) {
            const std::size_t size = decoded->bytes_.view().size();
            const bool strict = lengths == secret_length::strict;
            if (size < (strict ? 24U : 16U) || size > (strict ? 64U : 75U)) {
                return refuse(errc::key_wrong_length, origin_,
                              strict ? "a whsec_ secret has 24 to 64 bytes in strict mode"
                                     : "a whsec_ secret has 16 to 75 bytes");
            }
        }
        return decoded;
    }

    static message cause(const origin& from, std::string_view text) {
        message where;
        return where.append(from).append(text);
    }
    static unexpected refuse(errc code, const origin& from, std::string_view text) {
        return unexpected(
            error{code, from.empty() ? message(text) : cause(from, ": ").append(text)});
    }

    // Whether `name` is one as POSIX has them: upper-case letters, digits and `_`, no digit first.
    // Keys of letters and digits mostly have lower-case ones.
    static bool is_variable_name(std::string_view name) noexcept {
        for (const char c : name) {
            if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_') return false;
        }
        return !name.empty() && !(name.front() >= '0' && name.front() <= '9');
    }

    // Whether text begins as keys do, and so must not be shown.
    static bool is_key_text(std::string_view text) noexcept {
        return crypto::starts_with(text, "whsec_") || crypto::starts_with(text, "whpk_") ||
               crypto::starts_with(text, "whsk_") || crypto::starts_with(text, "v1,");
    }

    // What holds for text in any form.
    static result<key> configured(std::string_view text, const origin& from) {
        if (text.empty()) return refuse(errc::empty_key, from, "the key is empty");
        for (const std::string_view white_space : {" ", "\t", "\r", "\n", "\v", "\f"}) {
            if (!crypto::starts_with(text, white_space) && !crypto::ends_with(text, white_space)) {
                continue;
            }
            return refuse(errc::key_whitespace, from,
                          "surrounding whitespace: remove it, also a newline at the end of a file");
        }
        if (text.size() > max_text) {
            return refuse(errc::key_wrong_length, from, "a key has at most 4,096 characters");
        }
        return key(kind::configured_text, crypto::secret_bytes(crypto::as_bytes(text)), from);
    }

    // The kind that the prefix of configured text announces.
    [[nodiscard]] kind prefixed_kind() const noexcept {
        if (bytes_.text().starts_with("whpk_")) return kind::ed25519_public_key;
        if (bytes_.text().starts_with("whsk_")) return kind::ed25519_signing_key;
        return kind::secret;
    }

    static std::string_view prefix(kind which) noexcept {
        if (which == kind::ed25519_public_key) return "whpk_";
        if (which == kind::ed25519_signing_key) return "whsk_";
        return "whsec_";
    }

    // Reads Standard Webhooks text that has to be of kind `wanted`.
    static result<key> read(std::string_view text, const origin& from, kind wanted) {
        if (auto checked = configured(text, from); !checked) return checked;
        if (!text.starts_with(prefix(wanted))) {
            return refuse(errc::key_wrong_prefix, from, detail::mistake_in_prefix(text));
        }
        text.remove_prefix(prefix(wanted).size());
        if (text.empty()) return refuse(errc::empty_key, from, "nothing stands after the prefix");
        if (is_key_text(text)) {
            return refuse(errc::key_wrong_prefix, from, "the prefix stands there twice");
        }
        crypto::secret_bytes decoded(crypto::base64_decoded_size_limit(text.size()));
        const auto size = crypto::base64_decode_secret(text, decoded.writable());
        if (!size) return refuse(errc::key_bad_encoding, from, detail::mistake_in_base64(text));
        decoded.truncate(*size);
        auto made = checked(wanted, std::move(decoded), from);
        if (!made) return made;
        made->read_as_standard_ = true;
        return made->read_standard(secret_length::usual);
    }

    // Only keys that can be used: a public key is a sound one, a private key one that can sign.
    static result<key> checked(kind which, crypto::secret_bytes decoded, const origin& from) {
        const auto unusable = [&]() -> std::optional<error> {
            switch (which) {
                case kind::ed25519_public_key:
                    decoded = without_der(std::move(decoded), ed25519_public_der);
                    return error_of(crypto::ed25519_public_key::create(decoded.view()));
                case kind::ed25519_signing_key:
                    decoded = without_der(std::move(decoded), ed25519_private_der);
                    return error_of(crypto::ed25519_signing_key::create(decoded.view()));
                case kind::p256_public_key:
                    return error_of(crypto::ecdsa_p256_public_key::create(decoded.view()));
                case kind::p256_signing_key:
                    return error_of(crypto::ecdsa_p256_signing_key::create(decoded.view()));
                case kind::configured_text:
                case kind::secret: break;
            }
            return std::nullopt;
        }();
        if (unusable) return refuse(unusable->code, from, unusable->where);
        return key(which, std::move(decoded), from);
    }

    template <class T>
    static std::optional<error> error_of(const result<T>& made) {
        return made ? std::nullopt : std::optional(made.error());
    }

    // The fixed beginnings of an Ed25519 SubjectPublicKeyInfo and PrivateKeyInfo: RFC 8410,
    // sections 4 and 7.
    static constexpr unsigned char ed25519_public_der[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                           0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
    static constexpr unsigned char ed25519_private_der[] = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30,
                                                            0x05, 0x06, 0x03, 0x2b, 0x65, 0x70,
                                                            0x04, 0x22, 0x04, 0x20};

    // The key that stands in `decoded` behind the fixed beginning `der`, if it does.
    static crypto::secret_bytes without_der(crypto::secret_bytes decoded, crypto::bytes der) {
        const auto view = decoded.view();
        if (view.size() != der.size() + crypto::ed25519_key_size ||
            !crypto::equal(view.first(der.size()), der)) {
            return decoded;
        }
        return crypto::secret_bytes(view.subspan(der.size()));
    }

    crypto::secret_bytes bytes_;
    origin origin_;
    kind kind_;
    bool read_as_standard_ = false;  // from `whsec_`, `whpk_` or `whsk_` text
};

}  // namespace webhookpp

#endif
