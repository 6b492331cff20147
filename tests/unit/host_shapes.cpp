// SPDX-License-Identifier: MIT
// The shapes of requests in the HTTP frameworks of this world, each as its own headers declare it:
// what is accepted here compiles there.
#include <webhookpp/collected_headers.hpp>
#include <webhookpp/header_source.hpp>
#include <webhookpp/request.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../catch.hpp"

namespace wh = webhookpp;

namespace {

constexpr std::string_view names[] = {"webhook-id", "webhook-signature"};

// What was found: the id, and the signatures with a '|' between two of them.
std::string found_in(const wh::header_source& source) {
    wh::collected_headers collected;
    REQUIRE(collected.collect(source, names, 100));
    std::string found;
    auto add = [&found](std::string_view name, std::string_view value) {
        found.append(found.empty() ? "" : "|").append(name).append("=").append(value);
    };
    collected(add);
    return found;
}

constexpr const char* both = "webhook-id=m|webhook-signature=a|webhook-signature=b";

}  // namespace

namespace beast {

enum class field : unsigned short { unknown, webhook_id };

struct value_type {
    std::string name_text;
    std::string value_text;
    [[nodiscard]] field name() const { return field::unknown; }
    [[nodiscard]] std::string_view name_string() const { return name_text; }
    [[nodiscard]] std::string_view value() const { return value_text; }
};

}  // namespace beast

TEST_CASE("Boost.Beast: a name that is a number, and its text") {
    CHECK(found_in(std::vector<beast::value_type>{
              {"Webhook-Id", "m"}, {"Webhook-Signature", "a"}, {"Webhook-Signature", "b"}}) ==
          both);
}

namespace restinio {

struct field {
    std::string name_text;
    std::string value_text;
    [[nodiscard]] const std::string& name() const { return name_text; }
    [[nodiscard]] const std::string& value() const { return value_text; }
};

struct header {
    std::vector<field> fields;
    template <class Handler>
    void for_each_field(Handler&& handler) const {
        for (const field& each : fields) handler(each);
    }
};

}  // namespace restinio

TEST_CASE("restinio: for_each_field") {
    const restinio::header header{
        {{"Webhook-Id", "m"}, {"Webhook-Signature", "a"}, {"Webhook-Signature", "b "}}};
    CHECK(found_in(header) == both);
    CHECK(found_in(header.fields) == both);
}

namespace proxygen {

struct http_headers {
    template <class Function>
    void forEach(Function&& function) const {
        const std::string id = "Webhook-Id";
        const std::string signature = "Webhook-Signature";
        function(id, std::string("m"));
        function(signature, std::string("a"));
        function(signature, std::string("b"));
    }
};

}  // namespace proxygen

TEST_CASE("proxygen: forEach") {
    CHECK(found_in(proxygen::http_headers()) == both);
}

namespace oatpp {

// A label into the request's memory, with a size that has a sign.
struct label {
    std::string text;
    [[nodiscard]] const void* getData() const { return text.data(); }
    [[nodiscard]] long getSize() const { return static_cast<long>(text.size()); }
};

class lazy_string_multimap {
public:
    explicit lazy_string_multimap(std::vector<std::pair<label, label>> all)
        : all_(std::move(all)) {}
    [[nodiscard]] const std::vector<std::pair<label, label>>& getAll() const { return all_; }

private:
    std::vector<std::pair<label, label>> all_;
};

}  // namespace oatpp

TEST_CASE("oat++: getAll, and labels") {
    CHECK(found_in(oatpp::lazy_string_multimap({{{"Webhook-Id"}, {"m"}},
                                                {{"Webhook-Signature"}, {" a"}},
                                                {{"webhook-signature"}, {"b"}}})) == both);
}

namespace pistache {

class raw {
public:
    raw(std::string name, std::string value) : name_(std::move(name)), value_(std::move(value)) {}
    [[nodiscard]] std::string name() const { return name_; }
    [[nodiscard]] std::string value() const { return value_; }

private:
    std::string name_;
    std::string value_;
};

}  // namespace pistache

TEST_CASE("Pistache: a map to objects with value()") {
    const std::unordered_map<std::string, pistache::raw> list{{"Webhook-Id", {"Webhook-Id", "m"}}};
    CHECK(found_in(list) == "webhook-id=m");
}

namespace nghttp2 {

struct header_value {
    std::string value;
    bool sensitive = false;
};

}  // namespace nghttp2

TEST_CASE("nghttp2-asio: a multimap to objects with a value") {
    const std::multimap<std::string, nghttp2::header_value> fields{
        {"webhook-id", {"m"}}, {"webhook-signature", {"a"}}, {"webhook-signature", {"b"}}};
    CHECK(found_in(fields) == both);
}

