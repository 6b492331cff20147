// SPDX-License-Identifier: MIT
// Not one bit of a delivery can be changed.

#include <string>

#include "../catch.hpp"
#include "../golden.hpp"

namespace {

// Flips each bit of `text`, which is part of `parts`, and counts what is still accepted.
int accepted_with_flipped_bits(const golden::verifier& verifier, golden::parts& parts,
                               std::string& text) {
    int accepted = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (int bit = 0; bit < 8; ++bit) {
            const char original = text[i];
            text[i] = static_cast<char>(original ^ (1 << bit));
            accepted += golden::refusal(verifier, parts.headers(), parts.body) ? 0 : 1;
            text[i] = original;
        }
    }
    return accepted;
}

void check_all(const golden::verifier& verifier, std::string_view signature) {
    golden::parts parts;
    parts.signature = signature;
    REQUIRE_FALSE(golden::refusal(verifier, parts.headers(), parts.body));
    CHECK(accepted_with_flipped_bits(verifier, parts, parts.body) == 0);
    CHECK(accepted_with_flipped_bits(verifier, parts, parts.id) == 0);
    CHECK(accepted_with_flipped_bits(verifier, parts, parts.timestamp) == 0);
    CHECK(accepted_with_flipped_bits(verifier, parts, parts.signature) == 0);
}

}  // namespace

TEST_CASE("every single-bit flip of a v1 delivery is refused") {
    check_all(golden::make_verifier(), golden::signature);
}

TEST_CASE("every single-bit flip of a v1a delivery is refused") {
    check_all(golden::make_verifier({golden::public_key}), golden::signature_v1a);
}

TEST_CASE("every prefix and every extension of a signature is refused") {
    const auto verifier = golden::make_verifier();
    const std::string signature(golden::signature);
    golden::parts parts;
    for (std::size_t size = 0; size < signature.size(); ++size) {
        parts.signature = signature.substr(0, size);
        CHECK(golden::refusal(verifier, parts.headers()));
    }
    for (const char* more : {"=", "A", "AAAA", "====", ",", ",x", "\n", "\r\n", "\"", "\t "}) {
        parts.signature = signature + more + "x";
        INFO(parts.signature);
        CHECK(golden::refusal(verifier, parts.headers()));
    }
}
