// SPDX-License-Identifier: MIT
// Mistakes with headers: mixed families, other names, and signatures of other schemes.
#ifndef WEBHOOKPP_DETAIL_EXPLAIN_HEADERS_HPP
#define WEBHOOKPP_DETAIL_EXPLAIN_HEADERS_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/detail/failed_delivery.hpp>
#include <webhookpp/detail/key_text.hpp>
#include <webhookpp/detail/rewritten_text.hpp>
#include <webhookpp/explanation.hpp>
#include <webhookpp/schemes/all.hpp>

namespace webhookpp::detail {

/// Looks for headers of one delivery that stand under other names than those that the scheme reads.
class header_mistakes {
public:
    header_mistakes(failed_delivery& failed, std::vector<likely_cause>& causes)
        : failed_(failed), causes_(causes) {}

    /// Adds that the headers of two sets of names were mixed. Returns whether they were, and match.
    [[nodiscard]] bool find_families() {
        const header_names* const roles[] = {&failed_.described().signature.header,
                                             &failed_.described().timestamp.header,
                                             &failed_.described().id.header};
        if (roles[0]->count != 2) return false;
        // Each bit of a choice is a role, and says from which set.
        for (std::size_t choice = 0; choice < 8; ++choice) {
            copied_headers headers = failed_.headers();
            std::string words;
            bool complete = true;
            for (std::size_t role = 0; role < 3; ++role) {
                const header_names& names = *roles[role];
                if (names.count != 2) continue;
                const std::string_view chosen = names[choice >> role & 1U];
                const std::string_view value = failed_.headers().value(chosen);
                complete = complete && !value.empty();
                words.append(words.empty() ? "" : " and ").append(chosen);
                headers.remove(names[1]);
                headers.set(names[0], value);
            }
            trial changed = failed_.as_it_is();
            changed.headers = &headers;
            if (!complete || !failed_.matches(changed)) continue;
            causes_.push_back({cause::families_mixed,
                               "the signature matches " + words +
                                   "; headers of both families are there, and only those of one "
                                   "are read"});
            return true;
        }
        return false;
    }

    /// Adds that the signature stands in a header of another name. Returns whether it matches.
    [[nodiscard]] bool find_other_name() {
        const scheme& described = failed_.described();
        if (described.signature.header.count == 0) return false;
        if (find_spelled_otherwise()) return true;
        if (failed_.headers().has(described.signature.header[0])) return false;
        std::size_t tried = 0;
        for (const auto& [name, value] : failed_.headers()) {
            if (value.size() < 20 || equal_names(name, described.signature.header[0]) ||
                ++tried > 16) {
                continue;
            }
            copied_headers headers = failed_.headers();
            headers.set(described.signature.header[0], value);
            trial changed = failed_.as_it_is();
            changed.headers = &headers;
            if (!failed_.matches(changed)) continue;
            causes_.push_back(
                {cause::other_scheme, "the signature is right, but stands in another header than " +
                                          std::string(described.signature.header[0]) +
                                          known_name(name, ": in ", "")});
            return true;
        }
        return false;
    }

    /// Adds that the delivery is genuine in the way of other schemes. Returns whether it is.
    [[nodiscard]] bool find_other_scheme() {
        std::string names;
        std::string_view header;
        for (const scheme* const other : schemes::all()) {
            if (other->name == failed_.described().name) continue;
            const auto keys = keys_for(*other);
            trial changed = failed_.as_it_is();
            changed.described = other;
            changed.keys = keys;
            if (!failed_.matches(changed)) continue;
            names.append(names.empty() ? "" : ", ").append(other->name);
            if (header.empty() && other->signature.header.count != 0) {
                header = other->signature.header[0];
            }
        }
        if (names.empty()) return false;
        std::string text = "the delivery is genuine in the way of " + names;
        text.append(header.empty() ? ": the token stands in the URL"
                                   : ": the proof stands in " + std::string(header));
        causes_.push_back({cause::other_scheme, std::move(text)});
        return true;
    }

