// SPDX-License-Identifier: MIT
// Times as text: the instants that a slow reader finds, and the same ones after a round trip.
#include <webhookpp/timestamp.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/detail/sent_time.hpp>
#include <webhookpp/local_time.hpp>

#include "../reference/times.hpp"
#include "harness.hpp"

namespace wh = webhookpp;

namespace {

// A local time is one of an instant that lacks its zone, and perhaps its seconds.
std::optional<reference::instant> as_if_in_utc(std::string_view text) {
    return reference::from_rfc3339(std::string(text) + (text.size() == 16 ? ":00Z" : "Z"));
}

// The text as a faulty reader understands it.
std::string with_fault(std::string_view text) {
    std::string shown(text);
    // As strtoll and many others do.
    while (fuzz::is_planted("blanks_skipped") && shown.starts_with(' ')) shown.erase(0, 1);
    if (fuzz::is_planted("offset_ignored") && shown.size() == 25) shown.replace(19, 6, "Z");
    const std::size_t sixty = shown.rfind(":60");
    if (fuzz::is_planted("leap_second") && sixty != std::string::npos) shown[sixty + 1] = '5';
    const std::size_t point = shown.find('.');
    if (fuzz::is_planted("milliseconds_kept") && point != std::string::npos) {
        while (point + 4 < shown.size() && shown[point + 4] >= '0' && shown[point + 4] <= '9') {
            shown.erase(point + 4, 1);
        }
    }
    return shown;
}

void check_local_time(std::string_view text) {
    const auto expected = as_if_in_utc(text);
    const bool has_zone = fuzz::is_planted("zone_of_a_local_time") && text.ends_with('Z');
    const auto read = wh::local_time::parse(text.substr(0, text.size() - (has_zone ? 1 : 0)));
    fuzz::require(read.has_value() == expected.has_value(),
                  "a local time is taken, or refused, that is not");
    if (!read) return;
    const std::string written = read->to_string();
    fuzz::require(wh::local_time::parse(written) == read && as_if_in_utc(written) == expected,
                  "a round trip changes the local time");
}

}  // namespace

std::vector<std::string_view> fuzz::faults() {
    return {"blanks_skipped",          "offset_ignored",    "leap_second",
            "sign_of_a_number",        "milliseconds_kept", "zone_of_a_local_time",
            "written_without_fraction"};
}

void fuzz::try_input(input bytes) {
    const std::string_view text = text_of(bytes);
    const auto expected = reference::from_rfc3339(text);
    for (const std::size_t digits : {1U, 10U, 12U, 15U, 18U}) {
        const bool sign = is_planted("sign_of_a_number") && text.starts_with('+');
        require(wh::detail::parse_digits(text.substr(sign ? 1 : 0), digits) ==
                    reference::from_digits(text, digits),
                "a number is read in another way");
    }

    check_local_time(text);

    const auto read = wh::timestamp::parse(with_fault(text));
    require(read.has_value() == expected.has_value(), "a time is taken, or refused, that is not");
    if (!read) return;
    require(
        read->unix_seconds() == expected->seconds && read->nanoseconds() == expected->nanoseconds,
        "another instant is read");
    std::string written = read->to_string();
    if (is_planted("written_without_fraction")) written.replace(19, std::string::npos, "Z");
    require(wh::timestamp::parse(written) == read, "a round trip changes the instant");
    require(reference::from_rfc3339(written) == expected, "another instant is written");
    require(written.size() == 20 || (written.size() > 23 && written.size() % 3 == 0),
            "it is not written with 0, 3, 6 or 9 digits");
    require(written.ends_with('Z') && (written.size() == 20 || !written.ends_with("000Z")),
            "it is not written in UTC with as few digits as hold it");
}
