// SPDX-License-Identifier: MIT
// The kinds of members that reach beyond scalars, lists and structs.

#include <webhookpp/event.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <webhookpp/json/encode.hpp>

#include "../both_engines.hpp"

namespace wh = webhookpp;
using wh::errc;

// A user's own code that knows nothing of this library, only nlohmann/json.
namespace shop {

struct money {
    std::string currency;
    int cents = 0;
};
void from_json(const nlohmann::json& from, money& to) {
    to.currency = from.at("currency").get<std::string>();
    to.cents = from.at("cents").get<int>();
}
void to_json(nlohmann::json& to, const money& from) {
    to = {{"currency", from.currency}, {"cents", from.cents}};
}

struct refund {
    static constexpr std::string_view type = "refund";
    std::string reason;
    money amount;
};
void from_json(const nlohmann::json& from, refund& to) {
    to.reason = from.at("data").at("reason").get<std::string>();
    to.amount = from.at("data").at("amount").get<money>();
}

}  // namespace shop

// A scalar that takes null, but no containers.
struct maybe {
    bool is_null = false;
};
template <>
struct webhookpp::value_traits<maybe> {
    static bool assign(maybe& target, const json_scalar& from) {
        target.is_null = from.which == json_scalar::kind::null;
        return target.is_null;
    }
    static json_scalar read(const maybe&, std::string&) { return {}; }
};

// A member whose type parses another body while it is itself being parsed.
struct nested_parse {
    std::string text;
};
template <>
struct webhookpp::value_traits<nested_parse> {
    static bool assign(nested_parse& target, const json_scalar& from);
    static json_scalar read(const nested_parse& source, std::string&) {
        return {.which = json_scalar::kind::text, .text = source.text};
    }
};

namespace {

enum class color { other, red, green };
constexpr auto enumerators(color /*of*/) {
    return std::array{wh::enumerator{"RED", color::red}, wh::enumerator{"GREEN", color::green},
                      wh::enumerator{"VERDE", color::green}};
}

struct line {
    std::optional<wh::raw_json> note;
    std::vector<wh::raw_json> values;
    static constexpr wh::member members[] = {{"note", wh::field<&line::note>},
                                             {"values", wh::field<&line::values>}};
};

struct order {
    static constexpr std::string_view type = "order";

    std::optional<wh::local_time> at;
    std::optional<wh::open_enum<color>> paint;
    std::optional<std::map<std::string, std::int64_t>> counts;
    std::optional<std::unordered_map<std::string, std::vector<std::string>>> lists;
    std::optional<wh::raw_json> raw;
    std::optional<std::vector<line>> lines;
    std::optional<std::map<std::string, line>> named;
    std::optional<shop::money> price;
    std::optional<nlohmann::json> dom;
    std::map<std::string, wh::raw_json> others;

