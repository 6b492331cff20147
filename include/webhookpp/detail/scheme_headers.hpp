// Finds and checks the headers that a scheme reads.
#ifndef WEBHOOKPP_DETAIL_SCHEME_HEADERS_HPP
#define WEBHOOKPP_DETAIL_SCHEME_HEADERS_HPP

#include <array>
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

/// Looks up the headers of one scheme.
class scheme_header_reader {
public:
    scheme_header_reader(const scheme& described, const verifier_options& options,
                         collected_headers& headers) noexcept
        : scheme_(described), options_(options), headers_(headers) {}

    /// Collects the headers, of which the scheme reads some, from `source`, and checks them.
    [[nodiscard]] result<scheme_headers> read(const header_source& source) noexcept {
        const std::size_t sets = scheme_.signature.header.count;
        for (std::size_t set = 0; set < sets; ++set) {
            for (std::size_t which = 0; which < roles; ++which)
                names_[set * roles + which] = name(set, which);
        }
        // The collection looks for few names, so those that are not there take no place.
        std::array<std::string_view, collected_headers::max_names> wanted;
        std::size_t count = 0;
        for (std::size_t i = 0; i < sets * roles; ++i) {
            if (names_[i].empty() || count == wanted.size()) continue;
            places_[i] = count;
            wanted[count++] = names_[i];
        }
        if (!headers_.collect(source, std::span(wanted).first(count),
                              options_.limits.header_value)) {
            return unexpected(errc::internal_error, "headers");
        }
        const auto set = deciding_set(sets);
        if (!set) return unexpected(set.error());
        return read_set(*set);
    }

private:
    enum role : std::size_t { signature, second, id, timestamp, event_type, roles };

    [[nodiscard]] std::string_view name(std::size_t set, std::size_t which) const noexcept {
        switch (which) {
            case signature: return scheme_.signature.header[set];
            case second: return set == 0 ? scheme_.signature.second_header : std::string_view();
            case id: return scheme_.id.header[set];
            case timestamp: return scheme_.timestamp.header[set];
            default: return set == 0 ? scheme_.event_type.header : std::string_view();
        }
    }

    // What is not signed may be absent, and cannot make a delivery bad.
    [[nodiscard]] bool is_required(std::size_t which) const noexcept {
        return which == signature || which == timestamp ||
               (which == id && scheme_.signs(content_part::kind::id));
    }

    [[nodiscard]] collected_headers::state state(std::size_t set,
                                                 std::size_t which) const noexcept {
        const std::size_t i = set * roles + which;
        return names_[i].empty() ? collected_headers::state::missing : headers_.which(places_[i]);
    }

    [[nodiscard]] bool is_missing(std::size_t set, std::size_t which) const noexcept {
        using state_of = collected_headers::state;
        if (which == signature && !scheme_.signature.second_header.empty()) {
            return state(set, signature) == state_of::missing &&
                   state(set, second) == state_of::missing;
        }
        return !name(set, which).empty() && is_required(which) &&
               state(set, which) == state_of::missing;
    }

    // Which set of names decides: the last one that is complete. Sets are never mixed. If none is
    // complete, the error names the first header that is missing from the set of which most is
    // there.
    [[nodiscard]] result<std::size_t> deciding_set(std::size_t sets) const noexcept {
        std::size_t fewest = roles;
        std::string_view missing;
        for (std::size_t set = sets; set-- > 0;) {
            std::size_t absent = 0;
            std::string_view first_absent;
            for (std::size_t which = 0; which < roles; ++which) {
                if (is_missing(set, which) && absent++ == 0) first_absent = name(set, which);
            }
            if (absent == 0) return set;
            // On a tie the earlier set, which is the standard's, gives its name.
            if (absent <= fewest) {
                fewest = absent;
                missing = first_absent;
            }
        }
        return unexpected(errc::missing_header, missing);
    }

    [[nodiscard]] std::string_view value(std::size_t set, std::size_t which) const noexcept {
        return state(set, which) == collected_headers::state::single
                   ? headers_.value(places_[set * roles + which])
                   : std::string_view();
    }

    [[nodiscard]] result<scheme_headers> read_set(std::size_t set) const noexcept {
        for (std::size_t which = 0; which < roles; ++which) {
            if (!is_required(which) && which != second) continue;
            using state_of = collected_headers::state;
            if (state(set, which) == state_of::too_large) {
                return unexpected(errc::header_too_large, name(set, which));
            }
            if (state(set, which) == state_of::duplicate) {
                return unexpected(errc::duplicate_header, name(set, which));
            }
        }
        scheme_headers read{.signature = value(set, signature),
                            .second_signature = value(set, second),
                            .id = value(set, id),
                            .timestamp = value(set, timestamp),
                            .event_type = value(set, event_type),
                            .time = std::nullopt,
                            .signature_name = name(set, signature),
                            .timestamp_name = name(set, timestamp)};
        if (scheme_.signs(content_part::kind::id)) {
            if (!is_valid_id(read.id, options_.allow_dot_in_id)) {
                return unexpected(errc::invalid_id, name(set, id));
            }
        } else if (!is_valid_id(read.id, true)) {
            read.id = {};
        }
        if (!is_valid_event_type(read.event_type)) read.event_type = {};
        if (!read.timestamp_name.empty()) {
            read.time = parse_sent_time(scheme_, read.timestamp);
            if (!read.time) return unexpected(errc::invalid_timestamp, read.timestamp_name);
        }
        return read;
    }

    const scheme& scheme_;
    const verifier_options& options_;
    collected_headers& headers_;
    std::array<std::string_view, 2 * roles> names_ = {};
    std::array<std::size_t, 2 * roles> places_ = {};
};

}  // namespace webhookpp::detail

#endif
