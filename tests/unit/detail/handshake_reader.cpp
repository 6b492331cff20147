// SPDX-License-Identifier: MIT
#include <webhookpp/detail/handshake_reader.hpp>

#include <string>

#include "../../catch.hpp"

TEST_CASE("a secret that a provider brings has 16 visible characters or more") {
    using webhookpp::detail::is_brought_secret;
    CHECK(is_brought_secret(std::string(16, 'x')));
    CHECK(is_brought_secret(std::string(256, '~')));
    CHECK_FALSE(is_brought_secret(std::string(15, 'x')));
    CHECK_FALSE(is_brought_secret(std::string(16, ' ')));
    CHECK_FALSE(is_brought_secret(std::string(16, '\x7f')));
    CHECK_FALSE(is_brought_secret(""));
}