    static constexpr wh::member members[] = {
        {"at", wh::field<&order::at>},         {"paint", wh::field<&order::paint>},
        {"counts", wh::field<&order::counts>}, {"lists", wh::field<&order::lists>},
        {"raw", wh::field<&order::raw>},       {"lines", wh::field<&order::lines>},
        {"named", wh::field<&order::named>},   {"price", wh::field<&order::price>},
        {"dom", wh::field<&order::dom>},       {wh::other_members, wh::field<&order::others>}};
};

// Keeps of the members that it does not name those that are texts.
struct tag_list {
    static constexpr std::string_view type = "tags";
    std::string id;
    std::map<std::string, std::string> tags;
    static constexpr wh::member members[] = {{wh::other_members, wh::field<&tag_list::tags>},
                                             {"id", wh::field<&tag_list::id>}};
};

// The same, but with structs that may have a `type` of their own.
struct typed {
    std::string kind;
    std::map<std::string, std::string> rest;
    static constexpr wh::member members[] = {{"kind", wh::field<&typed::kind>},
                                             {wh::other_members, wh::field<&typed::rest>}};
};
struct typed_list {
    static constexpr std::string_view type = "typed";
    std::map<std::string, typed> all;
    static constexpr wh::member members[] = {{wh::other_members, wh::field<&typed_list::all>}};
};

struct other_order : wh::unknown_event {
    std::optional<std::string> id;
    std::map<std::string, std::string> rest;
    std::optional<std::vector<std::string>> texts;
    std::optional<wh::raw_json> raw;
    static constexpr wh::member members[] = {{"id", wh::field<&other_order::id>},
                                             {wh::other_members, wh::field<&other_order::rest>},
                                             {"texts", wh::field<&other_order::texts>},
                                             {"raw", wh::field<&other_order::raw>}};
};

// Keeps of the members that it does not name those that are lists of texts.
struct text_lists {
    static constexpr std::string_view type = "lists";
    std::map<std::string, std::vector<std::string>> lists;
    wh::raw_json raw;
    static constexpr wh::member members[] = {{wh::other_members, wh::field<&text_lists::lists>},
                                             {"raw", wh::field<&text_lists::raw>}};
};

// Has a member that passes over members, before one that may be bad.
struct basket {
    static constexpr std::string_view type = "basket";
    typed first;
    int count = 0;
    static constexpr wh::member members[] = {{"first", wh::field<&basket::first>},
                                             {"count", wh::field<&basket::count>}};
};

// Names of many lengths.
struct named {
    static constexpr std::string_view type = "named";
    int one = 0, two = 0, three = 0, four = 0, seven = 0, eight = 0, nine = 0, sixteen = 0;
    int seventeen = 0, thirty = 0;
    static constexpr wh::member members[] = {
        {"a", wh::field<&named::one>},
        {"ab", wh::field<&named::two>},
        {"abc", wh::field<&named::three>},
        {"abcd", wh::field<&named::four>},
        {"abcdefg", wh::field<&named::seven>},
        {"abcdefgh", wh::field<&named::eight>},
        {"abcdefghi", wh::field<&named::nine>},
        {"abcdefghijklmnop", wh::field<&named::sixteen>},
        {"abcdefghijklmnopq", wh::field<&named::seventeen>},
        {"abcdefghijklmnopqrstuvwxyz0123", wh::field<&named::thirty>}};
};

// More members than a machine word has bits.
// clang-format off
struct wide {
    static constexpr std::string_view type = "wide";
    int f0 = 0, f1 = 0, f2 = 0, f3 = 0, f4 = 0, f5 = 0, f6 = 0, f7 = 0, f8 = 0, f9 = 0;
    int f10 = 0, f11 = 0, f12 = 0, f13 = 0, f14 = 0, f15 = 0, f16 = 0, f17 = 0, f18 = 0, f19 = 0;
    int f20 = 0, f21 = 0, f22 = 0, f23 = 0, f24 = 0, f25 = 0, f26 = 0, f27 = 0, f28 = 0, f29 = 0;
    int f30 = 0, f31 = 0, f32 = 0, f33 = 0, f34 = 0, f35 = 0, f36 = 0, f37 = 0, f38 = 0, f39 = 0;
    int f40 = 0, f41 = 0, f42 = 0, f43 = 0, f44 = 0, f45 = 0, f46 = 0, f47 = 0, f48 = 0, f49 = 0;
    int f50 = 0, f51 = 0, f52 = 0, f53 = 0, f54 = 0, f55 = 0, f56 = 0, f57 = 0, f58 = 0, f59 = 0;
    int f60 = 0, f61 = 0, f62 = 0, f63 = 0, f64 = 0, f65 = 0, f66 = 0, f67 = 0, f68 = 0, f69 = 0;
    static constexpr wh::member members[] = {
        {"f0", wh::field<&wide::f0>}, {"f1", wh::field<&wide::f1>},
        {"f2", wh::field<&wide::f2>}, {"f3", wh::field<&wide::f3>},
        {"f4", wh::field<&wide::f4>}, {"f5", wh::field<&wide::f5>},
        {"f6", wh::field<&wide::f6>}, {"f7", wh::field<&wide::f7>},
        {"f8", wh::field<&wide::f8>}, {"f9", wh::field<&wide::f9>},
        {"f10", wh::field<&wide::f10>}, {"f11", wh::field<&wide::f11>},
        {"f12", wh::field<&wide::f12>}, {"f13", wh::field<&wide::f13>},
        {"f14", wh::field<&wide::f14>}, {"f15", wh::field<&wide::f15>},
        {"f16", wh::field<&wide::f16>}, {"f17", wh::field<&wide::f17>},
        {"f18", wh::field<&wide::f18>}, {"f19", wh::field<&wide::f19>},
        {"f20", wh::field<&wide::f20>}, {"f21", wh::field<&wide::f21>},
        {"f22", wh::field<&wide::f22>}, {"f23", wh::field<&wide::f23>},
        {"f24", wh::field<&wide::f24>}, {"f25", wh::field<&wide::f25>},
        {"f26", wh::field<&wide::f26>}, {"f27", wh::field<&wide::f27>},
        {"f28", wh::field<&wide::f28>}, {"f29", wh::field<&wide::f29>},
        {"f30", wh::field<&wide::f30>}, {"f31", wh::field<&wide::f31>},
        {"f32", wh::field<&wide::f32>}, {"f33", wh::field<&wide::f33>},
        {"f34", wh::field<&wide::f34>}, {"f35", wh::field<&wide::f35>},
        {"f36", wh::field<&wide::f36>}, {"f37", wh::field<&wide::f37>},
        {"f38", wh::field<&wide::f38>}, {"f39", wh::field<&wide::f39>},
        {"f40", wh::field<&wide::f40>}, {"f41", wh::field<&wide::f41>},
        {"f42", wh::field<&wide::f42>}, {"f43", wh::field<&wide::f43>},
        {"f44", wh::field<&wide::f44>}, {"f45", wh::field<&wide::f45>},
        {"f46", wh::field<&wide::f46>}, {"f47", wh::field<&wide::f47>},
        {"f48", wh::field<&wide::f48>}, {"f49", wh::field<&wide::f49>},
        {"f50", wh::field<&wide::f50>}, {"f51", wh::field<&wide::f51>},
        {"f52", wh::field<&wide::f52>}, {"f53", wh::field<&wide::f53>},
        {"f54", wh::field<&wide::f54>}, {"f55", wh::field<&wide::f55>},
        {"f56", wh::field<&wide::f56>}, {"f57", wh::field<&wide::f57>},
        {"f58", wh::field<&wide::f58>}, {"f59", wh::field<&wide::f59>},
        {"f60", wh::field<&wide::f60>}, {"f61", wh::field<&wide::f61>},
        {"f62", wh::field<&wide::f62>}, {"f63", wh::field<&wide::f63>},
        {"f64", wh::field<&wide::f64>}, {"f65", wh::field<&wide::f65>},
        {"f66", wh::field<&wide::f66>}, {"f67", wh::field<&wide::f67>},
        {"f68", wh::field<&wide::f68>}, {"f69", wh::field<&wide::f69>},
    };
};
// clang-format on

// Inherits some members and adds one.
struct base {
    std::string id;
};
struct derived : base {
    static constexpr std::string_view type = "derived";
    int more = 0;
    static constexpr wh::member members[] = {{"id", wh::field<&derived::id, derived>},
                                             {"more", wh::field<&derived::more>}};
};

struct odds {
    static constexpr std::string_view type = "odds";
    std::optional<maybe> wrapped;
    maybe bare;
    std::vector<std::optional<int>> gaps;
    static constexpr wh::member members[] = {{"wrapped", wh::field<&odds::wrapped>},
                                             {"bare", wh::field<&odds::bare>},
                                             {"gaps", wh::field<&odds::gaps>}};
};

struct orders : wh::catalog_with_unknown<other_order, order, tag_list, typed_list, wide, derived,
                                         odds, text_lists, named, shop::refund> {};

auto parse(const std::string& body) {
    return parse_with_both<orders>(body);
}

// The order whose body has these members.
order order_with(const std::string& members) {
    const auto event = parse(R"({"type":"order",)" + members + "}");
    REQUIRE(event);
    return std::get<order>(*event);
}

std::string bad_path(const std::string& members) {
    const auto event = parse(R"({"type":"order",)" + members + "}");
    REQUIRE_FALSE(event);
    CHECK(event.error().code == errc::invalid_payload);
    return std::string(event.error().where.view());
}

}  // namespace

