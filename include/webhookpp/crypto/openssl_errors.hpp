// SPDX-License-Identifier: MIT
// Keeps the calling thread's OpenSSL error queue as the host left it.
#ifndef WEBHOOKPP_CRYPTO_OPENSSL_ERRORS_HPP
#define WEBHOOKPP_CRYPTO_OPENSSL_ERRORS_HPP

#include <openssl/err.h>

namespace webhookpp::crypto {

/// Removes, at the end of its scope, the errors that OpenSSL queued within it: a left-over entry
/// would make a later `SSL_get_error` of the host on this thread report a failure that is not its
/// own. Entries from before stay.
class error_queue_guard {
public:
    /// Remembers where the queue ends.
    error_queue_guard() noexcept { ERR_set_mark(); }
    error_queue_guard(const error_queue_guard&) = delete;
    error_queue_guard& operator=(const error_queue_guard&) = delete;
    ~error_queue_guard() { ERR_pop_to_mark(); }
};

}  // namespace webhookpp::crypto

#endif
