// The kinds of members that reach beyond scalars, lists and structs.

#include <webhookpp/event.hpp>

#include <array>
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

// The same, but with structs that name a `type` themselves.
struct typed {
    std::string type;
    static constexpr wh::member members[] = {{"type", wh::field<&typed::type>}};
};
struct typed_list {
    static constexpr std::string_view type = "typed";
    std::map<std::string, typed> all;
    static constexpr wh::member members[] = {{wh::other_members, wh::field<&typed_list::all>}};
};

struct other_order : wh::unknown_event {
    std::optional<std::string> id;
    std::map<std::string, std::string> rest;
    static constexpr wh::member members[] = {{"id", wh::field<&other_order::id>},
                                             {wh::other_members, wh::field<&other_order::rest>}};
};

struct orders : wh::catalog_with_unknown<other_order, order, tag_list, typed_list, shop::refund> {};

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
    CHECK(bad_path(R"("counts":[300])") == "counts");
    CHECK(bad_path(R"("lists":{"a":["x",1]})") == "lists.a[1]");
}

TEST_CASE("a path shows of a body's own names only short and plain ones") {
    CHECK(bad_path(R"("counts":{"a":1,"b\nc":"x"})") == "counts[1]");
    CHECK(bad_path(R"("counts":{"":"x"})") == "counts[0]");
    CHECK(bad_path(R"("counts":{")" + std::string(41, 'k') + R"(":"x"})") == "counts[0]");
    CHECK(bad_path(R"("counts":{")" + std::string(40, 'k') + R"(":"x"})") ==
          "counts." + std::string(40, 'k'));
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
    CHECK_FALSE(order_with(R"("raw":null)").raw);
    CHECK(order_with(R"("lines":[{"values":[null]}])").lines->at(0).values.at(0).is_null());
    CHECK(wh::raw_json().text() == "null");
    CHECK(wh::raw_json("{}").is_object());
    CHECK(wh::raw_json("[]").is_array());
    CHECK(wh::raw_json("\"\"").is_text());
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
    // A bad member is reported, whatever else is kept.
    const auto bad = parse(R"({"a":"1","type":"tags","b":2,"id":3,"c":4})");
    REQUIRE_FALSE(bad);
    CHECK(bad.error().where == "id");

    // The member that names the type of the event is none of them, deeper ones are.
    const auto all = parse(R"({"type":"typed","a":{"type":"x"},"b":{"type":1}})");
    REQUIRE(all);
    CHECK(std::get<typed_list>(*all).all.size() == 1);
    CHECK(std::get<typed_list>(*all).all.at("a").type == "x");
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
    const auto strange = parse(R"({"type":"new","a":"b","id":5})");
    REQUIRE(strange);
    CHECK(std::get<other_order>(*strange).type == "new");
    CHECK_FALSE(std::get<other_order>(*strange).id);
    CHECK(std::get<other_order>(*strange).rest.empty());
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

#if defined(__cpp_exceptions)
TEST_CASE("what cannot be encoded is said") {
    order e;
    e.raw = wh::raw_json("{");
    CHECK_THROWS_AS(wh::json::encode(e), wh::exception);
    CHECK_THROWS_AS(wh::json::encode(shop::refund{}), wh::exception);
}
#endif