TEST_CASE("a local time has no zone") {
    const auto e = order_with(R"("at":"2024-06-01T15:00")");
    CHECK(e.at == wh::local_time::parse("2024-06-01T15:00:00"));
    CHECK(e.at->hour() == 15);
    CHECK(bad_path(R"("at":"2024-06-01T15:00Z")") == "at");
    CHECK(bad_path(R"("at":"2024-06-01T15:00:00+02:00")") == "at");
    CHECK(bad_path(R"("at":1717254000)") == "at");
}

TEST_CASE("an open enumeration keeps the text of what it does not know") {
    CHECK(order_with(R"("paint":"RED")").paint == color::red);
    CHECK(order_with(R"("paint":"VERDE")").paint == color::green);
    CHECK(order_with(R"("paint":"VERDE")").paint->text() == "VERDE");
    const auto unknown = order_with(R"("paint":"red")");
    CHECK(unknown.paint == color::other);
    CHECK_FALSE(unknown.paint->is_known());
    CHECK(unknown.paint->text() == "red");
    CHECK(wh::open_enum<color>(color::green).text() == "GREEN");
    CHECK(wh::open_enum<color>().text().empty());
    CHECK(wh::open_enum<color>(color::red) == wh::open_enum<color>("RED"));
    CHECK_FALSE(wh::open_enum<color>("a") == wh::open_enum<color>("b"));
    CHECK(bad_path(R"("paint":1)") == "paint");
}

