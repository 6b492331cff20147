// SPDX-License-Identifier: MIT
// Takes the secret that a provider sends to an endpoint when it is registered there.
#ifndef WEBHOOKPP_REGISTRATION_HPP
#define WEBHOOKPP_REGISTRATION_HPP

#include <algorithm>
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>

#include <webhookpp/clock.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/crypto/random.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/tolerance.hpp>

namespace webhookpp {

/// Whether an endpoint may be given a secret now, and what becomes of it. Closed at first.
///
/// Whoever calls an endpoint while its registration is open can give it a key. So the host opens
/// it when it has asked the provider to register, for a short time; the first secret closes it.
/// Each endpoint has one of its own. All functions may be called from any number of threads.
class registration {
public:
    /// Gets the secret, from the thread that received it and before the provider is answered: it
    /// stores the key, and gives it to the verifier with `replace`. Never logs it. If it throws,
    /// the provider is answered with 500 and the registration stays open until its deadline.
    using receive_secret = std::function<void(const key& secret)>;

    /// The longest time that a registration is open: a day.
    static constexpr seconds longest{86'400};

    /// Makes a closed registration. `clock` tells when its time is over.
    template <clock_source Clock = system_clock>
    explicit registration(Clock clock = {}) : now_([clock] { return clock.now(); }) {}

    registration(const registration&) = delete;
    registration& operator=(const registration&) = delete;

    /// Opens it for one secret, which `receive` gets, and for `lasting`, but at most for `longest`.
    /// With less than 0 seconds it stays closed. One that is open already goes on with these.
    void open(seconds lasting, receive_secret receive) {
        const std::int64_t deadline =
            now_() + std::clamp<std::int64_t>(lasting.count(), -1, longest.count());
        const std::lock_guard lock(mutex_);
        receive_ = std::move(receive);
        deadline_ = deadline;
        ++opened_or_closed_;
    }

    /// Closes it. A secret that is being received at this moment still is.
    void close() {
        const std::lock_guard lock(mutex_);
        receive_ = nullptr;
        ++opened_or_closed_;
    }

    /// Whether the next secret would be taken.
    [[nodiscard]] bool is_open() const {
        const std::lock_guard lock(mutex_);
        return takes_secret();
    }

    /// Hands `secret` on if the registration is open, and closes it: of several threads that call
    /// this at the same time one succeeds. What receivers call. Does not throw what `receive` does.
    ///
    /// Errors: `no_supported_signature` when it is closed or its time is over; `handler_failed`
    /// when `receive` threw.
    [[nodiscard]] result<void> take(const key& secret) {
        receive_secret receive;
        std::uint64_t taken_at = 0;
        {
            const std::lock_guard lock(mutex_);
            if (!takes_secret()) {
                return unexpected(errc::no_supported_signature, "no registration is open");
            }
            receive = std::exchange(receive_, nullptr);
            taken_at = opened_or_closed_;
        }
#if defined(__cpp_exceptions)
        try {
            receive(secret);
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (taken_at == opened_or_closed_) receive_ = std::move(receive);
            return unexpected(errc::handler_failed, "registration");
        }
#else
        static_cast<void>(taken_at);
        receive(secret);
#endif
        return {};
    }

private:
    [[nodiscard]] bool takes_secret() const {
        return receive_ && now_() <= deadline_;
    }

    const std::function<std::int64_t()> now_;
    mutable std::mutex mutex_;
    receive_secret receive_;
    std::int64_t deadline_ = 0;
    std::uint64_t opened_or_closed_ = 0;  // how often
};

/// A key of 32 random bytes that nobody knows, for the verifier of an endpoint whose secret is yet
/// to come: until then it refuses every delivery. For schemes whose keys are text.
///
/// Throws `exception` with `internal_error` when OpenSSL has no random bytes.
[[nodiscard]] inline key placeholder_key() {
    crypto::secret_bytes secret(32);
    if (!crypto::fill_random(secret.writable())) {
        detail::raise({errc::internal_error, "no random bytes"});
    }
    return key::from_bytes(secret.view());
}

}  // namespace webhookpp

#endif
