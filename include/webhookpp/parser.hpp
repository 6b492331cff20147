// SPDX-License-Identifier: MIT
// Turns verified messages into typed events.
#ifndef WEBHOOKPP_PARSER_HPP
#define WEBHOOKPP_PARSER_HPP

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <webhookpp/catalog.hpp>
#include <webhookpp/fwd.hpp>
#include <webhookpp/json/decode.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp {

/// How a parser is set up.
struct parser_options {
    /// How many objects and arrays may lie within each other; beyond: `malformed_json`.
    std::size_t depth = 64;
};

/// Decodes the body of a verified message into an event of `Catalog`, with a JSON `Engine`.
///
/// Immutable: any number of threads may use one at the same time. The default engine needs
/// `webhookpp/json/nlohmann.hpp`, which `webhookpp/webhookpp.hpp` includes.
template <class Catalog, class Engine>
class parser {
public:
    /// What events there are.
    using catalog = Catalog;
    /// One of them: a `std::variant`.
    using event = typename Catalog::event;

    parser() noexcept = default;
    /// With other limits.
    explicit parser(const parser_options& options) noexcept : options_(options) {}

    /// Decodes `message`. The event owns all that it holds.
    ///
    /// An event type that the catalog does not list gives `unknown_event`. Errors, of which the
    /// first that applies is returned: `malformed_json` for the grammar, UTF-8 or depth anywhere in
    /// the body; `missing_event_type`; `invalid_payload` with the path of a member
    /// (`data.dataFields[1].id`). `internal_error` when memory runs out, or a user's own
    /// `value_traits` throw.
    [[nodiscard]] result<event> parse(const verified_message& message) const noexcept {
#if defined(__cpp_exceptions)
        try {
            return decode(message.body());
        } catch (...) {
            return unexpected(errc::internal_error, "body");
        }
#else
        return decode(message.body());
#endif
    }

    /// Reads `message` as JSON that need not be an event, and returns what `use` makes of its
    /// outermost value: a `result`. Errors: `malformed_json`; those of `use`; `internal_error` when
    /// memory runs out.
    template <class Use>
    [[nodiscard]] auto read(const verified_message& message, Use use) const noexcept
        -> decltype(Engine::read(message.body(), std::size_t(), std::move(use))) {
#if defined(__cpp_exceptions)
        try {
            return Engine::read(message.body(), options_.depth, std::move(use));
        } catch (...) {
            return unexpected(errc::internal_error, "body");
        }
#else
        return Engine::read(message.body(), options_.depth, std::move(use));
#endif
    }

private:
    [[nodiscard]] result<event> decode(std::string_view body) const {
        return Engine::read(body, options_.depth, [body](const auto& root) {
            return decode_root(root, body, std::make_index_sequence<Catalog::types.size()>());
        });
    }

    template <class Value, std::size_t... Index>
    static result<event> decode_root(const Value& root, std::string_view body,
                                     std::index_sequence<Index...>) {
        using decode_event = result<event> (*)(const Value&, std::string_view);
        // Alternative 0 is for unknown types.
        static constexpr std::array<decode_event, sizeof...(Index)> decoders{
            &decode_alternative<Index + 1, Value>...};
        const auto type = event_type_of(root);
        if (!type) return unexpected(type.error());
        const std::size_t index = Catalog::find(*type);
        return index < decoders.size() ? decoders[index](root, body)
                                       : decode_unknown(root, body, *type);
    }

    template <std::size_t Index, class Value>
    static result<event> decode_alternative(const Value& root, std::string_view body) {
        // One variable, so that the event, which may be large, is never moved.
        result<event> decoded(std::in_place, std::in_place_index<Index>);
        const auto read = json::decode(root, std::get<Index>(*decoded), body, Catalog::type_member);
        if (!read) decoded = unexpected(read.error());
        return decoded;
    }

    template <class Value>
    static result<event> decode_unknown(const Value& root, std::string_view body,
                                        std::string_view type) {
        typename Catalog::unknown unknown;
        if constexpr (described<typename Catalog::unknown>) {
            // A type that nobody knows may have any members, so none of them is bad.
            json::decode_what_fits(root, unknown, body, Catalog::type_member);
        }
        unknown.type = type;
        unknown.body = body;
        return event(std::in_place_index<0>, std::move(unknown));
    }

    template <class Value>
    static result<std::string_view> event_type_of(const Value& root) {
        if (!root.is_object()) return unexpected(errc::missing_event_type);
        std::optional<Value> type;
        bool doubled = false;
        root.for_each_member([&](std::string_view name, Value value) {
            if (name != Catalog::type_member) return;
            doubled = type.has_value();
            type = value;
        });
        if (doubled) return unexpected(errc::invalid_payload, Catalog::type_member);
        std::string_view name;
        if (!type || !type->get_text(name)) {
            return unexpected(errc::missing_event_type, Catalog::type_member);
        }
        return name;
    }

    parser_options options_;
};

}  // namespace webhookpp

#endif