    /// Adds what speaks for such a mistake although nothing matches.
    void find_traces() {
        const scheme& described = failed_.described();
        const header_names& wanted = described.signature.header;
        if (wanted.count == 2) find_parts_of_families();
        bool there = wanted.count == 0;
        for (std::size_t set = 0; set < wanted.count; ++set) {
            there = there || failed_.headers().has(wanted[set]);
        }
        if (there) return;
        std::string present;
        for (const scheme* const other : schemes::all()) {
            for (std::size_t set = 0; set < other->signature.header.count; ++set) {
                const std::string_view name = other->signature.header[set];
                if (!failed_.headers().has(name)) continue;
                if (present.empty()) {
                    present.append(name).append(" is there, which is read by ").append(other->name);
                } else if (present.starts_with(name) && present[name.size()] == ' ') {
                    present.append(", ").append(other->name);
                }
            }
        }
        if (!present.empty()) {
            present.append("; ").append(described.name).append(" reads ").append(wanted[0]);
            causes_.push_back({cause::other_scheme, std::move(present)});
            return;
        }
        for (const auto& [name, value] : failed_.headers()) {
            if (!is_similar(name, wanted[0])) continue;
            causes_.push_back({cause::other_scheme, "a header with a similar name is there; " +
                                                        std::string(described.name) + " reads " +
                                                        std::string(wanted[0])});
            return;
        }
    }

private:
    // Each name without what frameworks and gateways change in it: HTTP_X_HUB_SIGNATURE.
    static std::string bare(std::string_view name) {
        std::string letters;
        for (const char c : name) {
            if (c != '-' && c != '_') letters += fold_ascii(c);
        }
        std::string_view rest = letters;
        if (rest.starts_with("http")) rest.remove_prefix(4);
        if (rest.starts_with("x")) rest.remove_prefix(1);
        return std::string(rest);
    }

    static bool is_similar(std::string_view left, std::string_view right) {
        const std::string first = bare(left);
        const std::string second = bare(right);
        if (first.size() < 8 || second.size() < 8) return false;
        return first.starts_with(second) || second.starts_with(first);
    }

    // Names that no scheme has are not shown: whatever stands there.
    static std::string known_name(std::string_view name, std::string_view before,
                                  std::string_view after) {
        std::string words;
        for (const scheme* const each : schemes::all()) {
            for_each_name(*each, [&](std::string_view known) {
                if (words.empty() && equal_names(name, known)) {
                    words.append(before).append(known).append(after);
                }
            });
        }
        return words;
    }

    [[nodiscard]] bool find_spelled_otherwise() {
        copied_headers headers = failed_.headers();
        std::string_view renamed;
        for_each_name(failed_.described(), [&](std::string_view wanted) {
            if (failed_.headers().has(wanted)) return;
            for (const auto& [name, value] : failed_.headers()) {
                if (equal_names(name, wanted) || bare(name) != bare(wanted)) continue;
                headers.set(wanted, value);
                renamed = wanted;
                break;
            }
        });
        trial changed = failed_.as_it_is();
        changed.headers = &headers;
        if (renamed.empty() || !failed_.matches(changed)) return false;
        causes_.push_back({cause::other_scheme,
                           "the signature is right, but a header stands under another spelling "
                           "than " +
                               std::string(renamed) +
                               ": with underscores, another prefix or without one"});
        return true;
    }

    void find_parts_of_families() {
        const scheme& described = failed_.described();
        std::string words;
        bool seen[2] = {false, false};
        bool whole = false;
        for (std::size_t set = 0; set < 2; ++set) {
            bool complete = true;
            for (const header_names* const each :
                 {&described.id.header, &described.timestamp.header, &described.signature.header}) {
                if (each->count != 2) continue;
                const bool there = failed_.headers().has((*each)[set]);
                complete = complete && there;
                if (!there) continue;
                seen[set] = true;
                words.append(words.empty() ? "" : ", ").append((*each)[set]);
            }
            whole = whole || complete;
        }
        if (!seen[0] || !seen[1] || whole) return;
        causes_.push_back(
            {cause::families_mixed,
             "headers of both families are there, and neither is complete: " + words});
    }

    [[nodiscard]] std::vector<key> keys_for(const scheme& other) const {
        std::vector<key> keys;
        for (const configured_key& each : failed_.keys()) {
            const auto text = key::try_from_text(without_surroundings(each.text.text()));
            if (text && failed_.is_key_of(other, *text)) {
                keys.push_back(*text);
            } else if (each.made && failed_.is_key_of(other, *each.made)) {
                keys.push_back(*each.made);
            }
        }
        return keys;
    }

    failed_delivery& failed_;
    std::vector<likely_cause>& causes_;
};

}  // namespace webhookpp::detail

#endif
