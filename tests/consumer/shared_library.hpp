// SPDX-License-Identifier: MIT
// What the shared library offers.
#ifndef WEBHOOKPP_TESTS_CONSUMER_SHARED_LIBRARY_HPP
#define WEBHOOKPP_TESTS_CONSUMER_SHARED_LIBRARY_HPP

#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>

#define SHOWN __attribute__((visibility("default")))

/// The size of the body, if the library accepts the delivery.
SHOWN webhookpp::result<std::size_t> accept_in_library(const webhookpp::delivery& sent);

/// Throws `webhookpp::exception` with `empty_key`.
SHOWN void make_empty_key_in_library();

#endif
