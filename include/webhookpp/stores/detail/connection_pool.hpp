// SPDX-License-Identifier: MIT
// A bounded number of connections to a server, lent to whoever has something to ask it.
#ifndef WEBHOOKPP_STORES_DETAIL_CONNECTION_POOL_HPP
#define WEBHOOKPP_STORES_DETAIL_CONNECTION_POOL_HPP

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/result.hpp>

namespace webhookpp::stores::detail {

/// Lends connections, opens them when they are needed, and closes those that are broken.
/// `Connection::usable()` says, without waiting for the server, whether an idle one can be lent.
template <class Connection>
class connection_pool : public std::enable_shared_from_this<connection_pool<Connection>> {
public:
    using opener = std::function<result<std::unique_ptr<Connection>>()>;

    connection_pool(std::size_t most, std::chrono::milliseconds patience, std::string_view busy,
                    opener open)
        : most_(most), patience_(patience), busy_(busy), open_(std::move(open)) {
        idle_.reserve(most);
    }

    /// A connection on loan. Gives it back at the end of its life, or closes it if it is broken.
    class loan {
    public:
        loan(std::shared_ptr<connection_pool> pool, std::unique_ptr<Connection> lent) noexcept
            : pool_(std::move(pool)), lent_(std::move(lent)) {}
        loan(loan&& other) noexcept = default;
        loan& operator=(loan&& other) noexcept {
            give_back();
            pool_ = std::move(other.pool_);
            lent_ = std::move(other.lent_);
            return *this;
        }
        loan(const loan&) = delete;
        loan& operator=(const loan&) = delete;
        ~loan() { give_back(); }

        void give_back() noexcept {
            if (pool_) std::exchange(pool_, nullptr)->take_back(std::move(lent_));
        }

        [[nodiscard]] Connection* get() const noexcept { return lent_.get(); }
        Connection* operator->() const noexcept { return lent_.get(); }
        Connection& operator*() const noexcept { return *lent_; }

    private:
        friend class connection_pool;

        std::shared_ptr<connection_pool> pool_;
        std::unique_ptr<Connection> lent_;
    };

    /// Waits until fewer than `most - spare` connections are on loan. Errors: `store_unavailable`
    /// when none gets free in time, or none can be opened.
    result<loan> borrow(std::size_t spare = 0) {
        loan made = admit(spare);
        if (!made.pool_) return unexpected(errc::store_unavailable, busy_);
        if (made.lent_ && made.lent_->usable()) return made;
        made.lent_.reset();  // before the server is asked for another one
        auto opened = open_();
        if (!opened) return unexpected(opened.error());
        made.lent_ = std::move(*opened);
        return made;
    }

private:
    // A loan, perhaps of no connection yet; or none at all.
    loan admit(std::size_t spare) {
        std::unique_lock lock(mutex_);
        if (!returned_.wait_for(lock, patience_, [&] { return lent_ + spare < most_; })) {
            return loan(nullptr, nullptr);
        }
        loan made(this->shared_from_this(), nullptr);
        ++lent_;
        if (!idle_.empty()) {
            made.lent_ = std::move(idle_.back());
            idle_.pop_back();
        }
        return made;
    }

    void take_back(std::unique_ptr<Connection> lent) noexcept {
        const bool good = lent && lent->usable();
        {
            const std::lock_guard lock(mutex_);
            --lent_;
            if (good) idle_.push_back(std::move(lent));  // there is room: it was reserved
        }
        // All, since they wait for different numbers of connections.
        returned_.notify_all();
    }

    const std::size_t most_;
    const std::chrono::milliseconds patience_;
    const std::string_view busy_;
    const opener open_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::size_t lent_ = 0;
    std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace webhookpp::stores::detail

#endif
