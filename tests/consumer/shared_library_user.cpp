// SPDX-License-Identifier: MIT
// A program that verifies itself, and in a library.
#include "shared_library.hpp"
#include "vector.hpp"

namespace {

bool verifies_in_library() {
    vector sent;
    const auto accepted = accept_in_library({.headers = sent.headers, .body = sent.body});
    sent.body.back() = ' ';
    const auto forged = accept_in_library({.headers = sent.headers, .body = sent.body});
    return accepted && *accepted == sent.body.size() && !forged &&
           forged.error().code == webhookpp::errc::signature_mismatch;
}

bool catches_from_library() {
    try {
        make_empty_key_in_library();
    } catch (const webhookpp::exception& e) {
        return e.error().code == webhookpp::errc::empty_key;
    }
    return false;
}

}  // namespace

int main() {
    return verifies() && verifies_in_library() && catches_from_library() ? 0 : 1;
}
