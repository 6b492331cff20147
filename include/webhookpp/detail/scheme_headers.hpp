// SPDX-License-Identifier: MIT
// Finds and checks the headers that a scheme reads.
#ifndef WEBHOOKPP_DETAIL_SCHEME_HEADERS_HPP
#define WEBHOOKPP_DETAIL_SCHEME_HEADERS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/detail/characters.hpp>
#include <webhookpp/detail/sent_time.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/verified_message.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp::detail {

/// The headers of one delivery: one set of names, decided on. Views into the collected headers.
struct scheme_headers {
    std::string_view signature;
    std::string_view second_signature;
    std::string_view id;
    std::string_view timestamp;
    std::string_view event_type;

    std::optional<std::int64_t> time;  ///< what `timestamp` says, in Unix seconds

    // Under which names they were sent, for errors.
    std::string_view signature_name;
    std::string_view timestamp_name;
};

[[nodiscard]] constexpr bool is_valid_id(std::string_view id, bool allow_dot) noexcept {
    if (id.size() > verified_message::max_id) return false;
    return is_visible_ascii(id) && (allow_dot || id.find('.') == std::string_view::npos);
}

// A part of a type would be another type.
[[nodiscard]] constexpr bool is_valid_event_type(std::string_view type) noexcept {
    return type.size() <= verified_message::max_event_type && is_visible_ascii(type);
}

/// Which headers a scheme reads, under which names. Made once for each verifier.
class header_plan {
public:
    enum role : std::size_t { signature, second, id, timestamp, event_type, roles };

    constexpr explicit header_plan(const scheme& described) noexcept
        : described_(&described), sets_(described.signature.header.count) {
        for (std::size_t set = 0; set < sets_; ++set) {
            for (std::size_t which = 0; which < roles; ++which) {
                const std::string_view name = name_in(described, set, which);
                // The collection looks for few names, so those that are not there take no place.
                if (name.empty() || count_ == collected_headers::max_names) continue;
                places_[set][which] = static_cast<std::uint8_t>(count_);
                names_[count_++] = name;
            }
        }
        // What is not signed may be absent, and cannot make a delivery bad.
        required_[signature] = true;
        required_[timestamp] = true;
        required_[id] = described.signs(content_part::kind::id);
        for (std::size_t set = 0; set < sets_; ++set) {
            signatures_[set] = names_of(set, signature) | names_of(set, second);
            needed_[set] = names_of(set, timestamp) | (required_[id] ? names_of(set, id) : 0);
        }
    }

    [[nodiscard]] constexpr const scheme& described() const noexcept { return *described_; }
    [[nodiscard]] constexpr std::size_t sets() const noexcept { return sets_; }

    /// The names to collect.
    [[nodiscard]] constexpr std::span<const std::string_view> names() const noexcept {
        return std::span(names_).first(count_);
    }

    /// Whether the header has a name in this set.
    [[nodiscard]] constexpr bool has(std::size_t set, std::size_t which) const noexcept {
        return places_[set][which] != nowhere;
    }

    /// Where the header's name stands among `names()`, if it has one.
    [[nodiscard]] constexpr std::size_t place(std::size_t set, std::size_t which) const noexcept {
        return places_[set][which];
    }

    /// The header's name; empty if it has none.
    [[nodiscard]] constexpr std::string_view name(std::size_t set,
                                                  std::size_t which) const noexcept {
        return has(set, which) ? names_[place(set, which)] : std::string_view();
    }

    /// Whether a delivery without this header, or with two of them, is refused.
    [[nodiscard]] constexpr bool is_required(std::size_t which) const noexcept {
        return required_[which];
    }

    /// The header's name in this set, if it has one.
    [[nodiscard]] constexpr name_set names_of(std::size_t set, std::size_t which) const noexcept {
        return has(set, which) ? name_at(place(set, which)) : 0;
    }

    /// Of these names in the set, one at least has to be there.
    [[nodiscard]] constexpr name_set signatures(std::size_t set) const noexcept {
        return signatures_[set];
    }

    /// The other names in the set that all have to be there.
    [[nodiscard]] constexpr name_set needed(std::size_t set) const noexcept { return needed_[set]; }

private:
    static constexpr std::uint8_t nowhere = 255;

    [[nodiscard]] static constexpr std::string_view name_in(const scheme& described,
                                                            std::size_t set,
                                                            std::size_t which) noexcept {
        switch (which) {
            case signature: return described.signature.header[set];
            case second: return set == 0 ? described.signature.second_header : std::string_view();
            case id: return described.id.header[set];
            case timestamp: return described.timestamp.header[set];
            default: return set == 0 ? described.event_type.header : std::string_view();
        }
    }