TEST_CASE("a map has text for keys, each once") {
    const auto e = order_with(R"("counts":{"2":600,"":7,"1":300},"lists":{"a":["x"],"b":[]})");
    CHECK(e.counts == std::map<std::string, std::int64_t>{{"", 7}, {"1", 300}, {"2", 600}});
    CHECK(e.lists->at("a") == std::vector<std::string>{"x"});
    CHECK(bad_path(R"("counts":{"1":300,"2":"x"})") == "counts.2");
    CHECK(bad_path(R"("counts":{"1":300,"1":300})") == "counts.1");
    CHECK(bad_path(R"("counts":{"1":true,"2":null,"3":1})") == "counts.1");
    CHECK(bad_path(R"("counts":[300])") == "counts");
    CHECK(bad_path(R"("lists":{"a":["x",1]})") == "lists.a[1]");
}

TEST_CASE("a path shows of a body's own names only short and plain ones") {
    CHECK(bad_path(R"("counts":{"a":1,"b\nc":"x"})") == "counts[1]");
    CHECK(bad_path(R"("counts":{"":"x"})") == "counts[0]");
    CHECK(bad_path(R"("counts":{"abcdefghijklmnopq":"x"})") == "counts[0]");
    CHECK(bad_path(R"("counts":{"abcdefgh-_0189AZ":"x"})") == "counts.abcdefgh-_0189AZ");
}

