// SPDX-License-Identifier: MIT
// Finds the mistakes in a description: while it is compiled, or when it is made at run time.
#ifndef WEBHOOKPP_DETAIL_SCHEME_CHECK_HPP
#define WEBHOOKPP_DETAIL_SCHEME_CHECK_HPP

#include <cstddef>
#include <string_view>

#include <webhookpp/detail/characters.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>

namespace webhookpp::detail {

// Not constexpr on purpose: a call while a scheme is compiled is an error, and the compiler quotes
// the line with the text. For a scheme made at run time it throws.
inline void mistake(const char* what) {
    raise(error{errc::unknown_scheme, what});
}

constexpr bool lists_versions(const scheme& described) {
    return !described.signature.versions[0].label.empty();
}

constexpr void check_pairs(const scheme& described) {
    const signature_source& signature = described.signature;
    const std::string_view name = signature.pairs.name;
    if (name.empty()) {
        if (!described.timestamp.element.empty()) {
            mistake("a .timestamp in an .element needs a signature header with .pairs");
        }
        return;
    }
    if (lists_versions(described)) mistake("a header lists .pairs or .versions, not both");
    if (!signature.prefix.empty()) {
        mistake("a list of .pairs has no .prefix: the names stand before the signatures");
    }
    if (!signature.word.empty()) mistake("a list of .pairs has no .word before it");
    if (!signature.second_header.empty()) mistake("a list of .pairs stands in one header");
    if (signature.pairs.separator != ',' && signature.pairs.separator != ';') {
        mistake("the separator of .pairs is a comma or a semicolon");
    }
    if (!is_unreserved(name) || !is_unreserved(described.timestamp.element)) {
        mistake("the names of .pairs have only letters, digits and - . _ ~");
    }
    if (name == described.timestamp.element) {
        mistake("signature and timestamp are elements of the same name");
    }
}

constexpr void check_versions(const scheme& described) {
    const signature_source& signature = described.signature;
    if (!lists_versions(described) && !signature.versions[1].label.empty()) {
        mistake("the second of the .versions has a label, and the first has none");
    }
    if (!lists_versions(described)) return;
    if (!signature.prefix.empty()) mistake("a list of .versions has no .prefix before it");
    if (!signature.second_header.empty()) mistake("a list of .versions stands in one header");
    if (signature.header.count == 0) mistake("the .versions are listed in a .header");
    if (!signature.word.empty()) mistake("a list of .versions has no .word before it");
    if (signature.encoding != encoding::base64) mistake("signatures of .versions are in base64");
    if (signature.versions[0].label == signature.versions[1].label) {
        mistake("two .versions of the .signature have the same label");
    }
    for (const signature_version& version : signature.versions) {
        if (version.algorithm == algorithm::token) mistake("a token has no .versions");
    }
}

constexpr void check_signature(const scheme& described) {
    const signature_source& signature = described.signature;
    const bool in_header = signature.header.count != 0;
    if (!in_header && !signature.in_target()) {
        mistake("the .signature stands nowhere: in a .header, .query member or at .end_of_path");
    }
    if ((in_header ? 1 : 0) + (signature.query.empty() ? 0 : 1) + (signature.end_of_path ? 1 : 0) >
        1) {
        mistake("the .signature stands in two places: .header, .query and .end_of_path exclude");
    }
    if (!is_unreserved(signature.query)) {
        mistake("the name of the .query member has only letters, digits and - . _ ~");
    }
    if (!is_visible_ascii(signature.word)) mistake("the .word is one word in visible ASCII");
    if (!in_header && !signature.word.empty()) mistake("only a .header has a .word");
    if (!is_visible_ascii(signature.prefix)) mistake("the .prefix is visible ASCII");
    if (!in_header && !signature.prefix.empty()) mistake("only a .header has a .prefix");
    if (!in_header && !signature.second_header.empty()) {
        mistake("a .second_header needs a first .header");
    }
    check_pairs(described);
    check_versions(described);
}

constexpr void check_algorithm(const scheme& described) {
    if (!described.algorithm && !lists_versions(described)) {
        mistake("the scheme has no .algorithm, and the .signature lists no .versions");
    }
    if (described.algorithm && lists_versions(described)) {
        mistake("the .versions of the .signature say the algorithm: leave out .algorithm");
    }
    const key_form form = described.key;
    if (described.uses(algorithm::ed25519) && form != key_form::standard_webhooks &&
        form != key_form::ed25519_hex && form != key_form::ed25519_base64) {
        mistake(
            "the .key of Ed25519 is key_form::ed25519_hex, ed25519_base64 or standard_webhooks");
    }
    if (described.uses(algorithm::ecdsa_p256) != (form == key_form::p256_base64)) {
        mistake("the .key of ECDSA P-256 is key_form::p256_base64, and of nothing else");
    }
    if (!described.uses(algorithm::ed25519) &&
        (form == key_form::ed25519_hex || form == key_form::ed25519_base64)) {
        mistake("the .key is one of Ed25519, but the .algorithm is not");
    }
    for (const signature_version& version : described.signature.versions) {
        if (!version.label.empty() && version.algorithm != algorithm::hmac_sha256 &&
            version.algorithm != algorithm::ed25519) {
            mistake("signatures of .versions are made by hmac_sha256 or ed25519");
        }
    }
}

constexpr void check_token(const scheme& described) {
    const signature_source& signature = described.signature;
    if (described.content.count != 0) mistake("a token signs nothing: leave out the .content");
    if (described.key != key_form::token && described.key != key_form::url_token &&
        described.key != key_form::credentials) {
        mistake("the .key of a token is key_form::token, url_token or credentials");
    }
    if (!signature.pairs.name.empty()) mistake("a token stands alone, not in .pairs");
    if (!signature.prefix.empty()) mistake("a token has no .prefix");
    if (!signature.second_header.empty()) mistake("a token stands in one header");
    if (signature.encoding == encoding::hex || signature.encoding == encoding::base64url) {
        mistake("a token is sent in .encoding = plain or base64");
    }
    if (signature.in_target() && described.key != key_form::url_token) {
        mistake("a token in the URL needs .key = key_form::url_token: it is compared undecoded");
    }
    if (signature.in_target() && signature.encoding != encoding::plain) {
        mistake("a token in the URL stands there as it is: .encoding = plain");
    }
    if (described.key == key_form::credentials && signature.encoding != encoding::base64) {
        mistake("credentials are sent in .encoding = base64");
    }
}

constexpr void check_content(const scheme& described) {
    using part = content_part::kind;
    const signed_content& content = described.content;
    if (described.signature.in_target()) mistake("only a token stands in the URL");
    if (described.signature.encoding == encoding::plain) {
        mistake("a computed signature is never .encoding = plain");
    }
    if (described.key == key_form::token || described.key == key_form::url_token ||
        described.key == key_form::credentials) {
        mistake("only a token has a .key that is sent");
    }
    if (content.count == 0) mistake("there is no .content: say which bytes are signed");
    if (content.times(part::body) + content.times(part::form) != 1) {
        mistake("the .content has to sign the body or the form in it, once");
    }
    for (const part each : {part::id, part::timestamp, part::url, part::method}) {
        if (content.times(each) > 1) mistake("the .content signs something twice");
    }
    const url_source& url = described.url;
    if (content.times(part::url) == 0 &&
        (url.query_of_request || url.any_default_port || !url.decoded.empty())) {
        mistake("the scheme says how the .url is signed, but the .content does not sign it");
    }
    if (!described.form.body_digest.empty() &&
        (content.times(part::form) == 0 || !url.query_of_request)) {
        mistake("a .body_digest is for a .content with a form and a .url with the request's query");
    }
    if (content.times(part::id) > 0 && described.id.header.count == 0) {
        mistake("the .content signs an id, but .id does not say where it stands");
    }
    if (content.times(part::timestamp) > 0 && !described.has_timestamp()) {
        mistake("the .content signs a timestamp, but .timestamp does not say where it stands");
    }
}

constexpr void check_headers(const scheme& described) {
    const std::size_t sets = described.signature.header.count;
    for (const header_names* header :
         {&described.signature.header, &described.id.header, &described.timestamp.header}) {
        for (std::size_t i = 0; i < header->count; ++i) {
            if (header->names[i].empty()) mistake("a header has an empty name");
        }
    }
    if (described.signature.in_target() &&
        (described.id.header.count != 0 || !described.event_type.header.empty())) {
        mistake("a token in the URL goes with no headers");
    }
    if (described.signature.in_target()) return;
    if ((described.id.header.count != 0 && described.id.header.count != sets) ||
        (described.timestamp.header.count != 0 && described.timestamp.header.count != sets)) {
        mistake("all headers need the same number of names");
    }
}

constexpr scheme_check::scheme_check(const scheme& described) {
    if (described.name.empty()) mistake("the scheme has no .name");
    check_signature(described);
    check_algorithm(described);
    if (described.timestamp.header.count > 0 && !described.timestamp.element.empty()) {
        mistake("the .timestamp stands in a .header or in an .element, not in both");
    }
    if (described.has_timestamp() && !described.signs(content_part::kind::timestamp)) {
        mistake("the .timestamp is not part of the .content: what is not signed proves nothing");
    }
    if (described.algorithm == algorithm::token) {
        check_token(described);
    } else {
        check_content(described);
    }
    check_headers(described);
    if (described.retention.count() < 1) mistake("the .retention is at least 1 second");
}

}  // namespace webhookpp::detail

#endif
