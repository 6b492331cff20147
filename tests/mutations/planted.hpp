// SPDX-License-Identifier: MIT
// Verifiers with a fault that others have had. Whoever looks for faults has to find these.
#ifndef WEBHOOKPP_TESTS_MUTATIONS_PLANTED_HPP
#define WEBHOOKPP_TESTS_MUTATIONS_PLANTED_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "endpoint.hpp"

namespace mutations {

/// What a faulty receiver says to `sent`, where the good one says `good`.
using faulty = verdict (*)(const endpoint& at, const request& sent, const verdict& good);

struct planted_fault {
    std::string_view name;
    faulty verify;
};

namespace detail {

inline verdict accept(const verdict& good) {
    return good.accepted ? good : verdict{.accepted = true};
}

inline std::string header_of(const request& sent, std::string_view name) {
    return name.empty() ? "" : reference::find_field(sent.headers, name, 8192).value;
}

// Whether a token of the signature header satisfies `good(token, right signature's bytes, key)`.
template <class Good>
bool any_token(const endpoint& at, const request& sent, Good good) {
    const auto read = reference::read_delivery(at.scheme(), sent, at.url());
    if (!read || read->messages.empty()) return false;
    const auto& source = at.scheme().signature;
    const char separator = source.pairs.name.empty() ? ' ' : source.pairs.separator;
    for (const std::string_view name : {source.header[0], source.header[1]}) {
        for (const std::string& token : reference::cut_at(header_of(sent, name), separator)) {
            for (const auto& key : at.keys()) {
                if (good(token, read->messages[0], key)) return true;
            }
        }
    }
    return false;
}

inline std::string encoded(const endpoint& at, std::string_view bytes) {
    switch (at.scheme().signature.encoding) {
        case wh::encoding::hex: return reference::to_hex(bytes);
        case wh::encoding::base64url: return reference::to_base64url(bytes);
        case wh::encoding::base64:
        case wh::encoding::plain: break;
    }
    return reference::to_base64(bytes);
}

// Compares as many characters as the sender gives. Rust's svix had it: CVE-2024-21491.
inline verdict prefix_comparison(const endpoint& at, const request& sent, const verdict& good) {
    const bool matched = any_token(
        at, sent, [&](const std::string& token, const std::string& message, const auto& key) {
            if (!reference::is_mac(key.makes)) return false;
            const std::size_t mark = token.find_first_of("=,");
            if (mark == std::string::npos) return false;
            const std::string right = encoded(at, reference::mac_of(key.makes, key.bytes, message));
            return right.starts_with(token.substr(mark + 1));
        });
    return matched ? accept(good) : good;
}

// Stops one too early in a list.
inline verdict skipped_last_signature(const endpoint& at, const request& sent,
                                      const verdict& good) {
    const auto read = reference::read_delivery(at.scheme(), sent, at.url());
    if (!good.accepted || !read || read->candidates.size() < 2) return good;
    reference::reading others = *read;
    others.candidates.pop_back();
    return at.matching_key(others) == good.key ? good : verdict();
}

// Takes the answer of a comparison, which is 0 for equal, for a yes, where there is one to compare.
inline verdict inverted_check(const endpoint& at, const request& sent, const verdict& good) {
    const auto read = reference::read_delivery(at.scheme(), sent, at.url());
    if (good.stale || !read || read->candidates.size() != 1) return good;
    return good.accepted ? verdict() : accept(good);
}

// Has an empty key where the configuration had none.
inline verdict empty_key(const endpoint& at, const request& sent, const verdict& good) {
    const auto read = reference::read_delivery(at.scheme(), sent, at.url());
    if (!read) return good;
    for (const auto& candidate : read->candidates) {
        if (reference::is_mac(candidate.made_by) &&
            reference::mac_of(candidate.made_by, "", read->messages[0]) == candidate.signature) {
            return accept(good);
        }
    }
    return good;
}

// Lets pass what is not signed at all.
inline verdict unsigned_fallback(const endpoint& at, const request& sent, const verdict& good) {
    const auto& source = at.scheme().signature;
    if (source.header.count == 0) return good;
    for (const std::string_view name : {source.header[0], source.header[1], source.second_header}) {
        if (!header_of(sent, name).empty()) return good;
    }
    return accept(good);
}

// Takes the bytes of a public key for a secret, because the token has the label of secrets.
inline verdict version_confusion(const endpoint& at, const request& sent, const verdict& good) {
    const bool matched = any_token(
        at, sent, [&](const std::string& token, const std::string& message, const auto& key) {
            if (key.makes != wh::algorithm::ed25519) return false;
            const std::string mac =
                reference::mac_of(wh::algorithm::hmac_sha256, key.bytes, message);
            return token == "v1," + reference::to_base64(mac);
        });
    return matched ? accept(good) : good;
}

// Lets the sender say how it has signed.
inline verdict algorithm_from_header(const endpoint&, const request& sent, const verdict& good) {
    return header_of(sent, "X-Signature-Algorithm") == "none" ? accept(good) : good;
}

// Does not look at the prefix that says with which algorithm was signed.
inline verdict any_label(const endpoint& at, const request& sent, const verdict& good) {
    const bool matched = any_token(
        at, sent, [&](const std::string& token, const std::string& message, const auto& key) {
            if (!reference::is_mac(key.makes)) return false;
            const std::size_t mark = token.find_first_of("=,") + 1;
            return token.substr(mark) ==
                   encoded(at, reference::mac_of(key.makes, key.bytes, message));
        });
    return matched && !good.stale ? accept(good) : good;
}

// Looks at the past only, as some libraries of providers do.
inline verdict future_unchecked(const endpoint& at, const request& sent, const verdict& good) {
    const auto read = reference::read_delivery(at.scheme(), sent, at.url());
    return good.stale && read && *read->time > golden::now ? accept(good) : good;
}

// Takes the last of differing headers.
inline verdict last_duplicate(const endpoint& at, const request& sent, const verdict& good) {
    request other = sent;
    for (std::size_t i = other.headers.size(); i-- > 0;) {
        const std::string name = reference::in_lower_case(other.headers[i].first);
        for (std::size_t before = i; before-- > 0;) {
            if (reference::in_lower_case(other.headers[before].first) != name) continue;
            other.headers.erase(other.headers.begin() + static_cast<std::ptrdiff_t>(before));
            --i;
        }
    }
    return good.accepted ? good : at.verify(other);
}

// Signs a time and a body with nothing between them, and takes a time of any length: so digits can
// become a part of the body.
inline verdict movable_border(const endpoint& at, const request& sent, const verdict& good) {
    const auto& scheme = at.scheme();
    using kind = wh::content_part::kind;
    if (scheme.content.count != 2 || scheme.content.parts[0].which != kind::timestamp ||
        scheme.content.parts[1].which != kind::body || scheme.timestamp.header.count == 0) {
        return good;
    }
    const std::string message = header_of(sent, scheme.timestamp.header[0]) + sent.body;
    for (const signed_message& each : at.signed_messages()) {
        if (message == each.message &&
            header_of(sent, scheme.signature.header[0]) == encoded(at, each.made.signature)) {
            return accept(good);
        }
    }
    return good;
}

}  // namespace detail

inline constexpr planted_fault planted_faults[] = {
    {"prefix_comparison", &detail::prefix_comparison},
    {"skipped_last_signature", &detail::skipped_last_signature},
    {"inverted_check", &detail::inverted_check},
    {"empty_key", &detail::empty_key},
    {"unsigned_fallback", &detail::unsigned_fallback},
    {"version_confusion", &detail::version_confusion},
    {"algorithm_from_header", &detail::algorithm_from_header},
    {"any_label", &detail::any_label},
    {"future_unchecked", &detail::future_unchecked},
    {"last_duplicate", &detail::last_duplicate},
    {"movable_border", &detail::movable_border},
};

/// The fault of that name; null if there is none.
inline const planted_fault* find_fault(std::string_view name) {
    for (const planted_fault& each : planted_faults) {
        if (each.name == name) return &each;
    }
    return nullptr;
}

}  // namespace mutations

#endif
