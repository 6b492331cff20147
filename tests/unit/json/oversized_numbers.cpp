// SPDX-License-Identifier: MIT
#include <webhookpp/json/oversized_numbers.hpp>

#include <string>
#include <string_view>

#include "../../catch.hpp"

using webhookpp::json::replace_oversized_numbers;

namespace {

// The text with the zeros in it, and the numbers that they replace.
std::string replaced(std::string_view text) {
    auto [result, numbers] = replace_oversized_numbers(text);
    for (const std::size_t number : numbers) result += " #" + std::to_string(number);
    return result;
}

std::string zero_for(std::string_view number) {
    return std::string(1, '0').append(number.size() - 1, ' ').append(" #0");
}

// 2^1024 - 2^970, from which on a number rounds to infinity.
const std::string smallest =
    "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490"
    "1797758720709633028641669288791094655554785194040263065748867150582068190890200070838367"
    "6273854845817711531764475730270069855571366959622842914819860834936475292719074168444365"
    "510704342711559699508093042880177904174497792";

}  // namespace

TEST_CASE("numbers that a double cannot hold are replaced, however they are written") {
    for (const std::string& number :
         {std::string("1e309"), std::string("-1e309"), std::string("1E309"), std::string("1e+309"),
          std::string("1e0309"), std::string("1.8e308"), std::string("1.7976931348623159e308"),
          std::string("0.00001e314"), std::string("0.001e312"), std::string("-0.001E+312"),
          std::string(1, '1').append(309, '0'), std::string("1e99999999999999999999"),
          std::string("10000e305"), std::string("12.5e308"), smallest, smallest + ".0",
          std::string(1, '1').append(400, '0') + "e-91",
          smallest.substr(0, 1) + '.' + smallest.substr(1) + "e308"}) {
        INFO(number);
        CHECK(replaced(number) == zero_for(number));
    }
}

TEST_CASE("numbers that a double can hold stay") {
    std::string largest = smallest;
    largest.back() = '1';
    for (const std::string& number :
         {std::string("0"), std::string("-0"), std::string("1e308"), std::string("-1e308"),
          std::string("1.7976931348623157e308"), std::string("0.00001e313"), largest,
          largest + ".999", std::string("0e999999"), std::string("0.000e99999999999999999999"),
          std::string("1e-99999999999999999999"), std::string("1e-400"), std::string(308, '9'),
          std::string(1, '1').append(400, '0') + "e-92", std::string("1000e305"),
          std::string("0.5")}) {
        INFO(number);
        CHECK(replaced(number) == number);
    }
}

TEST_CASE("numbers are counted in the order of the text, and those in texts are none") {
    CHECK(replaced("[1,1e309,-2,2e400]") == "[1,0    ,-2,0    ] #1 #3");
    CHECK(replaced(R"({"1e309":1e309})") == R"({"1e309":0    } #0)");
    CHECK(replaced(R"(["\"1e309",1e309])") == R"(["\"1e309",0    ] #0)");
    CHECK(replaced(R"(["\\",1e309,"1e309"])") == R"(["\\",0    ,"1e309"] #0)");
    CHECK(replaced(R"(["a",7,"b",1e309])") == R"(["a",7,"b",0    ] #1)");
}

TEST_CASE("what is not of the grammar of JSON stays") {
    for (const char* text : {"", "-", "[-]", "1.e999", "1e", "1e+", "-.5e400", ".", "e309", "[1.]",
                             R"("1e309)", R"("\)", "1ee309"}) {
        INFO(text);
        CHECK(replaced(text) == text);
    }
}
