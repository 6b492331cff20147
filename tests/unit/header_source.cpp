// SPDX-License-Identifier: MIT
#include <webhookpp/collected_headers.hpp>
#include <webhookpp/header_source.hpp>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "../catch.hpp"

namespace wh = webhookpp;
using state = wh::collected_headers::state;

namespace {

constexpr std::string_view names[] = {"webhook-id", "x-other"};

wh::collected_headers collect(const wh::header_source& source, std::size_t limit = 100) {
    wh::collected_headers collected;
    REQUIRE(collected.collect(source, names, limit));
    return collected;
}

std::string value_in(const wh::header_source& source) {
    return std::string(collect(source).value(0));
}

}  // namespace

TEST_CASE("a range of pairs of any texts is a header source") {
    CHECK(value_in(std::multimap<std::string, std::string>{{"Webhook-Id", "a"}}) == "a");
    CHECK(value_in(std::unordered_map<std::string, std::string>{{"webhook-ID", "b"}}) == "b");
    CHECK(value_in(std::vector<std::pair<std::string_view, const char*>>{{"webhook-id", "c"}}) ==
          "c");
    const std::pair<const char*, std::vector<unsigned char>> array[] = {{"WEBHOOK-ID", {'d'}}};
    CHECK(value_in(array) == "d");
}

TEST_CASE("a callable that visits all headers is a header source") {
    const auto visitor = [](wh::header_sink sink) {
        sink("X-First", "1");
        sink(std::string("Webhook") + "-Id", std::string("only during the call"));
    };
    CHECK(value_in(visitor) == "only during the call");
}

TEST_CASE("a callable that looks one header up is a header source") {
    const std::map<std::string, std::string, std::less<>> map{{"webhook-id", "x"}};
    SECTION("with text, where empty means absent") {
        CHECK(value_in([&](std::string_view name) {
                  const auto found = map.find(name);
                  return found == map.end() ? std::string() : found->second;
              }) == "x");
    }
    SECTION("with an optional") {
        CHECK(value_in([&](std::string_view name) -> std::optional<std::string> {
                  if (const auto found = map.find(name); found != map.end()) return found->second;
                  return std::nullopt;
              }) == "x");
    }
    SECTION("with a pointer to text") {
        CHECK(value_in([&](std::string_view name) -> const std::string* {
                  const auto found = map.find(name);
                  return found == map.end() ? nullptr : &found->second;
              }) == "x");
    }
    SECTION("with a pointer to characters") {
        CHECK(value_in([&](std::string_view name) -> const char* {
                  return name == "webhook-id" ? "x" : nullptr;
              }) == "x");
    }
}

TEST_CASE("names fold ASCII letters and nothing else") {
    using pairs = std::vector<std::pair<std::string, std::string>>;
    CHECK(value_in(pairs{{"wEbHoOk-Id", "v"}}) == "v");
    CHECK(value_in(pairs{{"webhook_id", "v"}}).empty());
    CHECK(value_in(pairs{{"webhook-id ", "v"}}).empty());
    CHECK(value_in(pairs{{"webhook-\xC4\xB0"
                          "d",
                          "v"}})
              .empty());
    CHECK(value_in(pairs{{"webhook\x0Did", "v"}}).empty());  // '-' with the case bit taken away
    CHECK(value_in(pairs{{"", "v"}}).empty());
    const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    for (int i = 0; i < 256; ++i) {
        for (int j = 0; j < 256; ++j) {
            const char left = static_cast<char>(i);
            const char right = static_cast<char>(j);
            const bool same = i == j || (letter(left) && (i ^ j) == 0x20);
            if (wh::detail::equal_names({&left, 1}, {&right, 1}) != same) FAIL(i << " " << j);
            // Long names are compared eight characters at once, and the last eight of them.
            for (const std::size_t size : {8U, 13U, 17U}) {
                for (const std::size_t place : {std::size_t{0}, std::size_t{7}, size - 1}) {
                    std::string one(size, 'n');
                    std::string other(size, 'N');
                    one[place] = left;
                    other[place] = right;
                    if (wh::detail::equal_names(one, other) != same) {
                        FAIL(i << " " << j << " at " << place << " of " << size);
                    }
                }
            }
        }
    }
    for (std::size_t size = 0; size < 40; ++size) {
        const std::string name(size, 'n');
        CHECK(wh::detail::equal_names(name, std::string(size, 'N')));
        CHECK_FALSE(wh::detail::equal_names(name, name + 'n'));
        for (std::size_t place = 0; place < size; ++place) {
            std::string other = name;
            other[place] = '.';
            if (wh::detail::equal_names(name, other)) FAIL(place << " of " << size);
        }
    }
}

