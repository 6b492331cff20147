// SPDX-License-Identifier: MIT
// A small lock for what is rare and done quickly, without the cost of including <mutex>.
#ifndef WEBHOOKPP_DETAIL_FLAG_LOCK_HPP
#define WEBHOOKPP_DETAIL_FLAG_LOCK_HPP

#include <atomic>

namespace webhookpp::detail {

// Sets a flag while it lives. Who finds it set waits.
class flag_lock {
public:
    explicit flag_lock(std::atomic_flag& flag) noexcept : flag_(flag) {
        while (flag_.test_and_set(std::memory_order_acquire)) flag_.wait(true);
    }
    flag_lock(const flag_lock&) = delete;
    flag_lock& operator=(const flag_lock&) = delete;
    ~flag_lock() {
        flag_.clear(std::memory_order_release);
        flag_.notify_one();
    }

private:
    std::atomic_flag& flag_;
};

}  // namespace webhookpp::detail

#endif
