// SPDX-License-Identifier: MIT
// Reads the fields of a handshake: out of body, query or headers.
#ifndef WEBHOOKPP_DETAIL_HANDSHAKE_VALUE_HPP
#define WEBHOOKPP_DETAIL_HANDSHAKE_VALUE_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/sent_token.hpp>
#include <webhookpp/event.hpp>
#include <webhookpp/expected_handshake.hpp>
#include <webhookpp/fixed_text.hpp>
#include <webhookpp/handshake.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp::detail {

/// Text that may be a token or a secret: overwritten when it is destroyed.
struct handshake_text : fixed_text<expected_handshake::max_text> {
    using fixed_text::fixed_text;
    // Not defaulted: `{}` would then write zeros over all of it.
    handshake_text() noexcept {}  // NOLINT(modernize-use-equals-default)
    handshake_text(const handshake_text&) noexcept = default;
    handshake_text& operator=(const handshake_text&) = delete;
    ~handshake_text() {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): the bytes are its own
        auto* const bytes = const_cast<char*>(data());
        crypto::wipe({reinterpret_cast<unsigned char*>(bytes), size()});
    }
};

inline constexpr std::size_t largest_handshake_body = std::size_t{8} * 1024;
inline constexpr std::size_t largest_handshake_target = std::size_t{8} * 1024;

/// What stands in a field of a handshake.
struct handshake_value {
    enum class kind : std::uint8_t {
        absent,
        text,
        number,
        unusable,  ///< too long, doubled, of another type
    };

    kind which = kind::absent;
    handshake_text text = {};
    std::int64_t number = 0;

    [[nodiscard]] static handshake_value of(std::string_view text) noexcept {
        if (text.size() > expected_handshake::max_text) return {.which = kind::unusable};
        return {.which = kind::text, .text = text};
    }

    /// Whether this is what `marker` asks for.
    [[nodiscard]] bool is(const handshake_marker& marker) const noexcept {
        if (marker.number) return which == kind::number && number == *marker.number;
        if (marker.text.empty()) return which != kind::absent;
        return which == kind::text && text == marker.text;
    }
};

/// The two fields of a handshake that may stand in its body.
struct handshake_body {
    handshake_value marker = {};
    handshake_value challenge = {};
};

/// The value at `path` of a JSON document: names with dots between them.
template <class Value>
[[nodiscard]] handshake_value value_at(const Value& root, std::string_view path) {
    std::optional<Value> here = root;
    while (!path.empty()) {
        const std::string_view wanted = path.substr(0, path.find('.'));
        path.remove_prefix(wanted.size() < path.size() ? wanted.size() + 1 : path.size());
        if (!here->is_object()) return {};
        std::optional<Value> found;
        bool doubled = false;
        here->for_each_member([&](std::string_view name, const Value& value) {
            if (name != wanted) return;
            doubled = found.has_value();
            found = value;
        });
        if (doubled) return {.which = handshake_value::kind::unusable};
        if (!found) return {};
        here = found;
    }
    const json_scalar scalar = here->scalar();
    if (scalar.which == json_scalar::kind::text) return handshake_value::of(scalar.text);
    if (scalar.which == json_scalar::kind::integer) {
        return {.which = handshake_value::kind::number, .number = scalar.integer};
    }
    return {.which = handshake_value::kind::unusable};
}

/// Reads the fields of `described` that stand in the body of `message`.
template <class Parser>
[[nodiscard]] result<handshake_body> read_handshake_body(const handshake& described,
                                                         const Parser& parser,
                                                         const verified_message& message) noexcept {
    return parser.read(message, [&described](const auto& root) -> result<handshake_body> {
        const auto field = [&](const handshake_field& from) -> handshake_value {
            if (from.where != handshake_field::place::body) return {};
            return value_at(root, from.name);
        };
        return handshake_body{.marker = field(described.marker.field),
                              .challenge = field(described.challenge)};
    });
}

/// `text` of a query with `%41` and `+` decoded; unusable if it is too long or malformed.
[[nodiscard]] inline handshake_value decoded_query(std::string_view text) noexcept {
    handshake_text decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned char byte[1] = {static_cast<unsigned char>(text[i] == '+' ? ' ' : text[i])};
        if (text[i] == '%') {
            if (text.size() - i < 3 ||
                !crypto::hex_decode(text.substr(i + 1, 2), byte, crypto::hex_case::either)) {
                return {.which = handshake_value::kind::unusable};
            }
            i += 2;
        }
        if (decoded.size() == expected_handshake::max_text) {
            return {.which = handshake_value::kind::unusable};
        }
        decoded.append({reinterpret_cast<const char*>(byte), 1});
    }
    return handshake_value::of(decoded);
}

/// The value of the query's member `name`. Errors: `duplicate_header` for two different ones.
[[nodiscard]] inline result<handshake_value> query_value(std::string_view target,
                                                         std::string_view name) noexcept {
    signature_source source;
    source.query = name;
    const auto found = token_in(source, target);
    if (found) return decoded_query(*found);
    if (found.error().code == errc::missing_header) return handshake_value();
    return unexpected(found.error().code, name);
}

/// The value of the header `name`. Errors: `duplicate_header`, `header_too_large`;
/// `internal_error` when the host's headers cannot be read.
[[nodiscard]] inline result<handshake_value> header_value(const header_source& headers,
                                                          std::string_view name) noexcept {
    wiped_headers wiped;
    collected_headers& collected = wiped.collected;
    if (!collected.collect(headers, std::span(&name, 1), expected_handshake::max_text)) {
        return unexpected(errc::internal_error, "headers");
    }
    switch (collected.which(0)) {
        case collected_headers::state::duplicate: return unexpected(errc::duplicate_header, name);
        case collected_headers::state::too_large: return unexpected(errc::header_too_large, name);
        case collected_headers::state::missing: return handshake_value();
        case collected_headers::state::single: break;
    }
    return handshake_value::of(collected.value(0));
}

}  // namespace webhookpp::detail

#endif
