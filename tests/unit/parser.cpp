// SPDX-License-Identifier: MIT
#include <webhookpp/parser.hpp>

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <webhookpp/json/encode.hpp>
#include <webhookpp/json/nlohmann.hpp>

#include "../both_engines.hpp"
#include "../catch.hpp"

namespace wh = webhookpp;
using wh::errc;

// A type with a JSON form of its own, as a user would add one.
struct color {
    unsigned rgb = 0;
};

template <>
struct webhookpp::value_traits<color> {
    static bool assign(color& target, const json_scalar& from) {
        if (from.which != json_scalar::kind::text || from.text.size() != 1) return false;
        target.rgb = static_cast<unsigned>(from.text[0]);
        return true;
    }
    static json_scalar read(const color& source, std::string& text) {
        text = static_cast<char>(source.rgb);
        return {.which = json_scalar::kind::text, .text = text};
    }
};

namespace {

struct field_value {
    std::int64_t id = 0;
    std::optional<std::string> label;
    static constexpr wh::member members[] = {
        {"id", wh::field<&field_value::id>},
        {"label", wh::field<&field_value::label>},
    };
};

struct payload {
    std::vector<field_value> fields;
    std::optional<field_value> main;
    static constexpr wh::member members[] = {
        {"dataFields", wh::field<&payload::fields>},
        {"main", wh::field<&payload::main>},
    };
};

struct order_placed {
    static constexpr std::string_view type = "order.placed";
    std::string name;
    std::int8_t tiny = 0;
    std::uint64_t huge = 0;
    double price = 0;
    float small_price = 0;
    bool paid = false;
    wh::timestamp at;
    std::optional<std::vector<std::string>> tags;
    color paint;
    payload data;
    static constexpr wh::member members[] = {
        {"name", wh::field<&order_placed::name>},
        {"tiny", wh::field<&order_placed::tiny>},
        {"huge", wh::field<&order_placed::huge>},
        {"price", wh::field<&order_placed::price>},
        {"smallPrice", wh::field<&order_placed::small_price>},
        {"paid", wh::field<&order_placed::paid>},
        {"at", wh::field<&order_placed::at>},
        {"tags", wh::field<&order_placed::tags>},
        {"paint", wh::field<&order_placed::paint>},
        {"data", wh::field<&order_placed::data>},
    };
};

struct order_cancelled {
    static constexpr std::string_view type = "order.cancelled";
    std::string name;
    static constexpr wh::member members[] = {{"name", wh::field<&order_cancelled::name>}};
};

// Inherits its description from a base that does not come first.
struct audit {
    std::string by = "nobody";
};
struct numbered {
    using described_by = numbered;
    std::int64_t id = 0;
    std::string label;
    static constexpr wh::member members[] = {{"id", wh::field<&numbered::id>},
                                             {"label", wh::field<&numbered::label>}};
};
struct order_numbered : audit, numbered {
    static constexpr std::string_view type = "order.numbered";
};

using orders = wh::catalog<order_placed, order_cancelled>;

// The same under another name of the type member.
struct renamed_orders : orders {
    static constexpr std::string_view type_member = "event";
};

const std::string whole =
    R"({"type":"order.placed","name":"n","tiny":-128,"huge":18446744073709551615,"price":1.5,)"
    R"("smallPrice":2,"paid":true,"at":"2024-01-10T10:03:02.5Z","tags":["a","b"],"paint":"x",)"
    R"("data":{"dataFields":[{"id":1,"label":"one"},{"id":2}],"main":{"id":3}}})";

template <class Catalog = orders>
wh::result<typename Catalog::event> parse(const std::string& body,
                                          const wh::parser_options& options = {}) {
    return parse_with_both<Catalog>(body, options);
}

// `whole` with one piece of text replaced.
std::string with(std::string_view from, std::string_view to) {
    std::string changed = whole;
    const auto at = changed.find(from);
    REQUIRE(at != std::string::npos);
    return changed.replace(at, from.size(), to);
}

std::string path_of(const std::string& body) {
    const auto event = parse(body);
    REQUIRE_FALSE(event);
    CHECK(event.error().code == errc::invalid_payload);
    return std::string(event.error().where);
}

errc code_of(const std::string& body) {
    const auto event = parse(body);
    REQUIRE_FALSE(event);
    return event.error().code;
}

std::string nested(std::size_t depth) {
    return R"({"type":"order.cancelled","name":"n","x":)" + std::string(depth, '[') +
           std::string(depth, ']') + "}";
}

}  // namespace

