// SPDX-License-Identifier: MIT
// An endpoint of any scheme with its keys, deliveries that senders really signed for it, and what
// it has to answer to any other delivery.
#ifndef WEBHOOKPP_TESTS_MUTATIONS_ENDPOINT_HPP
#define WEBHOOKPP_TESTS_MUTATIONS_ENDPOINT_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/testing/fixed_clock.hpp>

#include "../reference/deliveries.hpp"
#include "../scheme_keys.hpp"
#include "choices.hpp"

namespace mutations {

namespace wh = webhookpp;
using reference::request;

/// What is answered to a delivery.
struct verdict {
    bool accepted = false;
    bool stale = false;  ///< refused, with a good signature, for the time of sending alone

    // Of what was accepted.
    std::string id = {};
    std::string event_type = {};
    std::optional<std::int64_t> time = {};
    std::size_t key = 0;

    friend bool operator==(const verdict&, const verdict&) = default;
};

/// Something that a sender really signed.
struct signed_message {
    std::string message;
    reference::candidate made;
    std::size_t key;  ///< its place among the endpoint's keys

    // What the message was put together from.
    std::string body;
    std::string id;
    std::optional<std::int64_t> time;
};

/// A program that receives deliveries of one scheme, with up to three keys.
class endpoint {
public:
    using verifier = wh::any_verifier<wh::testing::fixed_clock>;

    struct key_pair {
        wh::key sign;
        wh::key verify;
        std::string bytes;  ///< of the one that verifies, for the reference
        wh::algorithm makes;
    };

    endpoint(const wh::scheme& described, std::string url)
        : scheme_(&described), url_(std::move(url)), keys_(make_keys(described)) {
        std::vector<wh::key> list;
        for (const key_pair& each : keys_) list.push_back(each.verify);
        verifier_.emplace(described, list, wh::verifier_options{.url = url_},
                          wh::testing::fixed_clock{golden::now});
    }

    [[nodiscard]] const wh::scheme& scheme() const { return *scheme_; }
    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] const std::vector<key_pair>& keys() const { return keys_; }
    [[nodiscard]] const verifier& verifies() const { return *verifier_; }

    /// The deliveries that were signed for it.
    [[nodiscard]] const std::vector<request>& genuine() const { return genuine_; }
    [[nodiscard]] const std::vector<signed_message>& signed_messages() const { return signed_; }

    /// Has a sender sign a delivery as `chosen` decides, and remembers what was signed. Throws when
    /// what the library signs is not what the reference reads there.
    void add_genuine(choices& chosen) {
        const bool form = chosen.below(4) != 0 || scheme_->form.body_digest.empty();
        static constexpr std::int64_t ages[] = {0, 1, -1, 60, 179, -180, 300, -300, 301, 1801};
        const std::string body = form_or_json(chosen, form);
        const std::string id = "msg_" + std::to_string(chosen.below(1000));
        std::vector<wh::key> with;
        if (takes_several()) {
            for (const key_pair& each : keys_) {
                if (chosen.below(3) != 0) with.push_back(each.sign);
            }
        }
        if (with.empty()) with.push_back(chosen.one_of(keys_).sign);
        const auto made = wh::sign(*scheme_, with,
                                   {.id = id,
                                    .timestamp = golden::now - chosen.one_of(ages),
                                    .body = body,
                                    .url = url_,
                                    .form_body = form,
                                    .event_type = chosen.below(4) == 0 ? "" : "thing.made",
                                    .header_set = chosen.below(2)})
                              .value();
        request sent{made.headers, body, "POST", std::string(wh::target_of(made.url))};
        remember(sent);
        genuine_.push_back(std::move(sent));
    }

    void forget() {
        genuine_.clear();
        signed_.clear();
    }

    /// What the library says.
    [[nodiscard]] verdict verify(const request& sent) const {
        const auto message = verifier_->verify({.headers = sent.headers,
                                                .body = sent.body,
                                                .method = sent.method,
                                                .target = sent.target});
        if (!message) {
            const auto code = message.error().code;
            return {.stale =
                        code == wh::errc::timestamp_too_old || code == wh::errc::timestamp_too_new};
        }
        if (message->body() != sent.body) {
            throw std::runtime_error("another body is handed on than was sent");
        }
        return {.accepted = true,
                .id = std::string(message->id()),
                .event_type = std::string(message->event_type()),
                .time = message->timestamp(),
                .key = message->key_index().value()};
    }

    /// What has to be said: a delivery is good if what it claims to be signed is what was signed,
    /// and one of its signatures is one that was made then. Nobody else has a key.
    [[nodiscard]] verdict expect(const request& sent) const {
        const auto read = reference::read_delivery(*scheme_, sent, url_);
        if (!read) return {};
        const auto key = matching_key(*read);
        if (!key) return {};
        if (read->time) {
            const std::int64_t age = golden::now - *read->time;
            if (age > scheme_->tolerance.past.count() || -age > scheme_->tolerance.future.count()) {
                return {.stale = true};
            }
        }
        return {.accepted = true,
                .id = read->id,
                .event_type = read->event_type,
                .time = read->time,
                .key = *key};
    }

