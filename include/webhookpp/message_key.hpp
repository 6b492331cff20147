// SPDX-License-Identifier: MIT
// What a message is remembered by.
#ifndef WEBHOOKPP_MESSAGE_KEY_HPP
#define WEBHOOKPP_MESSAGE_KEY_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <webhookpp/crypto/hmac.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/crypto/random.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp {

/// Stands for one message of one endpoint: 32 bytes that depend on provider, endpoint and message
/// id, each with its length before it, so that no two combinations run into each other. A digest,
/// so that ids of any length take the same room, and nobody can choose keys that lie side by side.
class message_key {
public:
    /// The bytes of a key.
    static constexpr std::size_t size = 32;

    message_key() noexcept = default;
    /// A key that was stored: what `bytes()` was.
    explicit message_key(std::span<const unsigned char, size> bytes) noexcept {
        std::copy(bytes.begin(), bytes.end(), bytes_.begin());
    }

    /// The key of a message with an id. `internal_error` when memory or OpenSSL fails.
    [[nodiscard]] static result<message_key> of_id(std::string_view provider,
                                                   std::string_view endpoint,
                                                   std::string_view id) noexcept {
        return make("id", provider, endpoint, crypto::as_bytes(id));
    }

    /// The key of a message that has no id, or whose id proves nothing: of its body. As `of_id`.
    [[nodiscard]] static result<message_key> of_body(std::string_view provider,
                                                     std::string_view endpoint,
                                                     std::string_view body) noexcept {
        std::array<unsigned char, crypto::sha256_size> digest{};
        if (!crypto::sha256({}, crypto::as_bytes(body), digest)) return failed();
        return make("body", provider, endpoint, digest);
    }

    /// A key that no other message has: for one that cannot be told from others. As `of_id`.
    [[nodiscard]] static result<message_key> unique() noexcept {
        message_key made;
        if (!crypto::fill_random(made.bytes_)) return failed();
        return made;
    }

    /// All of it, to be stored. Valid as long as the key.
    [[nodiscard]] std::span<const unsigned char, size> bytes() const noexcept { return bytes_; }

    friend bool operator==(const message_key&, const message_key&) noexcept = default;

private:
    static unexpected failed() noexcept { return unexpected(errc::internal_error, "message key"); }

    static result<message_key> make(std::string_view kind, std::string_view provider,
                                    std::string_view endpoint, crypto::bytes last) noexcept {
#if defined(__cpp_exceptions)
        try {
            return digest_of(kind, provider, endpoint, last);
        } catch (...) {
            return failed();
        }
#else
        return digest_of(kind, provider, endpoint, last);
#endif
    }

    static result<message_key> digest_of(std::string_view kind, std::string_view provider,
                                         std::string_view endpoint, crypto::bytes last) {
        std::string text = "webhookpp message key 1";
        for (const crypto::bytes part : {crypto::as_bytes(kind), crypto::as_bytes(provider),
                                         crypto::as_bytes(endpoint), last}) {
            for (int shift = 56; shift >= 0; shift -= 8) {
                text += static_cast<char>(std::uint64_t{part.size()} >> shift & 0xff);
            }
            text.append(part.begin(), part.end());
        }
        message_key made;
        if (!crypto::sha256({}, crypto::as_bytes(text), made.bytes_)) return failed();
        return made;
    }

    std::array<unsigned char, size> bytes_ = {};
};

/// What is done with a message whose id is new but not signed, and whose body was here before:
/// either its sender has repeated itself, or somebody has given a recorded delivery another id.
enum class same_body : std::uint8_t {
    flag,    ///< it is a new message, of which handlers learn that it may be a replay
    drop,    ///< it is a duplicate
    ignore,  ///< bodies are never compared, not even of messages that have no id
};

/// How messages of one endpoint are recognised.
struct identification {
    /// The provider: the name of the scheme.
    std::string_view provider = {};

    /// The endpoint, which tells its messages from those of the provider's other endpoints.
    std::string_view endpoint = {};

    /// The message id, if it is not that of the message: one that stands in the body.
    std::string_view id = {};

    /// What is done with a body that was here before.
    webhookpp::same_body same_body = same_body::flag;

    /// Whether two messages may have the same body: `scheme::repeats_bodies`.
    bool repeats_bodies = false;
};

/// The keys of one message.
struct message_identity {
    /// Two deliveries with the same one are of the same message.
    message_key key;

    /// Of its body, where that is to be compared.
    std::optional<message_key> body_key;
};

/// Says how `message` is to be recognised: by its id; without one by its body, unless bodies tell
/// nothing; else not at all. An id that is not signed stops the retries of an honest sender, so the
/// body, if that is signed, is looked at beside it. Errors: `internal_error`.
[[nodiscard]] inline result<message_identity> identify(const verified_message& message,
                                                       const identification& as) noexcept {
    const bool compares_bodies = as.same_body != same_body::ignore && !as.repeats_bodies;
    const std::string_view id = as.id.empty() ? message.id() : as.id;
    const bool id_is_signed = as.id.empty() ? message.id_is_signed() : message.body_is_signed();
    auto key = !id.empty()       ? message_key::of_id(as.provider, as.endpoint, id)
               : compares_bodies ? message_key::of_body(as.provider, as.endpoint, message.body())
                                 : message_key::unique();
    if (!key) return unexpected(key.error());
    message_identity found{*key, std::nullopt};
    if (id.empty() || id_is_signed || !message.body_is_signed() || !compares_bodies) return found;
    const auto of_body = message_key::of_body(as.provider, as.endpoint, message.body());
    if (!of_body) return unexpected(of_body.error());
    found.body_key = *of_body;
    return found;
}

}  // namespace webhookpp

#endif