TEST_CASE("raw JSON is kept byte for byte") {
    for (const std::string& text :
         {std::string(R"({ "a" : [ 1.50 , 1e2 ] , "b":"\u00e9\"}]" })"), std::string("[]"),
          std::string("{}"), std::string(R"("a\\")"), std::string("-0.0"), std::string("true"),
          std::string("123456789012345678901234567890"), std::string("1e400"),
          std::string(R"([[],{},"[",{"]":"}"}])")}) {
        INFO(text);
        for (const std::string& members :
             {"\"raw\":" + text, " \"x\" : {\"raw\":1} ,\n\"raw\" :\t" + text + " ",
              "\"y\":\"\\\\\",\"raw\":" + text + ",\"z\":[\"]\"]"}) {
            CHECK(order_with(members).raw->text() == text);
        }
        const auto nested = order_with(R"("lines" : [ {"values":[]}, { "x":[1], "values" : [ 1,)" +
                                       text + R"( , )" + text + R"( ] , "note": )" + text +
                                       " } ],\"named\":{\"a\":{\"values\":[" + text + "]}}");
        CHECK(nested.lines->at(1).values.at(1).text() == text);
        CHECK(nested.lines->at(1).values.at(2).text() == text);
        CHECK(nested.lines->at(1).note->text() == text);
        CHECK(nested.named->at("a").values.at(0).text() == text);
    }
    const auto framed = parse("\r\n\t {\r\n\"type\":\"order\",\r\n\"raw\":\r\n12\r\n}\r\n");
    REQUIRE(framed);
    CHECK(std::get<order>(*framed).raw->text() == "12");
    CHECK_FALSE(order_with(R"("raw":null)").raw);
    CHECK(order_with(R"("lines":[{"values":[null]}])").lines->at(0).values.at(0).is_null());
    CHECK(wh::raw_json().text() == "null");
    CHECK(wh::raw_json("{}").is_object());
    CHECK(wh::raw_json(" \n{}").is_object());
    CHECK_FALSE(wh::raw_json(" ").is_object());
    CHECK(wh::raw_json("[]").is_array());
    CHECK(wh::raw_json("\"\"").is_text());
}

TEST_CASE("raw JSON is found behind any other members") {
    // Names and texts whose ends are easily taken for others, and values that nobody reads.
    const std::vector<std::string> others{
        R"("at":"2024-01-10T10:03:02")",
        R"( "\u0061t" : "2024-01-10T10:03" )",
        R"("at":null)",
        R"("paint":"\"")",
        R"("paint":"\\\\")",
        R"("paint":"a\"b\"")",
        R"("paint":"\u0022,\u005c\\\"")",
        R"("paint":"\ud83d\ude00\n")",
        "\"paint\":\"\xc3\xa9\"",
        R"("counts":{"\"":1,"\\":-2, "}" : 3 })",
        R"("lists" : { "a\"b" : [ ] , "]" : [ "\"" , "]\\" , "" ] })",
        R"("lists":{})",
        R"("lines":[])",
        "\"lines\"\n:\t[\r{ \"values\" : [ ] , \"z\" : \"\\\"\" } ]",
        R"("named":{"\\\"":{"values":["\"",{"\"":"\\"}],"note":[ "]" ]}})",
        R"("price":{"currency":"\"}","cents":1})",
        R"("dom":["\"",[],{"]":"\\"}])",
        R"("x":"\\\"")",
        R"("\"x\\":[{"}":"]"},"\\"])",
        R"("\u0041\":zzzz":["]"])",
        R"("x" : 1.5e3)",
        R"("x":false)"};
    const auto name_of = [](const std::string& text) {
        const auto begin = text.find('"');
        const auto name = text.substr(begin, text.find('"', begin + 1) - begin);
        return name == R"("\u0061t)" ? std::string(R"("at)") : name;
    };
    for (const auto& one : others) {
        for (const auto& two : others) {
            // A described name that stands there twice would be bad.
            const bool distinct = name_of(one) != name_of(two);
            INFO(one << " and " << two);
            const auto event = order_with((distinct ? one + ',' : "") + two + R"(,"raw":["\""])");
            CHECK(event.raw->text() == R"(["\""])");
        }
    }
}

