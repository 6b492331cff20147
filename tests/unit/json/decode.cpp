// SPDX-License-Identifier: MIT
#include <webhookpp/json/decode.hpp>

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <webhookpp/event.hpp>
#include <webhookpp/value_traits.hpp>

#include "../../catch.hpp"

namespace wh = webhookpp;
using wh::json::detail::needs_text;
using wh::json::detail::shown_key;

namespace {

template <class T>
bool needs_text_for() {
    return needs_text(wh::detail::value_type_of<T>);
}

struct without_raw {
    std::string id;
    std::vector<int> numbers;
    static constexpr wh::member members[] = {{"id", wh::field<&without_raw::id>},
                                             {"numbers", wh::field<&without_raw::numbers>}};
};
struct with_raw {
    std::string id;
    std::optional<wh::raw_json> data;
    static constexpr wh::member members[] = {{"id", wh::field<&with_raw::id>},
                                             {"data", wh::field<&with_raw::data>}};
};

}  // namespace

TEST_CASE("a path shows keys of a body that are short and plain") {
    for (const char* key :
         {"a", "z", "A", "Z", "0", "9", "_", "-", "azAZ09_-", "0123456789abcdef"}) {
        CHECK(shown_key(key) == key);
    }
    for (const char* key :
         {"", "`", "{", "@", "[", "/", ":", ".", " ", "a b", "\xc3\xa9", "0123456789abcdefg"}) {
        INFO(key);
        CHECK(shown_key(key).empty());
    }
}

TEST_CASE("the text of a body is followed where it is kept, and nowhere else") {
    CHECK_FALSE(needs_text_for<std::string>());
    CHECK_FALSE(needs_text_for<std::optional<int>>());
    CHECK_FALSE(needs_text_for<without_raw>());
    CHECK_FALSE(needs_text_for<std::vector<without_raw>>());
    CHECK(needs_text_for<wh::raw_json>());
    CHECK(needs_text_for<std::optional<wh::raw_json>>());
    CHECK(needs_text_for<std::vector<wh::raw_json>>());
    CHECK(needs_text_for<std::map<std::string, wh::raw_json>>());
    CHECK(needs_text_for<with_raw>());
    CHECK(needs_text_for<std::map<std::string, with_raw>>());
}

TEST_CASE("a text takes texts only") {
    std::string target = "before";
    using kind = wh::json_scalar::kind;
    for (const kind other : {kind::null, kind::boolean, kind::integer, kind::number, kind::json}) {
        CHECK_FALSE(wh::value_traits<std::string>::assign(target, {.which = other, .text = "x"}));
    }
    CHECK(target == "before");
    CHECK(wh::value_traits<std::string>::assign(target, {.which = kind::text, .text = "x"}));
    CHECK(target == "x");
}

TEST_CASE("a number has to fit the type that it is for") {
    const auto fits = [](double number) {
        float target = 0;
        return wh::value_traits<float>::assign(
            target, {.which = wh::json_scalar::kind::number, .number = number});
    };
    CHECK(fits(std::numeric_limits<float>::max()));
    CHECK(fits(std::numeric_limits<float>::lowest()));
    CHECK(fits(0.1));
    CHECK_FALSE(fits(1e39));
    CHECK_FALSE(fits(-1e39));
}
