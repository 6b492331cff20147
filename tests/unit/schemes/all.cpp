// SPDX-License-Identifier: MIT
#include <webhookpp/schemes/all.hpp>

#include "../../catch.hpp"

namespace schemes = webhookpp::schemes;

TEST_CASE("every scheme is found by its name") {
    REQUIRE_FALSE(schemes::all().empty());
    std::string_view last;
    for (const webhookpp::scheme* const each : schemes::all()) {
        CHECK(schemes::find(each->name) == each);
        // Their order is that of the names, so no two are the same.
        CHECK(last < each->name);
        last = each->name;
    }
    CHECK(schemes::find("waitwhile") == &schemes::waitwhile);
    CHECK(schemes::find("Waitwhile") == nullptr);
    CHECK(schemes::find("") == nullptr);
}