    /// Whether body, id and time of `sent`, which was accepted, are those of one message that was
    /// signed, and not only its bytes cut in another way. Where a query that the request brings
    /// stands beside the body, they may be, which the comments of these schemes say.
    [[nodiscard]] bool is_as_signed(const request& sent, const verdict& accepted) const {
        if (scheme_->algorithm == wh::algorithm::token) return true;
        if (scheme_->url.query_of_request) return true;
        const bool signs_id = scheme_->signs(wh::content_part::kind::id);
        for (const signed_message& each : signed_) {
            if (each.body == sent.body && each.time == accepted.time &&
                (!signs_id || each.id == accepted.id)) {
                return true;
            }
        }
        return false;
    }

    /// The key that proves what was read, if one does: secrets come before public keys.
    [[nodiscard]] std::optional<std::size_t> matching_key(const reference::reading& read) const {
        if (scheme_->algorithm == wh::algorithm::token) {
            for (std::size_t i = 0; i < keys_.size(); ++i) {
                if (read.token == token_of(keys_[i])) return i;
            }
            return std::nullopt;
        }
        std::optional<std::size_t> first;
        for (const signed_message& each : signed_) {
            if (first && order(each.key) >= order(*first)) continue;
            for (const std::string& message : read.messages) {
                if (message != each.message) continue;
                for (const reference::candidate& candidate : read.candidates) {
                    if (candidate.made_by == each.made.made_by &&
                        candidate.signature == each.made.signature) {
                        first = each.key;
                    }
                }
            }
        }
        return first;
    }

    /// The token that deliveries with this key show.
    [[nodiscard]] std::string token_of(const key_pair& key) const {
        return scheme_->signature.encoding == wh::encoding::base64 ? reference::to_base64(key.bytes)
                                                                   : key.bytes;
    }

private:
    static std::vector<key_pair> make_keys(const wh::scheme& described) {
        const auto pair = [&described](const wh::key& sign, std::string_view text) {
            const bool is_public = text.starts_with("whpk_");
            const auto way = is_public ? wh::algorithm::ed25519
                                       : described.algorithm.value_or(wh::algorithm::hmac_sha256);
            return key_pair{sign, wh::key::from_text(text),
                            reference::key_bytes(described.key, text), way};
        };
        const golden::key_texts first = golden::key_texts_for(described.key);
        std::vector<key_pair> keys{pair(wh::key::from_text(first.sign), first.verify)};
        if (const std::string text = golden::other_key_text_for(described.key); !text.empty()) {
            keys.push_back(pair(wh::key::from_text(text), text));
        }
        if (described.key == wh::key_form::standard_webhooks) {
            keys.insert(keys.begin(),
                        pair(wh::key::from_text(golden::signing_key), golden::public_key));
        }
        return keys;
    }

    [[nodiscard]] std::tuple<bool, std::size_t> order(std::size_t key) const {
        return {!reference::is_mac(keys_[key].makes), key};
    }

    // Whether a delivery has room for a signature of each key.
    [[nodiscard]] bool takes_several() const {
        return !scheme_->algorithm || !scheme_->signature.pairs.name.empty() ||
               !scheme_->signature.second_header.empty();
    }

    static std::string form_or_json(choices& chosen, bool form) {
        static constexpr std::string_view bodies[] = {
            "", "{}", "a=1&b=2", "Body=Hello+there%21&From=%2B4915112345678&Body=Hello",
            R"({"id":"evt_1","type":"thing.made","data":{"key":"value","list":[1,2.50,null]}})"};
        if (!form) return R"({"a":1})";
        return chosen.below(3) != 0 ? std::string(chosen.one_of(bodies)) : chosen.text(200);
    }

    void remember(const request& sent) {
        const auto read = reference::read_delivery(*scheme_, sent, url_);
        if (!read) throw std::runtime_error("the reference cannot read what was signed");
        if (scheme_->algorithm == wh::algorithm::token) return;
        for (const reference::candidate& candidate : read->candidates) {
            std::size_t makers = 0;
            for (std::size_t i = 0; i < keys_.size(); ++i) {
                if (keys_[i].makes != candidate.made_by) continue;
                for (const std::string& message : read->messages) {
                    if (!reference::is_signature(candidate.made_by, keys_[i].bytes, message,
                                                 candidate.signature)) {
                        continue;
                    }
                    ++makers;
                    signed_.push_back({message, candidate, i, sent.body, read->id, read->time});
                }
            }
            if (makers == 0) throw std::runtime_error("other bytes were signed than are read");
        }
        if (read->candidates.empty()) throw std::runtime_error("nothing was signed");
    }

    const wh::scheme* scheme_;
    std::string url_;
    std::vector<key_pair> keys_;
    std::optional<verifier> verifier_;
    std::vector<request> genuine_;
    std::vector<signed_message> signed_;
};

/// Endpoints of all schemes. Those that have most to go wrong get several, and so more deliveries:
/// with each form of URL that is treated differently, and where lists have several versions.
inline std::vector<endpoint> make_endpoints() {
    static constexpr const char* urls[] = {"https://hooks.example.com/in?a=1",
                                           "https://hooks.example.com:443/a%2Fb%3a%41",
                                           "http://[::1]:8080/x", "https://hooks.example.com"};
    std::vector<endpoint> all;
    for (const wh::scheme* const scheme : wh::schemes::all()) {
        const bool several = scheme->signs(wh::content_part::kind::url) || !scheme->algorithm;
        for (const char* const url : urls) {
            all.emplace_back(*scheme, url);
            if (!several) break;
        }
    }
    return all;
}

}  // namespace mutations

#endif
