// SPDX-License-Identifier: MIT
#include <webhookpp/detail/sent_time.hpp>

#include <optional>
#include <string>

#include "../../catch.hpp"

namespace wh = webhookpp;
namespace schemes = wh::schemes;
using wh::detail::parse_sent_time;
using wh::detail::sent_time_text;

namespace {

wh::scheme with(wh::time_format format, const wh::signed_content& content) {
    return wh::scheme{.name = "x",
                      .algorithm = schemes::hmac_sha256,
                      .content = content,
                      .signature = {.header = "X"},
                      .timestamp = {.header = "T", .format = format}};
}

const wh::signed_content framed{schemes::timestamp, ".", schemes::body};

}  // namespace

TEST_CASE("a time of sending has as many digits as its form allows") {
    const auto in_seconds = with(wh::time_format::seconds, framed);
    CHECK(parse_sent_time(in_seconds, "0") == 0);
    CHECK(parse_sent_time(in_seconds, std::string(12, '9')) == 999'999'999'999);
    CHECK_FALSE(parse_sent_time(in_seconds, std::string(13, '9')));
    const auto in_milliseconds = with(wh::time_format::milliseconds, framed);
    CHECK(parse_sent_time(in_milliseconds, "999") == 0);
    CHECK(parse_sent_time(in_milliseconds, std::string(15, '9')) == 999'999'999'999);
    CHECK_FALSE(parse_sent_time(in_milliseconds, std::string(16, '9')));
    for (const char* text : {"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "1e3"}) {
        CHECK_FALSE(parse_sent_time(in_seconds, text));
        CHECK_FALSE(parse_sent_time(in_milliseconds, text));
    }
}

TEST_CASE("a time of sending that nothing frames has one length, so that no digit changes sides") {
    const wh::signed_content contents[] = {{schemes::timestamp, schemes::body},
                                           {schemes::body, schemes::timestamp},
                                           {".", schemes::body, schemes::timestamp, "."}};
    for (const auto& content : contents) {
        const auto in_seconds = with(wh::time_format::seconds, content);
        CHECK(parse_sent_time(in_seconds, std::string(10, '1')));
        CHECK_FALSE(parse_sent_time(in_seconds, std::string(9, '1')));
        CHECK_FALSE(parse_sent_time(in_seconds, std::string(11, '1')));
        const auto in_milliseconds = with(wh::time_format::milliseconds, content);
        CHECK(parse_sent_time(in_milliseconds, std::string(13, '1')));
        CHECK_FALSE(parse_sent_time(in_milliseconds, std::string(12, '1')));
        CHECK_FALSE(parse_sent_time(in_milliseconds, std::string(14, '1')));
    }
}

TEST_CASE("a time of sending is written as it is read") {
    const auto in_milliseconds = with(wh::time_format::milliseconds, framed);
    CHECK(sent_time_text(in_milliseconds, 0) == "0");
    CHECK(sent_time_text(in_milliseconds, 1) == "1000");
    CHECK(sent_time_text(with(wh::time_format::seconds, framed), 1) == "1");
    CHECK(sent_time_text(with(wh::time_format::rfc3339, framed), 1) == "1970-01-01T00:00:01Z");
    CHECK(parse_sent_time(with(wh::time_format::rfc3339, framed), "1970-01-01T00:00:01.9Z") == 1);
}
