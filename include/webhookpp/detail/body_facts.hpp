// What guards and inboxes read of a body before it is handled.
#ifndef WEBHOOKPP_DETAIL_BODY_FACTS_HPP
#define WEBHOOKPP_DETAIL_BODY_FACTS_HPP

#include <string_view>

#include <webhookpp/detail/characters.hpp>
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

/// Reads the members of the outermost object that the catalog names. What is absent, doubled, no
/// plain text or too long stays empty, as does all of a body that is no JSON: whoever handles it
/// will say so.
template <class Parser>
[[nodiscard]] body_facts read_body_facts(const Parser& parser,
                                         const verified_message& message) noexcept {
    using catalog = typename Parser::catalog;
    body_facts facts;
    facts.event_type = message.event_type();
    const auto read = parser.read(message, [&](const auto& root) -> result<void> {
        const auto keep = [](const auto& value, auto& text, bool& seen) {
            const bool again = seen;
            seen = true;
            text = {};
            if (again || value.is_object() || value.is_array()) return;
            const json_scalar scalar = value.scalar();
            if (scalar.which != json_scalar::kind::text || scalar.text.size() > text.capacity() ||
                !is_visible_ascii(scalar.text)) {
                return;
            }
            text = scalar.text;
        };
        if (!root.is_object()) return {};
        bool seen_type = false;
        bool seen_id = false;
        root.for_each_member([&](std::string_view name, const auto& value) {
            if (name == catalog::type_member && message.event_type().empty()) {
                keep(value, facts.event_type, seen_type);
            }
            if (!catalog::id_member.empty() && name == catalog::id_member && message.id().empty()) {
                keep(value, facts.id, seen_id);
            }
        });
        return {};
    });
    if (!read) facts.id = {};
    return facts;
}

}  // namespace webhookpp::detail

#endif
