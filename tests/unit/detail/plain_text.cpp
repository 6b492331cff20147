// SPDX-License-Identifier: MIT
#include <webhookpp/detail/plain_text.hpp>

#include <cstring>
#include <string>
#include <string_view>

#include "../../catch.hpp"

using std::string_view;
using webhookpp::detail::cut_text;
using webhookpp::detail::plain_text;

TEST_CASE("what is cut off takes the beginning of its character with it") {
    CHECK(cut_text("abc", 4) == "abc");
    CHECK(cut_text("abc", 3) == "abc");
    CHECK(cut_text("abc", 2) == "ab");
    CHECK(cut_text("abc", 0).empty());
    CHECK(cut_text("", 0).empty());
    CHECK(cut_text("xé", 2) == "x");
    CHECK(cut_text("xéy", 3) == "xé");
    for (const std::size_t most : {1U, 2U, 3U}) {
        CHECK(cut_text("𝄞", most).empty());
        CHECK(cut_text("≥", most) == (most < 3 ? "" : "≥"));
    }
    CHECK(cut_text("é", 1).empty());
}

TEST_CASE("what is no text is cut off within three bytes") {
    const string_view no_text = "a\x80\x80\x80\x80\x80\x80";
    CHECK(cut_text(no_text, 6) == no_text.substr(0, 3));
    CHECK(cut_text(no_text, 5) == no_text.substr(0, 2));
    CHECK(cut_text(no_text.substr(1), 4) == no_text.substr(1, 1));
    CHECK(cut_text(no_text.substr(1), 3).empty());
    CHECK(cut_text(no_text.substr(1), 2).empty());
    CHECK(cut_text(no_text.substr(1), 1).empty());
}

TEST_CASE("the first and the last characters of each size are text, and what is beside them none") {
    for (const char* good :
         {"\x20", "\x7e", "\xc2\xa0", "\xc3\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xe1\x80\x80",
          "\xed\x80\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
          "\xf1\x80\x80\x80", "\xf3\xbf\xbf\xbf", "\xf4\x80\x80\x80", "\xf4\x8f\xbf\xbf"}) {
        CHECK(plain_text(good) == good);
        // Also in front of others, and not without its last byte.
        CHECK(plain_text(std::string(good) + "x") == std::string(good) + "x");
        const string_view cut(good, std::strlen(good) - 1);
        CHECK(plain_text(cut) == std::string(cut.size(), '?'));
    }
    for (const char* bad : {"\x01", "\x1f", "\x7f", "\x80", "\xc1\xbf", "\xc2\x80", "\xc2\x9f",
                            "\xc3\xc0", "\xc3\x7f", "\xe0\x9f\xbf", "\xe1\x80\xc0", "\xed\xa0\x80",
                            "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"}) {
        CHECK(plain_text(bad) == std::string(std::strlen(bad), '?'));
    }
}

TEST_CASE("a text ends where it ended") {
    const std::string made = plain_text("a\nb");
    CHECK(made.size() == 3);
    CHECK(std::strlen(made.c_str()) == 3);
}