TEST_CASE("a map to lists of texts") {
    const std::map<std::string, std::vector<std::string>> fields{{"webhook-id", {"m"}},
                                                                 {"webhook-signature", {"a", "b"}}};
    CHECK(found_in(fields) == both);
}

namespace mongoose {

struct mg_str {
    const char* buf;
    std::size_t len;
};
struct mg_http_header {
    mg_str name;
    mg_str value;
};

}  // namespace mongoose

TEST_CASE("mongoose: pointers and lengths") {
    const mongoose::mg_http_header headers[30] = {
        {{"Webhook-Id: m", 10}, {"m\r\n", 1}},
        {{"Webhook-Signature", 17}, {"a", 1}},
        {{"Webhook-Signature", 17}, {"b", 1}},
    };
    CHECK(found_in(headers) == both);  // those behind are empty
    const std::string body("{\0}", 3);
    const mongoose::mg_str view{body.data(), body.size()};
    CHECK(wh::body_view(view).bytes() == body);
    CHECK(wh::body_view(mongoose::mg_str{body.data(), body.size()}).bytes() == body);
}

namespace h2o {

struct h2o_iovec_t {
    char* base;
    std::size_t len;
};

}  // namespace h2o

namespace nginx {

struct ngx_str_t {
    std::size_t len;
    unsigned char* data;
};
struct ngx_table_elt_t {
    unsigned hash;
    ngx_str_t key;
    ngx_str_t value;
};

}  // namespace nginx

TEST_CASE("h2o and nginx: other names for the same") {
    char letters[] = "{}x";
    CHECK(wh::body_view(h2o::h2o_iovec_t{letters, 2}).bytes() == "{}");
    unsigned char name[] = "webhook-id";
    unsigned char value[] = "m";
    const nginx::ngx_table_elt_t headers[] = {{1, {10, name}, {1, value}}};
    CHECK(found_in(headers) == "webhook-id=m");
    CHECK(wh::body_view(nginx::ngx_str_t{0, nullptr}).bytes().empty());
}

namespace civetweb {

struct mg_header {
    const char* name;
    const char* value;
};

}  // namespace civetweb

TEST_CASE("CivetWeb: pointers to characters, which may be null") {
    const civetweb::mg_header headers[64] = {{"Webhook-Id", "m"},
                                             {"Webhook-Signature", "a"},
                                             {"webhook-signature", "b"},
                                             {"x", nullptr}};
    CHECK(found_in(headers) == both);
}

namespace uwebsockets {

// Its begin() is not const, its end() is a null that it is unequal to up to the first empty name,
// and names are in lower case.
class http_request {
    struct header {
        std::string_view key;
        std::string_view value;
    };

public:
    struct iterator {
        header* at;
        bool operator!=(const iterator& other) const {
            return at != other.at && (other.at || !at->key.empty());
        }
        iterator& operator++() {
            ++at;
            return *this;
        }
        std::pair<std::string_view, std::string_view> operator*() const {
            return {at->key, at->value};
        }
    };
    iterator begin() { return {headers_ + 1}; }  // behind the request line
    iterator end() { return {nullptr}; }

private:
    header headers_[6] = {{"post", "/webhooks"},
                          {"webhook-id", "m"},
                          {"webhook-signature", "a"},
                          {"webhook-signature", "b"},
                          {},
                          {"webhook-id", "of an earlier request"}};
};

}  // namespace uwebsockets

TEST_CASE("uWebSockets: a request that can only be read when it is not const") {
    uwebsockets::http_request request;
    CHECK(found_in(request) == both);
}

namespace qt {

// Converts to a pointer that stops at a NUL, beside data() and size().
class byte_array {
public:
    byte_array(std::string text) : text_(std::move(text)) {}
    operator const char*() const { return text_.c_str(); }
    [[nodiscard]] const char* data() const { return text_.data(); }
    [[nodiscard]] long long size() const { return static_cast<long long>(text_.size()); }

private:
    std::string text_;
};

}  // namespace qt

TEST_CASE("Qt: byte arrays, with all of their bytes") {
    const qt::byte_array body(std::string("a\0b", 3));
    CHECK(wh::body_view(body).bytes() == std::string_view("a\0b", 3));
    const std::vector<std::pair<qt::byte_array, qt::byte_array>> headers{
        {std::string("Webhook-Id"), std::string("m")}};
    CHECK(found_in(headers) == "webhook-id=m");
}