TEST_CASE("a body becomes the alternative of its type, with all members") {
    const auto event = parse(whole);
    REQUIRE(event);
    const auto& placed = std::get<order_placed>(*event);
    CHECK(placed.name == "n");
    CHECK(placed.tiny == -128);
    CHECK(placed.huge == std::numeric_limits<std::uint64_t>::max());
    CHECK(placed.price == 1.5);
    CHECK(placed.small_price == 2.0F);
    CHECK(placed.paid);
    CHECK(placed.at == wh::timestamp(1704880982, 500'000'000));
    CHECK(placed.tags == std::vector<std::string>{"a", "b"});
    CHECK(placed.paint.rgb == 'x');
    REQUIRE(placed.data.fields.size() == 2);
    CHECK(placed.data.fields[0].label == "one");
    CHECK_FALSE(placed.data.fields[1].label);
    CHECK(placed.data.main->id == 3);
}

TEST_CASE("a description can be inherited, from whichever base") {
    const auto event =
        parse<wh::catalog<order_numbered>>(R"({"type":"order.numbered","id":7,"label":"seven"})");
    REQUIRE(event);
    const auto& numbered = std::get<order_numbered>(*event);
    CHECK(numbered.by == "nobody");
    CHECK(numbered.id == 7);
    CHECK(numbered.label == "seven");
    CHECK(wh::json::encode(numbered) == R"({"type":"order.numbered","id":7,"label":"seven"})");
}

TEST_CASE("the order of members does not matter") {
    const auto event = parse(R"({"name":"n","type":"order.cancelled"})");
    REQUIRE(event);
    CHECK(std::get<order_cancelled>(*event).name == "n");
}

TEST_CASE("an event type that the catalog does not list is kept with its body") {
    const std::string body = R"({"type":"order.renamed","what":[1,2]})";
    const auto event = parse(body);
    REQUIRE(event);
    CHECK(std::get<wh::unknown_event>(*event).type == "order.renamed");
    CHECK(std::get<wh::unknown_event>(*event).body == body);
    CHECK(std::get<wh::unknown_event>(*parse(R"({"type":""})")).type.empty());
}

TEST_CASE("the event type stands in the member that the catalog names") {
    CHECK(parse<renamed_orders>(R"({"event":"order.cancelled","name":"n","type":7})"));
    CHECK(parse<renamed_orders>(R"({"type":"order.cancelled","name":"n"})").error().code ==
          errc::missing_event_type);
}

TEST_CASE("a body without an event type says so") {
    for (const char* body :
         {"{}", "[]", R"(["type","order.placed"])", "null", "7", "\"order.placed\"",
          R"({"type":7})", R"({"type":null})", R"({"type":{}})", R"({"type":["order.placed"]})"}) {
        INFO(body);
        CHECK(code_of(body) == errc::missing_event_type);
    }
    CHECK(path_of(R"({"type":"order.cancelled","name":"n","type":"order.cancelled"})") == "type");
}

TEST_CASE("the path names the first bad member in the order of the description") {
    CHECK(path_of(with(R"("name":"n",)", "")) == "name");
    CHECK(path_of(with(R"("n")", "5")) == "name");
    CHECK(path_of(with(R"("n")", "null")) == "name");
    CHECK(path_of(with(R"("n")", "[]")) == "name");
    CHECK(path_of(with("-128", "-129")) == "tiny");
    CHECK(path_of(with("-128", "1.0")) == "tiny");
    CHECK(path_of(with("-128", "1e1")) == "tiny");
    CHECK(path_of(with("-128", "\"1\"")) == "tiny");
    CHECK(path_of(with("18446744073709551615", "18446744073709551616")) == "huge");
    CHECK(path_of(with("18446744073709551615", "-1")) == "huge");
    CHECK(path_of(with("1.5", "\"1.5\"")) == "price");
    CHECK(path_of(with("1.5", "1e400")) == "price");
    CHECK(path_of(with(R"("smallPrice":2)", R"("smallPrice":1e39)")) == "smallPrice");
    CHECK(path_of(with(R"("smallPrice":2)", R"("smallPrice":-1e39)")) == "smallPrice");
    CHECK(std::get<order_placed>(*parse(with("1.5", "18446744073709551615"))).price == 0x1p64);
    CHECK(path_of(with("true", "1")) == "paid");
    CHECK(path_of(with("02.5Z", "02.5")) == "at");
    CHECK(path_of(with(R"(["a","b"])", R"(["a",1])")) == "tags[1]");
    CHECK(path_of(with(R"(["a","b"])", R"("a")")) == "tags");
    CHECK(path_of(with(R"("x")", R"("xy")")) == "paint");
    CHECK(path_of(with(R"("id":2)", R"("id":"2")")) == "data.dataFields[1].id");
    CHECK(path_of(with(R"({"id":2})", "2")) == "data.dataFields[1]");
    CHECK(path_of(with(R"("main":{"id":3})", R"("main":{})")) == "data.main.id");
    CHECK(path_of(with(R"("main":{"id":3})", R"("main":[])")) == "data.main");
    CHECK(path_of(with(R"("data":{)", R"("data":[],"x":{)")) == "data");
    // Two are bad: the description's order decides, not the document's.
    CHECK(path_of(R"({"type":"order.placed","paid":0,"tiny":"x","name":"n","huge":-1})") == "tiny");
}

