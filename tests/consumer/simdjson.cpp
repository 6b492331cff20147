// SPDX-License-Identifier: MIT
// A receiver with the other JSON engine.
#include <webhookpp/json/simdjson.hpp>

#include "greeting.hpp"

int main() {
    return verifies() && receives<webhookpp::json::simdjson_engine>() ? 0 : 1;
}