TEST_CASE("an empty name stands for no header") {
    constexpr std::string_view with_empty[] = {"", "x"};
    const std::vector<std::pair<std::string, std::string>> headers{{"", "v"}, {"x", "w"}};
    wh::collected_headers collected;
    REQUIRE(collected.collect(headers, with_empty, 100));
    CHECK(collected.which(0) == state::missing);
    CHECK(collected.value(1) == "w");
}

TEST_CASE("values are trimmed of spaces and tabs, and empty ones are missing") {
    using pairs = std::vector<std::pair<std::string, std::string>>;
    CHECK(value_in(pairs{{"webhook-id", " \t a b\t "}}) == "a b");
    CHECK(value_in(pairs{{"webhook-id", "\va\n"}}) == "\va\n");
    CHECK(collect(pairs{{"webhook-id", " \t "}}).which(0) == state::missing);
    CHECK(collect(pairs{}).which(0) == state::missing);
    CHECK(collect(pairs{{"webhook-id", ""}, {"webhook-id", "a"}}).which(0) == state::single);
}

TEST_CASE("equal duplicates pass and differing ones are marked") {
    using pairs = std::vector<std::pair<std::string, std::string>>;
    CHECK(collect(pairs{{"webhook-id", "a"}, {"Webhook-Id", " a"}}).which(0) == state::single);
    const auto differing =
        collect(pairs{{"webhook-id", "a"}, {"Webhook-Id", "b"}, {"x-other", "o"}});
    CHECK(differing.which(0) == state::duplicate);
    CHECK(differing.which(1) == state::single);
    CHECK(collect(pairs{{"webhook-id", "a"}, {"webhook-id", "A"}}).which(0) == state::duplicate);
}

TEST_CASE("a value of the limit passes, one byte more is too large") {
    using pairs = std::vector<std::pair<std::string, std::string>>;
    CHECK(collect(pairs{{"webhook-id", std::string(100, 'x')}}).which(0) == state::single);
    CHECK(collect(pairs{{"webhook-id", std::string(101, 'x')}}).which(0) == state::too_large);
    CHECK(collect(pairs{{"webhook-id", std::string(100, 'x') + "   "}}).which(0) == state::single);
    CHECK(collect(pairs{{"webhook-id", "a"}, {"webhook-id", std::string(101, 'x')}}).which(0) ==
          state::too_large);
}

TEST_CASE("a collection owns its values, also those that do not fit in place") {
    wh::collected_headers collected;
    {
        const std::vector<std::pair<std::string, std::string>> gone{
            {"webhook-id", std::string(700, 'a')}, {"x-other", std::string(5000, 'b')}};
        REQUIRE(collected.collect(gone, names, 8192));
    }
    CHECK(collected.value(0) == std::string(700, 'a'));
    CHECK(collected.value(1) == std::string(5000, 'b'));

    const wh::collected_headers moved = std::move(collected);
    CHECK(moved.value(0) == std::string(700, 'a'));
    CHECK(moved.value(1) == std::string(5000, 'b'));
}

TEST_CASE("a collection is a header source that shows what was found") {
    using pairs = std::vector<std::pair<std::string, std::string>>;
    for (const auto& headers :
         {pairs{{"webhook-id", "a"}, {"x-other", "b"}},
          pairs{{"webhook-id", "a"}, {"webhook-id", "b"}},
          pairs{{"webhook-id", std::string(101, 'x')}},
          pairs{{"webhook-id", "a"}, {"webhook-id", "b"}, {"webhook-id", std::string(101, 'x')}},
          pairs{}}) {
        const auto first = collect(headers);
        const auto second = collect(first);
        CHECK(second.which(0) == first.which(0));
        CHECK(second.which(1) == first.which(1));
        CHECK(second.value(0) == first.value(0));
    }
}