TEST_CASE("a described member that stands there twice is bad, others may") {
    CHECK(path_of(R"({"type":"order.cancelled","name":"a","name":"b"})") == "name");
    CHECK(path_of(R"({"type":"order.cancelled","name":"a","name":"a"})") == "name");
    CHECK(path_of(with(R"({"id":2})", R"({"id":2,"id":2})")) == "data.dataFields[1].id");
    CHECK(parse(R"({"type":"order.cancelled","name":"a","x":1,"x":2})"));
    CHECK(parse(R"({"type":"order.cancelled","name":"a","x":{"name":1,"name":2}})"));
}

TEST_CASE("optional members may be absent or null") {
    for (const char* tags : {R"("tags":null,)", ""}) {
        const auto event = parse(with(R"("tags":["a","b"],)", tags));
        REQUIRE(event);
        CHECK_FALSE(std::get<order_placed>(*event).tags);
    }
}

TEST_CASE("what is not JSON is malformed, whatever else is wrong") {
    const std::string good = R"({"type":"order.cancelled","name":"n"})";
    REQUIRE(parse(good));
    REQUIRE(parse(" \t\r\n" + good + " \t\r\n"));
    for (const std::string& body :
         {std::string(),
          std::string(" "),
          std::string("hello"),
          good.substr(0, good.size() - 1),
          good + good,
          good + ",",
          good + " x",
          "\xEF\xBB\xBF" + good,
          good + std::string(1, '\0'),
          good + std::string("\0{", 2),
          std::string(1, '\0') + good,
          "/* x */" + good,
          std::string(R"({"type":"order.cancelled","name":"n",})"),
          std::string(R"({'type':'order.cancelled','name':'n'})"),
          std::string(R"({"type":"order.cancelled","name":NaN})"),
          std::string(R"({"type":"order.cancelled","name":"n","x":01})"),
          std::string(R"({"type":"order.cancelled","name":"n","x":.5})"),
          std::string(R"({"type":"order.cancelled","name":"n","x":+1})"),
          std::string("{\"type\":\"order.cancelled\",\"name\":\"\n\"}"),
          std::string("{\"type\":\"order.cancelled\",\"name\":\"\xff\"}"),
          std::string("{\"type\":\"order.cancelled\",\"name\":\"\xc0\x80\"}"),
          std::string("{\"type\":\"order.cancelled\",\"name\":\"\xed\xa0\x80\"}"),
          std::string(R"({"type":"order.cancelled","name":"\ud800"})"),
          std::string("{\"type\":\"order.cancelled\",\"name\":\"a") + '\0' + "\"}",
          std::string(R"({"name":5,"x":)"),
          std::string("{\"type\":\"order.cancelled\",\"name\":\"n\",\"x\":\"\xff\"}")}) {
        INFO(body);
        CHECK(code_of(body) == errc::malformed_json);
    }
}

