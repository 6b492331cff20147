// SPDX-License-Identifier: MIT
// Mistakes with bodies: bytes that were added, taken away or written anew.
#ifndef WEBHOOKPP_DETAIL_EXPLAIN_BODY_HPP
#define WEBHOOKPP_DETAIL_EXPLAIN_BODY_HPP

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/detail/failed_delivery.hpp>
#include <webhookpp/detail/json_spelling.hpp>
#include <webhookpp/detail/rewritten_text.hpp>
#include <webhookpp/detail/sent_time.hpp>
#include <webhookpp/explanation.hpp>

namespace webhookpp::detail {

/// Looks for what happened to the body of one delivery.
class body_mistakes {
public:
    body_mistakes(failed_delivery& failed, std::vector<likely_cause>& causes)
        : failed_(failed), causes_(causes) {
        tried_.push_back(std::hash<std::string_view>()(failed.body()));
    }

    /// Adds what makes the signature match. Returns whether anything does.
    [[nodiscard]] bool find() {
        if (!is_signed()) return false;
        return find_white_space() || find_length() || find_characters() || find_form() ||
               find_json();
    }

    /// Adds that the body has another length than the request says.
    void find_length_trace() {
        const auto announced = announced_length();
        if (!is_signed() || !announced || *announced == failed_.body().size()) return;
        std::string text = "Content-Length is " + with_commas(*announced) + ", the body has " +
                           with_commas(failed_.body().size()) + " bytes";
        if (failed_.body().empty()) text += ": something has read it before";
        causes_.push_back({cause::length_differs, std::move(text)});
    }

    /// Adds what speaks for another mistake although no signature matches.
    void find_traces() {
        if (!is_signed()) return;
        const std::string_view body = failed_.body();
        if (body.empty() && announced_length().value_or(0) == 0) {
            causes_.push_back(
                {cause::body_trimmed, "the body is empty: something may have read it before"});
        }
        const bool is_packed = body.starts_with("\x1f\x8b");
        const std::string_view coding = failed_.headers().value("Content-Encoding");
        const bool says_packed = equal_names(coding, "gzip") || equal_names(coding, "x-gzip");
        if (is_packed && coding.empty()) {
            causes_.push_back({cause::body_reserialised,
                               "the body is packed with gzip, and no Content-Encoding says so: "
                               "something on the way has packed it or removed the header"});
        } else if (says_packed && !is_packed && !body.empty()) {
            causes_.push_back({cause::body_reserialised,
                               "Content-Encoding says that the body is packed, and it does not "
                               "begin as gzip does: something may have unpacked it"});
        }
    }

private:
    [[nodiscard]] bool is_signed() const {
        return failed_.described().signs(content_part::kind::body) ||
               failed_.described().signs(content_part::kind::form);
    }

    // `evidence` says what the signature matches.
    [[nodiscard]] bool tries(cause which, std::string_view evidence, std::string_view body) {
        const std::size_t hash = std::hash<std::string_view>()(body);
        if (std::find(tried_.begin(), tried_.end(), hash) != tried_.end()) return false;
        tried_.push_back(hash);
        trial changed = failed_.as_it_is();
        changed.body = body;
        if (!failed_.matches(changed)) return false;
        causes_.push_back({which, std::string("the signature matches ").append(evidence)});
        return true;
    }
    [[nodiscard]] bool tries(cause which, std::string_view evidence,
                             const std::optional<std::string>& body) {
        return body && tries(which, evidence, std::string_view(*body));
    }

    static std::string_view without_end(std::string_view text, std::string_view end) {
        if (text.ends_with(end)) text.remove_suffix(end.size());
        return text;
    }

    [[nodiscard]] bool find_white_space() {
        const std::string_view body = failed_.body();
        const auto shorter = [&](std::string_view evidence, const auto& text) {
            return tries(cause::newline_added, evidence, text);
        };
        std::string_view without_lines = body;
        while (without_lines.ends_with('\n') || without_lines.ends_with('\r')) {
            without_lines.remove_suffix(1);
        }
        if (shorter("the body without its last line break",
                    body.ends_with("\r\n") ? without_end(body, "\r\n") : without_end(body, "\n")) ||
            shorter("the body without the line breaks at its end", without_lines)) {
            return true;
        }
        const std::size_t begin = body.find_first_not_of(" \t\r\n");
        if (begin != std::string_view::npos) {
            const auto inner = body.substr(begin, body.find_last_not_of(" \t\r\n") + 1 - begin);
            if (shorter("the body without the white space around it", inner) ||
                shorter("the body without the white space before it", body.substr(begin))) {
                return true;
            }
        }
        const auto longer = [&](std::string_view evidence, std::string_view start,
                                std::string_view end) {
            return tries(cause::body_trimmed, evidence,
                         std::optional(std::string(start).append(body).append(end)));
        };
        return longer("the body with a line break (LF) at its end", "", "\n") ||
               longer("the body with a line break (CRLF) at its end", "", "\r\n") ||
               longer("the body with two line breaks (LF) at its end", "", "\n\n") ||
               longer("the body with two line breaks (CRLF) at its end", "", "\r\n\r\n") ||
               longer("the body with a space at its end", "", " ") ||
               longer("the body with a line break (LF) before it", "\n", "") ||
               longer("the body with a line break (CRLF) before it", "\r\n", "") ||
               longer("the body with a line break (LF) before it and at its end", "\n", "\n") ||
               shorter("the body with LF in place of each CRLF", replaced(body, "\r\n", "\n")) ||
               tries(cause::body_trimmed, "the body with CRLF in place of each LF",
                     replaced(body, "\n", "\r\n"));
    }

