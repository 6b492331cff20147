// SPDX-License-Identifier: MIT
// Ways to change a delivery on its way, at every level at which a receiver reads it.
#ifndef WEBHOOKPP_TESTS_MUTATIONS_MUTATION_HPP
#define WEBHOOKPP_TESTS_MUTATIONS_MUTATION_HPP

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "choices.hpp"
#include "endpoint.hpp"

namespace mutations {

enum class kind {
    nothing,
    bit,
    byte,
    token,
    header,
    duplicate,
    letter_case,
    white_space,
    split,
    splice,
    forgery,
    count
};

inline constexpr std::size_t kinds = static_cast<std::size_t>(kind::count);

inline constexpr std::string_view kind_names[kinds] = {
    "nothing",     "bit",         "byte",  "token",  "header", "duplicate",
    "letter case", "white space", "split", "splice", "forgery"};

/// Changes deliveries for `at`, as `chosen` decides.
///
/// Each way returns whether it is harmless by its nature: what was good before it has to be good
/// after it, in whatever way it is signed.
class mutator {
public:
    mutator(const endpoint& at, choices& chosen) noexcept : at_(at), chosen_(chosen) {}

    bool apply(kind which, request& sent) {
        switch (which) {
            case kind::bit: return change_bit(sent);
            case kind::byte: return change_byte(sent);
            case kind::token: return change_token(sent);
            case kind::header: return change_header(sent);
            case kind::duplicate: return duplicate(sent);
            case kind::letter_case: return change_case(sent);
            case kind::white_space: return add_white_space(sent);
            case kind::split: return split(sent);
            case kind::splice: return splice(sent);
            case kind::forgery: return forge(sent);
            case kind::nothing:
            case kind::count: break;
        }
        return true;
    }

private:
    using header = std::pair<std::string, std::string>;

    // A part of the request. Mostly a header's value, for there receivers read most.
    std::string& any_text(request& sent) {
        const std::size_t which = chosen_.below(10);
        if (which < 5 && !sent.headers.empty()) return chosen_.one_of(sent.headers).second;
        if (which == 5 && !sent.headers.empty()) return chosen_.one_of(sent.headers).first;
        if (which == 6 && !sent.target.empty()) return sent.target;
        if (which == 7) return sent.method;
        return sent.body;
    }

    bool change_bit(request& sent) {
        std::string& text = any_text(sent);
        if (text.empty()) return true;
        const std::size_t bit = chosen_.below(8 * text.size());
        text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
        return false;
    }

    bool change_byte(request& sent) {
        std::string& text = any_text(sent);
        const std::size_t at = chosen_.below(text.size() + 1);
        using namespace std::string_view_literals;
        static constexpr auto odd = "\0\t\n\r ,.;:=%&?/+-_0aAvt1\x7f\x80\xff"sv;
        switch (chosen_.below(6)) {
            case 0: text.insert(at, 1, static_cast<char>(chosen_.below(256))); break;
            case 1: text.insert(at, 1, odd[chosen_.below(odd.size())]); break;
            case 2: text.erase(at, 1 + chosen_.below(4)); break;
            case 3: text.resize(at); break;
            case 4:
                if (at < text.size()) text[at] = odd[chosen_.below(odd.size())];
                break;
            default:
                if (at + 1 < text.size()) std::swap(text[at], text[at + 1]);
        }
        return false;
    }

    // The header with the signature or the token; null if there is none.
    header* signature(request& sent) const {
        const auto& source = at_.scheme().signature;
        for (header& each : sent.headers) {
            for (const std::string_view name :
                 {source.header[0], source.header[1], source.second_header}) {
                if (!name.empty() && each.first == name) return &each;
            }
        }
        return nullptr;
    }

    [[nodiscard]] char separator() const {
        const auto& pairs = at_.scheme().signature.pairs;
        return pairs.name.empty() ? ' ' : pairs.separator;
    }

    static std::string joined(const std::vector<std::string>& tokens, char separator) {
        std::string text;
        for (const std::string& each : tokens)
            text += (text.empty() ? "" : std::string(1, separator)) + each;
        return text;
    }

