// SPDX-License-Identifier: MIT
#include <webhookpp/timestamp.hpp>

#include <chrono>
#include <string>
#include <string_view>

#include "../catch.hpp"

using webhookpp::timestamp;

TEST_CASE("timestamps are read in every form of RFC 3339") {
    struct row {
        const char* text;
        std::int64_t seconds;
        std::uint32_t nanoseconds;
    };
    const row table[] = {
        {"1970-01-01T00:00:00Z", 0, 0},
        {"2024-01-10T10:03:02.147433Z", 1704880982, 147'433'000},
        {"2024-01-10T12:03:02.5+02:00", 1704880982, 500'000'000},
        {"2024-01-10T04:33:02-05:30", 1704880982, 0},
        {"2024-01-10t10:03:02z", 1704880982, 0},
        {"2024-01-10T10:03:02-00:00", 1704880982, 0},
        {"2024-02-29T23:59:59.999999999Z", 1709251199, 999'999'999},
        {"2000-02-29T00:00:00Z", 951782400, 0},
        {"1969-12-31T23:59:59.5Z", -1, 500'000'000},
        {"0000-01-01T00:00:00Z", -62'167'219'200, 0},
        {"9999-12-31T23:59:59Z", 253'402'300'799, 0},
    };
    for (const row& each : table) {
        INFO(each.text);
        CHECK(timestamp::parse(each.text) == timestamp(each.seconds, each.nanoseconds));
    }
}

TEST_CASE("text that is no instant is refused") {
    for (const char* text : {"",
                             "2024",
                             "2024-01-10",
                             "2024-01-10T10:03:02",
                             "2024-01-10 10:03:02Z",
                             "2024-01-10T10:03Z",
                             "2024-13-10T10:03:02Z",
                             "2024-00-10T10:03:02Z",
                             "2024-01-32T10:03:02Z",
                             "2024-01-00T10:03:02Z",
                             "2023-02-29T10:03:02Z",
                             "1900-02-29T10:03:02Z",
                             "2024-04-31T10:03:02Z",
                             "2024-01-10T24:00:00Z",
                             "2024-01-10T10:60:02Z",
                             "2024-01-10T10:03:60Z",
                             "2024-01-10T10:03:02.Z",
                             "2024-01-10T10:03:02.1234567890Z",
                             "2024-01-10T10:03:02+2:00",
                             "2024-01-10T10:03:02+0200",
                             "2024-01-10T10:03:02+24:00",
                             "2024-01-10T10:03:02+02:60",
                             "2024-01-10T10:03:02 Z",
                             "2024-01-10T10:03:02Z ",
                             " 2024-01-10T10:03:02Z",
                             "2024-01-10T10:03:02ZZ",
                             "+024-01-10T10:03:02Z",
                             "2024-1-10T10:03:02.00Z",
                             "2024-01-10T10:03:02,5Z",
                             "-001-01-10T10:03:02Z",
                             "0000-01-01T00:00:00+00:01",
                             "9999-12-31T23:59:59-00:01",
                             "2024-01-10T10:03:0xZ"}) {
        INFO(text);
        CHECK_FALSE(timestamp::parse(text));
    }
}

TEST_CASE("a character that does not belong where it stands is refused") {
    const std::string text = "2024-01-10T10:03:02.5+02:30";
    REQUIRE(timestamp::parse(text));
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (int c = 0; c < 256; ++c) {
            std::string other = text;
            other[at] = static_cast<char>(c);
            const bool is_digit = c >= '0' && c <= '9';
            // Another digit may make another time, or one that there is not.
            if (text[at] >= '0' && text[at] <= '9' && is_digit) continue;
            const bool belongs = other[at] == text[at] || (text[at] == 'T' && c == 't') ||
                                 (text[at] == '+' && c == '-');
            INFO(other);
            CHECK(timestamp::parse(other).has_value() == belongs);
        }
    }
}

TEST_CASE("a timestamp that is cut off is refused, whatever follows in memory") {
    const std::string_view text = "2024-01-10T10:03:02.5+02:30";
    for (std::size_t size = 0; size < text.size(); ++size) {
        CHECK_FALSE(timestamp::parse(text.substr(0, size)));
    }
}

TEST_CASE("timestamps are written with as few digits as hold all of them") {
    CHECK(timestamp(1704880982, 0).to_string() == "2024-01-10T10:03:02Z");
    CHECK(timestamp(1704880982, 500'000'000).to_string() == "2024-01-10T10:03:02.500Z");
    CHECK(timestamp(1704880982, 147'433'000).to_string() == "2024-01-10T10:03:02.147433Z");
    CHECK(timestamp(1704880982, 1).to_string() == "2024-01-10T10:03:02.000000001Z");
    CHECK(timestamp(-1, 5'000'000).to_string() == "1969-12-31T23:59:59.005Z");
    CHECK(timestamp(-62'167'219'200, 0).to_string() == "0000-01-01T00:00:00Z");
    CHECK(timestamp(253'402'300'799, 0).to_string() == "9999-12-31T23:59:59Z");
    // Beyond what RFC 3339 can say: the nearest that it can.
    CHECK(timestamp(INT64_MAX, 0).to_string() == "9999-12-31T23:59:59Z");
    CHECK(timestamp(INT64_MIN, 0).to_string() == "0000-01-01T00:00:00Z");
}

TEST_CASE("every day of four centuries round trips") {
    int wrong = 0;
    for (std::int64_t day = -20'000; day < 146'097 - 20'000; ++day) {
        const timestamp instant(day * 86'400 + 43'201, 120'000'000);
        wrong += timestamp::parse(instant.to_string()) == instant ? 0 : 1;
    }
    CHECK(wrong == 0);
}

TEST_CASE("the first and last days of all years round trip") {
    int wrong = 0;
    for (int year = 0; year <= 9999; ++year) {
        const std::string digits = std::to_string(10'000 + year).substr(1);
        for (const std::string_view rest : {"-01-01", "-01-02", "-12-30", "-12-31"}) {
            const std::string text = std::string(digits).append(rest).append("T00:00:00Z");
            const auto instant = timestamp::parse(text);
            wrong += instant && instant->to_string() == text ? 0 : 1;
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("timestamps compare as instants and convert to chrono") {
    const auto earlier = *timestamp::parse("2024-01-10T12:03:02.4+02:00");
    const auto later = *timestamp::parse("2024-01-10T10:03:02.5Z");
    CHECK(earlier < later);
    CHECK(earlier != later);
    using namespace std::chrono;
    CHECK(later.as<sys_seconds>().time_since_epoch() == 1704880982s);
    CHECK(later.as<sys_time<milliseconds>>().time_since_epoch() == 1704880982500ms);
    CHECK(later.as<sys_time<nanoseconds>>().time_since_epoch() == 1704880982500ms);
}

TEST_CASE("a time point of too short a range is its first or last one") {
    using namespace std::chrono;
    using nanoseconds_since = time_point<system_clock, nanoseconds>;
    CHECK(timestamp(253'402'300'799, 999'999'999).as<nanoseconds_since>() ==
          nanoseconds_since::max());
    CHECK(timestamp(-62'167'219'200, 0).as<nanoseconds_since>() == nanoseconds_since::min());
    CHECK(timestamp(1'704'880'982, 5).as<nanoseconds_since>() ==
          nanoseconds_since(1'704'880'982s + 5ns));
    CHECK(timestamp(253'402'300'799, 0).as<sys_seconds>() == sys_seconds(253'402'300'799s));
}
