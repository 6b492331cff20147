// SPDX-License-Identifier: MIT
// A body that is gone before its message cannot be verified.
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/verifier.hpp>

#include <string>
#include <utility>
#include <vector>

std::string read_body();

bool verify(const webhookpp::verifier<webhookpp::schemes::standard_webhooks>& verifier,
            const std::vector<std::pair<std::string, std::string>>& headers) {
#ifdef MUST_NOT_COMPILE
    return verifier.verify({headers, read_body()}).has_value();
#else
    const std::string body = read_body();
    return verifier.verify({headers, body}).has_value();
#endif
}