TEST_CASE("arrays and objects nest as deep as allowed, and no deeper") {
    CHECK(parse(nested(63)));
    CHECK(code_of(nested(64)) == errc::malformed_json);
    CHECK(code_of(nested(100'000)) == errc::malformed_json);
    CHECK(parse(nested(2), {.depth = 3}));
    CHECK(parse(nested(3), {.depth = 3}).error().code == errc::malformed_json);
    CHECK(code_of(std::string(100'000, '[')) == errc::malformed_json);
}

TEST_CASE("large bodies of little content are read, or refused, all the same") {
    const std::string good = R"({"type":"order.cancelled","name":"n"})";
    const std::string blank(1024 * 1024, ' ');
    CHECK(parse(blank + good + blank));
    CHECK(code_of(blank) == errc::malformed_json);
    CHECK(code_of(std::string(1024 * 1024, '\0')) == errc::malformed_json);
    CHECK(code_of(std::string(1024 * 1024, '{')) == errc::malformed_json);
    CHECK(code_of("{\"a\":" + std::string(1024 * 1024, '[')) == errc::malformed_json);
    CHECK(code_of(std::string(1024 * 1024, '"')) == errc::malformed_json);
    CHECK(code_of(std::string(1024 * 1024, '1')) == errc::missing_event_type);
    std::string many = good;
    many.pop_back();
    for (int i = 0; i < 50'000; ++i) many += ",\"x\":1e999";
    CHECK(parse(many + "}"));
}

TEST_CASE("numbers too large for anything matter only in described members") {
    const auto ignored = [](const std::string& number) {
        const auto event = parse(R"({"x":)" + number + R"(,"type":"order.cancelled","y":[)" +
                                 number + R"(,1],"name":"n"})");
        return event.has_value();
    };
    CHECK(ignored("1e400"));
    CHECK(ignored("-1E+400"));
    CHECK(ignored("1e99999999999999999999"));
    CHECK(ignored(std::string(400, '9')));
    CHECK(ignored("123456789012345678901234567890"));
    CHECK(ignored("1e-400"));
    CHECK_FALSE(ignored("1e400x"));
    CHECK_FALSE(ignored("01e400"));
    CHECK_FALSE(ignored("1e"));
    CHECK_FALSE(ignored("-"));
    // Digits in a string, and behind an escaped quote, are no numbers.
    CHECK(parse(R"({"x":1e400,"a":"1e400 \" 1e400","type":"order.cancelled","name":"n"})"));
    CHECK(path_of(with("1.5", "1e400")) == "price");
    CHECK(path_of(with("-128", "1e400")) == "tiny");
    CHECK(path_of(with(R"("name":"n")", R"("x":[1,2e400,3],"name":1e400)")) == "name");
}

TEST_CASE("oversized is what rounds to infinity") {
    using wh::json::detail::is_oversized;
    const auto infinite = [](const std::string& number) {
        // What the C library says, where it can: it is the reference for the border.
        return std::abs(std::strtod(number.c_str(), nullptr)) ==
               std::numeric_limits<double>::infinity();
    };
    const std::string border =
        "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017"
        "977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273"
        "854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704"
        "342711559699508093042880177904174497792";
    std::string below = border;
    below.back() = '1';
    for (const std::string& number : {border,
                                      below,
                                      border + ".0",
                                      border + "." + std::string(50, '0') + "1",
                                      below + ".999",
                                      "0.00" + border + "e311",
                                      "0.00" + below + "e311",
                                      std::string("1.7976931348623157e308"),
                                      std::string("1.7976931348623159e308"),
                                      std::string("1.8e308"),
                                      std::string("1e308"),
                                      std::string("1e309"),
                                      std::string("-1e309"),
                                      std::string("0e999"),
                                      std::string("0.0e999"),
                                      std::string("0"),
                                      std::string("1e-999"),
                                      "1" + std::string(308, '0'),
                                      "1" + std::string(309, '0'),
                                      "0." + std::string(400, '0') + "1e710",
                                      "0." + std::string(400, '0') + "1e709"}) {
        INFO(number);
        CHECK(is_oversized(number) == infinite(number));
    }
}

TEST_CASE("an event is encoded with the names of its description, and reads back the same") {
    const auto event = parse(whole);
    REQUIRE(event);
    const std::string text = wh::json::encode(std::get<order_placed>(*event));
    CHECK(text ==
          R"({"type":"order.placed","name":"n","tiny":-128,"huge":18446744073709551615,)"
          R"("price":1.5,"smallPrice":2.0,"paid":true,"at":"2024-01-10T10:03:02.500Z",)"
          R"("tags":["a","b"],"paint":"x","data":{"dataFields":[{"id":1,"label":"one"},{"id":2}],)"
          R"("main":{"id":3}}})");
    const auto again = parse(text);
    REQUIRE(again);
    CHECK(wh::json::encode(std::get<order_placed>(*again)) == text);
    CHECK(wh::json::encode(order_cancelled{"\xff"}) ==
          "{\"type\":\"order.cancelled\",\"name\":\"\xEF\xBF\xBD\"}");
}

TEST_CASE("parsing cannot throw") {
    const wh::parser<orders> parser;
    const auto message = wh::assume_verified(whole, "a test");
    CHECK(noexcept(parser.parse(message)));
}