namespace crow {

// A class of its own, with a range inside: the headers are a member of the request.
struct ci_hash {
    std::size_t operator()(const std::string& key) const { return key.size(); }
};
struct ci_equal {
    bool operator()(const std::string& left, const std::string& right) const {
        return left.size() == right.size();
    }
};
using ci_map = std::unordered_multimap<std::string, std::string, ci_hash, ci_equal>;

}  // namespace crow

TEST_CASE("Crow, cpp-httplib, Drogon, Poco and cpprestsdk: maps of texts") {
    const crow::ci_map headers{{"Webhook-Id", "m"}};
    CHECK(found_in(headers) == "webhook-id=m");
}

namespace libmicrohttpd {

// Shows its headers to a C callback only.
struct connection {
    int unused;
};
inline int get_connection_values(connection* /*of*/,
                                 int (*iterator)(void*, const char*, const char*), void* context) {
    iterator(context, "Webhook-Id", "m");
    iterator(context, "Webhook-Signature", "a");
    iterator(context, "Webhook-Signature", "b");
    return iterator(context, "X-Empty", nullptr);
}

}  // namespace libmicrohttpd

template <>
struct webhookpp::header_traits<libmicrohttpd::connection> {
    static void visit(libmicrohttpd::connection& from, header_sink sink) {
        libmicrohttpd::get_connection_values(
            &from,
            [](void* context, const char* name, const char* value) {
                (*static_cast<header_sink*>(context))(name, value ? value : "");
                return 1;
            },
            &sink);
    }
};

TEST_CASE("libmicrohttpd: a type with header_traits, which takes it as not const") {
    libmicrohttpd::connection connection{};
    CHECK(found_in(connection) == both);
}

TEST_CASE("a lookup takes the name as the host wants it") {
    const std::map<std::string, std::string> map{{"webhook-id", "m"}};
    CHECK(found_in([&map](const std::string& name) -> const std::string* {
              const auto at = map.find(name);
              return at == map.end() ? nullptr : &at->second;
          }) == "webhook-id=m");
    CHECK(found_in([&map](const char* name) {
              const auto at = map.find(name);
              return at == map.end() ? std::nullopt : std::optional(at->second);
          }) == "webhook-id=m");
    int calls = 0;
    auto counting = [&](std::string_view name) mutable {
        ++calls;
        return name == "webhook-id" ? "m" : "";
    };
    CHECK(found_in(counting) == "webhook-id=m");
    CHECK(calls == 2);
    constexpr std::string_view with_empty[] = {"", "webhook-id", ""};
    wh::collected_headers collected;
    CHECK(collected.collect(counting, with_empty, 100));
    CHECK(collected.value(1) == "m");
    CHECK(calls == 3);
}

namespace several_shapes {

struct range_and_lookup : std::map<std::string, std::string> {
    using std::map<std::string, std::string>::map;
    const char* operator()(std::string_view /*name*/) const { return "lookup"; }
};
struct with_traits : range_and_lookup {
    using range_and_lookup::range_and_lookup;
};

}  // namespace several_shapes

template <>
struct webhookpp::header_traits<several_shapes::with_traits> {
    static void visit(const several_shapes::with_traits& /*from*/, header_sink sink) {
        sink("webhook-id", "traits");
    }
};

TEST_CASE("what has several shapes is read as the first of them") {
    CHECK(found_in(several_shapes::range_and_lookup{{"webhook-id", "range"}}) ==
          "webhook-id=range");
    CHECK(found_in(several_shapes::with_traits{{"webhook-id", "range"}}) == "webhook-id=traits");
}

namespace copy_on_write {

// As the containers of Qt, which make a copy of what others share when they are not const.
struct list {
    using pairs = std::vector<std::pair<std::string, std::string>>;
    [[nodiscard]] pairs::const_iterator begin() const { return shared.begin(); }
    [[nodiscard]] pairs::const_iterator end() const { return shared.end(); }
    pairs::iterator begin() {
        ++copies;
        return shared.begin();
    }
    pairs::iterator end() { return shared.end(); }

    pairs shared;
    int copies = 0;
};

}  // namespace copy_on_write

TEST_CASE("what can be read as const is read so") {
    copy_on_write::list headers{{{"webhook-id", "m"}}};
    CHECK(found_in(headers) == "webhook-id=m");
    CHECK(headers.copies == 0);
}

TEST_CASE("a null pointer and a length below zero are no text") {
    struct view {
        const char* data;
        long len;
    };
    CHECK(wh::body_view(view{"{}", 2}).bytes() == "{}");
    CHECK(wh::body_view(view{"{}", 0}).bytes().empty());
    CHECK(wh::body_view(view{"{}", -1}).bytes().empty());
    CHECK(wh::body_view(view{nullptr, 2}).bytes().empty());
}