    const scheme* described_;
    std::size_t sets_;
    std::size_t count_ = 0;
    std::string_view names_[collected_headers::max_names] = {};
    std::uint8_t places_[2][roles] = {{nowhere, nowhere, nowhere, nowhere, nowhere},
                                      {nowhere, nowhere, nowhere, nowhere, nowhere}};
    bool required_[roles] = {};
    name_set signatures_[2] = {};
    name_set needed_[2] = {};
};

/// Looks up the headers of one delivery.
class scheme_header_reader {
public:
    scheme_header_reader(const header_plan& plan, const verifier_options& options,
                         collected_headers& headers) noexcept
        : plan_(plan), options_(options), headers_(headers) {}

    /// Collects the headers, of which the scheme reads some, from `source`, and checks them into
    /// `read`, which is empty.
    [[nodiscard]] result<void> read(const header_source& source, scheme_headers& read) noexcept {
        if (!headers_.collect(source, plan_.names(), options_.limits.header_value)) {
            return unexpected(errc::internal_error, "headers");
        }
        const auto set = deciding_set();
        if (!set) return unexpected(errc::missing_header, missing_name());
        return read_set(*set, read);
    }

private:
    using role = header_plan::role;
    using state_of = collected_headers::state;

    [[nodiscard]] state_of state(std::size_t set, std::size_t which) const noexcept {
        return plan_.has(set, which) ? headers_.which(plan_.place(set, which)) : state_of::missing;
    }

    [[nodiscard]] bool is_signed(std::size_t set) const noexcept {
        return (plan_.signatures(set) & headers_.found()) != 0;
    }

    [[nodiscard]] bool is_complete(std::size_t set) const noexcept {
        return is_signed(set) && (plan_.needed(set) & ~headers_.found()) == 0;
    }

    // Whether this header makes its set incomplete.
    [[nodiscard]] bool is_missing(std::size_t set, std::size_t which) const noexcept {
        if (which == role::signature) return !is_signed(set);
        return (plan_.names_of(set, which) & plan_.needed(set) & ~headers_.found()) != 0;
    }

    // Which set of names decides: the last one that is complete. Sets are never mixed.
    [[nodiscard]] std::optional<std::size_t> deciding_set() const noexcept {
        for (std::size_t set = plan_.sets(); set-- > 0;) {
            if (is_complete(set)) return set;
        }
        return std::nullopt;
    }

    // The first header that is missing from the set of which most is there.
    [[nodiscard]] std::string_view missing_name() const noexcept {
        std::size_t fewest = role::roles;
        std::string_view missing;
        for (std::size_t set = plan_.sets(); set-- > 0;) {
            std::size_t absent = 0;
            std::string_view first_absent;
            for (std::size_t which = 0; which < role::roles; ++which) {
                if (is_missing(set, which) && absent++ == 0) first_absent = plan_.name(set, which);
            }
            // On a tie the earlier set, which is the standard's, gives its name.
            if (absent <= fewest) {
                fewest = absent;
                missing = first_absent;
            }
        }
        return missing;
    }

    [[nodiscard]] std::string_view value(std::size_t set, std::size_t which) const noexcept {
        return state(set, which) == state_of::single ? headers_.value(plan_.place(set, which))
                                                     : std::string_view();
    }

    // Refuses the set for its first header that is too large or there twice.
    [[nodiscard]] result<void> check_flaws(std::size_t set) const noexcept {
        for (std::size_t which = 0; which < role::roles; ++which) {
            if (!plan_.is_required(which) && which != role::second) continue;
            const auto found = state(set, which);
            if (found == state_of::too_large) {
                return unexpected(errc::header_too_large, plan_.name(set, which));
            }
            if (found == state_of::duplicate) {
                return unexpected(errc::duplicate_header, plan_.name(set, which));
            }
        }
        return {};
    }

    [[nodiscard]] result<void> read_set(std::size_t set, scheme_headers& read) const noexcept {
        if (headers_.flawed() != 0) {
            if (auto good = check_flaws(set); !good) return good;
        }
        read.signature = value(set, role::signature);
        read.second_signature = value(set, role::second);
        read.id = value(set, role::id);
        read.timestamp = value(set, role::timestamp);
        read.event_type = value(set, role::event_type);
        read.signature_name = plan_.name(set, role::signature);
        read.timestamp_name = plan_.name(set, role::timestamp);
        if (plan_.is_required(role::id)) {
            if (!is_valid_id(read.id, options_.allow_dot_in_id)) {
                return unexpected(errc::invalid_id, plan_.name(set, role::id));
            }
        } else if (!is_valid_id(read.id, true)) {
            read.id = {};
        }
        if (!is_valid_event_type(read.event_type)) read.event_type = {};
        if (!read.timestamp_name.empty()) {
            read.time = parse_sent_time(plan_.described(), read.timestamp);
            if (!read.time) return unexpected(errc::invalid_timestamp, read.timestamp_name);
        }
        return {};
    }

    const header_plan& plan_;
    const verifier_options& options_;
    collected_headers& headers_;
};

}  // namespace webhookpp::detail

#endif