TEST_CASE("raw JSON is found behind members that do not fit") {
    const std::vector<std::string> bad{R"(["\"",["]"],"b"])", R"(["a",{"\"}":"]"}])",
                                       R"({"a":["\\"]})",     R"("\"]")",
                                       "[1,\"]\"]",           "1"};
    for (const auto& each : bad) {
        INFO(each);
        const auto kept = parse(R"({"type":"lists","x":)" + each + R"(,"y":["z"],"raw":"\"r"})");
        REQUIRE(kept);
        CHECK(std::get<text_lists>(*kept).lists ==
              std::map<std::string, std::vector<std::string>>{{"y", {"z"}}});
        CHECK(std::get<text_lists>(*kept).raw.text() == R"("\"r")");

        const auto strange = parse(R"({"type":"new","texts":)" + each + R"(,"raw":"\"r"})");
        REQUIRE(strange);
        CHECK_FALSE(std::get<other_order>(*strange).texts);
        CHECK(std::get<other_order>(*strange).raw->text() == R"("\"r")");
    }
    // What stands before a bad member in the description is decoded all the same.
    CHECK(bad_path(R"("price":["\"",1],"counts":{"a":["]"]},"raw":[1])") == "counts.a");
    CHECK(bad_path(R"("dom":1,"dom":["\"]"],"price":{"currency":"x","cents":1})") == "dom");
    CHECK(bad_path(R"("dom":1,"dom":["\"]"],"price":{"currency":"x","cents":[]})") == "price");
}

TEST_CASE("a member is found by all of its name") {
    const auto body = [](const std::vector<std::string>& names) {
        std::string text = R"({"type":"named")";
        for (const auto& name : names) text += ",\"" + name + "\":1";
        return text + "}";
    };
    std::vector<std::string> names;
    for (const auto& each : named::members) names.emplace_back(each.name);
    std::vector<std::string> backwards(names.rbegin(), names.rend());
    CHECK(parse(body(names)));
    CHECK(parse(body(backwards)));
    for (std::size_t i = 0; i < names.size(); ++i) {
        for (std::size_t at = 0; at < names[i].size(); ++at) {
            auto changed = names;
            changed[i][at] = '_';
            INFO(changed[i]);
            const auto event = parse(body(changed));
            REQUIRE_FALSE(event);
            CHECK(event.error().where == names[i]);
        }
    }
}

TEST_CASE("a list gets room for what it holds, within limits") {
    const auto event = parse(R"({"type":"new","texts":["a","b","c","d","e"]})");
    REQUIRE(event);
    CHECK(std::get<other_order>(*event).texts->capacity() == 5);

    std::vector<std::string> texts;
    wh::detail::value_type_of<std::vector<std::string>>.reserve(&texts, SIZE_MAX);
    CHECK(texts.capacity() > 100);
    CHECK(texts.capacity() * sizeof(std::string) <= std::size_t{17} * 1024);
}

TEST_CASE("other members are kept as far as they fit") {
    const auto e = order_with(R"("x":1,"y":{"z":[1, 2]},"x":2)");
    CHECK(e.others.size() == 2);
    CHECK(e.others.at("x").text() == "1");
    CHECK(e.others.at("y").text() == R"({"z":[1, 2]})");

    const auto tags = parse(R"({"a":"1","id":"i","b":2,"type":"tags","c":"3","d":[],"":"e"})");
    REQUIRE(tags);
    CHECK(std::get<tag_list>(*tags).tags ==
          std::map<std::string, std::string>{{"", "e"}, {"a", "1"}, {"c", "3"}});
    // Also one without a name, wherever the description has the place for others.
    const auto nameless = parse(R"({"":"e","id":"i","type":"tags"})");
    REQUIRE(nameless);
    CHECK(std::get<tag_list>(*nameless).tags == std::map<std::string, std::string>{{"", "e"}});
    // A bad member is reported, whatever else is kept.
    const auto bad = parse(R"({"a":"1","type":"tags","b":2,"id":3,"c":4})");
    REQUIRE_FALSE(bad);
    CHECK(bad.error().where == "id");

    // The member that names the type of the event is none of them, deeper ones are.
    const auto all =
        parse(R"({"type":"typed","a":{"kind":"x"},"b":{"kind":1},"c":{"kind":"y","type":"z"}})");
    REQUIRE(all);
    CHECK(std::get<typed_list>(*all).all.size() == 2);
    CHECK(std::get<typed_list>(*all).all.at("c").rest.at("type") == "z");
    CHECK(std::get<typed_list>(*all).all.at("a").kind == "x");
}

