// SPDX-License-Identifier: MIT
// Signatures in any of the ways in which they are written, rewritten as a scheme wants them.
#ifndef WEBHOOKPP_DETAIL_SIGNATURE_SPELLING_HPP
#define WEBHOOKPP_DETAIL_SIGNATURE_SPELLING_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/detail/key_text.hpp>
#include <webhookpp/detail/rewritten_text.hpp>
#include <webhookpp/detail/signature_tokens.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/sign.hpp>

namespace webhookpp::detail {

/// What an encoding is called.
[[nodiscard]] constexpr std::string_view encoding_name(encoding which) noexcept {
    switch (which) {
        case encoding::base64: return "base64";
        case encoding::base64url: return "unpadded base64url";
        case encoding::hex: return "lower-case hex";
        case encoding::plain: break;
    }
    return "plain text";
}

/// Rewrites the value of a signature header, signature by signature.
class signature_speller {
public:
    explicit signature_speller(const scheme& described) : scheme_(described) {}

    /// `value` with each signature as the scheme wants it; those that nothing can be made of stay.
    [[nodiscard]] std::string rewrite(std::string_view value) {
        const signature_source& source = scheme_.signature;
        value = unquoted(value);
        if (!source.pairs.name.empty()) {
            return rewrite_list(value, source.pairs.separator,
                                [this](std::string_view each) { return rewrite_pair(each); });
        }
        if (!scheme_.algorithm) {
            const std::string list = with_single_spaces(value);
            return rewrite_list(list, ' ',
                                [this](std::string_view each) { return rewrite_version(each); });
        }
        return rewrite_only(value);
    }

    /// What was wrong with the last signature that was rewritten, in words.
    [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

private:
    // Texts that stand before signatures of one scheme or another.
    static constexpr std::string_view prefixes[] = {
        "hmac-sha256=", "sha256=", "sha512=", "sha1=", "hmac ", "v0=", "v1=", "v1,"};

    [[nodiscard]] std::string_view unquoted(std::string_view text) {
        const std::string_view inner = without_surroundings(text);
        if (inner.size() != text.size()) fault_ = "there are quotes around the signature";
        return inner;
    }

    // Lists are also written with commas and tabs, which proxies put between joined headers.
    [[nodiscard]] std::string with_single_spaces(std::string_view list) {
        std::string spaced(list);
        for (const std::string_view other : {"\t", ", ", "  "}) {
            if (auto changed = replaced(spaced, other, " "); changed) spaced = *std::move(changed);
        }
        if (spaced.ends_with(',')) spaced.pop_back();
        if (spaced != list) fault_ = "the signatures are not separated by single spaces";
        return spaced;
    }

    template <class Rewrite>
    [[nodiscard]] static std::string rewrite_list(std::string_view value, char separator,
                                                  Rewrite rewrite) {
        std::string list;
        for (;;) {
            const std::size_t end = value.find(separator);
            list += rewrite(value.substr(0, end));
            if (end == std::string_view::npos) return list;
            list += separator;
            value.remove_prefix(end + 1);
        }
    }

    [[nodiscard]] std::string rewrite_pair(std::string_view element) {
        const std::string_view name = trim_blanks(element.substr(0, element.find('=')));
        if (name == scheme_.timestamp.element && !name.empty()) return std::string(element);
        if (name != scheme_.signature.pairs.name || element.find('=') == std::string_view::npos) {
            // All that stands there may be a signature.
            const auto text = spelled(trim_blanks(element), *scheme_.algorithm);
            if (!text) return std::string(element);
            fault_ = "the signature stands without the name `" +
                     std::string(scheme_.signature.pairs.name) + "=` before it";
            return std::string(scheme_.signature.pairs.name) + '=' + *text;
        }
        const auto text =
            spelled(trim_blanks(element.substr(element.find('=') + 1)), *scheme_.algorithm);
        return text ? std::string(name) + '=' + *text : std::string(element);
    }

    [[nodiscard]] std::string rewrite_version(std::string_view token) {
        for (const signature_version& version : scheme_.signature.versions) {
            if (version.label.empty()) continue;
            std::string_view rest = token;
            const bool labelled =
                token.starts_with(version.label) && token.size() > version.label.size() &&
                (token[version.label.size()] == ',' || token[version.label.size()] == '=');
            if (labelled) rest.remove_prefix(version.label.size() + 1);
            const auto text = spelled(rest, version.algorithm);
            if (!text) continue;
            const std::string label = std::string(version.label) + ',';
            if (!token.starts_with(label)) {
                fault_ = "the signature stands without the version `" + label + "` before it";
            }
            return label + *text;
        }
        return std::string(token);
    }

    [[nodiscard]] std::string rewrite_only(std::string_view value) {
        const signature_source& source = scheme_.signature;
        const std::string word = source.word.empty() ? "" : std::string(source.word) + ' ';
        std::string_view rest = after_word(value, source.word).value_or(value);
        bool good = rest.starts_with(source.prefix);
        if (good) rest.remove_prefix(source.prefix.size());
        auto text = spelled(rest, *scheme_.algorithm);
        for (const std::string_view prefix : prefixes) {
            if (text || !equal_names(rest.substr(0, prefix.size()), prefix)) continue;
            text = spelled(rest.substr(prefix.size()), *scheme_.algorithm);
            good = false;
        }
        if (!text) return std::string(value);
        if (!good && !source.prefix.empty()) {
            fault_ = "the signature stands without the prefix `" + std::string(source.prefix) +
                     "` before it";
        } else if (!good) {
            fault_ = "a prefix stands before the signature";
        }
        return word + std::string(source.prefix) + *text;
    }

    // `text` in the encoding of the scheme.
    [[nodiscard]] std::optional<std::string> spelled(std::string_view text, algorithm made_by) {
        const auto decoded = percent_decoded(text, false);
        const bool escaped = decoded.text() != text;
        text = decoded.text();
        const std::size_t size = signature_size(made_by);
        const auto right = [&](const std::optional<crypto::secret_bytes>& bytes) {
            return bytes && !bytes->view().empty() && (size == 0 || bytes->view().size() == size);
        };
        const bool upper = text.find_first_of("ABCDEF") != std::string_view::npos;
        std::string_view how = upper ? "hex with upper-case letters" : "lower-case hex";
        auto bytes = any_hex(text);
        if (!right(bytes)) {
            bytes = any_base64(text);
            how = name_of_base64(text);
            if (bytes && size != 0 && bytes->view().size() == 2 * size) {
                bytes = any_hex(std::string(bytes->text()));
                how = "base64 of its hex";
            }
        }
        if (!right(bytes)) return std::nullopt;
        std::string made = encoded(scheme_.signature.encoding, bytes->view());
        if (made != text) {
            fault_ = "the signature is written in ";
            fault_.append(how).append(", the scheme wants ");
            fault_.append(encoding_name(scheme_.signature.encoding));
        } else if (escaped) {
            fault_ = "the signature is percent-encoded";
        }
        return made;
    }

    static std::string_view name_of_base64(std::string_view text) noexcept {
        const bool of_urls = text.find_first_of("-_") != std::string_view::npos;
        const bool padded = text.size() % 4 == 0;
        if (of_urls) return padded && text.ends_with('=') ? "padded base64url" : "base64url";
        return padded ? "base64" : "base64 without padding";
    }

    const scheme& scheme_;
    std::string fault_;
};

}  // namespace webhookpp::detail

#endif
