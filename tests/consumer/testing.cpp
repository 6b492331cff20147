// SPDX-License-Identifier: MIT
// Signs deliveries for tests.
#include <webhookpp/testing/signed_delivery.hpp>

#include "vector.hpp"

int main() {
    namespace wh = webhookpp;
    const vector like;
    const auto made = wh::testing::sign_delivery(wh::schemes::standard_webhooks, like.secret,
                                                 like.body, 1614265330);
    const wh::verifier<wh::schemes::standard_webhooks> verifier{like.secret, any_age};
    return verifies() && verifier.verify(made.view()) ? 0 : 1;
}
