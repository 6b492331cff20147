// SPDX-License-Identifier: MIT
// What was handed on, as text, so that a success which has lost a part of it is noticed.
#ifndef WEBHOOKPP_TESTS_FAULT_INJECTION_SEEN_HPP
#define WEBHOOKPP_TESTS_FAULT_INJECTION_SEEN_HPP

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include <webhookpp/json/encode.hpp>
#include <webhookpp/verified_message.hpp>

namespace fault_injection {

/// What a message says beside its body.
struct facts {
    std::string id = {};
    std::string event_type = {};
    std::optional<std::int64_t> timestamp = {};
    std::optional<std::size_t> key_index = {};
    bool body_is_signed = false;
    bool id_is_signed = false;
    bool replay_possible = true;
};

inline std::string in_words(const facts& of) {
    const auto number = [](const auto& value) { return value ? std::to_string(*value) : "none"; };
    std::string text = "id '";
    text.append(of.id).append(of.id_is_signed ? "', signed" : "'");
    text.append(", type '").append(of.event_type).append("', time ").append(number(of.timestamp));
    text.append(", key ").append(number(of.key_index));
    if (of.body_is_signed) text.append(", body signed");
    if (of.replay_possible) text.append(", may be a replay");
    return text;
}

/// The same of a `verified_message` or a `verified_stream`.
template <class Message>
std::string seen_of(const Message& message) {
    std::string text = in_words({.id = std::string(message.id()),
                                 .event_type = std::string(message.event_type()),
                                 .timestamp = message.timestamp(),
                                 .key_index = message.key_index(),
                                 .body_is_signed = message.body_is_signed(),
                                 .id_is_signed = message.id_is_signed(),
                                 .replay_possible = message.replay_possible()});
    if (message.skipped_tokens() != 0) text.append(", with tokens skipped");
    return text;
}

inline nlohmann::json without_nulls(const nlohmann::json& from) {
    if (!from.is_structured()) return from;
    nlohmann::json kept(from.type());
    for (const auto& [name, value] : from.items()) {
        if (from.is_array()) {
            kept.push_back(without_nulls(value));
        } else if (!value.is_null()) {
            kept[name] = without_nulls(value);
        }
    }
    return kept;
}

/// `json` in one form, without members that are null: those that are optional may be left out.
inline std::string canonical(std::string_view json) {
    return without_nulls(nlohmann::json::parse(json)).dump();
}

/// An event as a body that it could have been decoded from.
template <class Event>
std::string seen_of_event(const Event& event) {
    return canonical(webhookpp::json::encode(event));
}

}  // namespace fault_injection

#endif
