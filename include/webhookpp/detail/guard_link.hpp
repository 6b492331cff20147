// SPDX-License-Identifier: MIT
// A guard of any store, for receivers, which are the same for all.
#ifndef WEBHOOKPP_DETAIL_GUARD_LINK_HPP
#define WEBHOOKPP_DETAIL_GUARD_LINK_HPP

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include <webhookpp/replay_guard.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp::detail {

class guard_link {
public:
    guard_link() = default;

    template <class Store, class Clock>
    explicit guard_link(replay_guard<Store, Clock> guard) {
        const auto shared = std::make_shared<const replay_guard<Store, Clock>>(std::move(guard));
        reserve_ = [shared](const verified_message& message, std::string_view id) {
            return shared->reserve(message, id);
        };
        finish_ = [shared](const guarded_message& mine, bool handled) {
            return handled ? shared->commit(mine) : shared->release(mine);
        };
    }

    explicit operator bool() const noexcept { return reserve_ != nullptr; }

    [[nodiscard]] result<guarded_message> reserve(const verified_message& message,
                                                  std::string_view id) const {
        return reserve_(message, id);
    }
    [[nodiscard]] result<bool> commit(const guarded_message& mine) const {
        return finish_(mine, true);
    }
    [[nodiscard]] result<bool> release(const guarded_message& mine) const {
        return finish_(mine, false);
    }

private:
    std::function<result<guarded_message>(const verified_message&, std::string_view)> reserve_;
    std::function<result<bool>(const guarded_message&, bool)> finish_;
};

}  // namespace webhookpp::detail

#endif