TEST_CASE("a struct may have more members than a word has bits") {
    std::string body = R"({"type":"wide")";
    for (int i = 0; i < 70; ++i) body += ",\"f" + std::to_string(i) + "\":" + std::to_string(i);
    const auto all = parse(body + "}");
    REQUIRE(all);
    CHECK(std::get<wide>(*all).f69 == 69);
    for (const std::string& missing :
         {std::string("f0"), std::string("f63"), std::string("f64"), std::string("f69")}) {
        std::string less = body + "}";
        const auto at = less.find("\"" + missing + "\"");
        less[at + 1] = 'g';
        const auto event = parse(less);
        REQUIRE_FALSE(event);
        CHECK(event.error().where == missing);
    }
}

TEST_CASE("a struct may describe what it inherits beside its own members") {
    const auto event = parse(R"({"type":"derived","id":"i","more":7})");
    REQUIRE(event);
    CHECK(std::get<derived>(*event).id == "i");
    CHECK(std::get<derived>(*event).more == 7);
    CHECK(wh::json::encode(std::get<derived>(*event)) == R"({"type":"derived","id":"i","more":7})");
}

TEST_CASE("a scalar of one's own may take null, but never gets a container") {
    const auto event = parse(R"({"type":"odds","bare":null,"gaps":[1,null,2]})");
    REQUIRE(event);
    CHECK(std::get<odds>(*event).bare.is_null);
    CHECK(wh::json::encode(std::get<odds>(*event)) ==
          R"({"type":"odds","bare":null,"gaps":[1,null,2]})");
    for (const char* container : {"{}", "[]"}) {
        const auto bad =
            parse(R"({"type":"odds","gaps":[],"bare":)" + std::string(container) + "}");
        REQUIRE_FALSE(bad);
        CHECK(bad.error().where == "bare");
    }
}

TEST_CASE("types with nlohmann's from_json work as members and as events") {
    CHECK(order_with(R"("price":{"currency":"EUR","cents":5})").price->cents == 5);
    CHECK(bad_path(R"("price":{"currency":"EUR"})") == "price");
    CHECK(bad_path(R"("price":[1e400])") == "price");
    CHECK(order_with(R"("dom":{"a":[1]})").dom->at("a").at(0) == 1);

    for (const auto& parse_refund : {&outcome::parse_with<orders, wh::json::nlohmann_engine>,
                                     &outcome::parse_with<orders, wh::json::simdjson_engine>}) {
        const auto refund = parse_refund(
            R"({"type":"refund","data":{"reason":"late","amount":{"currency":"EUR","cents":7}}})",
            {});
        REQUIRE(refund);
        CHECK(std::get<shop::refund>(*refund).amount.cents == 7);
        const auto bad = parse_refund(R"({"type":"refund","data":{}})", {});
        REQUIRE_FALSE(bad);
        CHECK(bad.error().code == errc::invalid_payload);
        CHECK(bad.error().where == "");
    }
}

TEST_CASE("an unknown event with members of its own has them as far as they fit") {
    const auto known = parse(R"({"type":"new","id":"i","a":"b","c":1})");
    REQUIRE(known);
    const auto& e = std::get<other_order>(*known);
    CHECK(e.type == "new");
    CHECK(e.body == R"({"type":"new","id":"i","a":"b","c":1})");
    CHECK(e.id == "i");
    CHECK(e.rest == std::map<std::string, std::string>{{"a", "b"}});
    for (const char* body :
         {R"({"type":"new","a":"b","id":5})", R"({"type":"new","id":[],"a":"b"})",
          R"({"type":"new","id":"1","a":"b","id":"2"})"}) {
        const auto strange = parse(body);
        REQUIRE(strange);
        CHECK(std::get<other_order>(*strange).type == "new");
        CHECK_FALSE(std::get<other_order>(*strange).id);
        CHECK(std::get<other_order>(*strange).rest ==
              std::map<std::string, std::string>{{"a", "b"}});
    }
}

