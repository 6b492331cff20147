// SPDX-License-Identifier: MIT
// What guards and inboxes read of a body before it is handled.
#ifndef WEBHOOKPP_DETAIL_BODY_FACTS_HPP
#define WEBHOOKPP_DETAIL_BODY_FACTS_HPP

#include <string_view>
#include <utility>

#include <webhookpp/detail/characters.hpp>
#include <webhookpp/error.hpp>
#include <webhookpp/fixed_text.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/value_type.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp::detail {

struct body_facts {
    /// The message id, where the catalog says which member that is and no header has one.
    fixed_text<verified_message::max_id> id;

    fixed_text<verified_message::max_event_type> event_type;
};

/// Which of them are wanted.
enum class wanted_facts : bool { id, id_and_event_type };

/// Reads the members of the outermost object that the catalog names, if no header has told them
/// already. What is absent, doubled, no plain text or too long stays empty, as does all of a body
/// that is no JSON: whoever handles it will say so. Errors: `internal_error`, when memory runs out;
/// the message would else be known by its id at one time and by its body at another.
template <class Parser>
[[nodiscard]] result<body_facts> read_body_facts(const Parser& parser,
                                                 const verified_message& message,
                                                 wanted_facts wanted) noexcept {
    using catalog = typename Parser::catalog;
    body_facts facts;
    facts.event_type = message.event_type();
    const bool reads_type =
        wanted == wanted_facts::id_and_event_type && message.event_type().empty();
    const bool reads_id = !catalog::id_member.empty() && message.id().empty();
    if (!reads_type && !reads_id) return facts;
    const auto read = parser.read(message, [&](const auto& root) -> result<void> {
        const auto keep = [](const auto& value, auto& text, bool& seen) {
            const bool again = std::exchange(seen, true);
            text = {};
            std::string_view found;
            if (again || !value.get_text(found) || found.size() > text.capacity() ||
                !is_visible_ascii(found)) {
                return;
            }
            text = found;
        };
        if (!root.is_object()) return {};
        bool seen_type = false;
        bool seen_id = false;
        root.for_each_member([&](std::string_view name, const auto& value) {
            if (reads_type && name == catalog::type_member) {
                keep(value, facts.event_type, seen_type);
            }
            if (reads_id && name == catalog::id_member) keep(value, facts.id, seen_id);
        });
        return {};
    });
    if (!read && http_status(read.error().code) == 503) return unexpected(read.error());
    return facts;
}

}  // namespace webhookpp::detail

#endif
