// SPDX-License-Identifier: MIT
// What goes into an inbox and what handlers write, so that a test can say what became of both.
#ifndef WEBHOOKPP_TESTS_FAULT_INJECTION_STORED_MESSAGES_HPP
#define WEBHOOKPP_TESTS_FAULT_INJECTION_STORED_MESSAGES_HPP

#include <array>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/entry.hpp>
#include <webhookpp/inbox.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/verified_message.hpp>

#include "store_facts.hpp"

namespace fault_injection {

/// A fresh id for each message, in memory of its own.
class numbered_message {
public:
    explicit numbered_message(bool id_is_signed) : id_is_signed_(id_is_signed) {}

    /// The next one. Without `body` it is one that no other has, and no event.
    void next(std::string_view body = {}) {
        std::snprintf(id_.data(), id_.size(), "msg_%08d", ++number_);
        if (body.empty()) {
            body_.assign(id_.data()).append(100, 'b');
        } else {
            body_ = body;
        }
        message_.emplace(wh::detail::message_factory::make(
            wh::body_view(body_), {.id = id_.data(),
                                   .timestamp = proof().timestamp,
                                   .key_index = proof().key_index,
                                   .body_is_signed = proof().body_is_signed,
                                   .id_is_signed = proof().id_is_signed,
                                   .replay_possible = proof().replay_possible}));
    }
    /// What verification has found out about it.
    [[nodiscard]] wh::message_proof proof() const {
        return {.timestamp = 1'700'000'001,
                .key_index = 3,
                .body_is_signed = true,
                .id_is_signed = id_is_signed_,
                .replay_possible = false};
    }
    [[nodiscard]] const wh::verified_message& get() const { return *message_; }
    [[nodiscard]] std::string_view id() const { return id_.data(); }

private:
    bool id_is_signed_;
    int number_ = 0;
    std::array<char, 16> id_ = {};
    std::string body_;
    std::optional<wh::verified_message> message_;
};

/// A table of the handler's own, where the store has transactions that can write.
template <class Store>
class effects {
public:
    static constexpr bool are_kept =
        requires(typename Store::transaction & of, const std::string& text) {
        of.execute(text);
    };

    explicit effects(Store store) : store_(std::move(store)) {
        if constexpr (are_kept) {
            store_.execute("CREATE TABLE IF NOT EXISTS effects (id TEXT, seen INTEGER DEFAULT 0)")
                .value();
            store_.execute("DELETE FROM effects").value();
        }
    }

    wh::result<void> write(typename Store::transaction& to, std::string_view id) const {
        if constexpr (are_kept) {
            const auto written = to.execute(insertion_, {id});
            if (!written) return wh::unexpected(written.error());
        }
        return {};
    }
    /// How often it was written for `id`.
    [[nodiscard]] std::size_t count(std::string_view id) {
        if constexpr (are_kept) {
            return store_.execute("UPDATE effects SET seen = seen + 1 WHERE id = $1", {id}).value();
        }
        return 0;
    }
    [[nodiscard]] bool is(std::string_view id, std::size_t wanted) {
        return !are_kept || count(id) == wanted;
    }

private:
    Store store_;
    const std::string insertion_ = "INSERT INTO effects (id) VALUES ($1)";
};

}  // namespace fault_injection

#endif
