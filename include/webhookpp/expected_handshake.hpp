// SPDX-License-Identifier: MIT
// A handshake that a receiver answers, with the secret that it needs.
#ifndef WEBHOOKPP_EXPECTED_HANDSHAKE_HPP
#define WEBHOOKPP_EXPECTED_HANDSHAKE_HPP

#include <optional>
#include <utility>

#include <webhookpp/crypto/key.hpp>
#include <webhookpp/handshake.hpp>
#include <webhookpp/registration.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp {

/// The handshake that an endpoint expects, or none:
///
/// - `handshakes::slack`, which is signed as its events are;
/// - `{handshakes::meta, key::from_environment("META_VERIFY_TOKEN")}`, which shows a token;
/// - `{handshakes::asana, setup}`, which brings a secret for the `registration setup`.
///
/// Immutable. The constructors throw `exception`: `empty_key` where token or registration are
/// missing, or are given and not used; `key_wrong_length` for a token of more than 256 bytes.
class expected_handshake {
public:
    /// None: what would be a handshake is judged as every other delivery.
    expected_handshake() noexcept = default;

    /// One that is signed, or that proves nothing.
    expected_handshake(const handshake& described) : described_(described) {
        require(described.proof == handshake_proof::signature ||
                    described.proof == handshake_proof::nothing,
                "this handshake needs a token or a registration");
    }

    /// `token` is the one that the provider was given, as text.
    expected_handshake(const handshake& described, const key& token) : described_(described) {
        require(described.proof == handshake_proof::token, "this handshake shows no token");
        auto read = token.read_as(key_form::text).value();
        if (read.bytes().size() > max_text) {
            detail::raise({errc::key_wrong_length, "a verify token has at most 256 bytes"});
        }
        token_ = std::move(read);
    }

    /// `setup` must outlive the receiver.
    expected_handshake(const handshake& described, registration& setup)
        : described_(described), setup_(&setup) {
        require(described.proof == handshake_proof::registration,
                "this handshake brings no secret");
    }

    /// The most bytes that a token, a challenge or a secret has.
    static constexpr std::size_t max_text = 256;

    /// Whether a handshake is expected.
    [[nodiscard]] explicit operator bool() const noexcept { return described_.has_value(); }

    /// What is expected. There has to be something.
    [[nodiscard]] const handshake& described() const noexcept { return *described_; }

    /// The token, if it shows one.
    [[nodiscard]] const std::optional<key>& token() const noexcept { return token_; }

    /// The registration that the secret is for, or null.
    [[nodiscard]] registration* setup() const noexcept { return setup_; }

private:
    static void require(bool good, const char* otherwise) {
        if (!good) detail::raise({errc::empty_key, otherwise});
    }

    std::optional<handshake> described_;
    std::optional<key> token_;
    registration* setup_ = nullptr;
};

}  // namespace webhookpp

#endif