    bool change_token(request& sent) {
        header* const found = signature(sent);
        if (!found) return change_target(sent);
        auto tokens = reference::cut_at(found->second, separator());
        const std::size_t at = chosen_.below(tokens.size());
        std::string& token = tokens[at];
        const std::size_t mark = std::min(token.find_first_of("=,"), token.size() - 1);
        static constexpr std::string_view labels[] = {
            "v1,",   "v1a,",    "v0,",     "v2,",   "V1,",     ",", "v1=", "v0=",
            "sha1=", "sha256=", "sha512=", "none=", "SHA256=", "",  "t=",  "h1="};
        switch (chosen_.below(14)) {
            case 0: token.resize(chosen_.below(token.size() + 1)); break;
            case 1: token.erase(mark + 1); break;
            case 2: token.erase(0, mark + 1); break;
            case 3: token.replace(0, mark + 1, chosen_.one_of(labels)); break;
            case 4: token.insert(0, chosen_.one_of(labels)); break;
            case 5: token += chosen_.one_of(labels); break;
            case 6: token.append(1 + chosen_.below(3), "=A0 ,"[chosen_.below(5)]); break;
            case 7: tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(at)); break;
            case 8: std::swap(token, tokens[chosen_.below(tokens.size())]); break;
            case 9: tokens.push_back(token); break;
            case 10: junk(tokens); break;
            case 11: recode(token); break;
            case 12: noncanonical(token); break;
            default: change_number(any_text(sent)); return false;
        }
        found->second = joined(tokens, separator());
        return false;
    }

    // Tokens that are no signatures, up to more than there may be.
    void junk(std::vector<std::string>& tokens) {
        static constexpr std::string_view junk[] = {"v1,",  "v1=",   "x",   "=",     ",", "v1,AAAA",
                                                    "v9,x", "v1=00", "t=1", "v0=ff", ""};
        const std::size_t count = 1 + chosen_.below(18);
        const std::string token(chosen_.one_of(junk));
        const bool first = chosen_.below(2) == 0;
        tokens.insert(first ? tokens.begin() : tokens.end(), count, token);
    }

    // The same bytes in another encoding, or in another spelling of the same one.
    void recode(std::string& token) {
        const std::size_t mark = token.find_first_of("=,") + 1;
        std::string text = token.substr(mark);
        const auto bytes = reference::decoded(at_.scheme().signature.encoding, text);
        if (!bytes) return;
        switch (chosen_.below(6)) {
            case 0: text = reference::to_hex(*bytes); break;
            case 1: text = reference::to_base64(*bytes); break;
            case 2: text = reference::to_base64url(*bytes); break;
            case 3: text = *bytes; break;
            case 4:
                while (text.ends_with('=')) text.pop_back();
                break;
            default:
                for (char& c : text) c = c == '+' ? '-' : (c == '/' ? '_' : c);
        }
        token.resize(mark);
        token += text;
    }

    // Other bits where base64 has some that do not count.
    void noncanonical(std::string& token) {
        const std::size_t last = token.find_last_not_of('=');
        if (last == std::string::npos) return;
        const std::size_t value = reference::base64_alphabet.find(token[last]);
        if (value == std::string_view::npos) return;
        token[last] = reference::base64_alphabet[value ^ (1 + chosen_.below(15))];
    }

    void change_number(std::string& text) {
        const std::size_t at = text.find_first_of("0123456789");
        if (at == std::string::npos) return;
        switch (chosen_.below(6)) {
            case 0: text.insert(at, "0"); break;
            case 1: text.insert(at, "+"); break;
            case 2: text.insert(at, "-"); break;
            case 3: text.insert(at, " "); break;
            case 4: text += ".0"; break;
            default: text += "000";
        }
    }

    bool change_target(request& sent) {
        const std::string token = at_.token_of(chosen_.one_of(at_.keys()));
        const std::size_t found = sent.target.find(token);
        const std::size_t at = found == std::string::npos ? sent.target.size() : found;
        const std::size_t size = found == std::string::npos ? 0 : token.size();
        switch (chosen_.below(8)) {
            case 0:
                sent.target.replace(at, size, token.substr(0, chosen_.below(token.size())));
                break;
            case 1: sent.target.replace(at, size, token + 'x'); break;
            case 2: sent.target.replace(at, size, token + '/'); break;
            case 3: sent.target.replace(at, size, "%61" + token.substr(1)); break;
            case 4: sent.target += "&token=" + token; break;
            case 5: sent.target += "&token=other"; break;
            case 6: sent.target.insert(0, "/" + token); break;
            default: sent.target = "?token=" + token;
        }
        return false;
    }

