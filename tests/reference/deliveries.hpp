// SPDX-License-Identifier: MIT
// What a delivery says and which bytes it claims to be signed, read once more, slowly, as the
// description of a scheme has it. Shares the description with the library, and no code.
#ifndef WEBHOOKPP_TESTS_REFERENCE_DELIVERIES_HPP
#define WEBHOOKPP_TESTS_REFERENCE_DELIVERIES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/scheme.hpp>

#include "encodings.hpp"
#include "forms.hpp"
#include "headers.hpp"
#include "signatures.hpp"
#include "times.hpp"

namespace reference {

/// One request, owned.
struct request {
    header_list headers = {};
    std::string body = {};
    std::string method = "POST";
    std::string target = {};
};

/// A signature that a delivery shows, of the right form.
struct candidate {
    wh::algorithm made_by = wh::algorithm::hmac_sha256;
    std::string signature = {};
};

/// What stands in a delivery that is formed well enough to be compared with keys.
struct reading {
    std::vector<std::string> messages =
        {};  ///< the bytes that may be signed: two spellings at most
    std::vector<candidate> candidates = {};
    std::string token = {};
    std::string id = {};
    std::string event_type = {};
    std::optional<std::int64_t> time = {};
};

inline bool is_visible(std::string_view text) {
    for (const char c : text) {
        if (c <= ' ' || c > '~') return false;
    }
    return true;
}

inline std::optional<std::string> decoded(wh::encoding written_in, std::string_view text) {
    switch (written_in) {
        case wh::encoding::hex: return from_hex(text);
        case wh::encoding::base64: return from_base64(text);
        case wh::encoding::base64url: return from_base64url(text);
        case wh::encoding::plain: break;
    }
    return std::nullopt;
}

inline void add_candidate(reading& to, const wh::scheme& scheme, std::string_view text,
                          wh::algorithm made_by) {
    const auto bytes = decoded(scheme.signature.encoding, text);
    if (!bytes || bytes->empty()) return;
    const std::size_t size = bytes->size();
    const bool good = made_by == wh::algorithm::hmac_sha1     ? size == 20
                      : made_by == wh::algorithm::hmac_sha256 ? size == 32
                      : made_by == wh::algorithm::ecdsa_p256  ? size <= 72
                                                              : size == 64;
    if (good) to.candidates.push_back({made_by, *bytes});
}

/// What stands in a header behind the word that the scheme wants there.
inline std::optional<std::string> behind_word(std::string_view value, std::string_view word) {
    if (word.empty()) return std::string(value);
    const std::string start = in_lower_case(word) + ' ';
    if (in_lower_case(value.substr(0, start.size())) != start) return std::nullopt;
    const std::size_t begin = value.find_first_not_of(' ', start.size());
    if (begin == std::string_view::npos) return std::nullopt;
    return std::string(value.substr(begin));
}

inline std::optional<std::int64_t> sent_time(const wh::scheme& scheme, std::string_view text) {
    if (scheme.timestamp.format == wh::time_format::rfc3339) {
        const auto read = from_rfc3339(text);
        return read ? std::optional(read->seconds) : std::nullopt;
    }
    const bool fine = scheme.timestamp.format == wh::time_format::milliseconds;
    // Beside another part that has no fixed end, all digits have to be there.
    using kind = wh::content_part::kind;
    const auto& content = scheme.content;
    for (std::size_t i = 0; i < content.count; ++i) {
        if (content.parts[i].which != kind::timestamp) continue;
        const bool closed_before = i == 0 || content.parts[i - 1].which == kind::literal;
        const bool closed_behind =
            i + 1 == content.count || content.parts[i + 1].which == kind::literal;
        if (!(closed_before && closed_behind) && text.size() != (fine ? 13U : 10U)) {
            return std::nullopt;
        }
    }
    const auto number = from_digits(text, fine ? 15 : 12);
    return number && fine ? std::optional(*number / 1000) : number;
}

/// Reads the value of a signature header. False when the whole delivery is to be refused.
inline bool read_signatures(const wh::scheme& scheme, const std::string& value, reading& to,
                            std::string& timestamp) {
    const auto& source = scheme.signature;
    if (!source.pairs.name.empty()) {
        std::size_t signatures = 0;
        std::size_t timestamps = 0;
        for (const std::string& piece : cut_at(value, source.pairs.separator)) {
            const std::string element = without_blanks(piece);
            if (element.empty()) continue;
            const std::size_t equals = element.find('=');
            const std::string name = element.substr(0, equals);
            const bool has_value = equals != std::string::npos;
            if (has_value && !scheme.timestamp.element.empty() &&
                name == scheme.timestamp.element) {
                ++timestamps;
                timestamp = element.substr(equals + 1);
                continue;
            }
            ++signatures;
            if (has_value && name == source.pairs.name) {
                add_candidate(to, scheme, element.substr(equals + 1), *scheme.algorithm);
            }
        }
        return signatures <= 16 && timestamps == (scheme.timestamp.element.empty() ? 0U : 1U);
    }
    if (scheme.algorithm) {
        const auto text = behind_word(value, source.word);
        if (text && text->starts_with(source.prefix)) {
            add_candidate(to, scheme, text->substr(source.prefix.size()), *scheme.algorithm);
        }
        return true;
    }
    std::size_t tokens = 0;
    for (const std::string& token : cut_at(value, ' ')) {
        if (token.empty()) continue;
        ++tokens;
        for (const auto& version : source.versions) {
            const std::string start = std::string(version.label) + ',';
            if (!version.label.empty() && token.starts_with(start)) {
                add_candidate(to, scheme, token.substr(start.size()), version.algorithm);
            }
        }
    }
    return tokens <= 16;
}

/// The URLs that may be signed where the endpoint is known as `url`.
inline std::vector<std::string> signed_urls(const wh::scheme& scheme, const std::string& url,
                                            const std::string& target) {
    const std::size_t host = url.find("://") + 3;
    const std::size_t path = std::min(url.find_first_of("/?", host), url.size());
    const std::string authority = url.substr(0, path);
    std::string rest = url.substr(path);
    if (scheme.url.query_of_request) {
        rest = rest.substr(0, rest.find('?'));
        const std::size_t question = target.find('?');
        if (question != std::string::npos) rest += target.substr(question);
    }
    std::vector<std::string> authorities{authority};
    if (scheme.url.any_default_port) {
        const std::string port = url.starts_with("https:") ? ":443" : ":80";
        const std::string behind_address =
            authority.substr(std::max(host, authority.rfind(']') + 1));
        if (authority.ends_with(port)) {
            authorities.push_back(authority.substr(0, authority.size() - port.size()));
        } else if (behind_address.find(':') == std::string::npos) {
            authorities.push_back(authority + port);
        }
    }
    std::vector<std::string> urls;
    for (const std::string& each : authorities) {
        urls.push_back(percent_decoded(each + rest, [&scheme](char byte) {
            return scheme.url.decoded.find(byte) != std::string_view::npos;
        }));
    }
    return urls;
}

/// What `sent` says to an endpoint that is known as `url`; nothing where it is to be refused
/// whatever the keys are.
inline std::optional<reading> read_delivery(const wh::scheme& scheme, const request& sent,
                                            const std::string& url) {
    using kind = wh::content_part::kind;
    constexpr std::size_t value_limit = 8192;
    const auto& source = scheme.signature;
    const bool shows_token = scheme.algorithm == wh::algorithm::token;
    const bool in_target = source.end_of_path || !source.query.empty();
    if (sent.body.size() > 1'048'576) return std::nullopt;
    if ((in_target || scheme.url.query_of_request) && sent.target.size() > 8192) {
        return std::nullopt;
    }

    reading read;
    if (in_target) {
        if (source.end_of_path) {
            read.token = cut_at(sent.target.substr(0, sent.target.find('?')), '/').back();
        } else {
            const auto values = query_values(sent.target, source.query);
            for (const std::string& value : values) {
                if (value != values[0]) return std::nullopt;
            }
            if (!values.empty()) read.token = values[0];
        }
        if (read.token.empty() || !is_visible(read.token)) return std::nullopt;
        return read;
    }

    const auto find = [&sent](std::string_view name) {
        return name.empty() ? field() : find_field(sent.headers, name, value_limit);
    };
    const auto is_there = [](const field& found) { return found.which != field::state::missing; };
    const bool signs_id = scheme.signs(kind::id);
    // Of two sets of names the second decides if all of it is there.
    for (std::size_t set = source.header.count; set-- > 0;) {
        const field signature = find(source.header[set]);
        const field second = set == 0 ? find(source.second_header) : field();
        const field id = find(scheme.id.header[set]);
        const field timestamp = find(scheme.timestamp.header[set]);
        const field event_type = set == 0 ? find(scheme.event_type.header) : field();
        if (!is_there(signature) && !is_there(second)) continue;
        if (signs_id && !is_there(id)) continue;
        if (scheme.timestamp.header.count != 0 && !is_there(timestamp)) continue;

        const auto is_bad = [](const field& found) {
            return found.which == field::state::duplicate || found.which == field::state::too_large;
        };
        if (is_bad(signature) || is_bad(second) || is_bad(timestamp)) return std::nullopt;
        if (signs_id && is_bad(id)) return std::nullopt;
        if (id.value.size() <= 256 && is_visible(id.value)) read.id = id.value;
        if (signs_id && (read.id.empty() || read.id.find('.') != std::string::npos)) {
            return std::nullopt;
        }
        if (event_type.value.size() <= 128 && is_visible(event_type.value)) {
            read.event_type = event_type.value;
        }
        if (shows_token) {
            read.token = behind_word(signature.value, source.word).value_or("");
            const bool good = is_visible(read.token) &&
                              (source.encoding != wh::encoding::base64 || from_base64(read.token));
            if (read.token.empty() || !good) return std::nullopt;
            return read;
        }
        std::string time_text = timestamp.value;
        for (const field* each : {&signature, &second}) {
            if (is_there(*each) && !read_signatures(scheme, each->value, read, time_text)) {
                return std::nullopt;
            }
        }
        if (scheme.timestamp.header.count != 0 || !scheme.timestamp.element.empty()) {
            read.time = sent_time(scheme, time_text);
            if (!read.time) return std::nullopt;
        }

        for (const std::string& spelling : signed_urls(scheme, url, sent.target)) {
            std::string message;
            for (std::size_t i = 0; i < scheme.content.count; ++i) {
                const auto& part = scheme.content.parts[i];
                switch (part.which) {
                    case kind::literal: message += part.text; break;
                    case kind::id: message += read.id; break;
                    case kind::timestamp: message += time_text; break;
                    case kind::body: message += sent.body; break;
                    case kind::url: message += spelling; break;
                    case kind::method: message += sent.method; break;
                    case kind::form: {
                        const auto digests = query_values(sent.target, scheme.form.body_digest);
                        if (digests.size() == 1) {
                            const std::string digest = to_hex(sha256_of(sent.body));
                            if (in_lower_case(digests[0]) != digest) return std::nullopt;
                        } else {
                            const auto fields = sorted_fields(sent.body, 1000);
                            if (!fields) return std::nullopt;
                            message += *fields;
                        }
                    }
                }
            }
            read.messages.push_back(message);
        }
        return read;
    }
    return std::nullopt;
}

}  // namespace reference

#endif
