// SPDX-License-Identifier: MIT
// Signatures that are right but written in another way, and times in another unit.
#ifndef WEBHOOKPP_DETAIL_EXPLAIN_SIGNATURE_HPP
#define WEBHOOKPP_DETAIL_EXPLAIN_SIGNATURE_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/check_age.hpp>
#include <webhookpp/detail/failed_delivery.hpp>
#include <webhookpp/detail/rewritten_text.hpp>
#include <webhookpp/detail/signature_spelling.hpp>
#include <webhookpp/explanation.hpp>

namespace webhookpp::detail {

/// Adds that the signature is written in another way than the scheme wants. Returns whether it is.
[[nodiscard]] inline bool find_spelling(failed_delivery& failed,
                                        std::vector<likely_cause>& causes) {
    const scheme& described = failed.described();
    if (described.algorithm == algorithm::token) return false;
    copied_headers headers = failed.headers();
    signature_speller speller(described);
    bool rewritten = false;
    const auto rewrite = [&](std::string_view name) {
        const std::string value(failed.headers().value(name));
        if (value.empty()) return;
        const std::string spelled = speller.rewrite(value);
        rewritten = rewritten || spelled != value;
        headers.set(name, spelled);
    };
    for (std::size_t set = 0; set < described.signature.header.count; ++set) {
        rewrite(described.signature.header[set]);
    }
    if (!described.signature.second_header.empty()) rewrite(described.signature.second_header);
    trial changed = failed.as_it_is();
    changed.headers = &headers;
    if (!rewritten || !failed.matches(changed)) return false;
    causes.push_back({cause::encoding, speller.fault()});
    return true;
}

/// What a format of times is called.
[[nodiscard]] constexpr std::string_view format_name(time_format which) noexcept {
    switch (which) {
        case time_format::seconds: return "seconds";
        case time_format::milliseconds: return "milliseconds";
        case time_format::rfc3339: break;
    }
    return "RFC 3339";
}

/// How far `sent` is from `now`, in words, if that is more than `allowed`; nothing otherwise.
[[nodiscard]] inline std::string age_in_words(std::int64_t sent, std::int64_t now,
                                              const tolerance& allowed) {
    if (check_age(sent, now, allowed)) return {};
    const bool old = sent <= now;
    const auto from = static_cast<std::uint64_t>(old ? sent : now);
    const auto difference = static_cast<std::uint64_t>(old ? now : sent) - from;
    const std::int64_t most = old ? allowed.past.count() : allowed.future.count();
    std::string words = with_commas(difference);
    words.append(old ? " s old" : " s in the future").append("; the limit is ");
    words.append(with_commas(static_cast<std::uint64_t>(most < 0 ? 0 : most))).append(" s");
    constexpr std::uint64_t half_hour = 1800;  // between two time zones, at the least
    constexpr std::uint64_t most_apart = 28 * half_hour;
    constexpr std::uint64_t margin = 30;
    if (check_age(sent, now / 1000, allowed)) {
        words += ": the receiver's clock is in milliseconds";
    } else if (difference <= most_apart + margin && difference + margin >= half_hour &&
               (difference + margin) % half_hour <= 2 * margin) {
        words += ": about as far as two time zones are apart";
    }
    return words;
}

/// Adds that a delivery whose signature is right is too old or too new.
inline void find_age(const failed_delivery& failed, std::vector<likely_cause>& causes) {
    if (!failed.sent()) return;
    const auto allowed = failed.options().tolerance.value_or(failed.described().tolerance);
    const std::string age = age_in_words(*failed.sent(), failed.now(), allowed);
    if (!age.empty()) causes.push_back({cause::clock_skew, "valid, but " + age});
}

/// Adds that the timestamp is written in another form than the scheme wants. Returns whether the
/// signature matches with it.
[[nodiscard]] inline bool find_format(failed_delivery& failed, std::vector<likely_cause>& causes) {
    const scheme& described = failed.described();
    if (!described.has_timestamp()) return false;
    const auto allowed = failed.options().tolerance.value_or(described.tolerance);
    for (const time_format format :
         {time_format::milliseconds, time_format::seconds, time_format::rfc3339}) {
        if (format == described.timestamp.format) continue;
        scheme other = described;
        other.timestamp.format = format;
        trial changed = failed.as_it_is();
        changed.described = &other;
        // A number has both forms: the one that is not out of date is meant.
        if (!failed.matches(changed) ||
            (format != time_format::rfc3339 && !check_age(*failed.sent(), failed.now(), allowed) &&
             failed.matches(failed.as_it_is()))) {
            continue;
        }
        std::string text = "valid, but its timestamp is in ";
        text.append(format_name(format)).append(", the scheme wants ");
        text.append(format_name(described.timestamp.format));
        const std::string age = age_in_words(*failed.sent(), failed.now(), allowed);
        if (!age.empty()) text.append("; it is ").append(age);
        causes.push_back({cause::clock_skew, std::move(text)});
        return true;
    }
    return false;
}

}  // namespace webhookpp::detail

#endif