    bool change_header(request& sent) {
        // Some receivers have believed these.
        static const header others[] = {{"X-Signature-Algorithm", "none"},
                                        {"X-Forwarded-Host", "evil.example.com"},
                                        {"X-Forwarded-Proto", "http"},
                                        {"X-Original-URL", "/"},
                                        {"X-HTTP-Method-Override", "GET"},
                                        {"Host", "evil.example.com"},
                                        {"Content-Length", "0"},
                                        {"Content-Type", "text/plain"},
                                        {"", "nameless"},
                                        {"webhook-key", "x"}};
        const auto place = [&] {
            return sent.headers.begin() +
                   static_cast<std::ptrdiff_t>(chosen_.below(sent.headers.size() + 1));
        };
        switch (chosen_.below(8)) {
            case 0:
            case 1: sent.headers.insert(place(), chosen_.one_of(others)); return true;
            case 2: {
                if (sent.headers.empty()) return true;
                std::rotate(sent.headers.begin(),
                            sent.headers.begin() +
                                static_cast<std::ptrdiff_t>(chosen_.below(sent.headers.size())),
                            sent.headers.end());
                return true;
            }
            case 3: {
                const auto at = place();
                if (at != sent.headers.end()) sent.headers.erase(at);
                return false;
            }
            case 4:
                if (!sent.headers.empty()) rename(chosen_.one_of(sent.headers).first);
                return false;
            case 5:
                if (!sent.headers.empty()) chosen_.one_of(sent.headers).second.clear();
                return false;
            case 6:
                if (!sent.headers.empty()) {
                    chosen_.one_of(sent.headers).second.resize(8190 + chosen_.below(4), 'x');
                }
                return false;
            default:
                if (sent.headers.size() > 1) {
                    std::swap(chosen_.one_of(sent.headers).second,
                              chosen_.one_of(sent.headers).second);
                }
                return false;
        }
    }

    // To the name in the other family, or to one that only looks like it.
    void rename(std::string& name) {
        if (name.starts_with("webhook-")) {
            name.replace(0, 8, "svix-");
        } else if (name.starts_with("svix-")) {
            name.replace(0, 5, "webhook-");
        } else if (chosen_.below(2) == 0) {
            std::replace(name.begin(), name.end(), '-', '_');
        } else {
            name += ' ';
        }
    }

    bool duplicate(request& sent) {
        if (chosen_.below(8) == 0 || sent.headers.empty()) {
            sent.body += sent.body;
            return sent.body.empty();
        }
        header copy = chosen_.one_of(sent.headers);
        const std::size_t how = chosen_.below(6);
        if (how == 1) copy.second = ' ' + copy.second + '\t';
        if (how == 2) copy.second.clear();
        if (how == 3) copy.second += 'x';
        if (how == 4) rename(copy.first);
        if (how == 5) copy.second = chosen_.one_of(sent.headers).second;
        const bool first = chosen_.below(2) == 0;
        sent.headers.insert(first ? sent.headers.begin() : sent.headers.end(), copy);
        return how < 3;
    }

    static char other_case(char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter ? static_cast<char>(c ^ 0x20) : c;
    }

    bool change_case(request& sent) {
        if (sent.headers.empty()) return true;
        header& changed = chosen_.one_of(sent.headers);
        const bool name = chosen_.below(2) == 0;
        std::string& text = name ? changed.first : changed.second;
        if (text.empty()) return true;
        if (chosen_.below(2) == 0) {
            for (char& c : text) c = other_case(c);
        } else {
            char& c = text[chosen_.below(text.size())];
            c = other_case(c);
        }
        return name;
    }

    bool add_white_space(request& sent) {
        static constexpr std::string_view blanks[] = {" ", "\t", "  \t", "\t \t "};
        static constexpr std::string_view others[] = {
            "\n", "\r\n", "\v", "\f", "\xc2\xa0", " ", "\r\n ", "\xe2\x80\x8b", "\xef\xbb\xbf"};
        if (chosen_.below(2) == 0 && !sent.headers.empty()) {
            std::string& value = chosen_.one_of(sent.headers).second;
            chosen_.below(2) == 0 ? value.insert(0, chosen_.one_of(blanks))
                                  : value.append(chosen_.one_of(blanks));
            return true;
        }
        std::string& text = any_text(sent);
        text.insert(chosen_.below(text.size() + 1), chosen_.one_of(others));
        return false;
    }

