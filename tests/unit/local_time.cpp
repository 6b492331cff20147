// SPDX-License-Identifier: MIT
#include <webhookpp/local_time.hpp>

#include <chrono>
#include <string>
#include <type_traits>

#include <webhookpp/timestamp.hpp>

#include "../catch.hpp"

using webhookpp::local_time;

TEST_CASE("local times are read with and without seconds, and written as short as they are") {
    struct row {
        const char* text;
        const char* written;
    };
    const row table[] = {
        {"2024-06-01T15:00", "2024-06-01T15:00"},
        {"2024-06-01t15:00", "2024-06-01T15:00"},
        {"2024-06-01T15:00:00", "2024-06-01T15:00"},
        {"2024-06-01T15:00:07", "2024-06-01T15:00:07"},
        {"2024-06-01T15:00:00.5", "2024-06-01T15:00:00.500"},
        {"2024-02-29T23:59:59.123456789", "2024-02-29T23:59:59.123456789"},
        {"0000-01-01T00:00", "0000-01-01T00:00"},
        {"9999-12-31T23:59:59.000001", "9999-12-31T23:59:59.000001"},
    };
    for (const row& each : table) {
        INFO(each.text);
        const auto read = local_time::parse(each.text);
        REQUIRE(read);
        CHECK(read->to_string() == each.written);
        CHECK(local_time::parse(read->to_string()) == read);
    }
    CHECK(local_time().to_string() == "1970-01-01T00:00");
}

TEST_CASE("text with a zone is no local time, nor is what no clock shows") {
    for (const char* text : {"",
                             "2024-06-01",
                             "2024-06-01T15",
                             "2024-06-01T15:0",
                             "2024-06-01 15:00",
                             "2024-06-01T15:00Z",
                             "2024-06-01T15:00z",
                             "2024-06-01T15:00+00:00",
                             "2024-06-01T15:00:00Z",
                             "2024-06-01T15:00:00+02:00",
                             "2024-06-01T15:00:00.Z",
                             "2024-06-01T15:00:",
                             "2024-06-01T15:00:7",
                             "2024-06-01T15:00:60",
                             "2024-06-01T15:00:00.",
                             "2024-06-01T15:00:00.1234567890",
                             "2024-06-01T24:00",
                             "2024-06-01T15:60",
                             "2024-02-30T15:00",
                             "2023-02-29T15:00",
                             "2024-13-01T15:00",
                             "2024-00-01T15:00",
                             "2024-06-00T15:00",
                             "2024-06-01T15:00 ",
                             " 2024-06-01T15:00",
                             "+024-06-01T15:00"}) {
        INFO(text);
        CHECK_FALSE(local_time::parse(text));
    }
}

TEST_CASE("a local time has parts, an order, and a form of std::chrono, but is no instant") {
    const auto time = *local_time::parse("2024-06-01T15:07:08.000000009");
    CHECK(time.year() == 2024);
    CHECK(time.month() == 6);
    CHECK(time.day() == 1);
    CHECK(time.hour() == 15);
    CHECK(time.minute() == 7);
    CHECK(time.second() == 8);
    CHECK(time.nanosecond() == 9);
    CHECK(time == *local_time::parse("2024-06-01T15:07:08.000000009"));
    CHECK(time != *local_time::parse("2024-06-01T15:07:08.00000001"));
    CHECK(time != *local_time::parse("2024-06-01T15:07:09.000000009"));
    CHECK(time > *local_time::parse("2024-06-01T15:07:08"));
    CHECK(time < *local_time::parse("2024-06-01T15:07:08.00000001"));
    CHECK(time < *local_time::parse("2024-06-02T00:00"));
    using namespace std::chrono;
    const local_seconds seconds = time.as<local_seconds>();
    CHECK(seconds == local_days(2024y / June / 1) + 15h + 7min + 8s);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<webhookpp::local_time, webhookpp::timestamp>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<webhookpp::timestamp, webhookpp::local_time>);
}
