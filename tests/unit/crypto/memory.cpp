// SPDX-License-Identifier: MIT
#include <webhookpp/crypto/memory.hpp>

#include <string>
#include <utility>

#include "../../catch.hpp"

namespace wh = webhookpp;

TEST_CASE("bytes are equal in their whole length only") {
    const auto equal = [](std::string_view left, std::string_view right) {
        return wh::crypto::equal(wh::crypto::as_bytes(left), wh::crypto::as_bytes(right));
    };
    CHECK(equal("", ""));
    CHECK(equal("abc", "abc"));
    CHECK_FALSE(equal("abc", "abd"));
    CHECK_FALSE(equal("abc", "bbc"));
    CHECK_FALSE(equal("abc", "ab"));
    CHECK_FALSE(equal("ab", "abc"));
    CHECK_FALSE(equal("", "a"));
    CHECK_FALSE(equal("a", ""));
}

TEST_CASE("secret bytes are wiped before they are given back") {
    wh::crypto::secret_bytes bytes(wh::crypto::as_bytes("0123456789"));
    const unsigned char* const memory = bytes.view().data();
    bytes.truncate(4);
    for (std::size_t i = 4; i < 10; ++i) CHECK(memory[i] == 0);
    CHECK(bytes.text() == "0123");

    const wh::crypto::secret_bytes copy = bytes;
    CHECK(copy.view().data() != memory);
    const wh::crypto::secret_bytes moved = std::move(bytes);
    CHECK(moved.view().data() == memory);
}
