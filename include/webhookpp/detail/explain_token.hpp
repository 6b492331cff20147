// SPDX-License-Identifier: MIT
// Mistakes with tokens: where they stand, and how they are written.
#ifndef WEBHOOKPP_DETAIL_EXPLAIN_TOKEN_HPP
#define WEBHOOKPP_DETAIL_EXPLAIN_TOKEN_HPP

#include <algorithm>
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
#include <webhookpp/detail/sent_token.hpp>
#include <webhookpp/explanation.hpp>

namespace webhookpp::detail {

/// Looks for what is wrong with the token of one delivery.
class token_mistakes {
public:
    token_mistakes(failed_delivery& failed, std::vector<likely_cause>& causes)
        : failed_(failed), causes_(causes), source_(failed.described().signature) {}

    /// Adds what makes the token right. Returns whether anything does.
    [[nodiscard]] bool find() {
        if (failed_.described().algorithm != algorithm::token) return false;
        if (source_.in_target()) return find_in_target();
        const auto value = failed_.headers().value(source_.header[0]);
        return !value.empty() && find_in_header(value);
    }

private:
    [[nodiscard]] bool tries(const trial& changed, cause which, std::string_view evidence) {
        if (!failed_.matches(changed)) return false;
        causes_.push_back({which, std::string(evidence)});
        return true;
    }

    // With `value` in the header.
    [[nodiscard]] bool tries_header(std::string_view value, std::string_view evidence) {
        copied_headers headers = failed_.headers();
        headers.set(source_.header[0], value);
        trial changed = failed_.as_it_is();
        changed.headers = &headers;
        return tries(changed, cause::encoding, evidence);
    }

    // `token` as it should stand in the header.
    [[nodiscard]] crypto::secret_bytes with_word(std::string_view token) const {
        return joined(source_.word.empty() ? "" : std::string(source_.word) + ' ', token);
    }

    [[nodiscard]] bool find_in_header(std::string_view value) {
        const std::string wanted = source_.word.empty() ? "" : std::string(source_.word);
        const auto after = after_word(value, source_.word);
        if (!after && tries_header(with_word(value).text(),
                                   "the token stands without the word " + wanted + " before it")) {
            return true;
        }
        const std::size_t space = value.find(' ');
        const std::string_view rest =
            space == std::string_view::npos ? value : value.substr(space + 1);
        if (!after && tries_header(with_word(trim_blanks(rest)).text(),
                                   "another word than " + wanted + " stands before the token")) {
            return true;
        }
        if (source_.word.empty() && space != std::string_view::npos &&
            tries_header(trim_blanks(rest),
                         "a word stands before the token, which the scheme does "
                         "not want")) {
            return true;
        }
        const std::string_view token = after.value_or(rest);
        crypto::secret_bytes dense(token.size());
        std::size_t size = 0;
        for (const char c : token) {
            const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
            if (!is_blank) dense.writable()[size++] = static_cast<unsigned char>(c);
        }
        dense.truncate(size);
        return tries_header(with_word(dense.text()).text(), "there is white space in the token") ||
               tries_header(with_word(without_surroundings(token)).text(),
                            "there are quotes around the token") ||
               tries_header(with_word(percent_decoded(token, false).text()).text(),
                            "the token is percent-encoded") ||
               find_coded(token) || find_case(token);
    }

    [[nodiscard]] bool find_coded(std::string_view token) {
        if (source_.encoding == encoding::base64) {
            const auto encoded = in_base64(token);
            if (tries_header(with_word(encoded.text()).text(),
                             "the credentials stand there as they are, not in base64")) {
                return true;
            }
        }
        const auto decoded = any_base64(token);
        if (!decoded) return false;
        if (source_.encoding == encoding::base64) {
            const auto again = in_base64(decoded->text());
            const auto unescaped = in_base64(percent_decoded(decoded->text(), false).text());
            return tries_header(with_word(again.text()).text(),
                                "the base64 of the credentials has no padding or another "
                                "alphabet") ||
                   tries_header(with_word(unescaped.text()).text(),
                                "the credentials are percent-encoded in the base64");
        }
        return tries_header(with_word(decoded->text()).text(), "the token is sent in base64");
    }

