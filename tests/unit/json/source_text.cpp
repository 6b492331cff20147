// SPDX-License-Identifier: MIT
#include <webhookpp/json/source_text.hpp>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "../../catch.hpp"

using json = nlohmann::ordered_json;
using webhookpp::json::source_text;

namespace {

// Goes past the value that `text` stands before, and on its way holds the text of each value in it
// to the value. `knows_sizes`: whether it says how long strings are.
void walk(source_text& text, const json& value, bool knows_sizes) {
    const auto skip = [&] {
        const bool is_string = knows_sizes && value.is_string();
        text.skip_value(is_string ? value.get_ref<const std::string&>().size() : 0);
    };
    const char* const begin = text.position();
    skip();
    const std::string_view own = text.since(begin);
    CHECK(json::parse(own, nullptr, false) == value);
    CHECK_FALSE(own.empty());
    CHECK(own.front() > ' ');
    CHECK(own.back() > ' ');
    if (!value.is_structured()) return;
    text.go_back(begin);
    text.enter();
    for (const auto& [name, inner] : value.items()) {
        if (value.is_object()) {
            text.to_member(name);
        } else {
            text.to_element();
        }
        walk(text, inner, knows_sizes);
    }
    text.leave();
    CHECK(text.since(begin) == own);
}

}  // namespace

TEST_CASE("the text of each value is found, however a document is written") {
    for (const std::string& document :
         {std::string(R"({"a":1,"b":"x","c":[1,"y",{"d":null}],"e":{}})"),
          std::string("\n\t {  \"a\" : 1 ,\r\n\"b\": [ ] , \"c\" :{ } }\n"),
          std::string(R"(  [ "a" , [ ] , { } , -1.5e+3 , true , false , null ]  )"),
          std::string(R"({"a\"b":1,"a\\":2,"\\\\":3,"\"":4,"\\\"":5,"":6})"),
          std::string(R"({"a":"x\"y","b":"x\\","c":"x\\\"","d":"\\\\","e":"\"","f":""})"),
          std::string(R"({"a":"]}","b":["[{","\"]"],"c":{"}":"{","]":"["}})"),
          std::string(R"({"\u0061":"\u00e9\ud83d\ude00","\u00e9":"\n","b\u0022":"\u005c"})"),
          std::string(R"({"a": 1,"b" :2,"c": "x" ,"d":[1 ,2, 3 , "x\"" ]})"),
          std::string(R"({"a":1, "b":2,  "c":3})"), std::string(R"([[[[["x"]]]]])"),
          std::string(R"([{"a":{"b":{"c":[{"d":"e"}]}}},{"a":[]}])"), std::string(R"("alone")"),
          std::string(" 12 "), std::string(R"({"a":"é","é":"a"})"), std::string(R"({"a":""})"),
          std::string(R"({"a":[""],"":{"":""}})")}) {
        INFO(document);
        const json value = json::parse(document);
        for (const bool knows_sizes : {false, true}) {
            source_text text(document);
            walk(text, value, knows_sizes);
        }
    }
}

TEST_CASE("a document that ends too early is walked to its end and no further") {
    const std::string document = R"({"a":"x\"y","b":[1,{"c":"\\"}]})";
    for (std::size_t size = 0; size <= document.size(); ++size) {
        // In memory that ends where the text does, so that a sanitizer sees a step too far.
        const std::vector<char> memory(document.begin(),
                                       document.begin() + static_cast<std::ptrdiff_t>(size));
        source_text text({memory.data(), memory.size()});
        const char* const end = memory.data() + memory.size();
        text.enter();
        for (const char* name : {"a", "b", "c", "longer than all that there is in the document"}) {
            text.to_member(name);
            CHECK(text.position() <= end);
            text.skip_value(3);
            CHECK(text.position() <= end);
            text.enter();
            text.leave();
            CHECK(text.position() <= end);
        }
    }
}
