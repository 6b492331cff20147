// SPDX-License-Identifier: MIT
// A verifier refers to its scheme, which has to outlive it.
#include <webhookpp/any_verifier.hpp>
#include <webhookpp/schemes/shared_token.hpp>

namespace schemes = webhookpp::schemes;

constexpr webhookpp::scheme mine = schemes::shared_token_in("X-Token");

void make(const webhookpp::key& key) {
#ifdef MUST_NOT_COMPILE
    const webhookpp::any_verifier verifier(schemes::shared_token_in("X-Token"), key);
#else
    const webhookpp::any_verifier verifier(mine, key);
#endif
    static_cast<void>(verifier);
}