    // Lower case on both sides: then only the letters' case differs.
    [[nodiscard]] bool find_case(std::string_view token) {
        if (source_.encoding != encoding::plain) return false;
        std::vector<key> keys;
        for (const configured_key& each : failed_.keys()) {
            if (!each.usable()) continue;
            const auto lower = lower_case(each.usable()->bytes());
            if (auto made = key::try_from_bytes(lower.view()); made) keys.push_back(*made);
        }
        const auto sent = lower_case(crypto::as_bytes(token));
        copied_headers headers = failed_.headers();
        const auto target = source_.in_target() ? with_token(sent.text()) : crypto::secret_bytes();
        trial changed = failed_.as_it_is();
        changed.keys = keys;
        if (source_.in_target()) {
            changed.target = target.text();
        } else {
            headers.set(source_.header[0], with_word(sent.text()).text());
            changed.headers = &headers;
        }
        return tries(changed, cause::encoding,
                     "the token that was sent has other upper-case letters than the key");
    }

    [[nodiscard]] static crypto::secret_bytes lower_case(crypto::bytes text) {
        crypto::secret_bytes lower(text);
        for (unsigned char& c : lower.writable()) {
            c = static_cast<unsigned char>(fold_ascii(static_cast<char>(c)));
        }
        return lower;
    }

    // The target of a request to which the sender has added `token` in the right way.
    [[nodiscard]] crypto::secret_bytes with_token(std::string_view token) const {
        return joined(source_.end_of_path ? "/" : "/?" + std::string(source_.query) + "=", token);
    }

    [[nodiscard]] bool tries_target(std::string_view token, cause which,
                                    std::string_view evidence) {
        const auto target = with_token(token);
        trial changed = failed_.as_it_is();
        changed.target = target.text();
        return tries(changed, which, evidence);
    }

    [[nodiscard]] bool find_in_target() {
        const std::string_view target = failed_.as_it_is().target;
        if (const auto token = token_in(source_, target); token) {
            if (tries_target(percent_decoded(*token, false).text(), cause::encoding,
                             "the token is percent-encoded") ||
                tries_target(without_surroundings(percent_decoded(*token, true).text()),
                             cause::encoding, "there is white space around the token") ||
                find_case(*token)) {
                return true;
            }
        } else if (token.error().code == errc::duplicate_header) {
            return false;
        }
        const std::string_view path = target.substr(0, target.find('?'));
        const std::string_view query = target.substr(path.size());
        std::string_view inner = path;
        while (inner.ends_with('/')) inner.remove_suffix(1);
        const std::string_view last = inner.substr((std::min)(inner.size(), inner.rfind('/') + 1));
        if (inner.size() < path.size() && source_.end_of_path &&
            tries_target(last, cause::url_differs,
                         "a slash stands behind the token at the end of the path")) {
            return true;
        }
        std::size_t members = 0;
        for (std::string_view rest = query.empty() ? query : query.substr(1);
             !rest.empty() && ++members <= 16;) {
            const std::string_view member = rest.substr(0, rest.find('&'));
            rest.remove_prefix((std::min)(rest.size(), member.size() + 1));
            const auto value = member.substr((std::min)(member.size(), member.find('=') + 1));
            if (tries_target(value, cause::url_differs,
                             source_.end_of_path
                                 ? "the token stands in the query"
                                 : "the token stands in the query under another name")) {
                return true;
            }
        }
        std::size_t segments = 0;
        for (std::string_view rest = path; !rest.empty() && ++segments <= 16;) {
            const std::string_view segment = rest.substr(0, rest.find('/'));
            rest.remove_prefix((std::min)(rest.size(), segment.size() + 1));
            if (tries_target(segment, cause::url_differs,
                             source_.end_of_path ? "the token stands at another place in the path"
                                                 : "the token stands in the path")) {
                return true;
            }
        }
        return false;
    }

    failed_delivery& failed_;
    std::vector<likely_cause>& causes_;
    const signature_source& source_;
};

}  // namespace webhookpp::detail

#endif
