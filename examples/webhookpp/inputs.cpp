// SPDX-License-Identifier: MIT
// Keys, headers and files, as the command line names them.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>

#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/schemes/all.hpp>

#include "commands.hpp"

namespace wh = webhookpp;

namespace tool {

std::string scheme_names() {
    std::string names;
    for (const wh::scheme* const each : wh::schemes::all()) {
        names.append(names.empty() ? "" : ", ").append(each->name);
    }
    return names;
}

const wh::scheme& known_scheme(const std::string& name) {
    const wh::scheme* const found = wh::schemes::find(name);
    if (!found) throw misuse_error("unknown_scheme: " + name + " (known: " + scheme_names() + ")");
    return *found;
}

namespace {

// The key in a file, with all that stands around it but one line break.
std::string read_key_file(const std::string& name) {
    if (name == "-") throw misuse_error("the standard input is for the body, not for keys");
    if (name.starts_with("wh") && name.find('_') < 6) {
        throw misuse_error("this is a key, where the name of a file is wanted");
    }
    std::string text = read_file(name);
    // Editors end files with a line break, which is not part of the key.
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

void check_number(std::size_t keys) {
    if (keys == 0) throw misuse_error("a key is needed: --key-env, --key-file or --key");
}

}  // namespace

std::vector<wh::key> load_keys(const key_options& options) {
    std::vector<wh::key> keys;
    for (const auto& name : options.environment) {
        keys.push_back(wh::key::from_environment(name.c_str()));
    }
    for (const auto& name : options.files) {
        std::string text = read_key_file(name);
        keys.push_back(wh::key::from_text(text));
        wh::crypto::wipe({reinterpret_cast<unsigned char*>(text.data()), text.size()});
    }
    for (const auto& text : options.texts) keys.push_back(wh::key::from_text(text));
    check_number(keys.size());
    return keys;
}

std::vector<std::string> load_key_texts(const key_options& options) {
    std::vector<std::string> texts;
    for (const auto& name : options.environment) {
        const char* const value = std::getenv(name.c_str());
        // That throws, and says why without showing what may be a key in the wrong place.
        if (!value) static_cast<void>(wh::key::from_environment(name.c_str()));
        texts.emplace_back(value);
    }
    for (const auto& name : options.files) texts.push_back(read_key_file(name));
    texts.insert(texts.end(), options.texts.begin(), options.texts.end());
    check_number(texts.size());
    return texts;
}

header_list split_headers(const std::vector<std::string>& texts) {
    header_list headers;
    for (const std::string& text : texts) {
        const auto colon = text.find(':');
        if (colon == std::string::npos || colon == 0) {
            // Not shown: it may be `Authorization` and a token, with the colon forgotten.
            throw misuse_error("a header is `Name: value`, with a colon");
        }
        const auto first = text.find_first_not_of(" \t", colon + 1);
        headers.emplace_back(text.substr(0, colon),
                             first == std::string::npos ? std::string() : text.substr(first));
    }
    return headers;
}

std::string read_file(const std::string& name) {
    const auto read_all = [](std::istream& in) {
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    if (name == "-") return read_all(std::cin);
    std::ifstream file(name, std::ios::binary);
    if (!file || std::filesystem::is_directory(name)) throw misuse_error("cannot read " + name);
    return read_all(file);
}

std::string decode_base64(std::string_view text) {
    std::string bytes(wh::crypto::base64_decoded_size_limit(text.size()), '\0');
    const auto size = wh::crypto::base64_decode(
        text, {reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
    if (!size) throw misuse_error("not base64: " + std::string(text.substr(0, 40)));
    bytes.resize(*size);
    return bytes;
}

}  // namespace tool
