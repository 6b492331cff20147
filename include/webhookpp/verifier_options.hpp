// SPDX-License-Identifier: MIT
// What a deployment chooses for a verifier.
#ifndef WEBHOOKPP_VERIFIER_OPTIONS_HPP
#define WEBHOOKPP_VERIFIER_OPTIONS_HPP

#include <cstddef>
#include <optional>
#include <string>

#include <webhookpp/crypto/key.hpp>
#include <webhookpp/tolerance.hpp>

namespace webhookpp {

/// The most that a delivery may ask for. A limit that is exactly reached passes.
struct limits {
    std::size_t body = std::size_t{1024} * 1024;       ///< bytes; beyond: `body_too_large`
    std::size_t header_value = std::size_t{8} * 1024;  ///< bytes; beyond: `header_too_large`
    std::size_t query = std::size_t{8} * 1024;         ///< bytes of the target; `header_too_large`
    std::size_t form_fields = 1000;             ///< of a signed form; beyond: `body_too_large`
    std::size_t signatures = 16;                ///< of any version, 1 to 16; `too_many_signatures`
    std::size_t public_key_verifications = 16;  ///< a delivery; beyond: `too_many_signatures`
};

/// How a verifier is set up. The defaults are safe.
struct verifier_options {
    /// How far the signed timestamp may be from now; nothing means what the scheme says.
    std::optional<webhookpp::tolerance> tolerance = std::nullopt;

    /// What deliveries may cost.
    webhookpp::limits limits = {};

    /// The URL of the endpoint, exactly as it is registered with the sender: for schemes that sign
    /// it. Neither the request nor its `Host` decides what the sender called.
    std::string url = {};

    /// How long `whsec_` keys have to be.
    secret_length secrets = secret_length::usual;

    /// Accepts message ids with a dot in them. Then `a.1` + `2.b` and `a` + `1.2.b` are signed
    /// alike, so that whoever can choose ids or the start of bodies may shift bytes between them.
    bool allow_dot_in_id = false;
};

}  // namespace webhookpp

#endif
