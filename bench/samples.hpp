// SPDX-License-Identifier: MIT
// What the benchmarks are fed with: requests as a server hands them over.
#ifndef WEBHOOKPP_BENCH_SAMPLES_HPP
#define WEBHOOKPP_BENCH_SAMPLES_HPP

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "../tests/sample_bodies.hpp"

using header_list = std::vector<std::pair<std::string, std::string>>;

/// The headers of any delivery: seven that are of no account to a verifier.
inline header_list usual_headers(std::size_t body_size,
                                 const char* content_type = "application/json") {
    return {{"Host", "hooks.example.com"},
            {"User-Agent", "Svix-Webhooks/1.24.0 (sender-9YMgn; +https://www.svix.com)"},
            {"Content-Type", content_type},
            {"Content-Length", std::to_string(body_size)},
            {"Accept", "*/*"},
            {"X-Forwarded-For", "203.0.113.7"},
            {"X-Request-Id", "7b1c8a0e5f2d4c6b9a3e1d0f8c7b6a59"}};
}

#endif
