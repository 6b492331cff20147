#include <webhookpp/testing/store_conformance.hpp>

#include <string>
#include <vector>

#include <webhookpp/stores/memory.hpp>

#include "../../catch.hpp"

namespace wh = webhookpp;

TEST_CASE("the memory store is an inbox store") {
    CHECK(wh::testing::check_inbox_store([] { return wh::stores::memory(); }) ==
          std::vector<std::string>());
}

TEST_CASE("the memory store is a replay store") {
    CHECK(wh::testing::check_replay_store([] { return wh::stores::memory(); }) ==
          std::vector<std::string>());
}
