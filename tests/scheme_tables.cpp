// SPDX-License-Identifier: MIT
// Writes the tables of schemes in README.md and docs/schemes.md from the descriptions.
//
//     scheme_tables check FILE...    fails if a table is not what it should be
//     scheme_tables write FILE...    makes it so

#include <array>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

#include <webhookpp/schemes/all.hpp>

#include "generated_text.hpp"

namespace wh = webhookpp;

namespace {

using generated::code;

std::string_view text_of(wh::algorithm algorithm) {
    switch (algorithm) {
        case wh::algorithm::hmac_sha1: return "HMAC-SHA1";
        case wh::algorithm::hmac_sha256: return "HMAC-SHA256";
        case wh::algorithm::hmac_sha512: return "HMAC-SHA512";
        case wh::algorithm::ed25519: return "Ed25519";
        case wh::algorithm::ecdsa_p256: return "ECDSA P-256";
        case wh::algorithm::token: break;
    }
    return "token";
}

std::string_view text_of(wh::encoding encoding) {
    switch (encoding) {
        case wh::encoding::base64: return "base64";
        case wh::encoding::base64url: return "base64url";
        case wh::encoding::hex: return "hex";
        case wh::encoding::plain: break;
    }
    return "token";
}

std::string_view text_of(wh::key_form form) {
    switch (form) {
        case wh::key_form::standard_webhooks: return "`whsec_`, `whpk_`";
        case wh::key_form::text: return "text";
        case wh::key_form::base64: return "base64";
        case wh::key_form::hex: return "hex";
        case wh::key_form::ed25519_hex: return "public, hex";
        case wh::key_form::ed25519_base64: return "public, base64";
        case wh::key_form::p256_base64: return "public, SPKI in base64";
        case wh::key_form::token: return "visible ASCII";
        case wh::key_form::url_token: return "letters, digits, `-._~`";
        case wh::key_form::credentials: break;
    }
    return "`user:password`";
}

std::string content_of(const wh::scheme& scheme) {
    std::string text;
    for (std::size_t i = 0; i < scheme.content.count; ++i) {
        const wh::content_part& part = scheme.content.parts[i];
        if (!text.empty()) text += ' ';
        switch (part.which) {
            case wh::content_part::kind::literal: text += code(part.text); break;
            case wh::content_part::kind::id: text += "id"; break;
            case wh::content_part::kind::timestamp: text += "time"; break;
            case wh::content_part::kind::body: text += "body"; break;
            case wh::content_part::kind::url: text += "URL"; break;
            case wh::content_part::kind::method: text += "method"; break;
            case wh::content_part::kind::form: text += "form fields"; break;
        }
    }
    return text.empty() ? "nothing" : text;
}

std::string algorithms_of(const wh::scheme& scheme) {
    if (scheme.algorithm) return std::string(text_of(*scheme.algorithm));
    std::string text;
    for (const wh::signature_version& version : scheme.signature.versions) {
        if (version.label.empty()) continue;
        text.append(text.empty() ? "" : ", ").append(code(version.label)).append(" ");
        text += text_of(version.algorithm);
    }
    return text;
}

std::string place_of(const wh::scheme& scheme) {
    const wh::signature_source& source = scheme.signature;
    if (!source.query.empty()) return "query " + code(std::string(source.query) + "=<token>");
    if (source.end_of_path) return "end of the path";
    const std::string value = "<" + std::string(text_of(source.encoding)) + ">";
    std::string text;
    if (!source.word.empty()) text = std::string(source.word) + " ";
    if (!source.pairs.name.empty()) {
        if (!scheme.timestamp.element.empty()) {
            text.append(scheme.timestamp.element).append("=<time>") += source.pairs.separator;
        }
        text.append(source.pairs.name).append("=");
    }
    if (source.versions[0].label.empty()) {
        text.append(source.prefix).append(value);
    } else {
        text.append(source.versions[0].label).append(",").append(value);
    }
    std::string place = code(std::string(source.header[0]) + ": " + text);
    if (source.header.count > 1) place += ", " + code(source.header[1]);
    if (!source.second_header.empty()) place += ", " + code(source.second_header);
    return place;
}

std::string time_of(const wh::scheme& scheme) {
    if (!scheme.has_timestamp()) return "any time";
    return std::to_string(scheme.tolerance.past.count()) + " s";
}

std::string id_of(const wh::scheme& scheme) {
    if (scheme.id.header.count == 0) return "";
    return code(scheme.id.header[0]) + (scheme.signs(wh::content_part::kind::id) ? ", signed" : "");
}

std::string full_table() {
    std::string table =
        "| scheme | what is signed | how | signature | key | replay | id | event type |\n"
        "|---|---|---|---|---|---|---|---|\n";
    for (const wh::scheme* const each : wh::schemes::all()) {
        table += "| " + code(each->name) + (each->confirmed ? "" : " (unconfirmed)") + " | " +
                 content_of(*each) + " | " + algorithms_of(*each) + " | " + place_of(*each) +
                 " | " + std::string(text_of(each->key)) + " | " + time_of(*each) + " | " +
                 id_of(*each) + " | " +
                 (each->event_type.header.empty() ? "" : code(each->event_type.header)) + " |\n";
    }
    return table;
}

// Which schemes prove the same.
std::string summary() {
    struct group {
        std::string_view proof;
        std::string names = {};
    };
    std::array<group, 5> groups{{{"HMAC of the body and the time of sending"},
                                 {"HMAC of the body"},
                                 {"HMAC of URL and body"},
                                 {"signature by a key pair, of body and time"},
                                 {"a token; nothing is signed"}}};
    for (const wh::scheme* const each : wh::schemes::all()) {
        std::size_t which = each->has_timestamp() ? 0 : 1;
        if (each->signs(wh::content_part::kind::url)) which = 2;
        if (each->uses_key_pairs() && each->algorithm) which = 3;
        if (each->algorithm == wh::algorithm::token) which = 4;
        std::string& names = groups[which].names;
        names.append(names.empty() ? "" : ", ").append(code(each->name));
        names.append(each->confirmed ? "" : "\\*");  // not the beginning of emphasis
    }
    std::string table = "| what proves the sender | schemes |\n|---|---|\n";
    for (const group& each : groups) {
        table.append("| ").append(each.proof).append(" | ").append(each.names).append(" |\n");
    }
    return table;
}

}  // namespace

int main(int argc, char** argv) try {
    return generated::run(argc, argv, {{"schemes", full_table()}, {"scheme summary", summary()}},
                          "scripts/scheme-tables");
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
