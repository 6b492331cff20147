// SPDX-License-Identifier: MIT
#include <webhookpp/json/decode.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/event.hpp>
#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/json/simdjson.hpp>
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
struct amounts {
    double amount = 0;
    static constexpr wh::member members[] = {{"amount", wh::field<&amounts::amount>}};
};
struct labelled {
    std::map<std::string, std::string> labels;
    static constexpr wh::member members[] = {{"labels", wh::field<&labelled::labels>}};
};
struct with_others {
    wh::raw_json data;
    std::map<std::string, wh::raw_json> others;
    static constexpr wh::member members[] = {{"data", wh::field<&with_others::data>},
                                             {wh::other_members, wh::field<&with_others::others>}};
};

template <class Engine, class T>
bool decodes(std::string_view text, T& target) {
    return Engine::read(text, 64,
                        [&](const auto& root) { return wh::json::decode(root, target, text); })
        .has_value();
}

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

TEMPLATE_TEST_CASE(
    "a number that no double holds is bad where it is wanted, whatever stands before it", "",
    wh::json::nlohmann_engine, wh::json::simdjson_engine) {
    amounts target;
    CHECK(decodes<TestType>(R"({"x":1e999,"amount":2})", target));
    CHECK(target.amount == 2);
    CHECK_FALSE(decodes<TestType>(R"({"amount":1e999})", target));
    CHECK_FALSE(decodes<TestType>(R"({"x":1e999,"amount":1e999})", target));
    CHECK_FALSE(decodes<TestType>(R"({"x":[1,1e999,2],"amount":-1e999})", target));
}

TEMPLATE_TEST_CASE("a map of texts is decoded without following the text of the body", "",
                   wh::json::nlohmann_engine, wh::json::simdjson_engine) {
    labelled target;
    CHECK(decodes<TestType>(R"({"labels":{"a":"b","c":"d"}})", target));
    CHECK(target.labels == std::map<std::string, std::string>{{"a", "b"}, {"c", "d"}});
}

TEMPLATE_TEST_CASE("the text of a member is found behind others that are there twice", "",
                   wh::json::nlohmann_engine, wh::json::simdjson_engine) {
    with_others target;
    CHECK(decodes<TestType>(R"({"x":[1],"x":{"y":"x"},"x":"\"","data":{"a":[2]},"z":3})", target));
    CHECK(target.data.text() == R"({"a":[2]})");
    CHECK(target.others.at("z").text() == "3");
    CHECK(target.others.size() == 2);
}
