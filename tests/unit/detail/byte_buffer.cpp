// SPDX-License-Identifier: MIT
#include <webhookpp/detail/byte_buffer.hpp>

#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "../../catch.hpp"
#include "../../secret_parts.hpp"

namespace wh = webhookpp;

namespace {

using buffer = wh::detail::byte_buffer<16>;

buffer filled(std::size_t size) {
    buffer made;
    REQUIRE(made.append(std::string(size, 'x')));
    return made;
}

}  // namespace

TEST_CASE("a buffer has what was added, in place or on the heap") {
    buffer bytes;
    CHECK(bytes.view().empty());
    std::string all;
    for (const std::size_t size : {0U, 16U, 1U, 100U}) {
        REQUIRE(bytes.append(std::string(size, 'x')));
        all.append(size, 'x');
        CHECK(bytes.view() == all);
        CHECK(bytes.size() == all.size());
        buffer other = filled(all.size());
        const buffer moved = std::move(other);
        CHECK(moved.view() == all);
    }
}

TEST_CASE("a buffer takes over what another one has, also in place of its own") {
    for (const std::size_t size : {10U, 1000U}) {
        buffer bytes = filled(500);
        buffer other = filled(size);
        bytes = std::move(other);
        CHECK(bytes.view() == std::string(size, 'x'));
        buffer& same = bytes;
        bytes = std::move(same);
        CHECK(bytes.view() == std::string(size, 'x'));
    }
}

TEST_CASE("a buffer that grows byte by byte seldom asks for memory") {
    buffer bytes;
    int times = 0;
    for (int i = 0; i < 10'000; ++i) {
        const std::size_t before = bytes.capacity();
        REQUIRE(bytes.append("x"));
        if (bytes.capacity() != before) ++times;
    }
    CHECK(times <= 14);
}

TEST_CASE("a buffer forgets all bytes when it is cleared, wiped or released") {
    for (const std::size_t size : {10U, 1000U}) {
        buffer cleared = filled(size);
        cleared.clear();
        buffer wiped = filled(size);
        wiped.wipe();
        buffer kept = filled(size);
        kept.release(1'000'000);
        buffer given_back = filled(size);
        given_back.release(0);
        for (buffer* const bytes : {&cleared, &wiped, &kept, &given_back}) {
            CHECK(bytes->size() == 0);
            CHECK(bytes->view().empty());
            REQUIRE(bytes->append(std::string(size, 'y')));
            CHECK(bytes->view() == std::string(size, 'y'));
        }
    }
}

TEST_CASE("a buffer gives back memory of more than what it may keep") {
    buffer bytes;
    REQUIRE(bytes.reserve(1000));
    const char* const memory = bytes.view().data();
    bytes.release(1000);
    CHECK(bytes.view().data() == memory);
    bytes.release(999);
    const auto* const in_place = bytes.view().data();
    CHECK(in_place >= reinterpret_cast<const char*>(&bytes));
    CHECK(in_place < reinterpret_cast<const char*>(&bytes + 1));
}

TEST_CASE("a buffer wipes what it has forgotten before") {
    // In memory that this test owns, so that it can look at all of it.
    alignas(buffer) unsigned char memory[sizeof(buffer)] = {};
    auto* const bytes = ::new (memory) buffer();
    const std::string_view secret = "k9Zq-Wv3xJ_7Lr2Q";  // fills the buffer
    const auto holds_part = [&] {
        return secrets::shows_part({reinterpret_cast<const char*>(memory), sizeof memory}, secret);
    };
    REQUIRE(bytes->append(secret));
    bytes->clear();
    CHECK(holds_part());
    bytes->wipe();
    CHECK_FALSE(holds_part());
    bytes->~buffer();
}
