// SPDX-License-Identifier: MIT
// A shared library that verifies, and shows nothing of how.
#include "shared_library.hpp"

#include "vector.hpp"

webhookpp::result<std::size_t> accept_in_library(const webhookpp::delivery& sent) {
    const webhookpp::verifier<webhookpp::schemes::standard_webhooks> verifier{vector().secret,
                                                                              any_age};
    const auto message = verifier.verify(sent);
    if (!message) return webhookpp::unexpected(message.error());
    return message->body().size();
}

void make_empty_key_in_library() {
    static_cast<void>(webhookpp::key::from_text(""));
}
