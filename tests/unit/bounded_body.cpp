// SPDX-License-Identifier: MIT
#include <webhookpp/bounded_body.hpp>

#include <string>
#include <utility>
#include <vector>

#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/testing/signed_delivery.hpp>

#include "../catch.hpp"
#include "../golden.hpp"

namespace wh = webhookpp;

TEST_CASE("a body of the limit is kept whole, in whatever pieces it arrives") {
    std::string whole;
    for (int i = 0; i < 1000; ++i) whole += static_cast<char>(i);
    for (const std::size_t piece : {1U, 7U, 255U, 256U, 257U, 1000U, 2000U}) {
        INFO(piece);
        wh::bounded_body body(1000);
        for (std::size_t at = 0; at < whole.size(); at += piece) {
            REQUIRE(body.append(whole.substr(at, piece)));
        }
        CHECK(body.append(std::string_view()));
        CHECK(body.view() == whole);
        CHECK(body.size() == 1000);
        CHECK(std::string_view(body.data(), body.size()) == whole);
    }
}

TEST_CASE("of a longer body one byte more than the limit is kept, and then nothing") {
    for (const std::size_t piece : {1U, 3U, 10U, 11U, 5000U}) {
        INFO(piece);
        wh::bounded_body body(10);
        bool more = true;
        for (std::size_t sent = 0; sent < 5000; sent += piece) {
            more = body.append(std::string(piece, 'x'));
            CHECK(more == (sent + piece <= 10));
        }
        CHECK_FALSE(more);
        CHECK(body.view() == std::string(11, 'x'));
        CHECK_FALSE(body.append(std::string("y")));
        CHECK_FALSE(body.append(std::string_view()));
        CHECK(body.size() == 11);
    }
    wh::bounded_body none(0);
    CHECK(none.append(std::string_view()));
    CHECK_FALSE(none.append(std::string("x")));
    CHECK(none.size() == 1);
}

TEST_CASE("a length that is announced can be refused at once") {
    const wh::bounded_body body(10);
    CHECK(body.has_room_for(0));
    CHECK(body.has_room_for(10));
    CHECK_FALSE(body.has_room_for(11));
    CHECK_FALSE(body.has_room_for(18'446'744'073'709'551'615U));
    CHECK(wh::bounded_body().has_room_for(wh::limits().body));
    CHECK_FALSE(wh::bounded_body().has_room_for(wh::limits().body + 1));
}

TEST_CASE("all that arrives is counted, until reading on is not worth it") {
    wh::bounded_body body(10);
    CHECK(body.received() == 0);
    body.append(std::string_view("12345678"));
    body.append(std::string_view());
    CHECK(body.received() == 8);
    body.append(std::string_view("12345678"));
    body.append(std::string_view("1234"));
    CHECK(body.received() == 20);
    CHECK(body.size() == 11);
    body.append(std::string(155, 'x'));
    CHECK_FALSE(body.is_endless());
    body.append(std::string_view("x"));
    CHECK(body.received() == 176);
    CHECK(body.is_endless());
    body.clear();
    CHECK(body.received() == 0);
    CHECK_FALSE(body.is_endless());

    wh::bounded_body unlimited(static_cast<std::size_t>(-1));
    unlimited.append(std::string(100'000, 'x'));
    CHECK(unlimited.size() == 100'000);
    CHECK_FALSE(unlimited.is_endless());
}

TEST_CASE("a body can be moved, and its memory used again") {
    wh::bounded_body body(1000);
    CHECK(body.append(std::vector<unsigned char>(600, 'a')));
    wh::bounded_body moved = std::move(body);
    CHECK(moved.view() == std::string(600, 'a'));
    CHECK(moved.received() == 600);
    CHECK_FALSE(moved.append(std::string(600, 'b')));
    moved.clear();
    CHECK(moved.view().empty());
    CHECK(moved.append(std::string("short")));
    body = std::move(moved);
    CHECK(body.view() == "short");
}

TEST_CASE("what was cut off is refused as too large, even where the rest is genuine") {
    const auto verifier = golden::make_verifier();
    std::string whole(wh::limits().body, 'x');
    for (const bool over : {false, true}) {
        if (over) whole += 'x';
        const auto sent = wh::testing::sign_delivery(
            wh::schemes::standard_webhooks, wh::key::from_text(golden::secret), whole, golden::now);
        wh::bounded_body body;
        for (std::size_t at = 0; at < whole.size(); at += 4000) {
            body.append(whole.substr(at, 4000));
        }
        const auto message = verifier.verify({sent.view().headers, body});
        if (over) {
            CHECK(golden::refusal(message) == wh::errc::body_too_large);
        } else {
            CHECK(message);
        }
    }
}
