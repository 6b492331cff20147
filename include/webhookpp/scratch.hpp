// SPDX-License-Identifier: MIT
// Work space that verifications share, so that they allocate nothing.
#ifndef WEBHOOKPP_SCRATCH_HPP
#define WEBHOOKPP_SCRATCH_HPP

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/crypto/hmac.hpp>
#include <webhookpp/detail/byte_buffer.hpp>

namespace webhookpp {

namespace detail {
class verification;
}

/// Work space for verifications, one at a time: a header source that is being read must not verify
/// with the same one. Holds no key material between them.
class scratch {
public:
    scratch() noexcept = default;

    /// The one of the calling thread, made by its first verification: 2 KiB, and on the heap at
    /// most 64 KiB more if deliveries had long headers or public keys were used.
    [[nodiscard]] static scratch& of_this_thread() noexcept {
        static thread_local scratch mine;
        return mine;
    }

private:
    friend class detail::verification;

    collected_headers headers_;
    detail::byte_buffer<512> message_;  // the signed bytes, where they have to be in one piece
    crypto::digest_context context_;
};

}  // namespace webhookpp

#endif