TEST_CASE(
    "what is too large for a collection is too large for the next one, wherever its blanks are") {
    constexpr std::string_view name[] = {"a"};
    for (const std::string& value : {std::string("123 5"), std::string("1234 6"),
                                     std::string("1234\t\t7"), std::string("12345")}) {
        INFO(value);
        const std::vector<std::pair<std::string, std::string>> headers{{"a", value}};
        wh::collected_headers first;
        wh::collected_headers second;
        REQUIRE(first.collect(headers, name, 4));
        REQUIRE(second.collect(first, name, 4));
        CHECK(first.which(0) == wh::collected_headers::state::too_large);
        CHECK(second.which(0) == wh::collected_headers::state::too_large);
    }
}

TEST_CASE("a collection says which of its names were found, and which are flawed") {
    using pairs = std::vector<std::pair<std::string, std::string>>;
    const auto first = wh::detail::name_at(0);
    const auto second = wh::detail::name_at(1);
    CHECK(collect(pairs{}).found() == 0);
    CHECK(collect(pairs{}).flawed() == 0);
    const auto good = collect(pairs{{"webhook-id", "a"}, {"webhook-id", "a"}});
    CHECK(good.found() == first);
    CHECK(good.flawed() == 0);
    const auto empty = collect(pairs{{"webhook-id", ""}, {"x-other", "o"}});
    CHECK(empty.found() == second);
    CHECK(empty.flawed() == 0);
    const auto differing =
        collect(pairs{{"webhook-id", "a"}, {"webhook-id", "b"}, {"x-other", "o"}});
    CHECK(differing.found() == (first | second));
    CHECK(differing.flawed() == first);
    const auto large = collect(pairs{{"x-other", std::string(101, 'x')}});
    CHECK(large.found() == second);
    CHECK(large.flawed() == second);
}

TEST_CASE("what is too large is shown from its beginning, with one byte more than the limit") {
    using pairs = std::vector<std::pair<std::string, std::string>>;
    std::string value;
    for (int i = 0; i < 26; ++i) value.append(5, static_cast<char>('a' + i));
    CHECK(collect(pairs{{"webhook-id", value}}).value(0) == value.substr(0, 100) + value.back());
}

TEST_CASE("a collection can be used again") {
    using pairs = std::vector<std::pair<std::string, std::string>>;
    wh::collected_headers collected;
    REQUIRE(collected.collect(pairs{{"webhook-id", "a"}, {"webhook-id", "b"}}, names, 100));
    REQUIRE(collected.collect(pairs{{"x-other", "c"}}, names, 100));
    CHECK(collected.which(0) == state::missing);
    CHECK(collected.value(1) == "c");
    CHECK(collected.flawed() == 0);
}

TEST_CASE("a collection that was wiped has nothing") {
    using pairs = std::vector<std::pair<std::string, std::string>>;
    auto collected = collect(pairs{{"webhook-id", "a"}, {"webhook-id", "b"}});
    collected.wipe();
    CHECK(collected.which(0) == state::missing);
    CHECK(collected.value(0).empty());
    CHECK(collected.found() == 0);
    CHECK(collected.flawed() == 0);
    int shown = 0;
    auto count = [&shown](std::string_view, std::string_view) { ++shown; };
    collected(count);
    CHECK(shown == 0);
}

TEST_CASE("the first eight names count, and those behind them do not") {
    static_assert(wh::collected_headers::max_names == 8);
    constexpr std::string_view many[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    std::vector<std::pair<std::string, std::string>> headers;
    for (const std::string_view name : many) headers.emplace_back(name, "v");
    wh::collected_headers collected;
    REQUIRE(collected.collect(headers, many, 100));
    for (std::size_t i = 0; i < wh::collected_headers::max_names; ++i) {
        CHECK(collected.which(i) == state::single);
    }
    std::string shown;
    auto add = [&shown](std::string_view name, std::string_view) { shown += name; };
    collected(add);
    CHECK(shown == "abcdefgh");
}

TEST_CASE("a host whose code throws gives an empty collection, not an exception") {
    wh::collected_headers collected;
    const auto failing = [](wh::header_sink sink) {
        sink("webhook-id", "a");
        throw std::runtime_error("host");
    };
    CHECK_FALSE(collected.collect(failing, names, 100));
    CHECK(collected.which(0) == state::missing);
}
