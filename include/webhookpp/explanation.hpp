// SPDX-License-Identifier: MIT
// Why a delivery was refused, for developers and logs.
#ifndef WEBHOOKPP_EXPLANATION_HPP
#define WEBHOOKPP_EXPLANATION_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/error.hpp>

namespace webhookpp {

/// A usual mistake. The names, which `name` gives, are stable.
enum class cause : std::uint8_t {
    body_reserialised,  ///< the body was parsed, decoded or unpacked, and written again
    body_trimmed,       ///< white space, mostly a last line break, was taken from the body
    newline_added,      ///< a line break or other white space was added to the body
    key_form,           ///< the key is not read as the sender reads it: base64, hex, text, prefix
    key_whitespace,     ///< white space or quotes around the key
    encoding,           ///< the signature or token is written in another way: hex, base64, prefix
    other_scheme,       ///< signed in the way of another scheme, or in another header
    clock_skew,         ///< too old or too new, or a time in another unit
    url_differs,        ///< another URL was signed than that of the endpoint's configuration
    families_mixed,     ///< headers of two sets of names: `webhook-*` and `svix-*`
    length_differs,     ///< more or fewer bytes have arrived than were sent
};

/// The name of `which` as it is spelled here. Static text.
[[nodiscard]] constexpr std::string_view name(cause which) noexcept {
    switch (which) {
        case cause::body_reserialised: return "body_reserialised";
        case cause::body_trimmed: return "body_trimmed";
        case cause::newline_added: return "newline_added";
        case cause::key_form: return "key_form";
        case cause::key_whitespace: return "key_whitespace";
        case cause::encoding: return "encoding";
        case cause::other_scheme: return "other_scheme";
        case cause::clock_skew: return "clock_skew";
        case cause::url_differs: return "url_differs";
        case cause::families_mixed: return "families_mixed";
        case cause::length_differs: return "length_differs";
    }
    return "unknown_cause";
}

/// A cause, and what speaks for it.
struct likely_cause {
    cause which = cause::key_form;  ///< which mistake it is

    /// In English, for a developer. Where it says that the signature matches, that was verified.
    /// Never holds a byte of a key or a right signature, nor anything of the body or the URL.
    std::string evidence = {};

    friend bool operator==(const likely_cause&, const likely_cause&) = default;
};

/// What `explain` has found out.
struct explanation {
    /// Why the delivery, or a key at set-up, is refused; nothing for one that is accepted.
    std::optional<error> refusal = std::nullopt;

    /// The most likely first. Empty for a delivery that is accepted, and where none of the usual
    /// mistakes was made.
    std::vector<likely_cause> causes = {};

    /// Whether the delivery was accepted.
    [[nodiscard]] bool accepted() const noexcept { return !refusal; }
};

/// All of `found`, a line each: the verdict, and for a refusal the causes, numbered from 1, or that
/// there are none.
[[nodiscard]] inline std::string in_words(const explanation& found) {
    if (found.accepted()) return "accepted\n";
    const error& refusal = *found.refusal;
    std::string text = "refused: ";
    text.append(name(refusal.code));
    if (!refusal.where.empty()) text.append(": ").append(refusal.where);
    text += '\n';
    std::size_t number = 0;
    for (const likely_cause& each : found.causes) {
        text.append(std::to_string(++number)).append(". ").append(name(each.which));
        text.append(": ").append(each.evidence).append("\n");
    }
    if (number != 0) return text;
    text += "none of the usual mistakes: ";
    switch (refusal.code) {
        case errc::signature_mismatch: text += "the key is probably of another endpoint\n"; break;
        case errc::missing_header:
            text += "the sender does not sign, or something on the way removes the header\n";
            break;
        default: text += "look at the place that the verdict names\n"; break;
    }
    return text;
}

}  // namespace webhookpp

#endif
