// SPDX-License-Identifier: MIT
#include <webhookpp/detail/copied_headers.hpp>

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/schemes/github.hpp>

#include "../../catch.hpp"

namespace wh = webhookpp;
namespace schemes = wh::schemes;
using wh::detail::copied_headers;

namespace {

using header_list = std::vector<std::pair<std::string, std::string>>;

std::size_t count(const copied_headers& headers) {
    return static_cast<std::size_t>(std::distance(headers.begin(), headers.end()));
}

}  // namespace

TEST_CASE("copied headers tell what is there, trimmed, and nothing of what differs") {
    const header_list list{{"A", " x\t"}, {"a", "x"}, {"B", "y"}, {"b", "z"}, {"C", " "}};
    const copied_headers headers(list, schemes::github, 100);
    CHECK(headers.value("a") == "x");
    CHECK(headers.value("B").empty());
    CHECK(headers.value("C").empty());
    CHECK(headers.value("D").empty());
    CHECK(headers.has("A"));
    CHECK(headers.has("b"));
    CHECK_FALSE(headers.has("C"));
    CHECK_FALSE(headers.has("D"));
}

TEST_CASE("copied headers can be set and removed, and a copy has its own") {
    const header_list list{{"A", "x"}, {"a", "y"}, {"B", "z"}};
    copied_headers headers(list, schemes::github, 100);
    const copied_headers copy = headers;
    headers.set("A", "new");
    CHECK(headers.value("a") == "new");
    CHECK(count(headers) == 2);
    headers.remove("b");
    CHECK_FALSE(headers.has("B"));
    CHECK(count(headers) == 1);
    CHECK(copy.value("B") == "z");
    CHECK(count(copy) == 3);
}

TEST_CASE("copied headers are limited in number and length") {
    const header_list many(300, {"A", "x"});
    CHECK(count(copied_headers(many, schemes::github, 100)) == 256);
    const header_list one{{"A", "1234   8  "}};
    CHECK(copied_headers(one, schemes::github, 8).value("A") == "1234   8");
    // One byte more than the limit, which is no blank.
    CHECK(copied_headers(one, schemes::github, 4).value("A") == "1234   8");
    CHECK(copied_headers(one, schemes::github, 2).value("A") == "123");
}

TEST_CASE("from a source that looks headers up, those are copied that schemes read") {
    const auto all = [](std::string_view name) { return std::string(name); };
    const wh::scheme own{.name = "x",
                         .algorithm = schemes::hmac_sha256,
                         .content = {schemes::id, schemes::body},
                         .signature = {.header = "X-Own", .second_header = "Y-Own"},
                         .id = {.header = "Z-Own"}};
    const copied_headers headers(all, own, 100);
    for (const char* name : {"X-Own", "Y-Own", "Z-Own", "X-Hub-Signature-256", "svix-id",
                             "webhook-timestamp", "BOX-SIGNATURE-SECONDARY", "Host"}) {
        INFO(name);
        CHECK(headers.has(name));
    }
    CHECK_FALSE(headers.has("Accept"));
    // Each once, though several schemes read it.
    std::size_t ids = 0;
    for (const auto& [name, value] : headers) ids += name == "webhook-id" ? 1U : 0U;
    CHECK(ids == 1);
}
