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
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/verified_message.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp::detail {

/// The headers of one delivery: one set of names, decided on. Views into the collected headers.
struct scheme_headers {
    std::string_view signature;
    std::string_view id;
    std::string_view timestamp;

    std::optional<std::int64_t> time;  ///< what `timestamp` says, in Unix seconds

    // Under which names they were sent, for errors.
    std::string_view signature_name;
    std::string_view id_name;
    std::string_view timestamp_name;
};

/// Which of `names`, one set after the other, decides: the last set that is complete. Sets are
/// never mixed. If none is complete, the error names the first header that is missing from the set
/// of which most is there.
[[nodiscard]] inline result<std::size_t> deciding_set(const collected_headers& headers,
                                                      std::span<const std::string_view> names,
                                                      std::size_t sets) noexcept {
    const std::size_t set_size = names.size() / sets;
    std::size_t fewest = set_size;
    std::string_view missing;
    for (std::size_t set = sets; set-- > 0;) {
        std::size_t absent = 0;
        std::string_view first_absent;
        for (std::size_t i = set * set_size; i < (set + 1) * set_size; ++i) {
            const bool found = headers.which(i) != collected_headers::state::missing;
            if (!names[i].empty() && !found && absent++ == 0) first_absent = names[i];
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

[[nodiscard]] constexpr bool is_valid_id(std::string_view id, bool allow_dot) noexcept {
    if (id.size() > verified_message::max_id) return false;
    return is_visible_ascii(id) && (allow_dot || id.find('.') == std::string_view::npos);
}

/// Unix seconds in 1 to 12 digits. No leading zero: then the text that was signed and the number
/// that is compared mean the same in every implementation.
[[nodiscard]] constexpr std::optional<std::int64_t> parse_unix_seconds(
    std::string_view text) noexcept {
    if (text.empty() || text.size() > 12 || (text.size() > 1 && text[0] == '0')) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') return std::nullopt;
        value = value * 10 + (digit - '0');
    }
    return value;
}

/// Collects the headers of `described`, which reads some, from `source` into `headers`, and checks
/// them.
[[nodiscard]] inline result<scheme_headers> read_scheme_headers(
    const scheme& described, const verifier_options& options, const header_source& source,
    collected_headers& headers) noexcept {
    constexpr std::size_t set_size = 3;
    std::array<std::string_view, 2 * set_size> all_names;
    const std::size_t sets = described.signature.header.count;
    for (std::size_t set = 0; set < sets; ++set) {
        all_names[set * set_size] = described.signature.header[set];
        all_names[set * set_size + 1] = described.id.header[set];
        all_names[set * set_size + 2] = described.timestamp.header[set];
    }
    const auto names = std::span<const std::string_view>(all_names).first(sets * set_size);
    if (!headers.collect(source, names, options.limits.header_value)) {
        return unexpected(errc::internal_error, "headers");
    }

    const auto set = deciding_set(headers, names, sets);
    if (!set) return unexpected(set.error());
    const std::size_t first = *set * set_size;
    for (std::size_t i = first; i < first + set_size; ++i) {
        using state = collected_headers::state;
        if (headers.which(i) == state::too_large) {
            return unexpected(errc::header_too_large, names[i]);
        }
        if (headers.which(i) == state::duplicate) {
            return unexpected(errc::duplicate_header, names[i]);
        }
    }

    scheme_headers read{.signature = headers.value(first),
                        .id = headers.value(first + 1),
                        .timestamp = headers.value(first + 2),
                        .time = std::nullopt,
                        .signature_name = names[first],
                        .id_name = names[first + 1],
                        .timestamp_name = names[first + 2]};
    if (!is_valid_id(read.id, options.allow_dot_in_id)) {
        return unexpected(errc::invalid_id, read.id_name);
    }
    if (!read.timestamp_name.empty()) {
        read.time = parse_unix_seconds(read.timestamp);
        if (!read.time) return unexpected(errc::invalid_timestamp, read.timestamp_name);
    }
    return read;
}

}  // namespace webhookpp::detail

#endif
