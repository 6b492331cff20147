// SPDX-License-Identifier: MIT
// Messages and times for the rules of the conformance kit.
#ifndef WEBHOOKPP_TESTING_DETAIL_SAMPLE_MESSAGES_HPP
#define WEBHOOKPP_TESTING_DETAIL_SAMPLE_MESSAGES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/entry.hpp>
#include <webhookpp/message_key.hpp>

namespace webhookpp::testing::detail {

// Unix milliseconds, and milliseconds. Long, since a server may also look at its own clock.
inline constexpr std::int64_t start = 1'700'000'000'000;
inline constexpr std::int64_t minute = 60'000;
inline constexpr std::int64_t day = std::int64_t{24} * 60 * minute;
inline constexpr std::int64_t week = 7 * day;

[[nodiscard]] inline message_key key_of(std::string_view id) {
    return message_key::of_id("provider", "endpoint", id).value();
}

/// Keys of which each differs from another one in a single byte.
[[nodiscard]] inline std::vector<message_key> keys_of_all_bytes() {
    std::vector<message_key> keys;
    for (std::size_t at = 0; at < message_key::size; ++at) {
        for (const unsigned char byte : std::to_array<unsigned char>({0x00, 0x20, 0xff})) {
            std::array<unsigned char, message_key::size> bytes{};
            bytes.fill(byte == 0x00 ? 0x41 : 0x00);
            bytes[at] = byte;
            keys.emplace_back(bytes);
        }
    }
    return keys;
}

/// `count` ids that differ.
[[nodiscard]] inline std::vector<std::string> ids_of(std::size_t count) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < count; ++i) ids.push_back("msg_" + std::to_string(i));
    return ids;
}

/// A message like any other. `id` has to outlive it.
[[nodiscard]] inline new_entry message(std::string_view id) {
    return {.key = key_of(id),
            .provider = "stripe",
            .endpoint = "orders",
            .message_id = id,
            .event_type = "order.created",
            .body = R"({"type":"order.created"})",
            .accepted_at = start,
            .keep_until = start + week};
}

/// As `message`, one of a partition.
[[nodiscard]] inline new_entry message_of(std::string_view partition, std::string_view id) {
    new_entry made = message(id);
    made.partition = partition;
    return made;
}

/// As `message`, one whose body is compared with others.
[[nodiscard]] inline new_entry message_with(std::string_view body, std::string_view id) {
    new_entry made = message(id);
    made.body_key = message_key::of_body("provider", "endpoint", body).value();
    made.body = body;
    return made;
}

}  // namespace webhookpp::testing::detail

#endif
