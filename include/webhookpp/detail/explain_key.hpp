// SPDX-License-Identifier: MIT
// Mistakes with keys: white space around them, and texts that are read in another form.
#ifndef WEBHOOKPP_DETAIL_EXPLAIN_KEY_HPP
#define WEBHOOKPP_DETAIL_EXPLAIN_KEY_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/crypto/key.hpp>
#include <webhookpp/detail/failed_delivery.hpp>
#include <webhookpp/detail/key_readings.hpp>
#include <webhookpp/detail/key_text.hpp>
#include <webhookpp/detail/signature_tokens.hpp>
#include <webhookpp/explanation.hpp>
#include <webhookpp/scheme.hpp>

namespace webhookpp::detail {

/// Looks for mistakes with the keys of one delivery.
class key_mistakes {
public:
    key_mistakes(failed_delivery& failed, std::vector<likely_cause>& causes)
        : failed_(failed), causes_(causes) {}

    /// Adds what set-up refuses, and what the sender used in place of a key. Returns whether a
    /// signature matched.
    [[nodiscard]] bool find() {
        const bool matched = find_surroundings() || find_reading() || find_form();
        for (std::size_t i = 0; i < failed_.keys().size(); ++i) {
            const auto& refusal = failed_.keys()[i].refusal;
            // Found already, where something matched.
            if (!refusal || (matched && i == matched_)) continue;
            causes_.push_back({is_white_space(i) ? cause::key_whitespace : cause::key_form,
                               failed_.key_label(i) + "refused at set-up: " + text_of(*refusal)});
        }
        if (!matched) find_wrong_kind();
        return matched;
    }

private:
    static std::string text_of(const error& refusal) {
        std::string text(name(refusal.code));
        if (!refusal.where.empty()) text.append(": ").append(refusal.where);
        return text;
    }

    [[nodiscard]] bool is_white_space(std::size_t i) const {
        const auto& each = failed_.keys()[i];
        return each.repaired || (each.refusal && each.refusal->code == errc::key_whitespace);
    }

    void add(cause which, std::size_t index, std::string_view evidence) {
        matched_ = index;
        std::string text = failed_.key_label(index).append(evidence);
        if (const auto& refusal = failed_.keys()[index].refusal; refusal) {
            text.append(" (set-up says ").append(text_of(*refusal)).append(")");
        }
        causes_.push_back({which, std::move(text)});
    }

    // Tries keys made by `make`, which gives nothing or a key for each that is configured.
    template <class Make>
    [[nodiscard]] bool tries(const scheme& described, cause which, std::string_view evidence,
                             Make make) {
        std::vector<key> keys;
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < failed_.keys().size(); ++i) {
            const std::string_view text = failed_.keys()[i].text.text();
            const std::optional<key> made = make(text);
            if (!made || !failed_.is_key_of(described, *made)) continue;
            keys.push_back(*made);
            places.push_back(i);
        }
        trial changed = failed_.as_it_is();
        changed.described = &described;
        changed.keys = keys;
        if (!failed_.matches(changed)) return false;
        add(which, places[failed_.key_index()], evidence);
        return true;
    }

    [[nodiscard]] secret_length lengths() const { return failed_.options().secrets; }

    static std::optional<key> made_of(const result<key>& made) {
        return made ? std::optional(*made) : std::nullopt;
    }

    [[nodiscard]] bool find_surroundings() {
        return tries(failed_.described(), cause::key_whitespace,
                     "white space or quotes stand around the key; without them the delivery is "
                     "genuine",
                     [](std::string_view text) -> std::optional<key> {
                         const auto inner = without_surroundings(text);
                         if (inner.size() == text.size()) return std::nullopt;
                         return made_of(key::try_from_text(inner));
                     });
    }

    [[nodiscard]] bool find_reading() {
        const bool shows_token = failed_.described().algorithm == algorithm::token;
        scheme in_text = failed_.described();
        if (!shows_token) in_text.key = key_form::text;
        const auto readings = shows_token ? std::span<const key_reading>(token_readings)
                                          : std::span<const key_reading>(secret_readings);
        if (!shows_token && !uses_secrets()) return false;
        for (const key_reading& each : readings) {
            const auto make = [&](std::string_view text) -> std::optional<key> {
                const key_bytes bytes = each.read(text);
                if (!bytes || (shows_token && bytes->text() == text)) return std::nullopt;
                return made_of(key::try_from_bytes(bytes->view()));
            };
            if (tries(in_text, each.which, each.evidence, make)) return true;
        }
        return false;
    }

    // Public keys in another encoding, or in PEM.
    [[nodiscard]] bool find_form() {
        if (!failed_.described().uses_key_pairs()) return false;
        constexpr std::pair<key_form, std::string_view> forms[] = {
            {key_form::ed25519_hex, "the key is written in hex, which the scheme does not want"},
            {key_form::ed25519_base64,
             "the key is written in base64 without a prefix or in PEM, which the scheme does not "
             "want"},
            {key_form::p256_base64, "the key is written in PEM: leave out its first and last line"},
            {key_form::standard_webhooks,
             "the key is written with a prefix, which the scheme does not want"},
        };
        for (const auto& [form, evidence] : forms) {
            scheme other = failed_.described();
            other.key = form;
            const auto make = [](std::string_view text) {
                const auto trimmed = without_surroundings(text);
                const auto inner = without_pem(trimmed);
                return made_of(key::try_from_text(inner.view().empty() ? trimmed : inner.text()));
            };
            if (tries(other, cause::key_form, evidence, make)) return true;
        }
        return false;
    }

    [[nodiscard]] bool uses_secrets() const {
        const scheme& described = failed_.described();
        return described.uses(algorithm::hmac_sha1) || described.uses(algorithm::hmac_sha256) ||
               described.uses(algorithm::hmac_sha512);
    }

    // Signatures that no configured key could have made, whatever it is.
    void find_wrong_kind() {
        const scheme& described = failed_.described();
        bool can[2] = {false, false};
        bool sent[2] = {false, false};
        for (const key& each : failed_.as_it_is().keys) {
            const auto read = each.read_as(described.key, lengths());
            if (read) can[read->which() == key::kind::secret ? 0 : 1] = true;
        }
        for (const signature_version& version : described.signature.versions) {
            if (version.label.empty()) continue;
            const std::string label = std::string(version.label) + ',';
            for (std::size_t set = 0; set < described.signature.header.count; ++set) {
                const auto value = failed_.headers().value(described.signature.header[set]);
                if (value.starts_with(label) || value.find(' ' + label) != std::string_view::npos) {
                    sent[is_hmac(version.algorithm) ? 0 : 1] = true;
                }
            }
        }
        if (sent[0] && !sent[1] && can[1] && !can[0]) {
            causes_.push_back({cause::key_form,
                               "the delivery is signed with a shared secret, and only public keys "
                               "are configured"});
        }
        if (sent[1] && !sent[0] && can[0] && !can[1]) {
            causes_.push_back({cause::key_form,
                               "the delivery is signed with a key pair, and only shared secrets "
                               "are configured"});
        }
    }

    failed_delivery& failed_;
    std::vector<likely_cause>& causes_;
    std::size_t matched_ = 0;
};

}  // namespace webhookpp::detail

#endif
