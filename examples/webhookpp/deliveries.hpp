// SPDX-License-Identifier: MIT
// Deliveries to be verified, as the command line and test vectors describe them.
#ifndef WEBHOOKPP_EXAMPLES_DELIVERIES_HPP
#define WEBHOOKPP_EXAMPLES_DELIVERIES_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <webhookpp/request.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/verifier_options.hpp>

#include "commands.hpp"
#include "vectors.hpp"

namespace tool {

/// The delivery of a test vector, with the keys of its receiver.
struct vector_delivery {
    explicit vector_delivery(const json& vector);

    /// Views this.
    [[nodiscard]] webhookpp::delivery request() const;

    const webhookpp::scheme* scheme = nullptr;  ///< null for one that is not known
    std::vector<std::string> keys = {};
    header_list headers = {};
    std::string body = {};
    std::string method = {};
    std::string url = {};
    std::int64_t now = 0;
};

/// Whether the verdict or the error that is `given` is not that of the vector.
bool verdict_differs(const json& vector, const json& given);

/// What the options say about the verifier.
webhookpp::verifier_options set_up_of(const verify_options& options);

}  // namespace tool

#endif
