// SPDX-License-Identifier: MIT
// Entries as they are sent to PostgreSQL, and as they come back.
#ifndef WEBHOOKPP_STORES_DETAIL_POSTGRES_ENTRIES_HPP
#define WEBHOOKPP_STORES_DETAIL_POSTGRES_ENTRIES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <webhookpp/entry.hpp>
#include <webhookpp/stores/detail/postgres_connection.hpp>
#include <webhookpp/stores/detail/postgres_statements.hpp>
#include <webhookpp/stores/detail/postgres_values.hpp>

namespace webhookpp::stores::postgres_detail {

/// What the columns of `inbox_statements` hold.
inline entry entry_from(row columns) {
    entry made;
    made.number = columns.number();
    made.state = static_cast<entry_state>(columns.number());
    made.key = columns.key();
    made.provider = columns.text();
    made.endpoint = columns.text();
    made.message_id = columns.text();
    made.event_type = columns.text();
    made.partition = columns.text();
    if (columns.null()) {
        columns.skip();
    } else {
        made.body = columns.text();
    }
    made.body_size = static_cast<std::size_t>(columns.number());
    made.proof.timestamp = columns.optional_number();
    if (const auto index = columns.optional_number()) {
        made.proof.key_index = static_cast<std::size_t>(*index);
    }
    made.proof.body_is_signed = columns.flag();
    made.proof.id_is_signed = columns.flag();
    made.proof.replay_possible = columns.flag();
    made.proof.assumed = columns.flag();
    made.accepted_at = columns.number();
    made.ready_at = columns.optional_number();
    made.lease_until = columns.number();
    made.finished_at = columns.number();
    made.keep_until = columns.number();
    made.fence = columns.number();
    made.attempts = static_cast<std::uint32_t>(columns.number());
    made.duplicates =
        static_cast<std::uint32_t>((std::min<std::int64_t>)(columns.number(), UINT32_MAX));
    made.possible_replay = columns.flag();
    made.last_error = columns.text();
    return made;
}

inline inbox_backlog backlog_from(row columns) {
    inbox_backlog counted;
    counted.entries = static_cast<std::uint64_t>(columns.number());
    counted.bytes = static_cast<std::uint64_t>(columns.number());
    counted.oldest = columns.optional_number();
    return counted;
}

/// Entries that are stored by one statement.
class entry_arrays {
public:
    explicit entry_arrays(std::span<const new_entry> all) : size_(all.size()) {
        for (const new_entry& each : all) add(each);
    }

    [[nodiscard]] bool drops() const noexcept { return drops_; }

    /// The statement takes what it sends with it: once each.
    statement count_dropped(const std::string& text) {
        statement made(text);
        made.add(dropped_keys_).add(dropped_bodies_);
        return made;
    }
    statement store(const std::string& text) {
        statement made(text);
        made.add(key_).add(body_key_).add(drop_same_body_).add(provider_).add(endpoint_);
        made.add(message_id_).add(event_type_).add(partition_).add(stripe_).add(body_);
        made.add(signed_at_).add(key_index_).add(flags_).add(accepted_at_).add(keep_until_);
        return made;
    }

private:
    void add(const new_entry& from) {
        const bool drops = from.drop_same_body && from.body_key.has_value();
        key_.add(bytes_of(from.key));
        if (from.body_key) {
            body_key_.add(bytes_of(*from.body_key));
        } else {
            body_key_.add_null();
        }
        drop_same_body_.add(drops);
        provider_.add(from.provider);
        endpoint_.add(from.endpoint);
        message_id_.add(from.message_id);
        event_type_.add(from.event_type);
        partition_.add(from.partition);
        stripe_.add(stripe_of_partition(from.partition));
        body_.add(from.body);
        add_optional(signed_at_, from.proof.timestamp);
        add_optional(key_index_, from.proof.key_index);
        flags_.add(flags_of(from.proof));
        accepted_at_.add(from.accepted_at);
        keep_until_.add(from.keep_until);
        drops_ = drops_ || drops;
        // Too few would do as well, but an array says at its front how long it is.
        dropped_keys_.add(bytes_of(from.key));
        if (drops) {
            dropped_bodies_.add(bytes_of(*from.body_key));
        } else {
            dropped_bodies_.add_null();
        }
    }

    template <class Number>
    static void add_optional(array& to, const std::optional<Number>& value) {
        if (value) {
            to.add(static_cast<std::int64_t>(*value));
        } else {
            to.add_null();
        }
    }

    static std::int32_t flags_of(const message_proof& proof) noexcept {
        return (proof.body_is_signed ? 1 : 0) + (proof.id_is_signed ? 2 : 0) +
               (proof.replay_possible ? 4 : 0) + (proof.assumed ? 8 : 0);
    }

    std::size_t size_;
    bool drops_ = false;
    array key_ = array::of_bytes(size_);
    array body_key_ = array::of_bytes(size_);
    array drop_same_body_ = array::of_boolean(size_);
    array provider_ = array::of_bytes(size_);
    array endpoint_ = array::of_bytes(size_);
    array message_id_ = array::of_bytes(size_);
    array event_type_ = array::of_bytes(size_);
    array partition_ = array::of_bytes(size_);
    array stripe_ = array::of_int4(size_);
    array body_ = array::of_bytes(size_);
    array signed_at_ = array::of_int8(size_);
    array key_index_ = array::of_int8(size_);
    array flags_ = array::of_int4(size_);
    array accepted_at_ = array::of_int8(size_);
    array keep_until_ = array::of_int8(size_);
    array dropped_keys_ = array::of_bytes(size_);
    array dropped_bodies_ = array::of_bytes(size_);
};

}  // namespace webhookpp::stores::postgres_detail

#endif