    // Moves the borders between the parts.
    bool split(request& sent) {
        const std::size_t how = chosen_.below(6);
        if (how < 3 && !sent.headers.empty()) {
            const std::size_t at = chosen_.below(sent.headers.size());
            const std::string value = sent.headers[at].second;
            const std::size_t middle = chosen_.below(value.size() + 1);
            if (how == 0) {  // one header as two
                sent.headers[at].second.resize(middle);
                sent.headers.emplace_back(sent.headers[at].first, value.substr(middle));
            } else if (how == 1) {  // the end of the header in front of the body
                sent.headers[at].second.resize(middle);
                sent.body.insert(0, value.substr(middle));
            } else {  // the start of the body behind the header
                const std::size_t size =
                    chosen_.below(std::min<std::size_t>(sent.body.size(), 16) + 1);
                sent.headers[at].second += sent.body.substr(0, size);
                sent.body.erase(0, size);
            }
            return false;
        }
        const std::size_t middle = chosen_.below(sent.body.size() + 1);
        if (how == 3 && sent.headers.size() > 1) {  // two headers as one
            sent.headers[0].second += ", " + sent.headers[1].second;
            return false;
        }
        if (how == 4) {  // between the target and the body
            sent.target += sent.body.substr(0, middle);
            sent.body.erase(0, middle);
            return false;
        }
        sent.body.erase(0, middle);
        return middle == 0;
    }

    // Takes a part from another delivery.
    bool splice(request& sent) {
        const request& other = chosen_.one_of(at_.genuine());
        switch (chosen_.below(5)) {
            case 0: sent.body = other.body; return false;
            case 1: sent.target = other.target; return false;
            case 2: sent.headers = other.headers; return false;
            case 3: {
                for (const auto& each : other.headers) sent.headers.push_back(each);
                return false;
            }
            default: break;
        }
        if (other.headers.empty() || sent.headers.empty()) return true;
        const header& from = chosen_.one_of(other.headers);
        for (header& each : sent.headers) {
            if (each.first == from.first) each.second = from.second;
        }
        return false;
    }

    // Another body, signed by somebody who has no key, but knows what careless receivers take.
    bool forge(request& sent) {
        sent.body += chosen_.below(2) == 0 ? "x" : "&x=1";
        header* const found = signature(sent);
        const auto& source = at_.scheme().signature;
        // Public keys are public, so half of all forgers try one if there is one.
        std::vector<std::string> known{"", std::string(32, '\0'), "secret", "undefined", "null"};
        for (const auto& each : at_.keys()) {
            if (!reference::is_mac(each.makes) && each.makes != wh::algorithm::token) {
                known.insert(known.end(), known.size(), each.bytes);
            }
        }
        const std::string& key = chosen_.one_of(known);
        if (!found) {
            sent.target = "/" + key + "?token=" + key;
            return false;
        }
        if (at_.scheme().algorithm == wh::algorithm::token) {
            found->second = std::string(source.word) + ' ' + key;
            return false;
        }
        const auto read = reference::read_delivery(at_.scheme(), sent, at_.url());
        if (!read) return false;
        static constexpr wh::algorithm ways[] = {
            wh::algorithm::hmac_sha256, wh::algorithm::hmac_sha256, wh::algorithm::hmac_sha1,
            wh::algorithm::hmac_sha512};
        const std::string mac = reference::mac_of(chosen_.one_of(ways), key, read->messages[0]);
        const std::string text = source.encoding == wh::encoding::hex ? reference::to_hex(mac)
                                 : source.encoding == wh::encoding::base64url
                                     ? reference::to_base64url(mac)
                                     : reference::to_base64(mac);
        if (!source.pairs.name.empty()) {
            std::vector<std::string> kept;
            for (const std::string& each :
                 reference::cut_at(found->second, source.pairs.separator)) {
                if (!each.starts_with(std::string(source.pairs.name) + '=')) kept.push_back(each);
            }
            kept.push_back(std::string(source.pairs.name) + '=' + text);
            found->second = joined(kept, source.pairs.separator);
        } else if (!at_.scheme().algorithm) {
            static constexpr std::string_view labels[] = {"v1", "v1", "v1a", "v0", "none"};
            found->second = std::string(chosen_.one_of(labels)) + ',' + text;
        } else {
            found->second = std::string(source.prefix) + text;
        }
        return false;
    }

    const endpoint& at_;
    choices& chosen_;
};

}  // namespace mutations

#endif
