// SPDX-License-Identifier: MIT
// A delivery that owns its parts and is signed, for tests of receivers.
#ifndef WEBHOOKPP_TESTING_SIGNED_DELIVERY_HPP
#define WEBHOOKPP_TESTING_SIGNED_DELIVERY_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/crypto/key.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/sign.hpp>

namespace webhookpp::testing {

/// A signed delivery. Change its members at will to see a receiver refuse it.
struct signed_delivery {
    signed_headers headers = {};  ///< those that the scheme asks for
    std::string body = {};        ///< what was signed
    std::string target = {};      ///< path and query of the URL that is called

    /// A view of this delivery, valid as long as it lives unchanged.
    [[nodiscard]] delivery view() const& {
        return {.headers = headers, .body = body, .target = target};
    }
    delivery view() && = delete;
};

/// Signs `body` with `with`, sent at `timestamp` (Unix seconds) under `id` to `url`, which counts
/// where the scheme signs it or has its token there. Throws `exception` for what `sign` refuses.
[[nodiscard]] inline signed_delivery sign_delivery(const scheme& described, const key& with,
                                                   std::string body, std::int64_t timestamp,
                                                   std::string_view id = "msg_test",
                                                   std::string_view url = {}) {
    auto made =
        sign(described, with, {.id = id, .timestamp = timestamp, .body = body, .url = url}).value();
    return {std::move(made.headers), std::move(body), std::string(target_of(made.url))};
}

}  // namespace webhookpp::testing

#endif