TEST_CASE("all kinds of members are encoded as they were decoded") {
    const std::string body =
        R"({"type":"order","at":"2024-06-01T15:00","paint":"BLUE","counts":{"1":300,"2":600},)"
        R"("lists":{"a":["x","y"]},"raw":{ "a" : 1.50 },"lines":[{"note":[ ],"values":[true,"x"]}],)"
        R"("named":{"n":{"values":[]}},"price":{"cents":5,"currency":"EUR"},"dom":[1,{"b":null}],)"
        R"("extra":[1, 2]})";
    const auto event = parse(body);
    REQUIRE(event);
    CHECK(wh::json::encode(std::get<order>(*event)) == body);
    CHECK(wh::json::encode_event<orders>(*event) == body);
    const auto unknown = parse(R"({"type": "new"})");
    REQUIRE(unknown);
    CHECK(wh::json::encode_event<orders>(*unknown) == R"({"type": "new"})");
}

TEST_CASE("no name is encoded twice") {
    order e;
    e.others = {{"type", wh::raw_json("1")}, {"at", wh::raw_json("2")}, {"x", wh::raw_json("3")}};
    CHECK(wh::json::encode(e) == R"({"type":"order","x":3})");
}

TEST_CASE("raw JSON of any depth is encoded") {
    order e;
    e.raw = wh::raw_json(std::string(200, '[') + std::string(200, ']'));
    CHECK(wh::json::encode(e).size() > 400);
}

namespace {

struct outer {
    static constexpr std::string_view type = "outer";
    nested_parse first;
    std::string last;
    static constexpr wh::member members[] = {{"first", wh::field<&outer::first>},
                                             {"last", wh::field<&outer::last>}};
};
using outers = wh::catalog<outer, tag_list>;
using nested_parser = wh::parser<outers, wh::json::simdjson_engine>;

}  // namespace

bool webhookpp::value_traits<nested_parse>::assign(nested_parse& target, const json_scalar& from) {
    const std::string body = R"({"type":"tags","id":")" + std::string(from.text) + R"("})";
    // With another depth, so that the parser of the thread would be set up anew.
    const auto inner = nested_parser({.depth = 7}).parse(wh::assume_verified(body, "a test"));
    target.text = inner ? std::get<tag_list>(*inner).id : "";
    return inner.has_value();
}

TEST_CASE("a member that may be passed over does not stand for one that is bad") {
    const auto bad = parse_with_both<wh::catalog<basket>>(
        R"({"type":"basket","count":"x","first":{"kind":"k","other":1}})");
    REQUIRE_FALSE(bad);
    CHECK(bad.error().where == "count");
}

TEST_CASE("parsing within parsing disturbs neither") {
    const std::string body = R"({"type":"outer","first":"one","last":"a text that is not short"})";
    for (int i = 0; i < 3; ++i) {
        const auto event = nested_parser().parse(wh::assume_verified(body, "a test"));
        REQUIRE(event);
        CHECK(std::get<outer>(*event).first.text == "one");
        CHECK(std::get<outer>(*event).last == "a text that is not short");
    }
}

TEST_CASE("each parser has its own depth, whatever others of the thread have") {
    const std::string body = R"({"type":"tags","id":"i","x":[[[[1]]]]})";
    for (int i = 0; i < 3; ++i) {
        for (const std::size_t depth : {64U, 0U, 1U, 2U, 4U, 5U, 6U, 64U, 2000U}) {
            INFO(depth);
            CHECK(parse_with_both<orders>(body, {.depth = depth}).has_value() == (depth >= 5));
        }
    }
    CHECK(parse_with_both<orders>(body, {.depth = SIZE_MAX}));
}

#if defined(__cpp_exceptions)
TEST_CASE("what cannot be encoded is said") {
    order e;
    e.raw = wh::raw_json("{");
    CHECK_THROWS_AS(wh::json::encode(e), wh::exception);
    CHECK_THROWS_AS(wh::json::encode(shop::refund{}), wh::exception);
}
#endif
