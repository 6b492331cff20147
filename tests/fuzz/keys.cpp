// SPDX-License-Identifier: MIT
// Texts of keys: those are taken that are written as the form wants them, with the bytes that a
// slow decoder finds; what is signed with a key is accepted with it; and no message shows a key.
#include <webhookpp/crypto/key.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/testing/fixed_clock.hpp>

#include "../reference/encodings.hpp"
#include "../reference/headers.hpp"
#include "../secret_parts.hpp"
#include "harness.hpp"

namespace wh = webhookpp;

namespace {

// A scheme for each form.
constexpr const wh::scheme* schemes[] = {
    &wh::schemes::standard_webhooks, &wh::schemes::github,       &wh::schemes::airtable,
    &wh::schemes::adyen_body,        &wh::schemes::bearer_token, &wh::schemes::url_token,
    &wh::schemes::basic_auth,        &wh::schemes::discord,      &wh::schemes::telnyx,
    &wh::schemes::sendgrid};

// The bytes of a secret or a token; nothing if it is none, or not of a form that has one.
std::optional<std::string> secret_in(wh::key_form form, std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n\v\f";
    if (text.empty() || text.size() > 4096) return std::nullopt;
    if (blanks.find(text.front()) != std::string_view::npos ||
        blanks.find(text.back()) != std::string_view::npos) {
        return std::nullopt;
    }
    const auto has_only = [text](auto good) {
        for (const char c : text) {
            if (!good(c)) return false;
        }
        return true;
    };
    std::optional<std::string> bytes{text};
    switch (form) {
        case wh::key_form::text: break;
        case wh::key_form::base64: bytes = reference::from_base64(text); break;
        case wh::key_form::hex: bytes = reference::from_hex(reference::in_lower_case(text)); break;
        case wh::key_form::token:
            if (!has_only([](char c) { return c > ' ' && c <= '~'; })) return std::nullopt;
            break;
        case wh::key_form::url_token:
            if (text == "." || text == ".." || !has_only([](char c) {
                    constexpr std::string_view good =
                        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
                    return good.find(c) != std::string_view::npos;
                })) {
                return std::nullopt;
            }
            break;
        case wh::key_form::credentials:
            if (text == ":" || text.find(':') == std::string_view::npos) return std::nullopt;
            break;
        case wh::key_form::standard_webhooks:
            if (!text.starts_with("whsec_")) return std::nullopt;
            bytes = reference::from_base64(text.substr(6));
            if (bytes && (bytes->size() < 16 || bytes->size() > 75)) return std::nullopt;
            break;
        case wh::key_form::ed25519_hex:
        case wh::key_form::ed25519_base64:
        case wh::key_form::p256_base64: return std::nullopt;
    }
    return bytes && !bytes->empty() ? bytes : std::nullopt;
}

bool has_secrets(wh::key_form form) {
    return form != wh::key_form::ed25519_hex && form != wh::key_form::ed25519_base64 &&
           form != wh::key_form::p256_base64;
}

wh::result<wh::key> read_as(wh::key_form form, std::string_view text) {
    if (fuzz::is_planted("text_ends_at_nul")) text = text.substr(0, text.find('\0'));
    while (fuzz::is_planted("blanks_cut_off") && text.ends_with(' ')) text.remove_suffix(1);
    const auto key = wh::key::try_from_text(text);
    return key ? key->read_as(form) : wh::result<wh::key>(wh::unexpected(key.error()));
}

std::string message_for(wh::key_form form, std::string_view text) {
    const auto read = read_as(form, text);
    if (read) return {};
    std::string message(read.error().where.view());
    if (fuzz::is_planted("key_in_a_message")) message += text.substr(0, 8);
    return message;
}

// Messages are texts of the library. They may have words in common with a key, but then not with
// one in which each visible character is the next.
void check_message(wh::key_form form, std::string_view text) {
    if (!secrets::shows_part(message_for(form, text), text)) return;
    std::string other(text);
    for (char& c : other) {
        if (c > ' ' && c <= '~') c = c == '~' ? '!' : static_cast<char>(c + 1);
    }
    fuzz::require(!secrets::shows_part(message_for(form, other), other), "a message shows a key");
}

void check_use(const wh::scheme& scheme, const wh::key& key, const wh::key& other) {
    constexpr const char* url = "https://hooks.example.com/in";
    const auto made =
        wh::sign(scheme, key, {.id = "msg_1", .timestamp = 1, .body = "{}", .url = url});
    if (!made) {
        // A token of a header may be longer than a header that is accepted, and so may a target.
        fuzz::require(made.error().code == wh::errc::invalid_url && key.bytes().size() > 4000,
                      "a key verifies and does not sign");
        return;
    }
    using verifier = wh::any_verifier<wh::testing::fixed_clock>;
    const auto verifies = verifier::try_create(scheme, std::span(&key, 1), {.url = url}, {1});
    const auto refuses = verifier::try_create(scheme, std::span(&other, 1), {.url = url}, {1});
    fuzz::require(verifies && refuses, "a key that was read makes no verifier");
    const std::string target(wh::target_of(made->url));
    const std::string_view body = "{}";
    const wh::delivery sent{.headers = made->headers, .body = body, .target = target};
    fuzz::require(verifies->verify(sent).has_value(), "what a key signs is not accepted with it");
    fuzz::require(!refuses->verify(sent).has_value(), "another key accepts it as well");
}

}  // namespace

std::vector<std::string_view> fuzz::faults() {
    return {"key_in_a_message", "blanks_cut_off", "text_ends_at_nul", "another_key_accepted"};
}

void fuzz::try_input(input bytes) {
    if (bytes.empty()) return;
    const wh::scheme& scheme = *schemes[bytes[0] % std::size(schemes)];
    const std::string_view text = text_of(bytes.subspan(1));

    const auto read = read_as(scheme.key, text);
    if (!read) check_message(scheme.key, text);
    if (!has_secrets(scheme.key)) return;
    const auto expected = secret_in(scheme.key, text);
    const bool secret = read && read->which() == wh::key::kind::secret;
    require(secret == expected.has_value(), "a key is taken, or refused, that is not");
    if (!secret) return;
    const std::string found(reinterpret_cast<const char*>(read->bytes().data()),
                            read->bytes().size());
    require(found == *expected, "a key has other bytes");

    // With one bit changed; HMAC takes keys that differ in zeros at the end for the same.
    std::string changed = found;
    changed[0] = static_cast<char>(changed[0] ^ 1);
    const bool is_text = scheme.key == wh::key_form::token ||
                         scheme.key == wh::key_form::url_token ||
                         scheme.key == wh::key_form::credentials;
    const auto other =
        wh::key::try_from_bytes(wh::crypto::as_bytes(is_text ? found + 'x' : changed));
    if (!other) return;
    const wh::key right = wh::key::from_text(text);
    check_use(scheme, right, is_planted("another_key_accepted") ? right : *other);
}
