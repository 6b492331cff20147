// Finds the mistakes in a description: while it is compiled, or when it is made at run time.
#ifndef WEBHOOKPP_DETAIL_SCHEME_CHECK_HPP
#define WEBHOOKPP_DETAIL_SCHEME_CHECK_HPP

#include <cstddef>

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
    if (!lists_versions(described)) return;
    if (!in_header) mistake("the .versions are listed in a .header");
    if (!signature.word.empty()) mistake("a list of .versions has no .word before it");
    if (signature.encoding != encoding::base64) mistake("signatures of .versions are in base64");
    if (signature.versions[0].label == signature.versions[1].label) {
        mistake("two .versions of the .signature have the same label");
    }
    for (const signature_version& version : signature.versions) {
        if (version.algorithm == algorithm::token) mistake("a token has no .versions");
    }
}

constexpr void check_algorithm(const scheme& described) {
    if (!described.algorithm && !lists_versions(described)) {
        mistake("the scheme has no .algorithm, and the .signature lists no .versions");
    }
    if (described.algorithm && lists_versions(described)) {
        mistake("the .versions of the .signature say the algorithm: leave out .algorithm");
    }
    if (described.uses(algorithm::ed25519) && described.key != key_form::standard_webhooks) {
        mistake("Ed25519 keys are written as .key = key_form::standard_webhooks");
    }
}

constexpr void check_token(const scheme& described) {
    const signature_source& signature = described.signature;
    if (described.content.count != 0) mistake("a token signs nothing: leave out the .content");
    if (described.key == key_form::standard_webhooks || described.key == key_form::text) {
        mistake("the .key of a token is key_form::token, url_token or credentials");
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
    if (described.key != key_form::standard_webhooks && described.key != key_form::text) {
        mistake("only a token has a .key that is sent");
    }
    if (content.count == 0) mistake("there is no .content: say which bytes are signed");
    if (content.times(part::body) != 1) mistake("the .content has to sign the body, once");
    if (content.times(part::url) > 1) mistake("the .content signs the url twice");
    if (content.times(part::id) > 0 && described.id.header.count == 0) {
        mistake("the .content signs an id, but .id does not say where it stands");
    }
    if (content.times(part::timestamp) > 0 && described.timestamp.header.count == 0) {
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
    if ((described.id.header.count != 0 && described.id.header.count != sets) ||
        (described.timestamp.header.count != 0 && described.timestamp.header.count != sets)) {
        mistake("all headers need the same number of names");
    }
}

constexpr scheme_check::scheme_check(const scheme& described) {
    if (described.name.empty()) mistake("the scheme has no .name");
    check_signature(described);
    check_algorithm(described);
    if (described.timestamp.header.count > 0 && !described.signs(content_part::kind::timestamp)) {
        mistake("the .timestamp is not part of the .content: what is not signed proves nothing");
    }
    if (described.algorithm == algorithm::token) {
        check_token(described);
    } else {
        check_content(described);
    }
    check_headers(described);
}

}  // namespace webhookpp::detail

#endif