    [[nodiscard]] bool find_length() {
        const std::string_view body = failed_.body();
        if (const auto announced = announced_length();
            announced && *announced < body.size() &&
            tries(cause::length_differs,
                  "the first " + with_commas(*announced) + " bytes of the body, which has " +
                      with_commas(body.size()) + "; Content-Length is " + with_commas(*announced),
                  body.substr(0, *announced))) {
            return true;
        }
        const std::size_t last = body.find_last_not_of('\0');
        return tries(cause::length_differs, "the body without the NUL bytes at its end",
                     body.substr(0, last + 1));  // without any other byte: + 1 makes it 0
    }

    [[nodiscard]] bool find_characters() {
        constexpr std::string_view mark = "\xef\xbb\xbf";
        const std::string_view body = failed_.body();
        const auto written_anew = [&](std::string_view evidence, const auto& text) {
            return tries(cause::body_reserialised, evidence, text);
        };
        if (body.starts_with(mark)) {
            return written_anew("the body without the byte order mark before it",
                                body.substr(mark.size()));
        }
        return written_anew("the body with a byte order mark before it",
                            std::optional(std::string(mark).append(body))) ||
               written_anew(
                   "the body as it was before something read it as Latin-1 and wrote it "
                   "as UTF-8",
                   latin1_from_utf8(body)) ||
               written_anew("the body in UTF-8 in place of Latin-1", utf8_from_latin1(body));
    }

    // Forms with the payload in one field: some senders sign the form, some the field.
    [[nodiscard]] bool find_form() {
        constexpr std::string_view field = "payload=";
        const std::string_view body = failed_.body();
        if (body.starts_with(field)) {
            const auto value =
                percent_decoded(body.substr(field.size(), body.find('&') - field.size()), true);
            return tries(cause::body_reserialised, "the decoded value of the field `payload`",
                         std::optional(std::string(value.text())));
        }
        if (!body.starts_with('{')) return false;
        return tries(cause::body_reserialised, "a form with the body in its field `payload`",
                     std::optional(std::string(field) + form_encoded(body)));
    }

    [[nodiscard]] bool find_json() {
        using other = json_texts::other_characters;
        struct layout {
            std::string_view words;
            json_layout form;
        };
        struct texts {
            std::string_view words;
            json_texts form;
        };
        static constexpr layout layouts[] = {
            {"its white space as it is", {.as_it_is = true}},
            {"no white space between its tokens", {}},
            {"a space after each comma and colon", {", ", ": ", {}, false}},
            {"an indentation of 2 spaces", {",", ": ", "  ", false}},
            {"an indentation of 4 spaces", {",", ": ", "    ", false}},
            {"an indentation of tabs", {",", ": ", "\t", false}},
            {"a space after each colon", {",", ": ", {}, false}},
        };
        static constexpr texts spellings[] = {
            {"", {}},
            {", with \\/ for each slash", {other::as_they_are, true, false}},
            {", with characters in place of \\u and \\/ escapes", {other::plain, false, false}},
            {", with \\u escapes for all but ASCII", {other::escaped, false, false}},
            {", with \\u escapes for all but ASCII and \\/ for each slash",
             {other::escaped, true, false}},
            {", with \\u escapes for <, > and &", {other::plain, false, true}},
        };
        for (const texts& spelling : spellings) {
            for (const layout& each : layouts) {
                auto text = json_rewriter(each.form, spelling.form, failed_.most_bytes())
                                .rewrite(failed_.body());
                if (!text) continue;
                std::string words = "the JSON of the body with ";
                words.append(each.words).append(spelling.words);
                if (tries(cause::body_reserialised, words, text)) return true;
                if (!spelling.words.empty()) continue;
                words += " and a line break (LF) at its end";
                *text += '\n';
                if (tries(cause::body_reserialised, words, text)) return true;
            }
        }
        return false;
    }

    [[nodiscard]] std::optional<std::size_t> announced_length() const {
        const auto length = parse_digits(failed_.headers().value("Content-Length"), 15);
        return length ? std::optional(static_cast<std::size_t>(*length)) : std::nullopt;
    }

    failed_delivery& failed_;
    std::vector<likely_cause>& causes_;
    std::vector<std::size_t> tried_;  // hashes of bodies
};

}  // namespace webhookpp::detail

#endif
