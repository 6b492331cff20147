// SPDX-License-Identifier: MIT
#include <webhookpp/adapters/cgi.hpp>
#include <webhookpp/adapters/httplib.hpp>
#include <webhookpp/adapters/tail_queue.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/collected_headers.hpp>

#include "../catch.hpp"

namespace wh = webhookpp;
namespace adapters = wh::adapters;

namespace {

// All headers of a source, as lines.
std::string shown(const wh::header_source& source) {
    std::string lines;
    auto add = [&lines](std::string_view name, std::string_view value) {
        lines.append(name).append(": ").append(value).append("\n");
    };
    source.visit({}, add);
    return lines;
}

}  // namespace

TEST_CASE("headers of a CGI program are those variables that stand for one") {
    const char* const environment[] = {"PATH=/usr/bin",
                                       "HTTP_WEBHOOK_ID=m",
                                       "HTTP_WEBHOOK_SIGNATURE=v1,a=",
                                       "HTTP_WEBHOOK_SIGNATURE=v1,b=",
                                       "CONTENT_TYPE=application/json",
                                       "CONTENT_LENGTH=2",
                                       "HTTP_EMPTY=",
                                       "HTTP_WITHOUT_VALUE",
                                       "XHTTP_OTHER=1",
                                       "REQUEST_METHOD=PUT",
                                       "REQUEST_URI=/in?a=%20b&c=d",
                                       "REQUEST_URI_LONGER=x",
                                       "QUERY_STRING=",
                                       nullptr};
    const adapters::cgi_request request(environment);
    CHECK(shown(request) ==
          "WEBHOOK-ID: m\nWEBHOOK-SIGNATURE: v1,a=\nWEBHOOK-SIGNATURE: v1,b=\n"
          "CONTENT-TYPE: application/json\nCONTENT-LENGTH: 2\nEMPTY: \n");
    CHECK(request.method() == "PUT");
    CHECK(request.target() == "/in?a=%20b&c=d");
    CHECK(request.variable("PATH") == "/usr/bin");
    CHECK(request.variable("QUERY_STRING").empty());
    CHECK(request.variable("REQUEST").empty());
    CHECK(request.variable("HTTP_WITHOUT_VALUE").empty());
}

TEST_CASE("an environment may be missing, empty or full of long names") {
    CHECK(shown(adapters::cgi_request(nullptr)).empty());
    const char* const none[] = {nullptr};
    CHECK(shown(adapters::cgi_request(none)).empty());
    CHECK(adapters::cgi_request(none).method().empty());
    const std::string longest = "HTTP_" + std::string(128, 'A') + "=1";
    const std::string longer = "HTTP_" + std::string(129, 'A') + "=2";
    const char* const names[] = {longest.c_str(), longer.c_str(), nullptr};
    CHECK(shown(adapters::cgi_request(names)) == std::string(128, 'A') + ": 1\n");
}

TEST_CASE("the length of a CGI program's body is what the server says in digits alone") {
    const auto announced = [](const char* variable) {
        const char* const environment[] = {variable, nullptr};
        return adapters::cgi_request(environment).content_length();
    };
    CHECK(announced("CONTENT_LENGTH=0") == 0U);
    CHECK(announced("CONTENT_LENGTH=1048577") == 1'048'577U);
    CHECK(announced("CONTENT_LENGTH=18446744073709551615") == UINT64_MAX);
    for (const char* const wrong :
         {"CONTENT_LENGTH=", "CONTENT_LENGTH=18446744073709551616", "CONTENT_LENGTH=-1",
          "CONTENT_LENGTH=+1", "CONTENT_LENGTH= 1", "CONTENT_LENGTH=1 ", "CONTENT_LENGTH=1,1",
          "CONTENT_LENGTH=0x1", "HTTP_CONTENT_LENGTH=1"}) {
        INFO(wrong);
        CHECK(announced(wrong) == std::nullopt);
    }
}

TEST_CASE(
    "names with an underscore and with a hyphen are the same in CGI, and refused if they differ") {
    const char* const environment[] = {"HTTP_WEBHOOK_ID=m1", "HTTP_WEBHOOK_ID=m2", nullptr};
    constexpr std::string_view names[] = {"webhook-id"};
    wh::collected_headers collected;
    REQUIRE(collected.collect(adapters::cgi_request(environment), names, 100));
    CHECK(collected.which(0) == wh::collected_headers::state::duplicate);
}

namespace evhttp {

// As in event2/keyvalq_struct.h.
struct evkeyval {
    struct {
        evkeyval* tqe_next;
        evkeyval** tqe_prev;
    } next;
    char* key;
    char* value;
};
struct evkeyvalq {
    evkeyval* tqh_first;
    evkeyval** tqh_last;
};

}  // namespace evhttp

TEST_CASE("headers in a tail queue are shown in their order") {
    char names[][16] = {"Webhook-Id", "X-Signature", "x-signature"};
    char values[][4] = {"m", "a", "b"};
    evhttp::evkeyval third{{nullptr, nullptr}, names[2], values[2]};
    evhttp::evkeyval second{{&third, nullptr}, names[1], values[1]};
    evhttp::evkeyval first{{&second, nullptr}, names[0], values[0]};
    const evhttp::evkeyvalq queue{&first, nullptr};
    CHECK(shown(queue) == "Webhook-Id: m\nX-Signature: a\nx-signature: b\n");
    CHECK(shown(evhttp::evkeyvalq{nullptr, nullptr}).empty());
}

namespace httplib {

struct Request {
    std::multimap<std::string, std::string> headers;
};

}  // namespace httplib

TEST_CASE("what makes cpp-httplib change a body is renamed") {
    httplib::Request request{{{"Content-Encoding", "gzip"},
                              {"Content-Type", "multipart/form-data; boundary=b"},
                              {"Webhook-Id", "m"}}};
    adapters::keep_body_as_sent(std::as_const(request));
    CHECK(shown(request.headers) ==
          "Webhook-Id: m\nX-Original-Content-Encoding: gzip\n"
          "X-Original-Content-Type: multipart/form-data; boundary=b\n");
    httplib::Request plain{{{"Webhook-Id", "m"}}};
    adapters::keep_body_as_sent(plain);
    CHECK(shown(plain.headers) == "Webhook-Id: m\n");
}

TEST_CASE("a body from cpp-httplib is read up to the limit, and dropped for a while") {
    std::size_t pieces = 0;
    const auto endless = [&pieces](const auto& receive) {
        for (; pieces < 10'000; ++pieces) {
            if (!receive("0123456789", 10)) return false;
        }
        return true;
    };
    const auto body = adapters::read_body(endless, 25);
    REQUIRE(body);
    CHECK(body->view() == "01234567890123456789012345");
    CHECK(pieces == 41);
    const auto small = [](const auto& receive) { return receive("{}", 2); };
    const auto whole = adapters::read_body(small);
    REQUIRE(whole);
    CHECK(whole->view() == "{}");
}

TEST_CASE("a body from cpp-httplib that broke off is none") {
    const auto broken = [](const auto& receive) {
        receive("{}", 2);
        return false;
    };
    CHECK_FALSE(adapters::read_body(broken));
    const auto broken_at_once = [](const auto&) { return false; };
    CHECK_FALSE(adapters::read_body(broken_at_once));
}
